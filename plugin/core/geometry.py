# SPDX-License-Identifier: GPL-2.0-or-later
"""Polygons that can be measured: flat, valid, and nothing but polygons."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

Shapes = npt.NDArray[np.object_]


def flat(geometry: gpd.GeoSeries) -> gpd.GeoSeries:
    """Two-dimensional, valid polygons on the same index; missing geometry stays missing.

    Heights are removed and self-crossings repaired; lines and points that a repair leaves are dropped.
    """
    shapes = shapely.force_2d(geometry.to_numpy())
    return gpd.GeoSeries(polygonal(shapes), index=geometry.index, crs=geometry.crs)


def is_polygon(geometry: gpd.GeoSeries) -> pd.Series:
    """Whether each shape is a polygon with an area, on the same index; a point says where, not how much."""
    kinds = shapely.get_dimensions(geometry.to_numpy()) == 2
    return pd.Series(kinds & ~geometry.is_empty.to_numpy(), index=geometry.index)


def polygonal(shapes: Shapes) -> Shapes:
    """Make shapes valid and keep only their polygons; shapes that are valid polygons are left as they are."""
    broken = ~shapely.is_valid(shapes) & ~shapely.is_missing(shapes)
    kept = shapes.copy()
    kept[broken] = shapely.make_valid(shapes[broken])
    mixed = shapely.get_type_id(kept) == shapely.GeometryType.GEOMETRYCOLLECTION
    kept[mixed] = [_polygons_of(shape) for shape in kept[mixed]]
    return kept


def _polygons_of(collection: shapely.GeometryCollection) -> shapely.Geometry:
    parts = shapely.get_parts(collection)
    return shapely.union_all(parts[shapely.get_dimensions(parts) == 2])
