# SPDX-License-Identifier: GPL-2.0-or-later
"""The deterministic run: exact, and the same whichever way the take-up is stated."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yochi.plugin.core.depletion.engine.cases import Arrivals, Case
from yochi.plugin.core.depletion.engine.rundown import deterministic, run_down
from yochi.plugin.core.errors import ContractError

HORIZON = 30.0
TIMES = np.linspace(0, HORIZON, 121)

hectares = st.floats(0, 300)
rates = st.lists(st.just(0.0) | st.floats(0.001, 50), min_size=30, max_size=30).map(np.array)
projects = st.lists(st.tuples(st.floats(-2, 35), st.floats(0.1, 100)), max_size=5)


def project(**columns: float) -> Arrivals:
    unknown = np.array([np.nan])
    fields = dict.fromkeys(("ready", "start", "lead_min", "lead_mode", "lead_max"), unknown)
    return Arrivals(("p",), **fields | {name: np.array([value]) for name, value in columns.items()})


def lasts(stock: float, take_up: float | np.ndarray, arrivals: list[tuple[float, float]]) -> float:
    years = run_down(stock, take_up, arrivals, HORIZON).depletion
    return np.inf if years is None else years


def test_the_worked_examples() -> None:
    assert run_down(300, 30, [], HORIZON).depletion == pytest.approx(10.0, abs=1e-9)
    assert run_down(100, 25, [(3.0, 50)], HORIZON).depletion == pytest.approx(6.0, abs=1e-9)
    late = run_down(100, 25, [(5.0, 50)], HORIZON)
    assert (late.depletion, late.gap, late.gap_unmet) == pytest.approx((4.0, 1.0, 25.0), abs=1e-9)
    assert late.unmet(np.array([4.0, 4.5, 5.0, 7.0, 8.0])) == pytest.approx([0, 12.5, 25, 25, 50], abs=1e-9)


def test_a_rate_that_is_the_same_every_year_is_a_rate() -> None:
    arrivals = [(2.5, 20.0), (14.0, 60.0), (14.0, 5.0)]
    steady, yearly = run_down(80, 7, arrivals, HORIZON), run_down(80, np.full(30, 7.0), arrivals, HORIZON)
    assert yearly.depletion == pytest.approx(steady.depletion, abs=1e-9)
    assert (yearly.gap, yearly.gap_unmet) == pytest.approx((steady.gap, steady.gap_unmet), abs=1e-9)
    for course in ("stock", "unmet", "taken", "arrivals"):
        np.testing.assert_allclose(getattr(yearly, course)(TIMES), getattr(steady, course)(TIMES), atol=1e-9)


def test_a_rate_changes_at_the_turn_of_a_year() -> None:
    course = run_down(40, np.array([10.0, 20.0, 40.0]), [], 3)
    assert course.depletion == pytest.approx(2.25, abs=1e-9)
    assert course.unmet(np.array([2.25, 3.0])) == pytest.approx([0, 30], abs=1e-9)
    assert course.taken(np.array([1.0, 1.5, 3.0])) == pytest.approx([10, 20, 40], abs=1e-9)


def test_a_year_without_take_up_leaves_the_stock_and_is_no_gap() -> None:
    course = run_down(10, np.array([10.0, 0.0, 5.0, 5.0]), [(3.0, 20)], 4)
    assert course.depletion == pytest.approx(1.0)
    assert (course.gap, course.gap_unmet) == pytest.approx((1.0, 5.0))


@pytest.mark.parametrize(
    ("stock", "take_up", "arrivals", "years"),
    [
        (100, 1, [], None),
        (30, 1, [], 30),
        (100, 0, [], None),
        (0, 0, [], 0),
        (0, 5, [], 0),
        (0, 0, [(5.0, 10)], 0),
        (0, 5, [(0.0, 10)], 2),
        (0, 5, [(-3.0, 10)], 2),
        (10, 1, [(40, 1000)], 10),
        (10, 1, [(5, 0)], 10),
    ],
)
def test_the_ends_of_the_scale(stock, take_up, arrivals, years) -> None:
    assert run_down(stock, take_up, arrivals, HORIZON).depletion == years


def test_an_arrival_in_the_last_moment_is_in_time() -> None:
    for moment in (4.0, 2028.3 - 2024.3):
        course = run_down(100, 25, [(moment, 50)], HORIZON)
        assert course.depletion == pytest.approx(6.0) and course.gap == 0


def test_a_horizon_within_a_year() -> None:
    assert run_down(24, np.full(3, 10.0), [], 2.5).depletion == pytest.approx(2.4)
    assert run_down(26, np.full(3, 10.0), [], 2.5).depletion is None


@given(hectares, rates, projects)
def test_hectares_are_conserved(stock, take_up, arrivals) -> None:
    course = run_down(stock, take_up, arrivals, HORIZON)
    asked = np.interp(TIMES, np.arange(31), np.concatenate([[0], np.cumsum(take_up)]))
    np.testing.assert_allclose(
        stock + course.arrivals(TIMES) - asked + course.unmet(TIMES), course.stock(TIMES), atol=1e-6
    )
    np.testing.assert_allclose(course.taken(TIMES) + course.unmet(TIMES), asked, atol=1e-6)
    assert course.unmet(np.array([HORIZON]))[0] >= course.gap_unmet - 1e-9


@given(hectares, rates, projects, st.floats(0, 50), st.floats(1, 2))
def test_more_stock_never_depletes_earlier_and_more_take_up_never_later(stock, take_up, arrivals, more, factor) -> None:
    assert lasts(stock + more, take_up, arrivals) >= lasts(stock, take_up, arrivals) - 1e-5
    assert lasts(stock, take_up * factor, arrivals) <= lasts(stock, take_up, arrivals) + 1e-5


def test_projects_come_when_they_are_likeliest_to_with_what_is_expected() -> None:
    stated = project(ready=5.0, probability=0.5, hectares=100.0)
    reckoned = project(start=1.0, lead_min=3.0, lead_mode=4.0, lead_max=9.0, probability=0.5, hectares=100.0)
    for arrivals in (stated, reckoned):
        course = deterministic(Case("14", 100.0, np.array([20.0, 30.0]), arrivals=arrivals), HORIZON)
        assert (course.depletion, course.gap, course.gap_unmet) == pytest.approx((4.0, 1.0, 25.0), abs=1e-9)


def test_a_project_that_never_completes_ends_no_gap() -> None:
    arrivals = project(ready=5.0, probability=0.0, hectares=100.0)
    assert deterministic(Case("14", 100.0, np.array([25.0]), arrivals=arrivals), HORIZON).gap == 0


def test_growth_takes_more_each_year() -> None:
    course = deterministic(Case("14", 100.0, np.array([20.0, 40.0]), growth=0.1), HORIZON)
    assert course.rates[:3] == pytest.approx([30, 33, 36.3], abs=1e-9)
    assert course.depletion == pytest.approx(3 + (100 - 99.3) / 39.93, abs=1e-9)


@pytest.mark.parametrize(
    "wrong",
    [
        {"hectares": np.nan, "ready": 3.0, "probability": 1.0},
        {"hectares": 1.0, "ready": 3.0, "probability": 1.1},
        {"hectares": 1.0, "probability": 1.0},
        {"hectares": 1.0, "probability": 1.0, "start": 1.0},
        {"hectares": 1.0, "probability": 1.0, "start": 1.0, "lead_min": 4.0, "lead_mode": 3.0, "lead_max": 5.0},
    ],
)
def test_what_cannot_arrive_is_named(wrong) -> None:
    with pytest.raises(ContractError, match="Project p"):
        project(**wrong)


def test_arrays_of_one_length() -> None:
    with pytest.raises(ContractError, match="one length"):
        Arrivals(("p", "q"), hectares=np.array([1.0]))


@pytest.mark.parametrize(("stock", "years"), [(np.nan, [1.0]), (1.0, []), (1.0, [np.nan]), (1.0, [-1.0])])
def test_what_cannot_be_reckoned_is_named(stock, years) -> None:
    with pytest.raises(ContractError, match="Area 14"):
        Case("14", stock, np.array(years))
