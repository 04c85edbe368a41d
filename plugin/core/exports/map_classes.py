# SPDX-License-Identifier: GPL-2.0-or-later
"""The classes of the map pictures: each area falls into one, and each looks different in black and white too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from .state_styles import STYLES
from .wording import Language, code_name

By = Literal["state", "depletion_year"]
"""What a map is coloured by."""

LIMITS_YEARS = (3.0, 5.0, 10.0, 20.0)
"""Years from the base year at which a class begins: shortest and longest lead time, and twice and four times that."""

_BY_YEAR = tuple(f"class_{number}" for number in range(1, len(LIMITS_YEARS) + 2))
# fill, hatch and sign: the darker and denser, the sooner
_LOOKS = {
    "depleted": ("#8f6aa5", "xxxx", STYLES["depleted"][2]),
    "class_1": ("#a785ba", "xxx", "1"),
    "class_2": ("#bb9fcb", "////", "2"),
    "class_3": ("#cfbadb", "\\\\\\", "3"),
    "class_4": ("#e0d3e8", "//", "4"),
    "class_5": ("#efe8f3", "", "5"),
    "not_within_horizon": ("#d9ead0", "||", STYLES["not_within_horizon"][2]),
    "no_data": STYLES["no_data"],
}


@dataclass(frozen=True)
class Look:
    """How a class looks: fill, hatch, the sign printed in each of its areas, and its line in the legend."""

    fill: str
    hatch: str
    sign: str
    text: str


def classes(shown: pd.DataFrame, by: By) -> pd.Series:
    """Class of each row of `outlook`, on the same index."""
    if by == "state":
        return shown["state"]
    years = (shown["depletion_year"] - shown["base_year"]).astype("float64")
    number = np.searchsorted(LIMITS_YEARS, years, side="right")
    by_year = pd.Series([f"class_{one + 1}" for one in number], index=shown.index, dtype="object")
    told = shown["state"].isin(("depleted", "not_within_horizon", "no_data"))
    return by_year.mask(told, shown["state"])


def looks(by: By, base_year: float, language: Language) -> dict[str, Look]:
    """The look of each class, in the order of the legend.

    Parameters
    ----------
    by : {"state", "depletion_year"}
        What the map is coloured by.
    base_year : float
        Year from which the limits of the classes are counted.
    language : {"ja", "en", "both"}
        Language of the legend.
    """
    if by == "state":
        return {state: Look(*style, code_name("states", state, language)) for state, style in STYLES.items()}
    lower = [base_year, *(base_year + years for years in LIMITS_YEARS)]
    upper = [*(f"{year:.0f}" for year in lower[1:]), ""]
    spans = [f"{start:.0f} – {end}" for start, end in zip(lower, upper, strict=True)]
    texts = dict(zip(_BY_YEAR, spans, strict=True))
    return {
        name: Look(*_LOOKS[name], texts[name] if name in texts else code_name("states", name, language))
        for name in _LOOKS
    }
