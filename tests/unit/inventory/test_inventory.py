# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from yochi.plugin.core import contracts, inventory
from yochi.plugin.core.errors import ContractError


def test_area_comes_from_geometry_and_basis_is_measured(make_sites, areas) -> None:
    stock = inventory.take_stock([make_sites([shapely.box(0, 0, 300, 200)])], areas)
    site = stock.sites.iloc[0]
    assert (site["area_code"], site["muni_code"], site["pref_code"]) == ("14101", "14101", "14")
    assert site["geom_ha"] == pytest.approx(6.0, abs=1e-6)
    assert site["available_ha"] == site["counted_ha"] == site["geom_ha"]
    assert site["available_basis"] == "measured"
    assert "available_ha_from_geometry" in site["note"]


def test_a_site_belongs_where_most_of_it_lies_and_a_wrong_code_is_noted(make_sites, areas) -> None:
    across = shapely.box(700, 0, 1100, 100)
    site = inventory.take_stock([make_sites([across], muni_code_stated="14102")], areas).sites.iloc[0]
    assert site["area_code"] == "14101"
    assert site["note"].startswith("muni_code_disagrees: stated 14102, geometry lies in 14101")


def test_reclaimed_land_outside_the_boundaries_goes_to_the_nearest_area(make_sites, areas) -> None:
    near, far = shapely.box(3500, 0, 3600, 100), shapely.box(9000, 0, 9100, 100)
    sites = inventory.take_stock([make_sites([near, far])], areas).sites
    assert sites["area_code"].tolist() == ["14102", "unplaced"]
    assert "outside_all_areas" in sites["note"].iloc[0]


def test_unknown_stays_unknown(make_sites, areas) -> None:
    sites = make_sites([shapely.box(0, 0, 100, 100)], available_ha=np.nan, available_basis="unknown", gross_ha=1.0)
    stock = inventory.take_stock([sites], areas)
    assert np.isnan(stock.sites["counted_ha"].iloc[0])
    summary = stock.summary.set_index("area_code")
    assert np.isnan(summary.loc["14", "counted_ha"])
    assert summary.loc["14", "sites_unknown"] == 1


def test_a_stated_area_code_is_kept(make_sites, areas) -> None:
    sites = inventory.take_stock([make_sites([shapely.box(0, 0, 100, 100)], area_code="14102")], areas).sites
    assert sites["area_code"].iloc[0] == "14102"
    assert "area_code_disagrees" in sites["note"].iloc[0]


def test_sites_without_geometry_are_placed_by_their_codes(areas) -> None:
    table = pd.DataFrame(
        {
            "site_id": ["a", "b", "c"],
            "layer": "pipeline",
            "available_ha": [1.0, 2.0, 4.0],
            "pref_code": ["14", None, "99"],
            "muni_code_stated": [None, "14102", None],
        }
    )
    sites = inventory.take_stock([table], areas).sites
    assert sites["area_code"].tolist() == ["14", "14102", "unplaced"]


def test_no_hectare_twice(make_sites, areas) -> None:
    """A former works of 4 ha, half of it under an estate of 2 ha: the estate counts the shared hectare."""
    works, estate = shapely.box(0, 0, 400, 100), shapely.box(300, 0, 500, 100)
    stock = inventory.take_stock([make_sites([works, estate], layer=["former_heavy", "idle_prepared"])], areas)
    counted = stock.sites.set_index("site_id")["counted_ha"]
    assert counted["s1"] == pytest.approx(3.0, abs=1e-6) and counted["s2"] == pytest.approx(2.0, abs=1e-6)
    overlap = stock.overlaps.iloc[0]
    assert (overlap["site_id"], overlap["kept_site_id"]) == ("s1", "s2")
    assert overlap["overlap_ha"] == pytest.approx(1.0, abs=1e-6) == pytest.approx(overlap["removed_ha"], abs=1e-6)
    assert stock.sites.set_index("site_id").loc["s1", "counted_basis"] == "derived"


