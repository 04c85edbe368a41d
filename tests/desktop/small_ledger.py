# SPDX-License-Identifier: GPL-2.0-or-later
"""A ledger of two prefectures, a designated city, its remainder and the nation, with figures made up for the tests."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import shapely

from yochi.plugin.core import contracts

STUDY = {
    "id": "small",
    "title_ja": "小さな調査",
    "title_en": "Small study",
    "base_year": "2024",
    "horizon_years": "30",
    "lead_times_years": "3, 4, 5",
    "headline_scenario": "pipeline",
    "headline_profile": "",
}
AREAS = {
    "14": ("神奈川県", "Kanagawa", "prefecture", shapely.box(139.0, 35.1, 139.8, 35.7)),
    "14130": ("川崎市", "Kawasaki", "designated_city", shapely.box(139.6, 35.4, 139.8, 35.6)),
    "13": ("東京都", "Tokyo", "prefecture", shapely.box(139.0, 35.7, 139.9, 35.9)),
}
NOT_MAPPED = {
    "14-remainder": ("神奈川県 残部", "Rest of Kanagawa", "remainder", shapely.box(139.0, 35.1, 139.6, 35.7)),
    "JP": ("全国", "Japan", "national", shapely.box(139.0, 35.1, 139.9, 35.9)),
}


def small_tables() -> dict[str, pd.DataFrame]:
    """Every table of a ledger, most of them empty. Kanagawa runs out in 2031, Tokyo has no data."""
    made = {name: contracts.empty(table, 6668) for name, table in contracts.TABLES.items()}
    made |= {"areas": _areas(), "sites": _sites(), "outlook": _outlook(), "trajectory": _trajectory()}
    made |= {"scenarios": _scenarios(), "sources": _sources(), "sensitivity": _sensitivity()}
    made["study"] = pd.DataFrame({"key": list(STUDY), "value": list(STUDY.values())})
    return made


def _named(places: dict[str, tuple]) -> gpd.GeoDataFrame:
    frame = pd.DataFrame.from_dict(places, orient="index", columns=["name", "name_en", "level", "geometry"])
    return gpd.GeoDataFrame(frame.rename_axis("area_code").reset_index(), crs=6668)


def _areas() -> gpd.GeoDataFrame:
    areas = _named(AREAS)
    return contracts.conform(areas.assign(pref_code=areas["area_code"].str[:2]), contracts.AREAS)


def _sites() -> gpd.GeoDataFrame:
    frame = pd.DataFrame(
        {"site_id": ["A", "B"], "layer": ["idle_prepared", "pipeline"], "area_code": ["14", "13"], "basis": "reported"}
    )
    shapes = [shapely.box(139.3, 35.3, 139.31, 35.31), shapely.box(139.5, 35.8, 139.51, 35.81)]
    return contracts.conform(gpd.GeoDataFrame(frame, geometry=shapes, crs=6668), contracts.SITES)


def _outlook() -> gpd.GeoDataFrame:
    known = {
        "stock_ha": 140.0,
        "stock_sites": 1,
        "stock_basis": "reported",
        "take_up_ha_per_year": 20.0,
        "take_up_years": 5,
        "take_up_basis": "reported",
        "depletion_year": 2031.0,
        "years_to_depletion": 7.0,
        "start_by_3_year": 2028.0,
        "start_by_4_year": 2027.0,
        "start_by_5_year": 2026.0,
        "state": "time_left",
        "draws": 2000,
        "seed": 1,
        "depletion_p10_year": 2029.5,
        "depletion_p50_year": 2031.2,
        "chance_depleted_5_years": 0.08,
        "basis": "derived",
    }
    rows = _named(AREAS | NOT_MAPPED).assign(**known, scenario_id="pipeline", base_year=2024.0, horizon_years=30.0)
    blank = rows["area_code"] == "13"
    rows.loc[blank, [name for name in known if not name.endswith(("basis", "state"))]] = None
    rows.loc[blank, ["stock_basis", "take_up_basis", "basis"]] = "unknown"
    rows.loc[blank, ["state", "reason"]] = ["no_data", "stock_unknown"]
    return contracts.conform(rows, contracts.OUTLOOK)


def _trajectory() -> pd.DataFrame:
    years = pd.DataFrame({"year": range(2024, 2032), "stock_ha": [140.0 - 20.0 * passed for passed in range(8)]})
    for column, factor in (("stock_p10_ha", 0.8), ("stock_p50_ha", 1.0), ("stock_p90_ha", 1.2)):
        years[column] = factor * years["stock_ha"]
    rows = [years.assign(area_code=code, scenario_id="pipeline") for code in (*AREAS, *NOT_MAPPED) if code != "13"]
    return contracts.conform(pd.concat(rows, ignore_index=True), contracts.TRAJECTORY)


def _scenarios() -> pd.DataFrame:
    row = {"scenario_id": "pipeline", "title_ja": "新規造成を含む", "title_en": "With the pipeline", "pipeline": "yes"}
    return contracts.conform(pd.DataFrame([row]), contracts.SCENARIOS)


def _sources() -> pd.DataFrame:
    row = {
        "source_id": "s",
        "title": "工業用地の表",
        "publisher": "国土交通省",
        "edition": "2024",
        "file_name": "s.csv",
    }
    return contracts.conform(pd.DataFrame([row | {"basis": "reported"}]), contracts.SOURCES)


def _sensitivity() -> pd.DataFrame:
    row = {"area_code": "14", "scenario_id": "pipeline", "input": "stock", "low": "-10 %", "high": "+10 %", "rank": 1}
    years = {"start_by_low_year": 2026.3, "start_by_high_year": 2027.7, "swing_years": 1.4}
    return contracts.conform(pd.DataFrame([row | years | {"bound": "no"}]), contracts.SENSITIVITY)
