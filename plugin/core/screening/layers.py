# SPDX-License-Identifier: GPL-2.0-or-later
"""Polygon layers in a plane, laid out in sheets within which nothing overlaps."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from .. import crs
from ..geometry import Shapes, flat, is_polygon, polygonal
from .evidence import Integers, Mask, Origin, Text, ranks, same
from .logic import Results

Points = npt.NDArray[np.float64]
Metres = npt.NDArray[np.float64]

LEAST_PIECE_M2 = 0.01
"""What is smaller is rounding of coordinates, not land."""


_EDGES_AT_ONCE = 2_000_000


@dataclass(frozen=True, eq=False)
class Sheet:
    """Polygons that do not overlap, and the row of the layer that each belongs to."""

    shapes: Shapes
    rows: Integers

    @cached_property
    def _tree(self) -> shapely.STRtree:
        shapely.prepare(self.shapes)
        return shapely.STRtree(self.shapes)

    @cached_property
    def _edges(self) -> Edges:
        return Edges.of(self.shapes)

    def lengths(self, origin: Points, direction: Points, metres: Points) -> tuple[Integers, Integers, Metres]:
        """How far rays run over polygons.

        Parameters
        ----------
        origin, direction : array (n, 2)
            Directions are unit vectors.
        metres : array (n, 2)
            Where each ray begins and ends, from its origin.

        Returns
        -------
        ray, polygon, length : arrays
            One entry a ray and polygon that it runs over.
        """
        ends = origin[:, None] + direction[:, None] * metres[..., None]
        pairs = self._tree.query(shapely.linestrings(ends))
        edges = self._edges
        cost = np.cumsum((edges.first[1:] - edges.first[:-1])[pairs[1]])
        parts = np.split(
            pairs, np.searchsorted(cost, np.arange(_EDGES_AT_ONCE, cost.max(initial=0), _EDGES_AT_ONCE)), 1
        )
        length = np.concatenate([_lengths(part, edges, origin, direction, metres) for part in parts])
        over = length > 0
        return pairs[0][over], pairs[1][over], length[over]

    def meeting(self, shapes: Shapes) -> tuple[Integers, Integers, Mask]:
        """Pairs (shape, polygon) that meet, sorted, and whether the polygon covers the shape.

        A shape that one polygon covers meets no other, but for the line between the two.
        """
        shape, polygon = self._tree.query(shapes)
        # the polygons are prepared once, and so they are the ones that are asked
        inside = shapely.covers(self.shapes[polygon], shapes[shape])
        covered = np.zeros(len(shapes), dtype=bool)
        covered[shape[inside]] = True
        possible = inside | ~covered[shape]
        shape, polygon, inside = shape[possible], polygon[possible], inside[possible]
        meets = inside.copy()
        meets[~inside] = shapely.intersects(self.shapes[polygon[~inside]], shapes[shape[~inside]])
        shape, polygon, inside = shape[meets], polygon[meets], inside[meets]
        order = np.lexsort([polygon, shape])
        return shape[order], polygon[order], inside[order]


@dataclass(frozen=True, eq=False)
class Edges:
    """Edges of polygons in a row: their ends (n, 2, 2), the winding of the ring, and where each polygon's begin.

    The winding is 1 where the ring runs as it should (the shell against the clock, a hole with it), else -1.
    """

    ends: npt.NDArray[np.float64]
    winding: Results
    first: Integers

    @classmethod
    def of(cls, shapes: Shapes) -> Edges:
        """The edges of polygons and multipolygons."""
        parts, owner = shapely.get_parts(shapes, return_index=True)
        rings, part = shapely.get_rings(parts, return_index=True)
        shell = np.diff(part, prepend=-1) > 0
        points, ring = shapely.get_coordinates(rings, return_index=True)
        joined = ring[1:] == ring[:-1]
        ends = np.stack([points[:-1][joined], points[1:][joined]], axis=1)
        ring = ring[:-1][joined]
        corner = points[np.searchsorted(ring, ring)]  # keeps the products small
        start, end = ends[:, 0] - corner, ends[:, 1] - corner
        twice = np.bincount(ring, start[:, 0] * end[:, 1] - end[:, 0] * start[:, 1], minlength=len(rings))
        winding = np.where((twice > 0) == shell, 1, -1).astype("int8")
        return cls(ends, winding[ring], np.searchsorted(owner[part[ring]], np.arange(len(shapes) + 1)))


@dataclass(frozen=True, eq=False)
class Layer:
    """Rows of a table and their polygons in one or more sheets."""

    table: pd.DataFrame
    sheets: tuple[Sheet, ...] = ()
    _texts: dict[str, Text] = field(default_factory=dict, repr=False)

    @property
    def loaded(self) -> bool:
        """Whether there is anything in it."""
        return len(self.table) > 0

    def take(self, column: str, rows: Integers) -> Text:
        """Values of a column for rows by position; None for -1, which stands for no row."""
        if column not in self._texts:
            values = self.table[column].astype("object") if column in self.table else pd.Series(dtype="object")
            self._texts[column] = np.append(values.where(values.notna(), None).to_numpy(dtype="object"), same(None, 1))
        return self._texts[column][rows]

    @cached_property
    def _ranks(self) -> Results:
        basis = self.table["basis"] if self.loaded else pd.Series(dtype="object")
        return np.append(ranks(basis), -1).astype("int8")

    def origin(self, rows: Integers, edition: str | None = None) -> Origin:
        """Where rows by position come from; `edition` names the column that dates them."""
        dated = same(None, len(rows)) if edition is None else self.take(edition, rows)
        return Origin(self.take("source_id", rows), dated, self._ranks[rows])


EMPTY = Layer(pd.DataFrame())


def _lengths(pairs: Integers, edges: Edges, origin: Points, direction: Points, metres: Points) -> Metres:
    """Length of ray within polygon, pair (2, n) by pair.

    Every edge that crosses the line of the ray ends (or, the other way round, begins) a stretch within: summed with
    their signs, the distances of the crossings are the length.
    """
    ray, polygon = pairs
    count = (edges.first[1:] - edges.first[:-1])[polygon]
    pair = np.repeat(np.arange(len(ray)), count)
    edge = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + edges.first[polygon][pair]
    away, ahead = origin[ray][pair], direction[ray][pair]
    first, second = edges.ends[edge, 0] - away, edges.ends[edge, 1] - away
    aside = [ahead[:, 0] * end[:, 1] - ahead[:, 1] * end[:, 0] for end in (first, second)]
    crossing = np.flatnonzero((aside[0] <= 0) != (aside[1] <= 0))
    pair, ahead, first, second = pair[crossing], ahead[crossing], first[crossing], second[crossing]
    before, after = aside[0][crossing], aside[1][crossing]
    at = first + (before / (before - after))[:, None] * (second - first)
    begin, end = metres[ray][pair].T
    within = np.clip((at * ahead).sum(axis=1), begin, end) - begin
    sign = np.where(after > before, 1, -1) * edges.winding[edge[crossing]]
    return np.bincount(pair, sign * within, minlength=len(ray)).astype("float64")


def in_plane(frame: gpd.GeoDataFrame, epsg: int) -> gpd.GeoDataFrame:
    """The rows that have a polygon, flat and valid, in a plane; numbered from 0."""
    polygons = frame[is_polygon(frame.geometry)]
    placed = crs.to_plane(polygons, epsg)
    return placed.set_geometry(flat(placed.geometry)).reset_index(drop=True)


def ranked(frame: gpd.GeoDataFrame) -> Layer:
    """A layer in one sheet: where polygons overlap, the earlier row keeps the land."""
    shapes = frame.geometry.to_numpy().copy()
    earlier, later = _overlapping(shapes)
    taken = pd.Series(earlier, dtype="int64").groupby(later).agg(list)
    for row, others in taken.items():
        shapes[row] = shapely.difference(shapes[row], shapely.union_all(frame.geometry.to_numpy()[others]))
    shapes = polygonal(shapes)
    rows = np.flatnonzero(shapely.area(shapes) > LEAST_PIECE_M2)
    return Layer(frame, (Sheet(shapes[rows], rows),))


def sheeted(frame: gpd.GeoDataFrame) -> Layer:
    """A layer in as few sheets as it takes, so that every row keeps all its land."""
    shapes = frame.geometry.to_numpy()
    earlier, later = _overlapping(shapes)
    sheet = np.zeros(len(shapes), dtype="int64")
    for row, others in pd.Series(earlier, dtype="int64").groupby(later).agg(list).items():
        used = set(sheet[others])
        sheet[row] = next(number for number in range(len(used) + 1) if number not in used)
    members = (np.flatnonzero(sheet == number) for number in range(sheet.max(initial=-1) + 1))
    return Layer(frame, tuple(Sheet(shapes[rows], rows) for rows in members))


def _overlapping(shapes: Shapes) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Pairs (earlier row, later row) that share land."""
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    first, second = first[first < second], second[first < second]
    common = shapely.area(shapely.intersection(shapes[first], shapes[second])) > LEAST_PIECE_M2
    return first[common], second[common]
