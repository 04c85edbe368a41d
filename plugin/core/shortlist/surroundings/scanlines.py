# SPDX-License-Identifier: GPL-2.0-or-later
"""Which cells of a grid lie in which polygons, for all polygons at once.

A cell lies in a polygon where its middle does. Every edge is cut with the lines through the middles of the rows; the
cuts of a polygon with a row, in order, are in turn where it begins and where it ends (even-odd rule), so that holes
and parts need no care and polygons may overlap.
"""

from __future__ import annotations

import numpy as np
import rasterio
import shapely

from ...geometry import Shapes
from ..adjacency import Positions
from ..facts import Floats


def cells(shapes: Shapes, transform: rasterio.Affine, height: int, width: int) -> tuple[Positions, Positions]:
    """Pairs of polygon and cell.

    Parameters
    ----------
    shapes : array of Polygon or MultiPolygon
        In the reference system of the grid.
    transform : Affine
        From column and row to place.
    height, width : int
        Rows and columns of the grid.

    Returns
    -------
    tuple of array
        Position of the polygon, in ascending order, and of the cell in the grid, row by row.
    """
    owner, start, end = _edges(shapes, transform)
    edge, row = _crossed_rows(start[:, 1], end[:, 1], height)
    from_, to = start[edge], end[edge]
    along = (row + 0.5 - from_[:, 1]) / (to[:, 1] - from_[:, 1])
    across = from_[:, 0] + along * (to[:, 0] - from_[:, 0])
    order = np.lexsort((across, row, owner[edge]))
    begin, stop = across[order][0::2], across[order][1::2]
    first = np.clip(np.ceil(begin - 0.5), 0, width).astype("intp")
    count = np.clip(np.ceil(stop - 0.5), 0, width).astype("intp") - first
    run = np.repeat(np.arange(len(count)), count)
    column = first[run] + _counted(count)
    return owner[edge][order][0::2][run], row[order][0::2][run] * width + column


def _edges(shapes: Shapes, transform: rasterio.Affine) -> tuple[Positions, Floats, Floats]:
    """Polygon, beginning and end of each edge, as column and row."""
    parts, of_part = shapely.get_parts(shapes, return_index=True)
    rings, of_ring = shapely.get_rings(parts, return_index=True)
    places, of_place = shapely.get_coordinates(rings, return_index=True)
    grid = np.column_stack(~transform * tuple(places.T)) if len(places) else places
    same = of_place[1:] == of_place[:-1]
    return of_part[of_ring[of_place[1:][same]]], grid[:-1][same], grid[1:][same]


def _crossed_rows(start: Floats, end: Floats, height: int) -> tuple[Positions, Positions]:
    """Edge and row of each cut; an edge owns the middle that it starts on and not the one that it ends on."""
    first = np.clip(np.ceil(np.minimum(start, end) - 0.5), 0, height).astype("intp")
    count = np.clip(np.ceil(np.maximum(start, end) - 0.5), 0, height).astype("intp") - first
    edge = np.repeat(np.arange(len(count)), count)
    return edge, first[edge] + _counted(count)


def _counted(count: Positions) -> Positions:
    """0, 1, ... up to each count, one after the other."""
    total = int(count.sum())
    return np.arange(total) - np.repeat(np.cumsum(count) - count, count)
