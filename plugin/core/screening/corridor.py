# SPDX-License-Identifier: GPL-2.0-or-later
"""What lies between land and the sea, on the downstream side (規則49条の5 二号).

Parallel rays run from the seaward edge of the land to the first coastline that they meet; water beyond it is not
land, and the last metres before it are quay. The direction is that of the nearest sea, or where an elevation raster is
given that in which the ground falls. Both are stand-ins for the flow of groundwater, and the evidence says which.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pandas as pd
import shapely

from ..geometry import Shapes
from .coast import Coast, Floats
from .cutting import sliver_width_m
from .evidence import Findings, Integers, Mask, Text, findings, same
from .ground import Ground, HousingGround
from .land import Land
from .logic import MET, NOT_MET, UNDECIDABLE, Results

RAYS = 7
"""Rays across the width of the land, whatever it is."""

_FIRST_REACH_M = 100.0
_LONGER = 4.0
_OVERLAP_M = 0.001
_NEAR_M = 1_000.0
_ANYWHERE_M = 1e7
_OUTSIDE, _NO_SEA, _NOTHING_ELSE = -1, -2, -3
_NO_GROUND = (
    (MET, "nothing_else_to_the_sea", None),
    (UNDECIDABLE, "sea_not_reached", "coastline"),
    (UNDECIDABLE, "outside_zoning_data", None),
)
"""What is found where no ground decides, in the order that these three numbers, from the end, stand for."""


@dataclass(frozen=True, eq=False)
class Rays:
    """Rays in the plane: the piece that each is of, its origin and its unit direction.

    `leaves` is the metres from the origin at which it leaves the piece; `distance` how far the piece is from the sea.
    """

    piece: Integers
    origin: Floats
    direction: Floats
    leaves: Floats
    distance: Floats


class Stretches(NamedTuple):
    """Lengths of rays over ground, in metres.

    `ground` is a row of the ground, `_OUTSIDE` beyond it, or `_NO_SEA` where the ray meets no sea.
    """

    ray: Integers
    ground: Integers
    result: Results
    metres: Floats

    @classmethod
    def none(cls) -> Stretches:
        """No stretch at all."""
        whole = np.array([], dtype="int64")
        return cls(whole, whole, np.array([], dtype="int8"), np.array([]))

    def then(self, more: Stretches) -> Stretches:
        """These stretches and after them others."""
        return Stretches(
            np.concatenate([self.ray, more.ray]),
            np.concatenate([self.ground, more.ground]),
            np.concatenate([self.result, more.result]),
            np.concatenate([self.metres, more.metres]),
        )


def seaward_corridor(land: Land, quay_width_m: float, max_distance_m: float) -> Findings:
    """Whether between each piece and the sea there is nothing but land on which housing is banned.

    A ray may cross other ground over less than the width of a sliver. The worst ray decides.
    """
    ground = land.ground
    if not ground.coast.loaded:
        result = np.full(len(land), UNDECIDABLE, dtype="int8")
        return findings(result, "coastline_not_loaded", subject="coastline")
    parts, owner = _parts(land.shapes)
    direction, distance, way = _directions(parts, ground, max_distance_m)
    rays = _rays(parts, owner, direction, distance)
    stretches, of_ray = _walked(rays, ground, quay_width_m, max_distance_m)
    result = _worst(rays, of_ray, len(land))
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


def _directions(parts: Shapes, ground: Ground, max_distance_m: float) -> tuple[Floats, Floats, Text]:
    """Unit vector of each part towards the sea, zero where there is none within reach; its distance; and what the
    direction follows.
    """
    distance, vector = ground.coast.nearest(parts, max_distance_m)
    # land that touches the shore has no direction of its own: its middle has
    touching = np.flatnonzero(distance == 0)
    vector[touching] = ground.coast.nearest(shapely.centroid(parts[touching]), _ANYWHERE_M)[1]
    length = np.hypot(*vector.T)
    direction = np.where((length == 0)[:, None], [1.0, 0.0], vector / np.where(length > 0, length, 1.0)[:, None])
    direction[np.isinf(distance)] = 0.0
    way = same("nearest_sea", len(parts))
    if ground.terrain is not None:
        downhill, covered, steep = ground.terrain.downslope(parts)
        direction = np.where(steep[:, None], downhill, direction)
        way = np.where(steep, "flow_direction", np.where(covered, "nearest_sea_flat", "nearest_sea_beyond_dem"))
    return direction, distance, way.astype(object)


def _rays(parts: Shapes, owner: Integers, direction: Floats, distance: Floats) -> Rays:
    """Rays across the width of each part, from its seaward edge."""
    part_of, offsets, leaves = _exits(parts, direction)
    centres = shapely.get_coordinates(shapely.centroid(parts))[part_of]
    ahead = direction[part_of]
    origin = centres + offsets[:, None] * np.stack([-ahead[:, 1], ahead[:, 0]], axis=1)
    return Rays(owner[part_of], origin, ahead, leaves, distance[part_of])


def _sea(rays: Rays, chosen: Integers, coast: Coast, max_distance_m: float) -> Floats:
    """Metres from the origin at which rays meet the sea; infinity where they do not."""
    sea = np.full(len(chosen), np.inf)
    pointing = (rays.direction[chosen] != 0).any(axis=1) & np.isfinite(rays.distance[chosen])
    # the part may reach beyond the coastline: what counts is the first shore ahead of its middle
    begin = rays.leaves + np.where(rays.distance > 0, rays.distance, 0.0)
    begin = np.where(rays.distance > 0, begin, np.minimum(rays.leaves, 0.0))
    left, nearer, reach = np.flatnonzero(pointing), 0.0, _FIRST_REACH_M
    while len(left):
        ray = chosen[left]
        end = np.minimum(np.maximum(begin[ray], rays.leaves[ray]) + reach, rays.leaves[ray] + max_distance_m)
        start = np.where(nearer > 0, np.maximum(begin[ray], rays.leaves[ray]) + nearer, begin[ray])
        sea[left] = coast.first_crossing(rays.origin[ray], rays.direction[ray], start - _OVERLAP_M, end)
        left = left[np.isinf(sea[left]) & (end < rays.leaves[ray] + max_distance_m)]
        nearer, reach = reach, reach * _LONGER
    return sea


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


def _walked(rays: Rays, ground: Ground, quay_width_m: float, max_distance_m: float) -> tuple[Stretches, Results]:
    """The ground that the rays cross between their land and the quay, and the result of each ray.

    One ray over other ground is enough: the middle one is walked first, its first stretch before the rest, and the
    others only where it has met none.
    """
    count, pieces, tolerance = len(rays.piece), int(rays.piece.max(initial=-1)) + 1, sliver_width_m(ground.sliver_ha)
    middle = np.arange(count) % RAYS == RAYS // 2
    stretches, of_ray = Stretches.none(), np.full(count, MET, dtype="int8")
    for turn, start, end in ((middle, 0.0, _NEAR_M), (middle, _NEAR_M, np.inf), (~middle, 0.0, np.inf)):
        chosen = np.flatnonzero(turn & (_worst(rays, of_ray, pieces)[rays.piece] != NOT_MET))
        sea = _sea(rays, chosen, ground.coast, max_distance_m) - rays.leaves[chosen]
        found = _stretches(rays, chosen, sea - quay_width_m, (start, end), ground.housing)
        stretches = stretches.then(found)
        of_ray = _ray_results(stretches, count, tolerance)
    return stretches, of_ray


def _worst(rays: Rays, of_ray: Results, count: int) -> Results:
    """Result of each piece."""
    result = np.full(count, MET, dtype="int8")
    np.minimum.at(result, rays.piece, of_ray)
    return result


def _stretches(
    rays: Rays, chosen: Integers, quay: Floats, span: tuple[float, float], ground: HousingGround
) -> Stretches:
    """The ground that chosen rays cross within a span (metres from their land), up to the quay."""
    start, end = np.full(len(chosen), span[0]), np.minimum(quay, span[1])
    walked = (end > start) & np.isfinite(quay)
    ray, start, end = chosen[walked], start[walked], end[walked]
    metres = rays.leaves[ray, None] + np.stack([start, end], axis=1)
    line, row, length = ground.sheet.lengths(rays.origin[ray], rays.direction[ray], metres)
    outside = end - start
    np.subtract.at(outside, line, length)
    no_sea = chosen[np.isinf(quay)] if span[0] == 0 else chosen[:0]
    parts = [
        (ray[line], row, ground.found.result[row], length),
        (ray, np.full(len(ray), _OUTSIDE), np.zeros(len(ray)), np.maximum(outside, 0.0)),
        (no_sea, np.full(len(no_sea), _NO_SEA), np.zeros(len(no_sea)), np.full(len(no_sea), np.inf)),
    ]
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    return Stretches(columns[0], columns[1].astype("int64"), columns[2].astype("int8"), columns[3])


def _ray_results(stretches: Stretches, count: int, tolerance_m: float) -> Results:
    """Not met where foreign ground is more than the tolerance, met where all that may be foreign is not."""

    def metres(of: Mask) -> Floats:
        return np.bincount(stretches.ray[of], stretches.metres[of], minlength=count).astype("float64")

    foreign, open_ = metres(stretches.result == NOT_MET), metres(stretches.result == UNDECIDABLE)
    decided = np.where(foreign > tolerance_m, NOT_MET, UNDECIDABLE)
    return np.where(foreign + open_ <= tolerance_m, MET, decided).astype("int8")


def _deciding(stretches: Stretches, piece: Integers, of_ray: Results, result: Results) -> pd.Series[int]:
    """For each piece that is not met or undecidable: the ground with the longest stretch on a ray that decides."""
    owner = piece[stretches.ray]
    deciding = (of_ray[stretches.ray] == result[owner]) & (stretches.result == result[owner]) & (stretches.metres > 0)
    deciding &= stretches.result != MET
    table = pd.DataFrame(
        {"piece": owner[deciding], "ground": stretches.ground[deciding], "metres": stretches.metres[deciding].round(2)}
    )
    ordered = table.sort_values(["piece", "metres", "ground"], ascending=[True, False, True])
    return ordered.drop_duplicates("piece").set_index("piece")["ground"]


def _found(result: Results, decided: pd.Series[int], ground: Ground, ways: Text) -> Findings:
    """The finding on the ground that decided, or what there is to say where no ground did."""
    coast = ground.coast.layer.origin(np.zeros(len(_NO_GROUND), dtype="int64"))
    plain = findings(
        np.array([one[0] for one in _NO_GROUND], dtype="int8"),
        np.array([one[1] for one in _NO_GROUND], dtype=object),
        subject=np.array([one[2] for one in _NO_GROUND], dtype=object),
        origin=coast,
    )
    known = ground.housing.found
    row = decided.reindex(range(len(result)), fill_value=_NOTHING_ELSE).to_numpy(dtype="int64")
    picked = known.then(plain).take(row)
    return replace(picked, result=result, value=ways, basis=np.maximum(picked.basis, coast.basis[0]))
