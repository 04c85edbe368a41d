# SPDX-License-Identifier: GPL-2.0-or-later
"""The survey's words for what is counted, in which unit, of which industries, where and when."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from ...years import parse_year
from ..mapping import normal

_OTHER = re.compile(r"当たり|平均|比|率|順位|予定|建築|投資|設備|雇用|従業|増減|研究所(?!を含まない|を除く)")
_LAND = re.compile(r"(?:敷地|立地|用地|取得)面積|^面積")
_IN_HECTARES = {
    **dict.fromkeys(("ha", "ヘクタール", "万m2"), 1.0),
    **dict.fromkeys(("千m2", "1000m2", "1,000m2", "千平方メートル", "千平米"), 0.1),
    **dict.fromkeys(("m2", "平方メートル", "平米"), 1e-4),
    "km2": 100.0,
}
_COUNTS = ("件", "社", "cases")
_BRACKETS = re.compile(r"[【(\[]\s*(?:単位\s*[::]?\s*)?([^】)\]]+?)\s*[】)\]]")
_WHOLES = re.compile(r"(?:全国|全?(?:産業|業種|規模)?)(?:合|総)?(?:計|数|額)?|総数|全部|合計.*|計")
_PART_OF_A_YEAR = re.compile(r"[上下]期|半期|四半期|[0-9]\s*月期?")
_COUNT_OF_ERA = re.compile(r"(元|[0-9]{1,2})\s*年?度?")
_ERAS_BEFORE = (2018, 1988, 1925)
"""Years before the first of 令和, 平成 and 昭和."""


@lru_cache(maxsize=4096)
def measure(text: str) -> str | None:
    """Column of `take_up` that a label speaks of; None where it speaks of something else, or of nothing."""
    plain = normal(text)
    if _OTHER.search(plain):
        return None
    if _LAND.search(plain):
        return "take_up_ha"
    return "cases" if "件数" in plain else None


def any_measure(lines: Sequence[str]) -> bool:
    """Whether a cell of these lines of text speaks of land or cases."""
    return any(measure(cell) is not None for line in lines for cell in line.split(","))


def speaks_of_other(text: str) -> bool:
    """Whether a label names a measure that is neither the land nor the cases: 設備投資額, 1件当たり面積, ..."""
    return _OTHER.search(normal(text)) is not None


@lru_cache(maxsize=4096)
def factor(text: str, column: str) -> float | None:
    """What turns figures in a unit into those of a column; None where it is no unit of it."""
    plain = normal(text).replace(" ", "")
    if column == "cases":
        return 1.0 if plain in _COUNTS else None
    return _IN_HECTARES.get(plain.lower())


@lru_cache(maxsize=4096)
def stated_factor(text: str, column: str) -> float | None:
    """The same out of a label with a unit in brackets: 敷地面積【千m2】, (単位：ha)."""
    found = (factor(inner, column) for inner in _BRACKETS.findall(normal(text)))
    return next((one for one in found if one is not None), None)


@lru_cache(maxsize=4096)
def series(text: str) -> str | None:
    """Series of `take_up` that a label of industries means; None where it is one industry of many.

    Examples
    --------
    >>> series("合計"), series("電気業を除く"), series("食料品製造業")
    ('surveyed', 'without_power', None)
    """
    plain = normal(text)
    named = series_named(plain)
    return named or ("surveyed" if _WHOLES.fullmatch(plain) else None)


def series_named(text: str) -> str | None:
    """The series with or without electricity that a label names, if it names one."""
    plain = normal(text)
    if "電気業" not in plain or re.search(r"製造業.*電気業(?!を?除)", plain):
        return None
    # the survey as a whole leaves out these power stations
    plain = re.sub(r"(?:水力|地熱|太陽光)[^()]*を除く", "", plain)
    return "without_power" if "除" in plain else "power"


@lru_cache(maxsize=4096)
def year(text: str) -> int | None:
    """The year that a label names; None where it names none, or a part of one.

    Examples
    --------
    >>> year("2019年"), year("令和元年(2019年)"), year("2019年上期")
    (2019, 2019, None)
    """
    plain = normal(text)
    if _PART_OF_A_YEAR.search(plain):
        return None
    for one in (plain, re.sub(r"[(\[].*?[)\]]", "", plain), *re.findall(r"[(\[](.*?)[)\]]", plain)):
        if (found := parse_year(one.strip())) is not None:
            return int(found)
    return None


def year_after(text: str, before: int) -> int | None:
    """The year that a label without its era means beside the one before: 元年 or 31年 after 平成30年 (2018)."""
    counted = _COUNT_OF_ERA.fullmatch(normal(text))
    if counted is None:
        return None
    count = 1 if counted[1] == "元" else int(counted[1])
    return before + 1 if before + 1 in [era + count for era in _ERAS_BEFORE] else None


def first_year(title: str) -> int | None:
    """The first year of a title with a span: ［平成17年～令和6年］."""
    span = re.search(r"[\[(]?\s*([^\[(～~\-]{2,8}年度?)\s*[～~\-]", normal(title))
    return year(span[1]) if span else None


def only_year(title: str) -> int | None:
    """The year of a title that names one and no span."""
    if first_year(title) is not None:
        return None
    found = re.search(r"(?:令和|平成|昭和)\s*(?:元|[0-9]{1,2})年|[12][0-9]{3}年", normal(title))
    return year(found[0]) if found else None
