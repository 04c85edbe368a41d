# SPDX-License-Identifier: GPL-2.0-or-later
"""国土数値情報 行政区域 (N03): municipalities, the designated cities made of their wards, and prefectures.

Until 2023 a designated city stands in `_003` and its ward in `_004`; from 2024 the city in `_004` and the ward in the
new `_005`. A municipality stands in as many rows as it has islands. Land whose municipality is undecided (所属未定地)
has no code and belongs to the prefecture alone. Files that hold nothing but the name of the prefecture are read too.
"""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from ..contracts import AREAS, conform
from ..crs import JGD2011
from ..resources import code_list
from . import ksj, shapes
from .reading import FixList, Reading, Request, conclude

FORMAT = "ksj-n03"
_FIELDS = ["N03_001", "N03_002", "N03_003", "N03_004", "N03_005", "N03_007"]
_SOURCE_FACTS = {
    "title": "国土数値情報 行政区域データ (N03)",
    "publisher": "国土交通省",
    "licence": "国土数値情報ダウンロードサービス利用規約; 出典：国土数値情報（行政区域データ）（国土交通省）",
}


def fits(fields: list[str]) -> bool:
    """Whether a layer with these fields is N03."""
    return "N03_001" in fields


def read(request: Request) -> Reading:
    """Read boundaries as `areas` of the levels municipality, designated city and prefecture."""
    found = ksj.read_rows(request, FORMAT, fits, _FIELDS, assumed=JGD2011)
    request.progress.report(0.4, request.path.name)
    fixes = FixList(request.source_id)
    placed = _placed(found.frame, fixes)
    municipalities = _municipalities(_coded(placed, fixes))
    request.progress.report(0.7, request.path.name)
    cities = _cities(municipalities)
    prefectures = _prefectures(placed)
    areas = pd.concat([prefectures, cities, municipalities.drop(columns="city")], ignore_index=True)
    areas = areas.drop_duplicates("area_code").assign(basis=request.basis, source_id=request.source_id)
    facts = {**_SOURCE_FACTS, "crs": found.crs, "note": _note(areas)}
    tables = {"areas": conform(areas, AREAS)}
    return conclude(request, FORMAT, tables, {"areas": fixes}, rows_read=len(found.frame), facts=facts)


def _note(areas: pd.DataFrame) -> str:
    counts = areas["level"].value_counts()
    return "dissolved into " + ", ".join(f"{count} {level}" for level, count in counts.items())


def _placed(rows: gpd.GeoDataFrame, fixes: FixList) -> gpd.GeoDataFrame:
    """Rows with a polygon in a known prefecture."""
    rows["pref_code"] = rows["N03_001"].map({row["name_ja"]: row["code"] for row in code_list("prefectures")})
    # some editions leave the name out and keep the code
    rows["pref_code"] = rows["pref_code"].fillna(rows["N03_007"].str.zfill(5).str[:2])
    lost = ~rows["pref_code"].isin([row["code"] for row in code_list("prefectures")])
    fixes.reject(rows.index[lost], "N03_001", rows.loc[lost, "N03_001"], "is not a prefecture", "correct the name")
    rows = rows[~lost].copy()
    rows["geometry"] = shapes.polygons(rows.geometry, fixes, required=True)
    return rows[rows.geometry.notna()]


def _coded(rows: gpd.GeoDataFrame, fixes: FixList) -> gpd.GeoDataFrame:
    """Rows that belong to a municipality; the others stay in the prefecture and are named."""
    code = rows["N03_007"].copy()
    short = code.str.fullmatch(r"\d{4}", na=False) & (rows["pref_code"] == "0" + code.str[:1])
    problem = "had lost its leading zero, which was put back"
    fixes.warn(rows.index[short], "N03_007", code[short], problem, "keep codes as text")
    rows = rows.assign(N03_007=code.where(~short, "0" + code))
    proper = rows["N03_007"].str.fullmatch(r"\d{5}", na=False) & (rows["N03_007"].str[:2] == rows["pref_code"])
    named = rows[["N03_003", "N03_004", "N03_007"]].notna().any(axis=1)
    left = rows[~proper & named]
    problem = "has no code of a municipality; it is part of the prefecture alone"
    fixes.warn(left.index, "N03_007", left["N03_007"].fillna(left["N03_004"]), problem, "nothing, if it is 所属未定地")
    return rows[proper]


def _municipalities(rows: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """One row a code, with the code of the designated city that it is a ward of, if any."""
    cities = {(row["pref_code"], row["name_ja"]): row["code"] for row in code_list("designated_cities")}
    city_name = rows["N03_003"].where(rows["N03_005"].isna(), rows["N03_004"])
    city = pd.Series(list(zip(rows["pref_code"], city_name, strict=True)), index=rows.index, dtype="object").map(cities)
    last_name = rows["N03_005"].fillna(rows["N03_004"])
    first = rows.assign(
        area_code=rows["N03_007"],
        city=city,
        name=last_name.where(city.isna(), city_name + last_name),
        level="municipality",
        parent_code=city.fillna(rows["pref_code"]),
        source_row=rows.index,
    )
    columns = ["area_code", "name", "parent_code", "level", "pref_code", "source_row", "city", "geometry"]
    whole = first.drop_duplicates("area_code")[columns].set_index("area_code", drop=False)
    whole["geometry"] = shapes.union_by(first, "area_code")
    # a city that the file does not divide into wards stands in it as a municipality
    undivided = whole["area_code"].isin(list(cities.values()))
    whole["level"] = whole["level"].mask(undivided, "designated_city")
    return whole


def _cities(municipalities: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    wards = municipalities[municipalities["city"].notna()].reset_index(drop=True)
    names = {row["code"]: row["name_ja"] for row in code_list("designated_cities")}
    return _dissolved(wards, "city", "designated_city").assign(
        name=lambda cities: cities["area_code"].map(names),
        parent_code=lambda cities: cities["pref_code"],
    )


def _prefectures(rows: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    known = {row["code"]: row for row in code_list("prefectures")}
    return _dissolved(rows.assign(source_row=rows.index), "pref_code", "prefecture").assign(
        name=lambda prefectures: prefectures["area_code"].map(lambda code: known[code]["name_ja"]),
        name_en=lambda prefectures: prefectures["area_code"].map(lambda code: known[code]["name_en"]),
    )


def _dissolved(rows: gpd.GeoDataFrame, key: str, level: str) -> gpd.GeoDataFrame:
    """One row for each value of a column, with the number of its first row in the file."""
    whole = rows.drop_duplicates(key)
    merged = shapes.union_by(rows, key)
    return gpd.GeoDataFrame(
        {
            "area_code": whole[key].to_numpy(),
            "level": level,
            "pref_code": whole["pref_code"].to_numpy(),
            "source_row": whole["source_row"].to_numpy(),
        },
        geometry=merged.to_numpy(),
        crs=rows.crs,
    )
