# SPDX-License-Identifier: GPL-2.0-or-later
"""Texts of released sites that name a withheld one."""

from __future__ import annotations

import re

import pandas as pd

from ..tables import Table

_PER_PATTERN = 2_000


def without(shown: pd.DataFrame, table: Table, withheld: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Empty each text of a table that names a withheld site, by its name or its identifier.

    An identifier counts where it stands by itself, so that `s1` is not found in `s10`; a name counts wherever it
    stands, since Japanese sets no spaces. Keys and codes of a list name nothing.

    Returns
    -------
    tuple of DataFrame
        The table, and lines for the log.
    """
    patterns = _patterns(withheld)
    cleaned, lines = shown.copy(), []
    for column in table.columns:
        if column.kind != "text" or column.code_list is not None or column.name in table.key:
            continue
        texts = shown[column.name]
        present = texts.dropna().drop_duplicates()
        found = present[[any(one.search(text) for one in patterns) for text in present]]
        named = texts.isin(found)
        cleaned[column.name] = texts.mask(named, None)
        about = shown.loc[named].reindex(columns=["site_id"])
        lines.append(about.assign(field=column.name if "site_id" in table.key else f"{table.name}.{column.name}"))
    return cleaned, pd.concat(lines, ignore_index=True).assign(subject="field", reason="names_withheld_site")


def _patterns(withheld: pd.DataFrame) -> list[re.Pattern[str]]:
    """Names and identifiers as a few patterns, longest first."""
    identifiers = [rf"(?<!\w){re.escape(one)}(?!\w)" for one in withheld["site_id"].drop_duplicates()]
    names = [re.escape(one) for one in withheld["name"].dropna().str.strip().drop_duplicates() if one]
    every = sorted(names, key=len, reverse=True) + identifiers
    return [re.compile("|".join(every[start : start + _PER_PATTERN])) for start in range(0, len(every), _PER_PATTERN)]
