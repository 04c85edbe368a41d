# SPDX-License-Identifier: GPL-2.0-or-later
"""規則49条の5 二号: what lies between land and the sea, which is south of y = 0."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
from rasterio.transform import from_origin

from yochi.plugin.core import screening
from yochi.plugin.core.errors import SourceError
from yochi.plugin.core.screening import Surroundings
from yochi.plugin.core.screening.layers import Sheet

LAND = shapely.box(0, 600, 200, 800)


@pytest.fixture(scope="module")
def profile(make_profile) -> screening.Profile:
    return make_profile({"corridor": {"kind": "seaward_corridor", "quay_width_m": 50, "max_distance_m": 3000}})


def ground(bands: list[tuple[float, float, str]], ports: list[dict] | None = None, **more: object) -> Surroundings:
    """Zones in bands from y to y, a coast along y = 0, and a port zone far away (so that there is none here)."""
    shapes = [shapely.box(-5000, low, 5000, high) for low, high, _ in bands]
    zones = gpd.GeoDataFrame(
        {"zone_id": [f"z{n}" for n in range(len(bands))], "zone": [zone for *_, zone in bands], "source_id": "z.gml"},
        geometry=shapes,
        crs=6677,
    )
    far = {"port": "遠い港", "bunku": "marina", "ordinance_bans_housing": "no", "geometry": shapely.box(8e3, 0, 9e3, 9)}
    rows = [{"port_zone_id": f"p{n}", **port} for n, port in enumerate([far, *(ports or [])])]
    coast = gpd.GeoDataFrame({"coastline_id": ["c"]}, geometry=[shapely.LineString([(-9e3, 0), (9e3, 0)])], crs=6677)
    return Surroundings(zones=zones, port_zones=gpd.GeoDataFrame(pd.DataFrame(rows), crs=6677), coastline=coast, **more)


def facts(row) -> tuple:
    return row["result"], row["reason"], row["subject"]


def test_nothing_else_to_the_sea(only, profile) -> None:
    found = only(LAND, profile, ground([(0, 2000, "exclusive_industrial")]))
    assert facts(found) == ("met", "nothing_else_to_the_sea", None)
    assert found["value"] == "nearest_sea"


def test_another_zone_between(only, profile) -> None:
    found = only(
        LAND,
        profile,
        ground([(0, 300, "exclusive_industrial"), (300, 400, "residential_1"), (400, 2000, "exclusive_industrial")]),
    )
    assert facts(found) == ("not_met", "zone_allows_housing", None)
    assert found["data_set"] == "z.gml"


@pytest.mark.parametrize(("width", "result"), [(19, "met"), (21, "not_met")])
def test_a_sliver_of_other_ground_is_none(only, profile, width, result) -> None:
    bands = [
        (0, 300, "exclusive_industrial"),
        (300, 300 + width, "commercial"),
        (300 + width, 2000, "exclusive_industrial"),
    ]
    assert only(LAND, profile, ground(bands))["result"] == result


def test_slivers_add_up(only, profile) -> None:
    strips = [(y, y + 15, "commercial" if y % 30 else "exclusive_industrial") for y in range(60, 600, 15)]
    assert only(LAND, profile, ground([(0, 60, "exclusive_industrial"), *strips]))["result"] == "not_met"


@pytest.mark.parametrize(("zoned_from", "result"), [(45, "met"), (65, "met"), (90, "undecidable")])
def test_quay_and_the_end_of_the_zoning(only, profile, zoned_from, result) -> None:
    found = only(LAND, profile, ground([(zoned_from, 2000, "exclusive_industrial")]))
    assert found["result"] == result
    if result == "undecidable":
        assert found["reason"] == "outside_zoning_data"


def test_an_unknown_bunku_on_the_way_asks_about_its_port(only, profile) -> None:
    port = {"port": "川崎港", "geometry": shapely.box(-1000, 100, 1000, 300)}
    zones = [(0, 2000, "exclusive_industrial")]
    assert facts(only(LAND, profile, ground(zones, [port]))) == ("undecidable", "bunku_unknown", "川崎港")
    for answer, result in (("yes", "met"), ("no", "not_met")):
        table = pd.DataFrame({"port": ["川崎港"], "bunku": "unknown", "bans_housing": answer})
        found = only(LAND, profile, ground(zones, [port], port_ordinances=table))
        assert found["result"] == result


def test_a_port_zone_beyond_the_zoning_is_ground_too(only, profile) -> None:
    port = {"port": "川崎港", "bunku": "industrial", "ordinance_bans_housing": "yes"}
    surroundings = ground(
        [(400, 2000, "exclusive_industrial")], [{**port, "geometry": shapely.box(-1000, 0, 1000, 400)}]
    )
    assert only(LAND, profile, surroundings)["result"] == "met"


def test_the_worst_ray_decides(only, profile) -> None:
    port = {
        "port": "川崎港",
        "bunku": "marina",
        "ordinance_bans_housing": "no",
        "geometry": shapely.box(170, 100, 400, 300),
    }
    found = only(LAND, profile, ground([(0, 2000, "exclusive_industrial")], [port]))
    assert facts(found) == ("not_met", "ordinance_allows_housing", None)


def test_not_met_comes_before_undecidable(only, profile) -> None:
    bands = [(0, 100, "unknown"), (100, 500, "exclusive_industrial"), (500, 550, "commercial"), (550, 900, "unknown")]
    assert only(LAND, profile, ground(bands))["reason"] == "zone_allows_housing"


def test_water_beyond_the_first_coast_is_not_land(only, profile) -> None:
    bands = [(0, 200, "residential_1"), (200, 2000, "exclusive_industrial")]
    surroundings = ground(bands)
    canal = [shapely.LineString([(-9e3, y), (9e3, y)]) for y in (0, 150, 200)]
    coast = gpd.GeoDataFrame({"coastline_id": ["a", "b", "c"]}, geometry=canal, crs=6677)
    surroundings = Surroundings(zones=surroundings.zones, port_zones=surroundings.port_zones, coastline=coast)
    assert only(LAND, profile, surroundings)["result"] == "met"


def test_land_on_the_shore_has_nothing_before_it(only, profile) -> None:
    zones = [(-100, 2000, "exclusive_industrial")]
    for shape in (shapely.box(0, 0, 100, 100), shapely.box(0, -30, 100, 100), shapely.box(0, 10, 100, 100)):
        assert only(shape, profile, ground(zones))["result"] == "met"


def test_no_sea_within_reach(only, profile) -> None:
    far = shapely.box(0, 4000, 100, 4100)
    found = only(far, profile, ground([(0, 9000, "exclusive_industrial")]))
    assert facts(found) == ("undecidable", "sea_not_reached", "coastline")
    assert facts(only(LAND, profile)) == ("undecidable", "coastline_not_loaded", "coastline")


def test_every_part_of_a_piece_has_its_own_corridor(only, profile) -> None:
    both = shapely.union(LAND, shapely.box(0, 0, 200, 200))
    bands = [(0, 300, "exclusive_industrial"), (300, 400, "residential_1"), (400, 2000, "exclusive_industrial")]
    assert len(shapely.get_parts(both)) == 2
    surroundings = ground([(-500, 5000, "exclusive_industrial")])
    assert only(both, profile, surroundings)["result"] == "met"
    assert only(both, profile, ground(bands))["result"] == "not_met"


def test_more_rays_than_pieces_in_many_chunks_give_the_same(make_sites, profile) -> None:
    shapes = [shapely.box(x, 600, x + 30, 630) for x in range(-1500, 1500, 60)]
    surroundings = ground(
        [(0, 2000, "exclusive_industrial")], [{"geometry": shapely.box(0, 100, 9000, 300), "port": "港"}]
    )
    result = screening.screen(make_sites(shapes), surroundings, [profile])
    expected = ["met" if shape.bounds[2] <= 0 else "undecidable" for shape in shapes]
    assert result.evidence["result"].tolist() == expected


# --- by the elevation model -------------------------------------------------------------------------------------------


def write_dem(path: Path, height, crs: str = "EPSG:6677") -> Path:
    """A raster of 10 m cells around the land; `height` is a function of x and y."""
    x, y = np.meshgrid(np.arange(-2000, 2000, 10) + 5, np.arange(3000, -1000, -10) - 5)
    profile = {"driver": "GTiff", "width": 400, "height": 400, "count": 1, "dtype": "float32", "nodata": -9999}
    with rasterio.open(path, "w", crs=crs, transform=from_origin(-2000, 3000, 10, 10), **profile) as raster:
        raster.write(height(x, y).astype("float32"), 1)
    return path


@pytest.mark.parametrize(
    ("height", "way", "result"),
    [
        (lambda x, y: y / 100, "flow_direction", "met"),
        (lambda x, y: -y / 100, "flow_direction", "undecidable"),  # inland: no sea that way
        (lambda x, y: 0 * x, "nearest_sea_flat", "met"),
        (lambda x, y: 0 * x - 9999, "nearest_sea_beyond_dem", "met"),
    ],
)
def test_direction_of_flow(only, profile, tmp_path, height, way, result) -> None:
    dem = write_dem(tmp_path / "標高.tif", height)
    found = only(LAND, profile, ground([(0, 4000, "exclusive_industrial")], dem=dem))
    assert (found["value"], found["result"]) == (way, result)


def test_flow_goes_round_what_lies_towards_the_nearest_sea(only, profile, tmp_path) -> None:
    port = {
        "port": "港",
        "bunku": "marina",
        "ordinance_bans_housing": "no",
        "geometry": shapely.box(-50, 100, 250, 300),
    }
    zones = [(0, 4000, "exclusive_industrial")]
    dem = write_dem(tmp_path / "dem.tif", lambda x, y: (y - x) / 100)
    assert only(LAND, profile, ground(zones, [port]))["result"] == "not_met"
    assert only(LAND, profile, ground(zones, [port], dem=dem))["result"] == "met"


def test_a_raster_that_cannot_be_used_is_named(only, profile, tmp_path) -> None:
    (tmp_path / "broken.tif").write_text("no raster")
    with pytest.raises(SourceError, match=r"broken\.tif"):
        only(LAND, profile, ground([(0, 4000, "exclusive_industrial")], dem=tmp_path / "broken.tif"))


def test_lengths_of_rays_over_polygons_are_those_of_geos() -> None:
    random = np.random.default_rng(3)
    shapes = []
    for number in range(40):
        middle, angle = random.uniform(0, 100, 2), np.sort(random.uniform(0, 2 * np.pi, 12))
        ring = middle + random.uniform(3, 20, (12, 1)) * np.c_[np.cos(angle), np.sin(angle)]
        shape = shapely.make_valid(shapely.Polygon(ring if number % 2 else ring[::-1]))
        shape = shapely.difference(shape, shapely.Point(*(middle + 1)).buffer(1.5, 4))
        shapes.append(shapely.union(shape, shapely.box(*(middle + 30), *(middle + 33))) if number % 3 == 0 else shape)
    polygons = np.array(shapes)
    origin, direction = random.uniform(0, 100, (200, 2)), random.normal(size=(200, 2))
    direction /= np.hypot(*direction.T)[:, None]
    metres = np.sort(random.uniform(-50, 80, (200, 2)), axis=1)
    ray, polygon, length = Sheet(polygons, np.arange(40)).lengths(origin, direction, metres)
    found = np.zeros((200, 40))
    found[ray, polygon] = length
    lines = shapely.linestrings(origin[:, None] + direction[:, None] * metres[..., None])
    np.testing.assert_allclose(found, shapely.length(shapely.intersection(lines[:, None], polygons[None])), atol=1e-9)
