# SPDX-License-Identifier: GPL-2.0-or-later
"""Planners' own tables: CSV in several encodings, workbooks, mapping files, and what is wrong in their cells."""

from __future__ import annotations

import csv
import zipfile

import openpyxl
import openpyxl.chart
import pandas as pd
import pytest

from yochi.plugin.core.contracts import SITES, TAKE_UP, validate
from yochi.plugin.core.errors import SourceError
from yochi.plugin.core.sources import read, recognise

SITES_CSV = """site_id,layer,name,pref_code,available_ha,ready_year,zone
001,pipeline,下新城,05,25,令和8年度,工業専用地域
002,新規造成,鳥栖,41,"1,234.5",2027,第１種住居地域
"""
MAPPING = """
table = "sites"
header_row = 2
[columns]
site_id = "番号"
name = "団地名"
available_ha = "面積（㎡）"
ready_year = "完成"
layer = "区分"
pref_code = "県"
[units]
available_ha = "m2"
[values.layer]
"分譲中" = "idle_prepared"
[constants]
status = "for_sale"
[geometry]
lon = "経度"
lat = "緯度"
crs = "EPSG:6668"
"""
JAPANESE = """産業団地一覧
番号,団地名,県,面積（㎡）,区分,完成,経度,緯度
007,扇島,神奈川県,"２５０，０００",分譲中,R10,139.73,35.48
008,鳥栖,41,x,新規造成,いつか,35.48,139.73
009,空,41,,分譲中,,,
,名無し,41,1,分譲中,,,
"""


