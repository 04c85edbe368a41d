# SPDX-License-Identifier: GPL-2.0-or-later
"""PLATEAU CityGML `urf` (都市計画決定情報): use districts, area classification and port zones.

市街化区域 always has use districts (都市計画法13条1項7号), so that its polygon says only that
some use district applies: its zone is unknown where no other polygon names it.

Read as a stream, feature by feature. Coordinates stand as latitude, longitude, height (EPSG:6697) and are published
in two dimensions as EPSG:6668. Ratios stand as fractions (2 is 200 %) or as percent, depending on the city.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import pandas as pd

from ..contracts import PORT_ZONES, ZONES, conform
from ..crs import JGD2011
from ..errors import SourceError
from ..resources import code_list
from . import cells, citygml, shapes, zone_codes
from .reading import FixList, Reading, Request, conclude

FORMAT = "plateau-urf"
_AREA_SYSTEM = "plateau-urf-area-classification"
_TABLE_OF_KIND = {"UseDistrict": "zones", "AreaClassification": "zones", "PortZone": "port_zones"}
_GEOGRAPHIC = ("6697", "6668")
_LARGEST_FRACTION = {"floorAreaRate": 20.0, "buildingCoverageRate": 1.0}
"""Up to here a ratio is a fraction: floor area ratios run from 50 to 1300 %, coverages from 30 to 80 %."""

_SOURCE_FACTS = {
    "title": "3D都市モデル（Project PLATEAU）都市計画決定情報",
    "publisher": "国土交通省 Project PLATEAU",
    "licence": "CC BY 4.0",
}


@dataclass
class _Features:
    """Features of the kinds that become rows, as records; the others as counts."""

    records: list[dict[str, object]] = field(default_factory=list)
    others: Counter[str] = field(default_factory=Counter)
    srs: str | None = None


def read(request: Request) -> Reading:
    """Read use districts and area classification as `zones`, and port zones as `port_zones`."""
    found = _features(request)
    crs = _crs(request.path, found.srs)
    fixes = FixList(request.source_id)
    for kind, count in sorted(found.others.items()):
        problem = f"{count} features of this kind are not read"
        fixes.remark(kind, problem, "nothing, if they are not needed")
    if not found.records:
        kinds = ", ".join(sorted(found.others)) or "none"
        raise SourceError(f"{request.path.name} holds no use district, area classification or port zone ({kinds}).")
    rows = gpd.GeoDataFrame(found.records, geometry="geometry", crs=JGD2011).set_index("source_row")
    rows = _placed(rows, fixes).assign(basis=request.basis, source_id=request.source_id)
    rows["source_row"] = rows.index
    tables = {}
    if (rows["table"] == "zones").any():
        tables["zones"] = conform(_zones(rows[rows["table"] == "zones"], fixes), ZONES)
    if (rows["table"] == "port_zones").any():
        tables["port_zones"] = conform(_port_zones(rows[rows["table"] == "port_zones"], fixes), PORT_ZONES)
    facts = {**_SOURCE_FACTS, "edition": _edition(rows), "crs": crs, "note": _note(found)}
    return conclude(request, FORMAT, tables, {"urf": fixes}, rows_read=len(found.records), facts=facts)


def _features(request: Request) -> _Features:
    found = _Features()
    for number, feature in enumerate(citygml.features(request.path), start=1):
        found.srs = feature.srs or found.srs
        if table := _TABLE_OF_KIND.get(feature.kind):
            found.records.append(_record(number, table, feature))
        else:
            found.others[feature.kind] += 1
        if number % 1000 == 0:
            request.progress.report(0.5, f"{request.path.name}: {number}")
    return found


def _record(number: int, table: str, feature: citygml.Feature) -> dict[str, object]:
    names = ("function", "usage", "name", "validFrom", "city", "floorAreaRate", "buildingCoverageRate", "creationDate")
    return {
        "source_row": number,
        "table": table,
        "kind": feature.kind,
        "id": feature.id,
        "fault": feature.fault,
        "geometry": feature.shape,
        **{name: feature.properties.get(name) for name in names},
    }


def _crs(path: Path, srs: str | None) -> str:
    if srs is None:
        return f"{JGD2011} (assumed EPSG:6697 without height: the file names no reference system; the format fixes it)"
    code = re.split(r"[/:]", srs)[-1]
    if code not in _GEOGRAPHIC:
        raise SourceError(f"{path.name} uses the reference system {srs}; PLATEAU urf uses EPSG:6697 or EPSG:6668.")
    return f"{JGD2011} (the file's EPSG:{code} without height)"


def _note(found: _Features) -> str | None:
    counted = [f"{count} {kind}" for kind, count in sorted(found.others.items())]
    return f"not read: {', '.join(counted)}" if counted else None


def _edition(rows: pd.DataFrame) -> str | None:
    made = rows["creationDate"].dropna()
    return None if made.empty else str(made.max())[:4]


def _placed(rows: gpd.GeoDataFrame, fixes: FixList) -> gpd.GeoDataFrame:
    """Rows with a polygon; where they have none, or no id, the fix-list says why."""
    broken = rows["fault"].notna()
    problems = rows.loc[broken, "fault"].tolist()
    fixes.reject(rows.index[broken], "geometry", rows.loc[broken, "id"], problems, "draw the polygon again")
    rows = rows[~broken].copy()
    rows["geometry"] = shapes.polygons(rows.geometry, fixes, required=True)
    nameless = rows["id"].isna()
    fixes.reject(rows.index[nameless], "gml:id", None, "has no gml:id", "give the feature an id")
    again = rows.duplicated("id") & ~nameless
    fixes.reject(rows.index[again], "gml:id", rows.loc[again, "id"], "stands twice", "remove the repeated feature")
    return rows[rows.geometry.notna() & ~nameless & ~again]


def _zones(rows: gpd.GeoDataFrame, fixes: FixList) -> gpd.GeoDataFrame:
    district = rows["kind"] == "UseDistrict"
    classes = {row["code"]: row["zone"] for row in code_list("area_classifications")}
    zone = zone_codes.zones(rows["function"], FORMAT).where(district, rows["function"].map(classes))
    # the land is zoned all the same: without its polygon it would pass for land that the file says nothing of
    wrong = rows[zone.isna()].fillna({"function": "none"})
    problems = ("unknown code " + wrong["function"] + " of " + wrong["kind"] + " " + wrong["id"]).tolist()
    fixes.warn(wrong.index, "urf:function", wrong["function"], problems, "look the zone up")
    return _decided(rows).assign(
        zone_id=rows["id"],
        zone=zone.fillna("unknown"),
        code=rows["function"],
        code_system=district.map({True: FORMAT, False: _AREA_SYSTEM}),
        floor_area_ratio_percent=_percent(rows, "floorAreaRate", fixes),
        building_coverage_percent=_percent(rows, "buildingCoverageRate", fixes),
    )


def _port_zones(rows: gpd.GeoDataFrame, fixes: FixList) -> gpd.GeoDataFrame:
    by_code = {row["plateau_code"]: row["code"] for row in code_list("bunku") if row["plateau_code"]}
    bunku = rows["usage"].map(by_code)
    unknown = rows["usage"].notna() & bunku.isna()
    problem = "is not a code of PortZone_usage; the 分区 is unknown"
    fixes.warn(rows.index[unknown], "urf:usage", rows.loc[unknown, "usage"], problem, "look the 分区 up")
    return _decided(rows).assign(
        port_zone_id=rows["id"],
        port=rows["name"],
        bunku=bunku.fillna("unknown"),
        ordinance_bans_housing="unknown",
    )


def _decided(rows: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The columns that both tables share."""
    shared = rows[["city", "validFrom", "basis", "source_id", "source_row", "geometry"]]
    return shared.rename(columns={"city": "muni_code", "validFrom": "valid_from"})


def _percent(rows: pd.DataFrame, name: str, fixes: FixList) -> pd.Series[float]:
    """A ratio in percent, whether the file has fractions or percent."""
    ratio, bad = cells.numbers(rows[name])
    fixes.warn(rows.index[bad], f"urf:{name}", rows.loc[bad, name], "is not a ratio", "look the ratio up")
    return ratio.where(ratio > _LARGEST_FRACTION[name], ratio * 100).round(6)
