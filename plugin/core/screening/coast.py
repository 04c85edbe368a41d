# SPDX-License-Identifier: GPL-2.0-or-later
"""The coastline as single segments: how far the sea is, and where a ray first meets it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from .. import crs
from ..geometry import Shapes
from .evidence import Integers
from .layers import Layer

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Coast:
    """Segments of the coastline in a plane: ends (n, 2, 2) in metres, and the row of the layer that each is of."""

    layer: Layer
    ends: Floats
    rows: Integers

    @cached_property
    def segments(self) -> Shapes:
        """The segments as lines."""
        return shapely.linestrings(self.ends)

    @cached_property
    def tree(self) -> shapely.STRtree:
        """A search tree over the segments."""
        return shapely.STRtree(self.segments)

    def nearest(self, shapes: Shapes, within_m: float) -> tuple[Integers, Floats]:
        """The nearest segment of each shape and its distance; -1 and infinity where none is within reach."""
        segment, distance = np.full(len(shapes), -1), np.full(len(shapes), np.inf)
        if len(self.ends):
            (asked, found), metres = self.tree.query_nearest(
                shapes, max_distance=max(within_m, 1e-6), return_distance=True, all_matches=False
            )
            within = metres <= within_m
            segment[asked[within]], distance[asked[within]] = found[within], metres[within]
        return segment, distance

    def first_crossing(self, origin: Floats, direction: Floats, start: Floats, reach: Floats) -> Floats:
        """Distance from the origin at which each ray, between `start` and `reach`, first meets the coast.

        Parameters
        ----------
        origin, direction : array (n, 2)
            Metres; directions are unit vectors.
        start, reach : array (n,)
            Metres along the ray from its origin.

        Returns
        -------
        array (n,)
            Infinity where a ray meets no coast.
        """
        lines = shapely.linestrings(
            np.stack([origin + direction * start[:, None], origin + direction * reach[:, None]], axis=1)
        )
        ray, segment = self.tree.query(lines)
        along = self.ends[segment] - origin[ray][:, None]
        ahead = (along * direction[ray][:, None]).sum(axis=2)
        aside = along[..., 1] * direction[ray, None, 0] - along[..., 0] * direction[ray, None, 1]
        crossing = (aside[:, 0] * aside[:, 1] <= 0) & (aside[:, 0] != aside[:, 1])
        ray, ahead, aside = ray[crossing], ahead[crossing], aside[crossing]
        share = aside[:, 0] / (aside[:, 0] - aside[:, 1])
        distance = ahead[:, 0] + share * (ahead[:, 1] - ahead[:, 0])
        valid = (distance >= start[ray]) & (distance <= reach[ray])
        first = np.full(len(origin), np.inf)
        np.minimum.at(first, ray[valid], distance[valid])
        return first


def coast_in_plane(frame: gpd.GeoDataFrame | None, epsg: int) -> Coast:
    """The coastline as segments in a plane; where it came as polygons, their outlines."""
    if frame is None:
        return Coast(Layer(gpd.GeoDataFrame()), np.empty((0, 2, 2)), np.empty(0, dtype="int64"))
    placed = crs.to_plane(frame, epsg).reset_index(drop=True)
    shapes = shapely.force_2d(placed.geometry.to_numpy())
    lines = np.where(shapely.get_dimensions(shapes) == 2, shapely.boundary(shapes), shapes)
    parts, row = shapely.get_parts(lines, return_index=True)
    kept = shapely.get_dimensions(parts) == 1
    points, part = shapely.get_coordinates(parts[kept], return_index=True)
    joined = (part[1:] == part[:-1]) & (points[1:] != points[:-1]).any(axis=1)
    ends = np.stack([points[:-1][joined], points[1:][joined]], axis=1)
    return Coast(Layer(placed), ends, row[kept][part[:-1][joined]])
