# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely

from yochi.plugin.core import crs
from yochi.plugin.core.errors import SourceError
from yochi.plugin.core.geometry import flat
from yochi.plugin.core.resources import code_list

CAPITALS = {  # prefectural offices, degrees: one for each zone that a mainland prefecture has
    "14": (139.6425, 35.4478, 6677),
    "42": (129.8737, 32.7448, 6669),
    "40": (130.4017, 33.5902, 6670),
    "34": (132.4596, 34.3853, 6671),
    "39": (133.5311, 33.5594, 6672),
    "28": (135.1955, 34.6901, 6673),
    "27": (135.5023, 34.6937, 6674),
    "23": (136.9066, 35.1815, 6675),
    "20": (138.1812, 36.6513, 6676),
    "02": (140.7474, 40.8246, 6678),
    "47": (127.6809, 26.2124, 6683),
}
ISLANDS = [
    ("01", 140.73, 41.77, 6679),  # Hakodate
    ("01", 141.35, 43.06, 6680),  # Sapporo
    ("01", 144.38, 42.98, 6681),  # Kushiro
    ("13", 142.19, 27.09, 6682),  # Chichijima
    ("46", 129.49, 28.38, 6669),  # Amami
    ("46", 130.56, 31.60, 6670),  # Kagoshima
    ("47", 124.16, 24.34, 6684),  # Ishigaki
    ("47", 131.23, 25.83, 6685),  # Minamidaito
    ("13", 136.08, 20.42, 6686),  # Okinotorishima
    ("13", 153.98, 24.29, 6687),  # Minamitorishima
]


def points(rows: list[tuple[str, float, float]]) -> gpd.GeoDataFrame:
    shapes = [shapely.Point(lon, lat).buffer(0.001) for _, lon, lat in rows]
    return gpd.GeoDataFrame({"pref_code": [code for code, _, _ in rows]}, geometry=shapes, crs=crs.JGD2011)


def test_each_prefecture_has_its_zone() -> None:
    frame = points([(code, lon, lat) for code, (lon, lat, _) in CAPITALS.items()])
    assert crs.plane_zones(frame).tolist() == [zone for _, _, zone in CAPITALS.values()]


def test_islands_have_the_zone_of_the_notice() -> None:
    frame = points([row[:3] for row in ISLANDS])
    assert crs.plane_zones(frame).tolist() == [row[3] for row in ISLANDS]


def test_without_a_prefecture_the_nearest_origin_decides_and_the_scale_stays_true() -> None:
    frame = points([(code, lon, lat) for code, (lon, lat, _) in CAPITALS.items()])
    blind = frame.drop(columns="pref_code")
    np.testing.assert_allclose(crs.area_ha(blind), crs.area_ha(frame), rtol=4e-4)


def test_zones_are_the_projections_that_their_codes_say() -> None:
    for row in code_list("plane_zones"):
        system = pyproj.CRS.from_epsg(int(row["epsg"]))
        assert "Japan Plane Rectangular CS " + row["roman"] in system.name
        origin = pyproj.Transformer.from_crs(system, crs.JGD2011, always_xy=True).transform(0, 0)
        assert origin == pytest.approx((float(row["origin_lon"]), float(row["origin_lat"])), abs=1e-6)


def test_area_agrees_with_the_ellipsoid() -> None:
    frame = points([(code, lon, lat) for code, (lon, lat, _) in CAPITALS.items()])
    geod = pyproj.Geod(ellps="GRS80")
    geodesic = [abs(geod.geometry_area_perimeter(shape)[0]) / 1e4 for shape in frame.geometry]
    np.testing.assert_allclose(crs.area_ha(frame), geodesic, rtol=4e-4)


def test_area_keeps_the_index_and_knows_nothing_of_missing_geometry() -> None:
    frame = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 200, 100), None], index=["a", "b"], crs=6677)
    areas = crs.area_ha(frame)
    assert areas.index.tolist() == ["a", "b"]
    assert areas["a"] == pytest.approx(2.0) and np.isnan(areas["b"])


def test_a_layer_without_reference_system_is_refused() -> None:
    with pytest.raises(SourceError, match="no coordinate reference system"):
        crs.area_ha(gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1, 1)]))


def test_what_lies_outside_japan() -> None:
    places = [
        shapely.Point(139.7, 35.5),
        shapely.Point(35.5, 139.7),
        shapely.box(0, 0, 139.7, 35.5),
        None,
        shapely.Point(),
    ]
    geometry = gpd.GeoSeries(places, index=list("abcde"), crs=crs.JGD2011)
    assert crs.outside_japan(geometry).to_dict() == {"a": False, "b": True, "c": True, "d": False, "e": False}
    assert not crs.outside_japan(gpd.GeoSeries([shapely.box(0, 0, 10, 10)], crs=6677)).any()
    assert crs.outside_japan(gpd.GeoSeries([shapely.box(35, 139, 36, 140)], crs=6672)).tolist() == [False]
    assert crs.outside_japan(gpd.GeoSeries([shapely.Point(5e6, 5e6)], crs=6677)).all()


def test_islands_lie_in_japan() -> None:
    assert not crs.outside_japan(points([row[:3] for row in ISLANDS]).geometry).any()


def test_a_reference_system_of_a_building_site_is_refused() -> None:
    local = pyproj.CRS.from_wkt('LOCAL_CS["site",LOCAL_DATUM["site",0],UNIT["metre",1],AXIS["x",EAST],AXIS["y",NORTH]]')
    with pytest.raises(SourceError, match="site has no place on the earth"):
        crs.outside_japan(gpd.GeoSeries([shapely.Point(1, 1)], crs=local))


def test_flat_repairs_and_drops_heights() -> None:
    bow_tie = shapely.Polygon([(0, 0, 5), (1, 1, 5), (1, 0, 5), (0, 1, 5)])
    flattened = flat(gpd.GeoSeries([bow_tie, None], crs=6677))
    assert flattened.iloc[0].is_valid and not flattened.iloc[0].has_z
    assert flattened.iloc[0].area == pytest.approx(0.5)
    assert flattened.iloc[1] is None
