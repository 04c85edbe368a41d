# SPDX-License-Identifier: GPL-2.0-or-later
"""Whatever the data say or leave unsaid, there is a named answer, with draws and without."""

from __future__ import annotations

import numpy as np
import pytest

EXACT = ("depletion_year", "start_by_4_year", "unmet_ha")
DRAWN = ("depletion_p50_year", "start_by_safe_year", "chance_depleted")
DRAWS = pytest.mark.parametrize("draws", [0, 200])


@pytest.fixture
def answer(areas, shipped, make_counted, make_take_up, foresee):
    """The row of prefecture 14 under the pipeline; take-up by year, sites by column."""

    def ask(years, *, draws=0, **columns):
        take_up = make_take_up({"14": years} if years else {"99": {2020: 1.0}})
        found = foresee(areas, make_counted(**columns), take_up, shipped("pipeline"), draws=draws)
        rows = found.outlook.set_index("area_code")
        assert set(found.trajectory["area_code"]) <= set(
            rows.index[rows["depletion_year"].notna() | rows["unmet_ha"].notna()]
        )
        return rows.loc["14"]

    return ask


THREE = {2020: 20.0, 2021: 25.0, 2022: 30.0}


@DRAWS
@pytest.mark.parametrize(
    ("years", "columns", "reason"),
    [
        (THREE, {"layer": ["former_heavy"], "counted_ha": [9.0]}, "no_sites"),
        (THREE, {"layer": ["idle_prepared"], "counted_ha": [np.nan]}, "stock_unknown"),
        ({}, {"layer": ["idle_prepared"], "counted_ha": [9.0]}, "no_take_up"),
        ({2020: None, 2021: None}, {"layer": ["idle_prepared"], "counted_ha": [9.0]}, "take_up_suppressed"),
        ({2025: 20.0}, {"layer": ["idle_prepared"], "counted_ha": [9.0]}, "not_before_base_year"),
    ],
)
def test_no_data_says_why_and_has_no_figure(answer, years, columns, reason, draws) -> None:
    row = answer(years, draws=draws, **columns)
    assert (row["state"], row["reason"], row["basis"]) == ("no_data", reason, "unknown")
    assert row[[*EXACT, *DRAWN]].isna().all()
    assert row["draws"] == 0


@DRAWS
@pytest.mark.parametrize(
    ("reserve", "state", "depletion", "least"),
    [(40.0, "too_late", 2026.4, 40.0), (100.0, "depleted", 2024.0, 100.0), (150.0, "depleted", 2024.0, 100.0)],
)
def test_a_reserve_is_kept_back(
    areas, foresee, make_counted, make_take_up, shipped, reserve, state, depletion, least, draws
) -> None:
    kept = areas.assign(reserve_ha=areas["area_code"].map({"14": reserve}))
    stock = make_counted(layer=["idle_prepared"], counted_ha=[100.0])
    years = make_take_up({"14": dict.fromkeys((2020, 2021, 2022), 25.0)})
    found = foresee(kept, stock, years, shipped("survey-2023"), draws=draws)
    row = found.outlook.set_index("area_code").loc["14"]
    assert (row["stock_ha"], row["reserve_ha"], row["state"]) == (100.0, reserve, state)
    assert row["depletion_year"] == pytest.approx(depletion)
    course = found.trajectory.query("area_code == '14'")
    assert (course["stock_ha"].iloc[0], course["stock_ha"].min()) == (100.0, pytest.approx(least))
    if draws:
        assert row["depletion_p50_year"] == pytest.approx(depletion)
        assert course["stock_p90_ha"].iloc[-1] == pytest.approx(least)


@DRAWS
def test_zero_take_up_never_depletes(answer, draws) -> None:
    row = answer({2020: 0.0, 2021: 0.0, 2022: 0.0}, draws=draws, layer=["idle_prepared"], counted_ha=[9.0])
    assert (row["state"], row["survey_bin"]) == ("not_within_horizon", "later")
    assert np.isnan(row["depletion_year"]) and row["unmet_ha"] == 0
    if draws:
        assert row["chance_depleted"] == 0 and np.isnan(row["depletion_p10_year"])


@DRAWS
def test_zero_stock_is_depleted(answer, draws) -> None:
    row = answer(THREE, draws=draws, layer=["idle_prepared"], counted_ha=[0.0])
    assert (row["state"], row["depletion_year"], row["survey_bin"]) == ("depleted", 2024.0, "depleted")
    if draws:
        assert (row["chance_depleted_1_year"], row["depletion_p90_year"]) == (1.0, 2024.0)


@DRAWS
def test_a_project_after_the_horizon_is_named_and_does_not_arrive(answer, draws) -> None:
    columns = {"layer": ["idle_prepared", "pipeline"], "counted_ha": [50.0, 900.0], "ready_year": [np.nan, 2060.0]}
    row = answer(THREE, draws=draws, **columns)
    assert row["depletion_year"] == pytest.approx(2026.0)
    assert (row["pipeline_ha"], row["pipeline_projects"]) == (0.0, 0)
    if draws:
        assert row["depletion_p90_year"] < 2028


def test_one_suppressed_year_is_left_out_and_counted(answer) -> None:
    row = answer({2020: 20.0, 2021: None, 2022: 30.0}, layer=["idle_prepared"], counted_ha=[50.0])
    assert (row["take_up_ha_per_year"], row["take_up_years"], row["suppressed_years"]) == (25.0, 2, 1)


def test_draws_are_told_beside_what_is_exact(answer) -> None:
    row = answer(THREE, draws=500, layer=["idle_prepared"], counted_ha=[100.0])
    assert (row["draws"], row["seed"], row["basis"]) == (500, 1, "derived")
    assert row["depletion_p10_year"] < row["depletion_year"] < row["depletion_p90_year"]
    assert row["depletion_year"] - 5 < row["start_by_safe_year"] < row["start_by_3_year"]
    assert row["chance_depleted_3_years"] <= row["chance_depleted_5_years"] <= row["chance_depleted"] == 1.0
    assert row["required_starts_ha_per_year"] > 20 and row["required_from_year"] == 2029.0


def test_few_years_scatter_by_assumption_and_say_so(answer) -> None:
    drawn = answer({2020: 25.0}, draws=100, layer=["idle_prepared"], counted_ha=[100.0])
    assert drawn["basis"] == "assumed" and drawn["take_up_basis"] == "reported"
    assert answer({2020: 25.0}, layer=["idle_prepared"], counted_ha=[100.0])["basis"] == "derived"


def test_an_area_without_any_site_or_year_has_a_row(areas, shipped, make_counted, make_take_up, foresee) -> None:
    elsewhere = make_counted(layer=["idle_prepared"], counted_ha=[1.0], area_code="unplaced")
    found = foresee(areas, elsewhere, make_take_up({"99": {2020: 1.0}}), shipped("pipeline"), draws=10)
    assert found.outlook[["area_code", "state", "reason"]].to_numpy().tolist() == [["14", "no_data", "no_sites"]]
    assert found.trajectory.empty and found.sensitivity.empty and found.gains.empty
