# SPDX-License-Identifier: GPL-2.0-or-later
"""The sections on depletion: what they print is what the tables hold."""

from __future__ import annotations

import html
import re

import numpy as np
import pandas as pd
import pytest

from yochi.plugin.core import contracts
from yochi.plugin.core.errors import ReconciliationError
from yochi.plugin.core.exports import charts, report
from yochi.plugin.core.exports.report import checks, demand, outlook, page, pictures, projects, scenarios, sensitivity

JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


@pytest.fixture
def tables(forecast_tables):
    about = {"title_ja": "見通し", "title_en": "Outlook", "base_year": "2024", "horizon_years": "30"}
    about |= {"headline_scenario": "pipeline", "lead_times_years": "3, 4, 5"}
    return {**forecast_tables, "study": pd.DataFrame({"key": list(about), "value": list(about.values())})}


def cells(section):
    """Rows of a section's tables as the texts of their cells, heads and totals among them."""
    rows = re.findall(r"<tr>(.*?)</tr>", section, re.DOTALL)
    parts = (re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows)
    return [[" ".join(html.unescape(re.sub(r"<[^>]+>", " ", cell)).split()) for cell in row] for row in parts]


def row_of(section, *beginning):
    return next(row for row in cells(section) if row[: len(beginning)] == list(beginning))


def words(section):
    drawn = re.sub(r"<svg.*?</svg>", " ", section, flags=re.DOTALL)
    return html.unescape(re.sub(r"<[^>]+>", " ", drawn))


def test_outlook_has_the_nation_and_counts_no_land_twice(tables):
    section = outlook.outlook(tables, "en")
    assert row_of(section, "JP", "Nation")[2:5] == ["600.00 R", "66.00 D", "2033.5 A"]
    assert row_of(section, "", "total")[2:4] == ["600.00 R unknown (not in total): 1", "unknown D"]
    assert row_of(section, "01", "Hokkaido")[-1] == "The stock is unknown"


def test_nation_that_is_not_the_sum_stops_the_report(tables, tmp_path):
    rows = tables["outlook"]
    rows.loc[rows["area_code"] == "JP", "stock_ha"] = 600.5
    with pytest.raises(ReconciliationError, match="stock_ha"):
        report.write(tables, tmp_path / "report.html")
    assert list(tmp_path.iterdir()) == []


def test_ranges_are_those_of_the_outlook(tables):
    section = outlook.ranges(tables, "en")
    assert row_of(section, "14", "Kanagawa")[2:] == [
        *("2029.0 A", "2030.0 A", "2032.0 A", "25 % A", "unknown A", "unknown A", "unknown A", "12 % A", "1.5 A"),
        *("12.35 A", "2024.5 A", "21.00 A", "– A"),
    ]
    assert row_of(section, "JP", "Nation")[4] == "> 2054 A"
    assert not any(row[0] == "01" for row in cells(section))
    assert "draws (seed): 100 (1)" in words(section)


def test_without_draws_there_are_no_ranges(tables):
    tables["outlook"]["draws"] = 0
    assert outlook.ranges(tables, "en") == ""


def test_survey_bins_are_counted_where_there_is_an_answer(tables):
    section = outlook.survey_bins(tables, "en")
    assert [row[0] for row in cells(section)] == ["bin", "Run out", "Within 5 years", "Later", "no data"]
    assert row_of(section, "Later") == ["Later", "3 A", "100 % A"]
    assert row_of(section, "Run out") == ["Run out", "0 A", "0 % A"]
    assert row_of(section, "no data")[1] == "1 D"


def test_demand_names_the_years_and_why_others_are_left_out(tables):
    row = row_of(demand.demand(tables, "en"), "14", "Kanagawa")
    assert row[2] == "The same without electricity, Logistics"
    assert row[3:5] == ["2019–2020, 2022 (3)", "25.00 D"]
    assert row[6] == "2024: Not before the base year; 2021: Suppressed"


