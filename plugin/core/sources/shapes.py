# SPDX-License-Identifier: GPL-2.0-or-later
"""Polygons that can be trusted: flat, valid, and told about where they were not."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ..geometry import flat
from .reading import FixList

_POLYGONS = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
_KINDS = {
    "line": (shapely.GeometryType.LINESTRING, shapely.GeometryType.MULTILINESTRING, shapely.GeometryType.LINEARRING),
    "point": (shapely.GeometryType.POINT, shapely.GeometryType.MULTIPOINT),
}
_REDRAW = "draw the polygon again"


def polygons(geometry: gpd.GeoSeries, fixes: FixList, *, required: bool) -> gpd.GeoSeries:
    """Flat, valid polygons on the same index; whatever is no polygon becomes missing.

    Each missing shape is a line of the fix-list, which rejects the row where a geometry is `required`; each
    repaired self-crossing is a warning.
    """
    unusable = ~usable(geometry, _POLYGONS)
    report = fixes.reject if required else fixes.warn
    report(geometry.index[unusable], "geometry", None, "has no polygon that can be used", _REDRAW)
    kept = geometry.where(~unusable, None)
    crossing = ~kept.is_valid & ~unusable
    fixes.warn(geometry.index[crossing], "geometry", None, "crosses itself and was repaired", _REDRAW)
    repaired = flat(kept)
    return repaired.where(~repaired.is_empty, None)


def drawn_as(kind: str, geometry: gpd.GeoSeries, fixes: FixList) -> gpd.GeoSeries:
    """Flat lines or points on the same index; a row with anything else is rejected."""
    unusable = ~usable(geometry, _KINDS[kind])
    fixes.reject(geometry.index[unusable], "geometry", None, f"has no {kind} that can be used", f"draw a {kind}")
    kept = geometry.where(~unusable, None)
    return gpd.GeoSeries(shapely.force_2d(kept.to_numpy()), index=geometry.index, crs=geometry.crs)


def usable(geometry: gpd.GeoSeries, kinds: tuple[shapely.GeometryType, ...] | None = None) -> pd.Series[bool]:
    """Whether each shape is there, of one of these kinds, and has finite coordinates."""
    shapes = geometry.to_numpy()
    fit = ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes) & np.isfinite(shapely.bounds(shapes)).all(axis=1)
    if kinds is not None:
        fit &= np.isin(shapely.get_type_id(shapes), [int(kind) for kind in kinds])
    return pd.Series(fit, index=geometry.index)


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
