# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from yochi.plugin.core import contracts
from yochi.plugin.core.errors import ContractError
from yochi.plugin.core.shortlist import Limits, assemble


def parcels(*boxes, **columns) -> gpd.GeoDataFrame:
    shapes = [one if isinstance(one, shapely.Geometry) else shapely.box(*one) for one in boxes]
    names = [f"p{number:03d}" for number in range(1, len(shapes) + 1)]
    return gpd.GeoDataFrame({"parcel_id": names, **columns}, geometry=shapes, crs=6677)


def grid(columns: int, rows: int, side_m: float = 100.0, **more) -> gpd.GeoDataFrame:
    """Parcels row by row from the lower left."""
    boxes = [(x * side_m, y * side_m, (x + 1) * side_m, (y + 1) * side_m) for y in range(rows) for x in range(columns)]
    return parcels(*boxes, **more)


def members(found) -> list[list[str]]:
    return sorted(found.parcels.groupby("assembly_id")["parcel_id"].agg(sorted).tolist())


def test_parcels_are_joined_until_the_area_is_reached() -> None:
    found = assemble(grid(2, 2), 4)
    assert members(found) == [["p001", "p002", "p003", "p004"]]
    one = found.assemblies.iloc[0]
    assert one["area_ha"] == pytest.approx(4.0) and one["compactness"] == pytest.approx(np.pi / 4)
    assert one["assembly_id"] == "p001+3" and not found.stopped


def test_compact_before_long() -> None:
    found = assemble(grid(4, 4), 4)
    assert found.assemblies["parcels"].tolist() == [4] * len(found.assemblies)
    assert (found.assemblies["compactness"] > 0.7).all()
    assert found.assemblies["rank"].tolist() == list(range(1, len(found.assemblies) + 1))
    assert found.assemblies["compactness"].is_monotonic_decreasing


def test_a_corner_is_no_neighbour() -> None:
    diagonal = parcels((0, 0, 100, 100), (100, 100, 200, 200))
    assert assemble(diagonal, 2).assemblies.empty
    assert assemble(diagonal, 2, across_m=20).assemblies.empty


def test_a_crossing_does_not_join_its_corners() -> None:
    crossing = parcels((0, 0, 100, 100), (106, 106, 206, 206))
    assert assemble(crossing, 2, across_m=12).assemblies.empty


@pytest.mark.parametrize(("across_m", "joined"), [(0, 0), (5.9, 0), (6.1, 1)])
def test_a_road_is_crossed_where_it_is_narrow_enough(across_m, joined) -> None:
    found = assemble(parcels((0, 0, 100, 100), (106, 0, 206, 100)), 2, across_m=across_m)
    assert len(found.assemblies) == joined
    if joined:
        assert found.assemblies["roads_crossed"].tolist() == [1]
        assert found.assemblies["area_ha"].tolist() == [pytest.approx(2.0)]  # the road is not counted


def test_lines_that_nearly_meet_are_one_line() -> None:
    assert len(assemble(parcels((0, 0, 100, 100), (100.05, 0, 200, 100)), 1.99).assemblies) == 1


def test_owners_are_counted_and_unknown_ones_are_not_guessed() -> None:
    owners = ["a", "b", "a", None]
    found = assemble(grid(2, 2, owner=owners), 4, owner="owner").assemblies.iloc[0]
    assert (found["owners"], found["owners_unknown"]) == (2, 1)
    assert assemble(grid(2, 2), 4).assemblies["owners"].isna().all()


def test_a_parcel_that_is_large_enough_stands_alone() -> None:
    found = assemble(parcels((0, 0, 300, 300), (300, 0, 400, 300)), 5)
    assert found.assemblies["assembly_id"].tolist() == ["p001"]


def test_what_cannot_reach_the_area_is_left() -> None:
    found = assemble(grid(3, 1), 4)
    assert found.assemblies.empty and found.parcels.empty and not found.stopped
    assert contracts.faults(found.assemblies, contracts.ON_REQUEST["assemblies"]) == []


def test_limits_stop_the_search_and_say_so() -> None:
    assert assemble(grid(3, 3), 9, limits=Limits(parcels=8)).assemblies.empty
    few = assemble(grid(6, 6), 4, limits=Limits(assemblies=2))
    assert len(few.assemblies) == 2 and few.stopped
    assert assemble(grid(6, 6), 4, limits=Limits(steps=3)).stopped
    with pytest.raises(ContractError):
        Limits(parcels=0)


@settings(max_examples=15, deadline=None)
@given(st.sets(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1), st.integers(1, 6), st.randoms())
def test_whatever_the_order_of_parcels(cells, wanted, random) -> None:
    boxes = [(x * 100, y * 100, x * 100 + 100, y * 100 + 100) for x, y in sorted(cells)]
    land = parcels(*boxes)
    order = list(range(len(land)))
    random.shuffle(order)
    found = assemble(land, wanted)
    assert members(assemble(land.iloc[order], wanted)) == members(found)
    assert (found.assemblies["area_ha"] >= wanted - 1e-9).all()
    assert not found.parcels["parcel_id"].duplicated().any()
    assert (found.parcels.groupby("assembly_id")["area_ha"].sum() >= wanted - 1e-9).all()
    in_one_piece = shapely.get_num_geometries(found.assemblies.geometry.to_numpy()) == 1
    assert in_one_piece.all()


@pytest.mark.parametrize("terms", [{"wanted_ha": 0}, {"wanted_ha": float("nan")}, {"wanted_ha": 1, "across_m": -1}])
def test_impossible_terms_are_refused(terms) -> None:
    with pytest.raises(ContractError):
        assemble(grid(1, 1), **terms)


def test_a_key_that_stands_twice_is_refused() -> None:
    with pytest.raises(ContractError, match="parcel_id"):
        assemble(parcels((0, 0, 1, 1), (1, 0, 2, 1)).assign(parcel_id="p"), 1)
