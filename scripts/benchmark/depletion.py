# SPDX-License-Identifier: GPL-2.0-or-later
"""The simulation of depletion against the same one written plainly, draw by draw, and how it grows.

`python -m benchmark.depletion AREAS DRAWS` measures time and memory of one call in a process of its own.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from functools import partial

import numpy as np

from yochi.plugin.core.depletion.engine.cases import Arrivals, Case
from yochi.plugin.core.depletion.engine.required_starts import required_starts
from yochi.plugin.core.depletion.engine.simulation import Simulation, simulate

from .contender import Steps, measure, report
from .rows import Row, in_turns

PREFECTURES, DRAWS, HORIZON_YEARS = 47, 2_000, 30
MUNICIPALITIES, MANY_DRAWS = 1_741, 10_000
LEAD_TIMES_YEARS = (3.0, 4.0, 5.0)
PROJECTS = 4
PLAIN_DRAWS = 20  # of each area; the time of the others follows
MEMORY_MIB = 2_048


def rows() -> Iterator[Row]:
    """Measure prefectures, the plain peer, growth, and all municipalities at once."""
    areas, small = areas_with_projects(PREFECTURES), areas_with_projects(PREFECTURES // 2)
    title = f"{PREFECTURES} areas x {DRAWS:,} draws"
    whole, starts, plain, fewer_areas, fewer_draws, fewer_years = in_turns(
        partial(_simulate, areas),
        partial(_required, areas),
        partial(_plainly, areas, PLAIN_DRAWS),
        partial(_simulate, small),
        partial(_simulate, areas, draws=DRAWS // 2),
        partial(_simulate, areas, years=HORIZON_YEARS // 2),
    )
    plain *= DRAWS / PLAIN_DRAWS
    yield Row(f"{title}, {PROJECTS} projects each", f"{1 / whole:.1f} calls a second", ">= 3", met=1 / whole >= 3)
    yield Row("the same in plain Python", f"{plain / whole:.0f} times as long", ">= 15", met=plain >= 15 * whole)
    yield Row("required starts", f"{starts / whole:.1f} times as long")
    for what, shorter, share in (
        ("areas", fewer_areas, PREFECTURES / len(small)),
        ("draws", fewer_draws, 2),
        ("years", fewer_years, 2),
    ):
        growth = whole / shorter / share  # 1 where it is linear, 2 where it is quadratic
        yield Row(f"time a unit when {what} double", f"{growth:.2f}", "<= 1.5", met=growth <= 1.5)
    all_at_once = measure("depletion", MUNICIPALITIES, MANY_DRAWS)
    memory = all_at_once.peak_mib
    yield Row(
        f"{MUNICIPALITIES:,} areas x {MANY_DRAWS:,} draws x {HORIZON_YEARS} years", f"{all_at_once.seconds:.1f} s"
    )
    yield Row("memory of it", f"{memory:,.0f} MiB", f"< {MEMORY_MIB:,}", met=memory < MEMORY_MIB)


def areas_with_projects(count: int) -> list[Case]:
    """Areas of all sizes with eight years of take-up; two of five projects state when they are ready."""
    draw = np.random.default_rng(20241)
    cases = []
    for number in range(count):
        stated = draw.random(PROJECTS) < 0.4
        arrivals = Arrivals(
            tuple(f"{number}-{project}" for project in range(PROJECTS)),
            np.where(stated, draw.uniform(0, 12, PROJECTS), np.nan),
            np.where(stated, np.nan, draw.uniform(-3, 8, PROJECTS)),
            *(np.full(PROJECTS, years) for years in LEAD_TIMES_YEARS),
            draw.uniform(0.4, 1, PROJECTS),
            draw.uniform(5, 60, PROJECTS),
        )
        cases.append(Case(f"{number:05d}", draw.uniform(20, 400), draw.uniform(5, 70, 8), arrivals=arrivals))
    return cases


def _simulate(areas: list[Case], draws: int = DRAWS, years: int = HORIZON_YEARS) -> Simulation:
    return simulate(areas, draws=draws, seed=1, horizon_years=years, lead_times_years=LEAD_TIMES_YEARS)


def _required(areas: list[Case]) -> None:
    required_starts(areas, draws=DRAWS, seed=1, horizon_years=HORIZON_YEARS, lead_times_years=LEAD_TIMES_YEARS)


def _plainly(areas: list[Case], draws: int) -> None:
    """Depletion, gap and stock of every year, and their percentiles."""
    luck = random.Random(1)
    for area in areas:
        own, projects = area.take_up_ha.tolist(), _projects(area.arrivals)
        drawn = [_one_draw(area.stock_ha, own, projects, luck) for _ in range(draws)]
        sorted(depletion - luck.triangular(3, 5, 4) for depletion, _, _ in drawn)
        sum(gap for _, gap, _ in drawn)
        for year in range(HORIZON_YEARS):
            sorted(stocks[year] for _, _, stocks in drawn)


def _projects(arrivals: Arrivals) -> list[tuple[float, float, float, float]]:
    columns = (arrivals.ready, arrivals.start, arrivals.probability, arrivals.hectares)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def _one_draw(
    stock: float, own: list[float], projects: list[tuple[float, float, float, float]], luck: random.Random
) -> tuple[float, float, list[float]]:
    events = [(float(year), 0.0) for year in range(1, HORIZON_YEARS + 1)]
    for ready, start, probability, hectares in projects:
        if luck.random() < probability:
            events.append((ready if ready == ready else start + luck.triangular(3, 5, 4), hectares))  # noqa: PLR0124
    depletion, gap, stocks, now, rate = float("inf"), 0.0, [], 0.0, luck.choice(own)
    for time, hectares in sorted(events):
        asked = rate * max(time - now, 0.0)
        if asked > stock:
            depletion = min(depletion, now + stock / rate)
            gap += time - now - stock / rate
        stock = max(stock - asked, 0.0) + hectares
        now = max(time, 0.0)
        if not hectares:
            stocks.append(stock)
            rate = luck.choice(own)
    return depletion, gap, stocks


def main() -> None:
    """Measure one call in this process."""
    areas, draws = map(int, sys.argv[1:])
    cases = areas_with_projects(areas)
    steps = Steps()
    _simulate(cases, draws)
    steps.done("simulate")
    report(steps)


if __name__ == "__main__":
    main()
