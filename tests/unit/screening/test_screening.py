# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from yochi.plugin.core import contracts, crs, inventory, screening
from yochi.plugin.core.errors import CancelledError, ContractError
from yochi.plugin.core.progress import Progress
from yochi.plugin.core.screening.cutting import _polygons

PREMISE = "premise/exclusive-industrial-zone"


@pytest.fixture
def profile() -> screening.Profile:
    return screening.load_profile(screening.profiles()[PREMISE])


@pytest.fixture
def zones() -> gpd.GeoDataFrame:
    """From the west: 1 ha of 工業専用, 1 ha of 工業, 1 ha known to have no zone, then nothing known."""
    shapes = [shapely.box(x, -500, x + 100, 500) for x in (0, 100, 200)]
    codes = ["exclusive_industrial", "industrial", "unzoned"]
    columns = {"zone_id": ["z1", "z2", "z3"], "zone": codes, "source_id": "zones.gml", "valid_from": "2009-11-11"}
    return gpd.GeoDataFrame({**columns, "basis": "reported"}, geometry=shapes, crs=6677)


def stocked(make_sites, areas, shapes, **columns) -> gpd.GeoDataFrame:
    return inventory.take_stock([make_sites(shapes, **columns)], areas).sites


def test_a_site_is_cut_into_three_answers(make_sites, areas, zones, profile) -> None:
    sites = stocked(make_sites, areas, [shapely.box(0, 0, 400, 100)])
    result = screening.screen(sites, screening.Surroundings(zones), [profile])
    verdict = result.verdicts.iloc[0]
    assert verdict["met_ha"] == pytest.approx(1.0, abs=1e-6)
    assert verdict["not_met_ha"] == pytest.approx(2.0, abs=1e-6)
    assert verdict["undecidable_ha"] == pytest.approx(1.0, abs=1e-6)
    assert verdict["headline"] == "not_met"
    assert verdict["missing"] == "zone:outside_zoning_data:1.00 ha"
    assert verdict["disclaimer"] == "rule-based screening, not a legal finding"
    evidence = result.evidence.set_index("piece")
    reasons = ["zone_in_list", "zone_not_in_list", "zone_not_in_list", "outside_zoning_data"]
    assert evidence["reason"].tolist() == reasons
    found = evidence.loc[1, ["value", "data_set", "edition"]].tolist()
    assert found == ["exclusive_industrial", "zones.gml", "2009-11-11"]
    assert evidence.loc[4, "data_set"] is None
    column = "premise_exclusive_industrial_zone_met_ha"
    assert result.sites[column].iloc[0] == verdict["met_ha"]


def test_hectares_add_up_and_pieces_do_not_overlap(make_sites, areas, zones, profile) -> None:
    shapes = [shapely.Point(x, 0).buffer(90) for x in (0, 77, 150, 260, 400)]
    sites = stocked(make_sites, areas, shapes)
    result = screening.screen(sites, screening.Surroundings(zones), [profile])
    hectares = result.verdicts.set_index("site_id")[["met_ha", "not_met_ha", "undecidable_ha"]].sum(axis=1)
    pd.testing.assert_series_equal(hectares, sites.set_index("site_id")["geom_ha"], check_names=False, atol=1e-6)
    for _, pieces in result.pieces.to_crs(6677).groupby("site_id"):
        assert shapely.union_all(pieces.geometry).area == pytest.approx(pieces.area.sum(), rel=1e-7)


def test_a_use_district_takes_precedence_over_coverage(make_sites, areas, zones, profile) -> None:
    coverage = zones.iloc[[2]].assign(zone_id="a0", geometry=[shapely.box(0, -500, 400, 500)])
    sites = stocked(make_sites, areas, [shapely.box(0, 0, 400, 100)])
    verdict = screening.screen(sites, screening.Surroundings(pd.concat([coverage, zones])), [profile]).verdicts.iloc[0]
    assert verdict["met_ha"] == pytest.approx(1.0, abs=1e-6)
    assert verdict["undecidable_ha"] == 0
    assert verdict["not_met_ha"] == pytest.approx(3.0, abs=1e-6)


