# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from yochi.plugin.core.screening import compare


def made(make_sites, shapes, results, area_codes, hectares=None) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Sites that are one piece each, under one profile."""
    sites = make_sites(shapes, area_code=area_codes)
    sites["site_id"] = [f"s{number}" for number in range(len(sites))]
    measured = [shape.area / 1e4 if shape is not None else None for shape in shapes]
    pieces = sites[["site_id", "basis", "geometry"]].assign(
        piece=1,
        profile_id="own/x",
        profile_status="request",
        result=results,
        piece_ha=measured if hectares is None else hectares,
    )
    return pieces, sites


def test_hectares_by_area_and_within_areas(make_sites, areas) -> None:
    shapes = [shapely.box(0, 0, 100, 100), shapely.box(200, 0, 300, 200), shapely.box(2000, 0, 2100, 100)]
    pieces, sites = made(make_sites, shapes, ["met", "undecidable", "not_met"], ["14101", "14101", "14102"])
    table = compare(pieces, sites, areas).set_index("area_code")
    columns = ["met_ha", "not_met_ha", "undecidable_ha"]
    assert table.loc["14101", columns].tolist() == pytest.approx([1.0, 0.0, 2.0])
    assert table.loc["14", columns].tolist() == pytest.approx([1.0, 1.0, 2.0])
    assert table.loc["14", ["profile_status", "basis"]].tolist() == ["request", "derived"]


def test_land_under_two_sites_counts_once_and_neighbours_twice(make_sites, areas) -> None:
    same, beside = shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100)
    pieces, sites = made(make_sites, [same, same, beside], ["met"] * 3, ["14101"] * 3)
    assert compare(pieces, sites, areas).set_index("area_code").loc["14", "met_ha"] == pytest.approx(2.0, abs=1e-6)


def test_what_is_not_drawn_counts_as_stated(make_sites, areas) -> None:
    pieces, sites = made(make_sites, [None, None], ["undecidable"] * 2, ["14101", "unplaced"], [3.0, 4.0])
    table = compare(pieces, sites, areas).set_index("area_code")["undecidable_ha"]
    assert table.to_dict() == {"14": 3.0, "14101": 3.0, "unplaced": 4.0}


def test_a_synthetic_piece_makes_the_area_synthetic(make_sites, areas) -> None:
    shapes = [shapely.box(0, 0, 100, 100), shapely.box(200, 0, 300, 100)]
    pieces, sites = made(make_sites, shapes, ["met", "met"], ["14101", "14101"])
    mixed = pieces.assign(basis=["measured", "synthetic"])
    assert compare(mixed, sites, areas)["basis"].unique().tolist() == ["synthetic"]


def test_no_pieces_is_no_comparison(make_sites, areas) -> None:
    pieces, sites = made(make_sites, [], [], [])
    assert compare(gpd.GeoDataFrame(pieces, crs=6677), sites, areas).empty
    assert isinstance(compare(pieces, sites, areas), pd.DataFrame)
