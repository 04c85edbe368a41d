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
from .evidence import Integers, Origin, Results, Text, ranks

LEAST_PIECE_M2 = 0.01
"""What is smaller is rounding of coordinates, not land."""


@dataclass(frozen=True, eq=False)
class Sheet:
    """Polygons that do not overlap, and the row of the layer that each belongs to."""

    shapes: Shapes
    rows: Integers

    @cached_property
    def tree(self) -> shapely.STRtree:
        """A search tree over the shapes."""
        return shapely.STRtree(self.shapes)


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
            self._texts[column] = np.append(values.where(values.notna(), None).to_numpy(dtype="object"), None)
        return self._texts[column][rows]

    @cached_property
    def _ranks(self) -> Results:
        basis = self.table["basis"] if self.loaded else pd.Series(dtype="object")
        return np.append(ranks(basis), -1).astype("int8")

    def origin(self, rows: Integers, edition: str | None = None) -> Origin:
        """Where rows by position come from; `edition` names the column that dates them."""
        dated = None if edition is None else self.take(edition, rows)
        return Origin(self.take("source_id", rows), dated, self._ranks[rows])


EMPTY = Layer(pd.DataFrame())


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
