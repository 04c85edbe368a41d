# SPDX-License-Identifier: GPL-2.0-or-later
"""What reaches into sites: floods and tsunamis by depth, and areas of which only yes or no matters.

A map speaks only of the land that it covers. Land outside all of its areas is dry, or free of them, where the map is
said to be complete; otherwise nothing is known of it.
"""

from __future__ import annotations

import numpy as np
import shapely

from ...crs import SQUARE_METRES_PER_HECTARE
from ...geometry import Shapes
from ..adjacency import Positions
from ..facts import Codes, Floats
from ..sieve import Mask


def deepest_m(shapes: Shapes, areas: Shapes, depth_m: Floats, *, complete: bool) -> Floats:
    """Deepest water on each site, in metres, by the upper bound of its class.

    NaN where an area of unknown depth reaches into the site, and outside all areas unless the map is complete.
    """
    site, area = _reaching(shapes, areas)
    deepest = np.full(len(shapes), -np.inf)
    np.maximum.at(deepest, site, np.nan_to_num(depth_m[area], nan=np.inf))
    outside = np.isneginf(deepest) & ~_missing(shapes)
    return np.where(outside & complete, 0.0, np.where(np.isfinite(deepest), deepest, np.nan))


def reached(shapes: Shapes, areas: Shapes, *, complete: bool) -> Codes:
    """Whether an area reaches into each site: `yes`, `no` where the map is complete, else None."""
    site, _ = _reaching(shapes, areas)
    answer = np.full(len(shapes), "no" if complete else None, dtype=object)
    answer[site] = "yes"
    answer[_missing(shapes)] = None
    return answer


def extension_ha(shapes: Shapes, free: Shapes, reach_m: float) -> Floats:
    """Hectares of the areas of free land that come within `reach_m` of each site, without what lies in it.

    Areas are counted whole: how much of a large one could be joined to the site, nobody can tell from a map.
    """
    found = np.where(_missing(shapes), np.nan, 0.0)
    drawn = np.flatnonzero(~_missing(shapes))
    site, area = shapely.STRtree(free).query(shapes[drawn], predicate="dwithin", distance=reach_m)
    beside = shapely.area(shapely.difference(free[area], shapes[drawn][site]))
    np.add.at(found, drawn[site], beside / SQUARE_METRES_PER_HECTARE)
    return found


def _reaching(shapes: Shapes, areas: Shapes) -> tuple[Positions, Positions]:
    """Positions of sites and areas that share more than a line."""
    site, area = shapely.STRtree(areas).query(shapes, predicate="intersects")
    inside = ~shapely.touches(shapes[site], areas[area])
    return site[inside], area[inside]


def _missing(shapes: Shapes) -> Mask:
    return shapely.is_missing(shapes) | shapely.is_empty(shapes)
