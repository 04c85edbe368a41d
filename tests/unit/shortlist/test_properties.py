# SPDX-License-Identifier: GPL-2.0-or-later
"""What holds for any sites and any requirements."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from yochi.plugin.core.contracts import SITES, conform
from yochi.plugin.core.shortlist import Condition, Requirements, select
from yochi.plugin.core.shortlist.criteria import criteria_of
from yochi.plugin.core.shortlist.ranking import in_order, rank
from yochi.plugin.core.shortlist.sieve import FAILS, PASSES, sieve, standing
from yochi.plugin.core.shortlist.waterfall import relaxations

MANY = settings(max_examples=30, deadline=None)
FEW = settings(max_examples=6, deadline=None)
NUMBERS = st.one_of(st.none(), st.integers(0, 6).map(float))
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "layer": st.sampled_from(["idle_prepared", "former_heavy", "pipeline"]),
            "counted_ha": NUMBERS,
            "price_yen_m2": NUMBERS,
            "distance_port_m": NUMBERS,
            "zone": st.sampled_from(["industrial", "exclusive_industrial", "unknown", None]),
        }
    ),
    min_size=1,
    max_size=12,
)
POLICIES = st.sampled_from(["keep", "drop", "ask"])


@st.composite
def requirements(draw) -> Requirements:
    least, most = sorted((draw(st.integers(0, 6)), draw(st.integers(0, 6))))
    return Requirements(
        conditions=(
            Condition("area", at_least=least, at_most=most, missing=draw(POLICIES), rank="more", weight=2),
            Condition("price", at_most=draw(st.integers(0, 6)), missing=draw(POLICIES), rank="less"),
            Condition("zone", one_of=("industrial",), missing=draw(POLICIES)),
            Condition("distance_port", rank="ideal", ideal=3, weight=1.7),
        )
    )


def table(rows) -> gpd.GeoDataFrame:
    frame = pd.DataFrame(rows).assign(site_id=[f"s{number:02d}" for number in range(len(rows))], basis="reported")
    numbers = {name: frame[name].astype(float) for name in ("counted_ha", "price_yen_m2", "distance_port_m")}
    frame = frame.assign(**numbers, available_basis="unknown")
    return conform(gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries([None] * len(rows), crs=6677)), SITES)


def passing(sites, conditions) -> tuple[set[str], set[str]]:
    """Sites of the shortlist, and with them those that may yet be on it."""
    states = standing(sieve(conditions, sites), len(sites))
    return set(sites["site_id"][states == PASSES]), set(sites["site_id"][states != FAILS])


@MANY
@given(ROWS, requirements(), st.integers(0, 3), st.integers(0, 3))
def test_relaxing_a_filter_never_removes_a_site(rows, asked, less, more) -> None:
    sites = table(rows)
    area, price, zone, port = asked.conditions
    loose = replace(area, at_least=area.at_least - min(less, area.at_least), at_most=area.at_most + more)
    wide = replace(zone, one_of=("industrial", "exclusive_industrial"))
    tight = passing(sites, asked.conditions)
    for relaxed in ((loose, price, zone, port), (area, price, wide, port), (area, zone, port), (price, zone, port)):
        wider = passing(sites, relaxed)
        assert tight[0] <= wider[0] and tight[1] <= wider[1]


@FEW
@given(ROWS, requirements())
def test_the_waterfall_reconciles(rows, asked) -> None:
    selection = select(table(rows), asked)
    lines = selection.waterfall
    assert (lines["sites_before"] - lines["sites_removed"] == lines["sites_left"]).all()
    hectares = lines[["before_ha", "removed_ha", "left_ha"]].fillna(0.0)
    np.testing.assert_allclose(hectares["before_ha"] - hectares["removed_ha"], hectares["left_ha"])
    for _, layer in lines.groupby("layer"):
        assert layer["sites_left"].tolist()[:-1] == layer["sites_before"].tolist()[1:]
    last = lines[lines["step"] == lines["step"].max()]
    assert last["sites_left"].sum() == len(selection.shortlist)
    first = lines[lines["step"] == 1]
    set_aside = lines.loc[lines["filter"] == "to_ask", "sites_removed"].sum()
    assert first["sites_before"].sum() == len(rows)
    assert set_aside == selection.to_ask["site_id"].nunique()


@MANY
@given(ROWS, requirements())
def test_relaxations_tell_what_giving_up_a_filter_does(rows, asked) -> None:
    sites = table(rows)
    filters = sieve(asked.conditions, sites)
    _, possible = passing(sites, asked.conditions)
    for _, lines in relaxations(filters, sites).groupby("step"):
        without = tuple(one for one in asked.conditions if one.fact != lines["filter"].iloc[0])
        after, possible_after = passing(sites, without)
        back = sites.set_index("site_id").loc[sorted(after - possible)]
        assert lines["sites_back"].sum() == len(back)
        assert lines["back_ha"].sum() == back["counted_ha"].sum()
        assert lines["sites_to_ask"].sum() == len(possible_after - possible - after)


@FEW
@given(ROWS, requirements(), st.randoms(use_true_random=False))
def test_ranks_depend_on_neither_the_order_of_rows_nor_the_units(rows, asked, random) -> None:
    sites = table(rows)
    area, price, zone, port = asked.conditions
    shuffled = list(range(len(rows)))
    random.shuffle(shuffled)
    in_other_units = sites.iloc[shuffled].assign(
        counted_ha=sites["counted_ha"] * 2.471,
        price_yen_m2=sites["price_yen_m2"] * 3.3058,
        distance_port_m=sites["distance_port_m"] * 0.3,
    )
    converted = (
        replace(area, at_least=area.at_least * 2.471, at_most=area.at_most * 2.471),
        replace(price, at_most=price.at_most * 3.3058),
        zone,
        replace(port, ideal=3 * 0.3),
    )
    columns = ["site_id", "rank", "rank_best", "rank_worst", "score", "score_best"]
    before = select(sites, asked).shortlist[columns]
    after = select(in_other_units, Requirements(conditions=converted)).shortlist[columns]
    pd.testing.assert_frame_equal(before, after, atol=1e-8)


@MANY
@given(ROWS)
def test_no_site_stands_above_one_that_is_as_good_in_everything_and_better_in_something(rows) -> None:
    sites = table(rows)
    criteria = criteria_of(
        (
            Condition("area", rank="more", weight=1),
            Condition("price", rank="less", weight=1e-12),
            Condition("distance_port", rank="more", weight=5),
        ),
        sites,
    )
    listed = in_order(rank(criteria), sites["site_id"])
    goodness = sites[["counted_ha", "price_yen_m2", "distance_port_m"]].iloc[listed]
    goodness = goodness.assign(price_yen_m2=-goodness["price_yen_m2"])
    known = goodness[goodness.notna().all(axis=1)].to_numpy()
    for position, upper in enumerate(known):
        for lower in known[position + 1 :]:
            assert not ((lower >= upper).all() and (lower > upper).any())
