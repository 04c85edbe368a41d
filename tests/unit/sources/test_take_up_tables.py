# SPDX-License-Identifier: GPL-2.0-or-later
"""Take-up in planners' own tables, with years down or across, and the published figures that come with Yochi."""

from __future__ import annotations

import pandas as pd
import pytest

from yochi.plugin.core.contracts import TAKE_UP, validate
from yochi.plugin.core.errors import SourceError
from yochi.plugin.core.resources import statistics_file
from yochi.plugin.core.sources import complemented, read, recognise

WIDE = """県内の企業立地（合成）
市町村,コード,2019年,令和2年度,R3,備考
千葉市,12100,"1,000",X,30
船橋市,12204,20,-5,
合計,,1020,,,
市川市,12203,1e308,NaN,多数
"""
MAPPING = """
header_row = 2
[columns]
area_code = "コード"
note = "備考"
[units]
take_up_ha = "m2"
[constants]
series = "logistics"
[years]
columns = "auto"
value = "take_up_ha"
"""


def write(tmp_path, text, name="own.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def rows_of(reading):
    found = reading.tables["take_up"]
    validate(found, TAKE_UP)
    return found.set_index(["area_code", "year"])


def counts(reading):
    return tuple(reading.source.loc[0, ["rows_read", "rows_used", "rows_rejected"]])


def test_a_table_with_years_across(tmp_path):
    reading = read(write(tmp_path, WIDE), mapping=write(tmp_path, MAPPING, "m.toml"))
    rows = rows_of(reading)
    assert rows["take_up_ha"].dropna().to_dict() == pytest.approx(
        {("12100", 2019): 0.1, ("12100", 2021): 0.003, ("12204", 2019): 0.002}
    )
    assert rows.loc[("12100", 2020), "suppressed"] == "yes"
    assert set(rows["series"]) == {"logistics"}
    assert rows.loc[("12204", 2019), "source_row"] == 4
    # a row is a cell that is not blank: three and two of the cities, one of the total, three that are no figures
    assert counts(reading) == (9, 4, 5)
    rejected = reading.fixlist.query("severity == 'rejected'")
    assert rejected[["source_row", "field"]].values.tolist() == [
        [4, "令和2年度: take_up_ha"],
        [5, "2019年: area_code"],
        [6, "2019年: take_up_ha"],
        [6, "令和2年度: take_up_ha"],
        [6, "R3: take_up_ha"],
    ]


@pytest.mark.parametrize("heading", ["令和2年度(ha)", "令和２年（速報）", "R2※", "2020年 [件]", "R2注1"])
def test_a_heading_that_says_more_than_a_year_is_chosen_and_never_lost(tmp_path, heading):
    table = write(tmp_path, WIDE.replace("令和2年度", heading))
    with pytest.raises(SourceError, match=r"m\.toml: \[years\] finds .*which says more than a year; list the headers"):
        read(table, mapping=write(tmp_path, MAPPING, "m.toml"))
    chosen = MAPPING.replace('"auto"', f'["2019年", "{heading}", "R3"]')
    rows = rows_of(read(table, mapping=write(tmp_path, chosen, "m.toml")))
    assert rows.loc[("12100", 2020), "suppressed"] == "yes" and ("12204", 2019) in rows.index


def test_years_across_under_canonical_headers_and_chosen_ones(tmp_path):
    text = "area_code,2019,2020,2021\n12,38.5,23.6,10.7\n"
    mapping = write(tmp_path, '[years]\ncolumns = ["2019", "2021"]\nvalue = "take_up_ha"\n', "m.toml")
    rows = rows_of(read(write(tmp_path, text), mapping=mapping))
    assert rows["take_up_ha"].to_dict() == {("12", 2019): 38.5, ("12", 2021): 10.7}


@pytest.mark.parametrize(
    ("years", "message"),
    [
        ('value = "hectares"', r"m\.toml: \[years\] value is 'hectares'; use one of take_up_ha"),
        ("columns = 2019", r"m\.toml: \[years\] columns has a value of the wrong kind \(2019\)"),
        ('columns = "all"\nvalue = "take_up_ha"', r"m\.toml: \[years\] columns is 'all'; write \"auto\" or a list"),
        ('columns = ["2018"]\nvalue = "take_up_ha"', r"m\.toml: \[years\] names '2018'.*own\.csv has area_code, 2019"),
        ('rows = "auto"', r"m\.toml: \[years\] has the unknown key 'rows'; use one of columns, value"),
    ],
)
def test_years_that_are_wrong(tmp_path, years, message):
    mapping = write(tmp_path, f"[years]\n{years}\n", "m.toml")
    with pytest.raises(SourceError, match=message):
        read(write(tmp_path, "area_code,2019\n12,5\n"), mapping=mapping)


def test_years_across_need_headers_that_are_years_and_take_up(tmp_path):
    mapping = write(tmp_path, '[years]\nvalue = "take_up_ha"\n', "m.toml")
    with pytest.raises(SourceError, match="finds no header that is a year"):
        read(write(tmp_path, "area_code,面積\n12,5\n"), mapping=mapping)
    mapping = write(tmp_path, 'table = "sites"\n[years]\nvalue = "take_up_ha"\n', "m.toml")
    with pytest.raises(SourceError, match=r"m\.toml: \[years\] is for take_up, and the table is sites"):
        read(write(tmp_path, "area_code,2019\n12,5\n"), mapping=mapping)


def test_a_row_with_too_many_cells_is_lost_before_its_years_are(tmp_path):
    mapping = write(tmp_path, '[years]\nvalue = "take_up_ha"\n', "m.toml")
    reading = read(write(tmp_path, "area_code,2019,2020\n12,5,6\n08,1,2,3\n"), mapping=mapping)
    assert counts(reading) == (3, 2, 1)
    assert reading.fixlist["source_row"].tolist() == [3]


def test_a_series_that_is_not_understood_rejects_the_row_and_an_empty_one_is_the_survey(tmp_path):
    text = "area_code,year,series,take_up_ha\n12,2022,物流施設,66\n12,2023,倉庫,167.2\n12,2024,,5\n"
    reading = read(write(tmp_path, text))
    assert rows_of(reading)["series"].tolist() == ["logistics", "surveyed"]
    assert counts(reading) == (3, 2, 1)
    line = reading.fixlist.iloc[0]
    assert line[["source_row", "field", "value", "severity"]].tolist() == [3, "series", "倉庫", "rejected"]
    assert "take_up_series" in line["remedy"]


@pytest.mark.parametrize("cell", ["NaN", "1e308", "-4", "多数", "3779750000"])
def test_hostile_cells_of_a_long_table_are_named(tmp_path, cell):
    reading = read(write(tmp_path, f"area_code,year,take_up_ha,loss_ha,cases\n12,2022,5,{cell},3\n12,2023,6,1,2\n"))
    rows = rows_of(reading)
    assert rows["take_up_ha"].tolist() == [5, 6]
    assert pd.isna(rows["loss_ha"].iloc[0]) and rows["loss_ha"].iloc[1] == 1
    assert reading.fixlist[["source_row", "field"]].values.tolist() == [[2, "loss_ha"]]


@pytest.mark.parametrize(
    ("name", "figures", "rows"),
    [
        ("take_up_national.csv", 18, 9),
        ("take_up_cases_2020_by_prefecture.csv", 47, 47),
        ("take_up_partial_by_prefecture.csv", 58, 38),
        ("take_up_power_national.csv", 1, 1),
    ],
)
def test_the_published_figures_are_read_whole(name, figures, rows):
    path = statistics_file(name)
    assert recognise(path) == "yochi-statistics"
    reading = read(path)
    assert counts(reading) == (figures, figures, 0)
    assert len(rows_of(reading)) == rows
    assert reading.tables["take_up"]["note"].str.contains("METI|Chiba|http").all()
    assert reading.fixlist.empty


def test_values_of_the_published_figures():
    national = rows_of(read(statistics_file("take_up_national.csv")))
    assert national.loc[("JP", 2024), ["take_up_ha", "cases", "series"]].tolist() == [1982, 854, "surveyed"]
    power = rows_of(read(statistics_file("take_up_power_national.csv")))
    assert power.loc[("JP", 2024), ["take_up_ha", "series"]].tolist() == [722, "power"]
    partial = rows_of(read(statistics_file("take_up_partial_by_prefecture.csv")))
    assert partial.loc[("18", 2024), ["take_up_ha", "cases", "suppressed"]].tolist() == [691, 8, "no"]
    assert pd.isna(partial.loc[("29", 2024), "take_up_ha"])
    assert partial.loc[("29", 2024), ["cases", "suppressed"]].tolist() == [46, "unknown"]
    cases = rows_of(read(statistics_file("take_up_cases_2020_by_prefecture.csv")))
    assert cases["cases"].sum() == 831 and cases.loc[("01", 2020), "cases"] == 21


def test_what_is_wrong_in_a_table_of_published_figures_is_named(tmp_path):
    text = (
        "pref_code,year,series,measure,value,source\n"
        "12,2023,,area_ha,16.8,made up\n"
        "99,2023,surveyed,area_ha,1,made up\n"
        "12,いつか,surveyed,area_ha,1,made up\n"
        "12,2023,solar,area_ha,1,made up\n"
        "12,2023,surveyed,yen,1,made up\n"
        "12,2022,surveyed,area_ha,-1,made up\n"
    )
    reading = read(write(tmp_path, text))
    assert rows_of(reading)["take_up_ha"].tolist()[:1] == [16.8]
    assert counts(reading) == (6, 2, 4)
    lines = reading.fixlist
    assert lines["source_row"].tolist() == [3, 4, 5, 6, 7]
    assert lines["severity"].tolist() == ["rejected"] * 4 + ["warning"]
    fields = ["area_ha: area", "area_ha: year", "area_ha: series", "yen: measure", "area_ha: take_up_ha"]
    assert lines["field"].tolist() == fields


def test_an_unknown_table_of_published_figures_lists_those_that_there_are():
    with pytest.raises(SourceError, match=r"'no\.csv' does not come with Yochi; use one of .*take_up_national\.csv"):
        statistics_file("no.csv")
    with pytest.raises(SourceError, match=r"control_totals\.csv is no table of published figures of take-up"):
        read(statistics_file("control_totals.csv"), format="yochi-statistics")


def test_cases_and_hectares_of_two_files_become_one_row(tmp_path):
    cases = read(statistics_file("take_up_cases_2020_by_prefecture.csv")).tables["take_up"]
    land = read(write(tmp_path, "area_code,year,take_up_ha\n01,2020,30\n39,2020,X\n13,2021,5\n")).tables["take_up"]
    for stacked in ([cases, land], [land, cases]):
        rows = complemented(pd.concat(stacked, ignore_index=True))
        validate(rows, TAKE_UP)
        told = rows.set_index(["area_code", "year"])
        assert len(told) == 48
        assert told.loc[("01", 2020), ["take_up_ha", "cases"]].tolist() == [30, 21]
        assert told.loc[("39", 2020), ["suppressed", "cases"]].tolist() == ["yes", 3]
        assert told.loc[("02", 2020), ["suppressed", "cases"]].tolist() == ["unknown", 4]
        assert pd.isna(told.loc[("13", 2021), "cases"])
        assert told.loc[("13", 2020), "cases"] == 1
    assert told.loc[("01", 2020), "note"] == "with take_up_cases_2020_by_prefecture.csv, row 2"


def test_figures_that_contradict_each_other_stay_two_rows(tmp_path):
    first = read(write(tmp_path, "area_code,year,take_up_ha\n01,2020,30\n08,2020,X\n")).tables["take_up"]
    again = read(write(tmp_path, "area_code,year,take_up_ha,cases\n01,2020,31,5\n08,2020,9,5\n")).tables["take_up"]
    rows = complemented(pd.concat([first, again], ignore_index=True))
    assert rows.index.tolist() == [0, 1, 2, 3]
    assert rows["cases"].isna().tolist() == [True, True, False, False]
    pd.testing.assert_frame_equal(complemented(first), first)
