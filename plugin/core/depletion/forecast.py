# SPDX-License-Identifier: GPL-2.0-or-later
"""From stock, take-up and pipeline to depletion year, start-by years and state, area by area."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from ..area_tree import memberships
from ..contracts import AREAS, OUTLOOK, SITES, START_BY_YEARS, TAKE_UP, TRAJECTORY, conform, empty
from ..errors import ContractError
from ..progress import SILENT, Progress
from ..provenance import ASSUMED, DERIVED, UNKNOWN, weakest
from .rundown import Rundown, run_down
from .scenarios import Scenario

DEFAULT_LEAD_TIMES_YEARS = (3.0, 4.0, 5.0)
"""「産業用地の整備には時間を要する（一般に約3～5年）」, METI paper of December 2024; the middle is assumed."""

_URGENT = ("depleted", "too_late", "start_now")

FORECAST_LEVELS = ("prefecture", "designated_city")


@dataclass(frozen=True)
class Forecast:
    """Contract tables `outlook` (with the geometry of the area) and `trajectory`."""

    outlook: gpd.GeoDataFrame
    trajectory: pd.DataFrame


@dataclass(frozen=True)
class _Inputs:
    """What is known of one area."""

    stock_ha: float
    stock_sites: int
    stock_unknown_sites: int
    stock_basis: str
    take_up_ha: float
    take_up_years: int
    suppressed_years: int
    later_years: int
    take_up_basis: str
    arrivals: list[tuple[float, float]]
    undated: int
    unmeasured: int
    overdue: int
    pipeline_basis: str


def forecast(
    areas: gpd.GeoDataFrame,
    sites: pd.DataFrame,
    take_up: pd.DataFrame,
    scenarios: Sequence[Scenario],
    *,
    base_year: float,
    horizon_years: float = 30.0,
    lead_times_years: tuple[float, float, float] = DEFAULT_LEAD_TIMES_YEARS,
    progress: Progress = SILENT,
) -> Forecast:
    """Forecast every prefecture and designated city, and any other area that has take-up of its own.

    Parameters
    ----------
    areas, sites, take_up : DataFrame
        Contracts of those names; `sites` with `counted_ha`. An area holds the sites of every area that lies in it.
        Stock is `idle_prepared` land and pipeline projects that are completed; `former_heavy` land is not stock.
    scenarios : sequence of Scenario
        The scenarios, in the order of the output.
    base_year : float
        Year at whose beginning the stock is what the sites say.
    horizon_years : float
        How far to look.
    lead_times_years : (float, float, float)
        Shortest, likeliest and longest lead time of new development. A project that states its own keeps it.
    progress : Progress
        Where to report, and who may cancel.

    Returns
    -------
    Forecast
        Take-up is the mean of the area's years before the base year that are not suppressed. A project arrives in its
        `ready_year`, or at `start_year` and its lead time, weighted with its completion probability (1 where it states
        none, which is an assumption and makes the basis `assumed`). A project that is overdue at the base year is
        counted as such and does not arrive.

    Raises
    ------
    ContractError
        A table breaks its contract, or the lead times are not in order.
    """
    if not 0 < lead_times_years[0] <= lead_times_years[1] <= lead_times_years[2]:
        raise ContractError(f"Lead times must be positive and in order; {lead_times_years} are not.")
    areas, sites, take_up = conform(areas, AREAS), conform(sites, SITES), conform(take_up, TAKE_UP)
    wanted = areas[areas["level"].isin(FORECAST_LEVELS) | areas["area_code"].isin(take_up["area_code"])]
    within = sites.merge(memberships(areas), on="area_code")
    sites_by_area = dict(iter(within.groupby("within_code")))
    take_up_by_area = dict(iter(take_up.groupby("area_code")))
    rows, courses = [], []
    for done, code in enumerate(wanted["area_code"]):
        inputs = _gather(
            sites_by_area.get(code, within[:0]), take_up_by_area.get(code, take_up[:0]), base_year, lead_times_years
        )
        for scenario in scenarios:
            row, course = _one(inputs, scenario, base_year, horizon_years, lead_times_years)
            rows.append({"area_code": code, "scenario_id": scenario.id, **row})
            courses.append(course.assign(area_code=code, scenario_id=scenario.id, basis=row["basis"]))
        progress.report((done + 1) / len(wanted))
    fixed = {"base_year": base_year, "horizon_years": horizon_years, "reserve_ha": 0.0}
    leads = ("lead_time_min_years", "lead_time_mode_years", "lead_time_max_years")
    fixed |= dict(zip(leads, lead_times_years, strict=True))
    names = ["area_code", "name", "name_en", "level", "parent_code", "geometry"]
    outlook = pd.DataFrame(rows, columns=None if rows else ["area_code", "scenario_id", "state"]).assign(**fixed)
    outlook = wanted[names].merge(outlook, on="area_code")
    known = [course for course in courses if len(course)]
    trajectory = pd.concat(known, ignore_index=True) if known else empty(TRAJECTORY)
    return Forecast(conform(outlook, OUTLOOK), conform(trajectory, TRAJECTORY))


def _gather(
    sites: pd.DataFrame, take_up: pd.DataFrame, base_year: float, lead_times_years: tuple[float, float, float]
) -> _Inputs:
    completed = (sites["layer"] == "pipeline") & (sites["status"] == "completed")
    stock = sites[(sites["layer"] == "idle_prepared") | completed]
    past = take_up[take_up["year"] < base_year]
    used = past[past["take_up_ha"].notna()]
    time, hectares, basis = _arrivals(
        sites[(sites["layer"] == "pipeline") & ~completed], base_year, lead_times_years[1]
    )
    arriving = (time >= 0) & hectares.notna()
    return _Inputs(
        stock_ha=stock["counted_ha"].sum(min_count=1),
        stock_sites=len(stock),
        stock_unknown_sites=int(stock["counted_ha"].isna().sum()),
        stock_basis=weakest(stock["counted_basis"]),
        take_up_ha=used["take_up_ha"].mean(),
        take_up_years=len(used),
        suppressed_years=len(past) - len(used),
        later_years=len(take_up) - len(past),
        take_up_basis=weakest(used["basis"]),
        arrivals=list(zip(time[arriving], hectares[arriving], strict=True)),
        undated=int(time.isna().sum()),
        unmeasured=int((time.notna() & hectares.isna()).sum()),
        overdue=int((time < 0).sum()),
        pipeline_basis=weakest(basis[arriving]),
    )


def _arrivals(
    projects: pd.DataFrame, base_year: float, lead_time_years: float
) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Years from now, expected hectares and basis of each project; NaN where it cannot be dated or measured."""
    own = projects["lead_time_mode_years"]
    ready = projects["ready_year"].fillna(projects["start_year"] + own.fillna(lead_time_years))
    certain = projects["completion_probability"].notna() & (projects["ready_year"].notna() | own.notna())
    hectares = projects["counted_ha"] * projects["completion_probability"].fillna(1.0)
    basis = [
        weakest([stated, None if sure else ASSUMED])
        for stated, sure in zip(projects["counted_basis"], certain, strict=True)
    ]
    return ready - base_year, hectares, pd.Series(basis, index=projects.index, dtype="object")


