# SPDX-License-Identifier: GPL-2.0-or-later
"""工場立地動向調査 in the shapes that planners have. Every file here is synthetic, in the shape of the real ones."""

from __future__ import annotations

import openpyxl
import pandas as pd
import pytest

from yochi.plugin.core.contracts import TAKE_UP, validate
from yochi.plugin.core.errors import SourceError
from yochi.plugin.core.resources import code_list
from yochi.plugin.core.sources import read, recognise
from yochi.plugin.core.sources.location_survey import words

FORMAT = "estat-location-survey"
PREAMBLE = '"統計名：","工場立地動向調査（合成データ）"\n"表番号：","3"\n\n'
HEAD = (
    '"表章項目 コード","表章項目","産業 コード","産業","都道府県 コード","都道府県",'
    '"時間軸（年次） コード","時間軸（年次）","unit","value"\n'
)
LONG = (
    HEAD
    + """"100","敷地面積","000","合計","00000","全国","2020000000","2020年","千m2","11,550"
"100","敷地面積","000","合計","18000","福井県","2020000000","2020年","千m2","440.5"
"100","敷地面積","000","合計","39000","高知県","2020000000","2020年","千m2","X"
"100","敷地面積","000","合計","47000","沖縄県","2020000000","2020年","千m2","-"
"100","敷地面積","000","合計","13000","東京都","2020000000","2020年","千m2","***"
"110","件数","000","合計","18000","福井県","2020000000","2020年","件","6"
"110","件数","000","合計","39000","高知県","2020000000","2020年","件","3"
"110","件数","000","合計","47000","沖縄県","2020000000","2020年","件","-"
"110","件数","000","合計","01000","北海道","2020000000","2020年","件","21"
"100","敷地面積","090","電気業","18000","福井県","2020000000","2020年","千m2","100"
"100","敷地面積","091","電気業を除く","18000","福井県","2020000000","2020年","千m2","340.5"
"100","敷地面積","010","食料品製造業","18000","福井県","2020000000","2020年","千m2","7"
"120","設備投資額","000","合計","18000","福井県","2020000000","2020年","百万円","9"
"100","敷地面積","000","合計","A0001","関東内陸","2020000000","2020年","千m2","1"
"100","敷地面積","000","合計","18000","福井県","2020000000","2020年","千m2","1"
"""
)
HOSTILE = {"NaN": "is no number", "1e308": "possible", "-5": "possible", "多数": "is no number", "1,2": "is no number"}


