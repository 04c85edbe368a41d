# SPDX-License-Identifier: GPL-2.0-or-later
"""What the sections are put together from."""

from __future__ import annotations

import base64

import pandas as pd

from .. import figures
from ..charts import svg
from ..charts.canvas import Figure
from ..figures import hectares
from ..markup import Cell, Html, escaped, figure, paragraphs, table
from ..totals import PrintedColumn
from ..wording import Language, phrase

MOST_ROWS = 200
"""Rows of a table that is only looked into; the ledger has them all."""


def heads(language: Language, *keys: str) -> list[str]:
    """Column heads by their keys in the wording."""
    return [phrase(key, language) for key in keys]


def text(value: object, language: Language) -> str:
    """A text of a table, or the word for unknown."""
    return phrase("unknown", language) if value is None or pd.isna(value) or value == "" else str(value)


def optional(value: object) -> str:
    """A text of a table that need not be there, or a dash."""
    return "–" if value is None or pd.isna(value) or value == "" else str(value)


def number(value: float | None, decimals: int = 1) -> str:
    """A number that need not be there, or a dash; years stand without a separator."""
    return "–" if value is None or pd.isna(value) else f"{value:.{decimals}f}"


def total(column: PrintedColumn, language: Language) -> Cell:
    """The total of a column, with the number of parts that are unknown."""
    shown = figure(hectares(column.total, language), column.basis, language)
    if not column.unknown:
        return shown
    return Html(f"{shown}<br><small>{escaped(phrase('unknown_not_in_total', language))}: {column.unknown}</small>")


def table_or_none(
    head: list[str], rows: list[list[Cell]], language: Language, *, foot: list[Cell] | None = None
) -> Html:
    """A table, or the word for none where it has no rows."""
    return table(head, rows, foot) if rows else paragraphs(phrase("none", language))


def left_out(rows: int, language: Language) -> list[str]:
    """A note that the ledger has more rows, where it has."""
    return [f"{rows} {phrase('not_shown', language)}"] if rows > 0 else []


def area_cells(row: pd.Series, language: Language) -> list[Cell]:
    """Code and name of the area of a row."""
    return [code_cell(row["area_code"]), figures.area_name(row, language)]


def code_cell(code: object) -> Html:
    """A code, which is set like a text though it may be of digits."""
    return Html(f'<span class="code">{escaped(optional(code))}</span>')


def area_names(outlook: pd.DataFrame, language: Language) -> dict[str, str]:
    """Names of the areas of an outlook by their codes."""
    rows = outlook.drop_duplicates("area_code")
    return {str(row["area_code"]): figures.area_name(row, language) for _, row in rows.iterrows()}


def drawing(chart: Figure, name: str) -> Html:
    """A chart as a drawing in the page; `name` tells its identifiers from those of the others."""
    return Html(f'<figure role="img">{svg(chart, name)}</figure>')


def picture(png: bytes, caption: str) -> Html:
    """A picture that is part of the page."""
    data = base64.b64encode(png).decode("ascii")
    return Html(f'<figure><img alt="{escaped(caption)}" src="data:image/png;base64,{data}"></figure>')
