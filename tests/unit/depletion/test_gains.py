# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yochi.plugin.core.depletion.comparisons.gains import gains, reference_scenario
from yochi.plugin.core.depletion.engine.cases import NO_ARRIVALS, Arrivals, Case
from yochi.plugin.core.depletion.engine.rundown import deterministic
from yochi.plugin.core.depletion.engine.simulation import simulate

HORIZON = 30.0
FIGURES = ["gain_years", "gain_p10_years", "gain_p50_years", "gain_p90_years"]


def outlook(*rows: dict[str, object]) -> pd.DataFrame:
    """Rows of an outlook; a row without a state has time left, or lasts beyond the horizon where it has no year."""
    frame = pd.DataFrame(rows).reindex(
        columns=["area_code", "scenario_id", "years_to_depletion", "state", "reason", "basis"]
    )
    frame["years_to_depletion"] = frame["years_to_depletion"].astype("float64")
    stated = frame["years_to_depletion"].map(lambda years: "not_within_horizon" if np.isnan(years) else "time_left")
    frame = frame.assign(state=frame["state"].where(frame["state"].notna(), stated))
    return frame.fillna({"area_code": "14", "basis": "derived"}).assign(horizon_years=HORIZON)


def pair(against: float | None, years: float | None, **rest: object) -> pd.DataFrame:
    return outlook(
        {"scenario_id": "pipeline", "years_to_depletion": against},
        {"scenario_id": "rationalised", "years_to_depletion": years, **rest},
    )


def one(frame: pd.DataFrame, drawn: dict[str, list[float]] | None = None) -> pd.Series:
    draws = {("14", scenario): np.array(years) for scenario, years in (drawn or {}).items()}
    found = gains(frame, draws, "pipeline")
    assert len(found) == 1
    return found.iloc[0]


def test_the_pipeline_is_the_reference_where_there_is_one() -> None:
    assert reference_scenario(["survey-2023", "pipeline", "own"]) == "pipeline"
    assert reference_scenario(["survey-2023", "own"]) == "survey-2023"


def converted(probability: float, stated: float = 3.0, hectares: float = 100.0) -> Arrivals:
    """A former works that becomes land for sale in a stated year."""
    unused = np.array([np.nan])
    return Arrivals(
        ("works",), np.array([stated]), unused, unused, unused, unused, np.array([probability]), np.array([hectares])
    )


def both(take_up: list[float], conversion: Arrivals) -> tuple[Case, Case]:
    return tuple(Case("14", 100.0, np.array(take_up), arrivals=added) for added in (NO_ARRIVALS, conversion))


def simulated(cases: tuple[Case, Case]) -> dict[str, list[float]]:
    run = simulate(cases, draws=200, seed=7, horizon_years=HORIZON, lead_times_years=(3.0, 4.0, 5.0))
    return dict(zip(("pipeline", "rationalised"), run.depletion.tolist(), strict=True))


def test_a_conversion_gains_the_years_that_its_hectares_last() -> None:
    cases = both([20.0, 30.0], converted(0.5))
    years = [deterministic(case, HORIZON).depletion for case in cases]
    assert one(pair(*years))["gain_years"] == pytest.approx(2.0, abs=1e-9)


def test_without_chance_the_draws_gain_what_the_deterministic_run_gains() -> None:
    cases = both([25.0, 25.0, 25.0], converted(1.0))
    row = one(pair(*(deterministic(case, HORIZON).depletion for case in cases)), simulated(cases))
    assert row[FIGURES].astype(float).to_numpy() == pytest.approx(np.full(4, 4.0), abs=1e-9)


def test_draws_are_common_to_the_scenarios_so_that_more_land_loses_in_none() -> None:
    row = one(pair(4.0, 8.0), simulated(both([5.0, 20.0, 60.0], converted(0.8))))
    assert row["gain_p10_years"] >= 0 and row["gain_p90_years"] > row["gain_p10_years"]


def test_every_other_scenario_of_every_area_is_held_against_the_reference() -> None:
    rows = [
        {"area_code": area, "scenario_id": scenario, "years_to_depletion": years}
        for area, base in (("01", 5.0), ("14", 8.0))
        for scenario, years in (("survey-2023", base - 2), ("pipeline", base), ("rationalised", base + 4))
    ]
    found = gains(outlook(*rows), {}, "pipeline")
    assert found["against_scenario_id"].unique().tolist() == ["pipeline"]
    told = found.set_index(["area_code", "scenario_id"])["gain_years"].to_dict()
    assert told == {
        ("01", "survey-2023"): -2.0,
        ("01", "rationalised"): 4.0,
        ("14", "survey-2023"): -2.0,
        ("14", "rationalised"): 4.0,
    }
    assert found["bound"].unique().tolist() == ["no"] and found["reason"].isna().all()


