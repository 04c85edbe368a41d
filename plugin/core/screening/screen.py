# SPDX-License-Identifier: GPL-2.0-or-later
"""Sites held against rule profiles, piece by piece, with the evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from ..contracts import EVIDENCE, PIECES, SITES, VERDICTS, ZONES, Table, conform, empty
from ..crs import JGD2011
from ..errors import ReconciliationError
from ..progress import SILENT, Progress
from ..provenance import weakest
from .criteria import KINDS
from .cutting import cut
from .logic import NAMES
from .profiles import Profile

DISCLAIMER = "rule-based screening, not a legal finding"
TOLERANCE_HA = 0.01
_HECTARES = ["met_ha", "not_met_ha", "undecidable_ha"]


@dataclass(frozen=True)
class Screening:
    """Contract tables `pieces`, `evidence` and `verdicts`, and the sites with three columns of hectares a profile."""

    sites: gpd.GeoDataFrame
    pieces: gpd.GeoDataFrame
    evidence: pd.DataFrame
    verdicts: pd.DataFrame


def screen(
    sites: gpd.GeoDataFrame, zones: gpd.GeoDataFrame, profiles: Sequence[Profile], *, progress: Progress = SILENT
) -> Screening:
    """Say for each site and profile how many hectares are met, not met and undecidable.

    Parameters
    ----------
    sites : GeoDataFrame
        Contract `sites`, with `geom_ha` where a site has a geometry.
    zones : GeoDataFrame
        Contract `zones`; may be empty, and then nothing can be decided.
    profiles : sequence of Profile
        The rule profiles, in the order of the output.
    progress : Progress
        Where to report, and who may cancel.

    Returns
    -------
    Screening
        The three hectares of a verdict add up to the area of the site; `sites` has the columns
        `<profile>_met_ha`, `<profile>_not_met_ha` and `<profile>_undecidable_ha`.

    Raises
    ------
    ContractError
        A table breaks its contract.
    ReconciliationError
        The pieces of a site do not add up to it within 0.01 ha.
    """
    sites, zones = conform(sites, SITES), conform(zones, ZONES)
    pieces = cut(sites, zones)
    progress.report(0.6, "sites cut along the zones")
    _reconcile(pieces, sites)
    parts = [_screen_one(pieces, profile) for profile in profiles]
    progress.report(0.9, "profiles applied")
    evidence = _together([part[0] for part in parts], EVIDENCE)
    results = _together([part[1] for part in parts], PIECES)
    verdicts = _together(
        [_verdicts(part[1], part[0], profile) for part, profile in zip(parts, profiles, strict=True)], VERDICTS
    )
    return Screening(_with_columns(sites, verdicts), results, evidence, verdicts)


def _reconcile(pieces: gpd.GeoDataFrame, sites: gpd.GeoDataFrame) -> None:
    total = pieces[pieces["drawn"]].groupby("site_id")["piece_ha"].sum()
    measured = sites.set_index("site_id")["geom_ha"].reindex(total.index)
    off = (total - measured).abs()
    if (off > TOLERANCE_HA).any():
        site = off.idxmax()
        raise ReconciliationError(
            f"Site {site}: its pieces add up to {total[site]:.2f} ha and the site to {measured[site]:.2f} ha; "
            "repair the geometry of the zones or of the site and run again."
        )


def _screen_one(pieces: gpd.GeoDataFrame, profile: Profile) -> tuple[pd.DataFrame, gpd.GeoDataFrame]:
    """Evidence and results of one profile."""
    tests = {one.name: KINDS[one.kind].test(pieces, one.parameters) for one in profile.criteria}
    combined = profile.combination.evaluate({name: test["result"].to_numpy() for name, test in tests.items()})
    keys = pieces[["site_id", "piece", "piece_ha", "basis"]].assign(profile_id=profile.id)
    evidence = pd.concat(
        [keys.join(test.assign(result=test["result"].map(NAMES), criterion_id=name)) for name, test in tests.items()],
        ignore_index=True,
    )
    results = pieces[["site_id", "piece", "piece_ha", "basis", "layer", "geometry"]].assign(
        profile_id=profile.id, profile_status=profile.status, result=pd.Series(combined).map(NAMES).to_numpy()
    )
    return evidence, results


def _together(parts: Sequence[pd.DataFrame], table: Table) -> pd.DataFrame:
    filled = [part for part in parts if len(part)]
    return conform(pd.concat(filled, ignore_index=True), table) if filled else empty(table, JGD2011)


def _verdicts(results: pd.DataFrame, evidence: pd.DataFrame, profile: Profile) -> pd.DataFrame:
    by_site = results.groupby("site_id", sort=False)
    hectares = results.pivot_table("piece_ha", "site_id", "result", aggfunc="sum", sort=False, observed=True)
    names = [name.removesuffix("_ha") for name in _HECTARES]
    verdicts = hectares.reindex(index=by_site.size().index, columns=names).add_suffix("_ha")
    known = by_site["piece_ha"].sum(min_count=1).notna()
    verdicts = verdicts.fillna(0.0).where(known)
    verdicts["site_ha"] = verdicts[_HECTARES].sum(axis=1, min_count=1)
    verdicts["headline"] = np.where(known, verdicts[_HECTARES].fillna(0).idxmax(axis=1), "undecidable_ha")
    verdicts["headline"] = verdicts["headline"].str.removesuffix("_ha")
    verdicts["basis"] = by_site["basis"].agg(weakest)
    verdicts["missing"] = _missing(evidence).reindex(verdicts.index)
    fixed = {"profile_id": profile.id, "profile_status": profile.status, "profile_date": profile.date}
    return verdicts.reset_index(names="site_id").assign(**fixed, disclaimer=DISCLAIMER)


def _missing(evidence: pd.DataFrame) -> pd.Series:
    """What would have to be found out for a site: `criterion:reason:hectares`, most hectares first."""
    open_questions = evidence[evidence["result"] == "undecidable"]
    grouped = open_questions.groupby(["site_id", "criterion_id", "reason"], sort=True)["piece_ha"].sum(min_count=1)
    listed = grouped.reset_index().sort_values("piece_ha", ascending=False, kind="stable")
    hectares = listed["piece_ha"].map(lambda ha: "unknown" if pd.isna(ha) else f"{ha:.2f} ha")
    texts = listed["criterion_id"] + ":" + listed["reason"] + ":" + hectares
    return texts.groupby(listed["site_id"]).agg("; ".join)


def _with_columns(sites: gpd.GeoDataFrame, verdicts: pd.DataFrame) -> gpd.GeoDataFrame:
    widened = sites.copy()
    for profile_id, rows in verdicts.groupby("profile_id", sort=False):
        prefix = str(profile_id).replace("/", "_").replace("-", "_")
        by_site = rows.set_index("site_id")
        for column in _HECTARES:
            widened[f"{prefix}_{column}"] = widened["site_id"].map(by_site[column])
    return widened
