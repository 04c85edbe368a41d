# SPDX-License-Identifier: GPL-2.0-or-later
"""A planner's own table of take-up with a column for each year, turned into a row for each year."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

import pandas as pd

from ..contracts import TAKE_UP
from ..errors import SourceError
from ..years import parse_year
from .mapping import AUTO, ColumnMapping, normal

_NOTE = re.compile(r"\s*(?:[(\[<〈【].*|[*※†‡].*|注\s*[0-9]*)$")
"""What stands behind the year in a header: a unit, a note, the mark of one."""


def unfolded(rows: pd.DataFrame, mapping: ColumnMapping, file_name: str) -> tuple[pd.DataFrame, ColumnMapping]:
    """One row an area and year; blank cells are left out.

    Parameters
    ----------
    rows : DataFrame
        Text by header, on an index of row numbers in the file.
    mapping : ColumnMapping
        Its `[years]` names the headers and what the figures are.
    file_name : str
        For the messages.

    Returns
    -------
    tuple of DataFrame and ColumnMapping
        Rows with `source_row`, `heading`, `year` and the column of the figures besides their own, numbered from 1;
        and the mapping that knows them.

    Raises
    ------
    SourceError
        A header is not there or no year, or the rows are to become something else than take-up.
    """
    if mapping.table not in (None, TAKE_UP.name):
        raise SourceError(f"{_name(mapping)}: [years] is for {TAKE_UP.name}, and the table is {mapping.table}.")
    years = _years(rows, mapping, file_name)
    value = mapping.years["value"]
    own = rows.drop(columns=list(years)).rename_axis("source_row").reset_index()
    parts = [
        own.assign(heading=header, year=str(year), **{value: rows[header].to_numpy()}) for header, year in years.items()
    ]
    cells = pd.concat(parts, ignore_index=True).dropna(subset=[value])
    cells.index = pd.RangeIndex(1, len(cells) + 1)
    if not mapping.renames:
        return cells, replace(mapping, table=TAKE_UP.name)
    added = {column: column for column in ("source_row", "year", value)}
    return cells, replace(mapping, table=TAKE_UP.name, columns={**mapping.columns, **added})


def _years(rows: pd.DataFrame, mapping: ColumnMapping, file_name: str) -> dict[str, int]:
    """Year by header; one that has more than a year in it, as 令和2年(件), has to be chosen."""
    wanted = mapping.years.get("columns", AUTO)
    headers = list(rows.columns) if wanted == AUTO else [normal(header) for header in wanted]
    known = {header: _year_of(header) for header in headers if header in rows.columns}
    years = {header: int(year) for header, year in known.items() if year is not None}
    wrong = [] if wanted == AUTO else [header for header in headers if header not in years]
    doubtful = [header for header in years if parse_year(header) is None] if wanted == AUTO else []
    if wrong or doubtful or not years:
        if wrong:
            problem = f"names {wrong[0]!r}, which is no header with a year"
        elif doubtful:
            problem = (
                f'finds {doubtful[0]!r}, which says more than a year; list the headers of the years in place of "auto"'
            )
        else:
            problem = "finds no header that is a year"
        raise SourceError(f"{_name(mapping)}: [years] {problem}; {file_name} has {', '.join(rows.columns)}.")
    return years


def _year_of(header: str) -> float | None:
    """The year that a header says or, before a bracket or a mark, begins with."""
    return parse_year(_NOTE.sub("", unicodedata.normalize("NFKC", header)))


def _name(mapping: ColumnMapping) -> str:
    return mapping.path.name if mapping.path else "the mapping"
