# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import sqlite3
from contextlib import closing

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal

from yochi.plugin.core.errors import YochiError
from yochi.plugin.core.exports import geopackage
from yochi.plugin.core.exports.rtree import outward, pack

NODE_BYTES = 1228


@pytest.fixture
def path(tmp_path):
    return tmp_path / "tables.gpkg"


def make_frame(count, seed=1):
    random = np.random.default_rng(seed)
    x, y = random.uniform(135, 140, count), random.uniform(33, 36, count)
    return gpd.GeoDataFrame(
        {
            "name": [f"川崎 {number}" if number % 3 else None for number in range(count)],
            "ha": np.where(np.arange(count) % 4, random.uniform(0, 9, count), np.nan),
            "row": pd.array([None if number % 5 == 0 else number for number in range(count)], dtype="Int64"),
            "whole": np.arange(count),
        },
        geometry=shapely.box(x, y, x + 0.01, y + 0.02),
        crs=6668,
    )


def query(path, sql):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


@pytest.mark.parametrize("count", [1, 51, 52, 5_000])
def test_rows_come_back_through_gdal(path, count):
    frame = make_frame(count)
    geopackage.write([{"t": frame}], path)
    read = pyogrio.read_dataframe(path, layer="t").explode(ignore_index=True)
    assert_geodataframe_equal(read, frame, check_dtype=False)
    np.testing.assert_allclose(pyogrio.read_info(path, layer="t")["total_bounds"], frame.total_bounds, atol=1e-9)
    assert pyogrio.read_info(path, layer="t")["features"] == count


def test_file_and_spatial_index_are_sound(path):
    geopackage.write([{"t": make_frame(5_000)}], path)
    assert query(path, "PRAGMA integrity_check") == [("ok",)]
    assert query(path, "SELECT rtreecheck('rtree_t_geom')") == [("ok",)]


def test_spatial_index_finds_what_is_there_and_no_more(path):
    frame = make_frame(5_000)
    geopackage.write([{"t": frame}], path)
    box = (136.0, 34.0, 136.5, 34.2)
    found = pyogrio.read_dataframe(path, layer="t", bbox=box)["whole"]
    expected = frame[frame.intersects(shapely.box(*box))]["whole"]
    assert 0 < len(expected) < 500
    assert sorted(found) == sorted(expected)


def test_a_layer_that_was_packed_can_be_edited(path):
    """GDAL's triggers are back: rows that it adds and takes away are counted and found."""
    frame = make_frame(300)
    geopackage.write([{"t": frame}], path)
    far = frame.iloc[:1].set_geometry([shapely.MultiPolygon([shapely.box(150, 40, 151, 41)])], crs=6668)
    pyogrio.write_dataframe(far, path, layer="t", append=True)
    assert len(pyogrio.read_dataframe(path, layer="t", bbox=(149, 39, 152, 42))) == 1
    assert query(path, "SELECT feature_count FROM gpkg_ogr_contents") == [(301,)]
    assert query(path, "SELECT rtreecheck('rtree_t_geom')") == [("ok",)]


def test_blocks_make_the_file_that_the_whole_makes(path, tmp_path):
    frame, table = make_frame(1_000), pd.DataFrame({"a": ["x", None], "n": [1.5, np.nan]})
    geopackage.write([{"t": frame, "p": pd.concat([table, table])}], path)
    blocks = ({"t": frame.iloc[start : start + 500], "p": table} for start in (0, 500))
    geopackage.write(blocks, tmp_path / "blocks.gpkg")
    for name in ("t", "p"):
        assert query(path, f"SELECT * FROM {name}") == query(tmp_path / "blocks.gpkg", f"SELECT * FROM {name}")
    assert query(tmp_path / "blocks.gpkg", "SELECT rtreecheck('rtree_t_geom')") == [("ok",)]


def test_missing_empty_and_solid_geometry(path):
    solid = shapely.force_3d(shapely.box(1, 1, 2, 2), 5.0)
    frame = gpd.GeoDataFrame({"n": [1, 2, 3]}, geometry=[None, shapely.Polygon(), solid], crs=6668)
    geopackage.write([{"t": frame}], path)
    read = pyogrio.read_dataframe(path, layer="t")
    assert list(read.geometry.isna()) == [True, True, False]
    assert not read.geometry.has_z.any()
    assert query(path, "SELECT id FROM rtree_t_geom") == [(3,)]


def test_shapes_of_different_kinds_in_one_layer(path):
    shapes = [shapely.Point(1, 2), shapely.box(1, 1, 2, 2), shapely.LineString([(0, 0), (3, 3)])]
    geopackage.write([{"t": gpd.GeoDataFrame({"n": [1, 2, 3]}, geometry=shapes, crs=6668)}], path)
    read = pyogrio.read_dataframe(path, layer="t").explode(ignore_index=True)
    assert [one.equals(two) for one, two in zip(read.geometry, shapes, strict=True)] == [True] * 3
    assert query(path, "SELECT geometry_type_name FROM gpkg_geometry_columns") == [("GEOMETRY",)]


def test_a_block_of_another_kind_than_the_first_is_refused(path):
    frame = make_frame(2)
    points = frame.set_geometry(shapely.centroid(frame.geometry.to_numpy()), crs=6668)
    with pytest.raises(YochiError, match="Table t holds MultiPolygon and would get MultiPoint"):
        geopackage.write([{"t": frame}, {"t": points}], path)


def test_packed_boxes_hold_what_is_below_them():
    random = np.random.default_rng(2)
    low = random.uniform(-1e5, 1e5, (4_000, 2))
    bounds = np.column_stack([low[:, 0], low[:, 0] + 3, low[:, 1], low[:, 1] + 7])
    boxes = outward(bounds)
    assert (boxes[:, ::2] <= bounds[:, ::2]).all() and (boxes[:, 1::2] >= bounds[:, 1::2]).all()
    leaves, *above = pack(np.arange(1, 4_001), boxes, NODE_BYTES)
    assert sorted(leaves.cells["id"]) == list(range(1, 4_001))
    below = leaves
    for level in above:
        inner = dict(zip(below.numbers, np.split(below.cells["box"], below.start[1:]), strict=True))
        assert sorted(level.cells["id"]) == sorted(below.numbers)
        for node, held in level.cells:
            assert (held[::2] <= inner[node][:, ::2]).all() and (held[1::2] >= inner[node][:, 1::2]).all()
        below = level
    assert below.numbers.tolist() == [1]
