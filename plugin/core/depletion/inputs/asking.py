# SPDX-License-Identifier: GPL-2.0-or-later
"""An area under a scenario: what the engine is asked, and what the outlook tells before it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ...provenance import ASSUMED, DERIVED, UNKNOWN, weakest
from ..engine.cases import Case
from ..engine.draws import BOOTSTRAP_YEARS
from ..scenarios import Scenario
from ..settings import Settings
from . import arriving
from .arriving import Converted
from .gathering import Area
from .take_up_assumptions import TakeUpAssumptions

VERDICTS_MISSING = "verdicts_missing"


@dataclass(frozen=True, eq=False)
class Asked:
    """An area under a scenario.

    Parameters
    ----------
    row : mapping
        Columns of `outlook` that need no run.
    case : Case or None
        What the engine runs down; None where there is no data.
    bounds : tuple of str
        Why the figures are bounds.
    kept_ha : float
        Stock that is kept back, which the case does not hold.
    """

    row: Mapping[str, object]
    case: Case | None
    bounds: tuple[str, ...]
    kept_ha: float = 0.0


def ask(
    area: Area, scenario: Scenario, converted: Converted | None, settings: Settings, assumed: TakeUpAssumptions
) -> Asked:
    """Put an area under a scenario.

    Parameters
    ----------
    area : Area
        What is known of it.
    scenario : Scenario
        What is assumed of the years to come.
    converted : Converted or None
        Former heavy-industry land under the scenario, of all areas; None where the scenario converts none.
    settings : Settings
        Horizon, and whether there are draws.
    assumed : TakeUpAssumptions
        How the take-up of an area scatters that has too few years of its own.
    """
    projects = area.projects if scenario.pipeline else area.projects.iloc[:0]
    land = None if converted is None else _inside(converted.arrivals, area)
    coming = projects if land is None else arriving.together(land, projects)
    row = {"area_code": area.code, "scenario_id": scenario.id, **area.told}
    row |= _pipeline_columns(projects, area, settings) if scenario.pipeline else {}
    row |= {} if land is None else _converted_columns(land, settings)
    unjudged = converted is not None and len(_inside(converted.unjudged, area)) > 0
    if unjudged:
        row |= {"converted_ha": np.nan, "converted_sites": None}
    if reason := area.no_data or (VERDICTS_MISSING if unjudged else None):
        return Asked(row | {"state": "no_data", "reason": reason, "basis": UNKNOWN}, None, ())
    bounds = [*area.bounds]
    bounds += ["pipeline_partly_unknown"] if scenario.pipeline and area.unmeasured else []
    if converted is not None and len(_inside(converted.unmeasured, area)):
        bounds.append("conversion_partly_unknown")
    scattered = settings.draws > 0 and len(area.take_up_ha) < BOOTSTRAP_YEARS
    bases = [
        area.told["stock_basis"],
        area.told["take_up_basis"],
        *coming["basis"],
        assumed.basis if scattered else None,
    ]
    kept_ha = min(area.reserve_ha, area.stock_ha)
    case = Case(
        key=area.code,
        stock_ha=area.stock_ha - kept_ha,
        take_up_ha=area.take_up_ha * scenario.take_up_factor,
        spread=assumed.spread,
        growth=scenario.growth_percent_per_year / 100,
        arrivals=arriving.as_arrivals(coming),
    )
    row |= {"reason": "; ".join(bounds) or None, "basis": weakest([*bases, *_of_scenario(scenario), DERIVED])}
    return Asked(row, case, tuple(bounds), kept_ha)


def _inside(rows: pd.DataFrame, area: Area) -> pd.DataFrame:
    return rows[rows["area_code"].isin(area.inner_codes)]


def _of_scenario(scenario: Scenario) -> list[str]:
    """Basis of a take-up that the scenario changes."""
    return [ASSUMED] if scenario.take_up_factor != 1 or scenario.growth_percent_per_year else []


def _pipeline_columns(projects: pd.DataFrame, area: Area, settings: Settings) -> dict[str, object]:
    expected = arriving.expected_within(projects, settings.horizon_years)
    return {
        **area.pipeline,
        "pipeline_ha": expected.sum(),
        "pipeline_projects": len(expected),
        "pipeline_basis": weakest(projects.loc[expected.index, "basis"]) if len(expected) else None,
    }


def _converted_columns(land: pd.DataFrame, settings: Settings) -> dict[str, object]:
    expected = arriving.expected_within(land, settings.horizon_years)
    return {
        "converted_ha": expected.sum(),
        "converted_sites": len(expected),
        "converted_basis": weakest(land.loc[expected.index, "basis"]) if len(expected) else None,
    }
