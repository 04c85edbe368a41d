# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import numpy as np
import pytest

from yochi.plugin.core.errors import ContractError
from yochi.plugin.core.shortlist import Condition, Requirements, Stability, select

NEAR_AND_CHEAP = Requirements(
    conditions=(
        Condition("distance_port", rank="less", weight=3),
        Condition("price", rank="less", weight=1),
    )
)


@pytest.fixture
def sites(make_sites):
    return make_sites(
        [None] * 4,
        counted_ha=[5.0, 5.0, 5.0, 5.0],
        available_ha=5.0,
        distance_port_m=[0.0, 1000.0, 500.0, np.nan],
        price_yen_m2=[20_000.0, 10_000.0, 15_000.0, 10_000.0],
    )


def listed(selection):
    return selection.shortlist.set_index("site_id")


def test_scores_are_sums_of_their_parts(sites) -> None:
    selection = select(sites, NEAR_AND_CHEAP)
    parts = selection.scores.groupby("site_id")["part"].sum()
    assert listed(selection)["score"].to_dict() == pytest.approx(parts.to_dict())
    assert listed(selection)["score"].to_dict() == {"s1": 0.75, "s2": 0.25, "s3": 0.5, "s4": 0.25}
    assert selection.scores.groupby("site_id")["weight"].sum().tolist() == [1.0] * 4


def test_what_is_missing_makes_a_span_and_no_value(sites) -> None:
    found = listed(select(sites, NEAR_AND_CHEAP)).loc["s4"]
    assert (found["score"], found["score_best"]) == (0.25, 1.0)
    assert (found["rank_best"], found["rank_worst"]) == (1, 4)
    port = select(sites, NEAR_AND_CHEAP).scores.query("site_id == 's4' and fact == 'distance_port'").iloc[0]
    assert port["value"] is None and (port["normalised"], port["normalised_best"]) == (0.0, 1.0)


def test_a_known_site_has_a_span_of_ranks_where_others_are_unknown(sites) -> None:
    found = listed(select(sites, NEAR_AND_CHEAP)).loc["s1"]
    assert (found["score"], found["score_best"]) == (0.75, 0.75)
    assert (found["rank"], found["rank_best"], found["rank_worst"]) == (1, 1, 2)


def test_sites_that_nothing_tells_apart_share_a_rank(sites) -> None:
    twins = sites.assign(distance_port_m=100.0, price_yen_m2=[1.0, 2.0, 2.0, 3.0])
    assert listed(select(twins, NEAR_AND_CHEAP))["rank"].to_dict() == {"s1": 1, "s2": 2, "s3": 2, "s4": 4}


def test_an_ideal_value_is_best_from_both_sides(sites) -> None:
    ideal = Requirements(conditions=(Condition("price", rank="ideal", ideal=14_000),))
    assert listed(select(sites, ideal))["rank"].to_dict() == {"s3": 1, "s2": 2, "s4": 2, "s1": 4}
    assert listed(select(sites, ideal)).loc["s3", "score"] < 1.0  # the best there is, and still not ideal


def test_preferred_codes(sites) -> None:
    prefer = Requirements(conditions=(Condition("owner_class", rank="prefer", prefer=("public", "mixed")),))
    scores = listed(select(sites.assign(owner_class=["public", "private", "unknown", None]), prefer))
    assert scores["score"].to_dict() == {"s1": 1.0, "s2": 0.0, "s3": 0.0, "s4": 0.0}
    assert scores["score_best"].to_dict() == {"s1": 1.0, "s2": 0.0, "s3": 1.0, "s4": 1.0}


def test_likeness_to_a_target_that_need_not_fit(sites) -> None:
    fits = Requirements(conditions=(*NEAR_AND_CHEAP.conditions[:1], Condition("price", at_most=15_000, rank="less")))
    alike = listed(select(sites, fits, target="s1"))
    assert "s1" not in alike.index
    assert alike["likeness"].to_dict() == {"s3": 0.5, "s2": 0.0, "s4": 0.0}
    assert alike.loc["s4", "likeness_best"] == 0.75  # the distance may be the same, the price is not
    assert listed(select(sites, NEAR_AND_CHEAP, target="s1")).loc["s1", "likeness"] == 1.0
    with pytest.raises(ContractError, match="s9"):
        select(sites, fits, target="s9")


def test_stability_is_the_share_of_weightings_that_keep_a_site_in_front(sites) -> None:
    two = sites[sites["site_id"].isin(["s1", "s2"])]
    shares = listed(select(two, NEAR_AND_CHEAP, stability=Stability(draws=4_000, top=1, seed=3)))["top_share"]
    assert shares.sum() == pytest.approx(1.0)
    assert shares["s1"] == pytest.approx(0.5, abs=0.03)  # two criteria, opposite orders: each weighting decides
    again = listed(select(two.iloc[::-1], NEAR_AND_CHEAP, stability=Stability(draws=4_000, top=1, seed=3)))["top_share"]
    assert again.to_dict() == shares.to_dict()


def test_a_site_that_is_best_in_everything_is_in_front_under_any_weighting(sites) -> None:
    best = sites.assign(distance_port_m=[1.0, 2.0, 3.0, 4.0], price_yen_m2=[1.0, 2.0, 3.0, 4.0])
    shares = listed(select(best, NEAR_AND_CHEAP, stability=Stability(draws=200, top=2)))["top_share"]
    assert shares.to_dict() == {"s1": 1.0, "s2": 1.0, "s3": 0.0, "s4": 0.0}


def test_stability_without_a_draw_is_refused() -> None:
    with pytest.raises(ContractError):
        Stability(draws=0)
