# SPDX-License-Identifier: GPL-2.0-or-later
"""Required starts: exact for the draws, as runs with that much land a year show."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from yochi.plugin.core.depletion.engine import draws as by_chance
from yochi.plugin.core.depletion.engine.cases import NO_ARRIVALS, Arrivals, Case
from yochi.plugin.core.depletion.engine.paths import Demand, meet
from yochi.plugin.core.depletion.engine.required_starts import required_starts
from yochi.plugin.core.errors import CancelledError
from yochi.plugin.core.progress import Progress

DRAWS, SEED, HORIZON, LEADS = 500, 11, 30.0, (3.0, 4.0, 5.0)
LUMPY = np.array([0.0, 3.0, 11.0, 45.0, 6.0])


def required(*cases: Case, horizon: float = HORIZON, leads=LEADS, chance: float = 0.1) -> np.ndarray:
    found = required_starts(cases, draws=DRAWS, seed=SEED, horizon_years=horizon, lead_times_years=leads, chance=chance)
    assert found.from_years.tolist() == [leads[2]] * len(cases)
    return found.ha_per_year


def chance_of_gap(case: Case, amount: float, horizon: float = HORIZON) -> float:
    """Share of the draws in which take-up is unmet after the longest lead time, with so much started every year."""
    years = int(np.ceil(horizon))
    demand = Demand.of(by_chance.take_up(case, years, DRAWS, SEED), horizon)
    started = np.arange(years)[:, None] + by_chance.start_lead_times(case.key, LEADS, years, DRAWS, SEED)
    times = np.vstack([by_chance.readiness(case.arrivals, DRAWS, SEED), started])
    hectares = np.concatenate([case.arrivals.hectares, np.full(years, amount)])
    unmet = meet(demand, case.stock_ha, times, np.broadcast_to(hectares[:, None], times.shape)).unmet
    return float((unmet[-1] - unmet[int(LEADS[2])] > 1e-6).mean())


def projects(count: int) -> Arrivals:
    start, leads = np.linspace(-3, 12, count), [np.full(count, years) for years in LEADS]
    ready = np.where(np.arange(count) % 3, np.nan, start + 5)
    return Arrivals(
        tuple(f"p{number}" for number in range(count)), ready, start, *leads, np.full(count, 0.7), np.full(count, 25.0)
    )


@pytest.mark.parametrize("horizon", [30.0, 9.5])
@pytest.mark.parametrize("stock", [0.0, 40.0, 120.0])
@pytest.mark.parametrize("arrivals", [NO_ARRIVALS, projects(4), projects(15)])
def test_it_is_the_smallest_amount_that_does_it(stock: float, arrivals: Arrivals, horizon: float) -> None:
    case = Case("14", stock, LUMPY, arrivals=arrivals)
    (amount,) = required(case, horizon=horizon)
    assert amount > 0 or horizon < HORIZON
    assert chance_of_gap(case, amount, horizon) <= 0.1
    assert amount == 0 or chance_of_gap(case, amount * 0.9999, horizon) > 0.1


def test_a_steady_area_has_to_start_what_it_takes() -> None:
    """Every start takes 5 years and is used up when the next is ready; what lacked before that counts for nothing."""
    steady = Case("14", 0.0, np.array([10.0]))
    assert required(steady, leads=(5.0, 5.0, 5.0)) == pytest.approx([10.0], abs=1e-6)


def test_what_is_in_stock_need_not_be_started() -> None:
    """300 ha last until year 10 of 30; 25 starts of x are ready by then and must bring the other 600 ha."""
    steady = Case("14", 300.0, np.array([30.0]))
    assert required(steady, leads=(5.0, 5.0, 5.0)) == pytest.approx([600 / 25], abs=1e-6)
    assert required(replace(steady, stock_ha=900.0), leads=(5.0, 5.0, 5.0)) == [0.0]


def test_more_stock_or_a_greater_chance_asks_for_no_more() -> None:
    cases = [Case("14", stock, LUMPY, arrivals=projects(3)) for stock in (0.0, 30.0, 60.0, 200.0, 5_000.0)]
    amounts = required(*cases)
    assert (np.diff(amounts) <= 0).all() and amounts[0] > amounts[2] and amounts[-1] == 0
    assert (required(*cases, chance=0.3) <= amounts).all()
    assert (required(*cases, chance=0.01) >= amounts).all()


def test_without_take_up_nothing_is_required() -> None:
    assert required(Case("14", 0.0, np.zeros(3))).tolist() == [0.0]


def test_a_horizon_within_the_lead_time_tells_nothing() -> None:
    assert np.isnan(required(Case("14", 0.0, LUMPY), horizon=5.0)).all()


def test_numbers_do_not_depend_on_who_else_is_asked() -> None:
    cases = [Case(f"{number:02d}", 20.0 * number, LUMPY) for number in range(4)]
    together = required(*cases)
    np.testing.assert_array_equal(together[::-1], required(*cases[::-1]))
    assert required(cases[2])[0] == together[2]


def test_it_can_be_stopped() -> None:
    stopped = Progress(cancelled=lambda: True)
    with pytest.raises(CancelledError):
        required_starts(
            [Case("14", 1.0, LUMPY)], draws=2, seed=1, horizon_years=30, lead_times_years=LEADS, progress=stopped
        )
