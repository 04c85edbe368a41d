# SPDX-License-Identifier: GPL-2.0-or-later
"""Straight lines from sites to the nearest of the things around them."""

from __future__ import annotations

import numpy as np
import shapely

from ...geometry import Shapes
from ..facts import Floats


def nearest_m(shapes: Shapes, targets: Shapes) -> Floats:
    """Distance from the edge of each site to the nearest target, both in one plane, in metres.

    0 where they meet; NaN where there is no site or no target.
    """
    found = np.full(len(shapes), np.nan)
    targets = targets[~(shapely.is_missing(targets) | shapely.is_empty(targets))]
    drawn = np.flatnonzero(~(shapely.is_missing(shapes) | shapely.is_empty(shapes)))
    if len(targets) and len(drawn):
        pairs, distances = shapely.STRtree(targets).query_nearest(
            shapes[drawn], return_distance=True, all_matches=False
        )
        found[drawn[pairs[0]]] = distances
    return found