@pytest.mark.parametrize(
    ("years", "text"), [([], "–"), ([2020], "2020"), ([2021, 2019, 2020, 2023], "2019–2021, 2023")]
)
def test_years_are_told_in_short(years, text):
    assert demand.spans(years) == text


def test_printed_projects_add_up_to_their_printed_total(tables):
    """Rounded one by one, three times 1.004 ha would be 3.00 under a total of 3.01."""
    board = tables["projects"]
    arriving = board[board["counts_as"] == "arrives"].iloc[[0, 0, 0]]
    arriving = arriving.assign(site_id=["a", "b", "c"], counted_ha=1.004, expected_ha=1.004)
    section = projects.projects({**tables, "projects": arriving.reset_index(drop=True)}, "en")
    *rows, total = ([float(cell.split()[0]) for cell in row[9:11]] for row in cells(section)[1:])
    assert total == [3.01, 3.01] and [round(sum(column), 2) for column in zip(*rows, strict=True)] == total


def test_projects_say_what_is_assumed_and_add_up_what_arrives(tables):
    section = projects.projects(tables, "en")
    row = row_of(section, "P1 臨海団地")
    assert row[2:4] == ["Planned", "民間 A"]
    assert row[7:] == ["2027.0 R", "60 % A", "83.33 A", "50.00 A", "Arrives within the horizon"]
    assert row_of(section, "P2")[7:9] == ["unknown", "30 % A"]
    assert cells(section)[-1][9:11] == ["83.33 A", "50.00 A"]
    assert "no source gives them" in words(section)


def test_scenarios_say_what_they_assume_and_count_own_areas(tables):
    section = scenarios.scenarios(tables, "en")
    assert row_of(section, "With the pipeline")[1:3] == ["4", "150.00 A"]
    assert row_of(section, "No new estates")[2] == "none"
    assumed = [row for row in cells(section) if row[:1] == ["With the pipeline"]][1]
    assert assumed[2:] == ["1.18", "–", "–", "Assumed", "–"]


def test_gains_stand_in_a_column_a_scenario(tables):
    section = scenarios.gains(tables, "en")
    assert cells(section)[0] == ["code", "area", "No new estates"]
    assert row_of(section, "14", "Kanagawa")[2] == "−2.0 (−3.0 – −0.5) A"
    assert row_of(section, "05", "Akita")[2] == "Neither runs out within the horizon"
    assert "held against: With the pipeline" in words(section)


def test_sensitivity_is_ranked(tables):
    rows = cells(sensitivity.sensitivity(tables, "en"))[1:]
    assert [row[2:4] for row in rows] == [["1", "Take-up (ha/year)"], ["2", "Lead time (years)"], ["3", "Stock (ha)"]]
    assert rows[2][6:] == ["2025.6 A", "after the horizon A", "≥ 1.5 A"]
    tables["outlook"].loc[tables["outlook"]["area_code"] == "14", "reason"] = "stock_partly_unknown"
    bounded = cells(sensitivity.sensitivity(tables, "en"))[1:]
    assert bounded[1][6:] == ["≥ 2027.0 A", "≥ 2025.0 A", "2.0 A"]


def test_controls_stand_beside_the_study_with_the_reason_why_they_differ(tables):
    control = {"control_id": "gross_years", "title_ja": "造成なし", "title_en": "Gross", "published_value": 7.63}
    control |= {"unit": "years", "as_of": "2024", "source": "METI", "basis": "derived"}
    control |= {"explanation_ja": "理由", "explanation_en": "10,000 / 1,311"}
    share = {
        **control,
        "control_id": "share_depleting_soon",
        "published_value": 0.8,
        "study_value": 0.5,
        "unit": "share",
    }
    tables["controls"] = contracts.conform(pd.DataFrame([control, share]), contracts.CONTROLS)
    section = checks.controls(tables, "en")
    assert cells(section)[1] == ["Gross", "7.6 D", "–", "years", "2024", "METI"]
    assert cells(section)[2][1:4] == ["80 % D", "50 % D", "share"]
    assert "Gross: 10,000 / 1,311" in words(section)


