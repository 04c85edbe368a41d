# SPDX-License-Identifier: GPL-2.0-or-later
"""The survey as e-Stat's database gives it: a CSV with a column for each dimension, perhaps one of them across.

Lines about the table may stand above the headers. A dimension has a column with its name (表章項目, 都道府県,
時間軸（年次）, ...) and others with its codes (`… コード`, `… 補助コード`, `…_code`). The figures stand in `value` with
their `unit`, or under the members of the dimension that was laid across, whose name begins with a slash
(`/時間軸（年次）`) and whose unit is in brackets (敷地面積【千m2】). The interface for programs (API) writes the same
with `tab_code`, `area_code`, `time_code`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from ...errors import SourceError
from ..mapping import normal
from ..take_up_cells import frame
from . import words

_VALUE, _UNIT = ("value", "値"), ("unit", "単位")
_CODES = ("コード", "_code", "階層レベル", "level", "annotation", "注釈")
_ITEM, _TIME, _AREA = ("表章",), ("時間軸", "年次", "調査年"), ("都道府県", "地域", "市区町村", "area")
Grid = Sequence[Sequence[str]]


@dataclass(frozen=True)
class _Across:
    """A column of figures: its position, the dimension that is across, and the member that stands above it."""

    position: int
    dimension: str
    member: str


def announced(lines: Sequence[str]) -> bool:
    """Whether the first lines are those of a download of this survey's land or cases."""
    text = normal(" ".join(lines))
    dated = "時間軸" in text or "time_code" in text
    # other surveys of e-Stat count cases and land as well
    return dated and any(word in text for word in ("工場", "立地", "千m2")) and words.any_measure(lines)


def header_row(grid: Grid) -> int | None:
    """Position of the row of headers; None where the table is none of the database."""
    for position, row in enumerate(grid):
        named = [normal(cell).lstrip("/") for cell in row]
        if any(name.startswith(_TIME) for name in named) and any(_is(name, (*_ITEM, *_AREA)) for name in named):
            return position
    return None


def rows(grid: Grid) -> int:
    """How many rows stand below the headers."""
    return sum(any(row) for row in grid[(header_row(grid) or 0) + 1 :])


def cells(grid: Grid, where: str) -> pd.DataFrame:
    """Cells of the survey's land and cases, of all industries or with and without electricity.

    Raises
    ------
    SourceError
        A column of the areas or years is missing, or a unit is missing or unknown.
    """
    top = header_row(grid)
    headers = [normal(cell) for cell in grid[top or 0]]
    across = _across(headers)
    positions = {column.position for column in across}
    dimensions = {
        header: position
        for position, header in enumerate(headers)
        if position not in positions and header and not header.startswith("/") and not _is(header, _CODES)
    }
    about = normal(" ".join(cell for row in grid[:top] for cell in row))
    found: list[dict[str, object]] = []
    for number, row in enumerate(grid[(top or 0) + 1 :], (top or 0) + 2):
        labels = {name: _cell(row, position) for name, position in dimensions.items()}
        for column in across:
            found += _figure(number, _cell(row, column.position), _labelled(labels, column), where, about)
    return frame(found)


def _across(headers: list[str]) -> list[_Across]:
    values = [position for position, header in enumerate(headers) if header in _VALUE]
    if values:
        return [_Across(values[0], "", "")]
    slash = [position for position, header in enumerate(headers) if header.startswith("/")]
    members = range(slash[0] + 1, len(headers)) if slash else range(0)
    return [_Across(one, headers[slash[0]].lstrip("/"), headers[one]) for one in members if headers[one]]


def _labelled(labels: dict[str, str], column: _Across) -> dict[str, str]:
    return labels | ({column.dimension: column.member} if column.dimension else {})


def _figure(number: int, value: str, labels: dict[str, str], where: str, about: str) -> Iterator[dict[str, object]]:
    """The cell, if it counts what is asked for."""
    # an item that all rows share may stand above the table alone
    item = " ".join(label for name, label in labels.items() if _is(name, _ITEM)) or about
    area, time = _one(labels, _AREA, where), _one(labels, _TIME, where)
    measure, series, year = words.measure(item), _series(labels), words.year(time)
    if measure is not None and series is not None and year is not None and area:
        yield {
            "source_row": number,
            "heading": normal(f"{time} {item}"),
            "area": area,
            "year": year,
            "series": series,
            "measure": measure,
            "factor": _factor(labels, item, measure, f"{where}, row {number}"),
            "value": value,
            "note": about or item,
        }


def _factor(labels: dict[str, str], item: str, measure: str, where: str) -> float:
    unit = next((label for name, label in labels.items() if name in _UNIT), "")
    factor = words.factor(unit, measure) if unit else words.stated_factor(item, measure)
    if factor is None and measure != "cases":
        raise SourceError(f"{where}: {item} is in {unit or 'no unit'}; give it in ha, m2 or 千m2.")
    return factor or 1.0


def _series(labels: dict[str, str]) -> str | None:
    """Series out of what the other dimensions say; None where one of them names a part that is not asked for."""
    known = (*_ITEM, *_AREA, *_TIME)
    others = [label for name, label in labels.items() if not _is(name, known) and name not in _UNIT and label]
    found = [words.series(label) for label in others]
    if None in found:
        return None
    parts = [one for one in found if one not in (None, "surveyed")]
    return parts[0] if parts else "surveyed"


def _one(labels: dict[str, str], names: tuple[str, ...], where: str) -> str:
    found = [label for name, label in labels.items() if _is(name, names)]
    if not found:
        raise SourceError(f"{where} has no column {names[0]}; download it again with that dimension.")
    return found[0]


def _is(header: str, names: tuple[str, ...]) -> bool:
    return any(name in header for name in names)


def _cell(row: Sequence[str], position: int) -> str:
    return row[position].strip() if position < len(row) else ""
