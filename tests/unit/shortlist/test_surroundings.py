# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import rasterio.features
import shapely
from rasterio.transform import from_origin

from yochi.plugin.core import contracts
from yochi.plugin.core.errors import ContractError, SourceError
from yochi.plugin.core.shortlist.surroundings import Around, measure_facts
from yochi.plugin.core.shortlist.surroundings.scanlines import cells
from yochi.plugin.core.shortlist.surroundings.slope import slope_percent

CELL = 5.0


def layer(*shapes, crs=6677, **columns) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, index=range(len(shapes)), geometry=list(shapes), crs=crs)


@pytest.fixture
def sites(make_sites):
    return make_sites([shapely.box(0, 0, 100, 100), shapely.box(1000, 0, 1100, 100), None], available_ha=1.0)


@pytest.fixture
def dem(tmp_path):
    """Heights as a function of the place, 1 km by 1 km north-east of the origin; written with a reference system."""

    def write(height, *, crs="EPSG:6677", holes=()) -> object:
        x = np.arange(200) * CELL + CELL / 2
        east, north = np.meshgrid(x, 1000 - x)
        values = np.array(height(east, north), dtype="float32")
        for row, column in holes:
            values[row, column] = -9999
        path = tmp_path / "dem.tif"
        profile = {"driver": "GTiff", "width": 200, "height": 200, "count": 1, "dtype": "float32", "nodata": -9999}
        with rasterio.open(path, "w", **profile, crs=crs, transform=from_origin(0, 1000, CELL, CELL)) as raster:
            raster.write(values, 1)
        return path

    return write


def test_distances_run_from_the_edge_and_are_zero_inside(sites) -> None:
    around = Around(
        interchanges=layer(shapely.Point(400, 50), shapely.Point(5000, 50)),
        ports=layer(shapely.LineString([(0, -300), (2000, -300)])),
        clusters=layer(shapely.box(50, 50, 60, 60)),
    )
    found = measure_facts(sites, around).sites
    assert found["distance_interchange_m"].tolist()[:2] == [300.0, 600.0]
    assert found["distance_port_m"].tolist()[:2] == [300.0, 300.0]
    assert found["distance_cluster_m"].tolist()[:2] == [0.0, 940.0]
    assert found["distance_interchange_m"].isna().iloc[2] and found["distance_station_m"].isna().all()


def test_maps_may_be_in_another_reference_system(sites) -> None:
    here = measure_facts(sites, Around(ports=layer(shapely.Point(400, 50)))).sites
    elsewhere = measure_facts(sites, Around(ports=layer(shapely.Point(400, 50)).to_crs(4326))).sites
    np.testing.assert_allclose(here["distance_port_m"], elsewhere["distance_port_m"], atol=0.01)
    with pytest.raises(SourceError):
        measure_facts(sites, Around(ports=layer(shapely.Point(400, 50), crs=None)))


def test_what_a_table_states_is_left_as_it_is(sites) -> None:
    stated = sites.assign(distance_port_m=[7.0, np.nan, 9.0])
    measured = measure_facts(stated, Around(ports=layer(shapely.Point(400, 50), source_id="C02", basis="reported")))
    assert measured.sites["distance_port_m"].tolist() == [7.0, 600.0, 9.0]
    line = measured.fact_sources.iloc[0]
    assert line[["stated", "measured", "unknown"]].tolist() == [2, 1, 0]
    assert (line["column"], line["source_id"], line["basis"]) == ("distance_port_m", "C02", "reported")


@pytest.mark.parametrize(("complete", "dry"), [(("floods",), 0.0), ((), np.nan)])
def test_land_outside_a_map_is_dry_only_where_the_map_is_complete(sites, complete, dry) -> None:
    floods = layer(shapely.box(50, 50, 500, 500), shapely.box(0, 0, 10, 10), depth_m=[0.5, 3.0])
    found = measure_facts(sites, Around(floods=floods, complete=complete)).sites["flood_depth_m"]
    np.testing.assert_equal(found.tolist(), [3.0, dry, np.nan])


def test_water_of_unknown_depth_is_not_shallow(sites) -> None:
    floods = layer(shapely.box(50, 50, 500, 500), shapely.box(0, 0, 10, 10), depth_m=[0.5, np.nan])
    found = measure_facts(sites, Around(floods=floods, complete=["floods"])).sites["flood_depth_m"]
    np.testing.assert_equal(found.tolist(), [np.nan, 0.0, np.nan])


def test_an_area_that_only_touches_does_not_reach_into_a_site(sites) -> None:
    areas = layer(shapely.box(100, 0, 200, 100), shapely.box(1050, 0, 1051, 1))
    around = Around(landslides=areas, farmland=areas, complete=["landslides"])
    found = measure_facts(sites, around).sites
    assert found["landslide"].tolist() == ["no", "yes", None]
    assert found["farmland_restricted"].tolist() == [None, "yes", None]


def test_room_next_door(sites) -> None:
    free = layer(shapely.box(105, 0, 305, 100), shapely.box(-50, 0, 50, 100), shapely.box(120, 500, 400, 900))
    found = measure_facts(sites, Around(free_land=free, next_door_m=10)).sites["extension_ha"]
    np.testing.assert_allclose(found, [2.5, 0.0, np.nan])


