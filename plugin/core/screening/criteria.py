# SPDX-License-Identifier: GPL-2.0-or-later
"""The kinds of criteria: each gives every piece of land a result, with the evidence for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from .logic import MET, NOT_MET, UNDECIDABLE


@dataclass(frozen=True)
class Kind:
    """A kind of criterion.

    Parameters
    ----------
    test : callable
        Takes the pieces and the parameters; gives a frame on the index of the pieces with the columns `result`
        (-1, 0, 1), `value`, `unit`, `data_set`, `edition` and `reason`.
    parameters : mapping
        Name of each parameter -> code list (under `resources/codes/`) that its values come from.
    """

    test: Callable[[pd.DataFrame, Mapping[str, Any]], pd.DataFrame]
    parameters: Mapping[str, str]


def zone_is_one_of(pieces: pd.DataFrame, parameters: Mapping[str, Any]) -> pd.DataFrame:
    """Whether a piece lies in one of the use districts (用途地域, 都市計画法8条1項1号).

    Outside the loaded zoning data and where the district is unknown the answer is undecidable; inside the data
    without a district it is not met.
    """
    zone = pieces["zone"]
    outside, unknown, listed = zone.isna(), zone == "unknown", zone.isin(parameters["zones"])
    reasons = ["no_polygon", "outside_zoning_data", "zone_unknown", "zone_in_list"]
    conditions = [~pieces["drawn"], outside, unknown, listed]
    return pd.DataFrame(
        {
            "result": np.select([outside | unknown, listed], [UNDECIDABLE, MET], default=NOT_MET).astype("int8"),
            "value": zone,
            "unit": None,
            "data_set": pieces["zone_data_set"],
            "edition": pieces["zone_edition"],
            "reason": np.select(conditions, reasons, default="zone_not_in_list"),
        },
        index=pieces.index,
    )


KINDS: dict[str, Kind] = {"zone_is_one_of": Kind(zone_is_one_of, {"zones": "zones"})}
