# SPDX-License-Identifier: GPL-2.0-or-later
"""Short forms for the columns of the contracts, and the columns that nearly every table has."""

from __future__ import annotations

from .tables import Column


def text(
    name: str, title: str, *, required: bool = False, code_list: str | None = None, default: str | None = None
) -> Column:
    """A column of text, perhaps of the codes of a list."""
    return Column(name, "text", required, code_list, None, title, default=default)


def number(name: str, title: str, *, required: bool = False, minimum: float | None = 0.0) -> Column:
    """A column of numbers, 0 or more unless it says otherwise."""
    return Column(name, "number", required, None, minimum, title)


def count(name: str, title: str) -> Column:
    """A column of whole numbers that count something."""
    return Column(name, "integer", False, None, 0.0, title)


BASIS = text("basis", "weakest basis of the figures in the row", code_list="bases")
SOURCE = (
    text("source_id", "file that the row comes from"),
    Column("source_row", "integer", title="row in that file, as a person counts them"),
)
