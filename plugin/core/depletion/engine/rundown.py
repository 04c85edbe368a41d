# SPDX-License-Identifier: GPL-2.0-or-later
"""A stock that is taken up and filled up by arrivals: exact, because it is piecewise linear between events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .cases import Array, Case

EPSILON_YEARS = 1e-6
"""An arrival that comes no more than half a minute after the stock has ended is in time."""

EPSILON_HA = 1e-9
"""Less than that is what sums of hectares leave behind when they are rounded."""


@dataclass(frozen=True, eq=False)
class Rundown:
    """The course of a stock from time 0 to the horizon, in stretches. Times are years, amounts hectares.

    Parameters
    ----------
    times : array
        When each stretch begins: 0, each arrival within the horizon, each year in which the take-up changes.
    stocks : array
        Stock above the reserve at the beginning of each stretch, what has just arrived included.
    arrived : array
        What arrived at the beginning of each stretch.
    rates : array
        Take-up of each stretch, hectares a year.
    horizon : float
        End of the view.
    """

    times: Array
    stocks: Array
    arrived: Array
    rates: Array
    horizon: float

    @property
    def _ends(self) -> Array:
        return np.append(self.times[1:], self.horizon)

    @property
    def _exhausted(self) -> Array:
        """When each stretch would run out if it had no end."""
        lasting = np.where(self.stocks > 0, np.inf, 0.0)
        return self.times + np.divide(self.stocks, self.rates, out=lasting, where=self.rates > 0)

    @property
    def _without(self) -> Array:
        """How long at its end each stretch has nothing to give to those who ask."""
        without = self._ends - self._exhausted
        return np.where((self.rates > 0) & (without > EPSILON_YEARS), without, 0.0)

    @property
    def _before_arrivals(self) -> slice:
        """The stretches that a later arrival follows."""
        arrivals = np.flatnonzero(self.arrived)
        return slice(0, arrivals[-1] if len(arrivals) else 0)

    @property
    def depletion(self) -> float | None:
        """When the stock first reaches the reserve; None where it does not within the horizon."""
        rescued = np.append(self.arrived[1:] > 0, False)
        in_time = self._ends + np.where(rescued, -EPSILON_YEARS, EPSILON_YEARS)
        runs_out = self._exhausted <= in_time
        if not runs_out.any():
            return None
        first = runs_out.argmax()
        return float(min(self._exhausted[first], self._ends[first]))

    @property
    def gap(self) -> float:
        """Years in which land is asked for and none is there, before a later arrival.

        The end that nothing follows is no gap but the depletion.
        """
        return float(self._without[self._before_arrivals].sum())

    @property
    def gap_unmet(self) -> float:
        """Take-up unmet in those gaps."""
        return float((self.rates * self._without)[self._before_arrivals].sum())

    def stock(self, times: Array) -> Array:
        """Stock above the reserve at each time."""
        stretch = np.searchsorted(self.times, times, side="right") - 1
        left = self.stocks[stretch] - self.rates[stretch] * (times - self.times[stretch])
        return np.clip(left, 0, None)

    def unmet(self, times: Array) -> Array:
        """Take-up unmet from time 0 up to each time."""
        without = np.clip(np.minimum(times[:, None], self._ends) - self._exhausted, 0, None)
        return without @ self.rates

    def taken(self, times: Array) -> Array:
        """Hectares taken up from time 0 up to each time."""
        asked = np.clip(np.minimum(times[:, None], self._ends) - self.times, 0, None) @ self.rates
        return asked - self.unmet(times)

    def arrivals(self, times: Array) -> Array:
        """Hectares that have arrived from time 0 up to and at each time."""
        return np.cumsum(self.arrived)[np.searchsorted(self.times, times, side="right") - 1]


def run_down(stock: float, rates: float | Array, arrivals: Sequence[tuple[float, float]], horizon: float) -> Rundown:
    """Run a stock down.

    Parameters
    ----------
    stock : float
        Hectares above the reserve at time 0.
    rates : float or array
        Take-up, hectares a year, 0 or more: one for all years, or one for each year of the run.
    arrivals : sequence of (float, float)
        Years from now and hectares; what lies in the past arrives now, what lies beyond the horizon not at all.
    horizon : float
        Years.

    Returns
    -------
    Rundown

    Examples
    --------
    >>> run_down(300, 30, [], 30).depletion
    10.0
    >>> run_down(100, 25, [(3.0, 50)], 30).depletion
    6.0
    >>> late = run_down(100, 25, [(5.0, 50)], 30)
    >>> late.depletion, late.gap, late.gap_unmet
    (4.0, 1.0, 25.0)
    """
    yearly = np.atleast_1d(np.asarray(rates, dtype=np.float64))
    by_time = {float(year): 0.0 for year in range(len(yearly)) if year < horizon} or {0.0: 0.0}
    for time, hectares in arrivals:
        if time <= horizon and hectares > 0:
            by_time[max(time, 0.0)] = by_time.get(max(time, 0.0), 0.0) + hectares
    times = np.array(sorted(by_time))
    stretch_rates = yearly[np.minimum(times.astype(int), len(yearly) - 1)]
    arrived = np.array([by_time[time] for time in times])
    stocks = np.empty_like(times)
    left = max(stock, 0.0)
    for position, length in enumerate(np.diff(times, append=horizon)):
        stocks[position] = left = left + arrived[position]
        left -= stretch_rates[position] * length
        left = left if left > EPSILON_HA else 0.0
    return Rundown(times, stocks, arrived, stretch_rates, horizon)


def deterministic(case: Case, horizon_years: float) -> Rundown:
    """Run a case down without chance.

    Every year takes the mean of the area's own years, grown; every project becomes ready when it is likeliest to, with
    its hectares times its chance of completion.
    """
    projects = case.arrivals
    expected = zip(projects.likeliest.tolist(), (projects.probability * projects.hectares).tolist(), strict=True)
    rates = case.mean_take_up_ha
    if case.growth:
        return run_down(
            case.stock_ha, rates * case.growth_factors(years_of_run(horizon_years)), [*expected], horizon_years
        )
    return run_down(case.stock_ha, rates, [*expected], horizon_years)


def years_of_run(horizon_years: float) -> int:
    """Years of a run, the last of which may be a part of one."""
    return max(int(np.ceil(horizon_years)), 1)