def test_an_unknown_zone_is_undecidable(make_sites, areas, zones, profile) -> None:
    sites = stocked(make_sites, areas, [shapely.box(0, 0, 100, 100)])
    verdict = screening.screen(sites, screening.Surroundings(zones.assign(zone="unknown")), [profile]).verdicts.iloc[0]
    assert verdict["undecidable_ha"] == pytest.approx(1.0, abs=1e-6)
    assert verdict["missing"].startswith("zone:zone_unknown")


def test_without_zoning_nothing_is_decided(make_sites, areas, profile) -> None:
    sites = stocked(make_sites, areas, [shapely.box(0, 0, 100, 100)])
    result = screening.screen(sites, screening.Surroundings(contracts.empty(contracts.ZONES, crs.JGD2011)), [profile])
    assert result.verdicts["headline"].tolist() == ["undecidable"]


def test_a_site_without_geometry_is_undecidable_by_its_stated_area(areas, zones, profile) -> None:
    columns = {"available_ha": [5.0, np.nan], "available_basis": ["reported", "unknown"]}
    table = pd.DataFrame({"site_id": ["a", "b"], "layer": "former_heavy", **columns})
    sites = inventory.take_stock([table], areas).sites
    verdicts = screening.screen(sites, screening.Surroundings(zones), [profile]).verdicts.set_index("site_id")
    assert verdicts.loc["a", "undecidable_ha"] == 5.0
    assert verdicts.loc["b", ["met_ha", "site_ha"]].isna().all()
    assert verdicts["headline"].tolist() == ["undecidable", "undecidable"]


def test_a_point_in_a_zone_decides_nothing(make_sites, areas, zones, profile) -> None:
    sites = stocked(make_sites, areas, [shapely.Point(50, 0)], available_ha=3.0)
    result = screening.screen(sites, screening.Surroundings(zones), [profile])
    assert result.verdicts["undecidable_ha"].tolist() == [3.0]
    assert result.evidence["reason"].tolist() == ["no_polygon"]


def test_neither_order_nor_reference_system_matters(make_sites, areas, zones, profile) -> None:
    sites = stocked(make_sites, areas, [shapely.box(0, 0, 400, 100), shapely.box(50, 200, 120, 300)])
    once = screening.screen(sites, screening.Surroundings(zones), [profile]).verdicts.set_index("site_id")
    other = screening.screen(
        sites.iloc[::-1], screening.Surroundings(zones.iloc[::-1].to_crs(4612)), [profile]
    ).verdicts.set_index("site_id")
    for column in ("met_ha", "not_met_ha", "undecidable_ha"):
        np.testing.assert_allclose(once[column], other[column].reindex(once.index), rtol=1e-4, atol=1e-6)


def test_synthetic_zones_make_synthetic_verdicts(make_sites, areas, zones, profile) -> None:
    sites = stocked(make_sites, areas, [shapely.box(0, 0, 50, 50)])
    result = screening.screen(sites, screening.Surroundings(zones.assign(basis="synthetic")), [profile])
    assert result.verdicts["basis"].tolist() == result.evidence["basis"].tolist() == ["synthetic"]


def test_zones_with_an_unknown_code_are_refused(make_sites, areas, zones, profile) -> None:
    sites = stocked(make_sites, areas, [shapely.box(0, 0, 50, 50)])
    with pytest.raises(ContractError, match="unknown code 'factory'"):
        screening.screen(sites, screening.Surroundings(zones.assign(zone="factory")), [profile])


