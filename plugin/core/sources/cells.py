# SPDX-License-Identifier: GPL-2.0-or-later
"""Cells as people type them: text, numbers, years and codes, a column at a time.

Every function takes a Series and answers on the same index; what cannot be understood is missing in the answer and
marked in a second Series, so that the caller can name it in the fix-list.
"""

from __future__ import annotations

import re
from unicodedata import normalize

import numpy as np
import pandas as pd

from ..resources import code_list
from ..years import parse_year

_BLANKS = ("", "-", "‐", "－", "—", "―", "…", "不明", "未定", "未詳", "N/A", "NULL", "None", "nan")
"""How tables write that a value is not there."""

_NUMBER = r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d*)?(?:[eE][+-]?\d+)?"
_DECIMAL_YEAR = re.compile(r"\d{4}\.\d+")
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})(?:[-/.月](?:\d{1,2}日?)?)?(?:[T ].*)?")

Answer = tuple["pd.Series[float]", "pd.Series[bool]"]


def as_text(values: pd.Series) -> pd.Series[str]:
    """Any column as stripped text; a whole number loses the ".0" that a spreadsheet or driver gave it."""
    if pd.api.types.is_datetime64_any_dtype(values):
        dates = values.dt.strftime("%Y-%m-%d")
        return dates.astype("object").where(values.notna(), None)
    texts = values.map(_text, na_action="ignore").astype("object")
    return texts.where(texts.notna() & (texts != ""), None)


def _text(value: object) -> str:
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return str(value).strip()


def plain(values: pd.Series) -> pd.Series[str]:
    """Text with half-width digits and letters (NFKC); what means "not there" becomes missing."""
    texts = as_text(values)
    normal = texts.str.normalize("NFKC").str.strip().astype("object") if texts.notna().any() else texts
    return normal.where(normal.notna() & ~normal.isin(_BLANKS), None)


def numbers(values: pd.Series) -> Answer:
    """Numbers, with full-width digits and commas between thousands; "1,3" is none.

    Examples
    --------
    >>> numbers(pd.Series(["１，２３４．５", "1,3", None]))[0].tolist()
    [1234.5, nan, nan]
    """
    if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        found = values.astype("float64")
        endless = np.isinf(found)
        return found.mask(endless), endless
    texts = plain(values)
    good = texts.str.fullmatch(_NUMBER, na=False).astype(bool)
    bare = texts.where(good, None).str.replace(",", "", regex=False)
    return pd.to_numeric(bare).astype("float64"), texts.notna() & ~good


def years(values: pd.Series) -> Answer:
    """Years: 2026, 2026.5, 令和8年度, or a date, which becomes the beginning of its month."""
    texts = plain(values)
    known = {text: _year(text) for text in texts.dropna().unique()}
    found = pd.to_numeric(texts.map(known)).astype("float64")
    return found, texts.notna() & found.isna()


def _year(text: str) -> float | None:
    if _DECIMAL_YEAR.fullmatch(text):
        return float(text)
    if (date := _DATE.fullmatch(text)) and 1 <= int(date[2]) <= 12:
        return int(date[1]) + (int(date[2]) - 1) / 12
    return parse_year(text)


def listed(values: pd.Series, name: str) -> tuple[pd.Series[str], pd.Series[bool]]:
    """Codes of a code list, also written as its Japanese or English names."""
    codes: dict[str, str] = {}
    for row in reversed(code_list(name)):
        names = [row[column] for column in ("name_en", "name_ja", "code") if row.get(column)]
        codes |= {normalize("NFKC", name).casefold(): row["code"] for name in names}
    texts = plain(values)
    known = {text: codes.get(text.casefold()) for text in texts.dropna().unique()}
    found = texts.map(known).astype("object")
    found = found.where(found.notna(), None)
    return found, texts.notna() & found.isna()
