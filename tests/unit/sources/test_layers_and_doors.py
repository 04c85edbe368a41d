# SPDX-License-Identifier: GPL-2.0-or-later
"""Canonical layers, frames that QGIS has read, zoning codes, and files that nobody should have sent."""

from __future__ import annotations

import json
import zipfile

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from yochi.plugin.core.errors import CancelledError, SourceError
from yochi.plugin.core.progress import Progress
from yochi.plugin.core.sources import FORMATS, files, read, read_frame, recognise, vector, zone_codes

SQUARE = shapely.box(0, 0, 100, 100)


def counts(reading):
    return tuple(reading.source.loc[0, ["rows_read", "rows_used", "rows_rejected"]])


@pytest.fixture
def sites():
    return gpd.GeoDataFrame(
        {
            "site_id": ["a", "b", None],
            "layer": ["idle_prepared", "former_heavy", "pipeline"],
            "available_ha": [1, None, 3],
        },
        geometry=[SQUARE, SQUARE, SQUARE],
        crs=6677,
    )


@pytest.fixture
def ledger(sites, tmp_path):
    path = tmp_path / "study.gpkg"
    sites.to_file(path, layer="sites")
    zones = gpd.GeoDataFrame(
        {
            "zone_id": ["1", "2", "3"],
            "code": ["13", "12", "12"],
            "code_system": ["plateau-urf", "plateau-urf", "ksj-a29"],
        },
        geometry=[SQUARE, shapely.Point(1, 1), SQUARE],
        crs=6677,
    )
    zones.to_file(path, layer="zones")
    sites.to_file(path, layer="something else")
    return path


def test_every_known_table_of_a_ledger(ledger):
    assert recognise(ledger) == "yochi"
    reading = read(ledger)
    assert list(reading.tables) == ["sites", "zones"]
    assert counts(reading) == (6, 4, 2)
    assert reading.tables["sites"]["available_basis"].tolist() == ["reported", "unknown"]  # drawn, but asked and blank
    assert reading.tables["zones"]["zone"].tolist() == ["exclusive_industrial", "exclusive_industrial"]
    assert reading.fixlist[["field", "source_row"]].values.tolist() == [["sites.site_id", 3], ["zones.geometry", 2]]
    assert reading.source.loc[0, "crs"] == "EPSG:6677"


def test_one_table_of_a_ledger(ledger):
    assert list(read(ledger, table="zones").tables) == ["zones"]
    assert list(read(ledger, table="sites", layer="something else").tables) == ["sites"]
    with pytest.raises(SourceError, match=r"study\.gpkg has no layer take_up"):
        read(ledger, table="take_up")
    with pytest.raises(SourceError, match=r"study\.gpkg has no layer nowhere; it has sites, zones"):
        read(ledger, layer="nowhere")


def test_what_a_row_says_of_its_source_stays(sites, tmp_path):
    path = tmp_path / "out.gpkg"
    first = read_frame(sites, "sites", source_id="survey").tables["sites"]
    first.to_file(path, layer="sites")
    again = read(path).tables["sites"]
    assert again["source_id"].tolist() == ["survey", "survey"]
    assert again["source_row"].tolist() == [1, 2]


def test_layer_that_qgis_has_read(sites):
    reading = read_frame(sites.set_index(pd.Index([10, 20, 30])), "sites", source_id="layer")
    assert counts(reading) == (3, 2, 1)
    assert reading.tables["sites"].index.equals(pd.RangeIndex(2))
    assert reading.tables["sites"].crs.to_epsg() == 6677
    assert pd.isna(reading.source.loc[0, "file_name"])
    with pytest.raises(SourceError, match="layer has no coordinate reference system"):
        read_frame(sites.set_crs(None, allow_override=True), "sites", source_id="layer")
    with pytest.raises(SourceError, match="'site' is no table of inputs; use one of sites, areas"):
        read_frame(sites, "site", source_id="layer")


def test_only_a_layer_without_the_column_leaves_the_area_to_be_measured(sites):
    reading = read_frame(sites.drop(columns="available_ha"), "sites", source_id="layer")
    assert reading.tables["sites"]["available_basis"].isna().all()


def test_a_point_stands_for_a_site_and_an_empty_shape_for_nothing(sites, recwarn):
    sites["geometry"] = gpd.GeoSeries([shapely.Point(1, 1), shapely.Point(), SQUARE], crs=6677)
    reading = read_frame(sites, "sites", source_id="layer")
    assert reading.tables["sites"].geometry.geom_type.tolist() == ["Point", None]
    assert reading.fixlist["field"].tolist() == ["site_id"]
    assert not [warning for warning in recwarn if "GeoSeries" in str(warning.message)]