def test_precedence_is_the_planners(make_sites, areas) -> None:
    works, estate = shapely.box(0, 0, 400, 100), shapely.box(300, 0, 500, 100)
    sites = make_sites([works, estate], layer=["former_heavy", "idle_prepared"])
    order = ("former_heavy", "idle_prepared", "pipeline")
    counted = inventory.take_stock([sites], areas, precedence=order).sites.set_index("site_id")["counted_ha"]
    assert counted["s1"] == pytest.approx(4.0, abs=1e-6) and counted["s2"] == pytest.approx(1.0, abs=1e-6)


def test_land_under_three_sites_is_counted_once(make_sites, areas) -> None:
    same = shapely.box(0, 0, 100, 100)
    sites = make_sites([same, same, same], layer=["pipeline", "former_heavy", "idle_prepared"])
    stock = inventory.take_stock([sites], areas)
    assert stock.sites["counted_ha"].sum() == pytest.approx(1.0, abs=1e-6)
    assert len(stock.overlaps) == 2  # the strongest takes the land from each of the others, and nothing is left to take


@pytest.mark.parametrize("available", [0.0, np.nan])
def test_a_site_that_counts_nothing_displaces_nothing(make_sites, areas, available) -> None:
    same = shapely.box(0, 0, 100, 100)
    sites = make_sites(
        [same, same],
        layer=["idle_prepared", "former_heavy"],
        available_ha=[available, 1.0],
        available_basis=["unknown", "reported"],
    )
    stock = inventory.take_stock([sites], areas)
    assert stock.sites.set_index("site_id").loc["s2", "counted_ha"] == 1.0
    assert stock.overlaps.empty


def test_a_nearly_sold_estate_displaces_no_more_than_it_has(make_sites, areas) -> None:
    estate = shapely.box(0, 0, 1000, 100)
    sites = make_sites([estate, estate], layer=["idle_prepared", "former_heavy"], available_ha=[2.0, 10.0])
    stock = inventory.take_stock([sites], areas)
    assert stock.sites["counted_ha"].tolist() == [2.0, 8.0]


def test_land_under_a_nearly_sold_estate_and_two_others_is_counted_once(make_sites, areas) -> None:
    same = shapely.box(0, 0, 1000, 1000)
    layers = ["idle_prepared", "former_heavy", "pipeline"]
    stock = inventory.take_stock([make_sites([same] * 3, layer=layers, available_ha=[10.0, 100.0, 100.0])], areas)
    assert stock.sites["counted_ha"].tolist() == pytest.approx([10.0, 90.0, 0.0], abs=1e-6)
    assert stock.overlaps["kept_site_id"].tolist() == ["s1", "s1", "s2"]


def test_the_remainder_of_a_prefecture_is_its_own(make_sites, areas) -> None:
    west_only = areas[areas["area_code"] != "14102"]
    shapes = [shapely.box(2000, 0, 2100, 100), shapely.box(1050, 0, 1150, 100), shapely.box(0, 0, 100, 100)]
    sites = inventory.take_stock([make_sites(shapes)], west_only).sites
    assert sites["area_code"].tolist() == ["14", "14", "14101"]
    assert sites["note"].str.contains("outside_all_areas").sum() == 0


def test_a_stated_area_that_does_not_exist_is_listed(make_sites, areas) -> None:
    stock = inventory.take_stock([make_sites([shapely.box(0, 0, 100, 100)], area_code="99X")], areas)
    assert stock.sites["area_code"].tolist() == ["14101"]
    assert "area_code_unknown: stated 99X" in stock.sites["note"].iloc[0]
    assert stock.fixlist[["field", "value", "severity"]].to_numpy().tolist() == [["area_code", "99X", "warning"]]