def write(tmp_path, text, name="table.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def counts(reading):
    return tuple(reading.source.loc[0, ["rows_read", "rows_used", "rows_rejected"]])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_canonical_headers_need_no_mapping(tmp_path, encoding, delimiter):
    text = SITES_CSV if delimiter == "," else SITES_CSV.replace('"1,234.5"', "1234.5").replace(",", "\t")
    path = write(tmp_path, text, encoding=encoding)
    assert recognise(path) == "table"
    reading = read(path)
    sites = reading.tables["sites"]
    validate(sites, SITES)
    assert counts(reading) == (2, 2, 0)
    assert sites["site_id"].tolist() == ["001", "002"]
    assert sites["pref_code"].tolist() == ["05", "41"]
    assert sites["layer"].tolist() == ["pipeline", "pipeline"]
    assert sites["available_ha"].tolist() == [25.0, 1234.5]
    assert sites["ready_year"].tolist() == [2026, 2027]
    assert sites["zone"].tolist() == ["exclusive_industrial", "residential_1"]
    assert sites["source_row"].tolist() == [2, 3]
    assert sites["available_basis"].tolist() == ["reported", "reported"]
    assert reading.fixlist.empty


@pytest.fixture
def mapping(tmp_path):
    return write(tmp_path, MAPPING, "mapping.toml")


def check_mapped(reading):
    sites = reading.tables["sites"].set_index("site_id")
    assert counts(reading) == (4, 3, 1)
    assert sites.loc["007", ["name", "layer", "status", "pref_code"]].tolist() == [
        "扇島",
        "idle_prepared",
        "for_sale",
        "14",
    ]
    assert sites.loc["007", "available_ha"] == pytest.approx(25)
    assert sites.loc["007", "ready_year"] == 2028
    assert sites.loc["007"].geometry.coords[0] == (139.73, 35.48)
    assert sites.loc["008", "layer"] == "pipeline"
    assert pd.isna(sites.loc["008", "available_ha"])
    assert sites.loc["008", "available_basis"] == sites.loc["009", "available_basis"] == "unknown"
    assert sites.geometry.isna().tolist() == [False, True, True]
    lines = reading.fixlist
    assert lines.query("severity == 'rejected'")[["source_row", "field"]].values.tolist() == [[6, "site_id"]]
    assert set(lines.query("source_row == 4")["field"]) == {"available_ha", "ready_year", "geometry"}
    assert lines.query("source_row == 4 and field == 'available_ha'")["value"].tolist() == ["x"]


@pytest.mark.parametrize("encoding", ["utf-8", "cp932"])
def test_mapped_csv(tmp_path, mapping, encoding):
    check_mapped(read(write(tmp_path, JAPANESE, encoding=encoding), mapping=mapping))


def test_mapped_workbook(tmp_path, mapping):
    book = openpyxl.Workbook()
    book.active.title = "表紙"
    page = book.create_sheet("一覧")
    for line in JAPANESE.replace('"２５０，０００"', "250000").splitlines():
        page.append(
            [float(cell) if cell.replace(".", "").isdigit() and "." in cell else cell for cell in line.split(",")]
        )
    page["A3"] = 7
    page["A3"].number_format = "000"
    page["C4"] = 41
    path = tmp_path / "sites.xlsx"
    book.save(path)
    assert recognise(path) == "table"
    check_mapped(read(path, layer="一覧", mapping=mapping))
    with pytest.raises(SourceError, match=r"sites\.xlsx has no sheet 二覧; it has 表紙, 一覧"):
        read(path, layer="二覧", mapping=mapping)


def test_take_up_with_suppressed_cells_names_and_lost_zeros(tmp_path):
    text = (
        "area_code,year,take_up_ha,cases\n福井県,2024,691,8\n39,令和6年,X,3\n1,2024,12.5,X\n"
        "合計,2024,1982,854\n141003,2024,5,1\n5,2024,-,1\n"
    )
    reading = read(write(tmp_path, text))
    rows = reading.tables["take_up"].set_index("area_code")
    validate(reading.tables["take_up"], TAKE_UP)
    assert rows.index.tolist() == ["18", "39", "01", "14100", "05"]
    assert rows.loc["39", "suppressed"] == "yes"
    assert pd.isna(rows.loc["39", "take_up_ha"])
    assert pd.isna(rows.loc["01", "suppressed"])
    assert rows["year"].unique().tolist() == [2024]
    assert rows.loc["05", "cases"] == 1 and pd.isna(rows.loc["05", ["take_up_ha", "suppressed"]]).all()
    assert counts(reading) == (6, 5, 1)
    problems = reading.fixlist.set_index("source_row")["problem"]
    assert "leading zero" in problems[4]
    assert "total" in problems[5]
    assert "check digit" in problems[6]


def test_real_case_counts_with_a_mapping(tmp_path, real_data):
    path = real_data.parent / "facts" / "take_up_cases_2020_by_prefecture.csv"
    if not path.exists():
        pytest.skip("the published figures are not beside this checkout")
    mapping = write(
        tmp_path,
        '[columns]\narea_code = "pref_code"\nyear = "year"\ncases = "cases"\n[constants]\nsuppressed = "unknown"\n',
        "m.toml",
    )
    reading = read(path, table="take_up", mapping=mapping)
    rows = reading.tables["take_up"]
    assert len(rows) == 47
    assert rows["cases"].sum() == 831
    assert rows.loc[0, ["area_code", "cases"]].tolist() == ["01", 21]


def test_bad_cells_cost_the_cell_and_bad_keys_the_row(tmp_path):
    text = (
        "site_id,layer,available_ha,coastal,price_yen_m2,muni_code\n"
        "1,pipeline,5,maybe,#REF!,1100\n"
        "2,somewhere,5,yes,1000,14100\n"
        "1,pipeline,6,yes,1000,14100\n"
        "\n"
        "3,pipeline,-4,はい,1000,99999\n"
        "4,pipeline,7,no,1000,14100,too,many\n"
    )
    reading = read(write(tmp_path, text))
    sites = reading.tables["sites"]
    assert counts(reading) == (5, 2, 3)
    assert sites["site_id"].tolist() == ["1", "3"]
    assert sites["source_row"].tolist() == [2, 6]
    assert sites["muni_code"].tolist() == ["01100", None]
    assert sites.loc[1, "coastal"] == "yes"
    assert pd.isna(sites.loc[1, "available_ha"])
    rejected = reading.fixlist.query("severity == 'rejected'").set_index("source_row")
    assert rejected["field"].to_dict() == {3: "layer", 4: "site_id", 7: "(row)"}
    warned = reading.fixlist.query("severity == 'warning' and source_row == 2")
    assert set(warned["field"]) == {"coastal", "price_yen_m2", "muni_code"}


def test_semicolons_and_utf16_are_found_out(tmp_path):
    text = 'site_id;layer;available_ha\n1;pipeline;"2,000"\n'
    for encoding in ("utf-8", "utf-16"):
        sites = read(write(tmp_path, text, encoding=encoding)).tables["sites"]
        assert sites["available_ha"].tolist() == [2000]


def test_a_csv_has_no_layers(tmp_path):
    path = write(tmp_path, SITES_CSV)
    assert len(read(path, layer="table").tables["sites"]) == 2  # GDAL calls its one layer so
    with pytest.raises(SourceError, match=r"table\.csv is a CSV, which has no layers or sheets; leave 一覧 out"):
        read(path, layer="一覧")


def test_long_cells_do_not_change_the_limit_of_the_process(tmp_path):
    limit = csv.field_size_limit()
    path = write(tmp_path, f"site_id,layer,available_ha,name\n1,pipeline,1,{'長' * (limit + 1)}\n")
    assert len(read(path).tables["sites"].loc[0, "name"]) == limit + 1
    assert csv.field_size_limit() == limit


@pytest.mark.parametrize("cell", ["1e400", "٣٤", "1,3", "TRUE"])
def test_what_is_no_number_costs_the_cell(tmp_path, cell):
    reading = read(write(tmp_path, f'site_id,layer,available_ha\n1,pipeline,"{cell}"\n'))
    assert reading.tables["sites"]["available_ha"].isna().all()
    assert reading.fixlist["field"].tolist() == ["available_ha"]


def test_probabilities_and_lead_times_that_cannot_be(tmp_path):
    text = (
        "site_id,layer,available_ha,completion_probability,lead_time_min_years,lead_time_mode_years,"
        "lead_time_max_years\na,pipeline,1,0.8,3,4,5\nb,pipeline,1,80,5,4,3\nc,pipeline,1,1,5,,3\nd,pipeline,1,,,4,\n"
    )
    reading = read(write(tmp_path, text))
    sites = reading.tables["sites"].set_index("site_id")
    assert sites["completion_probability"].dropna().to_dict() == {"a": 0.8, "c": 1}
    assert sites["lead_time_min_years"].dropna().to_dict() == {"a": 3}
    assert sites["lead_time_mode_years"].dropna().to_dict() == {"a": 4, "d": 4}
    assert sites["lead_time_max_years"].dropna().to_dict() == {"a": 5}
    lines = reading.fixlist.set_index(["source_row", "field"])
    assert lines.loc[(3, "completion_probability"), "remedy"] == "use 1 or less"
    assert lines.loc[(4, "lead_time_*_years"), "value"] == "5.0 / 3.0"


@pytest.mark.parametrize(
    ("written", "code", "problem"),
    [
        ("14000", "14", None),
        ("140007", "14", "check digit"),
        ("010006", "01", "check digit"),
        ("10006", "01", "both were put right"),
        ("8000", "08", "leading zero"),
        ("13102", "13102", None),  # 中央区, although 01310 would have 2 as its check digit
    ],
)
def test_prefectures_as_published_tables_write_them(tmp_path, written, code, problem):
    reading = read(write(tmp_path, f"area_code,year,take_up_ha\n{written},2024,1\n全国,2024,9\n総計,2024,9\n"))
    assert reading.tables["take_up"]["area_code"].tolist() == [code, "JP"]
    problems = reading.fixlist.query("severity == 'warning'")["problem"].tolist()
    assert len(problems) == (problem is not None)
    assert problem is None or problem in problems[0]


def test_a_column_of_check_digits_decides_what_five_digits_are(tmp_path):
    text = "area_code,year,take_up_ha\n12106,2024,1\n141003,2024,1\n"
    # alone it is 千葉市美浜区; among codes with check digits it is 01210 (岩見沢市) with its own
    assert read(write(tmp_path, text)).tables["take_up"]["area_code"].tolist() == ["01210", "14100"]
    alone = text.replace("141003", "14100")
    assert read(write(tmp_path, alone)).tables["take_up"]["area_code"].tolist() == ["12106", "14100"]


def test_a_formula_that_was_never_computed_is_named(tmp_path):
    book = openpyxl.Workbook()
    for row in (["site_id", "layer", "gross_ha", "available_ha"], ["a", "pipeline", None, "=1+1"]):
        book.active.append(row)
    path = tmp_path / "formulas.xlsx"
    book.save(path)
    reading = read(path)
    assert reading.tables["sites"]["available_basis"].tolist() == ["unknown"]
    line = reading.fixlist.iloc[0]
    assert (line["source_row"], line["field"], line["value"]) == (2, "column D", "=1+1")
    assert "never computed" in line["problem"]


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"])
@pytest.mark.parametrize("damage", [lambda xml: xml[: len(xml) // 2], lambda xml: b"<a/>", lambda xml: b""])
def test_a_damaged_workbook(tmp_path, part, damage):
    book = openpyxl.Workbook()
    book.active.append(["site_id", "layer", "available_ha"])
    book.active.append(["a", "pipeline", 1])
    book.save(tmp_path / "sound.xlsx")
    path = tmp_path / "damaged.xlsx"
    with zipfile.ZipFile(tmp_path / "sound.xlsx") as sound, zipfile.ZipFile(path, "w") as damaged:
        for name in sound.namelist():
            damaged.writestr(name, damage(sound.read(name)) if name == part else sound.read(name))
    with pytest.raises(SourceError, match=r"damaged\.xlsx (is a broken workbook|has nothing but blank cells)"):
        read(path)


def test_a_workbook_whose_compression_is_damaged(tmp_path):
    book = openpyxl.Workbook()
    for number in range(500):
        book.active.append([str(number * 7919), "pipeline", number])
    path = tmp_path / "damaged.xlsx"
    book.save(path)
    with zipfile.ZipFile(path) as archive:
        start = archive.getinfo("xl/worksheets/sheet1.xml").header_offset + 100
    content = bytearray(path.read_bytes())
    content[start : start + 200] = bytes(byte ^ 0xFF for byte in content[start : start + 200])
    path.write_bytes(content)
    with pytest.raises(SourceError, match=r"damaged\.xlsx is a broken workbook"):
        read(path)


def test_a_chart_is_no_sheet(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["site_id", "layer", "available_ha"])
    book.active.append(["a", "pipeline", 1])
    chart = openpyxl.chart.BarChart()
    chart.add_data(openpyxl.chart.Reference(book.active, 3, 1, 3, 2))
    book.create_chartsheet("図").add_chart(chart)
    path = tmp_path / "chart.xlsx"
    book.save(path)
    assert len(read(path).tables["sites"]) == 1
    with pytest.raises(SourceError, match=r"chart\.xlsx has no sheet 図; it has Sheet"):
        read(path, layer="図")


def test_units_and_wkt(tmp_path):
    mapping = write(
        tmp_path,
        'zone_system = "ksj-a29"\n[columns]\nsite_id = "id"\ngross_ha = "坪"\nprice_yen_m2 = "価格"\nzone = "用途"\n'
        '[units]\ngross_ha = "坪"\nprice_yen_m2 = "千円/坪"\n[constants]\nlayer = "pipeline"\n'
        '[geometry]\nwkt = "形"\ncrs = "EPSG:6677"\n',
        "m.toml",
    )
    text = "id\t坪\t価格\t用途\t形\na\t30250\t40\t12\tPOLYGON((0 0,100 0,100 100,0 100,0 0))\nb\t1\t1\t77\tPOLYGON(\n"
    reading = read(write(tmp_path, text), mapping=mapping)
    sites = reading.tables["sites"]
    assert sites.loc[0, "gross_ha"] == pytest.approx(10)
    assert sites.loc[0, "price_yen_m2"] == pytest.approx(40_000 / 3.305785)
    assert sites.loc[0, "zone"] == "exclusive_industrial"
    assert sites.geometry.area.iloc[0] == 10_000
    assert sites.crs.to_epsg() == 6677
    assert counts(reading) == (2, 1, 1)


def test_description_and_synthetic_rows(tmp_path):
    path = write(tmp_path, SITES_CSV)
    made_up = read(path, source_id="sample", description={"title": "Sample", "basis": "synthetic"})
    assert set(made_up.tables["sites"]["basis"]) == {"synthetic"}
    assert set(made_up.tables["sites"]["available_basis"]) == {"synthetic"}
    assert made_up.source.loc[0, ["source_id", "title", "basis"]].tolist() == ["sample", "Sample", "synthetic"]
    with pytest.raises(SourceError, match=r"table\.csv has the unknown key 'titel'"):
        read(path, description={"titel": "x"})
    with pytest.raises(SourceError, match=r"table\.csv has the basis 'guess'; use one of measured, reported"):
        read(path, description={"basis": "guess"})
    stated = SITES_CSV.replace(",zone\n", ",zone,basis\n").replace("住居地域\n", "住居地域,合成（架空）\n")
    assert read(write(tmp_path, stated)).source.loc[0, "basis"] == "synthetic"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("tabel = 'sites'", "the file has the unknown key 'tabel'; use one of table"),
        ("table = 'site'", "table is 'site'; use one of sites"),
        ("[columns]\nsize = '番号'", r"\[columns\] names size, which sites does not have"),
        ("[columns]\nsite_id = 'No.'", r'site_id = "No\." is no header of table\.csv; it has 番号, 団地名'),
        (
            "[columns]\nsite_id = '番号'\nlayer = '区分'\n[units]\ngross_ha = 'mile'",
            "gross_ha is 'mile'; use one of ha",
        ),
        ("[units]\nname = 'ha'", "which has no unit"),
        ("[geometry]\nlon = '経度'\ncrs = 'EPSG:1'", "is no reference system"),
        ("[geometry]\nlon = '経度'", "needs both lon and lat"),
        ("header_row = 0", "rows count from 1"),
        ("header_row = 'x'", "wrong kind"),
        ("zone_system = 'a29'", "use one of ksj-a29"),
        ("[values]\nlayer = 'x'", r"\[values\] layer has a value of the wrong kind"),
        ("= nonsense", "the mapping is not valid TOML"),
        ("[units]\navailable_ha = ['a']", r"\[units\] available_ha has a value of the wrong kind"),
        ("[constants]\nlayer = ['x']", r"\[constants\] layer has a value of the wrong kind"),
        ("[columns]\nsite_id = 1", r"\[columns\] site_id has a value of the wrong kind"),
        ("[values.layer]\nx = ['y']", r"\[values\.layer\] x is \['y'\]"),
        ("[constants]\nsuppressed = true", r"\[constants\] suppressed has a value of the wrong kind"),
        ("delimiter = '||'", "use one character"),
        ("header_row = true", "wrong kind"),
        ("table = 'outlook'", "table is 'outlook'; use one of sites"),
        ("header_row = 99", "has 6 rows and no row 99"),
    ],
)
def test_mistakes_in_a_mapping(tmp_path, text, message):
    if "header_row" not in text:
        text = f"header_row = 2\n{text}"
    mapping = write(tmp_path, text, "m.toml")
    with pytest.raises(SourceError, match=message):
        read(write(tmp_path, JAPANESE), table="sites", mapping=mapping)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"site_id,layer,available_ha\n", "has no rows below the headers"),
        (b"a,b,c\n1,2,3\n", r"does not say what its rows are \(columns a, b, c\)"),
        (b"a,a,c\n1,2,3\n", "has the header 'a' twice in row 1"),
        (b'site_id,layer\n"1,2\n', r"is broken at line \d"),
        (b",,\n1,2,3\n", "has no headers in row 1"),
        (b"\n\n\n", "has nothing but blank cells"),
        (b"site_id,name\na,\x8a\x94\x81\xff\xfd\n", "is not text in UTF-8 or CP932"),
        (b"site_id,layer,wkt\n1,pipeline,POINT(1 1)\n", "no reference system"),
    ],
)
def test_tables_that_cannot_be_read(tmp_path, content, message):
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=rf"bad\.csv.*{message}"):
        read(path)


def test_a_required_column_that_is_missing_is_named(tmp_path):
    with pytest.raises(SourceError, match=r"t\.csv has no column layer, which sites needs"):
        read(write(tmp_path, "site_id,name\n1,a\n", "t.csv"), table="sites")


def test_many_rows_are_read_quickly(tmp_path):
    count = 100_000
    frame = pd.DataFrame({"site_id": range(count), "layer": "pipeline", "available_ha": 5, "ready_year": "令和8年度"})
    path = tmp_path / "many.csv"
    frame.to_csv(path, index=False)
    reading = read(path)
    assert counts(reading) == (count, count, 0)
