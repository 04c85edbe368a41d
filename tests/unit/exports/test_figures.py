# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from yochi.plugin.core.errors import ReconciliationError
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


def test_printed_parts_add_up_to_the_printed_total():
    parts = pd.Series(np.random.default_rng(1).uniform(0, 100, 500))
    column = figures.summed(parts, pd.Series(["derived"] * 500))
    assert round(column.parts.sum(), 2) == column.total
    assert abs(column.total - parts.sum()) <= 0.005 + 1e-9
    assert (column.parts - parts).abs().max() <= 0.01


def test_unknown_parts_are_counted_and_in_no_total():
    column = figures.summed(pd.Series([1.0, np.nan]), pd.Series(["reported", "synthetic"]))
    assert (column.total, column.unknown, column.basis) == (1.0, 1, "reported")
    assert np.isnan(column.parts[1])


def test_total_of_nothing_known_is_unknown():
    column = figures.summed(pd.Series([np.nan]), pd.Series(["unknown"]))
    assert np.isnan(column.total)
    assert column.basis == "unknown"


def test_total_that_is_not_the_sum_is_refused():
    with pytest.raises(ReconciliationError, match=r"stock: the parts add up to 3.00 ha and the total is 3.02 ha"):
        figures.summed(pd.Series([1.0, 2.0]), pd.Series(["reported"] * 2), expected=3.02, what="stock")


def test_designated_city_is_in_its_prefecture(tables):
    shown = figures.headline_outlook(tables)
    assert list(shown.loc[figures.in_total(shown), "area_code"]) == ["01", "14"]


def test_layer_totals_leave_out_inner_areas_and_are_apart(tables):
    totals = figures.layer_totals(tables)
    assert list(totals.layers.index) == ["idle_prepared", "former_heavy"]
    assert totals.layers["counted_ha"].to_dict() == {"former_heavy": 222.0, "idle_prepared": 20.01}
    assert totals.layers["basis"].to_dict() == {"former_heavy": "reported", "idle_prepared": "synthetic"}
    assert list(totals.by_area.index) == ["01", "14"]


def test_layer_of_which_nothing_is_known_is_not_zero(tables):
    tables["summary"].loc[2, ["sites_unknown", "counted_ha"]] = [2, np.nan]
    tables["sites"].loc[1, "counted_ha"] = np.nan
    assert np.isnan(figures.layer_totals(tables).by_area.loc["01", "idle_prepared"])


def test_layers_that_differ_from_the_sites_are_refused(tables):
    tables["sites"].loc[0, "counted_ha"] += 0.5
    with pytest.raises(ReconciliationError, match="idle_prepared"):
        figures.layer_totals(tables)


def test_one_synthetic_figure_makes_the_study_synthetic(tables):
    assert figures.is_synthetic(tables)
    for name in ("sites", "summary"):
        tables[name]["basis"] = "reported"
    assert not figures.is_synthetic(tables)
