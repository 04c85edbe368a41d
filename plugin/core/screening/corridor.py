# SPDX-License-Identifier: GPL-2.0-or-later
"""What lies between land and the sea, on the downstream side (規則49条の5 二号).

Parallel rays run from the seaward edge of the land to the first coastline that they meet; water beyond it is not
land, and the last metres before it are quay. The direction is that of the nearest sea, or where an elevation raster is
given that in which the ground falls. Both are stand-ins for the flow of groundwater, and the evidence says which.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ..geometry import Shapes
from .coast import Coast, Floats
from .cutting import sliver_width_m
from .evidence import NO_BASIS, Findings, Integers, Mask, Origin, Text, findings, same
from .ground import Ground, HousingGround
from .land import Land
from .logic import MET, NOT_MET, UNDECIDABLE

RAYS = 7
"""Rays across the width of the land, whatever it is."""

_FIRST_REACH_M = 100.0
_LONGER = 4.0
_OUTSIDE = -1
_NO_SEA = -2


@dataclass(frozen=True, eq=False)
class Rays:
    """Rays in the plane: the piece that each is of, its origin and its unit direction.

    `leaves` and `sea` are the metres from the origin at which it leaves the piece and at which it meets the sea, which
    is infinity where it does not.
    """

    piece: Integers
    origin: Floats
    direction: Floats
    leaves: Floats
    sea: Floats


class Stretches(NamedTuple):
    """Lengths of rays over ground, in metres.

    `ground` is a row of the ground, `_OUTSIDE` beyond it, or `_NO_SEA` where the ray meets no sea.
    """

    ray: Integers
    ground: Integers
    result: npt.NDArray[np.int8]
    metres: Floats


def seaward_corridor(land: Land, quay_width_m: float, max_distance_m: float) -> Findings:
    """Whether between each piece and the sea there is nothing but land on which housing is banned.

    A ray may cross other ground over less than the width of a sliver. The worst ray decides.
    """
    ground = land.ground
    if not len(ground.coast.ends):
        result = np.full(len(land), UNDECIDABLE, dtype="int8")
        return findings(result, "coastline_not_loaded", subject="coastline")
    parts, owner = _parts(land.shapes)
    direction, way = _directions(parts, ground, max_distance_m)
    rays = _rays(parts, owner, direction, ground.coast, max_distance_m)
    stretches = _stretches(rays, ground.housing, quay_width_m)
    of_ray = _ray_results(stretches, len(rays.piece), sliver_width_m(ground.sliver_ha))
    result = np.full(len(land), MET, dtype="int8")
    np.minimum.at(result, rays.piece, of_ray)
    decided = _deciding(stretches, rays.piece, of_ray, result)
    ways = same(None, len(land))
    ways[owner[::-1]] = way[::-1]  # of the first part
    return _found(result, decided, ground, ways)


def _parts(shapes: Shapes) -> tuple[Shapes, Integers]:
    parts, owner = shapely.get_parts(shapes, return_index=True)
    area = shapely.area(parts)
    # crumbs beside a piece that is mostly elsewhere have no corridor of their own
    kept = area > 0.01 * shapely.area(shapes)[owner]
    return parts[kept], owner[kept]


def _directions(parts: Shapes, ground: Ground, max_distance_m: float) -> tuple[Floats, Text]:
    """Unit vector of each part towards the sea, zero where there is none within reach, and what it follows."""
    segment, distance = ground.coast.nearest(parts, max_distance_m)
    centres = shapely.centroid(parts)
    # land that touches the shore has no direction of its own: its middle has
    touching = np.flatnonzero((segment >= 0) & (distance <= 0))
    start = parts.copy()
    start[touching] = centres[touching]
    segment[touching] = ground.coast.nearest(centres[touching], np.inf)[0]
    found = np.flatnonzero(segment >= 0)
    lines = shapely.shortest_line(start[found], ground.coast.segments[segment[found]])
    ends = shapely.get_coordinates(lines).reshape(-1, 2, 2)
    vector = np.zeros((len(parts), 2))
    vector[found] = ends[:, 1] - ends[:, 0]
    length = np.hypot(*vector.T)
    at_sea = (segment >= 0) & (length == 0)
    direction = np.where(at_sea[:, None], [1.0, 0.0], vector / np.where(length > 0, length, 1.0)[:, None])
    way = same("nearest_sea", len(parts))
    if ground.terrain is not None:
        downhill, covered, steep = ground.terrain.downslope(parts)
        direction = np.where(steep[:, None], downhill, direction)
        way = np.where(steep, "flow_direction", np.where(covered, "nearest_sea_flat", "nearest_sea_beyond_dem"))
    return direction, way.astype(object)


def _rays(parts: Shapes, owner: Integers, direction: Floats, coast: Coast, max_distance_m: float) -> Rays:
    """Rays across the width of each part, from its seaward edge."""
    part_of, offsets, leaves = _exits(parts, direction)
    centres = shapely.get_coordinates(shapely.centroid(parts))[part_of]
    ahead = direction[part_of]
    origin = centres + offsets[:, None] * np.stack([-ahead[:, 1], ahead[:, 0]], axis=1)
    # the part may reach beyond the coastline: what counts is the first shore ahead of its middle
    start = np.minimum(leaves, 0.0)
    sea = np.full(len(part_of), np.inf)
    open_ = np.flatnonzero((ahead != 0).any(axis=1))
    reach = _FIRST_REACH_M
    while len(open_):
        reach = min(reach, max_distance_m)
        sea[open_] = coast.first_crossing(origin[open_], ahead[open_], start[open_], leaves[open_] + reach)
        open_ = open_[np.isinf(sea[open_])] if reach < max_distance_m else open_[:0]
        reach *= _LONGER
    return Rays(owner[part_of], origin, ahead, leaves, sea)


def _exits(parts: Shapes, direction: Floats) -> tuple[Integers, Floats, Floats]:
    """For each part and ray: the part, how far aside of its middle the ray runs, and where it leaves the part."""
    points, part = shapely.get_coordinates(shapely.get_exterior_ring(parts), return_index=True)
    points = points - shapely.get_coordinates(shapely.centroid(parts))[part]
    along = (points * direction[part]).sum(axis=1)
    aside = points[:, 1] * direction[part, 0] - points[:, 0] * direction[part, 1]
    first = np.flatnonzero(np.diff(part, prepend=-1))
    low, high = np.minimum.reduceat(aside, first), np.maximum.reduceat(aside, first)
    edge = np.flatnonzero(part[1:] == part[:-1])
    of_edge, a0, a1, v0, v1 = part[edge], aside[edge], aside[edge + 1], along[edge], along[edge + 1]
    offsets = low[:, None] + (high - low)[:, None] * (np.arange(RAYS) + 0.5) / RAYS
    leaves = np.full((len(parts), RAYS), -np.inf)
    for ray in range(RAYS):
        beside = offsets[of_edge, ray]
        crossed = ((a0 <= beside) != (a1 <= beside)).nonzero()[0]
        share = (beside[crossed] - a0[crossed]) / (a1[crossed] - a0[crossed])
        np.maximum.at(leaves[:, ray], of_edge[crossed], v0[crossed] + share * (v1[crossed] - v0[crossed]))
    leaves = np.where(np.isinf(leaves), 0.0, leaves)
    return np.repeat(np.arange(len(parts)), RAYS), offsets.ravel(), leaves.ravel()


def _stretches(rays: Rays, ground: HousingGround, quay_width_m: float) -> Stretches:
    """The ground that each ray crosses between its land and the quay."""
    metres = rays.sea - quay_width_m - rays.leaves
    crossing = np.flatnonzero((metres > 0) & np.isfinite(metres))
    ends = rays.leaves[crossing, None] + np.stack([np.zeros(len(crossing)), metres[crossing]], axis=1)
    lines = shapely.linestrings(rays.origin[crossing, None] + rays.direction[crossing, None] * ends[..., None])
    line, row, length = _lengths(lines, ground.shapes)
    outside = metres[crossing].copy()
    np.subtract.at(outside, line, length)
    no_sea = np.flatnonzero(np.isinf(rays.sea))
    parts = [
        (crossing[line], row, ground.found.result[row], length),
        *[(crossing, np.full(len(crossing), _OUTSIDE), np.zeros(len(crossing)), np.maximum(outside, 0.0))],
        *[(no_sea, np.full(len(no_sea), _NO_SEA), np.zeros(len(no_sea)), np.full(len(no_sea), np.inf))],
    ]
    ray, kind, result, length = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Stretches(ray, kind.astype("int64"), result.astype("int8"), length)


def _lengths(lines: Shapes, polygons: Shapes) -> tuple[Integers, Integers, Floats]:
    """Line, polygon and length for every line that runs over a polygon."""
    tree = shapely.STRtree(lines)
    whole_in, whole = tree.query(polygons, predicate="covers")
    near, crossed = tree.query(polygons, predicate="intersects")
    covered = np.isin(crossed, whole)
    near, crossed = near[~covered], crossed[~covered]
    length = shapely.length(shapely.intersection(lines[crossed], polygons[near]))
    row = np.concatenate([whole_in, near])
    return np.concatenate([whole, crossed]), row, np.concatenate([shapely.length(lines[whole]), length])


def _ray_results(stretches: Stretches, count: int, tolerance_m: float) -> npt.NDArray[np.int8]:
    """Not met where foreign ground is more than the tolerance, met where all that may be foreign is not."""

    def metres(of: Mask) -> Floats:
        return np.bincount(stretches.ray[of], stretches.metres[of], minlength=count)

    foreign, open_ = metres(stretches.result == NOT_MET), metres(stretches.result == UNDECIDABLE)
    decided = np.where(foreign > tolerance_m, NOT_MET, UNDECIDABLE)
    return np.where(foreign + open_ <= tolerance_m, MET, decided).astype("int8")


def _deciding(
    stretches: Stretches, piece: Integers, of_ray: npt.NDArray[np.int8], result: npt.NDArray[np.int8]
) -> pd.Series[int]:
    """For each piece that is not met or undecidable: the ground with the longest stretch on a ray that decides."""
    owner = piece[stretches.ray]
    deciding = (of_ray[stretches.ray] == result[owner]) & (stretches.result == result[owner]) & (stretches.metres > 0)
    deciding &= stretches.result != MET
    table = pd.DataFrame(
        {"piece": owner[deciding], "ground": stretches.ground[deciding], "metres": stretches.metres[deciding]}
    )
    ordered = table.sort_values(["piece", "metres", "ground"], ascending=[True, False, True])
    return ordered.drop_duplicates("piece").set_index("piece")["ground"]


def _found(result: npt.NDArray[np.int8], decided: pd.Series[int], ground: Ground, ways: Text) -> Findings:
    count, found = len(result), ground.housing.found
    row = decided.reindex(range(count), fill_value=_OUTSIDE).to_numpy(dtype="int64")
    met = result == MET
    by_ground = ~met & (row >= 0)
    picked = found.take(np.where(by_ground, row, 0)) if len(found.result) else None
    coast = ground.coast.layer.origin(np.zeros(count, dtype="int64"))

    def either(of_ground: np.ndarray | None, otherwise: np.ndarray) -> np.ndarray:
        return otherwise if of_ground is None else np.where(by_ground, of_ground, otherwise)

    plain = np.where(met, "nothing_else_to_the_sea", np.where(row == _NO_SEA, "sea_not_reached", "outside_zoning_data"))
    subject = np.where(~met & (row == _NO_SEA), "coastline", None)
    basis = coast.basis if picked is None else np.where(by_ground, picked.basis, NO_BASIS)
    return findings(
        result,
        either(picked and picked.reason, plain.astype(object)),
        value=ways,
        origin=Origin(
            either(picked and picked.data_set, coast.data_set),
            either(picked and picked.edition, same(None, count)),
            np.maximum(basis, coast.basis).astype("int8"),
        ),
        subject=either(picked and picked.subject, subject),
    )
