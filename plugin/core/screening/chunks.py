# SPDX-License-Identifier: GPL-2.0-or-later
"""Sites a few thousand at a time, cut and judged in one plane."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj
import shapely

from .. import crs
from ..errors import ReconciliationError
from ..geometry import Shapes, is_polygon, polygonal
from .cutting import cut, numbered, slivers
from .evidence import Integers, Mask, ranks
from .ground import Ground
from .judging import judge
from .land import Land
from .profiles import Profile
from .tabulating import Judged

TOLERANCE_HA = 0.01
NO_PLANE = 0
_CHUNK = 10_000


@dataclass(frozen=True, eq=False)
class Chunk:
    """Some sites by position, and their shapes in a plane; `NO_PLANE` where they have none."""

    epsg: int
    positions: Integers
    shapes: Shapes


def chunks(sites: gpd.GeoDataFrame, came: gpd.GeoDataFrame) -> Iterator[Chunk]:
    """Sites a plane at a time, neighbours together; those without a polygon last.

    Parameters
    ----------
    sites : GeoDataFrame
        Contract `sites` in JGD2011, numbered from 0.
    came : GeoDataFrame
        The same rows in whatever reference system they came in, from which they are not moved where it is the plane.
    """
    drawn = is_polygon(sites.geometry)
    placed = sites.loc[drawn, ["pref_code", sites.geometry.name]]
    for zone, group in placed.groupby(crs.plane_zones(placed)) if len(placed) else ():
        epsg = int(str(zone))
        geometry = (came if came.crs == pyproj.CRS.from_epsg(epsg) else sites).geometry
        near = group.index.to_numpy()[np.argsort(group.hilbert_distance().to_numpy(), kind="stable")]
        for start in range(0, len(near), _CHUNK):
            positions = near[start : start + _CHUNK]
            yield Chunk(epsg, positions, crs.to_plane(geometry.iloc[positions].to_frame(), epsg).geometry.to_numpy())
    rest = np.flatnonzero(~drawn)
    for start in range(0, len(rest), _CHUNK):
        positions = rest[start : start + _CHUNK]
        yield Chunk(NO_PLANE, positions, np.full(len(positions), None, dtype=object))


def screen_chunk(
    chunk: Chunk,
    sites: pd.DataFrame,
    ground: Ground,
    layers: Sequence[str],
    profiles: Sequence[Profile],
    between: Callable[[], None],
) -> Judged:
    """Cut the sites of a chunk along layers, by name, and judge the pieces; changes nothing that it is given.

    Raises
    ------
    ReconciliationError
        The pieces of a site do not add up to it within 0.01 ha.
    """
    between()
    land, whole, sliver = (
        _undrawn(chunk, sites, ground) if chunk.epsg == NO_PLANE else _cut(chunk, sites, ground, layers)
    )
    between()
    plane = np.full(len(land), chunk.epsg, dtype="int32")
    basis = ranks(sites["basis"].iloc[land.site])
    judgements = tuple(judge(land, profiles, between))
    return Judged(land.site, land.number, land.hectares, land.shapes, plane, whole, sliver, basis, judgements)


def _cut(chunk: Chunk, sites: pd.DataFrame, ground: Ground, layers: Sequence[str]) -> tuple[Land, Mask, Mask]:
    """Pieces of sites, which of them are a site just as it came, and which are slivers."""
    shapes = polygonal(shapely.force_2d(chunk.shapes) if shapely.has_z(chunk.shapes).any() else chunk.shapes)
    made = cut(shapes, {name: ground.layer(name) for name in layers})
    hectares = shapely.area(made.shapes) / crs.SQUARE_METRES_PER_HECTARE
    _reconcile(sites, chunk.positions, np.bincount(made.source, hectares).astype("float64"))
    site = chunk.positions[made.source]
    land = Land(sites, ground, site, numbered(made.source), made.shapes, hectares, made.rows)
    as_came = np.fromiter(map(operator.is_, shapes, chunk.shapes), dtype=bool, count=len(shapes))
    return land, made.whole & as_came[made.source], slivers(site, made.shapes, made.whole, ground.sliver_ha)


def _undrawn(chunk: Chunk, sites: pd.DataFrame, ground: Ground) -> tuple[Land, Mask, Mask]:
    """Sites without a polygon: one piece each, of the area that they state and the geometry that they have."""
    stated = sites["available_ha"].fillna(sites["gross_ha"]).to_numpy()[chunk.positions]
    count = len(chunk.positions)
    land = Land(sites, ground, chunk.positions, np.ones(count, dtype="int64"), chunk.shapes, stated, {})
    return land, np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)


def _reconcile(sites: pd.DataFrame, positions: Integers, measured: npt.NDArray[np.float64]) -> None:
    """Hold the pieces against the area of the site."""
    known = sites["geom_ha"].to_numpy()[positions]
    off = np.flatnonzero(np.abs(measured - known) > TOLERANCE_HA)
    if len(off):
        site = sites["site_id"].iloc[positions[off[0]]]
        raise ReconciliationError(
            f"Site {site}: its pieces add up to {measured[off[0]]:.2f} ha and the site to {known[off[0]]:.2f} ha; "
            "repair the geometry of the zones or of the site and run again."
        )
