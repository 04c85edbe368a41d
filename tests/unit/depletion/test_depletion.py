# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from yochi.plugin.core import depletion
from yochi.plugin.core.depletion.answers import state
from yochi.plugin.core.errors import ContractError

LEADS = (3.0, 4.0, 5.0)


@pytest.fixture
def both() -> list[depletion.Scenario]:
    return [depletion.load_scenario(depletion.scenarios()[name]) for name in ("survey-2023", "pipeline")]


@pytest.fixture
def pipeline() -> list[depletion.Scenario]:
    return [depletion.load_scenario(depletion.scenarios()["pipeline"])]


def counted(**columns: object) -> pd.DataFrame:
    frame = pd.DataFrame({"area_code": "14101", **columns})
    frame["site_id"] = [f"s{number}" for number in range(len(frame))]
    certain = {"completion_probability": 1.0} if "completion_probability" not in frame else {}
    bases = dict.fromkeys(("available_basis", "counted_basis", "basis"), "reported")
    return frame.assign(available_ha=frame["counted_ha"], **bases, **certain)


def yearly(hectares: float | None, code: str = "14", year: float = 2020, basis: str = "derived") -> pd.DataFrame:
    row = {"area_code": code, "year": year, "take_up_ha": hectares, "suppressed": "yes" if hectares is None else "no"}
    return pd.DataFrame([{**row, "basis": basis}]).astype({"take_up_ha": "float64"})


STOCK = counted(layer=["idle_prepared"], counted_ha=[1.0])


def forecast(areas, sites, take_up, scenarios, *, verdicts=None, **settings: object) -> depletion.Forecast:
    """A forecast from 2024 on, without draws unless they are asked for."""
    asked = depletion.Settings(**{"base_year": 2024, "draws": 0, **settings})
    return depletion.forecast(areas, sites, take_up, scenarios, asked, verdicts=verdicts)


def one(areas: gpd.GeoDataFrame, sites: pd.DataFrame, take_up: pd.DataFrame, scenarios, **options: object) -> pd.Series:
    outlook = forecast(areas, sites, take_up, scenarios, **options).outlook
    return outlook[outlook["area_code"] == "14"].iloc[0]


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
    outlook = forecast(areas, sites, yearly(25.0), both).outlook
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
    unsure = counted(**columns, completion_probability=np.nan)
    assert one(areas, unsure, yearly(25.0), pipeline)["pipeline_basis"] == "assumed"
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
    course = forecast(areas, sites, yearly(25.0), pipeline, horizon_years=10).trajectory
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


def test_areas_keep_their_geometry(areas, pipeline) -> None:
    outlook = forecast(areas, STOCK, yearly(1.0), pipeline).outlook
    assert isinstance(outlook, gpd.GeoDataFrame) and isinstance(outlook.geometry.iloc[0], shapely.Polygon)
