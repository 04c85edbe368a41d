# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from yochi.plugin.core.exports import figures


@pytest.mark.parametrize("value", [None, np.nan, pd.NA])
def test_unknown_is_never_a_number(value):
    assert figures.hectares(value) == "不明 / unknown"
    assert figures.count(value, "ja") == "不明"


def test_zero_is_zero():
    assert figures.hectares(0.0) == "0.00"


@pytest.mark.parametrize(
    ("column", "value", "state", "expected"),
    [
        ("depletion_year", 2031.04, "time_left", "2031.0"),
        ("depletion_year", np.nan, "not_within_horizon", "> 2054"),
        ("start_by_5_year", np.nan, "not_within_horizon", "> 2049"),
        ("depletion_year", np.nan, "no_data", "unknown"),
    ],
)
def test_year_or_why_there_is_none(column, value, state, expected):
    row = pd.Series({column: value, "state": state, "base_year": 2024.0, "horizon_years": 30.0, "reason": None})
    assert figures.year(row, column, "en") == expected


def test_a_lower_bound_is_printed_as_one():
    row = pd.Series({"depletion_year": 2025.46, "state": "too_late", "reason": "stock_partly_unknown"})
    assert figures.year(row, "depletion_year", "en") == "≥ 2025.5"


def test_reasons_are_told_in_words():
    assert figures.reasons("stock_unknown; both_beyond_horizon", "en") == (
        "The stock is unknown; Neither runs out within the horizon"
    )
    assert figures.reasons(None) == ""


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"depletion_p90_year": 2031.0}, "2031.0"),
        ({}, "> 2054"),
        ({"draws": 0}, "not simulated"),
        ({"state": "no_data"}, "unknown"),
    ],
)
def test_percentile_or_why_there_is_none(change, expected):
    row = {"depletion_p90_year": np.nan, "state": "time_left", "draws": 10, "base_year": 2024.0, "horizon_years": 30.0}
    assert figures.simulated_year(pd.Series({**row, "reason": None, **change}), "depletion_p90_year", "en") == expected


def test_a_safe_start_that_is_missing_is_later_than_the_longest_lead_time_before_the_end():
    row = {"start_by_safe_year": np.nan, "state": "time_left", "draws": 10, "base_year": 2024.0, "horizon_years": 30.0}
    row |= {"lead_time_max_years": 6.0, "reason": None}
    assert figures.simulated_year(pd.Series(row), "start_by_safe_year", "en") == "> 2048"


@pytest.mark.parametrize(
    ("gain", "bound", "expected"), [(1.5, "no", "+1.5"), (4.0, "yes", "≥ +4.0"), (-4.0, "yes", "≤ −4.0")]
)
def test_gain_that_reaches_the_horizon_is_a_bound(gain, bound, expected):
    assert figures.gain(pd.Series({"gain_years": gain, "bound": bound}), "en") == expected


def test_a_text_in_two_languages_is_told_in_one():
    assert figures.spoken("仮定 / Assumed", "en") == "Assumed"
    assert figures.spoken("仮定 / Assumed", "both") == "仮定 / Assumed"
    assert figures.spoken("経済産業省", "en") == "経済産業省"


def test_one_synthetic_figure_makes_the_study_synthetic(tables):
    assert figures.is_synthetic(tables)
    for name in ("sites", "summary"):
        tables[name]["basis"] = "reported"
    assert not figures.is_synthetic(tables)
