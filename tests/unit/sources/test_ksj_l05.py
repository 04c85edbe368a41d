# SPDX-License-Identifier: GPL-2.0-or-later
"""The real L05 file of Kanagawa, as GeoJSON, shapefile and zip."""

from __future__ import annotations

import json
import zipfile

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from yochi.plugin.core import crs
from yochi.plugin.core.contracts import SITES, validate
from yochi.plugin.core.errors import SourceError
from yochi.plugin.core.sources import read, recognise

NAME = "L05-1-09_14-g_IndustrialComplex"


@pytest.fixture(scope="module")
def path(real_data):
    return real_data / "ksj" / f"{NAME}.geojson"


@pytest.fixture(scope="module")
def reading(path):
    return read(path)


@pytest.fixture(scope="module")
def sites(reading):
    return reading.tables["sites"].set_index("site_id")


@pytest.fixture(scope="module")
def shapefile(path, tmp_path_factory):
    target = tmp_path_factory.mktemp("shp") / f"{NAME}.shp"
    gpd.read_file(path).set_crs(4612, allow_override=True).to_file(target, encoding="CP932")
    target.with_suffix(".cpg").unlink()
    return target


def test_forty_rows_are_thirty_eight_sites(reading):
    source = reading.source.iloc[0]
    assert counts(source) == (40, 40, 0)
    assert len(reading.tables["sites"]) == 38
    assert reading.tables["sites"].index.equals(pd.RangeIndex(38))
    validate(reading.tables["sites"], SITES)


def counts(source):
    return tuple(source[["rows_read", "rows_used", "rows_rejected"]])


def test_source_row_says_where_the_figures_come_from(reading, path):
    source = reading.source.iloc[0]
    assert source["format"] == "ksj-l05"
    assert source["file_name"] == path.name == source["source_id"]
    assert source["sha256"] == "aba53260d1f8986c9a8279ac323626a7297912eacd62b40f4267d1e72ed7c0d8"
    assert source["crs"].startswith("EPSG:4612 (assumed")
    assert source["basis"] == "reported"
    assert reading.tables["sites"].crs.to_epsg() == 4612  # GDAL says 4326 where a GeoJSON is silent


def test_fields_are_those_of_the_file_and_not_of_the_published_table(sites):
    site = sites.loc["1450700"]
    assert site["name"] == "湘南国際村（研究・研修・ショッピングサービス施設ゾーン）"
    assert (site["gross_ha"], site["available_ha"]) == (188.3, 10.3)
    assert site["developer"] == "三井不動産"
    assert site["muni_code_stated"] == "14201"
    assert (site["coastal"], site["status"], site["layer"], site["as_of"]) == ("no", "idle", "idle_prepared", "2009")
    assert sites.loc["1402400", "ready_year"] == 1973


def test_zero_is_unknown(sites, reading):
    ogishima = sites.loc["1402400"]
    assert ogishima["name"] == "扇島工業地区"
    assert pd.isna(ogishima["gross_ha"])
    assert ogishima["gross_basis"] == "unknown"
    assert pd.isna(ogishima["available_ha"])
    assert (ogishima["available_basis"], ogishima["coastal"]) == ("unknown", "yes")
    assert sites["available_ha"].sum() == pytest.approx(8.2 + 5.2 + 2.2 + 1.7 + 0.9 + 10.3)
    zeros = reading.fixlist.query("problem.str.startswith('0 may mean unknown')")
    assert set(zeros["field"]) == {"L05_010", "L05_012"}
    assert (zeros["field"] == "L05_012").sum() == 32


def test_area_of_ogishima(reading):
    sites = reading.tables["sites"]
    assert crs.area_ha(sites)[sites["name"] == "扇島工業地区"].item() == pytest.approx(662.7, abs=0.05)


def test_parts_of_a_site_are_one_multipolygon(sites, reading):
    site = sites.loc["1402900"]
    assert site["gross_ha"] == 466.2  # once, not three times
    assert site.geometry.geom_type == "MultiPolygon"
    assert len(site.geometry.geoms) == 3
    assert site["source_row"] == 38
    parts = reading.fixlist.query("problem.str.contains('part of the site in row 38')")
    assert parts["source_row"].tolist() == [39, 40]
    assert not reading.fixlist["problem"].str.contains("differs").any()


def test_zones_only_where_there_is_one_code(sites):
    assert sites.loc["1450400", "zone"] == "industrial"
    assert sites.loc["1453000", "zone"] == "exclusive_industrial"
    assert pd.isna(sites.loc["1451600", "zone"])
    assert "用途地域コード 1,3" in sites.loc["1451600", "note"]
    assert "企業数 999" not in sites.loc["1450600", "note"]


