# SPDX-License-Identifier: GPL-2.0-or-later
"""The simulated run: every draw is a run of its own, and chance never depends on who else is asked."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yochi.plugin.core.depletion.engine import draws as by_chance
from yochi.plugin.core.depletion.engine import simulation as simulation_module
from yochi.plugin.core.depletion.engine.cases import NO_ARRIVALS, Arrivals, Case
from yochi.plugin.core.depletion.engine.paths import Course, Demand, meet
from yochi.plugin.core.depletion.engine.rundown import deterministic, run_down
from yochi.plugin.core.depletion.engine.simulation import Simulation, percentile, simulate
from yochi.plugin.core.errors import CancelledError
from yochi.plugin.core.progress import Progress

DRAWS, SEED, HORIZON, LEADS = 400, 7, 30.0, (3.0, 4.0, 5.0)
LUMPY = np.array([0.0, 3.0, 11.0, 45.0, 0.0])


def run(*cases: Case, draws: int = DRAWS, seed: int = SEED, horizon: float = HORIZON, leads=LEADS) -> Simulation:
    return simulate(cases, draws=draws, seed=seed, horizon_years=horizon, lead_times_years=leads)


def pipeline(*keys: str, probability: float = 0.7, longer: float = 0.0, **columns: list[float]) -> Arrivals:
    """Projects that start one after the other, each with 40 ha; columns replace what is told here."""
    count = len(keys)
    told = {
        "ready": np.full(count, np.nan),
        "start": np.arange(-2.0, count - 2),
        "lead_min": np.full(count, 3.0 + longer),
        "lead_mode": np.full(count, 4.0 + longer),
        "lead_max": np.full(count, 6.0 + longer),
        "probability": np.full(count, probability),
        "hectares": np.full(count, 40.0),
    }
    return Arrivals(keys, **told | {name: np.array(values) for name, values in columns.items()})


def prefecture(**changes: object) -> Case:
    return replace(Case("14", 60.0, LUMPY, arrivals=pipeline("a", "b", "c", "d", "e")), **changes)


def course_of(case: Case, draws: int = DRAWS, horizon: float = HORIZON) -> tuple[np.ndarray, np.ndarray, Course]:
    rates = by_chance.take_up(case, int(np.ceil(horizon)), draws, SEED)
    ready = by_chance.readiness(case.arrivals, draws, SEED)
    hectares = np.broadcast_to(case.arrivals.hectares[:, None], ready.shape)
    return rates, ready, meet(Demand.of(rates, horizon), case.stock_ha, ready, hectares)


def assert_same(one: Simulation, other: Simulation, rows: list[int]) -> None:
    for field in fields(Simulation):
        np.testing.assert_array_equal(getattr(one, field.name)[rows], getattr(other, field.name), field.name)


@pytest.mark.parametrize("horizon", [30.0, 12.4])
@pytest.mark.parametrize("case", [prefecture(), prefecture(stock_ha=0.0), prefecture(arrivals=NO_ARRIVALS)])
def test_every_draw_is_an_exact_run(case: Case, horizon: float) -> None:
    rates, ready, course = course_of(case, horizon=horizon)
    years = np.arange(len(rates) + 1).clip(max=horizon)
    for draw in range(DRAWS):
        exact = run_down(
            case.stock_ha, rates[:, draw], [*zip(ready[:, draw], case.arrivals.hectares, strict=True)], horizon
        )
        lasts = np.inf if exact.depletion is None else exact.depletion
        assert (course.depletion[draw], course.gap[draw]) == pytest.approx((lasts, exact.gap), abs=1e-9)
        for name, reckoned in (("stock", exact.stock), ("unmet", exact.unmet), ("arrived", exact.arrivals)):
            np.testing.assert_allclose(getattr(course, name)[:, draw], reckoned(years), atol=1e-9, err_msg=name)


def quarters(low: int, high: int) -> st.SearchStrategy[float]:
    """Numbers in steps of a quarter, so that things often happen at the same moment."""
    return st.integers(4 * low, 4 * high).map(lambda number: number / 4)


@st.composite
def steady(draw: st.DrawFn) -> Case:
    """A case in which nothing is left to chance."""
    count = draw(st.integers(0, 4))

    def numbers(strategy: st.SearchStrategy[float]) -> np.ndarray:
        return np.array(draw(st.lists(strategy, min_size=count, max_size=count)), dtype=float)

    arrivals = Arrivals(
        tuple(f"p{number}" for number in range(count)),
        ready=numbers(st.just(np.nan) | quarters(-1, 33)),
        start=numbers(quarters(-3, 28)),
        **dict.fromkeys(("lead_min", "lead_mode", "lead_max"), numbers(quarters(0, 8))),
        probability=numbers(st.sampled_from([0.0, 1.0])),
        hectares=numbers(quarters(0, 200)),
    )
    years = np.full(draw(st.integers(1, 5)), draw(quarters(0, 60)))
    growth = draw(st.sampled_from([0.0, -0.05, 0.1]))
    return Case("14", draw(quarters(0, 400)), years, growth=growth, arrivals=arrivals)


@settings(deadline=None, max_examples=150)
@given(steady())
def test_without_spread_it_is_the_deterministic_run(case: Case) -> None:
    simulation, exact = run(case, draws=3, leads=(4.0, 4.0, 4.0)), deterministic(case, HORIZON)
    years = np.arange(31.0)
    lasts = np.inf if exact.depletion is None else exact.depletion
    assert simulation.depletion[0] == pytest.approx(np.full(3, lasts), abs=1e-9)
    assert simulation.start_by_safe[0] == pytest.approx(lasts - 4, abs=1e-9)
    assert simulation.chance_gap[0] == (exact.gap > 0)
    assert simulation.gap_mean_years[0] == pytest.approx(exact.gap or np.nan, abs=1e-9, nan_ok=True)
    assert simulation.unmet_mean_ha[0] == pytest.approx(exact.unmet(np.array([HORIZON]))[0], abs=1e-9)
    np.testing.assert_allclose(simulation.stock[0], np.tile(exact.stock(years)[:, None], 3), atol=1e-9)
    for name, course in (("take_up", exact.taken), ("arrivals", exact.arrivals), ("unmet", exact.unmet)):
        yearly = np.diff(course(years), prepend=0.0)
        np.testing.assert_allclose(getattr(simulation, f"{name}_mean")[0], yearly, atol=1e-9, err_msg=name)


def test_the_worked_examples() -> None:
    certain = {"ready": [3.0], "probability": 1.0, "hectares": [50.0]}
    early = Case("14", 100.0, np.array([25.0]), arrivals=pipeline("a", **certain))
    late = Case("14", 100.0, np.array([25.0]), arrivals=pipeline("a", **certain | {"ready": [5.0]}))
    simulation = run(Case("14", 300.0, np.array([30.0])), early, late, draws=2)
    assert simulation.depletion[:, 0] == pytest.approx([10.0, 6.0, 4.0], abs=1e-9)
    assert simulation.chance_gap.tolist() == [0, 0, 1] and simulation.gap_mean_years[2] == pytest.approx(1.0, abs=1e-9)
    assert simulation.unmet_mean[2, 5] == pytest.approx(25.0, abs=1e-9)


@pytest.mark.parametrize(
    ("stock", "take_up", "ready", "lasts"),
    [
        (0.0, 0.0, 0.0, np.inf),
        (0.0, 0.0, 5.0, 0.0),
        (0.0, 5.0, -1.0, 8.0),
        (100.0, 25.0, 4.0, 5.6),
        (100.0, 25.0, 4.0 + 1e-8, 5.6),
    ],
)
def test_what_is_there_in_the_last_moment_is_in_time(stock: float, take_up: float, ready: float, lasts: float) -> None:
    case = Case("14", stock, np.array([take_up]), arrivals=pipeline("a", ready=[ready], probability=1.0))
    simulation = run(case, draws=2)
    assert simulation.depletion[0] == pytest.approx([lasts, lasts])
    assert simulation.chance_gap[0] == 0


def test_hectares_are_conserved_in_every_draw() -> None:
    case = prefecture()
    rates, _, course = course_of(case)
    asked = np.vstack([np.zeros(DRAWS), np.cumsum(rates, axis=0)])
    np.testing.assert_allclose(case.stock_ha + course.arrived - asked + course.unmet, course.stock, atol=1e-9)
    assert (course.stock >= 0).all() and (np.diff(course.unmet, axis=0) >= 0).all()
    simulation = run(case)
    taken, arrived = simulation.take_up_mean[0], simulation.arrivals_mean[0]
    np.testing.assert_allclose(case.stock_ha + np.cumsum(arrived - taken), course.stock.mean(axis=1), atol=1e-9)


def test_numbers_do_not_depend_on_who_else_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    arrivals = [pipeline(*"abcdefg"[:count]) for count in (3, 0, 7, 1, 1, 3)]
    cases = [Case(f"{number:02d}", 15.0 * number, LUMPY, arrivals=some) for number, some in enumerate(arrivals)]
    together = run(*cases)
    assert_same(together, run(*cases[::-1]), [5, 4, 3, 2, 1, 0])
    assert_same(together, run(cases[3]), [3])
    assert not np.array_equal(together.depletion, run(*cases, seed=SEED + 1).depletion)
    for cells in (1, 3 * DRAWS * 31):
        monkeypatch.setattr(simulation_module, "CELLS", cells)
        assert_same(together, run(*cases), [0, 1, 2, 3, 4, 5])


def test_no_case_is_no_answer() -> None:
    assert run().depletion.shape == (0, DRAWS)


def test_draws_are_these_on_every_machine() -> None:
    """What is drawn must not change unnoticed: a study that is run again has to say the same."""
    case = Case("14", 1.0, np.array([1.0, 2.0, 3.0, 4.0]))
    assert by_chance.take_up(case, 1, 8, 1)[0].tolist() == [1, 1, 3, 4, 3, 3, 2, 1]
    assert by_chance.area_lead_times("14", LEADS, 2, 1) == pytest.approx([4.466924180185031, 3.9282453607394086])


def test_scenarios_of_an_area_share_their_luck() -> None:
    low, high = prefecture(take_up_ha=LUMPY * 0.5), prefecture(take_up_ha=LUMPY)
    first, second = (by_chance.take_up(case, 30, DRAWS, SEED) for case in (low, high))
    np.testing.assert_allclose(first * 2, second)
    few = [replace(prefecture(take_up_ha=np.array([factor * 8, factor * 12])), spread=0.5) for factor in (1, 3)]
    first, second = (by_chance.take_up(case, 30, DRAWS, SEED) for case in few)
    np.testing.assert_allclose(first * 3, second)


def test_a_project_has_its_luck_in_whatever_it_is_in() -> None:
    alone, among = pipeline("c", start=[0.0]), pipeline("a", "b", "c")
    first, last = by_chance.readiness(alone, DRAWS, SEED)[0], by_chance.readiness(among, DRAWS, SEED)[2]
    np.testing.assert_array_equal(first, last)


def test_a_surer_project_keeps_the_draws_in_which_it_came() -> None:
    unsure, surer = (by_chance.readiness(pipeline("a", probability=chance), DRAWS, SEED)[0] for chance in (0.4, 0.6))
    came = np.isfinite(unsure)
    np.testing.assert_array_equal(unsure[came], surer[came])
    assert came.mean() == pytest.approx(0.4, abs=0.08) and np.isfinite(surer).mean() == pytest.approx(0.6, abs=0.08)


def test_three_years_are_drawn_from_and_fewer_give_a_spread() -> None:
    own = np.array([1.0, 4.0, 40.0])
    drawn = by_chance.take_up(Case("14", 1.0, own, spread=0.5), 30, 2_000, SEED)
    values, counts = np.unique(drawn, return_counts=True)
    assert values.tolist() == own.tolist() and counts / drawn.size == pytest.approx(np.full(3, 1 / 3), abs=0.01)
    drawn = by_chance.take_up(Case("14", 1.0, own[1:], spread=0.5), 30, 2_000, SEED)
    assert drawn.mean() == pytest.approx(22, rel=0.01) and drawn.std() == pytest.approx(11, rel=0.02)
    drawn = by_chance.take_up(Case("14", 1.0, own[1:], growth=0.02), 3, 5, SEED)
    assert drawn == pytest.approx(np.tile([[22], [22.44], [22.8888]], 5))


def test_lead_times_are_triangular() -> None:
    leads = by_chance.area_lead_times("14", (3.0, 4.0, 8.0), 200_000, SEED)
    assert 3 <= leads.min() < 3.1 and 7.8 < leads.max() <= 8
    assert leads.mean() == pytest.approx(15 / 3, abs=0.02)
    assert leads.var() == pytest.approx((9 + 16 + 64 - 12 - 24 - 32) / 18, rel=0.02)
    assert (by_chance.area_lead_times("14", (3.0, 4.5, 8.0), 200_000, SEED) >= leads).all()


@settings(deadline=None, max_examples=30)
@given(st.floats(0, 200), st.floats(0, 100), st.floats(1, 3), st.floats(0, 5))
def test_more_and_longer_move_one_way_in_every_draw(stock: float, more: float, factor: float, longer: float) -> None:
    case = prefecture(stock_ha=stock)
    richer = replace(case, stock_ha=stock + more)
    greedier = replace(case, take_up_ha=LUMPY * factor)
    slower = replace(case, arrivals=pipeline(*case.arrivals.keys, longer=longer))
    lasts, richer_lasts, greedier_lasts, slower_lasts = run(case, richer, greedier, slower, draws=100).depletion
    later = 1e-5  # what comes half a minute late is in time
    assert (richer_lasts >= lasts - later).all()
    assert (greedier_lasts <= lasts + later).all()
    assert (slower_lasts <= lasts + later).all()


@settings(deadline=None, max_examples=20)
@given(st.floats(0, 200), st.floats(0, 3), st.floats(0, 3))
def test_a_longer_lead_time_never_moves_the_safe_start_later(stock: float, first: float, second: float) -> None:
    case = prefecture(stock_ha=stock)
    shorter, longer = (3.0, 4.0, 5.0), (3.0 + first, 4.0 + first, 5.0 + first + second)
    assert run(case, leads=longer).start_by_safe[0] <= run(case, leads=shorter).start_by_safe[0] + 1e-9


@pytest.mark.parametrize("stock", [450.0, 455.0, 460.0, 465.0, 500.0])
def test_draws_that_last_beyond_the_horizon_never_put_the_safe_start_off(stock: float) -> None:
    """Near the horizon it is the draws beyond it that come with the longest lead times."""
    case = prefecture(stock_ha=stock, take_up_ha=np.array([5.0, 10.0, 30.0, 2.0, 18.0]), arrivals=NO_ARRIVALS)
    seen, beyond = (run(case, draws=4000, horizon=horizon) for horizon in (30.0, 100.0))
    assert np.isinf(seen.depletion).any() and np.isfinite(beyond.depletion).all()
    if np.isfinite(seen.start_by_safe[0]):
        assert 30 - LEADS[2] < seen.start_by_safe[0] <= beyond.start_by_safe[0]
    else:
        assert beyond.start_by_safe[0] > 30 - LEADS[2]


def test_percentiles_are_draws_and_infinity_stays() -> None:
    values = np.array([[5.0, 1.0, 3.0, 2.0, 4.0, 6.0, 7.0, 8.0, np.inf, np.inf]])
    assert [percentile(values, share)[0] for share in (0.1, 0.5, 0.8, 0.81, 1.0)] == [1, 5, 8, np.inf, np.inf]
    drawn = np.random.default_rng(1).uniform(size=(3, 997))
    for share in (0.1, 0.5, 0.9):
        expected = np.quantile(drawn, share, axis=1, method="inverted_cdf")
        np.testing.assert_array_equal(percentile(drawn, share), expected)


def test_stock_percentiles_are_those_of_the_draws() -> None:
    case = prefecture()
    expected = np.quantile(course_of(case)[2].stock, [0.1, 0.5, 0.9], axis=1, method="inverted_cdf").T
    np.testing.assert_array_equal(run(case).stock[0], expected)
    assert (expected[-1] == 0).any() and (expected > 0).any()


def test_chances_within_years() -> None:
    simulation = run(prefecture(), prefecture(stock_ha=0.0), prefecture(take_up_ha=np.zeros(3)))
    within = [simulation.chance_within(years) for years in (1, 3, 5, HORIZON)]
    assert (np.diff(within, axis=0) >= 0).all()
    assert [chances[1] for chances in within] == [1, 1, 1, 1] and [chances[2] for chances in within] == [0, 0, 0, 0]
    assert 0 < within[2][0] < 1
    assert simulation.start_by_safe[2] == np.inf


def test_a_project_beyond_the_horizon_is_none() -> None:
    late = prefecture(arrivals=pipeline("a", ready=[30.5], probability=1.0))
    assert_same(run(late), run(prefecture(arrivals=NO_ARRIVALS)), [0])


def test_it_can_be_stopped() -> None:
    with pytest.raises(CancelledError):
        simulate(
            [prefecture()] * 3,
            draws=2,
            seed=1,
            horizon_years=5,
            lead_times_years=LEADS,
            progress=Progress(cancelled=lambda: True),
        )
