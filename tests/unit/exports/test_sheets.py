# SPDX-License-Identifier: GPL-2.0-or-later
"""What stands on the sheets: which areas, which view, which figures, and texts that fit."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import shapely

from yochi.plugin.core import contracts
from yochi.plugin.core.errors import YochiError
from yochi.plugin.core.exports import sheet_facts, sheets

FOLDER = Path("pictures")


@pytest.fixture(autouse=True)
def lead_times(tables):
    columns = [f"lead_time_{part}_years" for part in ("min", "mode", "max")]
    tables["outlook"][columns] = [3.0, 4.0, 5.0]


def composed(tables, language="en", areas=()):
    return sheets.compose(tables, "pipeline", language, areas, FOLDER)


def facts_of(tables, code, language="en"):
    row = tables["outlook"].set_index("area_code", drop=False).loc[code]
    return {fact.key: fact.value for fact in sheet_facts.facts(row, language)}


def change(tables, code, **values):
    outlook = tables["outlook"]
    outlook.loc[outlook["area_code"] == code, list(values)] = list(values.values())
    return tables


def test_prefectures_and_designated_cities_in_the_order_of_codes(tables):
    assert list(composed(tables).pages["area_code"]) == ["01", "14", "14130"]


def test_remainders_and_the_nation_have_no_page_unless_asked_for(tables):
    change(tables, "14130", level="remainder")
    assert list(composed(tables).pages["area_code"]) == ["01", "14"]
    assert list(composed(tables, areas=["14130"]).pages["area_code"]) == ["14130"]


def test_a_study_without_prefectures_has_a_page_for_each_of_its_areas(tables):
    tables["outlook"]["level"] = "municipality"
    change(tables, "01", level="national")
    assert list(composed(tables).pages["area_code"]) == ["14", "14130"]


def test_an_area_or_scenario_that_is_not_there_is_named(tables):
    with pytest.raises(YochiError, match="no area 27, 99 under the scenario pipeline"):
        composed(tables, areas=["14", "99", "27"])
    with pytest.raises(YochiError, match="no scenario rosy; choose one of: pipeline"):
        sheets.compose(tables, "rosy", "en", (), FOLDER)


def test_each_page_has_a_picture_of_its_own(tables):
    assert list(composed(tables).pages["chart"]) == [str(FOLDER / f"{code}.png") for code in ("01", "14", "14130")]


def test_the_map_shows_the_larger_parts_and_all_sites(tables):
    islet, site = shapely.box(150, 20, 150.1, 20.1), shapely.box(139.9, 35.2, 139.95, 35.25)
    row = tables["outlook"]["area_code"] == "14"
    tables["outlook"].loc[row, "geometry"] = shapely.union(tables["outlook"].geometry[row].iloc[0], islet)
    tables["sites"].loc[tables["sites"]["site_id"] == "H1", "geometry"] = site
    view = composed(tables, areas=["14"]).pages.geometry.iloc[0]
    assert view.bounds == pytest.approx((139.0, 35.1, 139.95, 35.7))


def test_the_nation_shows_the_sites_of_all_areas(tables):
    change(tables, "14", level="national")
    view = composed(tables, areas=["14"]).pages.geometry.iloc[0]
    assert view.bounds == pytest.approx((139.0, 35.1, 143.01, 43.01))


def test_an_area_that_is_not_drawn_shows_where_the_others_are(tables):
    row = tables["outlook"]["area_code"] == "01"
    tables["outlook"].loc[row, "geometry"] = None
    tables["sites"].loc[tables["sites"]["area_code"] == "01", "geometry"] = None
    pages = composed(tables).pages.set_index("area_code")
    assert pages.geometry["01"].bounds == pytest.approx((139.0, 35.1, 139.8, 35.7))


def test_maps_are_conformal_with_north_up(tables):
    tables["areas"]["pref_code"] = tables["areas"]["area_code"].str[:2]
    pages = composed(tables).pages.set_index("area_code")
    assert pages["map_crs"].to_dict() == {"01": "EPSG:6680", "14": "EPSG:6677", "14130": "EPSG:6677"}


def test_unknown_is_printed_as_unknown(tables):
    printed = facts_of(tables, "01")
    assert printed["stock_ha"].startswith("unknown") and printed["depletion_year"] == "unknown"
    assert printed["sheet_start_by"] == "unknown / unknown / unknown"


def test_what_was_not_drawn_is_not_printed(tables):
    assert "sheet_percentiles" not in facts_of(tables, "14")
    assert "10 %" not in composed(tables).pages["headline"].iloc[1]


def test_percentiles_beyond_the_horizon_are_a_bound_and_chances_are_rounded(tables):
    change(tables, "14", draws=2000, depletion_p10_year=2024.2, depletion_p50_year=2024.5, chance_gap=0.126)
    printed = facts_of(tables, "14")
    assert printed["sheet_percentiles"] == "2024.2 / 2024.5 / > 2054"
    assert printed["sheet_gap"] == "13 %"
    assert printed["sheet_start_by_safe"] == "> 2049"
    assert composed(tables).pages["headline"].iloc[1] == "depletion year 2024.5 (10 % – 90 %: 2024.2 – > 2054)"


def test_what_is_left_out_is_counted(tables):
    change(tables, "14", take_up_years=4, suppressed_years=2, later_years=1, pipeline_undated_projects=3)
    printed = facts_of(tables, "14")
    assert printed["take_up_ha"] == "19.46 (years used 4; left out 3)"
    assert printed["pipeline_ha"].endswith("not counted 3)")


def test_required_starts_are_told_where_they_were_reckoned(tables):
    assert "sheet_required" not in facts_of(change(tables, "14", draws=2000), "14")
    change(tables, "14", required_starts_ha_per_year=17.25, required_from_year=2029.0)
    assert facts_of(tables, "14")["sheet_required"] == "17.25 (counted from 2029)"


def test_assumptions_name_what_changes_the_result_and_nothing_else(tables):
    tables["scenarios"][["take_up_factor", "growth_percent_per_year"]] = [1.0, 0.0]
    flagged = "flagged hectares are by the profile: In the zone"
    assert composed(tables).pages["assumptions"].iloc[0] == f"lead time (years): 3 – 4 – 5; {flagged}"
    profile = "premise/exclusive-industrial-zone"
    changed = {"take_up_factor": 1.18, "conversion_profile_id": profile, "conversion_share": 0.3}
    changed |= {"conversion_probability": 0.5, "conversion_years": "6, 10, 27"}
    tables["scenarios"][list(changed)] = list(changed.values())
    text = composed(tables).pages["assumptions"].iloc[0]
    assert "take-up times: 1.18" in text and "growth" not in text
    assert "In the zone, 30 %, 50 %, 6, 10, 27" in text
    tables["scenarios"]["assumptions"] = "仮定 / Assumed"
    assert composed(tables).pages["assumptions"].iloc[0].endswith("; Assumed")
    assert composed(tables, "ja").pages["assumptions"].iloc[0].endswith("; 仮定")


def test_a_source_without_a_title_is_named_by_its_file(tables):
    tables["sources"]["title"] = None
    assert composed(tables).pages["sources"].iloc[0] == "sites.csv / 国土交通省 / unknown"


def test_reasons_are_told_in_words(tables):
    change(tables, "01", reason="stock_unknown")
    assert list(composed(tables).pages["note"]) == ["The stock is unknown", "", ""]


def test_inputs_come_in_the_order_of_their_rank(tables):
    rows = {
        "area_code": "14",
        "scenario_id": "pipeline",
        "input": ["stock", "lead_time"],
        "low": ["-10 %", "3"],
        "high": ["+10 %", "5"],
        "start_by_low_year": [2021.0, 2022.0],
        "start_by_high_year": [2021.5, None],
        "swing_years": [0.5, 9.0],
        "bound": ["no", "yes"],
        "rank": [2, 1],
    }
    tables["sensitivity"] = contracts.conform(pd.DataFrame(rows), contracts.SENSITIVITY)
    sheet = composed(tables)
    assert [note.startswith("low → high") for note in sheet.pages["sensitivity_note"]] == [False, True, False]
    lines = sheet.sensitivity
    assert list(lines["label"]) == ["Lead time (3 → 5)", "Stock (-10 % → +10 %)"]
    assert list(lines["value"]) == ["2022.0 → after the horizon", "2021.0 → 2021.5"]
    assert list(lines["swing"]) == ["≥ 9.0", "0.5"]
    change(tables, "14", reason="stock_partly_unknown")
    assert list(composed(tables).sensitivity["value"]) == ["≥ 2022.0 → after the horizon", "≥ 2021.0 → ≥ 2021.5"]


def test_synthetic_sites_put_the_banner_on_their_areas_page_alone(tables):
    banners = composed(tables, "ja").pages.set_index("area_code")["banner"]
    assert banners["01"].startswith("合成データ") and banners["14"] == banners["14130"] == ""


@pytest.mark.parametrize("language", ["ja", "en", "both"])
def test_texts_can_be_broken_and_are_cut(tables, language):
    tables["scenarios"]["assumptions"] = "重厚長大産業の大規模跡地、" * 60
    text = composed(tables, language).pages["assumptions"].iloc[0]
    assert text.endswith("…")
    assert max(len(run) for run in text.split(" ")) <= 21
