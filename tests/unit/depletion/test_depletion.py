# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from yochi.plugin.core import depletion
from yochi.plugin.core.depletion.forecast import state
from yochi.plugin.core.depletion.rundown import run_down
from yochi.plugin.core.errors import ContractError, RuleError

LEADS = (3.0, 4.0, 5.0)


@pytest.fixture
def both() -> list[depletion.Scenario]:
    return [depletion.load_scenario(path) for path in depletion.scenarios().values()]


@pytest.fixture
def pipeline() -> list[depletion.Scenario]:
    return [depletion.load_scenario(depletion.scenarios()["pipeline"])]


def counted(**columns: object) -> pd.DataFrame:
    frame = pd.DataFrame({"area_code": "14101", **columns})
    frame["site_id"] = [f"s{number}" for number in range(len(frame))]
    return frame.assign(available_ha=frame["counted_ha"], available_basis="reported", counted_basis="reported")


def yearly(hectares: float | None, code: str = "14", year: float = 2020, basis: str = "derived") -> pd.DataFrame:
    row = {"area_code": code, "year": year, "take_up_ha": hectares, "suppressed": "yes" if hectares is None else "no"}
    return pd.DataFrame([{**row, "basis": basis}]).astype({"take_up_ha": "float64"})


STOCK = counted(layer=["idle_prepared"], counted_ha=[1.0])


def one(areas: gpd.GeoDataFrame, sites: pd.DataFrame, take_up: pd.DataFrame, scenarios, **options: object) -> pd.Series:
    outlook = depletion.forecast(areas, sites, take_up, scenarios, base_year=2024, **options).outlook
    return outlook[outlook["area_code"] == "14"].iloc[0]


def test_worked_examples_are_exact() -> None:
    assert run_down(300, 30, [], 30).depletion == pytest.approx(10.0, abs=1e-9)
    assert run_down(100, 25, [(3.0, 50)], 30).depletion == pytest.approx(6.0, abs=1e-9)
    late = run_down(100, 25, [(5.0, 50)], 30)
    assert late.depletion == pytest.approx(4.0, abs=1e-9)
    assert late.gap == pytest.approx(1.0, abs=1e-9)
    assert late.gap * late.take_up == pytest.approx(25.0, abs=1e-9)
    assert late.unmet(np.array([5.0, 6.0, 7.0, 8.0])) == pytest.approx([25, 25, 25, 50], abs=1e-9)


def test_an_arrival_in_the_last_moment_is_in_time() -> None:
    course = run_down(100, 25, [(4.0, 50)], 30)
    assert course.depletion == pytest.approx(6.0) and course.gap == 0


def test_horizon_zero_take_up_and_zero_stock() -> None:
    assert run_down(100, 1, [], 30).depletion is None
    assert run_down(30, 1, [], 30).depletion == 30
    assert run_down(100, 0, [], 30).depletion is None
    assert run_down(0, 0, [], 30).depletion == 0
    assert run_down(10, 1, [(40, 1000)], 30).depletion == 10


def test_hectares_are_conserved() -> None:
    course = run_down(80, 7, [(2.5, 20), (14, 60), (14, 5)], 30)
    times = np.linspace(0, 30, 61)
    taken = course.take_up * times - course.unmet(times)
    arrived = np.array([sum(ha for at, ha in [(2.5, 20), (14, 60), (14, 5)] if at <= time) for time in times])
    np.testing.assert_allclose(80 + arrived - taken, course.stock(times), atol=1e-9)


@pytest.mark.parametrize("seed", range(20))
def test_more_stock_never_depletes_earlier_and_more_take_up_never_later(seed: int) -> None:
    draw = np.random.default_rng(seed)
    stock, rate = draw.uniform(0, 300), draw.uniform(1, 40)
    arrivals = [(float(at), float(ha)) for at, ha in zip(draw.uniform(0, 30, 4), draw.uniform(0, 100, 4), strict=True)]

    def depleted(stock: float, rate: float) -> float:
        years = run_down(stock, rate, arrivals, 30).depletion
        return np.inf if years is None else years

    assert depleted(stock + 10, rate) >= depleted(stock, rate) - 1e-9
    assert depleted(stock, rate * 1.1) <= depleted(stock, rate) + 1e-9


@pytest.mark.parametrize(
    ("years", "stock", "expected"),
    [
        (0.0, 0.0, "depleted"),
        (2.99, 5.0, "too_late"),
        (3.0, 5.0, "start_now"),
        (5.99, 5.0, "start_now"),
        (6.0, 5.0, "time_left"),
        (None, 5.0, "not_within_horizon"),
    ],
)
def test_states(years: float | None, stock: float, expected: str) -> None:
    assert state(years, stock, LEADS) == expected


