# SPDX-License-Identifier: GPL-2.0-or-later
"""Profiles side by side: hectares by area under law, proposal and each request, land under two sites counted once."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from .. import crs
from ..area_tree import UNPLACED, memberships
from ..contracts import COMPARISON, conform
from ..geometry import is_polygon
from ..provenance import DERIVED, weakest

_RESULTS = ("met", "not_met", "undecidable")
_KEY = ["area_code", "profile_id", "result"]


def compare(pieces: gpd.GeoDataFrame, sites: gpd.GeoDataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    """Sum the pieces by area and profile.

    Parameters
    ----------
    pieces : GeoDataFrame
        Contract `pieces`.
    sites, areas : DataFrame
        Contracts of those names; sites give the area, and an area holds what lies in the areas within it.

    Returns
    -------
    DataFrame
        Contract `comparison`; areas without a site are left out. Sites that overlap are dissolved first; pieces
        without a polygon are added as stated.
    """
    placed = pieces.assign(area_code=pieces["site_id"].map(sites.set_index("site_id")["area_code"]))
    own = _own_hectares(placed, _overlapping(sites)).merge(_within(areas), on="area_code")
    rolled = own.groupby(["within_code", "profile_id", "result"])["hectares"].sum().reset_index()
    table = rolled.pivot_table("hectares", ["within_code", "profile_id"], "result", aggfunc="sum", fill_value=0.0)
    table = table.reindex(columns=_RESULTS, fill_value=0.0).add_suffix("_ha").reset_index()
    bases = (
        placed.groupby(["area_code", "profile_id", "profile_status"], sort=False)["basis"].agg(weakest).reset_index()
    )
    bases = bases.merge(_within(areas), on="area_code").groupby(["within_code", "profile_id", "profile_status"])[
        "basis"
    ]
    described = bases.agg(lambda found: weakest([DERIVED, *found])).reset_index()
    compared = table.merge(described, on=["within_code", "profile_id"]).rename(columns={"within_code": "area_code"})
    return conform(compared, COMPARISON)


def _within(areas: pd.DataFrame) -> pd.DataFrame:
    nowhere = pd.DataFrame({"area_code": [UNPLACED], "within_code": [UNPLACED]})
    return pd.concat([memberships(areas), nowhere], ignore_index=True)


def _overlapping(sites: gpd.GeoDataFrame) -> set[str]:
    """Sites whose polygon shares ground with that of another."""
    drawn = sites[is_polygon(sites.geometry)]
    first, second = drawn.sindex.query(drawn.geometry, predicate="intersects")
    apart = first == second
    shapes = drawn.geometry.to_numpy()
    touching = np.flatnonzero(~apart)
    touching = touching[~shapely.touches(shapes[first[touching]], shapes[second[touching]])]
    return set(drawn["site_id"].to_numpy()[first[touching]])


def _own_hectares(placed: gpd.GeoDataFrame, overlapping: set[str]) -> pd.DataFrame:
    shared = is_polygon(placed.geometry) & placed["site_id"].isin(overlapping)
    hectares = placed[~shared].groupby(_KEY)["piece_ha"].sum()
    for epsg, group in placed[shared].groupby(crs.plane_zones(placed[shared])) if shared.any() else ():
        local = crs.to_plane(group, int(str(epsg)))
        dissolved = local.groupby(_KEY)["geometry"].agg(lambda shapes: shapely.union_all(shapes.to_numpy()).area)
        hectares = hectares.add(dissolved / crs.SQUARE_METRES_PER_HECTARE, fill_value=0.0)
    return hectares.rename("hectares").reset_index()
