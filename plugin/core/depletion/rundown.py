# SPDX-License-Identifier: GPL-2.0-or-later
"""A stock that runs down at a steady rate and is filled up by arrivals: exact, piecewise linear between events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_EPSILON_YEARS = 1e-9
"""An arrival at the very moment at which the stock ends is in time."""

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Rundown:
    """The course of a stock from time 0 to the horizon. Times are years, amounts hectares.

    Parameters
    ----------
    times : array
        Times of the events: 0 and each arrival within the horizon.
    stocks : array
        Stock above the reserve just after each event.
    take_up : float
        Hectares a year.
    horizon : float
        End of the view.
    """

    times: Array
    stocks: Array
    take_up: float
    horizon: float

    @property
    def _ends(self) -> Array:
        """When each stretch ends: at the next event, at last at the horizon."""
        return np.append(self.times[1:], self.horizon)

    @property
    def _exhausted(self) -> Array:
        """When each stretch would run out if nothing arrived."""
        if self.take_up == 0:
            return np.where(self.stocks > 0, np.inf, self.times)
        return self.times + self.stocks / self.take_up

    @property
    def depletion(self) -> float | None:
        """When the stock first reaches the reserve; None where it does not within the horizon."""
        last = np.arange(len(self.times)) == len(self.times) - 1
        runs_out = np.where(
            last, self._exhausted <= self.horizon + _EPSILON_YEARS, self._exhausted < self._ends - _EPSILON_YEARS
        )
        return float(self._exhausted[runs_out.argmax()]) if runs_out.any() else None

    @property
    def gap(self) -> float:
        """Years in which land is asked for and none is there, before a later arrival.

        The end that nothing follows is no gap but the depletion.
        """
        if self.take_up == 0:
            return 0.0
        return float(np.clip(self._ends - self._exhausted, 0, None)[:-1].sum())

    def stock(self, times: Array) -> Array:
        """Stock above the reserve at each time."""
        stretch = np.searchsorted(self.times, times, side="right") - 1
        return np.clip(self.stocks[stretch] - self.take_up * (times - self.times[stretch]), 0, None)

    def unmet(self, times: Array) -> Array:
        """Take-up unmet from time 0 up to each time."""
        without = np.clip(np.minimum(times[:, None], self._ends) - self._exhausted, 0, None)
        return self.take_up * without.sum(axis=1)


def run_down(stock: float, take_up: float, arrivals: Sequence[tuple[float, float]], horizon: float) -> Rundown:
    """Run a stock down.

    Parameters
    ----------
    stock : float
        Hectares above the reserve at time 0.
    take_up : float
        Hectares a year, 0 or more.
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
    >>> late.depletion, late.gap
    (4.0, 1.0)
    """
    by_time: dict[float, float] = {0.0: 0.0}
    for time, hectares in arrivals:
        if time <= horizon:
            by_time[max(time, 0.0)] = by_time.get(max(time, 0.0), 0.0) + hectares
    times = np.array(sorted(by_time))
    stocks = np.empty_like(times)
    left, before = max(stock, 0.0), 0.0
    for position, time in enumerate(times):
        left = max(left - take_up * (time - before), 0.0) + by_time[time]
        stocks[position], before = left, time
    return Rundown(times, stocks, take_up, horizon)
