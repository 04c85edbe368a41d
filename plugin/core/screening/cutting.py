# SPDX-License-Identifier: GPL-2.0-or-later
"""Land cut along the lines of polygon layers, and the slivers that come of it.

Land wholly inside one polygon is never cut: most of a prefecture stays as it came in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from .. import crs
from ..geometry import Shapes, polygonal
from .evidence import Integers, Mask, where
from .layers import LEAST_PIECE_M2, Layer, Sheet

DEFAULT_SLIVER_HA = 1.0
"""Between the real zoning and port zones of Kawasaki, and between data sets of other editions, lie strips of up to
0.6 ha that are less than 3 m wide on average; the next round number is above them."""

SLIVER_WIDTH_M = 20.0
"""Mean width of the widest sliver of one hectare: what maps of 1:25,000 allow in position (17.5 m), rounded up."""

_TOUCHING_M = 0.01


@dataclass(frozen=True, eq=False)
class Cut:
    """Pieces: the shape that each comes from, the piece itself, and whether it is that whole shape.

    `rows` has, by layer, the row of each sheet (sheets x pieces) that a piece lies in; -1 where in none.
    """

    source: Integers
    shapes: Shapes
    whole: Mask
    rows: dict[str, Integers]


def cut(shapes: Shapes, layers: Mapping[str, Layer]) -> Cut:
    """Cut polygons along all lines of some layers.

    Parameters
    ----------
    shapes : array of polygons
        Valid, in the plane of the layers. They may overlap.
    layers : mapping of str to Layer
        Cut along in this order, which changes nothing but the order of the pieces.

    Returns
    -------
    Cut
        Sorted by shape, then by the rows that the pieces lie in, land in no row last.
    """
    source, pieces, whole = np.arange(len(shapes)), shapes, np.ones(len(shapes), dtype=bool)
    columns: list[Integers] = []
    for sheet in (sheet for layer in layers.values() for sheet in layer.sheets):
        origin, pieces, row = _split(pieces, sheet)
        uncut = np.bincount(origin, minlength=len(source))[origin] == 1
        source, whole = source[origin], whole[origin] & uncut
        columns = [*(column[origin] for column in columns), row]
    last = [np.where(column < 0, np.iinfo(np.int64).max, column) for column in reversed(columns)]
    order = np.lexsort([*last, source])
    by_layer, start = {}, 0
    for name, layer in layers.items():
        stop = start + len(layer.sheets)
        by_layer[name] = np.array([column[order] for column in columns[start:stop]], dtype="int64").reshape(
            stop - start, len(order)
        )
        start = stop
    return Cut(source[order], pieces[order], whole[order], by_layer)


def _split(shapes: Shapes, sheet: Sheet) -> tuple[Integers, Shapes, Integers]:
    """Split shapes by one sheet: the shape that each piece comes from, the piece, and its row in the layer."""
    row = np.full(len(shapes), -1, dtype="int64")
    shape, polygon, inside = sheet.meeting(shapes)
    row[shape[inside]] = sheet.rows[polygon[inside]]
    crossing, polygon = shape[~inside], polygon[~inside]
    parts = _polygons(shapely.intersection(shapes[crossing], sheet.shapes[polygon]))
    areas = shapely.area(parts)
    real = areas > LEAST_PIECE_M2
    crossing, polygon, parts, areas = crossing[real], polygon[real], parts[real], areas[real]
    if not len(crossing):
        return np.arange(len(shapes)), shapes, row
    cut_up = np.bincount(crossing, minlength=len(shapes)) > 0
    remainder = np.where(cut_up, shapely.area(where(cut_up, shapes, None)), 0.0)
    np.subtract.at(remainder, crossing, areas)
    left = np.flatnonzero(cut_up & (remainder > LEAST_PIECE_M2))
    rest = _without(shapes, left, crossing, sheet.shapes[polygon])
    real = shapely.area(rest) > LEAST_PIECE_M2
    left, rest = left[real], rest[real]
    alone = np.bincount(np.concatenate([crossing, left]), minlength=len(shapes))[crossing] == 1
    parts = np.where(alone, shapes[crossing], parts)  # all of it is inside but for rounding
    kept = np.flatnonzero(~cut_up)
    return (
        np.concatenate([kept, crossing, left]),
        np.concatenate([shapes[kept], parts, rest]),
        np.concatenate([row[kept], sheet.rows[polygon], np.full(len(left), -1)]),
    )


def _without(shapes: Shapes, which: Integers, crossing: Integers, polygons: Shapes) -> Shapes:
    """Some of the shapes, less the polygons that cross them (`crossing` is sorted); one polygon of each at a time."""
    left = shapes.copy()
    first = np.searchsorted(crossing, crossing)
    turn = np.arange(len(crossing)) - first
    asked = np.isin(crossing, which)
    for number in range(turn.max(initial=-1) + 1):
        now = asked & (turn == number)
        left[crossing[now]] = shapely.difference(left[crossing[now]], polygons[now])
    return _polygons(left[which])


def _polygons(overlaid: Shapes) -> Shapes:
    """What an overlay gives, less the points and lines where shapes merely touch and the spikes that rounding leaves.

    A spike has no area but reaches away from the piece, so that distances would be taken from it.
    """
    mixed = shapely.get_type_id(overlaid) == shapely.GeometryType.GEOMETRYCOLLECTION
    overlaid[mixed] = polygonal(overlaid[mixed])
    many = np.flatnonzero(shapely.get_type_id(overlaid) == shapely.GeometryType.MULTIPOLYGON)
    parts, owner = shapely.get_parts(overlaid[many], return_index=True)
    real = shapely.area(parts) > LEAST_PIECE_M2
    parts, owner = parts[real], owner[real]
    spiked = np.bincount(owner, minlength=len(many)) < shapely.get_num_geometries(overlaid[many])
    spiked &= np.bincount(owner, minlength=len(many)) > 0
    for number in np.flatnonzero(spiked):
        overlaid[many[number]] = shapely.union_all(parts[owner == number])
    return overlaid


def sliver_width_m(sliver_ha: float) -> float:
    """Mean width up to which a piece of `sliver_ha` is a sliver; in proportion, a strip 25 times as long as wide."""
    return SLIVER_WIDTH_M * float(np.sqrt(sliver_ha))


def slivers(site: Integers, shapes: Shapes, whole: Mask, sliver_ha: float) -> Mask:
    """Whether each piece is a difference between data sets rather than land to speak of.

    A sliver is smaller than `sliver_ha`, thinner on average than `sliver_width_m` (twice the area over the perimeter)
    and touches a bigger piece of the same site.
    """
    area = shapely.area(shapes)
    small = ~whole & (area < sliver_ha * crs.SQUARE_METRES_PER_HECTARE)
    thin = np.flatnonzero(small & (2 * area < sliver_width_m(sliver_ha) * shapely.length(shapes)))
    found = np.zeros(len(shapes), dtype=bool)
    by_site = pd.DataFrame({"site": site[thin], "thin": thin})
    others = pd.DataFrame({"site": site[~whole], "other": np.flatnonzero(~whole)})
    pairs = by_site.merge(others, on="site")
    pairs = pairs[area[pairs["other"]] > area[pairs["thin"]]]
    close = shapely.dwithin(shapes[pairs["thin"]], shapes[pairs["other"]], _TOUCHING_M)
    found[pairs.loc[close, "thin"]] = True
    return found


def numbered(source: Integers) -> npt.NDArray[np.int64]:
    """Number of each piece within its shape, from 1; `source` is sorted."""
    return np.arange(len(source)) - np.searchsorted(source, source) + 1
