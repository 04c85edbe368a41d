# SPDX-License-Identifier: GPL-2.0-or-later
"""Land that is to come, from projects and from conversions, in the one form that the engine takes.

A frame of arrivals has a row for each site: `site_id`, `area_code`, `ready` (stated, years from the base year) or
`start` with `lead_min`, `lead_mode` and `lead_max` (reckoned), `probability`, `hectares` (when completed) and `basis`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ...provenance import ASSUMED, weakest_of_columns
from ..engine.cases import NO_ARRIVALS, Arrivals
from ..scenarios import Conversion
from ..settings import Settings

_NUMBERS = ("ready", "start", "lead_min", "lead_mode", "lead_max", "probability", "hectares")

COMING = ("arrives", "beyond_horizon")
"""What the draws may let arrive: beyond the horizon lies what is likeliest to, and may come sooner."""


@dataclass(frozen=True, eq=False)
class Converted:
    """Former heavy-industry land under a scenario.

    Parameters
    ----------
    arrivals : DataFrame
        The sites that are converted.
    unjudged, unmeasured : DataFrame
        Sites without a verdict under the scenario's profile, and sites that meet it and of which nobody has said how
        much can be had: `site_id` and `area_code`.
    """

    arrivals: pd.DataFrame
    unjudged: pd.DataFrame
    unmeasured: pd.DataFrame


def of_projects(projects: pd.DataFrame, base_year: float) -> pd.DataFrame:
    """Arrivals of the projects of contract `projects` that may become ready."""
    coming = projects[projects["counts_as"].isin(COMING) & projects["counted_ha"].notna()]
    leads = {f"lead_{name}": coming[f"lead_time_{name}_years"] for name in ("min", "mode", "max")}
    return coming[["site_id", "area_code", "basis"]].assign(
        ready=coming["stated_ready_year"] - base_year,
        start=coming["reckoned_from_year"] - base_year,
        **leads,
        probability=coming["completion_probability"],
        hectares=coming["counted_ha"],
    )


def of_conversions(
    sites: pd.DataFrame, verdicts: pd.DataFrame | None, conversion: Conversion, settings: Settings
) -> Converted:
    """Arrivals of former heavy-industry land.

    Parameters
    ----------
    sites : DataFrame
        Contract `sites`, with `counted_ha`.
    verdicts : DataFrame or None
        Contract `verdicts`.
    conversion : Conversion
        What the scenario says. What meets the profile, and no more than can be had, is converted in part; hectares that
        the data cannot decide are not. A stated year of readiness goes before the time of conversion, which is reckoned
        from the end of the former use, and from the base year where that lies before it or is unknown.
    settings : Settings
        Base year.
    """
    former = sites[sites["layer"] == "former_heavy"]
    former = former[["site_id", "area_code", "ready_year", "closed_year", "counted_ha", "counted_basis"]]
    judged = _judged(verdicts, conversion.profile_id)
    found = former.merge(judged, on="site_id", how="left")
    unjudged = found["met_ha"].isna()
    unmeasured = (found["met_ha"] > 0) & found["counted_ha"].isna()
    met = found[(found["met_ha"] > 0) & ~unmeasured]
    shortest, likeliest, longest = conversion.years
    stated = met["ready_year"].where(met["ready_year"] >= settings.base_year)
    since = met["closed_year"].fillna(settings.base_year).clip(lower=settings.base_year)
    arrivals = met[["site_id", "area_code"]].assign(
        ready=stated - settings.base_year,
        start=(since - settings.base_year).where(stated.isna()),
        lead_min=shortest,
        lead_mode=likeliest,
        lead_max=longest,
        probability=conversion.probability,
        hectares=np.minimum(met["met_ha"], met["counted_ha"]) * conversion.share,
        basis=weakest_of_columns(met["counted_basis"], met["verdict_basis"], pd.Series(ASSUMED, index=met.index)),
    )
    names = ["site_id", "area_code"]
    return Converted(arrivals, found.loc[unjudged, names], found.loc[unmeasured, names])


def _judged(verdicts: pd.DataFrame | None, profile_id: str) -> pd.DataFrame:
    if verdicts is None:
        return pd.DataFrame({"site_id": [], "met_ha": [], "verdict_basis": []}).astype({"site_id": "object"})
    own = verdicts[verdicts["profile_id"] == profile_id]
    return own[["site_id", "met_ha", "basis"]].rename(columns={"basis": "verdict_basis"})


def together(*frames: pd.DataFrame) -> pd.DataFrame:
    """Frames of arrivals one under the other."""
    filled = [frame for frame in frames if len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else frames[0]


def as_arrivals(rows: pd.DataFrame) -> Arrivals:
    """A frame of arrivals as the engine takes it."""
    if rows.empty:
        return NO_ARRIVALS
    return Arrivals(tuple(rows["site_id"]), *(rows[name].to_numpy(dtype="float64") for name in _NUMBERS))


def expected_within(rows: pd.DataFrame, horizon_years: float) -> pd.Series:
    """Hectares times chance of the arrivals that are likeliest to come within the horizon, row by row."""
    likeliest = rows["ready"].fillna(rows["start"] + rows["lead_mode"])
    return (rows["hectares"] * rows["probability"])[likeliest <= horizon_years]
