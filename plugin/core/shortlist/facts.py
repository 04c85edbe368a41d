# SPDX-License-Identifier: GPL-2.0-or-later
"""What can be asked of a site, and what is known of it: a number between two bounds, or a code."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from .. import crs
from ..contracts import SITES, VERDICTS, conform
from ..errors import ContractError
from ..geometry import is_polygon
from ..resources import code_list, codes

UNKNOWN_CODE = "unknown"
OF_A_PROFILE = ("met_share", "met_area")
"""Facts that are verdicts, so that a condition on them names a rule profile."""

_UNIT_SIGNS = {"ratio": "", "year": "", "owners": "", "percent": "%"}

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Fact:
    """A fact by its code in `site_facts.csv`; `allowed` are the codes that it may have, None where it is a number."""

    code: str
    column: str | None
    unit: str
    allowed: tuple[str, ...] | None

    @property
    def is_number(self) -> bool:
        """Whether it is a number; else it is one of a list of codes."""
        return self.allowed is None

    @property
    def sign(self) -> str:
        """Unit as it is written after a number, with the space before it."""
        sign = _UNIT_SIGNS.get(self.unit, self.unit)
        return f" {sign}" if sign else ""


@dataclass(frozen=True, eq=False)
class Numbers:
    """A number for each site, known to lie between two bounds; both infinite where nothing is known."""

    low: Floats
    high: Floats

    @property
    def known(self) -> npt.NDArray[np.bool_]:
        """Whether anything is known of the number."""
        return np.isfinite(self.low) | np.isfinite(self.high)


@lru_cache
def facts() -> dict[str, Fact]:
    """The facts that there are, by code."""
    return {row["code"]: _fact(row) for row in code_list("site_facts")}


def _fact(row: dict[str, str]) -> Fact:
    column = SITES[row["column"]] if row["column"] else None
    allowed = codes(column.code_list) if column is not None and column.code_list else None
    return Fact(row["code"], row["column"] or None, row["unit"], allowed)


def values(
    fact: Fact, sites: pd.DataFrame, verdicts: pd.DataFrame | None = None, profile: str | None = None
) -> Numbers | Codes:
    """What is known of a fact of each site.

    Parameters
    ----------
    fact : Fact
        One of `facts()`.
    sites : DataFrame
        Contract `sites`.
    verdicts : DataFrame or None
        Contract `verdicts`, for a fact of a profile. Land that is undecidable may turn out either way, so that the
        fact lies between the hectares that meet the profile and those that may.
    profile : str or None
        The profile of such a fact.

    Returns
    -------
    Numbers or array of object
        In the order of `sites`; codes that are missing or `unknown` are None.

    Raises
    ------
    ContractError
        No verdict under the profile is there.
    """
    if fact.code in OF_A_PROFILE:
        return _met(fact, sites, verdicts, profile)
    if fact.column == "contiguous_ha":
        return _exactly(contiguous_ha(sites))
    column = sites[str(fact.column)]
    if fact.is_number:
        return _exactly(column.to_numpy(dtype="float64", na_value=np.nan))
    return column.where(column.notna() & (column != UNKNOWN_CODE), None).to_numpy(dtype=object)


def contiguous_ha(sites: pd.DataFrame) -> Floats:
    """Hectares of the largest part of each site that is in one piece and can be had.

    What the table states comes first, else the largest polygon of the geometry; never more than `counted_ha`, since
    what another site counts cannot be had. NaN where neither is there.
    """
    stated = sites["contiguous_ha"].to_numpy(dtype="float64", na_value=np.nan)
    measured = np.full(len(sites), np.nan)
    if hasattr(sites, "geometry") and len(sites):
        drawn = is_polygon(sites.geometry).to_numpy() & np.isnan(stated)
        parts = sites[[sites.geometry.name, "pref_code"]].assign(site=np.arange(len(sites)))[drawn]
        parts = parts.explode(ignore_index=True)
        largest = crs.area_ha(parts).groupby(parts["site"]).max()
        measured[largest.index] = largest
    found = np.where(np.isnan(stated), measured, stated)
    counted = sites["counted_ha"].to_numpy(dtype="float64", na_value=np.nan)
    return np.where(np.isnan(found), np.nan, np.fmin(found, counted))


def _exactly(numbers: Floats) -> Numbers:
    missing = np.isnan(numbers)
    return Numbers(np.where(missing, -np.inf, numbers), np.where(missing, np.inf, numbers))


def _met(fact: Fact, sites: pd.DataFrame, verdicts: pd.DataFrame | None, profile: str | None) -> Numbers:
    table = None if verdicts is None else conform(verdicts, VERDICTS)
    if table is None or (len(table) and profile not in set(table["profile_id"])):
        raise ContractError(
            f"The shortlist asks for land that meets {profile}, and no site is screened under it; screen it first."
        )
    own = table[table["profile_id"] == profile].set_index("site_id").reindex(sites["site_id"])
    sure = own["met_ha"].to_numpy(dtype="float64")
    whole = own["site_ha"].to_numpy(dtype="float64") if fact.code == "met_share" else np.ones(len(own))
    with np.errstate(invalid="ignore", divide="ignore"):
        low, high = sure / whole, (sure + own["undecidable_ha"].to_numpy(dtype="float64")) / whole
    return Numbers(np.where(np.isnan(low), -np.inf, low), np.where(np.isnan(high), np.inf, high))
