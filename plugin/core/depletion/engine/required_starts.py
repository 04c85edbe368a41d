# SPDX-License-Identifier: GPL-2.0-or-later
"""How much land has to be started each year so that hardly ever someone asks for land and there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...progress import SILENT, Progress
from . import draws as by_chance
from .cases import Array, Case
from .draws import LeadTimes
from .paths import Demand, of_each_draw
from .rundown import EPSILON_HA, years_of_run
from .simulation import percentile


@dataclass(frozen=True, eq=False)
class Required:
    """Required starts, case by case.

    Parameters
    ----------
    ha_per_year : array of (cases,)
        Hectares to start at the beginning of each year, from the base year on; NaN where it cannot be told.
    from_years : array of (cases,)
        Time, in years from the base year, from which on the chance of unmet take-up counts.
    """

    ha_per_year: Array
    from_years: Array


def required_starts(
    cases: Sequence[Case],
    *,
    draws: int,
    seed: int,
    horizon_years: float,
    lead_times_years: LeadTimes,
    chance: float = 0.1,
    progress: Progress = SILENT,
) -> Required:
    """Find the smallest amount which, started every year, keeps the chance of unmet take-up low.

    The same hectares are started at the beginning of every year from the base year on and become ready after a lead
    time of their own. Unmet take-up counts from the longest lead time on: nothing that is started today can surely be
    there before. What an area lacks until then is no reason to start more.

    Parameters
    ----------
    cases, draws, seed, horizon_years, lead_times_years, progress
        As for `simulate`, whose draws of take-up and projects are used again.
    chance : float
        Highest chance, between the longest lead time and the horizon, that take-up is unmet at any time.

    Returns
    -------
    Required
        Exact for the draws: each draw has a smallest amount of its own, and these are ranked. Nothing can be told
        where the horizon is no farther than the longest lead time.
    """
    start = lead_times_years[2]
    amounts = np.full(len(cases), np.nan)
    for row, case in enumerate(cases if start < horizon_years else ()):
        years = years_of_run(horizon_years)
        demand = Demand.of(by_chance.take_up(case, years, draws, seed), horizon_years)
        ready = by_chance.readiness(case.arrivals, draws, seed)
        leads = by_chance.start_lead_times(case.key, lead_times_years, years, draws, seed)
        started = np.arange(years)[:, None] + leads
        moments = _moments(demand, case, ready, started, start)
        amounts[row] = percentile(_least(*moments, start), 1 - chance)
        progress.report((row + 1) / len(cases))
    return Required(amounts, np.full(len(cases), start))


def _moments(demand: Demand, case: Case, ready: Array, started: Array, start: float) -> tuple[Array, Array, Array]:
    """The moments at which the most is lacking: just before an arrival, at `start` and at the horizon.

    Returns
    -------
    times, lacking, starts : arrays of (moments, draws)
        In order of time; hectares asked for beyond what there would be without the starts, and how many of the starts
        are ready.
    """
    draws = started.shape[1]
    times = np.vstack([ready, started, np.full((1, draws), start), np.full((1, draws), demand.horizon)])
    order = np.argsort(times, axis=0)
    times = of_each_draw(times, order)
    comes = times <= demand.horizon
    times = np.clip(times, 0, demand.horizon)  # what comes later comes there, with nothing
    projects = len(ready)
    hectares = np.concatenate([case.arrivals.hectares, np.zeros(len(started) + 2)])
    is_start = np.concatenate([np.zeros(projects), np.ones(len(started)), np.zeros(2)])
    arrived = np.cumsum(np.where(comes, hectares[order], 0.0), axis=0)
    starts = np.cumsum(np.where(comes, is_start[order], 0.0), axis=0)
    before = max(case.stock_ha, 0.0) + np.vstack([np.zeros((1, draws)), arrived[:-1]])
    return times, demand.before(times)[0] - before, np.vstack([np.zeros((1, draws)), starts[:-1]])


def _least(times: Array, lacking: Array, starts: Array, start: float) -> Array:
    """The smallest amount a start with which no more is lacking after `start` than has been lacking before.

    With an amount `x` there lacks `lacking - x * starts`. Nobody goes without at a later moment when that is no more
    than it was at some earlier one, or than nothing. Each earlier moment therefore gives an amount that suffices for
    the later one; the smallest of them is needed, and the largest over the later moments suffices for all. Of the
    earlier moments with as many starts ready, the one at which most was lacking counts.
    """
    early = times <= start
    most_early = int(starts.max(initial=0, where=early))
    needed = np.full_like(lacking, np.inf)
    for ready in range(most_early + 1):
        lacked = lacking.max(axis=0, initial=-np.inf if ready else 0.0, where=early & (starts == ready))
        with np.errstate(divide="ignore", invalid="ignore"):  # as many starts: no amount is needed, or none suffices
            amount = (lacking - lacked - EPSILON_HA) / np.maximum(starts - ready, 0)
        np.minimum(needed, amount, out=needed)
    return needed.max(axis=0, initial=0.0, where=~early)
