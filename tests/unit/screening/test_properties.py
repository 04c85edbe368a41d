# SPDX-License-Identifier: GPL-2.0-or-later
"""What holds for any land, any surroundings and any profile."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yochi.plugin.core import screening
from yochi.plugin.core.screening import Surroundings
from yochi.plugin.core.screening.logic import Combination

HECTARES = ["met_ha", "not_met_ha", "undecidable_ha"]
FEW = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
COLUMNS = 6
CELL = 150.0

CRITERIA: dict[str, dict[str, Any]] = {
    "zone": {"kind": "zone_is_one_of", "zones": ["exclusive_industrial"]},
    "housing": {"kind": "housing_banned"},
    "bunku": {"kind": "port_bunku_is_one_of", "bunku": ["industrial"]},
    "corridor": {"kind": "seaward_corridor", "max_distance_m": 2000},
    "coast": {"kind": "near_coast", "max_distance_m": 300},
    "reclaimed": {"kind": "on_reclaimed", "by_act": True, "started_from": "1922-04-10", "no_waste_fill": True},
    "ledger": {"kind": "designated", "kinds": ["notification_required"], "sub_types": ["coastal_special"]},
    "wells": {"kind": "no_drinking_well", "within_m": 200},
    "entry": {"kind": "site_answer", "column": "public_entry", "answer": "no"},
    "industry": {"kind": "industry_is_one_of", "classes": ["22"]},
    "area": {"kind": "area_at_least", "square_metres": 9000},
}
COMBINATION = {
    "any": [
        {"all": ["housing", "corridor", "entry"]},
        {"all": ["zone", "coast", "wells", {"not": ["ledger"]}]},
        {"all": ["bunku", "industry", {"any": ["reclaimed", "area"]}]},
    ]
}
KNOWN = {
    "zone": ["exclusive_industrial", "industrial", "unzoned"],
    "bunku": ["industrial", "marina"],
    "bans_housing": ["yes", "no"],
    "by_reclamation_act": ["yes", "no"],
    "waste_fill": ["yes", "no"],
    "started_on": ["1900-01-01", "1950-05-05"],
    "kind": ["action_required", "notification_required"],
    "sub_type": ["general", "coastal_special"],
    "use": ["drinking", "other"],
    "public_entry": ["yes", "no"],
    "industry_class": ["22", "16"],
}
BY_GROUND = ("zone", "housing", "bunku", "reclaimed", "ledger")
"""Criteria that ask what ground lies in; the others measure from a piece as a whole."""
MAY_SAY_UNKNOWN = set(KNOWN) - {"started_on", "industry_class"}


@pytest.fixture(scope="module")
def profiles(make_profile) -> list[screening.Profile]:
    everything = make_profile(CRITERIA, COMBINATION, "own/everything")
    single = [make_profile({name: table}, None, f"own/{name}") for name, table in CRITERIA.items()]
    return [everything, *single]


def cells(random: np.random.Generator, count: int) -> list[shapely.Polygon]:
    """Squares of a grid with the sea at y = 0; different ones, so that they only touch."""
    places = random.choice(COLUMNS * COLUMNS, count, replace=False)
    return [
        shapely.box(x := place % COLUMNS * CELL, y := place // COLUMNS * CELL, x + CELL, y + CELL) for place in places
    ]


def values(random: np.random.Generator, column: str, count: int) -> list[str | None]:
    gaps: list[str | None] = [None, "unknown"] if column in MAY_SAY_UNKNOWN else [None]
    return [random.choice(np.array([*KNOWN[column], *gaps], dtype=object)) for _ in range(count)]


def table(random: np.random.Generator, key: str, shapes: list, *columns: str, **more: object) -> gpd.GeoDataFrame:
    data = {column: values(random, column, len(shapes)) for column in columns}
    identifiers = [f"{key[0]}{number:02d}" for number in range(len(shapes))]
    return gpd.GeoDataFrame({key: identifiers, **data, **more}, geometry=shapes, crs=6677)


def world(seed: int) -> tuple[gpd.GeoDataFrame, Surroundings]:
    """Sites that lie across a patchwork of zones, ports, reclaimed land and ledger entries; much of it unknown."""
    random = np.random.default_rng(seed)
    corners = random.uniform(0, COLUMNS * CELL, (8, 2))
    shapes = [
        shapely.affinity.rotate(shapely.box(*c, *(c + random.uniform(20, 300, 2))), random.uniform(0, 90))
        for c in corners
    ]
    sites = table(random, "site_id", shapes, "public_entry", "industry_class", layer="idle_prepared", pref_code="14")
    zones = table(random, "zone_id", cells(random, 20), "zone")
    zones["zone"] = zones["zone"].fillna("unknown")
    designations = table(random, "designation_id", cells(random, 6), "kind", "sub_type")
    designations["kind"] = designations["kind"].fillna("unknown")
    ordinances = pd.DataFrame(
        {"port": "港", "bunku": ["marina", "industrial"], "bans_housing": values(random, "bans_housing", 2)}
    )
    ordinances["bans_housing"] = ordinances["bans_housing"].fillna("unknown")
    points = [shapely.Point(*place) for place in random.uniform(0, COLUMNS * CELL, (3, 2))]
    shore = np.c_[np.linspace(-3000, 4000, 60), random.uniform(-30, 30, 60)]
    every = Surroundings(
        zones=zones,
        port_zones=table(random, "port_zone_id", cells(random, 8), "bunku", port="港"),
        port_ordinances=ordinances,
        coastline=table(random, "coastline_id", [shapely.LineString(shore)]),
        reclaimed=table(random, "reclaimed_id", cells(random, 8), "by_reclamation_act", "started_on", "waste_fill"),
        wells=table(random, "well_id", points, "use"),
        designations=designations,
    )
    return sites, every


def filled(frame: pd.DataFrame, random: np.random.Generator, share: float) -> pd.DataFrame:
    """The same with some of what is unknown filled in."""
    known = frame.copy()
    for column in set(KNOWN) & set(frame.columns):
        gap = (known[column].isna() | (known[column] == "unknown")).to_numpy()
        gap &= random.uniform(size=len(known)) < share
        known.loc[gap, column] = random.choice(KNOWN[column], gap.sum())
    return known


def turned(before: screening.Screening, after: screening.Screening, among: list[str]) -> pd.DataFrame:
    """Ground that was met or not met and no longer is, by profile; pieces may be cut otherwise and numbered anew."""
    ground = [result.pieces[["profile_id", "site_id", "result", "geometry"]].to_crs(6677) for result in (before, after)]
    decided = ground[0][(ground[0]["result"] != "undecidable") & ground[0]["profile_id"].isin(among)]
    first, second = ground[1].sindex.query(decided.geometry, predicate="intersects")
    pairs = pd.concat(
        [
            decided.iloc[first].reset_index(drop=True),
            ground[1].iloc[second].reset_index(drop=True).add_suffix("_after"),
        ],
        axis=1,
    )
    same = (pairs["profile_id"] == pairs["profile_id_after"]) & (pairs["site_id"] == pairs["site_id_after"])
    pairs = pairs[same & (pairs["result"] != pairs["result_after"])]
    common = shapely.intersection(pairs["geometry"].to_numpy(), pairs["geometry_after"].to_numpy())
    return pd.DataFrame(pairs[shapely.area(common) > 0.1].drop(columns=["geometry", "geometry_after"]))


@FEW
@given(seed=st.integers(0, 10_000), share=st.sampled_from([0.3, 1.0]))
def test_what_is_filled_in_never_turns_met_into_not_met_or_the_reverse(profiles, seed, share) -> None:
    sites, surroundings = world(seed)
    random = np.random.default_rng(seed + 1)
    known = {one.name: getattr(surroundings, one.name) for one in fields(surroundings)}
    known = {name: filled(frame, random, share) if frame is not None else None for name, frame in known.items()}
    before = screening.screen(sites, surroundings, profiles)
    after = screening.screen(filled(sites, random, share), Surroundings(**known), profiles)
    assert turned(before, after, [profile.id for profile in profiles]).empty
    key = ["profile_id", "site_id"]
    headlines = before.verdicts.set_index(key)["headline"][lambda results: results != "undecidable"]
    pd.testing.assert_series_equal(headlines, after.verdicts.set_index(key)["headline"].loc[headlines.index])


@FEW
@given(
    seed=st.integers(0, 10_000), lost=st.sampled_from([one.name for one in fields(Surroundings) if one.name != "zones"])
)
def test_a_table_that_comes_in_never_turns_an_answer_round(profiles, seed, lost) -> None:
    sites, surroundings = world(seed)
    less = screening.screen(sites, replace(surroundings, **{lost: None}), profiles)
    more = screening.screen(sites, surroundings, profiles)
    # what is measured over a whole piece may change with the piece
    assert turned(less, more, [f"own/{name}" for name in BY_GROUND]).empty


@FEW
@given(seed=st.integers(0, 10_000))
def test_hectares_sum_and_order_changes_nothing(profiles, seed) -> None:
    sites, surroundings = world(seed)
    once = screening.screen(sites, surroundings, profiles)
    areas = dict(zip(sites["site_id"], sites.area / 10_000, strict=True))
    sums = once.verdicts[HECTARES].sum(axis=1).to_numpy()
    np.testing.assert_allclose(sums, once.verdicts["site_id"].map(areas), atol=0.01)
    np.testing.assert_allclose(sums, once.verdicts["site_ha"], atol=1e-9)
    assert once.pieces.geometry.is_valid.all()
    random = np.random.default_rng(seed)
    shuffled = {
        one.name: _shuffled(getattr(surroundings, one.name), random)
        for one in fields(surroundings)
        if one.name != "dem"
    }
    again = screening.screen(_shuffled(sites, random), Surroundings(**shuffled), profiles)
    key = ["profile_id", "site_id"]
    first, second = (result.verdicts.set_index(key).sort_index() for result in (once, again))
    np.testing.assert_allclose(first[HECTARES], second[HECTARES], atol=1e-6)
    assert first["headline"].tolist() == second["headline"].tolist()
    evidence = ["profile_id", "site_id", "criterion_id", "reason"]
    counted = [result.evidence.groupby(evidence)["piece_ha"].sum() for result in (once, again)]
    pd.testing.assert_series_equal(*counted, atol=1e-6)


def _shuffled(frame: pd.DataFrame | None, random: np.random.Generator) -> pd.DataFrame | None:
    """Rows in another order, rings from another vertex and the other way round."""
    if not isinstance(frame, gpd.GeoDataFrame):
        return frame if frame is None else frame.iloc[::-1]
    turned = [_turned(shape, random) for shape in frame.geometry]
    mixed = frame.set_geometry(gpd.GeoSeries(turned, index=frame.index, crs=frame.crs))
    return mixed.iloc[random.permutation(len(frame))]


def _turned(shape: shapely.Geometry, random: np.random.Generator) -> shapely.Geometry:
    if shape.geom_type != "Polygon":
        return shape.reverse()
    ring = np.roll(np.array(shape.exterior.coords)[:-1], random.integers(1, 4), axis=0)
    return shapely.Polygon(ring[::-1] if random.integers(2) else ring)


@FEW
@given(seed=st.integers(0, 10_000), epsg=st.sampled_from([4612, 6668, 6676, 3857, 32654]))
def test_the_reference_system_changes_no_area_to_speak_of(profiles, seed, epsg) -> None:
    sites, surroundings = world(seed)
    moved = {
        one.name: frame.to_crs(epsg)
        if isinstance(frame := getattr(surroundings, one.name), gpd.GeoDataFrame)
        else frame
        for one in fields(surroundings)
    }
    once = screening.screen(sites, surroundings, profiles).verdicts
    again = screening.screen(sites.to_crs(epsg), Surroundings(**moved), profiles).verdicts
    scale = once["site_ha"].to_numpy()[:, None]
    decided = once["profile_id"].isin([f"own/{name}" for name in BY_GROUND])
    difference = np.abs(once[HECTARES].to_numpy() - again[HECTARES].to_numpy()) / scale
    assert difference[decided].max() < 1e-4


@FEW
@given(seed=st.integers(0, 10_000))
def test_a_profile_stands_alone(profiles, seed) -> None:
    """What else is asked changes neither the results nor the evidence of a profile, but for finer pieces."""
    sites, surroundings = world(seed)
    together = screening.screen(sites, surroundings, profiles)
    alone = screening.screen(sites, surroundings, profiles[:1])
    mine = together.evidence[together.evidence["profile_id"] == profiles[0].id].reset_index(drop=True)
    pd.testing.assert_frame_equal(mine, alone.evidence)


@given(data=st.data())
def test_bounds_hold_every_completion(data) -> None:
    names = ["a", "b", "c"]
    part = st.recursive(
        st.sampled_from(names),
        lambda inner: st.one_of(
            st.builds(Combination, st.sampled_from(["all", "any"]), st.lists(inner, min_size=1, max_size=3)),
            st.builds(Combination, st.just("not"), st.lists(inner, min_size=1, max_size=1)),
        ),
        max_leaves=6,
    )
    combination = Combination("all", [data.draw(part)])
    low = {name: data.draw(st.integers(-1, 1)) for name in names}
    high = {name: data.draw(st.integers(low[name], 1)) for name in names}
    chosen = {name: data.draw(st.integers(low[name], high[name])) for name in names}
    arrays = [{name: np.array([one[name]], dtype="int8") for name in names} for one in (low, high, chosen)]
    least, greatest = combination.bounds(arrays[0], arrays[1])
    assert least[0] <= combination.evaluate(arrays[2])[0] <= greatest[0]