def test_land_under_two_sites_counts_once(make_sites, areas, zones, profile) -> None:
    same = shapely.box(0, 0, 100, 100)
    sites = stocked(make_sites, areas, [same, same, shapely.box(2000, 0, 2100, 100)])
    pieces = screening.screen(sites, screening.Surroundings(zones), [profile]).pieces
    compared = screening.compare(pieces, sites, areas).set_index("area_code")
    assert compared.loc["14", "met_ha"] == pytest.approx(1.0, abs=1e-6)
    assert compared.loc["14", "undecidable_ha"] == pytest.approx(1.0, abs=1e-6)
    assert compared.loc["14102", "met_ha"] == 0


def test_no_sites_is_no_verdict(areas, zones, profile) -> None:
    result = screening.screen(inventory.take_stock([], areas).sites, screening.Surroundings(zones), [profile])
    assert result.verdicts.empty and result.evidence.empty and result.pieces.empty


def test_evidence_leaves_out_only_what_could_not_change_the_result(make_sites, zones, make_profile) -> None:
    criteria = {
        "entry": {"kind": "site_answer", "column": "public_entry", "answer": "no"},
        "zone": {"kind": "zone_is_one_of", "zones": ["exclusive_industrial"]},
    }
    sites = make_sites([shapely.box(0, 0, 200, 100), shapely.box(310, 0, 400, 100)])
    evidence = screening.screen(sites, screening.Surroundings(zones), [make_profile(criteria)]).evidence
    rows = evidence[["site_id", "piece", "criterion_id", "result"]].to_numpy().tolist()
    assert rows == [
        ["s1", 1, "entry", "undecidable"],
        ["s1", 1, "zone", "met"],
        ["s1", 2, "zone", "not_met"],
        ["s2", 1, "entry", "undecidable"],
        ["s2", 1, "zone", "undecidable"],
    ]


def test_tables_keep_their_contracts(make_sites, zones, profile) -> None:
    sites = make_sites([shapely.box(0, 0, 400, 100), None], available_ha=[np.nan, 3.0])
    result = screening.screen(sites, screening.Surroundings(zones), [profile])
    for name in ("pieces", "evidence", "verdicts"):
        table, frame = contracts.TABLES[name], getattr(result, name)
        contracts.validate(frame, table)
        known = contracts.conform(frame, table)
        pd.testing.assert_frame_equal(pd.DataFrame(frame), pd.DataFrame(known))
    assert result.sites["premise_exclusive_industrial_zone_headline"].tolist() == ["not_met", "undecidable"]


def test_a_sliver_does_not_carry_the_headline(make_sites, frame, make_profile) -> None:
    """A site of 1 ha, 52 % of it met as measured, but 4 % of that a strip of 4 m between two data sets."""
    profile = make_profile({"zone": {"kind": "zone_is_one_of", "zones": ["exclusive_industrial"]}})
    shapes = [shapely.box(0, 0, 48, 100), shapely.box(48, 0, 97, 100), shapely.box(97, 0, 101, 100)]
    codes = ["exclusive_industrial", "industrial", "exclusive_industrial"]
    zones = frame(shapes, zone_id=["a", "b", "c"], zone=codes)
    sites = make_sites([shapely.box(0, 0, 101, 100)])
    fine, coarse = (
        screening.screen(sites, screening.Surroundings(zones), [profile], sliver_ha=size).verdicts.iloc[0]
        for size in (0.0, 1.0)
    )
    assert (fine["headline"], coarse["headline"]) == ("met", "not_met")
    assert fine["met_ha"] == coarse["met_ha"] == pytest.approx(0.52)


def test_a_narrow_site_is_no_sliver(make_sites, zones, profile) -> None:
    sites = make_sites([shapely.box(10, 0, 15, 400)])
    assert screening.screen(sites, screening.Surroundings(zones), [profile]).verdicts["headline"].tolist() == ["met"]