def _one(
    inputs: _Inputs,
    scenario: Scenario,
    base_year: float,
    horizon_years: float,
    lead_times_years: tuple[float, float, float],
) -> tuple[dict[str, object], pd.DataFrame]:
    arrivals = [one for one in inputs.arrivals if one[0] <= horizon_years] if scenario.pipeline else []
    row: dict[str, object] = {
        "stock_ha": inputs.stock_ha,
        "stock_sites": inputs.stock_sites,
        "stock_unknown_sites": inputs.stock_unknown_sites,
        "stock_basis": inputs.stock_basis,
        "take_up_ha_per_year": inputs.take_up_ha,
        "take_up_years": inputs.take_up_years,
        "suppressed_years": inputs.suppressed_years,
        "later_years": inputs.later_years,
        "take_up_basis": inputs.take_up_basis,
        "pipeline_ha": sum(hectares for _, hectares in arrivals) if scenario.pipeline else np.nan,
        "pipeline_projects": len(arrivals) if scenario.pipeline else None,
        "pipeline_undated_projects": inputs.undated if scenario.pipeline else None,
        "pipeline_unknown_projects": inputs.unmeasured if scenario.pipeline else None,
        "pipeline_overdue_projects": inputs.overdue if scenario.pipeline else None,
        "pipeline_basis": inputs.pipeline_basis if arrivals else None,
    }
    if reason := _why_no_data(inputs):
        return {**row, "state": "no_data", "reason": reason, "basis": UNKNOWN}, pd.DataFrame(columns=["year"])
    basis = weakest([inputs.stock_basis, inputs.take_up_basis, inputs.pipeline_basis if arrivals else None, DERIVED])
    rundown = run_down(inputs.stock_ha, inputs.take_up_ha, arrivals, horizon_years)
    limits = ["stock_partly_unknown"] if inputs.stock_unknown_sites else []
    limits += ["pipeline_partly_unknown"] if scenario.pipeline and inputs.unmeasured else []
    row |= {"basis": basis, "reason": "; ".join(limits) or None, **_answers(rundown, base_year, lead_times_years)}
    if limits and row["state"] in _URGENT:
        row["state"] = "no_data"  # it runs out in that year or later, which proves no urgency
    return row, _course(rundown, arrivals, base_year)


