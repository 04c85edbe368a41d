# SPDX-License-Identifier: GPL-2.0-or-later
"""From stock, take-up and pipeline to depletion year, start-by years and state, area by area."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd

from ..area_tree import nested
from ..contracts import AREAS, OUTLOOK, SITES, TAKE_UP, TRAJECTORY, VERDICTS, conform, empty
from ..errors import ContractError
from ..progress import SILENT, Progress
from ..reconcile import reconcile
from . import answers
from .assumptions import Assumptions, load_assumptions
from .comparisons.gains import gains, reference_scenario
from .comparisons.sensitivity import sensitivity
from .engine.cases import Array, Case
from .engine.required_starts import required_starts
from .engine.rundown import deterministic
from .engine.simulation import Simulation, simulate
from .inputs import arriving
from .inputs import demand as yearly_demand
from .inputs.arriving import Converted
from .inputs.asking import Asked, ask
from .inputs.gathering import Gathered, gather
from .inputs.nested_demand import with_nested
from .inputs.stages import board
from .scenarios import Scenario
from .settings import Settings
from .survey_bins import survey_bin_table

_NESTED_HA = ("stock_ha", "pipeline_ha", "converted_ha")
"""Columns of `outlook` whose parts add up to the whole."""


@dataclass(frozen=True)
class Forecast:
    """Contract tables of those names; `outlook` has the geometry of the areas."""

    outlook: gpd.GeoDataFrame
    trajectory: pd.DataFrame
    demand: pd.DataFrame
    projects: pd.DataFrame
    gains: pd.DataFrame
    sensitivity: pd.DataFrame
    survey_bins: pd.DataFrame


@dataclass(frozen=True)
class _Runs:
    """The cases by the position of their row, and what the draws make of them, if there are any."""

    cases: Mapping[int, Case]
    simulation: Simulation | None


def forecast(
    areas: gpd.GeoDataFrame,
    sites: pd.DataFrame,
    take_up: pd.DataFrame,
    scenarios: Sequence[Scenario],
    settings: Settings,
    *,
    verdicts: pd.DataFrame | None = None,
    assumptions: Assumptions | None = None,
    progress: Progress = SILENT,
) -> Forecast:
    """Forecast the nation, every prefecture, its designated cities and what they leave of it, and any other area that
    has take-up of its own.

    Parameters
    ----------
    areas, sites, take_up : DataFrame
        Contracts of those names; `sites` with `counted_ha`. An area holds the sites of every area that lies in it.
        Stock is `idle_prepared` land and pipeline projects on sale or completed; `former_heavy` land is not stock and
        comes in only where a scenario converts it.
    scenarios : sequence of Scenario
        The scenarios, in the order of the output.
    settings : Settings
        Base year, horizon, lead times, draws, series.
    verdicts : DataFrame, optional
        Contract `verdicts`, for scenarios that convert land by a rule profile.
    assumptions : Assumptions, optional
        What is assumed where the data are silent; what comes with Yochi if it is left out.
    progress : Progress
        Where to report, and who may cancel.

    Returns
    -------
    Forecast
        Every area and scenario has a row in `outlook`, with a state and, where there is no data or a figure is a bound,
        the reason.

    Raises
    ------
    ContractError
        A table breaks its contract, there is no scenario or one twice, or the headline is none of them.
    StudyError
        A series of take-up is unknown, or counts the same land twice.
    ReconciliationError
        The parts of an area do not add up to it.
    """
    _check_scenarios(scenarios, settings.headline)
    assumed = assumptions or load_assumptions()
    areas, sites, take_up = nested(conform(areas, AREAS)), conform(sites, SITES), conform(take_up, TAKE_UP)
    judged = None if verdicts is None else conform(verdicts, VERDICTS)
    own = yearly_demand.yearly(take_up, series=settings.series, base_year=settings.base_year, losses=settings.losses)
    demand = with_nested(own, areas, settings.base_year)
    projects = board(sites, settings, assumed.stages)
    gathered = gather(areas, sites, projects, demand, settings, assumed.take_up)
    converted = {
        one.id: arriving.of_conversions(sites, judged, one.conversion, settings)
        for one in scenarios
        if one.conversion is not None
    }
    asked = _asked(gathered, scenarios, converted, settings, assumed)
    progress.report(0.1, "inputs gathered")
    runs = _run(asked, settings, progress.part(0.1, 0.6))
    outlook, trajectory = _told(gathered, asked, runs, settings, assumed)
    headline = settings.headline or scenarios[-1].id
    outlook = _with_required_starts(outlook, runs, headline, settings, progress.part(0.6, 0.9))
    _check_nesting(outlook)
    return Forecast(
        outlook,
        trajectory,
        demand,
        projects,
        gains(outlook, _depletions(outlook, runs), reference_scenario([one.id for one in scenarios])),
        _sensitivity(outlook, runs, headline, settings, assumed, progress.part(0.9, 1.0)),
        survey_bin_table(assumed.survey_bins),
    )


def _check_scenarios(scenarios: Sequence[Scenario], headline: str) -> None:
    names = [one.id for one in scenarios]
    if not names:
        raise ContractError("There is no scenario; choose at least one.")
    for name in names:
        if names.count(name) > 1:
            raise ContractError(f"Scenario {name} is there twice; give each scenario an id of its own.")
    if headline and headline not in names:
        raise ContractError(f"headline = {headline!r} is not allowed; use one of {', '.join(names)}.")


def _asked(
    gathered: Gathered,
    scenarios: Sequence[Scenario],
    converted: Mapping[str, Converted],
    settings: Settings,
    assumed: Assumptions,
) -> list[Asked]:
    return [
        ask(area, scenario, converted.get(scenario.id), settings, assumed.take_up)
        for area in gathered.areas
        for scenario in scenarios
    ]


def _run(asked: Sequence[Asked], settings: Settings, progress: Progress) -> _Runs:
    cases = {row: one.case for row, one in enumerate(asked) if one.case is not None}
    if not cases or settings.draws == 0:
        return _Runs(cases, None)
    return _Runs(cases, simulate([*cases.values()], **_as_drawn(settings), progress=progress))


def _as_drawn(settings: Settings) -> dict[str, Any]:
    names = ("draws", "seed", "horizon_years", "lead_times_years")
    return {name: getattr(settings, name) for name in names}


def _told(
    gathered: Gathered, asked: Sequence[Asked], runs: _Runs, settings: Settings, assumed: Assumptions
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Tables `outlook`, with a row for each area and scenario in the order asked, and `trajectory`."""
    rows, courses = [dict(one.row) for one in asked], []
    for position, (row, case) in enumerate(runs.cases.items()):
        rundown = deterministic(case, settings.horizon_years)
        rows[row] |= answers.exact(rundown, asked[row].bounds, settings, assumed.survey_bins)
        stocks = None if runs.simulation is None else runs.simulation.stock[position]
        key = {name: rows[row][name] for name in ("area_code", "scenario_id", "basis")}
        courses.append(answers.course(rundown, settings, stocks, asked[row].kept_ha).assign(**key))
    told = pd.DataFrame(rows, columns=None if rows else ["area_code", "scenario_id", "state"])
    told = told.assign(**_settings_columns(settings), draws=0)
    if runs.simulation is not None:
        drawn = answers.drawn(runs.simulation, settings).assign(draws=settings.draws)
        told = _with_columns(told, drawn, list(runs.cases))
    names = ["area_code", "name", "name_en", "level", "parent_code", gathered.wanted.geometry.name]
    outlook = gathered.wanted[names].merge(told, on="area_code")
    trajectory = pd.concat(courses, ignore_index=True) if courses else empty(TRAJECTORY)
    return conform(outlook, OUTLOOK), conform(trajectory, TRAJECTORY)


