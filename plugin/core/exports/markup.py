# SPDX-License-Identifier: GPL-2.0-or-later
"""HTML tables in which every text is escaped."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence

from .figures import basis_mark
from .wording import Language, code_name


class Html(str):
    """Text that is HTML already and is not escaped again."""

    __slots__ = ()


Cell = str | Html


def escaped(text: Cell) -> str:
    """A text as HTML."""
    return str(text) if isinstance(text, Html) else html.escape(text)


def figure(text: str, basis: str | None, language: Language = "both") -> Html:
    """A figure with the mark of its basis beside it."""
    name = html.escape(code_name("bases", basis or "unknown", language))
    return Html(f'<span class="figure">{html.escape(text)}<abbr title="{name}">{basis_mark(basis)}</abbr></span>')


def table(head: Sequence[str], rows: Iterable[Sequence[Cell]], foot: Sequence[Cell] | None = None) -> Html:
    """A table; cells that are figures are set to the right."""
    body = "\n".join(_row(row, "td") for row in rows)
    footer = f"<tfoot>{_row(foot, 'td')}</tfoot>" if foot is not None else ""
    header = "".join(f'<th scope="col">{escaped(one)}</th>' for one in head)
    return Html(f"<table><thead><tr>{header}</tr></thead>\n<tbody>\n{body}\n</tbody>{footer}</table>")


def paragraphs(*texts: Cell) -> Html:
    """One paragraph a text."""
    return Html("\n".join(f"<p>{escaped(text)}</p>" for text in texts))


def section(title: str, *parts: Html) -> Html:
    """A section with its heading."""
    return Html(f"<section>\n<h2>{escaped(title)}</h2>\n" + "\n".join(parts) + "\n</section>")


def _row(cells: Sequence[Cell], tag: str) -> str:
    return "<tr>" + "".join(f"<{tag}{_class(cell)}>{escaped(cell)}</{tag}>" for cell in cells) + "</tr>"


def _class(cell: Cell) -> str:
    is_figure = isinstance(cell, Html) and 'class="figure"' in cell
    return ' class="number"' if is_figure or cell.replace(",", "").isdigit() else ""