EXCHANGED = shapely.box(35.5, 139.7, 35.6, 139.8)


def test_shapes_outside_japan_are_dropped_and_listed(sites):
    somewhere = gpd.GeoSeries([EXCHANGED, shapely.Point(0, 51), SQUARE], crs=6668)
    reading = read_frame(sites.set_geometry(somewhere, crs=6668), "sites", source_id="layer")
    assert reading.tables["sites"].geometry.isna().all()
    lines = reading.fixlist.query("problem.str.startswith('lies outside Japan')")
    assert lines["source_row"].tolist() == [1, 2, 3]
    assert set(lines["severity"]) == {"warning"}
    assert set(lines["remedy"]) == {"check whether longitude and latitude are exchanged"}


@pytest.mark.parametrize("name", ["zones", "coastline", "wells"])
def test_rows_that_need_a_shape_in_japan_are_rejected(name):
    shape = {"zones": EXCHANGED, "coastline": EXCHANGED.exterior, "wells": EXCHANGED.centroid}[name]
    key = {"zones": "zone_id", "coastline": "coastline_id", "wells": "well_id"}[name]
    frame = gpd.GeoDataFrame({key: ["a"], "zone": ["industrial"]}, geometry=[shape], crs=6668)
    reading = read_frame(frame, name, source_id="layer")
    assert counts(reading) == (1, 0, 1)
    assert reading.fixlist["remedy"].tolist() == ["check whether longitude and latitude are exchanged"]


def test_mapped_layer(sites, tmp_path):
    mapping = tmp_path / "m.toml"
    mapping.write_text('[columns]\nsite_id = "番号"\n[constants]\nlayer = "pipeline"\n', encoding="utf-8")
    frame = sites.rename(columns={"site_id": "番号"})[["番号", "geometry"]]
    path = tmp_path / "own.shp"
    frame.to_file(path, encoding="CP932")
    path.with_suffix(".cpg").unlink()
    reading = read(path, table="sites", mapping=mapping)
    assert reading.tables["sites"]["site_id"].tolist() == ["a", "b"]
    assert reading.source.loc[0, "format"] == "yochi"


def test_self_crossing_polygons_are_repaired_and_named(sites):
    bow = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
    sites.loc[0, "geometry"] = bow
    sites.loc[1, "geometry"] = shapely.LineString([(0, 0), (1, 1)])
    reading = read_frame(sites, "sites", source_id="layer")
    assert reading.tables["sites"].geometry.iloc[0].area == 50
    assert reading.fixlist["problem"].str.contains("crosses itself").sum() == 1
    # a line has no area, so that the site has neither geometry nor hectares; its place for them is empty
    assert reading.tables["sites"].loc[1, "available_basis"] == "unknown"


def test_every_zoning_system_names_exclusive_industrial():
    codes = {"ksj-a29": "12", "plateau-urf": "13", "reinfolib-xkt002": "13", "ksj-l05": "1", "factory-site-survey": "1"}
    for system, code in codes.items():
        assert zone_codes.zones(pd.Series([code]), system).tolist() == ["exclusive_industrial"]
    names = pd.Series(
        ["第１種低層住居専用地域", "第1種低層住居専用地域", "第一種低層住居専用地域", "工業専用地域"],
        index=[4, 3, 2, 1],
    )
    found = zone_codes.zones(names, "name")
    assert found.tolist() == ["exclusive_low_rise_1"] * 3 + ["exclusive_industrial"]
    assert found.index.equals(names.index)
    assert zone_codes.zones(pd.Series(["98", None]), "ksj-a29").tolist() == [None, None]
    with pytest.raises(SourceError, match="system 'a29' is unknown; use one of ksj-a29"):
        zone_codes.zones(pd.Series(["1"]), "a29")


@pytest.mark.parametrize("format_name", ["auto", *FORMATS])
def test_no_file(tmp_path, format_name):
    with pytest.raises(SourceError, match=r"gone\.geojson does not exist"):
        read(tmp_path / "gone.geojson", format_name)
    with pytest.raises(SourceError, match="is a folder"):
        read(tmp_path, format_name)
    (tmp_path / "nothing.csv").touch()
    with pytest.raises(SourceError, match=r"nothing\.csv is empty"):
        read(tmp_path / "nothing.csv", format_name)


@pytest.mark.parametrize("format_name", ["auto", *FORMATS])
@pytest.mark.parametrize(
    "content",
    [
        b"\x00\x01\x02\xff\xfe" * 50,
        b'{"type": "FeatureCollection", "features": [{"type"',
        b'{"type": "FeatureCollection", "features": []}',
        b'{"a": 1}',
        b"<html><body>404</body></html>",
        b"PK\x03\x04 broken",
        b"SQLite format 3\x00 broken",
        b"\x00\x00\x27\x0a broken",
    ],
)
def test_files_of_no_use(tmp_path, format_name, content):
    path = tmp_path / "bad.dat"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=r"bad\.dat") as error:
        read(path, format_name)
    assert "\n" not in str(error.value)
    assert str(error.value).endswith(".")