def test_depletion_and_start_by_years(areas, both) -> None:
    row = one(areas, counted(layer=["idle_prepared"], counted_ha=[300.0]), yearly(30.0), both)
    assert row["depletion_year"] == pytest.approx(2034.0, abs=1e-9)
    assert [row[f"start_by_{lead}_year"] for lead in (3, 4, 5)] == pytest.approx([2031, 2030, 2029], abs=1e-9)
    assert row["state"] == "time_left"
    assert row["basis"] == "derived"


def test_the_survey_asks_without_the_pipeline(areas, both) -> None:
    columns = {"layer": ["idle_prepared", "pipeline"], "counted_ha": [100.0, 50.0], "ready_year": [np.nan, 2027.0]}
    sites = counted(**columns, completion_probability=1.0)
    outlook = depletion.forecast(areas, sites, yearly(25.0), both, base_year=2024).outlook
    years = outlook[outlook["area_code"] == "14"].set_index("scenario_id")["years_to_depletion"]
    assert years["survey-2023"] == pytest.approx(4.0) and years["pipeline"] == pytest.approx(6.0)


def test_a_project_arrives_at_its_start_and_lead_time(areas, pipeline) -> None:
    columns = {"layer": ["idle_prepared", "pipeline"], "counted_ha": [100.0, 50.0], "start_year": [np.nan, 2024.0]}
    assert one(areas, counted(**columns), yearly(25.0), pipeline)["years_to_depletion"] == pytest.approx(6.0)
    late = one(areas, counted(**columns, lead_time_mode_years=[np.nan, 5.0]), yearly(25.0), pipeline)
    assert (late["years_to_depletion"], late["gap_years"], late["gap_unmet_ha"]) == pytest.approx((4.0, 1.0, 25.0))
    longer = one(areas, counted(**columns), yearly(25.0), pipeline, lead_times_years=(3.0, 5.0, 6.0))
    assert longer["years_to_depletion"] == pytest.approx(4.0)


def test_a_certain_date_and_probability_keep_the_basis_and_an_assumption_shows(areas, pipeline) -> None:
    columns = {"layer": ["idle_prepared", "pipeline"], "counted_ha": [100.0, 50.0], "ready_year": [np.nan, 2026.0]}
    assert one(areas, counted(**columns), yearly(25.0), pipeline)["pipeline_basis"] == "assumed"
    half = one(areas, counted(**columns, completion_probability=0.5), yearly(25.0), pipeline)
    assert half["pipeline_basis"] == "reported" and half["pipeline_ha"] == 25.0


def test_completed_projects_are_stock_and_undated_ones_are_named(areas, pipeline) -> None:
    sites = counted(layer="pipeline", counted_ha=[100.0, 50.0], status=["completed", "planned"])
    row = one(areas, sites, yearly(25.0), pipeline)
    assert (row["stock_ha"], row["pipeline_ha"], row["pipeline_undated_projects"]) == (100.0, 0.0, 1)


def test_overdue_projects_do_not_arrive_and_are_named(areas, pipeline) -> None:
    columns = {"layer": ["idle_prepared", "pipeline"], "counted_ha": [100.0, 50.0], "start_year": [np.nan, 2015.0]}
    row = one(areas, counted(**columns), yearly(25.0), pipeline)
    assert (row["years_to_depletion"], row["pipeline_ha"], row["pipeline_overdue_projects"]) == (4.0, 0.0, 1)


def test_projects_of_unknown_area_are_named_and_make_a_bound(areas, pipeline) -> None:
    columns = {"layer": ["idle_prepared", "pipeline"], "counted_ha": [100.0, np.nan], "ready_year": [np.nan, 2027.0]}
    row = one(areas, counted(**columns), yearly(25.0), pipeline)
    assert (row["pipeline_unknown_projects"], row["pipeline_undated_projects"]) == (1, 0)
    assert row["reason"] == "pipeline_partly_unknown"


def test_take_up_that_is_yet_to_come_is_not_averaged_in(areas, pipeline) -> None:
    take_up = pd.concat([yearly(25.0, year=2020), yearly(75.0, year=2035)])
    row = one(areas, counted(layer=["idle_prepared"], counted_ha=[100.0]), take_up, pipeline)
    assert (row["take_up_ha_per_year"], row["take_up_years"], row["later_years"]) == (25.0, 1, 1)


def test_land_that_arrives_at_once_is_there(areas, pipeline) -> None:
    columns = {"layer": ["idle_prepared", "pipeline"], "counted_ha": [0.0, 50.0], "ready_year": [np.nan, 2024.0]}
    row = one(areas, counted(**columns), yearly(25.0), pipeline)
    assert (row["state"], row["depletion_year"]) == ("too_late", 2026.0)


def test_start_by_years_are_of_3_4_and_5_years_whatever_the_lead_times(areas, pipeline) -> None:
    stock = counted(layer=["idle_prepared"], counted_ha=[100.0])
    row = one(areas, stock, yearly(25.0), pipeline, lead_times_years=(1.0, 2.0, 2.5))
    assert (row["start_by_3_year"], row["start_by_5_year"]) == (2025.0, 2023.0)
    assert (row["state"], row["lead_time_max_years"]) == ("time_left", 2.5)


