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


_SCENARIOS = {
    "survey-2023": ("新規造成なし", "No new estates"),
    "pipeline": ("新規造成を含む", "With the pipeline"),
}
# area: name, name in Latin letters, level, parent, stock, take-up, years to depletion under each scenario
_FORECAST_AREAS = {
    "01": ("北海道", "Hokkaido", "prefecture", "JP", None, 30.0, (None, None)),
    "05": ("秋田県", "Akita", "prefecture", "JP", 500.0, 10.0, (None, None)),
    "14": ("神奈川県", "Kanagawa", "prefecture", "JP", 100.0, 25.0, (4.0, 6.0)),
    "14130": ("川崎市", "Kawasaki", "designated_city", "14", 10.0, 10.0, (1.0, 1.0)),
    "14-remainder": ("神奈川県 政令市以外", "Kanagawa Remainder", "remainder", "14", 90.0, 15.0, (6.0, 9.0)),
    "JP": ("全国", "Nation", "national", None, 600.0, 66.0, (9.0, 9.5)),
}
_STATE_BY_YEARS = {None: "not_within_horizon", 1.0: "too_late", 4.0: "start_now"}
BASE_YEAR, HORIZON = 2024.0, 30.0


def _forecast_row(code: str, scenario_id: str) -> dict[str, object]:
    name, name_en, level, parent, stock, take_up, runs = _FORECAST_AREAS[code]
    years = runs[list(_SCENARIOS).index(scenario_id)]
    row: dict[str, object] = {"area_code": code, "scenario_id": scenario_id, "name": name, "name_en": name_en}
    row |= {"level": level, "parent_code": parent, "base_year": BASE_YEAR, "horizon_years": HORIZON}
    row |= {"stock_ha": stock, "stock_basis": "reported", "take_up_ha_per_year": take_up, "take_up_basis": "derived"}
    row |= {
        "lead_time_min_years": 3.0,
        "lead_time_mode_years": 4.0,
        "lead_time_max_years": 5.0,
        "draws": 100,
        "seed": 1,
    }
    row |= (
        {"pipeline_ha": 50.0, "pipeline_basis": "assumed", "pipeline_projects": 1} if scenario_id == "pipeline" else {}
    )
    if stock is None:
        return row | {"state": "no_data", "reason": "stock_unknown", "basis": "unknown"}
    row |= {"state": _STATE_BY_YEARS.get(years, "time_left"), "basis": "assumed", "chance_depleted_1_year": 0.25}
    row |= {"chance_gap": 0.125, "gap_mean_years": 1.5, "unmet_mean_ha": 12.345, "survey_bin": "later"}
    if years is None:
        return row
    year = BASE_YEAR + years
    row |= {"depletion_year": year, "years_to_depletion": years, "start_by_safe_year": year - 5.5}
    row |= {f"start_by_{lead}_year": year - lead for lead in (3, 4, 5)}
    row |= {"depletion_p10_year": year - 1, "depletion_p50_year": year, "required_starts_ha_per_year": 21.0}
    return row | ({} if code == "JP" else {"depletion_p90_year": year + 2})


def _forecast_courses() -> pd.DataFrame:
    """Straight from the stock down to nothing, with land arriving in the third year, and unmet take-up after."""
    rows = []
    for code, (*_, stock, take_up, _runs) in _FORECAST_AREAS.items():
        for scenario_id in _SCENARIOS if stock is not None else ():
            for step in range(int(HORIZON) + 1):
                left = max(stock - take_up * step, 0.0)
                unmet = min(take_up, max(take_up * step - stock, 0.0))
                row = {"area_code": code, "scenario_id": scenario_id, "year": BASE_YEAR + step, "stock_ha": left}
                row |= {"stock_p10_ha": 0.8 * left, "stock_p50_ha": left, "stock_p90_ha": 1.2 * left}
                arrivals = 50.0 if step == 3 and scenario_id == "pipeline" else 0.0
                rows.append(row | {"arrivals_ha": arrivals, "unmet_ha": unmet, "basis": "assumed"})
    return contracts.conform(pd.DataFrame(rows), contracts.TRAJECTORY)