def _settings_columns(settings: Settings) -> dict[str, object]:
    leads = ("lead_time_min_years", "lead_time_mode_years", "lead_time_max_years")
    return {
        "base_year": settings.base_year,
        "horizon_years": settings.horizon_years,
        "seed": settings.seed,
        **dict(zip(leads, settings.lead_times_years, strict=True)),
    }


def _with_columns(rows: pd.DataFrame, columns: pd.DataFrame, where: Sequence[int]) -> pd.DataFrame:
    """Set columns in some rows, by position."""
    placed = columns.set_index(rows.index[list(where)]).reindex(rows.index)
    return rows.assign(**{name: placed[name].fillna(rows[name]) if name in rows else placed[name] for name in placed})


def _with_required_starts(
    outlook: gpd.GeoDataFrame, runs: _Runs, headline: str, settings: Settings, progress: Progress
) -> gpd.GeoDataFrame:
    chosen = _of_scenario(outlook, runs, headline)
    if not chosen or settings.draws == 0:
        return outlook
    found = required_starts([*chosen.values()], **_as_drawn(settings), progress=progress)
    return _with_columns(outlook, answers.required(found, settings), list(chosen))


def _of_scenario(outlook: pd.DataFrame, runs: _Runs, scenario_id: str) -> dict[int, Case]:
    """Cases of a scenario by the position of their row in `outlook`."""
    scenario = outlook["scenario_id"].to_numpy()
    return {row: case for row, case in runs.cases.items() if scenario[row] == scenario_id}


def _depletions(outlook: pd.DataFrame, runs: _Runs) -> dict[tuple[str, str], Array]:
    """Years to depletion in each draw, by area and scenario."""
    if runs.simulation is None:
        return {}
    keys = zip(outlook["area_code"], outlook["scenario_id"], strict=True)
    by_row = dict(enumerate(keys))
    return {by_row[row]: runs.simulation.depletion[position] for position, row in enumerate(runs.cases)}


def _sensitivity(
    outlook: pd.DataFrame, runs: _Runs, headline: str, settings: Settings, assumed: Assumptions, progress: Progress
) -> pd.DataFrame:
    chosen = _of_scenario(outlook, runs, headline)
    return sensitivity(
        [*chosen.values()],
        outlook["basis"].iloc[list(chosen)].tolist(),
        headline,
        assumed.ranges,
        base_year=settings.base_year,
        horizon_years=settings.horizon_years,
        lead_times_years=settings.lead_times_years,
        progress=progress,
    )


def _check_nesting(outlook: pd.DataFrame) -> None:
    """A prefecture is its cities plus a remainder, the nation its prefectures: refuse what does not add up."""
    parts = outlook[outlook["level"].isin(["prefecture", "designated_city", "remainder"])]
    divided = parts.loc[parts["level"].isin(["prefecture", "remainder"]), "parent_code"].dropna().unique()
    by_whole = parts.set_index(["parent_code", "scenario_id"])[list(_NESTED_HA)].groupby(level=[0, 1])
    summed, partly_unknown = by_whole.sum(), by_whole.count().lt(by_whole.size(), axis=0)
    totals = outlook.set_index(["area_code", "scenario_id"])[list(_NESTED_HA)]
    both_unknown = totals.isna() & partly_unknown.reindex(totals.index, fill_value=False)
    for key, total in totals.fillna(0.0)[totals.index.isin(divided, level=0)].iterrows():
        for column in _NESTED_HA:
            if not both_unknown.loc[key, column]:  # else there is nothing to add up
                reconcile(summed.loc[key, column], total[column], f"{column} of area {key[0]} under {key[1]}")
