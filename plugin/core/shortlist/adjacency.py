# SPDX-License-Identifier: GPL-2.0-or-later
"""Which parcels are neighbours: they share a side, or face each other across a road that is narrow enough."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from ..geometry import Shapes
from .facts import Floats

TOUCH_M = 0.1
"""Parcels that are less apart than this touch: the difference between two ways of drawing one line."""

LEAST_SIDE_M = 3.0
"""Shortest common side; less is a corner, over which no plant can be built."""

_FACING_M = 1.0
"""How much farther than its nearest point a side may be and still face the other parcel.

Two corners across a crossing have at most 2.83 m of their sides within this, which is less than `LEAST_SIDE_M`."""

Positions = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Adjacency:
    """Pairs of neighbours, each once.

    Parameters
    ----------
    first, second : array of int
        Positions of the two parcels.
    shared_m : array
        Length of the side that they share; 0 across a road.
    """

    first: Positions
    second: Positions
    shared_m: Floats


def adjacency(shapes: Shapes, across_m: float = 0.0) -> Adjacency:
    """Find the neighbours among polygons in a plane.

    Parameters
    ----------
    shapes : array of Polygon or MultiPolygon
        Valid, in metres.
    across_m : float
        Widest road across which parcels are neighbours; 0 where they must touch.
    """
    reach = max(across_m, TOUCH_M)
    first, second = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=reach)
    once = first < second
    first, second = first[once], second[once]
    gap = shapely.distance(shapes[first], shapes[second])
    touching = gap <= TOUCH_M
    side = _facing(shapes, first, second, np.where(touching, TOUCH_M, gap + _FACING_M))
    kept = side >= LEAST_SIDE_M
    order = np.lexsort((second[kept], first[kept]))
    shared = np.where(touching, side, 0.0)
    return Adjacency(first[kept][order], second[kept][order], shared[kept][order])


def _facing(shapes: Shapes, first: Positions, second: Positions, within_m: Floats) -> Floats:
    """Length of the boundary of the second parcel of each pair that lies within a distance of the first."""
    sides = shapely.boundary(shapes)
    facing = np.zeros(len(first))
    wide = np.flatnonzero(_common_extent(shapes, first, second, within_m) >= LEAST_SIDE_M)
    facing[wide] = shapely.length(shapely.intersection(sides[first[wide]], sides[second[wide]]))
    rest = wide[facing[wide] < LEAST_SIDE_M]  # what shares its line exactly needs no buffer
    near = shapely.buffer(shapes[first[rest]], within_m[rest], quad_segs=4)
    facing[rest] = shapely.length(shapely.intersection(near, sides[second[rest]]))
    return facing


def _common_extent(shapes: Shapes, first: Positions, second: Positions, within_m: Floats) -> Floats:
    """Diagonal of the box in which a side of both must lie: most corners are told from it alone."""
    boxes = shapely.bounds(shapes)
    grown = boxes[first] + within_m[:, None] * np.array([-1, -1, 1, 1])
    lower = np.maximum(grown[:, :2], boxes[second, :2])
    upper = np.minimum(grown[:, 2:], boxes[second, 2:])
    return np.asarray(np.hypot(*(upper - lower).T), dtype="float64")