def _forecast_sensitivity() -> pd.DataFrame:
    key = {"area_code": "14", "scenario_id": "pipeline", "basis": "assumed"}
    rows = [
        ("take_up", "22", "29.5", 2027.5, 2024.25, 3.25, "no", 1),
        ("lead_time", "3", "5", 2027.0, 2025.0, 2.0, "no", 2),
        ("stock", "90", "110", 2025.6, None, 1.5, "yes", 3),
    ]
    names = ["input", "low", "high", "start_by_low_year", "start_by_high_year", "swing_years", "bound", "rank"]
    frame = pd.DataFrame([{**key, **dict(zip(names, row, strict=True))} for row in rows])
    return contracts.conform(frame, contracts.SENSITIVITY)


def _forecast_gains() -> pd.DataFrame:
    key = {"scenario_id": "survey-2023", "against_scenario_id": "pipeline", "basis": "assumed"}
    rows = [
        {"area_code": "14", "gain_years": -2.0, "bound": "no", "gain_p10_years": -3.0, "gain_p90_years": -0.5},
        {"area_code": "05", "bound": "yes", "reason": "both_beyond_horizon"},
    ]
    return contracts.conform(pd.DataFrame([{**key, **row} for row in rows]), contracts.GAINS)


def _forecast_demand() -> pd.DataFrame:
    used = [(year, "yes", None) for year in (2019, 2020, 2022)]
    rows = [*used, (2021, "no", "suppressed"), (2024, "no", "not_before_base_year")]
    frame = pd.DataFrame(rows, columns=["year", "used", "reason"])
    return contracts.conform(
        frame.assign(area_code="14", series="without_power; logistics", basis="reported"), contracts.DEMAND
    )


def _forecast_projects() -> pd.DataFrame:
    rows = [
        {"site_id": "P1", "name": "臨海団地", "area_code": "14", "stage": "planned", "partner": "民間 A"},
        {"site_id": "P2", "name": None, "area_code": "14", "stage": "concept", "counted_ha": None},
    ]
    frame = pd.DataFrame(rows).assign(
        ready_year=[2027.0, None],
        stated_ready_year=[2027.0, None],
        completion_probability=[0.6, 0.3],
        probability_basis="assumed",
        counted_ha=[83.33, 40.0],
        expected_ha=[50.0, 12.0],
        counts_as=["arrives", "undated"],
        basis="assumed",
    )
    return contracts.conform(frame, contracts.PROJECTS)


def _survey_bins() -> pd.DataFrame:
    columns = {
        "bin_id": ["depleted", "later", "within_5_years"],
        "title_ja": ["既に枯渇", "5年より後", "5年以内"],
        "title_en": ["Run out", "Later", "Within 5 years"],
        "within_years": [0.0, None, 5.0],
        "basis": "assumed",
    }
    return contracts.conform(pd.DataFrame(columns), contracts.SURVEY_BINS)


@pytest.fixture
def forecast_tables() -> dict[str, pd.DataFrame]:
    """What a forecast gives: two prefectures with an answer and one without, a city, a remainder, the nation."""
    rows = pd.DataFrame([_forecast_row(code, scenario) for code in _FORECAST_AREAS for scenario in _SCENARIOS])
    shapes = [shapely.box(139, 35, 140, 36)] * len(rows)
    titles = [
        {"scenario_id": one, "title_ja": ja, "title_en": en, "take_up_factor": 1.18, "assumptions": "仮定 / Assumed"}
        for one, (ja, en) in _SCENARIOS.items()
    ]
    return {
        "outlook": contracts.conform(gpd.GeoDataFrame(rows, geometry=shapes, crs=6668), contracts.OUTLOOK),
        "trajectory": _forecast_courses(),
        "scenarios": contracts.conform(pd.DataFrame(titles), contracts.SCENARIOS),
        "sensitivity": _forecast_sensitivity(),
        "gains": _forecast_gains(),
        "demand": _forecast_demand(),
        "projects": _forecast_projects(),
        "survey_bins": _survey_bins(),
    }
