# SPDX-License-Identifier: GPL-2.0-or-later
"""The survey as METI's tables give it: prefectures down (or across), years or measures across (or down).

Above the first prefecture stand the title, perhaps the unit in a row of its own, and one or more rows of headings,
whose merged cells hold their text in the first one. Below the last prefecture stand notes, which have no figures. A
heading may be a year without its era (「平成30年」, 「元年」, 「2年」), which the one before it tells.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from ...errors import SourceError
from .. import area_codes
from ..mapping import normal
from ..take_up_cells import frame
from . import words

Grid = Sequence[Sequence[str]]
_FEWEST_AREAS = 2


@dataclass(frozen=True)
class _Sheet:
    """A table with the areas down: which way it was turned, where its areas begin, and what its head says."""

    grid: Grid
    turned: bool
    area_column: int
    first_row: int
    title: str
    headings: dict[int, list[str]]
    """Labels above each column of figures, from top to bottom."""


def announced(lines: Sequence[str]) -> bool:
    """Whether the first lines are the head of a table of this survey's land or cases by prefecture."""
    head = normal(" ".join(lines))
    return ("都道府県別" in head or "工場立地" in head) and words.any_measure(lines)


def cells(grid: Grid, where: str) -> pd.DataFrame:
    """Cells of the survey's land and cases; none where the table is about something else.

    Raises
    ------
    SourceError
        A heading over figures is no year, or a unit is missing or unknown.
    """
    sheet = _sheet(grid)
    if sheet is None:
        return frame([])
    rows: list[dict[str, object]] = []
    before = (words.first_year(sheet.title) or 0) - 1
    for column, labels in sheet.headings.items():
        measure = _measure(labels, sheet.title)
        if measure is None:
            continue
        year = _year(labels, before) or words.only_year(sheet.title)
        if year is None:
            raise SourceError(f"{where}: the heading {' '.join(labels)!r} is no year; write years such as 2024年.")
        before = year
        series = words.series_named(" ".join(labels)) or words.series_named(sheet.title) or "surveyed"
        known = {"year": year, "series": series, "measure": measure, "factor": _factor(labels, sheet, measure, where)}
        rows += [{**cell, **known} for cell in _figures(sheet, column, labels)]
    return frame(rows)


def _sheet(grid: Grid) -> _Sheet | None:
    width = max(map(len, grid), default=0)
    down = [_pad(row, width) for row in grid]
    across: Grid = [list(column) for column in zip(*down, strict=True)]
    turned = max(map(_areas_in, down), default=0) > max(map(_areas_in, across), default=0)
    table, columns = (across, down) if turned else (down, across)
    if not columns or max(map(_areas_in, columns)) < _FEWEST_AREAS:
        return None
    area_column = max(range(len(columns)), key=lambda column: _areas_in(columns[column]))
    named = [row for row, cell in enumerate(columns[area_column]) if area_codes.is_published_name(cell)]
    first = named[0]
    figures = [column for column in range(area_column + 1, len(columns)) if any(columns[column][row] for row in named)]
    head = [list(row) for row in table[:first]]
    # of a table that was turned, the title and the unit stand before the areas
    about = [row[:area_column] if _is_heading(row) else row for row in head]
    title = " ".join(cell for row in about for cell in row if cell)
    rows_of_headings = [row for row in head if _is_heading(row)]
    return _Sheet(table, turned, area_column, first, normal(title), _headings(rows_of_headings, figures))


def _pad(row: Sequence[str], width: int) -> list[str]:
    return [cell.strip() for cell in row] + [""] * (width - len(row))


def _areas_in(cells_of_line: Sequence[str]) -> int:
    return len({area_codes.published(cell) for cell in cells_of_line if cell and area_codes.is_published_name(cell)})


def _is_heading(row: Sequence[str]) -> bool:
    return sum(map(bool, row)) > 1


def _headings(rows: list[list[str]], columns: list[int]) -> dict[int, list[str]]:
    """Labels above each column; the text of merged cells reaches as far as what stands above it stays the same."""
    found: dict[int, list[str]] = {column: [] for column in columns}
    for row in rows:
        label, over = "", None
        for column in columns:
            above = tuple(found[column])
            label = row[column] if row[column] or above != over else label
            over = above
            found[column] = [*above, label]
    return {column: [label for label in labels if label] for column, labels in found.items()}


def _measure(labels: list[str], title: str) -> str | None:
    told = " ".join(labels)
    if words.speaks_of_other(told):
        return None
    return words.measure(told) or words.measure(title)


def _year(labels: list[str], before: int) -> int | None:
    for label in labels:
        found = words.year(label) or words.year_after(label, before)
        # a heading of two measures stands over the same year
        found = found or words.year_after(label, before - 1)
        if found is not None:
            return found
    return None


def _factor(labels: list[str], sheet: _Sheet, measure: str, where: str) -> float:
    told = words.stated_factor(" ".join(labels), measure) or words.stated_factor(sheet.title, measure)
    if told is None and measure != "cases":
        raise SourceError(f"{where} does not say in which unit its land is; write (ha), (m2) or (千m2) above it.")
    return told or 1.0


def _figures(sheet: _Sheet, column: int, labels: list[str]) -> Iterator[dict[str, object]]:
    for row in range(sheet.first_row, len(sheet.grid)):
        area, value = sheet.grid[row][sheet.area_column], sheet.grid[row][column]
        note = not area and not any(map(str.isdigit, value))
        if value and not note:
            place = (column if sheet.turned else row) + 1
            heading = normal(area if sheet.turned else " ".join(labels)) or sheet.title
            yield {"source_row": place, "heading": heading, "area": area, "value": value, "note": sheet.title}
