# SPDX-License-Identifier: GPL-2.0-or-later
"""Boundaries: N03 before and from 2024, and the prefectures of QGIS's world map."""

from __future__ import annotations

import zipfile
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from yochi.plugin.core import crs
from yochi.plugin.core.contracts import AREAS, validate
from yochi.plugin.core.errors import SourceError
from yochi.plugin.core.sources import read, recognise

WORLD_MAP = Path("/usr/share/qgis/resources/data/world_map.gpkg")


@pytest.fixture(scope="module")
def path(real_data):
    return real_data / "boundaries" / "N03-21_14_210101.geojson"


@pytest.fixture(scope="module")
def reading(path):
    return read(path)


@pytest.fixture(scope="module")
def areas(reading):
    return reading.tables["areas"].set_index("area_code")


def counts(reading):
    return tuple(reading.source.loc[0, ["rows_read", "rows_used", "rows_rejected"]])


def test_kanagawa(reading, areas, path):
    assert recognise(path) == "ksj-n03"
    validate(reading.tables["areas"], AREAS)
    assert counts(reading) == (58, 58, 0)
    assert areas["level"].value_counts().to_dict() == {"municipality": 58, "designated_city": 3, "prefecture": 1}
    assert areas.crs.to_epsg() == 6668
    assert reading.source.loc[0, "crs"].startswith("EPSG:6668 (assumed")


def test_wards_lie_in_cities_and_cities_in_the_prefecture(areas):
    assert areas.loc["14101", ["name", "parent_code"]].tolist() == ["横浜市鶴見区", "14100"]
    assert areas.loc["14153", ["name", "parent_code"]].tolist() == ["相模原市南区", "14150"]
    assert areas.loc["14130", ["name", "parent_code"]].tolist() == ["川崎市", "14"]
    assert areas.loc["14201", ["name", "parent_code"]].tolist() == ["横須賀市", "14"]
    assert areas.loc["14301", "name"] == "葉山町"
    assert areas.loc["14", ["name", "name_en"]].tolist() == ["神奈川県", "Kanagawa"]
    assert areas.loc["14", "parent_code"] is None
    assert (areas["pref_code"] == "14").all()


def test_whole_is_the_sum_of_its_parts(areas):
    hectares = crs.area_ha(areas)
    assert hectares["14"] == pytest.approx(hectares[areas["level"] == "municipality"].sum(), rel=1e-6)
    assert hectares["14130"] == pytest.approx(hectares[areas["parent_code"] == "14130"].sum(), rel=1e-6)
    assert hectares["14"] == pytest.approx(241_600, rel=0.01)


def test_names_of_prefectures_alone(real_data):
    reading = read(real_data / "boundaries" / "prefectures_s0001.geojson")
    areas = reading.tables["areas"]
    assert counts(reading) == (47, 47, 0)
    assert areas["area_code"].tolist() == [f"{number:02}" for number in range(1, 48)]
    assert set(areas["level"]) == {"prefecture"}
    assert reading.fixlist.empty


def n03(tmp_path, rows, name="N03-20240101_14", crs_code=6668):
    columns = ["N03_001", "N03_002", "N03_003", "N03_004", "N03_005", "N03_007"]
    boxes = [shapely.box(139 + i / 10, 35, 139.1 + i / 10, 35.1) for i in range(len(rows))]
    frame = gpd.GeoDataFrame(rows, columns=columns, geometry=boxes, crs=crs_code)
    path = tmp_path / f"{name}.shp"
    frame.to_file(path, encoding="UTF-8")
    return path


ROWS_2024 = [
    ("神奈川県", None, None, "横浜市", "鶴見区", "14101"),
    ("神奈川県", None, None, "横浜市", "鶴見区", "14101"),
    ("神奈川県", None, None, "横浜市", "西区", "14103"),
    ("神奈川県", None, "三浦郡", "葉山町", None, "14301"),
    ("神奈川県", None, None, "所属未定地", None, None),
    ("北海道", "石狩振興局", None, "札幌市", "中央区", "1101"),
    ("大和県", None, None, "都市", None, "99201"),
]


def test_from_2024_the_ward_has_a_field_of_its_own(tmp_path):
    reading = read(n03(tmp_path, ROWS_2024))
    areas = reading.tables["areas"].set_index("area_code")
    assert counts(reading) == (7, 6, 1)
    assert areas.index.tolist() == ["14", "01", "14100", "01100", "14101", "14103", "14301", "01101"]
    assert areas.loc["14103", ["name", "parent_code"]].tolist() == ["横浜市西区", "14100"]
    assert areas.loc["01101", ["name", "parent_code"]].tolist() == ["札幌市中央区", "01100"]
    lines = reading.fixlist.set_index("source_row")
    assert lines.loc[5, "value"] == "所属未定地"
    assert lines.loc[5, "severity"] == "warning"
    assert "leading zero" in lines.loc[6, "problem"]
    assert lines.loc[7, "severity"] == "rejected"


def test_undecided_land_counts_in_the_prefecture_alone(tmp_path):
    areas = read(n03(tmp_path, ROWS_2024[:5])).tables["areas"].set_index("area_code")
    hectares = crs.area_ha(areas)
    municipalities = hectares[areas["level"] == "municipality"].sum()
    assert hectares["14"] == pytest.approx(municipalities * 5 / 4, rel=1e-3)


def test_zip_prefers_utf8(tmp_path):
    path = n03(tmp_path, ROWS_2024[:4])
    download = tmp_path / "N03-20240101_14_GML.zip"
    with zipfile.ZipFile(download, "w") as archive:
        for part in tmp_path.glob(f"{path.stem}.*"):
            archive.write(part, f"UTF-8/{part.name}")
            archive.writestr(f"Shift-JIS/{part.name}", b"broken")
    assert recognise(download) == "ksj-n03"
    assert len(read(download).tables["areas"]) == 5


def test_without_reference_system_jgd2011_is_assumed(tmp_path):
    path = n03(tmp_path, ROWS_2024[:4])
    path.with_suffix(".prj").unlink()
    reading = read(path)
    assert reading.tables["areas"].crs.to_epsg() == 6668
    assert "assumed" in reading.source.loc[0, "crs"]


@pytest.mark.skipif(not WORLD_MAP.exists(), reason="QGIS is not installed here")
def test_world_map():
    assert recognise(WORLD_MAP) == "qgis-world-map"
    reading = read(WORLD_MAP)
    areas = reading.tables["areas"].set_index("area_code")
    validate(reading.tables["areas"], AREAS)
    assert counts(reading) == (47, 47, 0)
    assert areas.index.tolist() == [f"{number:02}" for number in range(1, 48)]
    assert areas.loc["01", ["name", "name_en"]].tolist() == ["北海道", "Hokkaido"]
    assert areas.loc["27", ["name", "name_en"]].tolist() == ["大阪府", "Osaka"]
    assert areas.loc["28", "name"] == "兵庫県"
    assert crs.area_ha(areas).sum() == pytest.approx(37.3e6, rel=0.02)


def test_a_file_of_another_kind_is_named(real_data):
    with pytest.raises(SourceError, match=r"N06_Joint\.geojson has no layer of the format ksj-n03"):
        read(real_data / "ksj" / "N06_Joint.geojson", "ksj-n03")
