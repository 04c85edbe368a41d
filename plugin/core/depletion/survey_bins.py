# SPDX-License-Identifier: GPL-2.0-or-later
"""The answer bins of the survey of 2023, so that a depletion year can be held against what was answered."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from ..contracts import SURVEY_BINS, conform
from ..errors import RuleError
from ..provenance import ASSUMED, BASES
from ..resources import FOLDER, read_toml
from ..values import TEXT, Check, between, check_table, one_of

SHIPPED = FOLDER / "rules" / "depletion" / "survey_bins.toml"

_LIST = Check(lambda value: isinstance(value, list) and len(value) > 0, "a list of bins")
_KEYS = {"source": TEXT, "basis": one_of(BASES), "bins": _LIST}
_BIN = {"id": TEXT, "title_ja": TEXT, "title_en": TEXT, "within_years": between(0, 200)}


@dataclass(frozen=True)
class SurveyBin:
    """An answer: depletion within so many years; the last bin has no limit (infinity)."""

    id: str
    title_ja: str
    title_en: str
    within_years: float
    basis: str


def load_survey_bins(path: Path = SHIPPED) -> tuple[SurveyBin, ...]:
    """Read the bins, soonest first.

    Raises
    ------
    RuleError
        The file cannot be read, a key is missing, unknown or of the wrong type, or the bins are not in order.
    """
    data = check_table(f"{path.name}:", read_toml(path, "file of bins", RuleError), _KEYS, RuleError, required=["bins"])
    basis = data.get("basis", ASSUMED)
    bins = tuple(_bin(f"{path.name}: [[bins]] {number}", one, basis) for number, one in enumerate(data["bins"], 1))
    limits = [one.within_years for one in bins]
    if limits != sorted(set(limits)) or not math.isinf(limits[-1]):
        raise RuleError(f"{path.name}: the bins are not in order; let within_years rise and leave it out in the last.")
    return bins


def _bin(where: str, table: object, basis: str) -> SurveyBin:
    data = check_table(where, table, _BIN, RuleError, required=["id", "title_ja", "title_en"])
    return SurveyBin(**{"within_years": math.inf, "basis": basis, **data})


def survey_bin_table(bins: Sequence[SurveyBin]) -> pd.DataFrame:
    """The bins as contract table `survey_bins`, so that an output can show where an answer falls."""
    rows = pd.DataFrame([{**vars(one), "bin_id": one.id} for one in bins])
    within = rows["within_years"].where(np.isfinite(rows["within_years"]))
    return conform(rows.drop(columns="id").assign(within_years=within), SURVEY_BINS)


def bin_of(years_to_depletion: float | None, bins: Sequence[SurveyBin]) -> str:
    """Identifier of the bin of an answer; None is an answer too: beyond the horizon."""
    years = math.inf if years_to_depletion is None else years_to_depletion
    return next(one.id for one in bins if years <= one.within_years)
