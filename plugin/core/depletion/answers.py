# SPDX-License-Identifier: GPL-2.0-or-later
"""What the engine's runs mean: years, states, chances and the course of the stock, as the tables tell them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ..contracts import CHANCE_YEARS, START_BY_YEARS
from .engine.cases import Array
from .engine.required_starts import Required
from .engine.rundown import Rundown
from .engine.simulation import STOCK_SHARES, Simulation, percentile
from .inputs.nested_demand import PARTLY_UNKNOWN
from .settings import LeadTimes, Settings
from .survey_bins import SurveyBin, bin_of

_DEPLETION_SHARES = {"depletion_p10_year": 0.1, "depletion_p50_year": 0.5, "depletion_p90_year": 0.9}
_STOCKS = ("stock_p10_ha", "stock_p50_ha", "stock_p90_ha")
_URGENT = ("depleted", "too_late", "start_now")
_AT_EASE = ("time_left", "not_within_horizon")


def state(years_to_depletion: float | None, stock_ha: float, lead_times_years: LeadTimes) -> str:
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


def proven(found: str, bounds: Sequence[str]) -> str:
    """A state that still holds where figures are bounds, else `no_data`.

    With land unknown, depletion comes in that year or later, which proves no urgency; with take-up unknown, in that
    year or earlier, which proves no ease.
    """
    supply = any(bound != PARTLY_UNKNOWN for bound in bounds)
    demand = PARTLY_UNKNOWN in bounds
    doubtful = (supply and found in _URGENT) or (demand and found in _AT_EASE)
    return "no_data" if doubtful else found


def exact(rundown: Rundown, bounds: Sequence[str], settings: Settings, bins: Sequence[SurveyBin]) -> dict[str, object]:
    """Columns of `outlook` that come from the run without chance."""
    years, stock_ha = rundown.depletion, float(rundown.stocks[0])
    found = state(years, stock_ha, settings.lead_times_years)
    answers: dict[str, object] = {
        "state": proven(found, bounds),
        "survey_bin": bin_of(years, bins),
        "gap_years": rundown.gap,
        "gap_unmet_ha": rundown.gap_unmet,
        "unmet_ha": float(rundown.unmet(np.array([rundown.horizon]))[0]),
    }
    if years is not None:
        answers |= {"depletion_year": settings.base_year + years, "years_to_depletion": years}
        answers |= {name: settings.base_year + years - lead for name, lead in START_BY_YEARS.items()}
    return answers


def drawn(simulation: Simulation, settings: Settings) -> pd.DataFrame:
    """Columns of `outlook` that come from the draws, a row a case; a year beyond the horizon is missing."""
    base = settings.base_year
    years = {name: _year(base, percentile(simulation.depletion, share)) for name, share in _DEPLETION_SHARES.items()}
    chances = {name: simulation.chance_within(within) for name, within in CHANCE_YEARS.items()}
    return pd.DataFrame(
        {
            **years,
            **chances,
            "chance_depleted": simulation.chance_within(settings.horizon_years),
            "chance_gap": simulation.chance_gap,
            "gap_mean_years": simulation.gap_mean_years,
            "unmet_mean_ha": simulation.unmet_mean_ha,
            "start_by_safe_year": _year(base, simulation.start_by_safe),
        }
    )


def required(found: Required, settings: Settings) -> pd.DataFrame:
    """Columns of `outlook` about the starts that are required, a row a case."""
    from_year = settings.base_year + found.from_years
    return pd.DataFrame({"required_starts_ha_per_year": found.ha_per_year, "required_from_year": from_year})


def _year(base_year: float, years: Array) -> Array:
    return base_year + np.where(np.isfinite(years), years, np.nan)


def course(rundown: Rundown, settings: Settings, stocks: Array | None, kept_ha: float = 0.0) -> pd.DataFrame:
    """Rows of `trajectory`: the stock at the beginning of each year, and what happened in the year before.

    Parameters
    ----------
    rundown : Rundown
        The run without chance.
    settings : Settings
        Base year and horizon.
    stocks : array of (years + 1, 3) or None
        Percentiles of the stock in the draws, if there are any.
    kept_ha : float
        Stock that is kept back, which the run does not hold.
    """
    times = np.arange(np.floor(rundown.horizon) + 1)
    told = {
        "stock_ha": rundown.stock(times) + kept_ha,
        "take_up_ha": np.diff(rundown.taken(times), prepend=0.0),
        "arrivals_ha": np.diff(rundown.arrivals(times), prepend=0.0),
        "unmet_ha": np.diff(rundown.unmet(times), prepend=0.0),
    }
    if stocks is not None:
        told |= {name: stocks[:, position] + kept_ha for position, name in enumerate(_STOCKS[: len(STOCK_SHARES)])}
    rows = pd.DataFrame(told).round(9).abs()  # differences of sums leave dust of 1e-15, of either sign
    return rows.assign(year=settings.base_year + times)
