# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs each area down as often as there are draws of take-up, lead times and completion."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ...progress import SILENT, Progress
from . import draws as by_chance
from .cases import Array, Case
from .draws import LeadTimes
from .paths import Course, Demand, meet
from .rundown import years_of_run

STOCK_SHARES = (0.1, 0.5, 0.9)
"""The percentiles of the stock, lowest first."""

SAFE_SHARE = 0.1
"""Share of the draws in which a start in the safe year would still be too late."""

CELLS = 500_000
"""Numbers of an array, for several areas together: enough to occupy numpy, few enough for little memory."""

LARGE_BLOCK = 4_000_000
"""Numbers; just below the 32 MiB up to which glibc learns from what is freed."""


@dataclass(frozen=True, eq=False)
class Simulation:
    """What the draws say, case by case along the first axis. Times are years from the base year, amounts hectares.

    Parameters
    ----------
    depletion : array of (cases, draws)
        When the stock first reaches the reserve; infinite where it does not within the horizon.
    start_by_safe : array of (cases,)
        10th percentile of depletion less drawn lead time; infinite where too many draws last beyond the horizon. Where
        some do, they count as if they ended there, so that it is never too late.
    chance_gap : array of (cases,)
        Share of the draws in which land is asked for and none is there before a later arrival.
    gap_mean_years : array of (cases,)
        Mean length of that time where there is one; NaN where there is none in any draw.
    unmet_mean_ha : array of (cases,)
        Mean take-up unmet up to the horizon.
    stock : array of (cases, years + 1, 3)
        10th, 50th and 90th percentile at the beginning of the run and at the end of each whole year.
    arrivals_mean, take_up_mean, unmet_mean : array of (cases, years + 1)
        Mean of what arrived, was taken up and was asked for in vain in the year that ends then; what is there at the
        beginning of the run has arrived in year 0.
    """

    depletion: Array
    start_by_safe: Array
    chance_gap: Array
    gap_mean_years: Array
    unmet_mean_ha: Array
    stock: Array
    arrivals_mean: Array
    take_up_mean: Array
    unmet_mean: Array

    def chance_within(self, years: float) -> Array:
        """Chance of depletion within so many years from the base year, case by case."""
        chance: Array = (self.depletion <= years).mean(axis=1)
        return chance


def percentile(values: Array, share: float) -> Array:
    """The value that a share of the draws, along the last axis, does not exceed.

    It is the value of a draw, not a mean of two, so that an infinite one stays infinite and no other becomes so.
    """
    position = _position(share, values.shape[-1])
    ranked: Array = np.partition(values, position, axis=-1)[..., position]
    return ranked


def simulate(
    cases: Sequence[Case],
    *,
    draws: int,
    seed: int,
    horizon_years: float,
    lead_times_years: LeadTimes,
    progress: Progress = SILENT,
) -> Simulation:
    """Run every case down so many times.

    Parameters
    ----------
    cases : sequence of Case
        Areas under scenarios. The numbers of a case do not depend on the others, nor on their order.
    draws : int
        How often, 1 or more.
    seed : int
        Seed of all draws, 0 or more.
    horizon_years : float
        How far to look.
    lead_times_years : (float, float, float)
        Shortest, likeliest and longest lead time of a development that the area starts itself.
    progress : Progress
        Where to report, and who may cancel.

    Returns
    -------
    Simulation
    """
    _keep_freed_memory()
    result = _blank(len(cases), draws, int(horizon_years) + 1)
    done = 0
    for rows in _parts(cases, draws, years_of_run(horizon_years)):
        part = [cases[row] for row in rows]
        leads = [by_chance.area_lead_times(case.key, lead_times_years, draws, seed) for case in part]
        _tell(_course(part, draws, seed, horizon_years), np.array(leads), horizon_years, result, rows)
        done += len(rows)
        progress.report(done / len(cases))
    return result


def _keep_freed_memory() -> None:
    """Make the memory of one part serve the next, where the C library is glibc.

    It gives blocks that are freed back to the kernel until a large one has been freed; to be given them anew, page by
    page, would take as long as the simulation itself. Once is enough, and nothing is written into the block.
    """
    np.empty(LARGE_BLOCK)


