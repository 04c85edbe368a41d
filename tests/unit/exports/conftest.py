# SPDX-License-Identifier: GPL-2.0-or-later
"""A study of two prefectures and a designated city, small enough to check by hand."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from yochi.plugin.core import contracts

STUDY = {
    "id": "small",
    "title_ja": "見本 <県>",
    "title_en": "Small <study>",
    "note": "",
    "base_year": "2024",
    "horizon_years": "30",
    "lead_times_years": "3, 4, 5",
    "headline_scenario": "pipeline",
    "sliver_ha": "1.5",
}


def _areas() -> gpd.GeoDataFrame:
    rows = [
        {"area_code": "14", "name": "神奈川県", "name_en": "Kanagawa", "level": "prefecture", "parent_code": None},
        {
            "area_code": "14130",
            "name": "川崎市",
            "name_en": "Kawasaki",
            "level": "designated_city",
            "parent_code": "14",
        },
        {"area_code": "01", "name": "北海道", "name_en": "Hokkaido", "level": "prefecture", "parent_code": None},
    ]
    shapes = [shapely.box(139, 35.1, 139.8, 35.7), shapely.box(139.6, 35.4, 139.8, 35.6), shapely.box(141, 42, 145, 45)]
    return contracts.conform(gpd.GeoDataFrame(rows, geometry=shapes, crs=6668), contracts.AREAS)


def _sites() -> gpd.GeoDataFrame:
    rows = [
        ("I1", "idle_prepared", "14130", 10.004, "reported"),
        ("I2", "idle_prepared", "01", 10.004, "synthetic"),
        ("I3", "idle_prepared", "01", None, "unknown"),
        ("H1", "former_heavy", "14", 222.0, "reported"),
    ]
    frame = pd.DataFrame(rows, columns=["site_id", "layer", "area_code", "available_ha", "available_basis"])
    frame["counted_ha"], frame["counted_basis"] = frame["available_ha"], frame["available_basis"]
    frame["basis"], frame["source_row"] = frame["available_basis"], pd.array([1, None, 3, 4], dtype="Int64")
    shapes = [shapely.box(139.7, 35.5, 139.71, 35.51), shapely.box(143, 43, 143.01, 43.01), None, None]
    return contracts.conform(gpd.GeoDataFrame(frame, geometry=shapes, crs=6668), contracts.SITES)


def _summary() -> pd.DataFrame:
    rows = [
        ("14", "idle_prepared", 1, 0, 10.004, "reported"),
        ("14130", "idle_prepared", 1, 0, 10.004, "reported"),
        ("01", "idle_prepared", 2, 1, 10.004, "synthetic"),
        ("14", "former_heavy", 1, 0, 222.0, "reported"),
    ]
    frame = pd.DataFrame(rows, columns=["area_code", "layer", "sites", "sites_unknown", "available_ha", "basis"])
    names = _areas().set_index("area_code")["name"]
    filled = frame.assign(overlap_ha=0.0, counted_ha=frame["available_ha"], name=frame["area_code"].map(names))
    return contracts.conform(filled, contracts.SUMMARY)


def _outlook() -> gpd.GeoDataFrame:
    facts = pd.DataFrame(
        {
            "area_code": ["14", "14130", "01"],
            "stock_ha": [10.004, 10.004, None],
            "stock_basis": ["reported", "reported", "unknown"],
            "take_up_ha_per_year": [19.46, 5.0, 29.19],
            "take_up_basis": "derived",
            "depletion_year": [2024.5, 2026.0, None],
            "start_by_3_year": [2021.5, 2023.0, None],
            "state": ["too_late", "too_late", "no_data"],
            "flagged_profile_id": "premise/exclusive-industrial-zone",
            "flagged_met_ha": [5.0, 5.0, 0.0],
            "flagged_undecidable_ha": [5.0, 5.0, 1.0],
            "flagged_basis": "derived",
            "basis": ["derived", "derived", "unknown"],
        }
    )
    named = _areas()[["area_code", "name", "name_en", "level", "parent_code", "geometry"]].merge(facts, on="area_code")
    rows = named.assign(scenario_id="pipeline", base_year=2024.0, horizon_years=30.0, pipeline_projects=0)
    return contracts.conform(rows, contracts.OUTLOOK)


def _verdicts() -> pd.DataFrame:
    row = {
        "site_id": "I1",
        "profile_id": "premise/exclusive-industrial-zone",
        "profile_status": "premise",
        "profile_date": "2024-09-18",
        "met_ha": 5.0,
        "not_met_ha": 0.0,
        "undecidable_ha": 5.004,
        "site_ha": 10.004,
        "basis": "reported",
    }
    return contracts.conform(pd.DataFrame([row]), contracts.VERDICTS)


def _profiles() -> pd.DataFrame:
    row = {"profile_id": "premise/exclusive-industrial-zone", "title_ja": "工業専用地域内", "title_en": "In the zone"}
    return contracts.conform(
        pd.DataFrame([{**row, "status": "premise", "source": "9条13項", "assumptions": "海岸線から1,000 m"}]),
        contracts.PROFILES,
    )


def _scenarios() -> pd.DataFrame:
    row = {"scenario_id": "pipeline", "title_ja": "新規造成を含む", "title_en": "With the pipeline", "pipeline": "yes"}
    return contracts.conform(pd.DataFrame([row]), contracts.SCENARIOS)


def _sources() -> pd.DataFrame:
    row = {
        "source_id": "s",
        "title": "工業用地 <b>&</b>",
        "publisher": "国土交通省",
        "file_name": "sites.csv",
        "sha256": "ab" * 32,
        "rows_read": 5,
        "rows_used": 4,
        "rows_rejected": 1,
        "basis": "reported",
    }
    return contracts.conform(pd.DataFrame([row]), contracts.SOURCES)


def _fixlist() -> pd.DataFrame:
    row = {"source_id": "s", "source_row": 5, "problem": "has no area", "severity": "rejected"}
    return contracts.conform(pd.DataFrame([row]), contracts.FIXLIST)


@pytest.fixture
def tables() -> dict[str, pd.DataFrame]:
    """Every table, most of them empty."""
    made = {name: contracts.empty(table, 6668) for name, table in contracts.TABLES.items()}
    made |= {"areas": _areas(), "sites": _sites(), "summary": _summary(), "outlook": _outlook()}
    made |= {"verdicts": _verdicts(), "sources": _sources(), "fixlist": _fixlist()}
    made |= {"profiles": _profiles(), "scenarios": _scenarios()}
    made["study"] = pd.DataFrame({"key": list(STUDY), "value": list(STUDY.values())})
    return made
