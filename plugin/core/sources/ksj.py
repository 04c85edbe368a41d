# SPDX-License-Identifier: GPL-2.0-or-later
"""What the formats of 国土数値情報 have in common: one layer of text fields, often without a reference system."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd

from . import cells, layers, vector
from .reading import Request


@dataclass(frozen=True)
class Rows:
    """Rows of a layer, their reference system in words, and the fields that the file has."""

    frame: gpd.GeoDataFrame
    crs: str
    fields: tuple[str, ...]


def read_rows(request: Request, format_name: str, fits: layers.Wanted, fields: Sequence[str], *, assumed: str) -> Rows:
    """Read the layer of a format, with the given fields as text; a field that the file lacks is missing all through.

    `assumed` is the reference system that the format fixes, taken where the file names none.
    """
    with layers.single(request.path, request.layer, fits, format_name) as layer:
        found = gpd.GeoDataFrame(vector.read_layer(layer.path, layer.layer))
        rows, crs = vector.with_reference_system(layer.path, found, assumed=assumed)
    rows = rows.reindex(columns=[*fields, "geometry"])
    rows[list(fields)] = rows[list(fields)].apply(cells.as_text)
    return Rows(rows, crs, layer.fields)
