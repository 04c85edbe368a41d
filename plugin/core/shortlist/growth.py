# SPDX-License-Identifier: GPL-2.0-or-later
"""Parcels joined one by one until they reach an area, in bounded time and always in the same way.

Growth is greedy: from the largest parcel that is still free, the neighbour is joined that leaves the whole most
compact, the nearest of those that do, until the area is reached. A parcel ends up in one assembly at most; an attempt
that fails gives its parcels back, but none of them is a start again. `Limits` bound the rest. No clock decides, so
that the same parcels give the same assemblies on any machine.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from ..errors import ContractError
from ..geometry import Shapes
from .adjacency import Adjacency, Positions
from .facts import Floats
from .sieve import Mask

_ROUNDNESS_DECIMALS = 3
"""Shapes whose area / perimeter squared agree to this are equally compact; a square has 0.0625."""


@dataclass(frozen=True)
class Limits:
    """Where growth stops.

    Parameters
    ----------
    parcels : int
        Most parcels of an assembly; an attempt that needs more fails.
    assemblies : int
        Most assemblies.
    steps : int
        Most parcels looked at as a next neighbour, over all attempts.
    """

    parcels: int = 500
    assemblies: int = 1_000
    steps: int = 5_000_000

    def __post_init__(self) -> None:
        if min(self.parcels, self.assemblies, self.steps) < 1:
            raise ContractError("The limits of site assembly must be 1 or more.")


@dataclass(frozen=True, eq=False)
class Growth:
    """Assemblies as positions of parcels in the order in which they were joined; whether a limit ended the search."""

    assemblies: list[list[int]]
    perimeters_m: list[float]
    stopped: bool


@dataclass(eq=False)
class _Land:
    """Parcels, their neighbours and which of them are free."""

    area: Floats
    perimeter: Floats
    middle: Floats
    neighbours: list[dict[int, float]]
    free: Mask
    looked_at: int = 0


@dataclass(eq=False)
class _Candidate:
    """An assembly while it grows; `edge` has the free neighbours with the side that they share with it."""

    parcels: list[int]
    area: float
    perimeter: float
    middle: Floats
    edge: dict[int, float]


def grow(shapes: Shapes, pairs: Adjacency, wanted_m2: float, limits: Limits) -> Growth:
    """Put parcels together until they reach an area.

    Parameters
    ----------
    shapes : array of Polygon or MultiPolygon
        Parcels in a plane, in metres.
    pairs : Adjacency
        Neighbours.
    wanted_m2 : float
        Area to reach.
    limits : Limits
        Where to stop.
    """
    land = _Land(
        shapely.area(shapes),
        shapely.length(shapes),
        shapely.get_coordinates(shapely.centroid(shapes)),
        _neighbours(len(shapes), pairs),
        np.ones(len(shapes), dtype=bool),
    )
    starts = _worth_starting(land.area, pairs, wanted_m2)
    found: list[_Candidate] = []
    for start in np.argsort(-land.area, kind="stable"):
        if not (starts[start] and land.free[start]):
            continue
        if len(found) == limits.assemblies or land.looked_at >= limits.steps:
            return Growth([one.parcels for one in found], [one.perimeter for one in found], stopped=True)
        candidate = _grown(int(start), land, wanted_m2, limits)
        if candidate.area >= wanted_m2:
            found.append(candidate)
        else:
            land.free[candidate.parcels] = True
            starts[candidate.parcels] = False
    return Growth([one.parcels for one in found], [one.perimeter for one in found], stopped=False)


def _neighbours(count: int, pairs: Adjacency) -> list[dict[int, float]]:
    neighbours: list[dict[int, float]] = [{} for _ in range(count)]
    for first, second, shared in zip(pairs.first.tolist(), pairs.second.tolist(), pairs.shared_m.tolist(), strict=True):
        neighbours[first][second] = shared
        neighbours[second][first] = shared
    return neighbours


def _worth_starting(area_m2: Floats, pairs: Adjacency, wanted_m2: float) -> Mask:
    """Whether the land that hangs together with a parcel is large enough at all."""
    block = blocks(len(area_m2), pairs)
    return np.bincount(block, area_m2, minlength=len(area_m2))[block] >= wanted_m2


def blocks(count: int, pairs: Adjacency) -> Positions:
    """The smallest position among the parcels that hang together with each parcel."""
    block = np.arange(count)
    while True:
        lowest = block.copy()
        np.minimum.at(lowest, pairs.first, block[pairs.second])
        np.minimum.at(lowest, pairs.second, block[pairs.first])
        lowest = lowest[lowest]
        if (lowest == block).all():
            return block
        block = lowest


def _grown(start: int, land: _Land, wanted_m2: float, limits: Limits) -> _Candidate:
    candidate = _Candidate([], 0.0, 0.0, land.middle[start], {start: 0.0})
    while candidate.edge and len(candidate.parcels) < limits.parcels and land.looked_at < limits.steps:
        land.looked_at += len(candidate.edge)
        _join(_most_compact(candidate, land), candidate, land)
        if candidate.area >= wanted_m2:
            break
    return candidate


def _most_compact(candidate: _Candidate, land: _Land) -> int:
    """The neighbour that leaves area / perimeter squared largest; where several do, the nearest, then the first."""
    next_ = np.fromiter(candidate.edge, dtype="intp", count=len(candidate.edge))
    shared = np.fromiter(candidate.edge.values(), dtype="float64", count=len(candidate.edge))
    perimeter = candidate.perimeter + land.perimeter[next_] - 2 * shared
    roundness = np.round((candidate.area + land.area[next_]) / np.maximum(perimeter, 1e-9) ** 2, _ROUNDNESS_DECIMALS)
    away_m = np.round(np.hypot(*(land.middle[next_] - candidate.middle).T), 3)
    return int(next_[np.lexsort((next_, away_m, -roundness))[0]])


def _join(parcel: int, candidate: _Candidate, land: _Land) -> None:
    shared = candidate.edge.pop(parcel)
    candidate.parcels.append(parcel)
    whole = candidate.area + float(land.area[parcel])
    candidate.middle = (candidate.middle * candidate.area + land.middle[parcel] * land.area[parcel]) / whole
    candidate.area = whole
    candidate.perimeter += float(land.perimeter[parcel]) - 2 * shared
    land.free[parcel] = False
    for other, side in land.neighbours[parcel].items():
        if land.free[other]:
            candidate.edge[other] = candidate.edge.get(other, 0.0) + side