@pytest.mark.parametrize(("against", "years", "gain"), [(10.0, None, 20.0), (None, 10.0, -20.0)])
def test_a_depletion_beyond_the_horizon_bounds_the_gain(
    against: float | None, years: float | None, gain: float
) -> None:
    row = one(pair(against, years))
    assert (row["gain_years"], row["bound"], row["reason"]) == (gain, "yes", None)


def test_nothing_is_known_where_both_lie_beyond_the_horizon() -> None:
    row = one(pair(None, None), {"pipeline": [np.inf, np.inf], "rationalised": [np.inf, np.inf]})
    assert row[FIGURES].isna().all()
    assert (row["bound"], row["reason"]) == ("yes", "both_beyond_horizon")


def test_no_data_gives_no_gain_and_says_why() -> None:
    row = one(pair(10.0, None, state="no_data", reason="verdicts_missing", basis="unknown"))
    assert row[FIGURES].isna().all() and row["bound"] is None
    assert row["reason"] == "verdicts_missing; no_data"


def test_a_bound_of_the_outlook_is_carried_once() -> None:
    frame = pair(10.0, 12.0).assign(reason=["stock_partly_unknown", "stock_partly_unknown; pipeline_partly_unknown"])
    row = one(frame)
    assert row["gain_years"] == 2.0
    assert row["reason"] == "stock_partly_unknown; pipeline_partly_unknown"


def test_a_gain_is_as_weak_as_its_weaker_end() -> None:
    assert one(pair(10.0, 12.0, basis="assumed"))["basis"] == "assumed"


def test_percentiles_are_of_paired_draws() -> None:
    drawn = {"pipeline": [float(year) for year in range(1, 11)], "rationalised": [year + 3.0 for year in range(1, 11)]}
    row = one(pair(5.0, 8.0), drawn)
    assert row[FIGURES].tolist() == [3.0] * 4
    shuffled = one(pair(5.0, 8.0), {**drawn, "rationalised": drawn["rationalised"][::-1]})
    assert shuffled["gain_p10_years"] < 3.0 < shuffled["gain_p90_years"]


def test_draws_are_cut_at_the_horizon() -> None:
    row = one(pair(5.0, None), {"pipeline": [10.0, 20.0, np.inf], "rationalised": [np.inf, np.inf, np.inf]})
    assert row[FIGURES[1:]].tolist() == [0.0, 10.0, 20.0]


@pytest.mark.parametrize("drawn", [None, {"pipeline": [4.0]}, {"pipeline": [], "rationalised": []}])
def test_without_draws_there_are_no_percentiles(drawn: dict[str, list[float]] | None) -> None:
    row = one(pair(5.0, 7.0), drawn)
    assert row["gain_years"] == 2.0 and row[FIGURES[1:]].isna().all()


def test_a_scenario_alone_has_nothing_to_be_held_against() -> None:
    found = gains(outlook({"scenario_id": "pipeline", "years_to_depletion": 4.0}), {}, "pipeline")
    assert found.empty and "gain_years" in found


YEARS = st.lists(st.floats(0, 40).map(lambda years: np.inf if years > HORIZON else years), min_size=12, max_size=12)


@settings(max_examples=30, deadline=None)
@given(YEARS, YEARS)
def test_percentiles_are_in_order_and_turn_with_the_pair(first: list[float], second: list[float]) -> None:
    drawn = {"pipeline": first, "rationalised": second}
    there, back = one(pair(5.0, 6.0), drawn), one(pair(5.0, 6.0), {"pipeline": second, "rationalised": first})
    if not np.isfinite([first, second]).any():
        assert there[FIGURES[1:]].isna().all()
        return
    p10, p50, p90 = there[FIGURES[1:]]
    assert -HORIZON <= p10 <= p50 <= p90 <= HORIZON
    # Twelve draws: the order statistics of the tenth and the ninetieth percentile are the second from either end.
    assert back["gain_p10_years"] == -p90 and back["gain_p90_years"] == -p10


@settings(max_examples=30, deadline=None)
@given(YEARS, st.lists(st.floats(0, 10), min_size=12, max_size=12))
def test_what_never_depletes_earlier_never_loses_years(years: list[float], later: list[float]) -> None:
    put_off = [year + more for year, more in zip(years, later, strict=True)]
    figures = one(pair(5.0, 6.0), {"pipeline": years, "rationalised": put_off})[FIGURES[1:]]
    assert (figures.dropna() >= 0).all()
