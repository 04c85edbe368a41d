# SPDX-License-Identifier: GPL-2.0-or-later
"""By how many years a scenario puts depletion off, held against another one, area by area."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from ...contracts import GAINS, conform
from ...provenance import weakest_of_columns
from ..engine.cases import Array
from ..engine.simulation import percentile

Draws = Mapping[tuple[str, str], Array]
"""Area and scenario -> years from the base year to depletion, one a draw; infinite beyond the horizon.

The draws of an area are common to its scenarios: position by position, the same years of take-up and the same
lead times.
"""

REFERENCE = "pipeline"
PERCENTILES = {"gain_p10_years": 0.1, "gain_p50_years": 0.5, "gain_p90_years": 0.9}
_READ = ["horizon_years", "years_to_depletion", "state", "reason", "basis"]


def reference_scenario(scenario_ids: Sequence[str]) -> str:
    """The scenario that the others are held against: `pipeline` where there is one, else the first."""
    return REFERENCE if REFERENCE in scenario_ids else scenario_ids[0]


def gains(outlook: pd.DataFrame, draws: Draws, against: str) -> pd.DataFrame:
    """Years gained by each scenario.

    Parameters
    ----------
    outlook : DataFrame
        Contract `outlook`.
    draws : mapping of (str, str) to array
        Simulated years to depletion; what is not in it, or without draws, gets no percentiles.
    against : str
        Identifier of the scenario that the others are held against.

    Returns
    -------
    DataFrame
        Contract `gains`: a row for each area and each scenario but `against`. `gain_years` is the difference of the
        deterministic depletion years. Where one of them lies beyond the horizon the gain (or, below zero, the loss)
        is at least the years up to the horizon, and `bound` is yes; where both do, nothing is known of it. Percentiles
        are of the years gained within the horizon: of the differences in each draw, each end cut at the horizon.
        `reason` carries what the outlook says of its bounds.

    Examples
    --------
    >>> outlook = pd.DataFrame(
    ...     {
    ...         "area_code": "14",
    ...         "scenario_id": ["pipeline", "rationalised"],
    ...         "horizon_years": 30,
    ...         "years_to_depletion": [6.0, 10.0],
    ...         "state": "time_left",
    ...         "reason": None,
    ...         "basis": "derived",
    ...     }
    ... )
    >>> gains(outlook, {}, "pipeline")["gain_years"].tolist()
    [4.0]
    """
    rows = outlook[["area_code", "scenario_id", *_READ]]
    other = rows["scenario_id"] == against
    reference = rows[other].drop(columns="scenario_id").assign(against_scenario_id=against)
    pairs = rows[~other].merge(reference, on="area_code", suffixes=("", "_against"))
    figures = _deterministic(pairs).join(_simulated(pairs, draws))
    keys = pairs[["area_code", "scenario_id", "against_scenario_id"]]
    return conform(keys.join(figures).assign(basis=weakest_of_columns(pairs["basis"], pairs["basis_against"])), GAINS)


def _deterministic(pairs: pd.DataFrame) -> pd.DataFrame:
    """Columns `gain_years`, `bound` and `reason`."""
    year, year_against = pairs["years_to_depletion"], pairs["years_to_depletion_against"]
    beyond, beyond_against = (pairs[name] == "not_within_horizon" for name in ("state", "state_against"))
    known = (year.notna() | beyond) & (year_against.notna() | beyond_against)
    both = beyond & beyond_against
    horizon = pairs["horizon_years"]
    gain = (year.fillna(horizon) - year_against.fillna(horizon)).where(known & ~both)
    bound = (beyond | beyond_against).map({True: "yes", False: "no"}).where(known, None)
    of_the_pair = both.map({True: "both_beyond_horizon", False: None}).where(known, "no_data")
    said = zip(pairs["reason"], pairs["reason_against"], of_the_pair, strict=True)
    reason = pd.Series([_together(one) for one in said], index=pairs.index, dtype="object")
    return pd.DataFrame({"gain_years": gain, "bound": bound, "reason": reason})


def _together(reasons: Sequence[object]) -> str | None:
    """Reasons of both rows and of the pair, each once, in order."""
    parts = [part for reason in reasons if isinstance(reason, str) for part in reason.split("; ")]
    return "; ".join(dict.fromkeys(parts)) or None


def _simulated(pairs: pd.DataFrame, draws: Draws) -> pd.DataFrame:
    """Percentiles of the gain; missing where nothing was drawn, or no draw depletes in either scenario."""
    found = np.full((len(pairs), len(PERCENTILES)), np.nan)
    names = ("area_code", "scenario_id", "against_scenario_id", "horizon_years")
    ends = zip(*(pairs[name] for name in names), strict=True)
    for position, (area, scenario, against, horizon) in enumerate(ends):
        one, other = draws.get((area, scenario)), draws.get((area, against))
        if one is None or other is None or not np.isfinite([one, other]).any():
            continue
        gain = np.minimum(one, horizon) - np.minimum(other, horizon)
        found[position] = [percentile(gain, share) for share in PERCENTILES.values()]
    return pd.DataFrame(found, columns=list(PERCENTILES), index=pairs.index)
