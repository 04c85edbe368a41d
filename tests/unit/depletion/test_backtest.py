# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yochi.plugin.core.depletion.comparisons.backtest import backtest
from yochi.plugin.core.depletion.engine.rundown import run_down
from yochi.plugin.core.resources import codes

EARLIER, NOW, HORIZON = 2021.0, 2024.0, 30.0
COLUMNS = ["area_code", "scenario_id", "base_year", "horizon_years", "stock_ha", "depletion_year", "reason", "basis"]


def outlook(base_year: float, **row: object) -> pd.DataFrame:
    given_row = {"area_code": "14", "scenario_id": "pipeline", "basis": "derived", "horizon_years": HORIZON, **row}
    frame = pd.DataFrame([{**given_row, "base_year": base_year}]).reindex(columns=COLUMNS)
    return frame.astype({"stock_ha": "float64", "depletion_year": "float64"})


def trajectory(stock: float, take_up: float, *, spread: float = 0.0, base_year: float = EARLIER) -> pd.DataFrame:
    """Stock at the beginning of each year, and percentiles that lie a share below and above it."""
    times = np.arange(HORIZON + 1)
    left = run_down(stock, take_up, [], HORIZON).stock(times)
    course = pd.DataFrame({"year": base_year + times, "stock_ha": left, "area_code": "14", "scenario_id": "pipeline"})
    return course.assign(stock_p10_ha=left * (1 - spread), stock_p90_ha=left * (1 + spread))


EARLIER_OUTLOOK = outlook(EARLIER, stock_ha=300.0, depletion_year=2031.0)
FORECAST = trajectory(300.0, 30.0, spread=0.1)


def one(now: pd.DataFrame, before: pd.DataFrame = EARLIER_OUTLOOK, forecast: pd.DataFrame = FORECAST) -> pd.Series:
    found = backtest(before, forecast, now)
    assert len(found) == 1
    return found.iloc[0]


def test_the_forecast_of_this_base_year_is_held_against_the_stock() -> None:
    row = one(outlook(NOW, stock_ha=200.0, depletion_year=2030.5))
    assert row["forecast_stock_ha"] == pytest.approx(210.0, abs=1e-9)
    assert (row["forecast_p10_ha"], row["forecast_p90_ha"]) == pytest.approx((189.0, 231.0))
    assert (row["error_ha"], row["error_percent"]) == pytest.approx((10.0, 5.0))
    assert row["within_range"] == "yes" and row["shift_years"] == pytest.approx(-0.5)
    assert (row["earlier_base_year"], row["base_year"], row["reason"], row["basis"]) == (EARLIER, NOW, None, "derived")


@pytest.mark.parametrize(("stock", "within"), [(188.0, "no"), (189.0, "yes"), (231.0, "yes"), (232.0, "no")])
def test_within_the_range_of_the_earlier_draws(stock: float, within: str) -> None:
    assert one(outlook(NOW, stock_ha=stock))["within_range"] == within


def test_a_study_of_the_same_year_is_off_by_the_difference_of_the_stocks() -> None:
    row = one(outlook(EARLIER, stock_ha=280.0))
    assert row["error_ha"] == pytest.approx(20.0)


def test_between_whole_years_the_forecast_is_read_straight() -> None:
    assert one(outlook(2024.25, stock_ha=200.0))["forecast_stock_ha"] == pytest.approx(300 - 3.25 * 30, abs=1e-9)


@pytest.mark.parametrize(
    ("now", "before", "forecast", "reason"),
    [
        (outlook(NOW), EARLIER_OUTLOOK, FORECAST, "no_data_now"),
        (outlook(2020.0, stock_ha=9.0), EARLIER_OUTLOOK, FORECAST, "base_year_before_earlier"),
        (outlook(2052.0, stock_ha=9.0), EARLIER_OUTLOOK, FORECAST, "beyond_earlier_horizon"),
        (outlook(NOW, stock_ha=9.0), outlook(EARLIER), FORECAST[:0], "no_data_earlier"),
    ],
)
def test_every_missing_figure_has_a_reason(
    now: pd.DataFrame, before: pd.DataFrame, forecast: pd.DataFrame, reason: str
) -> None:
    row = one(now, before, forecast)
    assert row[["error_ha", "error_percent", "within_range"]].isna().all()
    assert row["reason"] == reason and reason in codes("comparison_reasons")