def test_slope_of_a_plane(make_sites, dem) -> None:
    sites = make_sites(
        [shapely.box(100, 100, 300, 300), shapely.box(402, 402, 403, 403), shapely.Point(5, 5), None], available_ha=1.0
    )
    path = dem(lambda east, north: 0.03 * east + 0.04 * north)
    mean, steepest = slope_percent(sites, path)
    np.testing.assert_allclose(mean, [5.0, 5.0, np.nan, np.nan], rtol=1e-3)  # the second lies within one cell
    np.testing.assert_allclose(steepest, mean, rtol=1e-3)


@pytest.mark.parametrize("block", [16, 64, 1024])
def test_slope_does_not_depend_on_the_blocks(make_sites, dem, block) -> None:
    generator = np.random.default_rng(5)
    corners = generator.uniform(20, 800, (40, 2))
    shapes = [
        shapely.box(x, y, x + side, y + side)
        for (x, y), side in zip(corners, generator.uniform(2, 160, 40), strict=True)
    ]
    path = dem(lambda east, north: 8 * np.sin(east / 60) + 5 * np.cos(north / 40))
    mean, steepest = slope_percent(make_sites(shapes), path, block=block)
    one_by_one = np.array([np.concatenate(slope_percent(make_sites([one]), path)) for one in shapes])
    np.testing.assert_allclose(np.column_stack([mean, steepest]), one_by_one)
    assert (steepest >= mean).all() and np.isfinite(mean).all()


def test_slope_of_one_cell_after_the_other(make_sites, dem) -> None:
    """Against cells that are looked up one by one."""
    path = dem(lambda east, north: (east / 100) ** 2 + north / 50)
    site = shapely.box(203, 203, 297, 251)
    centres = [
        (x, y) for x in np.arange(2.5, 1000, 5) for y in np.arange(2.5, 1000, 5) if site.contains(shapely.Point(x, y))
    ]
    by_hand = [100 * np.hypot(((x + 5) ** 2 - (x - 5) ** 2) / 1e4 / 10, 1 / 50) for x, _ in centres]
    mean, steepest = slope_percent(make_sites([site]), path)
    assert mean[0] == pytest.approx(np.mean(by_hand), rel=1e-4)
    assert steepest[0] == pytest.approx(np.max(by_hand), rel=1e-4)


def test_cells_are_those_that_gdal_draws() -> None:
    """Polygons with holes and parts, some beyond the grid, against rasterio one by one."""
    generator = np.random.default_rng(7)
    discs = shapely.buffer(shapely.points(generator.uniform(-20, 220, (60, 2))), generator.uniform(0.3, 40, 60))
    holed = shapely.difference(discs, shapely.buffer(shapely.centroid(discs), 3.3))
    shapes = np.array([shapely.union(one, other) for one, other in zip(holed, np.roll(discs, 1), strict=True)])
    transform = from_origin(0, 200, 2.5, 2.0)
    polygon, cell = cells(shapes, transform, 100, 80)
    for number, shape in enumerate(shapes):
        drawn = rasterio.features.rasterize([shape], (100, 80), transform=transform, dtype="uint8")
        assert np.sort(cell[polygon == number]).tolist() == np.flatnonzero(drawn).tolist()
    assert (np.diff(polygon) >= 0).all()


def test_slope_is_unknown_beyond_the_raster_and_in_its_holes(make_sites, dem) -> None:
    path = dem(lambda east, north: east, holes=[(150, 50)])
    beyond, holed, hole = (
        shapely.box(900, 500, 1100, 600),
        shapely.box(200, 200, 400, 400),
        shapely.box(251, 246, 253, 248),
    )
    mean, steepest = slope_percent(make_sites([beyond, holed, hole]), path)
    np.testing.assert_allclose(mean, [np.nan, 100.0, np.nan], rtol=1e-3)
    assert np.isnan(steepest).all()


def test_a_raster_that_cannot_be_used_is_named(sites, dem, tmp_path) -> None:
    with pytest.raises(SourceError, match="no reference system"):
        slope_percent(sites, dem(lambda east, north: east, crs=None))
    (tmp_path / "no.tif").write_text("x", encoding="utf-8")
    with pytest.raises(SourceError, match=r"no\.tif"):
        slope_percent(sites, tmp_path / "no.tif")


def test_facts_and_their_sources_keep_their_contracts(sites, dem) -> None:
    around = Around(ports=layer(shapely.Point(0, 0)), dem=dem(lambda east, north: east))
    measured = measure_facts(sites, around)
    assert contracts.faults(measured.sites, contracts.SITES) == []
    assert contracts.faults(measured.fact_sources, contracts.ON_REQUEST["fact_sources"]) == []
    assert set(measured.fact_sources["column"]) == {"distance_port_m", "slope_percent", "steepest_slope_percent"}
    assert measured.sites.index.tolist() == sites.index.tolist()


def test_nothing_around_tells_nothing(sites) -> None:
    assert measure_facts(sites, Around()).fact_sources.empty


def test_maps_that_cannot_be_are_refused() -> None:
    with pytest.raises(ContractError, match="volcano"):
        Around(complete=["volcano"])
    with pytest.raises(ContractError, match="depth_m"):
        Around(floods=layer(shapely.box(0, 0, 1, 1)))
