# SPDX-License-Identifier: GPL-2.0-or-later
"""Without a pipeline, take-up of independent years is a renewal process, and its theory says when the stock ends."""

from __future__ import annotations

import numpy as np
import pytest

from yochi.plugin.core.depletion.engine.cases import Case
from yochi.plugin.core.depletion.engine.simulation import simulate

DRAWS = 20_000
STANDARD_ERRORS = 4.0


def depletions(case: Case, horizon: float) -> np.ndarray:
    leads = (3.0, 4.0, 5.0)
    return simulate([case], draws=DRAWS, seed=3, horizon_years=horizon, lead_times_years=leads).depletion[0]


def assert_mean(drawn: np.ndarray, expected: float) -> None:
    standard_error = drawn.std(ddof=1) / np.sqrt(len(drawn))
    assert abs(drawn.mean() - expected) < STANDARD_ERRORS * standard_error
    assert standard_error < 0.01 * expected


def exact_mean(stock: int, own_years: list[int]) -> float:
    """Mean time in which yearly amounts, each as likely as the others, use the stock up.

    The first year either uses it up, in `stock / amount` of a year, or leaves a stock of which the same can be said
    (the renewal equation). A year that takes nothing leaves the same stock, and the equation is solved for it.
    """
    means = np.zeros(stock + 1)
    count, idle = len(own_years), own_years.count(0)
    for left in range(1, stock + 1):
        busy = [left / year if year >= left else 1 + means[left - year] for year in own_years if year]
        means[left] = (sum(busy) + idle) / (count - idle)
    return float(means[stock])


@pytest.mark.parametrize(
    ("stock", "own_years"), [(100, [5, 10, 30]), (150, [0, 3, 11, 45, 0]), (37, [7, 9, 11]), (3, [1, 10, 100])]
)
def test_the_mean_is_that_of_the_renewal_equation(stock: int, own_years: list[int]) -> None:
    drawn = depletions(Case("14", float(stock), np.array(own_years, dtype=float)), 120.0)
    assert np.isfinite(drawn).all()
    assert_mean(drawn, exact_mean(stock, own_years))


@pytest.mark.parametrize("spread", [0.3, 0.8])
def test_a_large_stock_ends_later_by_half_the_squared_spread_of_a_year(spread: float) -> None:
    """E[T] -> stock / mean + spread ** 2 / 2: the year in which the stock ends is larger than others (inspection)."""
    drawn = depletions(Case("14", 400.0, np.array([20.0]), spread=spread), 80.0)
    assert_mean(drawn, 400 / 20 + spread**2 / 2)


def test_the_variance_is_that_of_a_renewal_process() -> None:
    """Var[T] -> stock * variance / mean ** 3, for a large stock."""
    drawn = depletions(Case("14", 3_000.0, np.array([20.0]), spread=0.5), 400.0)
    assert drawn.var() == pytest.approx(3_000 * (0.5 * 20) ** 2 / 20**3, rel=0.05)