def _parts(cases: Sequence[Case], draws: int, years: int) -> Iterator[list[int]]:
    """Rows of cases that are run together, which have about as many projects."""
    projects = [len(case.arrivals.keys) for case in cases]
    ranked = sorted(range(len(cases)), key=projects.__getitem__, reverse=True)
    while ranked:
        size = max(CELLS // (draws * max(years, projects[ranked[0]])), 1)
        yield ranked[:size]
        ranked = ranked[size:]


def _course(part: Sequence[Case], draws: int, seed: int, horizon_years: float) -> Course:
    """The draws of all cases of a part side by side."""
    shape = (max(len(case.arrivals.keys) for case in part), len(part), draws)
    times, hectares = np.full(shape, np.inf), np.zeros(shape)
    rates = np.empty((years_of_run(horizon_years), len(part), draws))
    for position, case in enumerate(part):
        projects = slice(len(case.arrivals.keys))
        rates[:, position] = by_chance.take_up(case, len(rates), draws, seed)
        times[projects, position] = by_chance.readiness(case.arrivals, draws, seed)
        hectares[projects, position] = case.arrivals.hectares[:, None]
    stock = np.repeat([case.stock_ha for case in part], draws)
    columns = len(part) * draws
    demand = Demand.of(rates.reshape(-1, columns), horizon_years)
    return meet(demand, stock, times.reshape(-1, columns), hectares.reshape(-1, columns))


def _blank(cases: int, draws: int, times: int) -> Simulation:
    """Rows to be filled."""
    return Simulation(
        depletion=np.empty((cases, draws)),
        start_by_safe=np.empty(cases),
        chance_gap=np.empty(cases),
        gap_mean_years=np.empty(cases),
        unmet_mean_ha=np.empty(cases),
        stock=np.empty((cases, times, len(STOCK_SHARES))),
        arrivals_mean=np.empty((cases, times)),
        take_up_mean=np.empty((cases, times)),
        unmet_mean=np.empty((cases, times)),
    )


def _tell(course: Course, lead_times: Array, horizon_years: float, result: Simulation, rows: list[int]) -> None:
    """Write what the cases of a part come to into their rows."""

    def of_cases(values: Array) -> Array:
        return values.reshape(-1, *lead_times.shape)

    times = slice(result.stock.shape[1])
    result.depletion[rows] = depletion = of_cases(course.depletion)[0]
    safe = percentile(np.minimum(depletion, horizon_years) - lead_times, SAFE_SHARE)
    result.start_by_safe[rows] = np.where(np.isinf(percentile(depletion, SAFE_SHARE)), np.inf, safe)
    gap = of_cases(course.gap)[0]
    with_gap = np.count_nonzero(gap, axis=1)
    result.chance_gap[rows] = with_gap / gap.shape[1]
    result.gap_mean_years[rows] = np.where(with_gap > 0, gap.sum(axis=1) / np.maximum(with_gap, 1), np.nan)
    result.unmet_mean_ha[rows] = of_cases(course.unmet[-1]).mean(axis=-1)[0]
    result.stock[rows] = _stock_percentiles(of_cases(course.stock[times])).swapaxes(0, 1)
    so_far = (course.arrived, course.asked, course.unmet)
    means = np.array([of_cases(amounts[times]).mean(axis=-1).T for amounts in so_far])
    arrived, asked, unmet = np.diff(means, axis=-1, prepend=0.0)
    result.arrivals_mean[rows], result.take_up_mean[rows], result.unmet_mean[rows] = arrived, asked - unmet, unmet


def _stock_percentiles(stock: Array) -> Array:
    """Percentiles of the stock over the last axis, in the order of `STOCK_SHARES`."""
    draws = stock.shape[-1]
    positions = [_position(share, draws) for share in STOCK_SHARES]
    ranked: Array = np.zeros((*stock.shape[:-1], len(STOCK_SHARES)))
    some = np.count_nonzero(stock > 0, axis=-1) >= draws - positions[-1]  # else all of them are zero
    drawn = stock[some]
    drawn.partition(positions, axis=-1)
    ranked[some] = drawn[:, positions]
    return ranked


def _position(share: float, draws: int) -> int:
    """Place of a percentile among the ranked draws, from 0."""
    return max(math.ceil(round(share * draws, 6)) - 1, 0)