def test_unknown_format_and_description(tmp_path, ledger):
    with pytest.raises(SourceError, match="format 'shp' is unknown; use auto or one of ksj-l05"):
        read(ledger, "shp")


def test_layer_without_reference_system(sites, tmp_path):
    path = tmp_path / "sites.shp"
    sites.rename(columns={"available_ha": "gross_ha"}).to_file(path)
    path.with_suffix(".prj").unlink()
    with pytest.raises(SourceError, match=r"sites\.shp has no coordinate reference system"):
        read(path)


def test_empty_layer(sites, tmp_path):
    path = tmp_path / "sites.gpkg"
    sites.iloc[:0].to_file(path, layer="sites")
    with pytest.raises(SourceError, match=r"sites\.gpkg holds no rows"):
        read(path)


def feature_of(site_id):
    fields = {"site_id": site_id, "layer": "pipeline", "available_ha": 1}
    feature = {"type": "Feature", "properties": fields, "geometry": None}
    return json.dumps({"type": "FeatureCollection", "features": [feature]})


def archive_of(path, **members):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_two_layers_of_one_name_in_an_archive(tmp_path):
    members = {"north/sites.geojson": feature_of("n"), "south/sites.geojson": feature_of("s")}
    path = archive_of(tmp_path / "two.zip", **members)
    with pytest.raises(
        SourceError, match=r"two\.zip holds several layers sites \(north/sites, south/sites\); name one"
    ):
        read(path)
    assert read(path, layer="south/sites").tables["sites"]["site_id"].tolist() == ["s"]


def test_copies_of_a_layer_in_an_archive_are_one(tmp_path):
    members = {"A/UTF-8/sites.geojson": feature_of("u"), "A/Shift-JIS/sites.geojson": feature_of("s")}
    path = archive_of(tmp_path / "copies.zip", **members)
    assert read(path).tables["sites"]["site_id"].tolist() == ["u"]


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_archive_whose_contents_are_damaged(tmp_path, method):
    path = tmp_path / "damaged.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("sites.geojson", feature_of("".join(map(str, range(999)))))
    content = bytearray(path.read_bytes())
    content[100:400] = bytes(byte ^ 0xFF for byte in content[100:400])
    path.write_bytes(content)
    with pytest.raises(SourceError, match=r"damaged\.zip (is a broken zip file|cannot be unpacked)"):
        read(path)


def test_what_goes_wrong_with_an_unpacked_layer_is_not_the_archives_fault(tmp_path):
    path = archive_of(tmp_path / "sound.zip", **{"sites.geojson": feature_of("a")})
    with pytest.raises(EOFError), files.unpacked(path):
        raise EOFError


@pytest.mark.parametrize(
    "member", ["../../evil.geojson", "/evil.geojson", "C:\\evil.geojson", "a\\..\\..\\evil.geojson"]
)
def test_archive_that_climbs_out(tmp_path, member):
    path = tmp_path / "evil.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(member, "{}")
    with pytest.raises(SourceError, match=r"evil\.zip has a member that climbs out"):
        read(path)
    assert list(tmp_path.iterdir()) == [path]


def test_archive_that_would_fill_the_disk(tmp_path, monkeypatch):
    path = tmp_path / "bomb.zip"
    monkeypatch.setattr(files, "MAX_UNPACKED_BYTES", 1 << 20)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("big.geojson", b" " * (2 << 20))
    with pytest.raises(SourceError, match=r"bomb\.zip would unpack to 2 MB"):
        read(path)


def test_archive_without_a_layer(tmp_path):
    path = tmp_path / "photos.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("photo.jpg", b"x")
    with pytest.raises(SourceError, match=r"photos\.zip does not contain a layer"):
        read(path)


def test_cancelled(ledger):
    with pytest.raises(CancelledError):
        read(ledger, progress=Progress(cancelled=lambda: True))


def test_fiona_where_pyogrio_is_missing(ledger, monkeypatch, sites):
    fiona = pytest.importorskip("fiona")
    with_pyogrio = read(ledger)
    monkeypatch.setattr(vector, "pyogrio", None)
    monkeypatch.setattr(vector, "fiona", fiona, raising=False)
    again = read(ledger)
    pd.testing.assert_frame_equal(again.tables["sites"], with_pyogrio.tables["sites"])
    assert counts(again) == (6, 4, 2)