def write(tmp_path, text, name="FEH_00550510_synthetic.csv", encoding="cp932"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def rows_of(reading):
    found = reading.tables["take_up"]
    validate(found, TAKE_UP)
    return found.set_index(["area_code", "year", "series"]).sort_index()


def counts(reading):
    return tuple(reading.source.loc[0, ["rows_read", "rows_used", "rows_rejected"]])


@pytest.mark.parametrize("encoding", ["cp932", "utf-8-sig"])
@pytest.mark.parametrize("preamble", ["", PREAMBLE])
def test_the_database_row_by_row(tmp_path, encoding, preamble):
    path = write(tmp_path, preamble + LONG, encoding=encoding)
    assert recognise(path) == FORMAT
    reading = read(path)
    rows = rows_of(reading)
    surveyed = rows.xs("surveyed", level="series").droplevel("year")
    assert surveyed["take_up_ha"].dropna().to_dict() == pytest.approx({"JP": 1155.0, "18": 44.05, "47": 0.0})
    assert surveyed["cases"].dropna().to_dict() == {"18": 6, "39": 3, "47": 0, "01": 21}
    hidden = {"JP": "no", "18": "no", "47": "no", "39": "yes", "13": "unknown", "01": "unknown"}
    assert surveyed["suppressed"].to_dict() == hidden
    assert rows.loc[("18", 2020, "power"), "take_up_ha"] == pytest.approx(10)
    assert rows.loc[("18", 2020, "without_power"), "take_up_ha"] == pytest.approx(34.05)
    first = 2 + preamble.count("\n")
    assert surveyed.loc["18", "source_row"] == first + 1
    assert surveyed.loc["01", "source_row"] == first + 8
    assert set(rows["basis"]) == {"reported"} and set(rows["source_id"]) == {path.name}
    # two rows of a single industry and of another measure were not asked for, a region and a repetition are rejected
    assert counts(reading) == (13, 11, 2)
    lines = reading.fixlist.query("severity == 'rejected'")
    assert lines["source_row"].tolist() == [first + 13, first + 14]
    assert lines["problem"].str.contains("no nation").tolist() == [True, False]
    warned = reading.fixlist.query("severity == 'warning'")
    assert warned["source_row"].dropna().tolist() == [first + 4]
    assert warned["problem"].str.contains("2 rows tell of other measures").sum() == 1


def test_the_database_with_years_across(tmp_path):
    text = PREAMBLE + (
        '"表章項目 コード","表章項目","都道府県 コード","都道府県","/時間軸（年次）","2019年","2020年","2020年上期"\n'
        '"100","敷地面積【千m2】","18000","福井県","","1,000.5","X","7"\n'
        '"110","件数【件】","18000","福井県","","12","3","1"\n'
    )
    reading = read(write(tmp_path, text))
    rows = rows_of(reading)
    assert rows["take_up_ha"].tolist()[:1] == pytest.approx([100.05])
    assert rows["suppressed"].tolist() == ["no", "yes"]
    assert rows["cases"].tolist() == [12, 3]
    assert rows["source_row"].tolist() == [5, 5]
    assert counts(reading) == (4, 4, 0)


def test_the_database_with_measures_or_prefectures_across(tmp_path):
    measures = '"都道府県","時間軸（年次）","/表章項目","敷地面積【ha】","件数【件】"\n"福井県","2020年","","44","6"\n'
    areas = (
        '"表章項目","時間軸（年次）","unit","/都道府県","福井県","高知県"\n"工場敷地面積","2020年","ha","","44","X"\n'
    )
    row = rows_of(read(write(tmp_path, PREAMBLE + measures))).loc[("18", 2020, "surveyed")]
    assert row[["take_up_ha", "cases"]].tolist() == [44, 6]
    rows = rows_of(read(write(tmp_path, areas))).droplevel(["year", "series"])
    assert rows["take_up_ha"]["18"] == 44
    assert rows["suppressed"].to_dict() == {"18": "no", "39": "yes"}


def test_what_the_interface_for_programs_writes(tmp_path):
    text = (
        '"tab_code","表章項目","area_code","地域","time_code","時間軸(年次)","unit","value","annotation"\n'
        '"100","立地面積","18000","福井県","2020000000","2020年","千㎡","440","*"\n'
    )
    assert rows_of(read(write(tmp_path, text)))["take_up_ha"].tolist() == pytest.approx([44])


def test_an_item_that_stands_above_the_table_alone(tmp_path):
    text = '"工場立地動向調査","敷地面積【千m2】"\n"都道府県","時間軸（年次）","value"\n"福井県","2020年","440"\n'
    assert rows_of(read(write(tmp_path, text)))["take_up_ha"].tolist() == pytest.approx([44])


@pytest.mark.parametrize("unit", ["百万円", "坪", ""])
def test_land_in_no_known_unit_is_refused(tmp_path, unit):
    path = write(tmp_path, LONG.replace('"千m2"', f'"{unit}"'))
    with pytest.raises(SourceError, match=r"synthetic\.csv, row 2: 敷地面積 is in .*; give it in ha, m2 or 千m2"):
        read(path, format=FORMAT)


def test_another_survey_of_the_database_is_not_taken_for_this_one(tmp_path):
    text = HEAD + '"1","刑法犯認知件数","0","総数","13000","東京都","2020000000","2020年","件","82764"\n'
    assert recognise(write(tmp_path, text)) == "table"
    text = HEAD + '"1","人口","0","総数","13000","東京都","2020000000","2020年","人","14000000"\n'
    with pytest.raises(SourceError, match="has no 敷地面積 or 件数 by prefecture"):
        read(write(tmp_path, text), format=FORMAT)


@pytest.mark.parametrize("cell", HOSTILE)
def test_hostile_cells_of_the_database_are_named(tmp_path, cell):
    reading = read(write(tmp_path, LONG.replace('"440.5"', f'"{cell}"')))
    row = rows_of(reading).loc[("18", 2020, "surveyed")]
    assert pd.isna(row["take_up_ha"]) and row["suppressed"] == "unknown" and row["cases"] == 6
    line = reading.fixlist.query("source_row == 3").iloc[0]
    assert HOSTILE[cell] in line["problem"] and line["value"] == cell
    assert line["field"] == "2020年 敷地面積: take_up_ha"


PREFECTURES = code_list("prefectures")
ERA_YEARS = ["平成17年", *(f"{year}年" for year in range(18, 31)), "令和元年", *(f"{year}年" for year in range(2, 7))]


def workbook(tmp_path, title, unit, cell, name="synthetic.xlsx"):
    """A sheet in METI's frame: codes and short names down, twenty years across from D on, notes below."""
    book = openpyxl.Workbook()
    sheets = zip([title] if isinstance(title, str) else title, [unit] if isinstance(unit, str) else unit, strict=True)
    for number, (heading, stated) in enumerate(sheets, 13):
        page = book.create_sheet(str(number))
        page["A1"], page["W2"] = heading, stated
        for column, year in enumerate(ERA_YEARS, 4):
            page.cell(3, column, year)
            page.cell(4, column, 1000)
        page["B4"] = "全国合計"
        for row, prefecture in enumerate(PREFECTURES, 5):
            page.cell(row, 1, prefecture["code"])
            page.cell(row, 2, prefecture["name_ja"] if row == 5 else prefecture["name_ja"][:-1])
            for column in range(4, 24):
                page.cell(row, column, cell(row, column))
        page["D52"] = "研究所を含まない。"
    del book["Sheet"]
    path = tmp_path / name
    book.save(path)
    return path


LAND = "第4表　敷地面積 （都道府県別） ［平成17年～令和6年］（合成）"
CASES = "第3表　工場立地件数 （都道府県別） ［平成17年～令和6年］（合成）"


def test_metis_workbook_with_years_in_eras(tmp_path):
    signs = {(43, 23): "X", (51, 23): "-"}
    path = workbook(
        tmp_path,
        [LAND, CASES, "第14表　設備投資額 （都道府県別） ［平成17年～令和6年］"],
        ["(千㎡)", "(件)", "(百万円)"],
        lambda row, column: signs.get((row, column), row + column / 4),
    )
    assert recognise(path) == FORMAT
    reading = read(path)
    rows = rows_of(reading)
    assert len(rows) == 48 * 20
    assert counts(reading) == (48 * 40, 48 * 40, 0)
    assert sorted(set(rows.index.get_level_values("year"))) == list(range(2005, 2025))
    assert rows.loc[("01", 2005, "surveyed"), ["take_up_ha", "cases"]].tolist() == pytest.approx([0.6, 6.0])
    assert rows.loc[("01", 2019, "surveyed"), "take_up_ha"] == pytest.approx((5 + 18 / 4) / 10)
    assert rows.loc[("13", 2024, "surveyed"), "take_up_ha"] == pytest.approx((17 + 23 / 4) / 10)
    assert rows.loc[("JP", 2024, "surveyed"), "take_up_ha"] == pytest.approx(100)
    assert rows.loc[("39", 2024, "surveyed"), "suppressed"] == "yes"
    assert rows.loc[("47", 2024, "surveyed"), "take_up_ha"] == 0
    assert rows.loc[("47", 2024, "surveyed"), "source_row"] == 51
    assert "敷地面積" in rows.loc[("13", 2024, "surveyed"), "note"]
    assert reading.fixlist.empty
    one = read(path, layer="14")
    assert rows_of(one)["take_up_ha"].isna().all() and rows_of(one)["cases"].notna().sum() == 48 * 20 - 1
    with pytest.raises(SourceError, match="has no 敷地面積 or 件数"):
        read(path, layer="15", format=FORMAT)


def test_a_table_without_electricity_is_that_series(tmp_path):
    title = LAND.replace("敷地面積", "敷地面積（電気業を除く）")
    rows = rows_of(read(workbook(tmp_path, title, "(ha)", lambda row, column: 5)))
    assert set(rows.index.get_level_values("series")) == {"without_power"}


def test_a_workbook_without_a_unit_is_refused(tmp_path):
    with pytest.raises(SourceError, match=r"synthetic\.xlsx, sheet 13 does not say in which unit its land is"):
        read(workbook(tmp_path, LAND, "", lambda row, column: 5))


def test_a_year_out_of_order_is_refused_and_not_guessed(tmp_path):
    path = workbook(tmp_path, LAND, "(千㎡)", lambda row, column: 5)
    book = openpyxl.load_workbook(path)
    book["13"]["H3"] = "29年"
    book.save(path)
    with pytest.raises(SourceError, match="the heading '29年' is no year"):
        read(path)


@pytest.mark.parametrize("cell", HOSTILE)
def test_hostile_cells_of_a_workbook_are_named(tmp_path, cell):
    path = workbook(tmp_path, LAND, "(千㎡)", lambda row, column: cell if (row, column) == (17, 22) else 5)
    reading = read(path)
    assert pd.isna(rows_of(reading).loc[("13", 2023, "surveyed"), "take_up_ha"])
    line = reading.fixlist.iloc[0]
    assert (line["source_row"], line["field"], line["value"]) == (17, "5年: take_up_ha", cell)
    assert HOSTILE[cell] in line["problem"]
    assert counts(reading) == (960, 960, 0)


def test_two_measures_under_merged_years_with_regions_and_notes(tmp_path):
    book = openpyxl.Workbook()
    page = book.active
    for line in (
        ["工場立地動向調査 都道府県別（合成）"],
        ["都道府県", "2023年", None, None, "2024年", None, None],
        [None, "件数（件）", "敷地面積（千㎡）", "前年比", "件数（件）", "敷地面積（千㎡）", "前年比"],
        ["北海道", 21, 300, 1.1, 20, 310.5, 0.9],
        ["東北", 40, 900, 1, 41, 901, 1],
        ["福井県", 5, 440, 1, 8, "6,910", 9],
        ["川崎市", 1, 2, 1, 0, 0, 1],
        ["合計", 67, 1642, None, None, None, None],
        ["（注）X は秘匿。"],
    ):
        page.append(line)
    page.merge_cells("B2:D2")
    page.merge_cells("E2:G2")
    page.merge_cells("A2:A3")
    path = tmp_path / "synthetic.xlsx"
    book.save(path)
    assert recognise(path) == FORMAT
    reading = read(path)
    rows = rows_of(reading).droplevel("series")
    assert rows["take_up_ha"].to_dict() == pytest.approx(
        {
            ("01", 2023): 30,
            ("01", 2024): 31.05,
            ("14130", 2023): 0.2,
            ("14130", 2024): 0,
            ("18", 2023): 44,
            ("18", 2024): 691,
        }
    )
    assert rows["cases"].tolist() == [21, 20, 1, 0, 5, 8]
    assert counts(reading) == (18, 12, 6)
    rejected = reading.fixlist.set_index("source_row")
    assert rejected.index.tolist() == [5, 5, 5, 5, 8, 8]
    assert set(rejected["value"]) == {"東北", "合計"}
    assert "2024年 敷地面積(千m2): area" in rejected["field"].tolist()


def test_prefectures_across_and_years_down(tmp_path):
    text = "工場立地動向調査 敷地面積 都道府県別（合成）,,\n(単位：ha),,\n年,北海道,福井\n2023年,30,44\n2024年,31,X\n"
    reading = read(write(tmp_path, text, "wide.csv"))
    rows = rows_of(reading).droplevel("series")
    assert rows["take_up_ha"].dropna().to_dict() == {("01", 2023): 30, ("01", 2024): 31, ("18", 2023): 44}
    assert rows.loc[("18", 2024), ["suppressed", "source_row"]].tolist() == ["yes", 5]


@pytest.mark.parametrize(
    ("label", "meant"),
    [
        ("合計", "surveyed"),
        ("全業種", "surveyed"),
        ("電気業", "power"),
        ("うち電気業", "power"),
        ("電気業を除く", "without_power"),
        ("製造業等（電気業を除く）", "without_power"),
        ("電気業（水力・地熱・太陽光発電所を除く）", "power"),
        ("食料品製造業", None),
        ("新設", None),
        ("小計", None),
    ],
)
def test_industries(label, meant):
    assert words.series(label) == meant


@pytest.mark.parametrize(
    ("label", "meant"),
    [
        ("工場敷地面積", "take_up_ha"),
        ("立地面積", "take_up_ha"),
        ("立地件数", "cases"),
        ("1件当たり敷地面積", None),
        ("敷地面積の構成比", None),
        ("研究所立地件数", None),
        ("敷地面積（研究所を含まない）", "take_up_ha"),
        ("設備投資額", None),
        ("建築面積", None),
    ],
)
def test_measures(label, meant):
    assert words.measure(label) == meant


@pytest.mark.parametrize(
    ("label", "year"),
    [
        ("2019年", 2019),
        ("令和元年", 2019),
        ("令和元年（2019年）", 2019),
        ("2019（令和元）年", 2019),
        ("2019年度", 2019),
        ("2019年上期", None),
        ("2019年1-3月期", None),
        ("総数", None),
    ],
)
def test_years(label, year):
    assert words.year(label) == year
