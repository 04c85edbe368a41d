# SPDX-License-Identifier: GPL-2.0-or-later
"""Years as planners write them: 2026, 令和8年, R8, 2026年度, 平成31年; and dates, of which the year counts."""

from __future__ import annotations

import re
import unicodedata

FIRST_YEAR, LAST_YEAR = 1868.0, 2200.0
"""What lies outside of them, 明治元年 and the end of any forecast, is a number of another kind."""

_LETTERS = {"R": 2018, "H": 1988, "S": 1925, "T": 1911, "M": 1867}
_ERAS = _LETTERS | {"令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "明治": 1867}
_WESTERN = r"(?:FY\s*)?(?P<western>[0-9]{4})(?:\.0+)?"  # a spreadsheet may have made 2026.0 of it
_JAPANESE = rf"(?P<era>{'|'.join(_ERAS)})\s*\.?\s*(?P<count>元|0?[1-9]|[1-9][0-9])"
_MONTH, _DAY = r"(?:0?[1-9]|1[0-2])", r"(?:0?[1-9]|[12][0-9]|3[01])"
_DATE = rf"[-/.年]\s*{_MONTH}(?:\s*月|\s*[-/.月]\s*{_DAY}\s*日?(?:[T ].*)?)?"
_WRITTEN = re.compile(rf"(?:{_WESTERN}|{_JAPANESE})\s*(?:年度?|FY|{_DATE})?")


def parse_year(text: str) -> float | None:
    """Calendar year of a Japanese or Western year or date; None where it is not one.

    A dot stands before a month, as in R8.3.31, so that 2026.13 is no year.

    Examples
    --------
    >>> parse_year("令和８年度"), parse_year("H31.4.1"), parse_year("2026年4月"), parse_year("未定")
    (2026.0, 2019.0, 2026.0, None)
    """
    match = _WRITTEN.fullmatch(unicodedata.normalize("NFKC", text).strip().upper())
    if match is None:
        return None
    if match["western"]:
        return plausible(float(match["western"]))
    return plausible(float(_ERAS[match["era"]] + (1 if match["count"] == "元" else int(match["count"]))))


def plausible(year: float) -> float | None:
    """The year itself, or None where no plan speaks of it."""
    return year if FIRST_YEAR <= year <= LAST_YEAR else None
