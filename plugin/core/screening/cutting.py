# SPDX-License-Identifier: GPL-2.0-or-later
"""Sites cut along zoning lines: pieces that do not overlap and add up to the site."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from .. import crs
from ..geometry import flat, is_polygon, polygonal
from ..provenance import weakest_of_columns

LEAST_PIECE_M2 = 0.01
"""What is smaller is rounding of coordinates, not land."""

_COVERAGE = ("urbanization_control", "unzoned")
"""Zones that say where the data reach; a use district that lies on them takes precedence."""


def cut(sites: gpd.GeoDataFrame, zones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Cut every site along the lines of the zones.

    Parameters
    ----------
    sites : GeoDataFrame
        Contract `sites` with `geom_ha`.
    zones : GeoDataFrame
        Contract `zones`. Where zones overlap, a use district comes before an area without one, then the smaller
        `zone_id`.

    Returns
    -------
    GeoDataFrame
        In JGD2011, with `site_id`, `piece` (from 1; land outside the zones last), `piece_ha` (NaN where the site's
        area is unknown), `zone` (None outside the zoning data), `zone_data_set`, `zone_edition`, `basis`, `layer` and
        `drawn`; a site without a polygon is one piece, with what it states.
    """
    drawn = is_polygon(sites.geometry)
    parts = [_undrawn(sites[~drawn])]
    ordered = _by_precedence(zones)
    for epsg, group in sites[drawn].groupby(crs.plane_zones(sites[drawn])) if drawn.any() else ():
        parts.append(_cut_in_plane(crs.to_plane(group, int(str(epsg))), ordered))
    filled = [part for part in parts if len(part)]
    pieces = pd.concat(filled, ignore_index=True) if filled else parts[0]
    return _described(pieces.reset_index(drop=True), sites, zones)


def _by_precedence(zones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    ranked = zones.assign(_coverage=zones["zone"].isin(_COVERAGE)).sort_values(["_coverage", "zone_id"])
    return ranked.set_geometry(flat(ranked.geometry))


def _undrawn(sites: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    area = sites["available_ha"].fillna(sites["gross_ha"])
    columns = {"site_id": sites["site_id"], "zone_id": None, "piece_ha": area, "piece": 1, "drawn": False}
    return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(None, index=sites.index, crs=crs.JGD2011))


def _cut_in_plane(sites: gpd.GeoDataFrame, zones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    west, south, east, north = sites.to_crs(zones.crs).total_bounds
    local = zones.cx[west:east, south:north].to_crs(sites.crs)
    site, zone = local.sindex.query(sites.geometry, predicate="intersects")
    shapes, identifiers = local.geometry.to_numpy(), local["zone_id"].to_numpy()
    rows = []
    for position, (site_id, whole) in enumerate(zip(sites["site_id"], sites.geometry, strict=True)):
        crossing = np.sort(zone[site == position]) if len(zone) else zone
        pieces = _cut_one(whole, shapes[crossing], identifiers[crossing])
        rows += [(site_id, number, zone_id, piece) for number, (zone_id, piece) in enumerate(pieces, start=1)]
    frame = gpd.GeoDataFrame(rows, columns=["site_id", "piece", "zone_id", "geometry"], crs=sites.crs)
    frame["piece_ha"] = frame.area / crs.SQUARE_METRES_PER_HECTARE
    return frame.assign(drawn=True).to_crs(crs.JGD2011)


def _cut_one(
    whole: shapely.Geometry, zones: npt.NDArray[np.object_], identifiers: npt.NDArray[np.object_]
) -> list[tuple[str | None, shapely.Geometry]]:
    left, cut_by, pieces = whole, [], []
    for shape, zone_id in zip(zones, identifiers, strict=True):
        inside = shapely.intersection(left, shape)
        if inside.area > LEAST_PIECE_M2:
            cut_by.append(zone_id)
            pieces.append(inside)
            left = shapely.difference(left, shape)
    if left.area > LEAST_PIECE_M2 or not pieces:
        cut_by.append(None)
        pieces.append(left)
    # where shapes merely touch, an intersection also has points and lines
    return list(zip(cut_by, polygonal(np.array(pieces)), strict=True))


def _described(pieces: gpd.GeoDataFrame, sites: gpd.GeoDataFrame, zones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    by_zone, by_site = zones.set_index("zone_id"), sites.set_index("site_id")
    pieces["zone"] = pieces["zone_id"].map(by_zone["zone"])
    pieces["zone_data_set"] = pieces["zone_id"].map(by_zone["source_id"])
    pieces["zone_edition"] = pieces["zone_id"].map(by_zone["valid_from"])
    pieces["layer"] = pieces["site_id"].map(by_site["layer"])
    site_basis = pieces["site_id"].map(by_site["basis"])
    pieces["basis"] = weakest_of_columns(site_basis, pieces["zone_id"].map(by_zone["basis"]))
    return pieces
