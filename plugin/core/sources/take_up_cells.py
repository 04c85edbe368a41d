# SPDX-License-Identifier: GPL-2.0-or-later
"""Figures of land and cases as published tables tell them, cell by cell, and the rows of `take_up` that they become."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..resources import codes
from . import area_codes
from . import cells as written
from .canonical import COUNTRY_HA, SUPPRESSED_SIGNS
from .mapping import normal
from .reading import FixList

MEASURES = ("take_up_ha", "cases")
COLUMNS = ("source_row", "heading", "area", "year", "series", "measure", "factor", "value", "note")
"""A cell: where it stands, the area as written, what it counts, what turns it into its unit, and what stands in it."""

_NONE = ("-", "‐", "－", "—", "―")
_NOT_AVAILABLE = ("***", "…", "...", "・・・")
_KEY = ["area_code", "year", "series"]


def frame(rows: list[dict[str, object]]) -> pd.DataFrame:
    """Cells as a table, which may be empty."""
    return pd.DataFrame(rows, columns=COLUMNS)


def settled(cells: pd.DataFrame, fixes: FixList) -> pd.DataFrame:
    """Rows of `take_up`: the hectares and the cases of an area, year and series beside each other.

    A cell of no area, year or series, or one that another cell told already, is rejected; a figure that is none is
    unknown. `X` is suppressed, `-` is zero.

    Parameters
    ----------
    cells : DataFrame
        Cells, on an index of numbers of their own.
    fixes : FixList
        Takes what is wrong, by those numbers.
    """
    told = cells.assign(area_code=cells["area"].map(area_codes.published))
    told = _without(told, told["area_code"].isna(), "area", "is no nation, prefecture or city", fixes)
    told = _without(told, told["year"].isna(), "year", "is no year", fixes)
    told = _without(told, ~told["series"].isin(codes("take_up_series")), "series", "is no series of take-up", fixes)
    told = _without(told, ~told["measure"].isin(MEASURES), "measure", "is neither land nor cases", fixes)
    told = _without(told, told.duplicated([*_KEY, "measure"]), "area", "stands twice for this year", fixes)
    told = told.assign(figure=_figures(told, fixes), suppressed=_is(told, SUPPRESSED_SIGNS))
    land, cases = (told[told["measure"] == measure].set_index(_KEY) for measure in MEASURES)
    both = land.index.union(cases.index, sort=False)
    land, cases = land.reindex(both), cases.reindex(both)
    # without a figure for the land, only an X says whether it was suppressed
    suppressed = np.select([land["suppressed"].eq(True), land["figure"].notna()], ["yes", "no"], "unknown")
    rows = {"take_up_ha": land["figure"], "cases": cases["figure"], "suppressed": suppressed}
    places = {"source_row": land["source_row"].fillna(cases["source_row"]), "note": _notes(land, cases)}
    return pd.DataFrame(rows | places).reset_index()


def _without(cells: pd.DataFrame, wrong: pd.Series[bool], field: str, problem: str, fixes: FixList) -> pd.DataFrame:
    remedy = "correct it, or leave it out if it is a region or a total"
    fixes.reject(cells.index[wrong], field, cells.loc[wrong, field].astype("object"), problem, remedy)
    return cells[~wrong]


def _notes(land: pd.DataFrame, cases: pd.DataFrame) -> list[str | None]:
    """What each of the two cells notes, once where they note the same."""
    pairs = zip(land["note"], cases["note"], strict=True)
    return ["; ".join(dict.fromkeys(note for note in pair if isinstance(note, str) and note)) or None for pair in pairs]


def _is(cells: pd.DataFrame, signs: tuple[str, ...]) -> pd.Series[bool]:
    return cells["value"].map(normal).isin(signs)


def _figures(cells: pd.DataFrame, fixes: FixList) -> pd.Series[float]:
    """Figures in the units of `take_up`; missing where the cell has none, with a line where it should have one."""
    nothing, silent = _is(cells, _NONE), _is(cells, (*SUPPRESSED_SIGNS, ""))
    numbers, bad = written.numbers(cells["value"].mask(nothing, "0").mask(silent, None))
    figures = numbers * cells["factor"]
    absent = _is(cells, _NOT_AVAILABLE)
    impossible = (figures < 0) | (figures > COUNTRY_HA)
    remedy = "look the figure up and correct the cell"
    for wrong, problem in (
        (absent & ~silent, "is not available, and is taken as unknown"),
        (bad & ~absent, "is no number, and is taken as unknown"),
        (impossible, "is no possible figure, and is taken as unknown"),
    ):
        for measure, found in cells[wrong].groupby("measure"):
            fixes.warn(found.index, str(measure), found["value"], problem, remedy)
    return figures.mask(impossible | absent)
