# SPDX-License-Identifier: GPL-2.0-or-later
"""The 47 prefectures of the world map that QGIS ships (`world_map.gpkg`, layer `states_provinces`, Natural Earth)."""

from __future__ import annotations

import unicodedata

import geopandas as gpd

from ..contracts import AREAS, conform
from ..errors import SourceError
from ..resources import code_list
from . import shapes, vector
from .reading import FixList, Reading, Request, conclude

FORMAT = "qgis-world-map"
LAYER = "states_provinces"
_SOURCE_FACTS = {
    "title": "QGIS world map, states and provinces",
    "publisher": "Natural Earth",
    "licence": "public domain",
}


def fits(layers: list[str]) -> bool:
    """Whether a file with these layers is QGIS's world map."""
    return {LAYER, "countries"} <= set(layers)


def read(request: Request) -> Reading:
    """Read the prefectures as `areas`, in the order of their codes."""
    rows = gpd.GeoDataFrame(vector.read_layer(request.path, LAYER, where="adm0_a3 = 'JPN'"))
    if "name" not in rows.columns:
        raise SourceError(f"Layer {LAYER} of {request.path.name} has no field name; it is not QGIS's world map.")
    rows, crs = vector.with_reference_system(request.path, rows)
    rows_read = len(rows)
    fixes = FixList(request.source_id)
    known = {row["name_en"]: row for row in code_list("prefectures")}
    plain = rows["name"].map(_without_macrons, na_action="ignore")
    lost = ~plain.isin(list(known))
    fixes.reject(rows.index[lost], "name", rows.loc[lost, "name"], "is not a prefecture", "correct the name")
    rows = rows[~lost].copy()
    rows["geometry"] = shapes.polygons(rows.geometry, fixes, required=True)
    plain = plain[rows.index]
    areas = rows[["geometry"]].assign(
        area_code=plain.map(lambda name: known[name]["code"]),
        name=plain.map(lambda name: known[name]["name_ja"]),
        name_en=plain,
        level="prefecture",
        pref_code=plain.map(lambda name: known[name]["code"]),
        basis=request.basis,
        source_id=request.source_id,
        source_row=rows.index,
    )
    again = areas.duplicated("area_code")
    fixes.reject(areas.index[again], "name", areas.loc[again, "name"], "stands twice", "remove the repeated row")
    kept = areas[areas.geometry.notna() & ~again].sort_values("area_code")
    facts = {**_SOURCE_FACTS, "crs": crs, "note": "the row number is the place among the rows of Japan"}
    tables = {"areas": conform(kept, AREAS)}
    return conclude(request, FORMAT, tables, {"areas": fixes}, rows_read=rows_read, facts=facts)


def _without_macrons(name: str) -> str:
    decomposed = unicodedata.normalize("NFD", name)
    return "".join(character for character in decomposed if not unicodedata.combining(character))
