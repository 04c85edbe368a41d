# SPDX-License-Identifier: GPL-2.0-or-later
"""Codes of prefectures and municipalities (JIS X 0401, 0402) as tables carry them.

Spreadsheets eat leading zeros ("1" for 北海道, "1100" for 札幌市), published tables add a check digit ("141003") or
write a prefecture in five digits ("14000"), and planners write names. Each is put right where one answer is left.
"""

from __future__ import annotations

import re
from functools import lru_cache

import pandas as pd

from ..area_tree import NATION
from ..resources import code_list, codes
from .cells import plain
from .mapping import normal
from .reading import FixList

_TOTALS = ("合計", "計", "小計", "総計", "総数", "TOTAL", "Total")
_RESTORED = "had lost its leading zero, which was put back"
_CHECKED = "had a check digit, which was taken off"
_BOTH = "had lost its leading zero and had a check digit; both were put right"
_NATIONS = re.compile(r"全国(?:合?計|総数)?|日本|0{5,6}|JP")
_NUMBERED = re.compile(r"[0-9]{1,5}[\s_.:]*(?=\D)")
_WHOLE = "000"
"""What stands behind the code of a prefecture where all codes have five digits."""


@lru_cache
def names() -> dict[str, str]:
    """Code of each prefecture (神奈川県, 神奈川, Kanagawa) and designated city (横浜市)."""
    found: dict[str, str] = {}
    for row in code_list("prefectures"):
        name = row["name_ja"]
        # 北海道 keeps its last character, as people do
        short = name if name == "北海道" else name[:-1]
        found |= dict.fromkeys((name, short, row["name_en"]), row["code"])
    return found | {row["name_ja"]: row["code"] for row in code_list("designated_cities")}


def prefectures(values: pd.Series, fixes: FixList) -> pd.Series[str]:
    """Two-digit codes; anything that is no prefecture becomes unknown with a warning."""
    found = _mended(values, fixes)
    wrong = found.notna() & ~found.isin(codes("prefectures"))
    fixes.warn(found.index[wrong], str(values.name), values[wrong], "is not a prefecture", "use the code 01 to 47")
    return found.where(~wrong, None)


def municipalities(values: pd.Series, fixes: FixList) -> pd.Series[str]:
    """Five-digit codes; anything else becomes unknown with a warning."""
    found = _mended(values, fixes)
    shaped = found.str.fullmatch(r"\d{5}", na=False).astype(bool) & found.str[:2].isin(codes("prefectures"))
    wrong = found.notna() & ~shaped
    remedy = "use the five-digit code of JIS X 0402"
    fixes.warn(found.index[wrong], str(values.name), values[wrong], "is not a municipality", remedy)
    return found.where(~wrong, None)


def areas(values: pd.Series, fixes: FixList) -> pd.Series[str]:
    """Codes of planning areas, which may be anything; codes and names of nation, prefectures and cities are put right.

    A line of totals is no area and is rejected.
    """
    found = _mended(values, fixes)
    total = found.isin(_TOTALS)
    fixes.reject(found.index[total], str(values.name), values[total], "is a total, not an area", "leave the line out")
    return found


@lru_cache(maxsize=4096)
def published(text: str) -> str | None:
    """Code of the nation, prefecture or municipality of a line of a published table; None where it is none.

    Examples
    --------
    >>> published("全国合計"), published("01 北海道"), published("川崎市"), published("関東内陸")
    ('JP', '01', '14130', None)
    """
    name = _NUMBERED.sub("", normal(text), count=1).replace(" ", "")
    if _NATIONS.fullmatch(name):
        return NATION
    if not _is_digits(name):
        return names().get(name)
    code = name.zfill(2)
    if _is_prefecture(code):
        return code[:2]
    return code if code in codes("prefectures") or (len(code) == 5 and _can_be_a_code(code)) else None


def is_published_name(text: str) -> bool:
    """Whether a line of a published table names an area in words: a bare number may be a figure."""
    return not _is_digits(normal(text)) and published(text) is not None


def _mended(values: pd.Series, fixes: FixList) -> pd.Series[str]:
    texts = plain(values)
    distinct = texts.dropna().unique()
    check_digits = any(_has_check_digit(text) for text in distinct)
    known = {text: _mend(text, check_digits=check_digits) for text in distinct}
    for problem in (_RESTORED, _CHECKED, _BOTH):
        rows = texts.isin([text for text, (_, why) in known.items() if why == problem])
        fixes.warn(texts.index[rows], str(values.name), texts[rows], problem, "format the column as text")
    return texts.map({text: code for text, (code, _) in known.items()}).astype("object").where(texts.notna(), None)


def _mend(text: str, *, check_digits: bool) -> tuple[str, str]:
    """The code, and what was wrong with the text; `check_digits` says that the column's other codes have them."""
    if text in names():
        return names()[text], ""
    if _NATIONS.fullmatch(text):
        return NATION, ""
    if not _is_digits(text):
        return text, ""
    code, problem = _five_digits(text, check_digits=check_digits)
    return (code[:2] if _is_prefecture(code) else code), problem


def _five_digits(text: str, *, check_digits: bool) -> tuple[str, str]:
    padded = f"0{text}"
    if _has_check_digit(text):
        return text[:5], _CHECKED
    # five digits are a code of their own or have lost a zero; the check digit fits one code in eleven by chance
    if _has_check_digit(padded) and (check_digits or not _can_be_a_code(text)):
        return padded[:5], _BOTH
    if len(text) in (1, 4) and padded[:2] in codes("prefectures"):
        return padded, _RESTORED
    return text, ""


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _is_prefecture(code: str) -> bool:
    return len(code) == 5 and code[:2] in codes("prefectures") and code[2:] == _WHOLE


def _can_be_a_code(code: str) -> bool:
    """Whether five digits can be a prefecture or municipality; the numbers of municipalities begin with 1 to 7."""
    return code[:2] in codes("prefectures") and (code[2] != "0" or code[2:] == _WHOLE)


def _has_check_digit(text: str) -> bool:
    """Whether a text is a six-digit 全国地方公共団体コード of 総務省: weights 6 to 2, modulus 11."""
    if len(text) != 6 or not _is_digits(text):
        return False
    weighted = sum(int(digit) * weight for digit, weight in zip(text[:5], (6, 5, 4, 3, 2), strict=True))
    return text[5] == str((11 - weighted % 11) % 10)