def test_summary_rolls_up_and_never_adds_layers(make_sites, areas) -> None:
    shapes = [shapely.box(0, 0, 100, 100), shapely.box(2000, 0, 2200, 100), shapely.box(0, 500, 100, 600)]
    sites = make_sites(shapes, layer=["idle_prepared", "idle_prepared", "pipeline"])
    summary = inventory.take_stock([sites], areas).summary.set_index(["area_code", "layer"])["counted_ha"]
    assert summary["14", "idle_prepared"] == pytest.approx(3.0, abs=1e-6)
    assert summary["14101", "idle_prepared"] == pytest.approx(1.0, abs=1e-6)
    assert summary["14102", "idle_prepared"] == pytest.approx(2.0, abs=1e-6)
    assert summary["14", "pipeline"] == pytest.approx(1.0, abs=1e-6)


def test_order_of_rows_and_files_changes_nothing(make_sites, areas) -> None:
    shapes = [shapely.box(x, 0, x + 250, 100) for x in range(0, 2000, 200)]
    sites = make_sites(shapes, layer=["idle_prepared", "former_heavy"] * 5)
    once = inventory.take_stock([sites], areas).sites.set_index("site_id")["counted_ha"]
    again = inventory.take_stock([sites.iloc[5:], sites.iloc[:5].iloc[::-1]], areas).sites.set_index("site_id")[
        "counted_ha"
    ]
    pd.testing.assert_series_equal(once.sort_index(), again.sort_index(), rtol=1e-9)


def test_a_site_in_two_inputs_is_used_once_and_listed(make_sites, areas) -> None:
    sites = make_sites([shapely.box(0, 0, 100, 100)], source_id="a.csv", source_row=2)
    stock = inventory.take_stock([sites, sites.assign(source_id="b.csv")], areas)
    assert len(stock.sites) == 1
    assert stock.fixlist[["source_id", "severity"]].to_numpy().tolist() == [["b.csv", "rejected"]]


def test_broken_polygons_are_repaired_and_listed(make_sites, areas) -> None:
    bow_tie = shapely.Polygon([(0, 0), (100, 100), (100, 0), (0, 100)])
    stock = inventory.take_stock([make_sites([bow_tie])], areas)
    assert stock.sites["geom_ha"].iloc[0] == pytest.approx(0.5, abs=1e-6)
    assert stock.fixlist["severity"].tolist() == ["warning"]


def test_inputs_of_different_reference_systems_meet(make_sites, areas) -> None:
    sites = make_sites([shapely.box(0, 0, 300, 200)])
    other = sites.assign(site_id="t").to_crs(4326)
    measured = inventory.take_stock([sites, other], areas).sites["geom_ha"]
    assert measured.tolist() == pytest.approx([6.0, 6.0], abs=1e-5)


def test_synthetic_geometry_is_not_called_measured(make_sites, areas) -> None:
    site = inventory.take_stock([make_sites([shapely.box(0, 0, 100, 100)], basis="synthetic")], areas).sites.iloc[0]
    assert site["geom_basis"] == site["counted_basis"] == site["basis"] == "synthetic"


def test_a_point_says_where_a_site_is_and_not_how_large(make_sites, areas) -> None:
    site = inventory.take_stock([make_sites([shapely.Point(2000, 0)], available_ha=3.0)], areas).sites.iloc[0]
    assert site["area_code"] == "14102" and site["counted_ha"] == 3.0
    assert np.isnan(site["geom_ha"]) and site["geom_basis"] is None


def test_no_sites_is_an_inventory_of_nothing(areas) -> None:
    stock = inventory.take_stock([], areas)
    assert stock.sites.empty and stock.summary.empty
    contracts.validate(stock.sites, contracts.SITES)


def test_areas_without_reference_system_are_refused(make_sites, areas) -> None:
    bare = gpd.GeoDataFrame(areas.drop(columns="geometry"), geometry=areas.geometry.to_numpy())
    with pytest.raises(ContractError, match="no coordinate reference system"):
        inventory.take_stock([make_sites([shapely.box(0, 0, 100, 100)])], bare)
