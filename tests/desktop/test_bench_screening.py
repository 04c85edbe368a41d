# SPDX-License-Identifier: GPL-2.0-or-later
"""The soil-screening row of the benchmark: its prefecture is sound, and all contenders give the same answers."""

from __future__ import annotations

import importlib

import numpy as np
import pyogrio
import pytest
import shapely

PARCELS = 2_000
FACTS = ["exclusive_area", "port_zones_area", "reclaimed_area", "designations_area", "coast_distance", "well_distance"]


@pytest.fixture(scope="module")
def module():
    """Import a module of the benchmark by name."""

    def load(name):
        return importlib.import_module(f"benchmark.{name}")

    return load


@pytest.fixture(scope="module")
def tables(module):
    prefecture = module("prefecture")
    return prefecture.make(prefecture.Sizes.of(PARCELS))


@pytest.fixture(scope="module")
def folder(module, tables, tmp_path_factory):
    path = tmp_path_factory.mktemp("prefecture")
    module("prefecture").write(tables, path)
    return path


@pytest.fixture(scope="module")
def chain(module, folder, qapp):
    """The answers of QGIS's own algorithms, a row a parcel."""
    output = folder / "chain.gpkg"
    module("qgis_chain").screen(folder, output, module("contender").Steps())
    answers = read(output).rename(columns={"distance": "coast_distance", "distance_2": "well_distance"})
    assert len(answers) == PARCELS
    return answers[FACTS]


@pytest.fixture(scope="module")
def screening(tables, module):
    """What Yochi finds, under a profile a fact."""
    from yochi.plugin.core.screening import Surroundings, screen

    around = {name: table for name, table in tables.items() if name != "sites"}
    return screen(tables["sites"], Surroundings(**around), module("yochi_screening").rule_profiles("facts"))


def read(path):
    return pyogrio.read_dataframe(path).set_index("site_id").sort_index()


def test_prefecture_has_what_was_asked_for(tables, module):
    sizes = module("prefecture").Sizes.of(PARCELS)
    counts = [sizes.parcels, sizes.zones, sizes.port_zones, sizes.reclaimed, sizes.ledger, sizes.wells]
    names = ["sites", "zones", "port_zones", "reclaimed", "designations", "wells"]
    assert [len(tables[name]) for name in names] == counts
    # lines share their ends
    lines = len(tables["coastline"])
    assert shapely.get_num_coordinates(tables["coastline"].geometry).sum() - lines + 1 == sizes.coast_vertices


def test_prefecture_keeps_the_contracts(tables):
    from yochi.plugin.core import contracts

    for name, table in tables.items():
        assert contracts.faults(table, contracts.TABLES[name]) == []


def test_prefecture_is_the_same_every_time(tables, module):
    prefecture = module("prefecture")
    again = prefecture.make(prefecture.Sizes.of(PARCELS))
    assert all(table.equals(again[name]) for name, table in tables.items())


@pytest.mark.parametrize("name", ["sites", "zones", "port_zones", "reclaimed", "designations"])
def test_polygons_are_valid_and_lie_side_by_side(tables, name):
    shapes = tables[name].geometry.to_numpy()
    assert shapely.is_valid(shapes).all()
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pairs = first < second
    assert shapely.area(shapely.intersection(shapes[first[pairs]], shapes[second[pairs]])).sum() < 1e-3


def test_parcels_stand_on_land(tables):
    shore = shapely.STRtree(tables["coastline"].geometry.to_numpy())
    assert not shore.query(tables["sites"].geometry.to_numpy(), predicate="intersects").size


def test_tuned_chain_gives_the_answers_of_the_plain_one(module, folder, chain, qapp):
    output = folder / "tuned.gpkg"
    module("qgis_chain").screen(folder, output, module("contender").Steps(), tuned=True)
    tuned = read(output).rename(columns={"distance": "coast_distance", "distance_2": "well_distance"})[FACTS]
    np.testing.assert_allclose(tuned, chain, atol=1e-3)


@pytest.mark.parametrize("parallel", [False, True])
def test_postgis_gives_the_answers_of_the_chain(module, folder, chain, parallel):
    postgis = module("postgis")
    if missing := postgis.missing():
        pytest.skip(missing)
    output = folder / f"postgis-{parallel}.gpkg"
    with postgis.cluster() as host:
        postgis.screen(folder, output, module("contender").Steps(), host, parallel=parallel)
    assert not host.exists()
    np.testing.assert_allclose(read(output)[FACTS], chain, atol=1e-3)


@pytest.mark.parametrize(
    ("profile", "fact"),
    [
        ("fact/exclusive", "exclusive_area"),
        ("fact/reclaimed", "reclaimed_area"),
        ("fact/ledger", "designations_area"),
    ],
)
def test_hectares_agree_with_the_chain(screening, chain, profile, fact):
    met = screening.verdicts.query("profile_id == @profile").set_index("site_id")["met_ha"].sort_index()
    assert chain[fact].sum() > 0
    np.testing.assert_allclose(met, chain[fact] / 10_000, atol=1e-4)


@pytest.mark.parametrize(("profile", "fact"), [("fact/coast", "coast_distance"), ("fact/well", "well_distance")])
def test_distances_agree_with_the_chain(screening, chain, profile, fact):
    evidence = screening.evidence.query("profile_id == @profile")
    metres = evidence["value"].astype(float).groupby(evidence["site_id"]).min()
    np.testing.assert_allclose(metres, chain[fact], atol=0.51)  # evidence has whole metres


def test_hectares_in_port_zones_agree_with_the_chain(screening, chain):
    """Land in a port zone meets the profile or is of unknown 分区; the chain asks for either."""
    verdicts = screening.verdicts.query("profile_id == 'fact/port'").set_index("site_id").sort_index()
    assert chain["port_zones_area"].sum() > 0
    np.testing.assert_allclose(
        verdicts[["met_ha", "undecidable_ha"]].sum(axis=1), chain["port_zones_area"] / 10_000, atol=1e-4
    )


@pytest.mark.parametrize("way", ["facts", "six", "all"])
def test_yochi_writes_a_row_a_parcel(module, folder, way):
    yochi = module("yochi_screening")
    output = folder / f"yochi-{way}.gpkg"
    yochi.screen_files(folder, output, module("contender").Steps(), way=way)
    assert {name for name, _ in pyogrio.list_layers(output)} == set(yochi.TABLES[way])
    written = pyogrio.read_dataframe(output, layer="sites")
    six = [profile.id for profile in yochi.rule_profiles(way)]
    assert len(six) == 6
    hectares = [
        written[[f"{name.replace('/', '_').replace('-', '_')}_{one}_ha" for one in ("met", "not_met", "undecidable")]]
        for name in six
    ]
    assert all(np.allclose(columns.sum(axis=1), written["geom_ha"], atol=0.01) for columns in hectares)


def test_contender_is_measured_in_a_process_of_its_own(module, tmp_path):
    measured = module("contender").measure("prefecture", tmp_path / "made", "--parcels", 50)
    assert list(measured.steps) == ["make", "write"]
    assert measured.seconds > 0
    assert measured.peak_mib > 10
    assert len(pyogrio.read_dataframe(tmp_path / "made" / "sites.gpkg")) == 50


def test_contender_that_fails_says_why(module, tmp_path):
    contender = module("contender")
    with pytest.raises(contender.ContenderError, match="No such file"):
        contender.measure("qgis_chain", tmp_path / "missing", tmp_path / "none" / "output.gpkg", "plain")
