# SPDX-License-Identifier: GPL-2.0-or-later
"""Designated areas of the soil ledger (法6条, 11条; sub-types of 規則58条5項)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from ..evidence import Findings, findings, first_that_holds
from ..land import Land
from ..logic import MET, NOT_MET, UNDECIDABLE, Results
from .kind import Kind
from .membership import best_row, of_rows
from .parameters import Codes

_LISTED = 5


def _designated(land: Land, parameters: Mapping[str, Any]) -> Findings:
    """Whether land is a designated area of the kinds; of several entries, one is enough.

    A part of unknown extent (…の一部) leaves the whole lot undecidable. Land outside every entry is undecidable as
    long as an entry that would count has no place, since it may lie anywhere; otherwise it is not designated.
    """
    ledger = land.ground.ledger
    if not ledger.loaded:
        result = np.full(len(land), UNDECIDABLE, dtype="int8")
        return findings(result, "designations_not_loaded", subject="designations")
    layer = land.ground.designations
    names, by_row = np.array([], dtype=object), (np.array([], dtype="int8"), np.array([], dtype=object))
    if layer.loaded:
        names = layer.table["designation_id"].to_numpy(dtype="object")
        kind = _kind_fits(layer.table, parameters)
        part = (layer.table["extent"] == "part").to_numpy()
        by_row = first_that_holds(
            [
                (kind == NOT_MET, NOT_MET, "other_designation"),
                (kind == UNDECIDABLE, UNDECIDABLE, "designation_kind_unknown"),
                (part, UNDECIDABLE, "designation_extent_unknown"),
            ],
            (MET, "designated"),
        )
    lost = ledger.unplaced
    lost = lost[_kind_fits(lost, parameters) > NOT_MET] if len(lost) else lost
    outside = (UNDECIDABLE, "ledger_entry_unplaced") if len(lost) else (NOT_MET, "not_designated")
    if len(lost):
        other = by_row[0] == NOT_MET  # an entry of another kind does not rule out one that has no place
        by_row[0][other], by_row[1][other] = outside
        names = np.where(other, _listed(lost["designation_id"]), names)
    best = best_row(land, "designations", by_row[0])
    return of_rows(
        layer,
        best,
        by_row,
        outside,
        value="kind",
        edition="designated_on",
        subject=names,
        subject_outside=_listed(lost["designation_id"]) if len(lost) else None,
    )


def _kind_fits(table: pd.DataFrame, parameters: Mapping[str, Any]) -> Results:
    """Whether each entry is of the kinds and sub-types."""
    fits = _one_of(table["kind"], parameters["kinds"])
    if parameters["sub_types"] is not None:
        fits = np.minimum(fits, _one_of(table["sub_type"], parameters["sub_types"]))
    return fits


def _one_of(column: pd.Series[str], allowed: list[str]) -> Results:
    unknown = (column.isna() | (column == "unknown")).to_numpy()
    return np.where(unknown, UNDECIDABLE, np.where(column.isin(allowed), MET, NOT_MET)).astype("int8")


def _listed(identifiers: pd.Series[str]) -> str:
    few = ", ".join(identifiers.iloc[:_LISTED])
    return f"{few} (+{len(identifiers) - _LISTED})" if len(identifiers) > _LISTED else few


KINDS = {
    "designated": Kind(
        _designated,
        {"kinds": Codes("designation_kinds"), "sub_types": Codes("designation_subtypes", default=None)},
        layers=("designations",),
        cost=1,
    )
}
