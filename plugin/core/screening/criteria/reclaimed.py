# SPDX-License-Identifier: GPL-2.0-or-later
"""Reclaimed land, and when and how it was reclaimed (規則49条の4, 58条5項11号・12号)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from ..evidence import Findings, Mask, Text, findings, first_that_holds
from ..land import Land
from ..logic import MET, NOT_MET, UNDECIDABLE, Results
from .kind import Kind
from .membership import best_row, of_rows
from .parameters import Day, Flag

_LAST_OF = {4: "-12-31", 7: "-31"}


def _on_reclaimed(land: Land, parameters: Mapping[str, Any]) -> Findings:
    """Whether land is reclaimed in the way that the parameters ask for; of several polygons, one is enough.

    Land outside every polygon of a loaded layer is not reclaimed.
    """
    layer = land.ground.reclaimed
    if not layer.loaded:
        return findings(np.full(len(land), UNDECIDABLE, dtype="int8"), "reclaimed_not_loaded", subject="reclaimed")
    by_row = _judged(layer.table, parameters)
    names = layer.table["name"].fillna(layer.table["reclaimed_id"]).to_numpy(dtype="object")
    best = best_row(land, "reclaimed", by_row[0])
    return of_rows(layer, best, by_row, (NOT_MET, "outside_reclaimed"), value="started_on", subject=names)


def _judged(table: pd.DataFrame, parameters: Mapping[str, Any]) -> tuple[Results, Text]:
    """Every polygon against all that is asked: the first thing that fails, else the first that is unknown, decides."""
    failing: list[tuple[Mask, int, str]] = []
    unknown: list[tuple[Mask, int, str]] = []
    asked = {"by_reclamation_act": parameters["by_act"], "waste_fill": False if parameters["no_waste_fill"] else None}
    reasons = {
        "by_reclamation_act": ("other_reclamation", "reclamation_act_unknown"),
        "waste_fill": ("waste_fill", "waste_fill_unknown"),
    }
    for column, wanted in asked.items():
        if wanted is not None:
            answer = table[column]
            failing.append(((answer == ("no" if wanted else "yes")).to_numpy(), NOT_MET, reasons[column][0]))
            unknown.append((~answer.isin(["yes", "no"]).to_numpy(), UNDECIDABLE, reasons[column][1]))
    earliest, latest = _span(table["started_on"])
    start, end = parameters["started_from"], parameters["started_before"]
    if start is not None:
        failing.append(((latest < start).to_numpy(), NOT_MET, "started_too_early"))
        unknown.append(((earliest < start).to_numpy(), UNDECIDABLE, "reclamation_start_unknown"))
    if end is not None:
        failing.append(((earliest >= end).to_numpy(), NOT_MET, "started_too_late"))
        unknown.append(((latest >= end).to_numpy(), UNDECIDABLE, "reclamation_start_unknown"))
    anything = (np.zeros(len(table), dtype=bool), NOT_MET, "")  # nothing may be asked at all
    return first_that_holds([*failing, *unknown, anything], (MET, "on_reclaimed"))


def _span(dates: pd.Series[str]) -> tuple[pd.Series[str], pd.Series[str]]:
    """First and last day that a date may mean: a year or a month alone is a span, a missing date is any day."""
    known = dates.fillna("")
    first = known.where(known != "", "0000")
    last = (known + known.str.len().map(_LAST_OF).fillna("")).where(known != "", "9999")
    return first, last


KINDS = {
    "on_reclaimed": Kind(
        _on_reclaimed,
        {"by_act": Flag(), "started_from": Day(), "started_before": Day(), "no_waste_fill": Flag()},
        layers=("reclaimed",),
        cost=1,
    )
}