def test_areas_and_scenarios_of_one_study_alone_are_named_after_those_of_this_study() -> None:
    now = pd.concat(
        [outlook(NOW, area_code="14", stock_ha=200.0), outlook(NOW, area_code="01", stock_ha=5.0)], ignore_index=True
    )
    before = pd.concat([outlook(EARLIER, area_code="47", stock_ha=1.0), EARLIER_OUTLOOK], ignore_index=True)
    found = backtest(before, FORECAST, now)
    assert found["area_code"].tolist() == ["14", "01", "47"]
    assert found["reason"].tolist() == [None, "not_in_earlier", "not_in_this_study"]
    assert found["error_ha"].notna().tolist() == [True, False, False]


def test_the_last_year_of_the_earlier_horizon_is_still_told() -> None:
    row = one(outlook(EARLIER + HORIZON, stock_ha=4.0))
    assert row["forecast_stock_ha"] == 0.0 and row["error_ha"] == -4.0 and row["reason"] is None


@pytest.mark.parametrize("bounded", ["now", "before"])
def test_a_stock_that_is_a_lower_bound_says_so_and_is_in_no_range(bounded: str) -> None:
    reason = "stock_partly_unknown; pipeline_partly_unknown"
    now, before = outlook(NOW, stock_ha=200.0), EARLIER_OUTLOOK
    now, before = (now.assign(reason=reason), before) if bounded == "now" else (now, before.assign(reason=reason))
    row = one(now, before)
    assert (row["reason"], row["within_range"], row["error_ha"]) == ("stock_partly_unknown", None, pytest.approx(10.0))


def test_an_earlier_study_without_draws_has_no_range() -> None:
    row = one(outlook(NOW, stock_ha=200.0), forecast=FORECAST.assign(stock_p10_ha=np.nan, stock_p90_ha=np.nan))
    assert row["within_range"] is None and row["error_ha"] == pytest.approx(10.0)


def test_an_empty_stock_has_an_error_but_no_percentage() -> None:
    row = one(outlook(NOW, stock_ha=0.0))
    assert row["error_ha"] == pytest.approx(210.0) and np.isnan(row["error_percent"])


def test_a_depletion_beyond_either_horizon_has_no_shift() -> None:
    assert np.isnan(one(outlook(NOW, stock_ha=200.0))["shift_years"])


def test_the_weaker_study_gives_the_basis() -> None:
    assert one(outlook(NOW, stock_ha=200.0, basis="synthetic"))["basis"] == "synthetic"
    assert one(outlook(NOW, stock_ha=200.0), EARLIER_OUTLOOK.assign(basis="assumed"))["basis"] == "assumed"


@settings(max_examples=30, deadline=None)
@given(st.floats(0, 500), st.floats(0.1, 60), st.floats(0, HORIZON))
def test_a_world_that_went_as_foreseen_shows_no_error(stock: float, take_up: float, passed: float) -> None:
    course = run_down(stock, take_up, [], HORIZON)
    year = EARLIER + passed
    row = one(outlook(year, stock_ha=float(course.stock(np.array([passed]))[0])), forecast=trajectory(stock, take_up))
    # Straight between whole years, the kink in the year of depletion is cut off: by less than a quarter of a year.
    assert 0 - 1e-6 <= row["error_ha"] <= take_up / 4 + 1e-6
    if passed == int(passed):
        assert row["error_ha"] == pytest.approx(0.0, abs=1e-6) and row["within_range"] == "yes"


def test_the_order_of_the_trajectory_is_of_no_matter() -> None:
    shuffled = FORECAST.sample(frac=1, random_state=1)
    pd.testing.assert_series_equal(
        one(outlook(2025.5, stock_ha=10.0), forecast=shuffled), one(outlook(2025.5, stock_ha=10.0))
    )
