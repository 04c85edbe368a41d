# SPDX-License-Identifier: GPL-2.0-or-later
"""PLATEAU urf: the real files of Kawasaki and Numazu, and what a broken file does."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from yochi.plugin.core import crs
from yochi.plugin.core.contracts import PORT_ZONES, ZONES, validate
from yochi.plugin.core.errors import SourceError
from yochi.plugin.core.sources import read, recognise

RING = "35.49 139.70 0 35.50 139.70 0 35.50 139.71 0 35.49 139.71 0 35.49 139.70 0"


@pytest.fixture(scope="module")
def kawasaki(real_data):
    return real_data / "plateau" / "kawasaki"


@pytest.fixture(scope="module")
def numazu(real_data):
    return read(real_data / "plateau" / "numazu" / "523857_urf_6668_op.gml")


def counts(reading):
    return tuple(reading.source.loc[0, ["rows_read", "rows_used", "rows_rejected"]])


def test_use_districts_of_kawasaki(kawasaki):
    path = kawasaki / "533915_urf_6668_yoto_op.gml"
    assert recognise(path) == "plateau-urf"
    reading = read(path)
    zones = reading.tables["zones"]
    validate(zones, ZONES)
    assert set(reading.tables) == {"zones"}
    assert counts(reading) == (4, 4, 0)
    assert zones["code"].tolist() == ["13", "11", "13", "13"]
    assert zones["zone"].tolist() == ["exclusive_industrial", "quasi_industrial"] + ["exclusive_industrial"] * 2
    assert set(zones["code_system"]) == {"plateau-urf"}
    assert zones["floor_area_ratio_percent"].tolist() == [200] * 4
    assert zones["building_coverage_percent"].tolist() == [60, 60, 40, 40]
    assert zones["valid_from"].unique().tolist() == ["2009-11-11"]
    assert zones["muni_code"].unique().tolist() == ["14130"]
    assert zones.loc[0, "zone_id"] == "urf_1dd92d7f-5361-4515-a933-cec0ebcbc48b"
    assert zones.crs.to_epsg() == 6668
    assert not zones.has_z.any()
    assert crs.area_ha(zones).round(1).tolist() == [47.2, 41.1, 115.5, 381.0]


def test_port_zones_of_kawasaki_have_no_bunku(kawasaki):
    reading = read(kawasaki / "533915_urf_6668_rinko_op.gml")
    ports = reading.tables["port_zones"]
    validate(ports, PORT_ZONES)
    assert set(reading.tables) == {"port_zones"}
    assert len(ports) == 2
    assert set(ports["port"]) == {"川崎港臨港地区"}
    assert set(ports["bunku"]) == {"unknown"}
    assert set(ports["ordinance_bans_housing"]) == {"unknown"}


def test_urbanization_promotion_area_has_a_zone_that_its_file_does_not_name(kawasaki):
    zones = read(kawasaki / "533915_urf_6668_kuiki_op.gml").tables["zones"]
    assert zones["zone"].tolist() == ["unknown", "unknown"]
    assert zones["code"].tolist() == ["22", "22"]


def test_ogishima_in_exclusive_industrial_zone(real_data, kawasaki):
    sites = read(real_data / "ksj" / "L05-1-09_14-g_IndustrialComplex.geojson").tables["sites"].to_crs(6677)
    zones = read(kawasaki / "533915_urf_6668_yoto_op.gml").tables["zones"].to_crs(6677)
    ports = read(kawasaki / "533915_urf_6668_rinko_op.gml").tables["port_zones"].to_crs(6677)
    ogishima = sites.loc[sites["name"] == "扇島工業地区"].geometry.item()
    exclusive = zones[zones["zone"] == "exclusive_industrial"]
    assert exclusive.intersection(ogishima).area.sum() / 1e4 == pytest.approx(380.66, abs=0.01)
    assert ports.intersection(ogishima).area.sum() / 1e4 == pytest.approx(380.63, abs=0.01)


def test_numazu(numazu):
    zones = numazu.tables["zones"]
    districts = zones[zones["code_system"] == "plateau-urf"]
    assert len(districts) == 38
    assert districts["zone"].value_counts().to_dict() == {
        "exclusive_low_rise_1": 10,
        "residential_1": 9,
        "exclusive_mid_rise_1": 6,
        "exclusive_mid_rise_2": 5,
        "industrial": 3,
        "residential_2": 2,
        "quasi_industrial": 2,
        "quasi_residential": 1,
    }
    assert zones["zone"].tolist()[:3] == ["urbanization_control", "unknown", "unknown"]
    assert set(districts["floor_area_ratio_percent"]) == {60, 80, 100, 150, 200}
    assert counts(numazu) == (41, 41, 0)


def test_other_kinds_are_named_once_each(numazu):
    assert numazu.fixlist["field"].tolist() == ["ScenicDistrict", "SpecialUseDistrict"]
    assert numazu.fixlist["problem"].tolist()[0] == "4 features of this kind are not read"
    assert numazu.source.loc[0, "note"] == "not read: 4 ScenicDistrict, 2 SpecialUseDistrict"


def test_holes_are_holes(numazu, real_data):
    zones = numazu.tables["zones"]
    holes = zones.geometry.map(lambda shape: sum(len(part.interiors) for part in getattr(shape, "geoms", [shape])))
    assert holes.sum() == 1


def test_same_shapes_as_gdal(kawasaki, tmp_path):
    source = kawasaki / "533915_urf_6668_yoto_op.gml"
    copy = tmp_path / source.name
    copy.write_bytes(source.read_bytes())
    expected = gpd.read_file(copy)
    bounds = expected.total_bounds
    lon_first = bounds if bounds[0] > 100 else bounds[[1, 0, 3, 2]]
    np.testing.assert_allclose(read(source).tables["zones"].total_bounds, lon_first, atol=1e-9)


def urf(tmp_path, *members, srs="http://www.opengis.net/def/crs/EPSG/0/6697", ring=RING):
    body = "".join(
        f"<core:cityObjectMember>{member.replace('RING', ring)}</core:cityObjectMember>" for member in members
    )
    path = tmp_path / "made.gml"
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8"?><core:CityModel xmlns:core="http://www.opengis.net/citygml/2.0"'
        ' xmlns:gml="http://www.opengis.net/gml" xmlns:urf="https://www.geospatial.jp/iur/urf/3.0">'
        f'<gml:boundedBy><gml:Envelope srsName="{srs}" srsDimension="3"/></gml:boundedBy>{body}</core:CityModel>',
        encoding="utf-8",
    )
    return path


def member(kind, function, identifier="a", extra="", ring="RING"):
    surface = (
        "<urf:lod1MultiSurface><gml:MultiSurface><gml:surfaceMember><gml:Polygon><gml:exterior><gml:LinearRing>"
        f"<gml:posList>{ring}</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></gml:surfaceMember>"
        "</gml:MultiSurface></urf:lod1MultiSurface>"
    )
    return f'<urf:{kind} gml:id="{identifier}"><urf:function>{function}</urf:function>{surface}{extra}</urf:{kind}>'


def test_unknown_code_is_an_unknown_zone_and_named_with_its_feature(tmp_path):
    reading = read(urf(tmp_path, member("UseDistrict", "99", "urf_x"), member("UseDistrict", "12", "urf_y")))
    assert counts(reading) == (2, 2, 0)
    assert reading.tables["zones"][["zone", "code"]].values.tolist() == [["unknown", "99"], ["industrial", "12"]]
    line = reading.fixlist.iloc[0]
    assert (line["source_row"], line["value"], line["severity"]) == (1, "99", "warning")
    assert line["problem"] == "unknown code 99 of UseDistrict urf_x"


@pytest.mark.parametrize(("code", "zone"), [("22", "unknown"), ("23", "urbanization_control"), ("77", "unknown")])
def test_area_classification(tmp_path, code, zone):
    reading = read(urf(tmp_path, member("AreaClassification", code)))
    assert reading.tables["zones"]["zone"].tolist() == [zone]
    assert len(reading.fixlist) == (code == "77")


def test_a_feature_with_exchanged_axes_is_rejected(tmp_path):
    exchanged = "139.70 35.49 0 139.70 35.50 0 139.71 35.50 0 139.70 35.49 0"
    reading = read(
        urf(tmp_path, member("UseDistrict", "12", "bad", ring=exchanged), member("UseDistrict", "12", "good"))
    )
    assert counts(reading) == (2, 1, 1)
    assert reading.fixlist.loc[0, "remedy"] == "check whether longitude and latitude are exchanged"


def test_ratios_in_percent_and_bunku_code(tmp_path):
    ratios = "<urf:floorAreaRate>200</urf:floorAreaRate><urf:buildingCoverageRate>60</urf:buildingCoverageRate>"
    reading = read(
        urf(
            tmp_path,
            member("UseDistrict", "12", "u", ratios),
            member("PortZone", "30", "p", "<urf:usage>3</urf:usage>"),
            member("PortZone", "30", "q", "<urf:usage>44</urf:usage>"),
        )
    )
    zone = reading.tables["zones"].iloc[0]
    assert (zone["floor_area_ratio_percent"], zone["building_coverage_percent"]) == (200, 60)
    assert reading.tables["port_zones"]["bunku"].tolist() == ["industrial", "unknown"]
    assert reading.fixlist["value"].tolist() == ["44"]
    assert counts(reading) == (3, 3, 0)


@pytest.mark.parametrize("ring", ["35.49 139.70 0 35.50", "35.49 139.7 0 35.5 x 0", "35.5 139.7 0 nan nan 0", ""])
def test_a_ring_that_cannot_be_read_costs_the_feature(tmp_path, ring):
    reading = read(urf(tmp_path, member("UseDistrict", "12", "bad", ring=ring), member("UseDistrict", "12", "good")))
    assert counts(reading) == (2, 1, 1)
    assert reading.fixlist.loc[0, "field"] == "geometry"
    assert reading.tables["zones"]["zone_id"].tolist() == ["good"]


def test_hostile_files(tmp_path, kawasaki):
    whole = (kawasaki / "533915_urf_6668_yoto_op.gml").read_bytes()
    cut = tmp_path / "cut.gml"
    cut.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(SourceError, match=r"cut\.gml is broken XML at line \d+"):
        read(cut)
    with pytest.raises(SourceError, match="holds no use district"):
        read(urf(tmp_path, member("ScenicDistrict", "28")))
    with pytest.raises(SourceError, match=r"uses the reference system .*6677"):
        read(urf(tmp_path, member("UseDistrict", "12"), srs="http://www.opengis.net/def/crs/EPSG/0/6677"))
    trap = tmp_path / "trap.gml"
    trap.write_bytes(b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + whole[38:])
    with pytest.raises(SourceError, match="document type"):
        read(trap)


def test_repeated_feature_counts_once(tmp_path):
    reading = read(urf(tmp_path, member("UseDistrict", "12"), member("UseDistrict", "12")))
    assert counts(reading) == (2, 1, 1)
    assert pd.isna(reading.source.loc[0, "note"])
