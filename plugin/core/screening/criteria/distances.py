# SPDX-License-Identifier: GPL-2.0-or-later
"""How far the coast and wells are, and what lies between land and the sea."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import shapely

from ..coast import Floats
from ..corridor import seaward_corridor
from ..evidence import Findings, Integers, Mask, Text, findings, first_that_holds, where
from ..land import Land
from ..layers import Layer
from ..logic import MET, NOT_MET, UNDECIDABLE
from .kind import Kind
from .parameters import Number

_LONGEST_M = 50_000.0
_DEFAULT_QUAY_M = 50.0
_DEFAULT_REACH_M = 5_000.0


def _near_coast(land: Land, parameters: Mapping[str, Any]) -> Findings:
    """Whether the coastline is within a distance; farther than that the distance is not measured."""
    coast = land.ground.coast
    if not coast.loaded:
        return findings(np.full(len(land), UNDECIDABLE, dtype="int8"), "coastline_not_loaded", subject="coastline")
    distance, _ = coast.nearest(land.shapes, parameters["max_distance_m"])
    result, reason = first_that_holds([(np.isfinite(distance), MET, "near_coast")], (NOT_MET, "far_from_coast"))
    origin = coast.layer.origin(np.zeros(len(land), dtype="int64"))
    return findings(result, reason, value=_metres(distance), unit="m", origin=origin)


def _no_drinking_well(land: Land, parameters: Mapping[str, Any]) -> Findings:
    """Whether no well that people drink from is within a distance; a well of unknown use may be one."""
    wells, within = land.ground.wells, parameters["within_m"]
    if not wells.loaded:
        return findings(np.full(len(land), UNDECIDABLE, dtype="int8"), "wells_not_loaded", subject="wells")
    use = wells.table["use"].fillna("unknown").to_numpy(dtype="object")
    everywhere = np.arange(len(land))
    drinking, metres = _nearest(wells, use == "drinking", land, everywhere, within)
    unknown, metres_unknown = _nearest(wells, use == "unknown", land, everywhere[drinking < 0], within)
    result, reason = first_that_holds(
        [(drinking >= 0, NOT_MET, "drinking_well"), (unknown >= 0, UNDECIDABLE, "well_use_unknown")],
        (MET, "no_drinking_well"),
    )
    row = np.where(drinking >= 0, drinking, unknown)
    distance = np.where(drinking >= 0, metres, metres_unknown)
    origin = wells.origin(np.where(row >= 0, row, 0))
    return findings(
        result, reason, value=_metres(distance), unit="m", origin=origin, subject=wells.take("well_id", row)
    )


def _nearest(wells: Layer, which: Mask, land: Land, asked: Integers, within_m: float) -> tuple[Integers, Floats]:
    """Row and distance of the nearest of some wells for the pieces that are asked; -1 and infinity beyond reach."""
    rows = np.flatnonzero(which)
    nearest, distance = np.full(len(land), -1), np.full(len(land), np.inf)
    if len(rows):
        tree = shapely.STRtree(wells.table.geometry.to_numpy()[rows])
        # a limit to the search would make it slower
        (piece, found), metres = tree.query_nearest(land.shapes[asked], return_distance=True, all_matches=False)
        near = metres <= within_m
        nearest[asked[piece[near]]], distance[asked[piece[near]]] = rows[found[near]], metres[near]
    return nearest, distance


def _metres(distance: Floats) -> Text:
    """Distances in whole metres as text; None where they were not measured."""
    measured = np.isfinite(distance)
    whole = np.where(measured, distance, 0).round().astype("int64")
    kinds, position = np.unique(whole, return_inverse=True)
    texts = pd.Series(kinds).astype(str).to_numpy(dtype="object")[position]
    return where(measured, texts, None)


def _seaward_corridor(land: Land, parameters: Mapping[str, Any]) -> Findings:
    """Whether nothing but 工業専用地域等 lies between land and the sea."""
    return seaward_corridor(land, parameters["quay_width_m"], parameters["max_distance_m"])


KINDS = {
    "near_coast": Kind(_near_coast, {"max_distance_m": Number(0, _LONGEST_M)}, cost=3),
    "no_drinking_well": Kind(_no_drinking_well, {"within_m": Number(0, _LONGEST_M)}, cost=3),
    "seaward_corridor": Kind(
        _seaward_corridor,
        {
            "quay_width_m": Number(0, 1_000, default=_DEFAULT_QUAY_M),
            "max_distance_m": Number(1, _LONGEST_M, default=_DEFAULT_REACH_M),
        },
        cost=4,
    ),
}