def test_backtest_says_how_far_off_and_why_not(tables):
    rows = [
        {"area_code": "14", "forecast_stock_ha": 110.0, "stock_ha": 100.0, "error_ha": 10.0, "error_percent": 10.0},
        {"area_code": "05", "reason": "not_in_earlier"},
    ]
    frame = pd.DataFrame(rows).assign(scenario_id="pipeline", earlier_base_year=2023.0, basis="derived")
    tables["backtest"] = contracts.conform(frame, contracts.BACKTEST)
    section = checks.backtest(tables, "en")
    assert row_of(section, "14")[3:9] == ["2023", "110.00 D", "–", "100.00 D", "+10.00 D", "+10.0 D"]
    assert row_of(section, "05")[-1] == "Not in the earlier study"


@pytest.mark.parametrize("name", ["controls", "backtest"])
def test_section_of_an_empty_table_is_left_out(tables, name):
    tables[name] = contracts.empty(contracts.TABLES[name])
    assert getattr(checks, name)(tables, "en") == ""


def test_each_area_with_a_forecast_has_a_fan_chart_the_most_urgent_first(tables):
    section = pictures.areas(tables, "en")
    titles = re.findall(r">([^<]*) – With the pipeline<", section)
    assert titles == ["Kawasaki", "Kanagawa", "Akita", "Kanagawa Remainder", "Nation"]


def test_areas_beyond_what_a_report_holds_are_told(tables, monkeypatch):
    monkeypatch.setattr(pictures, "MOST_FANS", 2)
    section = pictures.areas(tables, "en")
    assert section.count("<svg") == 2
    assert "3 more rows are in the ledger" in words(section)


def test_forecast_alone_is_reported(forecast_tables, tmp_path):
    path = tmp_path / "report.html"
    report.write_forecast(forecast_tables, path, language="en")
    text = path.read_text(encoding="utf-8")
    for title in ("Outlook by area", "Pipeline board", "Years gained by scenario", "Demand: years and series"):
        assert f"<h2>{title}</h2>" in text
    assert "<h2>Sources</h2>" not in text
    assert not re.search(r"\b(nan|None|NaT)\b|&lt;NA&gt;", words(text.partition("</style>")[2]))


def test_forecast_of_no_area_is_reported(forecast_tables, tmp_path):
    none = {name: table.iloc[:0] for name, table in forecast_tables.items()}
    report.write_forecast({**none, "scenarios": forecast_tables["scenarios"]}, tmp_path / "r.html", language="en")
    assert "base year: unknown" in (tmp_path / "r.html").read_text(encoding="utf-8")


def test_an_english_report_has_no_japanese_word_but_names(tables, monkeypatch):
    tables["projects"] = tables["projects"].assign(name=None, partner=None)
    assert not JAPANESE.search(page.render(tables, "en"))


def test_a_japanese_report_says_nothing_in_english(tables):
    text = words(page.render(tables, "ja").partition("</style>")[2])
    english = re.findall(r"[A-Za-z]{4,}", text.replace("14-remainder", ""))  # a code
    assert not english, english


def test_every_missing_figure_is_said_and_never_a_number(tables):
    rows = tables["outlook"]
    kept = ["area_code", "scenario_id", "name", "level", "base_year", "horizon_years", "state", "draws", "geometry"]
    for name in set(rows.columns) - set(kept):
        rows[name] = np.nan if rows[name].dtype == "float64" else None
    text = words(page.render({**tables, "outlook": contracts.conform(rows, contracts.OUTLOOK)}, "en"))
    assert "unknown" in text
    assert not re.search(r"\b(nan|None|NaT)\b|<NA>", text.partition("Outlook by area")[2])


def test_a_report_of_a_hundred_areas_is_small(tables):
    one = charts.svg(charts.fan(tables, "14", "pipeline", "both"), "fan")
    assert pictures.MOST_FANS * len(one) < 6_000_000
