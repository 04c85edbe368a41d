# SPDX-License-Identifier: GPL-2.0-or-later
"""工場立地動向調査 (METI, survey 00550510 of e-Stat): land taken up for factories, by prefecture and year.

Two shapes are read, and both become the same cells (`take_up_cells.py`):

- the database of e-Stat, downloaded as CSV (`database.py`): 件数 `0003411426`, 敷地面積 `0003411431` (千m2), to 2020;
- METI's tables, a workbook or CSV with prefectures down or across (`tables.py`).

What is known of them is public: the header forms of e-Stat's CSV as programs that read other surveys of e-Stat show
them, and of METI's workbook of 2024 (statInfId 000040281965) the frame of its sheet 14: title, unit in a row of its
own, years in Japanese eras without the era's name, 全国合計, codes and short names of prefectures, notes below. That
sheet is capital investment in 百万円, which is no land and is not read. No file of the survey came with Yochi, so the
tests make files of the same shape; they are synthetic.

Signs: `X` is suppressed by the publisher (three prefectures in 2024). `-` is nothing of the kind (該当なし), which is
zero. `***` and `…` are not available: unknown, and never zero. The national row becomes the area JP.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from ...contracts import TAKE_UP, conform
from ...errors import SourceError
from .. import spreadsheet
from ..reading import FixList, Reading, Request, conclude
from ..take_up_cells import settled
from . import database, tables

FORMAT = "estat-location-survey"

_FACTS = {
    "title": "工場立地動向調査",
    "publisher": "METI 経済産業省",
}
_FIRST_ROWS = 12


def fits(path: Path) -> bool:
    """Whether the first rows of a CSV or of a sheet are those of the survey's land or cases by prefecture."""
    return any(map(_announced, spreadsheet.beginnings(path, _FIRST_ROWS).values()))


def read(request: Request) -> Reading:
    """Read the hectares and cases of every sheet, or of the named one, as `take_up`.

    Raises
    ------
    SourceError
        There is no land or cases by prefecture in the file, a unit is missing or unknown, or a heading is no year.
    """
    path, formulas = request.path, FixList(request.source_id)
    found = [_cells(path, sheet, formulas) for sheet in _sheets(path, request.layer)]
    cells = pd.concat([part for part, _ in found], ignore_index=True)
    if cells.empty:
        raise SourceError(f"{path.name} has no 敷地面積 or 件数 by prefecture; choose the file or sheet that has them.")
    cells.index += 1
    fixes = FixList(request.source_id, cells[["source_row", "heading"]])
    if unread := sum(rows for _, rows in found):
        problem = f"{unread} rows tell of other measures, of single industries or of parts of a year, and are not read"
        fixes.remark("(rows)", problem, "nothing, unless a row of the whole survey is among them")
    rows = settled(cells, fixes).assign(basis=request.basis, source_id=request.source_id)
    facts = {**_FACTS, "note": "a row is a cell of the table"}
    lists = {"take_up": fixes} | ({} if formulas.frame().empty else {"sheet": formulas})
    return conclude(request, FORMAT, {"take_up": conform(rows, TAKE_UP)}, lists, rows_read=len(cells), facts=facts)


def _sheets(path: Path, layer: str | None) -> list[str | None]:
    if layer is not None:
        return [layer]
    beginnings = spreadsheet.beginnings(path, _FIRST_ROWS)
    # of a file that is named as this format every sheet is tried
    return [sheet for sheet, lines in beginnings.items() if _announced(lines)] or list(beginnings)


def _announced(lines: list[str]) -> bool:
    return tables.announced(lines) or database.announced(lines)


def _cells(path: Path, sheet: str | None, formulas: FixList) -> tuple[pd.DataFrame, int]:
    """Cells of a sheet or CSV, and how many rows of a database were not asked for."""
    grid = spreadsheet.grid(path, sheet, formulas)
    where = f"{path.name}, sheet {sheet}" if sheet else path.name
    if database.header_row(grid) is None:
        return tables.cells(grid, where), 0
    cells = database.cells(grid, where)
    return cells, database.rows(grid) - cells["source_row"].nunique()
