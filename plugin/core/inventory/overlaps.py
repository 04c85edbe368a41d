# SPDX-License-Identifier: GPL-2.0-or-later
"""No hectare twice: where sites overlap, a stated precedence says which of them counts the land."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from .. import crs
from ..contracts import OVERLAPS, conform
from ..provenance import weakest

LEAST_OVERLAP_HA = 0.01
"""Smaller overlaps are the difference between two ways of drawing one line."""

Positions = npt.NDArray[np.intp]


def resolve(sites: gpd.GeoDataFrame, precedence: Sequence[str]) -> pd.DataFrame:
    """List what each site no longer counts because a stronger one does.

    Parameters
    ----------
    sites : GeoDataFrame
        Contract `sites` with `geom_ha` and `available_ha`.
    precedence : sequence of str
        Layers, strongest first. Within a layer the newer `as_of` is stronger, then the smaller `site_id`.

    Returns
    -------
    DataFrame
        Contract `overlaps`. The land of a pair is removed from the weaker site in proportion to its area, and never
        more than the stronger site itself counts. A site whose available area is unknown or none displaces nothing.
    """
    order = _strength_order(sites, precedence)
    ranked = sites.loc[order]
    stronger, weaker = _overlapping_pairs(ranked)
    counted = ranked["available_ha"].to_numpy(dtype="float64", copy=True)
    removed: list[tuple[object, ...]] = []
    for position in np.unique(weaker):  # strongest first, so that what a stronger site counts is settled
        removed += _give_way(ranked, counted, int(position), np.sort(stronger[weaker == position]))
    rule = " > ".join(precedence) + ", then newer as_of, then site_id"
    table = pd.DataFrame(removed, columns=["site_id", "kept_site_id", "overlap_ha", "removed_ha", "basis"])
    return conform(table.assign(rule=rule), OVERLAPS)


def _strength_order(sites: gpd.GeoDataFrame, precedence: Sequence[str]) -> pd.Index:
    keys = pd.DataFrame({"layer": sites["layer"].map({layer: rank for rank, layer in enumerate(precedence)})})
    keys["as_of"], keys["site_id"] = sites["as_of"].fillna(""), sites["site_id"]
    return keys.sort_values(["layer", "as_of", "site_id"], ascending=[True, False, True]).index


def _overlapping_pairs(ranked: gpd.GeoDataFrame) -> tuple[Positions, Positions]:
    """Positions of the stronger and the weaker site of each pair that touches at all."""
    first, second = ranked.sindex.query(ranked.geometry, predicate="intersects")
    displaces = (ranked["available_ha"].fillna(0) > 0).to_numpy()
    counts = ranked["available_ha"].notna().to_numpy()
    wanted = (first < second) & displaces[first] & counts[second]
    return first[wanted], second[wanted]


def _give_way(
    ranked: gpd.GeoDataFrame, counted: npt.NDArray[np.float64], position: int, stronger: Positions
) -> list[tuple[object, ...]]:
    """What one site loses to each stronger site, strongest first; `counted` is brought up to date.

    Land that a stronger site takes whole is gone for the next. Of land that it takes in part nobody knows which part,
    so it stays, and only the hectares are gone.
    """
    local = ranked.iloc[[position, *stronger]]
    shapes = crs.to_plane(local, int(crs.plane_zones(local.iloc[[0]]).iloc[0])).geometry.to_numpy()
    site, left = local.iloc[0], shapes[0]
    lost: list[tuple[object, ...]] = []
    for other, shape in zip(stronger, shapes[1:], strict=True):
        overlap_ha = shapely.area(shapely.intersection(left, shape)) / crs.SQUARE_METRES_PER_HECTARE
        share = site["available_ha"] * overlap_ha / site["geom_ha"]
        removed_ha = min(share, counted[other], counted[position])
        if overlap_ha < LEAST_OVERLAP_HA or removed_ha <= 0:
            continue
        winner = ranked.iloc[other]
        basis = weakest([site["available_basis"], winner["available_basis"], "derived"])
        lost.append((site["site_id"], winner["site_id"], overlap_ha, removed_ha, basis))
        counted[position] -= removed_ha
        if removed_ha == share:
            left = shapely.difference(left, shape)
    return lost
