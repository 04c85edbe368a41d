# SPDX-License-Identifier: GPL-2.0-or-later
"""Where the figures come from: the sources, and what was wrong with their rows."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from ..figures import Tables, count
from ..markup import Cell, Html, escaped, paragraphs, section
from ..wording import Language, code_name, phrase
from .parts import heads, table_or_none, text


def sources(tables: Tables, language: Language) -> Html:
    """The files, with what was read of them."""
    texts = ["title", "publisher", "edition", "licence", "file_name"]
    numbers = ["rows_read", "rows_used", "rows_rejected"]
    head = heads(language, "source_title", *texts[1:], "sha256", *numbers, "basis")
    rows: list[list[Cell]] = [
        [
            *(text(row[name], language) for name in texts),
            Html(f"<code>{escaped(text(row['sha256'], language))}</code>"),
            *(count(row[name], language) for name in numbers),
            code_name("bases", row["basis"] or "unknown", language),
        ]
        for _, row in tables["sources"].iterrows()
    ]
    return section(phrase("sources", language), table_or_none(head, rows, language))


def fixlist(tables: Tables, language: Language) -> Html:
    """How many rows of each source have something wrong."""
    head = heads(language, "source", "severity", "rows")
    rows = list(_fixlist_rows(tables["fixlist"], language))
    note = paragraphs(phrase("fixlist_note", language))
    return section(phrase("fixlist", language), note, table_or_none(head, rows, language))


def _fixlist_rows(fixlist: pd.DataFrame, language: Language) -> Iterator[list[Cell]]:
    for (source_id, severity), number in fixlist.groupby(["source_id", "severity"]).size().items():
        yield [str(source_id), code_name("severities", str(severity), language), count(number, language)]
