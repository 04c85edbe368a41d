# SPDX-License-Identifier: GPL-2.0-or-later
"""What is asked for in each draw, and how it meets what has arrived: the free course of a stock and its reflection.

A stock that could go below zero would be `level - asked`: what there was and what has arrived, less what has been asked
for. A real one stays at zero instead, and what it cannot give is the highest that `asked - level` has been so far
(Skorokhod's reflection). Both move in straight lines between the ends of years and the arrivals, so that nothing has to
be stepped through: the ends of years and the moments just before arrivals tell all, and exactly.

Arrays have their draws along the last axis. Times are years from the base year, amounts hectares.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from .cases import Array
from .rundown import EPSILON_HA, EPSILON_YEARS

Indices = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Demand:
    """Take-up that is asked for.

    Parameters
    ----------
    rates : array of (years, draws)
        Hectares a year, steady within each year.
    asked : array of (years + 1, draws)
        Hectares asked for from time 0 up to the end of each year; the last ends at the horizon.
    horizon : float
        Years.
    """

    rates: Array
    asked: Array
    horizon: float

    @classmethod
    def of(cls, rates: Array, horizon: float) -> Demand:
        """Demand at these rates, the last year of which may be a part of one."""
        asked = np.zeros((len(rates) + 1, *rates.shape[1:]))
        asked[1:] = rates
        asked[-1] *= horizon - (len(rates) - 1)
        accumulate(np.add, asked)
        return cls(rates, asked, horizon)

    def before(self, times: Array) -> tuple[Array, Array]:
        """What was asked for up to these times, (events, draws), and the rate just before them."""
        year = np.maximum(year_ends(times) - 1, 0)
        rate = of_each_draw(self.rates, year)
        return of_each_draw(self.asked, year) + rate * (times - year), rate

    def reaches(self, levels: Array) -> Array:
        """When as much as these levels, one a draw, has been asked for; the horizon at the latest."""
        full = self.asked[1:-1] < levels - EPSILON_HA
        year = full.sum(axis=0, dtype=np.uint16).astype(np.intp)  # a third of the time that sums of intp take
        rate = of_each_draw(self.rates, year)
        missing = levels - of_each_draw(self.asked, year)
        within = np.divide(missing, rate, out=np.zeros_like(rate), where=rate > 0)
        return np.minimum(year + within, self.horizon)


def year_ends(times: Array) -> Indices:
    """Number of the year at whose end a thing that happens at these times is there; 0 is the beginning of the run."""
    return np.ceil(times).astype(np.intp)


def of_each_draw(values: Array, rows: Indices) -> Array:
    """What stands in these rows of each draw's column; quicker than `numpy.take_along_axis`."""
    draws = values.shape[-1]
    return values.take(rows * draws + np.arange(draws), mode="clip")


def accumulate(operation: np.ufunc, rows: Array) -> None:
    """Accumulate in place along the first axis, in half the time that `operation.accumulate` takes."""
    for row, following in pairwise(rows):
        operation(row, following, out=following)


@dataclass(frozen=True, eq=False)
class Course:
    """How a stock goes in each draw; arrays over years have a row for the beginning and each year's end.

    Parameters
    ----------
    depletion : array of (draws,)
        When the stock first reaches the reserve; infinite where it does not within the horizon.
    asked, arrived, unmet, stock : array of (years + 1, draws)
        What has been asked for and what has arrived so far, what was asked for in vain, stock above the reserve.
    gap : array of (draws,)
        Years in which land is asked for and none is there before a later arrival.
    """

    depletion: Array
    asked: Array
    arrived: Array
    unmet: Array
    stock: Array
    gap: Array


def meet(demand: Demand, stock_ha: float | Array, times: Array, hectares: Array) -> Course:
    """Let arrivals meet the demand.

    Parameters
    ----------
    demand : Demand
        What is asked for.
    stock_ha : float or array of (draws,)
        Stock above the reserve at time 0.
    times : array of (arrivals, draws)
        When each arrives; infinite where it does not. What lies in the past arrives now.
    hectares : array of (arrivals, draws)
        How much.
    """
    order = np.argsort(times, axis=0)
    times = of_each_draw(times, order)
    amounts = np.where(times <= demand.horizon, of_each_draw(hectares, order), 0.0)
    comes = amounts > 0
    times = np.clip(times, 0, demand.horizon)  # what comes later comes there, with nothing
    asked, rate = demand.before(times)
    levels = np.cumsum(np.vstack([np.broadcast_to(np.maximum(stock_ha, 0.0), times.shape[1:]), amounts]), axis=0)
    too_late = (times > EPSILON_YEARS) & (asked - rate * EPSILON_YEARS >= levels[:-1] - EPSILON_HA)
    exceeding = np.where(too_late & comes, asked - levels[:-1], 0.0).max(axis=0, initial=0.0)
    years = year_ends(times)
    arrived = _arrived(demand, years, amounts)
    lacking = demand.asked - arrived
    lacking -= levels[0]
    unmet = _unmet(lacking, years, asked - levels[:-1])
    last = int(years.max(initial=0, where=comes)) + 1
    return Course(
        depletion=_depletion(demand, levels, too_late),
        asked=demand.asked,
        arrived=arrived,
        unmet=unmet,
        stock=np.subtract(unmet, lacking, out=lacking),
        gap=_gap(demand.rates[: last - 1], unmet[:last], exceeding),
    )


def _depletion(demand: Demand, levels: Array, too_late: npt.NDArray[np.bool_]) -> Array:
    """First time at which nothing is left: before the first arrival that is too late, or after the last."""
    ends = np.vstack([too_late, demand.asked[-1] >= levels[-1] - EPSILON_HA])
    level = of_each_draw(levels, ends.argmax(axis=0))
    return np.where(ends.any(axis=0), demand.reaches(level), np.inf)


def _arrived(demand: Demand, years: Indices, amounts: Array) -> Array:
    """What has arrived up to the beginning and each year's end."""
    arrived = np.zeros_like(demand.asked)
    draw = np.arange(arrived.shape[1])
    for year, amount in zip(years, amounts, strict=True):
        arrived[year, draw] += amount
    if len(years):
        accumulate(np.add, arrived)
    return arrived


def _unmet(lacking: Array, years: Indices, before_arrivals: Array) -> Array:
    """The most that has been lacking, at the ends of years and just before arrivals, up to each year's end."""
    most = np.maximum(lacking, 0)
    draw = np.arange(most.shape[1])
    for year, amount in zip(years, before_arrivals, strict=True):
        most[year, draw] = np.maximum(most[year, draw], amount)
    accumulate(np.maximum, most)
    return most


def _gap(rates: Array, unmet: Array, before_last_arrival: Array) -> Array:
    """Years in which the unmet take-up grows, up to as much as it has become before the last arrival."""
    gap = np.zeros_like(before_last_arrival)
    if not (before_last_arrival > EPSILON_HA).any():
        return gap
    growing = np.diff(np.minimum(unmet, before_last_arrival), axis=0)
    return np.divide(growing, rates, out=np.zeros_like(rates), where=growing > EPSILON_HA).sum(axis=0)