def test_without_take_up_there_is_no_gap() -> None:
    assert run_down(0, 0, [(5.0, 10)], 30).gap == 0


def test_former_heavy_land_is_not_stock(areas, pipeline) -> None:
    sites = counted(layer=["idle_prepared", "former_heavy"], counted_ha=[100.0, 5000.0])
    assert one(areas, sites, yearly(25.0), pipeline)["stock_ha"] == 100.0


def test_suppressed_years_are_left_out_and_counted(areas, pipeline) -> None:
    take_up = pd.concat([yearly(20.0, year=2020), yearly(None, year=2021), yearly(40.0, year=2022)])
    row = one(areas, counted(layer=["idle_prepared"], counted_ha=[300.0]), take_up, pipeline)
    assert (row["take_up_ha_per_year"], row["take_up_years"], row["suppressed_years"]) == (30.0, 2, 1)


@pytest.mark.parametrize(
    ("sites", "take_up", "reason"),
    [
        (counted(layer=["former_heavy"], counted_ha=[1.0]), yearly(1.0), "no_sites"),
        (counted(layer=["idle_prepared"], counted_ha=[np.nan]), yearly(1.0), "stock_unknown"),
        (STOCK, yearly(1.0, code="13"), "no_take_up"),
        (STOCK, yearly(None), "take_up_suppressed"),
    ],
)
def test_no_data_is_an_answer_and_never_zero(areas, pipeline, sites, take_up, reason) -> None:
    row = one(areas, sites, take_up, pipeline)
    assert (row["state"], row["reason"]) == ("no_data", reason)
    assert np.isnan(row["depletion_year"]) and np.isnan(row["unmet_ha"])


def test_a_stock_with_unknown_sites_says_that_it_is_a_bound(areas, pipeline) -> None:
    sites = counted(layer="idle_prepared", counted_ha=[100.0, np.nan])
    row = one(areas, sites, yearly(25.0), pipeline)
    assert (row["stock_unknown_sites"], row["reason"]) == (1, "stock_partly_unknown")
    assert (row["depletion_year"], row["state"]) == (2028.0, "no_data")  # or later, which proves no urgency


def test_a_lower_bound_that_leaves_time_leaves_time(areas, pipeline) -> None:
    sites = counted(layer="idle_prepared", counted_ha=[300.0, np.nan])
    assert one(areas, sites, yearly(25.0), pipeline)["state"] == "time_left"


def test_the_trajectory_adds_up(areas, pipeline) -> None:
    sites = counted(layer=["idle_prepared", "pipeline"], counted_ha=[100.0, 50.0], ready_year=[np.nan, 2029.0])
    course = depletion.forecast(areas, sites, yearly(25.0), pipeline, base_year=2024, horizon_years=10).trajectory
    course = course[course["area_code"] == "14"].set_index("year")
    assert course.loc[2028.0, "stock_ha"] == 0 and course.loc[2029.0, "stock_ha"] == 50
    assert course.loc[2029.0, ["arrivals_ha", "unmet_ha", "take_up_ha"]].tolist() == [50, 25, 0]
    balance = course["stock_ha"].diff().dropna() - (course["arrivals_ha"] - course["take_up_ha"]).iloc[1:]
    assert balance.abs().max() < 1e-6


def test_lead_times_out_of_order_are_refused(areas, pipeline) -> None:
    with pytest.raises(ContractError, match="in order"):
        one(
            areas,
            STOCK,
            yearly(1.0),
            pipeline,
            lead_times_years=(5.0, 4.0, 3.0),
        )


def test_national_control() -> None:
    """10,000 ha at 1,311 ha a year last about 7.6 years, and net of 1,000 ha a year of development about 32."""
    assert run_down(10_000, 1_311, [], 60).depletion == pytest.approx(7.6, abs=0.05)
    assert run_down(10_000, 1_311 - 1_000, [], 60).depletion == pytest.approx(32, abs=0.2)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('id = "x"', "is missing"),
        ('id = "x"\ntitle_ja = "x"\ntitle_en = "x"\nsource = "x"\npipeline = "yes"', "pipeline = 'yes' is not allowed"),
        ('id = "x"\ntitle_ja = "x"\ntitle_en = "x"\nsource = "x"\npipeline = true\nfoo = 1', "unknown key foo"),
        ("id = ", "not valid TOML"),
    ],
)
def test_a_broken_scenario_is_named(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RuleError, match=message) as error:
        depletion.load_scenario(path)
    assert "mine.toml" in str(error.value)


def test_areas_keep_their_geometry(areas, pipeline) -> None:
    outlook = depletion.forecast(areas, STOCK, yearly(1.0), pipeline, base_year=2024).outlook
    assert isinstance(outlook, gpd.GeoDataFrame) and isinstance(outlook.geometry.iloc[0], shapely.Polygon)
