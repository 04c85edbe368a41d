# SPDX-License-Identifier: GPL-2.0-or-later
"""Hectares of an area that a profile reaches, land that two sites share counted once."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import shapely

from .. import crs
from ..area_tree import memberships
from ..provenance import DERIVED, weakest


def flagged(pieces: gpd.GeoDataFrame, sites: pd.DataFrame, areas: pd.DataFrame, profile_id: str) -> pd.DataFrame:
    """Sum the pieces of one profile by area.

    Parameters
    ----------
    pieces : GeoDataFrame
        Contract `pieces`.
    sites, areas : DataFrame
        Contracts of those names; sites give the area, and an area holds what lies in the areas within it.
    profile_id : str
        The rule profile.

    Returns
    -------
    DataFrame
        Columns `area_code`, `flagged_met_ha`, `flagged_undecidable_ha` and `flagged_basis`; areas without a site are
        left out. Overlapping sites are dissolved first; pieces without geometry are added as stated.
    """
    chosen = pieces[pieces["profile_id"] == profile_id]
    placed = chosen.assign(area_code=chosen["site_id"].map(sites.set_index("site_id")["area_code"]))
    own = _own_hectares(placed)
    rolled = own.merge(memberships(areas), on="area_code").groupby("within_code")
    columns = ["met", "undecidable"]
    table = rolled[columns].sum().rename(columns={name: f"flagged_{name}_ha" for name in columns})
    return (
        table.assign(flagged_basis=rolled["basis"].agg(lambda bases: weakest([DERIVED, *bases])))
        .rename_axis("area_code")
        .reset_index()
    )


def _own_hectares(placed: gpd.GeoDataFrame) -> pd.DataFrame:
    drawn = ~(placed.geometry.isna() | placed.geometry.is_empty)
    hectares = placed["piece_ha"].where(~drawn).groupby([placed["area_code"], placed["result"]]).sum()
    for epsg, group in placed[drawn].groupby(crs.plane_zones(placed[drawn])) if drawn.any() else ():
        shapes = crs.to_plane(group, int(str(epsg)))
        dissolved = shapes.groupby(["area_code", "result"])["geometry"].agg(lambda column: _area_ha(column.to_numpy()))
        hectares = hectares.add(dissolved, fill_value=0.0)
    sums = hectares.rename("ha").reset_index()
    table = (
        sums.pivot_table("ha", "area_code", "result", aggfunc="sum").reindex(columns=["met", "undecidable"]).fillna(0.0)
    )
    return table.assign(basis=placed.groupby("area_code")["basis"].agg(weakest)).rename_axis("area_code").reset_index()


def _area_ha(shapes: shapely.Geometry) -> float:
    return float(shapely.area(shapely.union_all(shapes)) / crs.SQUARE_METRES_PER_HECTARE)