def _why_no_data(inputs: _Inputs) -> str | None:
    if inputs.stock_sites == 0:
        return "no_sites"
    if np.isnan(inputs.stock_ha):
        return "stock_unknown"
    if inputs.take_up_years == 0:
        return "take_up_suppressed" if inputs.suppressed_years else "no_take_up"
    return None


def _answers(rundown: Rundown, base_year: float, lead_times_years: tuple[float, float, float]) -> dict[str, object]:
    years, stock_ha = rundown.depletion, float(rundown.stocks[0])
    answers: dict[str, object] = {
        "state": state(years, stock_ha, lead_times_years),
        "gap_years": rundown.gap,
        "gap_unmet_ha": rundown.gap * rundown.take_up,
        "unmet_ha": float(rundown.unmet(np.array([rundown.horizon]))[0]),
    }
    if years is not None:
        answers |= {"depletion_year": base_year + years, "years_to_depletion": years}
        answers |= {name: base_year + years - lead for name, lead in START_BY_YEARS.items()}
    return answers


def state(years_to_depletion: float | None, stock_ha: float, lead_times_years: tuple[float, float, float]) -> str:
    """State of an area.

    Parameters
    ----------
    years_to_depletion : float or None
        None where the stock lasts beyond the horizon.
    stock_ha : float
        Hectares above the reserve at the base year.
    lead_times_years : (float, float, float)
        Shortest, likeliest and longest lead time.

    Returns
    -------
    str
        `depleted`; `too_late` (even the shortest lead time is too long); `start_now` (the longest leaves less than
        one year); `time_left`; `not_within_horizon`.
    """
    if stock_ha <= 0:
        return "depleted"
    if years_to_depletion is None:
        return "not_within_horizon"
    if years_to_depletion < lead_times_years[0]:
        return "too_late"
    return "start_now" if years_to_depletion - lead_times_years[2] < 1 else "time_left"


def _course(rundown: Rundown, arrivals: list[tuple[float, float]], base_year: float) -> pd.DataFrame:
    """Stock at the beginning of each year, and what happened in the year before."""
    times = np.arange(np.floor(rundown.horizon) + 1)
    when, hectares = np.array([max(time, 0.0) for time, _ in arrivals]), np.array([ha for _, ha in arrivals])
    arrived = np.array([hectares[when <= time].sum() for time in times])
    unmet = rundown.unmet(times)
    in_year = {"arrivals_ha": np.diff(arrived, prepend=0.0), "unmet_ha": np.diff(unmet, prepend=0.0)}
    taken = np.diff(rundown.take_up * times - unmet, prepend=0.0)
    course = pd.DataFrame({"year": base_year + times, "stock_ha": rundown.stock(times), "take_up_ha": taken, **in_year})
    return course.round(9).abs()  # differences of sums leave dust of 1e-15, of either sign
