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
from .layers import EMPTY, Layer

Floats = npt.NDArray[np.float64]

_RUN = 64
_FAR_M = 5_000.0
"""Beyond it so many runs lie within reach that to look for them takes longer than to measure."""


@dataclass(frozen=True, eq=False)
class Coast:
    """The coastline in a plane, as lines and as single segments: their ends (n, 2, 2) in metres."""

    layer: Layer
    ends: Floats
    lines: Shapes

    @property
    def loaded(self) -> bool:
        """Whether there is any coastline."""
        return len(self.ends) > 0

    @cached_property
    def _segments(self) -> shapely.STRtree:
        return shapely.STRtree(shapely.linestrings(self.ends))

    @cached_property
    def _runs(self) -> shapely.STRtree:
        """Runs of segments, few enough for a quick look whether any is near."""
        first = np.arange(0, len(self.ends), _RUN)
        runs = [shapely.multilinestrings(list(self.ends[start : start + _RUN])) for start in first]
        return shapely.STRtree(np.array(runs, dtype=object))

    @cached_property
    def _beginnings(self) -> shapely.STRtree:
        return shapely.STRtree(shapely.get_point(self.lines, 0))

    @cached_property
    def _whole(self) -> shapely.Geometry:
        # GEOS keeps an index of the facets of a prepared geometry, which makes the search for the nearest point quick
        whole = shapely.multilinestrings(list(self.lines))
        shapely.prepare(whole)
        return whole

    def nearest(self, shapes: Shapes, within_m: float) -> tuple[Floats, Floats]:
        """The distance of each shape from the coast, and the vector to the nearest point of it.

        Returns
        -------
        distance : array (n,)
            Metres; infinity where no coast is within reach.
        vector : array (n, 2)
            Zero there, and where the shape meets the coast.
        """
        distance, vector = np.full(len(shapes), np.inf), np.zeros((len(shapes), 2))
        near = np.arange(len(shapes)) if within_m > _FAR_M else self._near(shapes, within_m)
        lines = shapely.get_coordinates(shapely.shortest_line(self._whole, shapes[near])).reshape(-1, 2, 2)
        vector[near] = lines[:, 0] - lines[:, 1]
        distance[near] = np.hypot(*vector[near].T)
        # the index knows outlines only: a line that lies within a shape meets it too
        distance[np.unique(self._beginnings.query(shapes, predicate="intersects")[0])] = 0.0
        far = distance > within_m
        distance[far] = np.inf
        vector[far | (distance == 0)] = 0.0
        return distance, vector

    def _near(self, shapes: Shapes, within_m: float) -> Integers:
        """The shapes, by position, that have a run of segments about them."""
        west, south, east, north = shapely.bounds(shapes).T
        around = shapely.box(west - within_m, south - within_m, east + within_m, north + within_m)
        return np.unique(self._runs.query(around)[0])

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
        ray, segment = self._segments.query(lines)
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
        return Coast(EMPTY, np.empty((0, 2, 2)), np.array([], dtype=object))
    placed = crs.to_plane(frame, epsg).reset_index(drop=True)
    shapes = shapely.force_2d(placed.geometry.to_numpy())
    lines = np.where(shapely.get_dimensions(shapes) == 2, shapely.boundary(shapes), shapes)
    parts = shapely.get_parts(lines)
    parts = shapely.get_parts(parts[shapely.get_dimensions(parts) == 1])
    points, part = shapely.get_coordinates(parts, return_index=True)
    joined = (part[1:] == part[:-1]) & (points[1:] != points[:-1]).any(axis=1)
    ends = np.stack([points[:-1][joined], points[1:][joined]], axis=1)
    return Coast(Layer(placed), ends, parts)
