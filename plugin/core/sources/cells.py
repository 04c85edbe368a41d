# SPDX-License-Identifier: GPL-2.0-or-later
"""Cells as people type them: text, numbers, years and codes, a column at a time.

Every function takes a Series and answers on the same index; what cannot be understood is missing in the answer and
marked in a second Series, so that the caller can name it in the fix-list.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any
from unicodedata import normalize

import numpy as np
import pandas as pd

from ..resources import code_list
from ..years import parse_year, plausible

_BLANKS = frozenset(("", "-", "‐", "－", "—", "―", "…", "不明", "未定", "未詳", "N/A", "NULL", "None", "nan"))
"""How tables write that a value is not there."""

_NUMBER = re.compile(r"[+-]?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?")

Answer = tuple["pd.Series[float]", "pd.Series[bool]"]


def asked(values: pd.Series, answer: Callable[[Any], object]) -> pd.Series:
    """What a function answers to each cell that is there, as objects; the others are None.

    A text that stands many times is asked about once.
    """
    if values.dtype == "object" and pd.api.types.infer_dtype(values, skipna=True) != "string":
        # 1, 1.0 and True would pass for each other
        places, distinct = np.arange(len(values)), values.where(values.notna(), None)
    else:
        places, distinct = pd.factorize(values)
    answers = [None if value is None else answer(value) for value in distinct]
    return pd.Series(np.array([*answers, None], dtype="object")[places], index=values.index, name=values.name)


def as_text(values: pd.Series) -> pd.Series[str]:
    """Any column as stripped text; a whole number loses the ".0" that a spreadsheet or driver gave it."""
    return asked(_dated(values), lambda value: _text(value) or None)


def _dated(values: pd.Series) -> pd.Series:
    """Times of day are no part of a date here."""
    return values.dt.strftime("%Y-%m-%d") if pd.api.types.is_datetime64_any_dtype(values) else values


def _text(value: object) -> str:
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return str(value).strip()


def plain(values: pd.Series) -> pd.Series[str]:
    """Text with half-width digits and letters (NFKC); what means "not there" becomes missing."""
    return asked(_dated(values), _plain)


def _plain(value: object) -> str | None:
    normal = normalize("NFKC", _text(value)).strip()
    return None if normal in _BLANKS else normal


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
    found = asked(texts, _number).astype("float64")
    return found, texts.notna() & found.isna()


def _number(text: str) -> float | None:
    if not _NUMBER.fullmatch(text):
        return None
    number = float(text.replace(",", ""))
    return number if math.isfinite(number) else None


def years(values: pd.Series) -> Answer:
    """Calendar years: 2026, 令和8年度, or a date, of which the year counts; a number may have decimals."""
    found = asked(_dated(values), _year).astype("float64")
    return found, plain(values).notna() & found.isna()


def _year(value: object) -> float | None:
    if isinstance(value, float | int | np.number) and not isinstance(value, bool):
        return plausible(float(value))
    return parse_year(_text(value))


def listed(values: pd.Series, name: str) -> tuple[pd.Series[str], pd.Series[bool]]:
    """Codes of a code list, also written as its Japanese or English names."""
    codes: dict[str, str] = {}
    for row in reversed(code_list(name)):
        names = [row[column] for column in ("name_en", "name_ja", "code") if row.get(column)]
        codes |= {normalize("NFKC", name).casefold(): row["code"] for name in names}
    texts = plain(values)
    found = asked(texts, lambda text: codes.get(text.casefold()))
    return found, texts.notna() & found.isna()
