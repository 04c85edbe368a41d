# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import os
import sqlite3

import geopandas as gpd
import pandas as pd
import pytest
from geopandas.testing import assert_geodataframe_equal

from yochi.plugin.core import contracts
from yochi.plugin.core.errors import YochiError
from yochi.plugin.core.exports import ledger


@pytest.fixture
def path(tmp_path):
    folder = tmp_path / "出力 folder"
    folder.mkdir()
    return folder / "台帳 ledger.gpkg"


def query(path, sql):
    connection = sqlite3.connect(path)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def test_every_table_is_there_with_its_columns(tables, path):
    ledger.write(tables, path)
    kinds = dict(query(path, "SELECT table_name, data_type FROM gpkg_contents"))
    assert set(kinds) == set(tables)
    for name, contract in contracts.TABLES.items():
        columns = {row[1] for row in query(path, f"PRAGMA table_info({name})")}
        assert set(contract.column_names) <= columns
        assert kinds[name] == ("attributes" if contract.geometry == "none" else "features")


def test_version_is_one_that_qgis_on_an_older_gdal_knows(tables, path):
    ledger.write(tables, path)
    assert query(path, "PRAGMA user_version") == [(10200,)]


def test_reference_system_is_jgd2011_and_polygons_are_multipolygons(tables, path):
    tables["sites"] = tables["sites"].to_crs(4326)
    ledger.write(tables, path)
    found = query(path, "SELECT srs_id, geometry_type_name FROM gpkg_geometry_columns WHERE table_name = 'sites'")
    assert found == [(6668, "MULTIPOLYGON")]


def test_keys_types_and_unknowns_are_kept(tables, path):
    ledger.write(tables, path)
    rows = query(path, "SELECT site_id, area_code, available_ha, source_row FROM sites")
    assert rows == [
        ("H1", "14", 222.0, 4),
        ("I1", "14130", 10.004, 1),
        ("I2", "01", 10.004, None),
        ("I3", "01", None, 3),
    ]


def test_table_is_read_as_it_was_written(tables, path):
    ledger.write(tables, path)
    read = ledger.read_table(path, "sites")
    expected = tables["sites"].sort_values("site_id", ignore_index=True)
    assert list(read["geometry"].isna()) == list(expected["geometry"].isna())
    drawn = expected["geometry"].notna()
    assert_geodataframe_equal(
        read[drawn].explode(ignore_index=True), expected[drawn].reset_index(drop=True), check_like=True
    )


def test_table_of_no_rows_is_read_with_its_columns(tables, path):
    ledger.write(tables, path)
    read = ledger.read_table(path, "overlaps")
    pd.testing.assert_frame_equal(read, tables["overlaps"], check_index_type=False)


def test_layer_without_any_geometry_can_be_written(tables, path):
    tables["sites"] = contracts.conform(
        gpd.GeoDataFrame(tables["sites"].drop(columns="geometry"), geometry=[None] * 4), contracts.SITES
    )
    ledger.write(tables, path)
    assert query(path, "SELECT count(*) FROM sites WHERE geom IS NULL") == [(4,)]


def test_same_tables_give_same_bytes_in_any_order_of_rows(tables, path):
    ledger.write(tables, path)
    first = path.read_bytes()
    tables["sites"] = tables["sites"].iloc[::-1].reset_index(drop=True)
    ledger.write(tables, path)
    assert path.read_bytes() == first


@pytest.mark.parametrize("stop", [ValueError, KeyboardInterrupt])
def test_interrupted_run_leaves_the_old_ledger_whole(tables, path, stop):
    ledger.write(tables, path)
    before = path.read_bytes()
    with pytest.raises(stop), ledger.replace(path) as draft:
        assert draft.name == path.name
        draft.write_bytes(b"half a ledger")
        raise stop
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_stale_companions_are_removed(tables, path):
    ledger.write(tables, path)
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).write_bytes(b"")
    ledger.write(tables, path)
    assert list(path.parent.iterdir()) == [path]


def test_missing_folder_is_named(tables, tmp_path):
    with pytest.raises(YochiError, match=r"folder .*nowhere is not there"):
        ledger.write(tables, tmp_path / "nowhere" / "ledger.gpkg")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_read_only_folder_is_named(tables, path):
    path.parent.chmod(0o500)
    try:
        with pytest.raises(YochiError, match="Nothing can be written"):
            ledger.write(tables, path)
    finally:
        path.parent.chmod(0o700)


def test_ledger_that_is_being_edited_is_left_alone(tables, path):
    ledger.write(tables, path)
    before = path.read_bytes()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(YochiError, match="is being edited in another program"):
            ledger.write(tables, path)
    finally:
        other.execute("ROLLBACK")
        other.close()
    assert path.read_bytes() == before


def test_missing_ledger_is_named(tmp_path):
    with pytest.raises(YochiError, match="is not there"):
        ledger.read_table(tmp_path / "none.gpkg", "sites")
