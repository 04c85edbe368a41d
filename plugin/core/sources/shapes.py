# SPDX-License-Identifier: GPL-2.0-or-later
"""Shapes that can be trusted: flat, valid and in Japan, and told about where they were not."""

from __future__ import annotations

from collections.abc import Callable

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ..crs import outside_japan
from ..geometry import Shapes, polygonal
from .reading import FixList

_POLYGONS = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
_KINDS = {
    "line": (shapely.GeometryType.LINESTRING, shapely.GeometryType.MULTILINESTRING, shapely.GeometryType.LINEARRING),
    "point": (shapely.GeometryType.POINT, shapely.GeometryType.MULTIPOINT),
}
_REDRAW = "draw the polygon again"


def polygons(geometry: gpd.GeoSeries, fixes: FixList, *, required: bool, or_points: bool = False) -> gpd.GeoSeries:
    """Flat, valid polygons in Japan on the same index; whatever is none becomes missing.

    Each missing shape is a line of the fix-list, which rejects the row where a geometry is `required`; each
    repaired self-crossing is a warning. With `or_points` a point may stand for a polygon: it says where, not how much.
    """
    kinds = (*_POLYGONS, shapely.GeometryType.POINT) if or_points else _POLYGONS
    kept = _trusted(geometry, kinds, fixes.reject if required else fixes.warn, "polygon")
    crossing = ~shapely.is_valid(kept) & ~shapely.is_missing(kept)
    fixes.warn(geometry.index[crossing], "geometry", None, "crosses itself and was repaired", _REDRAW)
    kept[crossing] = polygonal(kept[crossing])
    repaired = gpd.GeoSeries(kept, index=geometry.index, crs=geometry.crs)
    return repaired.where(~repaired.is_empty, None)


def drawn_as(kind: str, geometry: gpd.GeoSeries, fixes: FixList) -> gpd.GeoSeries:
    """Flat lines or points in Japan on the same index; a row with anything else is rejected."""
    kept = _trusted(geometry, _KINDS[kind], fixes.reject, kind)
    return gpd.GeoSeries(kept, index=geometry.index, crs=geometry.crs)


def present(geometry: gpd.GeoSeries) -> pd.Series[bool]:
    """Whether each row has a shape with something in it."""
    shapes = geometry.to_numpy()
    return pd.Series(~(shapely.is_missing(shapes) | shapely.is_empty(shapes)), index=geometry.index)


def _trusted(
    geometry: gpd.GeoSeries, kinds: tuple[shapely.GeometryType, ...], report: Callable[..., None], name: str
) -> Shapes:
    """Shapes of these kinds with finite coordinates in Japan, flat; a line of the fix-list for each of the others."""
    shapes = geometry.to_numpy()
    finite = np.isfinite(shapely.bounds(shapes)).all(axis=1)
    usable = finite & np.isin(shapely.get_type_id(shapes), [int(kind) for kind in kinds])
    problem = f"has no {name} that can be used"
    report(geometry.index[~usable], "geometry", None, problem, f"draw the {name} again")
    away = outside_japan(geometry.where(usable, None)).to_numpy()
    problem, remedy = "lies outside Japan and is not used", "check whether longitude and latitude are exchanged"
    report(geometry.index[away], "geometry", None, problem, remedy)
    flat: Shapes = shapely.force_2d(shapes)
    flat[~usable | away] = None
    return flat


def union_by(frame: gpd.GeoDataFrame, key: str) -> gpd.GeoSeries:
    """One shape for each value of a column, in the order of first appearance; missing shapes are passed over."""
    shapes = pd.Series(frame.geometry.to_numpy(), index=frame[key].to_numpy(), dtype="object")
    repeated = shapes.index.duplicated(keep=False)
    # most keys stand once, and a union of one costs as much as a union of many
    merged = shapes[repeated].groupby(level=0, sort=False).agg(_union)
    whole = pd.concat([shapes[~repeated], merged]).reindex(frame[key].drop_duplicates().to_numpy())
    return gpd.GeoSeries(whole, index=whole.index, crs=frame.crs)


def _union(shapes: pd.Series) -> shapely.Geometry | None:
    present = shapes.dropna()
    return shapely.union_all(present.to_numpy()) if len(present) else None