def test_geometry_of_every_make(make_sites, zones, profile) -> None:
    bow_tie = shapely.Polygon([(10, 10), (60, 60), (60, 10), (10, 60)])
    high = shapely.force_3d(shapely.box(10, 10, 60, 60), 5.0)
    parts = shapely.MultiPolygon([shapely.box(10, 10, 60, 60), shapely.box(410, 10, 460, 60)])
    mixed = shapely.GeometryCollection([shapely.box(10, 10, 60, 60), shapely.LineString([(0, 0), (9, 9)])])
    arc = shapely.Point(50, 50).buffer(30, quad_segs=64)
    shapes = [bow_tie, high, parts, mixed, arc, shapely.Polygon()]
    sites = make_sites(shapes, available_ha=1.0, available_basis="reported")
    result = screening.screen(sites, screening.Surroundings(zones), [profile])
    met = result.verdicts.set_index("site_id")["met_ha"]
    expected = [0.125, 0.25, 0.25, 0.25, arc.area / 10_000, 0.0]
    np.testing.assert_allclose(met, expected, atol=1e-6)
    assert result.verdicts["undecidable_ha"].round(6).tolist() == [0, 0, 0.25, 0, 0, 1.0]
    assert not result.pieces.geometry.has_z.any()


def test_overlapping_zones_of_any_make(make_sites, frame, profile) -> None:
    bow_tie = shapely.Polygon([(0, 0), (100, 100), (100, 0), (0, 100)])
    zones = frame(
        [shapely.box(0, 0, 100, 100), bow_tie], zone_id=["b", "a"], zone=["industrial", "exclusive_industrial"]
    )
    verdict = screening.screen(make_sites([shapely.box(0, 0, 100, 100)]), screening.Surroundings(zones), [profile])
    assert verdict.verdicts[["met_ha", "not_met_ha"]].iloc[0].tolist() == pytest.approx([0.5, 0.5])


def test_sites_of_two_planes(areas, zones, profile) -> None:
    near = gpd.GeoDataFrame(geometry=[shapely.box(10, 10, 60, 60)], crs=6677).to_crs(6668)
    far = gpd.GeoDataFrame(geometry=[shapely.box(10, 10, 60, 60)], crs=6670).to_crs(6668)
    sites = pd.concat([near, far], ignore_index=True).assign(site_id=["a", "b"], layer="pipeline")
    verdicts = screening.screen(sites, screening.Surroundings(zones), [profile]).verdicts
    assert verdicts["headline"].tolist() == ["met", "undecidable"]
    assert verdicts["site_ha"].tolist() == pytest.approx([0.25, 0.25])


def test_a_run_reports_and_can_be_stopped(make_sites, zones, profile) -> None:
    shown: list[float] = []
    sites = make_sites([shapely.box(x, 0, x + 5, 5) for x in range(400)])
    screening.screen(
        sites, screening.Surroundings(zones), [profile], progress=Progress(lambda fraction, _: shown.append(fraction))
    )
    assert shown == sorted(shown) and shown[-1] == 1.0 and len(shown) > 5
    with pytest.raises(CancelledError):
        screening.screen(sites, screening.Surroundings(zones), [profile], progress=Progress(cancelled=lambda: True))


def test_an_overlay_keeps_no_spikes() -> None:
    """What GEOS 3.11 gives for a real pair: the piece, and a part of no area that reaches 36 m away from it."""
    piece = "((-28578.1 -68060.5, -28592.4 -68060.0, -28591.4 -68056.3, -28578.1 -68059.0, -28578.1 -68060.5))"
    tip = "-28599.7029322465 -68095.1934"
    spike = f"(({tip}, -28592.4 -68060.0, -28599.7029322464 -68095.1934, {tip}))"
    overlaid = shapely.from_wkt([f"MULTIPOLYGON ({piece}, {spike})", f"POLYGON {piece}"])
    kept = _polygons(overlaid.copy())
    assert shapely.equals(kept, shapely.from_wkt(f"POLYGON {piece}")).all()
