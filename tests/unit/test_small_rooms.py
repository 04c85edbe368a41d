# SPDX-License-Identifier: GPL-2.0-or-later
"""Years, provenance, progress and the tree of areas."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pandas as pd
import pytest

from yochi.plugin.core import bounds
from yochi.plugin.core.area_tree import leaves, memberships, roots
from yochi.plugin.core.errors import CancelledError, ContractError, RuleError, StudyError
from yochi.plugin.core.progress import Progress
from yochi.plugin.core.provenance import weakest, weakest_of_columns
from yochi.plugin.core.resources import read_toml
from yochi.plugin.core.years import parse_year


@pytest.mark.parametrize("name", ["years", "provenance", "crs", "depletion.engine.rundown"])
def test_examples_in_docstrings_run(name: str) -> None:
    result = doctest.testmod(importlib.import_module(f"yochi.plugin.core.{name}"))
    assert result.attempted and not result.failed


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2026", 2026),
        ("２０２６年度", 2026),
        ("R8", 2026),
        ("令和元年", 2019),
        ("S63", 1988),
        ("平成31年度", 2019),
        ("FY2026", 2026),
        ("明治元年", 1868),
        ("2026年4月", 2026),
        ("2026-04-01", 2026),
        ("2026/4", 2026),
        ("2026.5", 2026),
        ("令和8年3月", 2026),
        ("R8.3.31", 2026),
        ("令和８年３月３１日", 2026),
        ("2026.0", 2026),
    ],
)
def test_years_as_planners_write_them(text: str, year: int) -> None:
    assert parse_year(text) == year


@pytest.mark.parametrize(
    "text",
    ["", "未定", "26", "20260401", "R100", "R0", "2026.13", "2026-13", "2026年春", "1867", "2201", "9999", "٢٠٢٦"],
)
def test_what_is_no_year_stays_unknown(text: str) -> None:
    assert parse_year(text) is None


def test_what_is_wrong_with_a_file_of_settings(tmp_path: Path) -> None:
    path = tmp_path / "設定.toml"
    path.write_bytes('\ufeff名 = "値"'.replace("名", '"名"').encode())
    assert read_toml(path, "study", StudyError) == {"名": "値"}
    path.write_text("=", encoding="utf-8")
    with pytest.raises(StudyError, match=r"設定\.toml: the study is not valid TOML: .+\.$"):
        read_toml(path, "study", StudyError)
    path.write_bytes(b'a = "\x8a\x94"')
    with pytest.raises(RuleError, match="the rule profile is not valid TOML"):
        read_toml(path, "rule profile", RuleError)
    with pytest.raises(StudyError, match=r"the study cannot be read \(Is a directory\)\.$"):
        read_toml(tmp_path, "study", StudyError)


def test_a_figure_is_as_weak_as_its_weakest_part() -> None:
    assert weakest(["reported", "synthetic", "measured"]) == "synthetic"
    assert weakest([None, "unknown"]) == "unknown"
    columns = pd.Series(["measured", None], index=[3, 4]), pd.Series(["assumed", None], index=[3, 4])
    assert weakest_of_columns(*columns).to_dict() == {3: "assumed", 4: "unknown"}


def test_progress_of_a_part_is_a_fraction_of_the_whole() -> None:
    seen: list[float] = []
    whole = Progress(lambda fraction, _: seen.append(fraction))
    whole.part(0.5, 1.0).part(0.0, 0.5).report(0.5)
    assert seen == [0.625]
    with pytest.raises(CancelledError):
        Progress(cancelled=lambda: True).part(0, 0.5).report(0)


def test_areas_lie_in_each_other() -> None:
    areas = pd.DataFrame(
        {"area_code": ["14", "14130", "14131"], "parent_code": [None, "14", "14130"], "level": "other"}
    )
    pairs = set(memberships(areas).itertuples(index=False, name=None))
    assert ("14131", "14") in pairs and ("14131", "14130") in pairs and ("14131", "14131") in pairs
    assert leaves(areas).tolist() == [False, False, True]
    assert roots(areas).tolist() == [True, False, False]
    with pytest.raises(ContractError, match="lies in itself"):
        memberships(pd.DataFrame({"area_code": ["a", "b"], "parent_code": ["b", "a"], "level": "other"}))


@pytest.mark.parametrize(
    ("reason", "year", "stock", "take_up"),
    [
        ("stock_partly_unknown", "≥ ", "≥ ", ""),
        ("pipeline_partly_unknown", "≥ ", "", ""),
        ("take_up_partly_unknown", "≤ ", "", "≥ "),
        ("stock_partly_unknown; take_up_partly_unknown", "≷ ", "≥ ", "≥ "),
        (None, "", "", ""),
    ],
)
def test_what_is_unknown_bounds_the_figures_that_rest_on_it(reason, year, stock, take_up):
    assert (bounds.of_years(reason), bounds.of_stock(reason), bounds.of_take_up(reason)) == (year, stock, take_up)
