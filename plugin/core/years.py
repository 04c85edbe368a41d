# SPDX-License-Identifier: GPL-2.0-or-later
"""Years as planners write them: 2026, 令和8年, R8, 2026年度, 平成31年."""

from __future__ import annotations

import re
import unicodedata

_ERAS = {"令和": 2018, "R": 2018, "平成": 1988, "H": 1988, "昭和": 1925, "S": 1925, "大正": 1911, "T": 1911}
_WESTERN = re.compile(r"^(\d{4})(?:\s*(?:年度?|FY))?$|^FY\s*(\d{4})$")
_JAPANESE = re.compile(r"^(令和|平成|昭和|大正|[RHST])\s*\.?\s*(\d{1,2}|元)\s*(?:年度?)?$")


def parse_year(text: str) -> float | None:
    """Calendar year of a Japanese or Western year; None where it is not one.

    Examples
    --------
    >>> parse_year("令和８年度"), parse_year("H31"), parse_year("2026年"), parse_year("未定")
    (2026.0, 2019.0, 2026.0, None)
    """
    plain = unicodedata.normalize("NFKC", text).strip().upper()
    if match := _WESTERN.match(plain):
        return float(match[1] or match[2])
    if match := _JAPANESE.match(plain):
        return float(_ERAS[match[1]] + (1 if match[2] == "元" else int(match[2])))
    return None
