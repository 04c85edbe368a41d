# SPDX-License-Identifier: GPL-2.0-or-later
"""Lines and points: the coast and the wells, and what is drawn wrongly in them."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely

from yochi.plugin.core import sources

SHAPES = {
    "coastline": [shapely.LineString([(139, 35, 1), (140, 35, 1)]), shapely.Point(139, 35)],
    "wells": [shapely.Point(139, 35), shapely.box(139, 35, 140, 36)],
}


@pytest.mark.parametrize("name", SHAPES)
def test_lines_and_points_are_read_flat_and_anything_else_is_listed(tmp_path, name) -> None:
    path = tmp_path / f"{name}.gpkg"
    key = {"coastline": "coastline_id", "wells": "well_id"}[name]
    gpd.GeoDataFrame({key: ["a", "b"]}, geometry=SHAPES[name], crs=6668).to_file(path, layer=name)
    reading = sources.read(path)
    assert reading.tables[name][key].tolist() == ["a"]
    assert not reading.tables[name].geometry.has_z.any()
    row = reading.source.iloc[0]
    assert (row["rows_read"], row["rows_used"], row["rows_rejected"]) == (2, 1, 1)
    assert reading.fixlist["severity"].tolist() == ["rejected"]


def test_answers_about_ports_come_as_a_table(tmp_path) -> None:
    path = tmp_path / "ports.csv"
    path.write_text(
        "port,bunku,bans_housing\n川崎港臨港地区,unknown,yes\n川崎港臨港地区,工業港区,no\n", encoding="cp932"
    )
    reading = sources.read(path)
    table = reading.tables["port_ordinances"]
    assert table["bunku"].tolist() == ["unknown", "industrial"]
    assert table["bans_housing"].tolist() == ["yes", "no"]