def test_broken_characters_are_named_and_kept(sites, reading):
    lines = reading.fixlist.query("problem.str.contains('broken characters')")
    assert {1, 2, 3, 4}.issubset(set(lines["source_row"]))
    assert 23 not in set(lines["source_row"])  # 横浜市中区: all sound
    assert sites.loc["1450400", "industry"].startswith("鞄平トヤマ")
    assert "60q圏内" in lines.query("field == 'L05_006'")["value"].iloc[0]


def test_stated_and_measured_area(reading):
    lines = reading.fixlist.query("problem.str.contains('but the polygon has')")
    assert dict(zip(lines["source_row"], lines["problem"], strict=True))[36].endswith("11.1 ha")
    assert len(lines) == 8


def test_shapefile_without_cpg_gives_the_same(shapefile, sites):
    assert recognise(shapefile) == "ksj-l05"
    reading = read(shapefile)
    again = reading.tables["sites"].set_index("site_id")
    columns = ["name", "gross_ha", "available_ha", "zone", "coastal", "muni_code_stated", "developer", "ready_year"]
    pd.testing.assert_frame_equal(pd.DataFrame(again[columns]), pd.DataFrame(sites[columns]))
    assert reading.source.loc[0, "crs"] == "EPSG:4612"


def test_zip_as_downloaded(shapefile, path, sites, tmp_path):
    download = tmp_path / "L05-09_14_GML.zip"
    with zipfile.ZipFile(download, "w") as archive:
        for part in shapefile.parent.iterdir():
            archive.write(part, f"L05-09_14_GML/{part.name}")
        archive.writestr("L05-09_14_GML/KS-META-L05-09_14.xml", "<meta/>")
    assert recognise(download) == "ksj-l05"
    again = read(download)
    assert again.tables["sites"]["name"].tolist() == sites["name"].tolist()
    assert again.source.loc[0, "file_name"] == "L05-09_14_GML.zip"


def test_zip_of_estates_and_factories_needs_a_layer(path, tmp_path):
    content = path.read_text(encoding="utf-8")
    download = tmp_path / "both.zip"
    with zipfile.ZipFile(download, "w") as archive:
        archive.writestr("L05-1-09_14.geojson", content)
        archive.writestr("L05-2-09_14.geojson", content.replace('"L05_015"', '"L05_016": "17", "L05_015"'))
    with pytest.raises(SourceError, match=r"both\.zip holds several layers .*L05-1-09_14, L05-2-09_14"):
        read(download)
    factories = read(download, layer="L05-2-09_14").tables["sites"]
    assert factories["industry"].unique().tolist() == ["17"]
    assert factories["note"].str.startswith("単独工場").all()
    assert set(factories["layer"]) == {"idle_prepared"}


def _estate(number, **changed):
    fields = {f"L05_{field:03}": None for field in range(1, 16)}
    fields |= {"L05_001": "1", "L05_003": "14131", "L05_005": "1", "L05_010": "12", "L05_012": "3", "L05_013": "1"}
    square = shapely.box(139.7 + number / 100, 35.4, 139.704 + number / 100, 35.404)
    return {"type": "Feature", "properties": fields | changed, "geometry": shapely.geometry.mapping(square)}


@pytest.fixture
def hostile(tmp_path):
    features = [
        _estate(0),
        _estate(1, L05_001=None),
        _estate(2, L05_001="2", L05_013="8", L05_012="about 3", L05_009="never"),
        _estate(3, L05_001="1", L05_010="99"),
        _estate(4, L05_001="3") | {"geometry": None},
    ]
    path = tmp_path / "hostile.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def test_bad_rows_are_named_and_counted(hostile):
    reading = read(hostile)
    assert counts(reading.source.iloc[0]) == (5, 4, 1)
    assert reading.tables["sites"]["site_id"].tolist() == ["1", "2", "3"]
    lines = reading.fixlist
    assert lines.query("severity == 'rejected'")["source_row"].tolist() == [2]
    assert set(lines.query("source_row == 3")["field"]) >= {"L05_013", "L05_012", "L05_009"}
    assert lines.query("source_row == 4")["problem"].str.contains("differs from the first row").any()
    assert lines.query("source_row == 5")["field"].tolist() == ["geometry"]


def test_a_layer_that_cannot_lie_in_japan_is_refused(tmp_path):
    feature = _estate(0) | {"geometry": shapely.geometry.mapping(shapely.box(35.4, 139.7, 35.5, 139.8))}
    path = tmp_path / "swapped.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    with pytest.raises(SourceError, match=r"swapped\.geojson .*not degrees of EPSG:4612 in Japan"):
        read(path)
