# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely

from yochi.plugin.core import contracts
from yochi.plugin.core.errors import ContractError
from yochi.plugin.core.shortlist import Condition, Requirements, select


@pytest.fixture
def sites(make_sites):
    shapes = [shapely.box(x, 0, x + 50, 50) for x in range(0, 500, 100)]
    hectares = [3.0, 12.0, np.nan, 8.0, 12.0]
    layers = ["idle_prepared", "idle_prepared", "idle_prepared", "pipeline", "idle_prepared"]
    return make_sites(shapes, layer=layers, counted_ha=hectares, counted_basis="reported")


def asking(*conditions: Condition) -> Requirements:
    return Requirements(conditions=conditions)


def verdict(site, met, not_met, undecidable):
    hectares = {"met_ha": met, "not_met_ha": not_met, "undecidable_ha": undecidable}
    return {"site_id": site, "profile_id": "law/x", **hectares, "site_ha": met + not_met + undecidable}


def test_filters_and_ranks(sites) -> None:
    chosen = select(sites, Requirements(minimum_ha=5, layers=("idle_prepared",))).shortlist
    assert chosen[["site_id", "rank"]].to_numpy().tolist() == [["s2", 1], ["s5", 1]]
    assert chosen.geometry.notna().all()


def test_the_waterfall_reconciles_and_names_each_filter(sites) -> None:
    waterfall = select(sites, Requirements(minimum_ha=5, layers=("idle_prepared",))).waterfall
    idle = waterfall[waterfall["layer"] == "idle_prepared"]
    assert idle["filter"].tolist() == ["all_sites", "layer", "area", "to_ask"]
    assert idle["condition"].tolist() == [None, "idle_prepared", ">= 5 ha", None]
    assert idle["sites_left"].tolist() == [4, 4, 3, 2]
    assert idle["sites_unanswered"].tolist() == [0, 0, 1, 1]
    assert idle["sites_unknown"].tolist() == [1, 1, 1, 1]
    assert idle["left_ha"].tolist() == [27.0, 27.0, 24.0, 24.0]
    assert idle["before_ha"].tolist()[1:] == idle["left_ha"].tolist()[:-1]


def test_the_waterfall_never_adds_layers(sites) -> None:
    waterfall = select(sites, Requirements(layers=("idle_prepared",))).waterfall
    assert waterfall[["step", "layer", "sites_left"]].to_numpy().tolist() == [
        [1, "idle_prepared", 4],
        [1, "pipeline", 1],
        [2, "idle_prepared", 4],
        [2, "pipeline", 0],
    ]


@pytest.mark.parametrize(
    ("missing", "listed", "asked"),
    [("keep", ["s2", "s5", "s4", "s3"], []), ("drop", ["s2", "s5", "s4"], []), ("ask", ["s2", "s5", "s4"], ["s3"])],
)
def test_a_missing_fact_is_kept_dropped_or_asked_about(sites, missing, listed, asked) -> None:
    chosen = select(sites, asking(Condition("area", at_least=5, missing=missing)))
    assert chosen.shortlist["site_id"].tolist() == listed
    assert chosen.to_ask["site_id"].tolist() == asked
    step = chosen.waterfall[chosen.waterfall["filter"] == "area"]
    assert step["missing"].unique().tolist() == [missing] and step["sites_unanswered"].sum() == 1


def test_nothing_is_asked_about_a_site_that_fails_another_filter(sites) -> None:
    sites = sites.assign(price_yen_m2=[np.nan, 10_000, 10_000, np.nan, 90_000])
    chosen = select(sites, asking(Condition("area", at_least=5), Condition("price", at_most=20_000)))
    assert chosen.shortlist["site_id"].tolist() == ["s2"]
    assert chosen.to_ask[["site_id", "fact", "questions"]].to_numpy().tolist() == [
        ["s3", "area", 1],
        ["s4", "price", 1],
    ]


def test_unknown_hectares_are_not_zero(sites) -> None:
    only_unknown = sites[sites["counted_ha"].isna()]
    waterfall = select(only_unknown, asking(Condition("area", at_least=1, missing="drop"))).waterfall
    assert waterfall[["before_ha", "removed_ha"]].iloc[-1].isna().all()
    assert waterfall["left_ha"].iloc[-1] == 0.0 and waterfall["sites_left"].iloc[-1] == 0


def test_no_requirement_drops_nothing(sites) -> None:
    selection = select(sites, Requirements())
    assert len(selection.shortlist) == 5 and selection.waterfall["filter"].unique().tolist() == ["all_sites"]
    assert selection.shortlist["site_id"].iloc[-1] == "s3"  # unknown hectares rank last
    assert selection.relaxations.empty and selection.to_ask.empty


def test_an_empty_shortlist_has_its_reasons(sites) -> None:
    selection = select(sites, Requirements(minimum_ha=100))
    assert selection.shortlist.empty and selection.scores.empty
    area = selection.waterfall[selection.waterfall["filter"] == "area"].set_index("layer")
    assert area["removed_ha"].to_dict() == {"idle_prepared": 27.0, "pipeline": 8.0}
    back = selection.relaxations.set_index("layer")
    assert back["back_ha"].to_dict() == {"idle_prepared": 27.0, "pipeline": 8.0}
    assert back["nearest"].to_dict() == {"idle_prepared": 12.0, "pipeline": 8.0}
    assert selection.to_ask["site_id"].tolist() == ["s3"]


def test_what_a_single_relaxed_filter_brings_back(sites) -> None:
    sites = sites.assign(price_yen_m2=[10_000, 30_000, 10_000, 30_000, 25_000], owner_class="public")
    chosen = select(
        sites,
        asking(
            Condition("area", at_least=5, missing="drop"),
            Condition("price", at_most=20_000),
            Condition("owner_class", one_of=("public",)),
        ),
    )
    assert chosen.shortlist.empty
    idle = chosen.relaxations[chosen.relaxations["layer"] == "idle_prepared"].set_index("filter")
    assert idle["sites_back"].to_dict() == {"area": 2, "price": 2, "owner_class": 0}
    assert idle["back_ha"].to_dict() == {"area": 3.0, "price": 24.0, "owner_class": 0.0}
    assert idle["rank"].to_dict() == {"area": 2, "price": 1, "owner_class": 3}
    assert idle.loc["price", "nearest"] == 25_000 and idle.loc["area", "nearest"] == 3.0


def test_undecidable_land_may_turn_out_either_way(sites) -> None:
    verdicts = pd.DataFrame([verdict("s1", 2, 0, 1), verdict("s2", 6, 6, 0), verdict("s4", 1, 6, 1)])
    chosen = select(sites, asking(Condition("met_share", at_least=0.6, profile="law/x")), verdicts=verdicts)
    assert chosen.shortlist["site_id"].tolist() == ["s1"]  # two thirds are met whatever the rest turns out to be
    assert chosen.to_ask["site_id"].tolist() == ["s3", "s5"]  # never screened
    wide = select(sites, asking(Condition("met_share", at_least=0.75, profile="law/x")), verdicts=verdicts)
    assert "s1" in wide.to_ask["site_id"].tolist()


def test_a_profile_that_nobody_screened_is_refused(sites) -> None:
    with pytest.raises(ContractError, match="law/x"):
        select(sites, asking(Condition("met_area", at_least=1, profile="law/x")))


def test_a_site_in_two_parts_is_as_large_as_the_larger(make_sites) -> None:
    parts = shapely.MultiPolygon([shapely.box(0, 0, 300, 100), shapely.box(500, 0, 600, 100)])
    whole = shapely.box(1000, 0, 1400, 100)
    sites = make_sites([parts, whole, None], counted_ha=[4.0, 2.5, 9.0], available_ha=9.0)
    chosen = select(sites, asking(Condition("contiguous_area", at_least=3)))
    assert chosen.shortlist["site_id"].tolist() == ["s1"]  # the whole one has only 2.5 ha that can be had
    assert chosen.to_ask["site_id"].tolist() == ["s3"]
    assert select(sites, asking(Condition("contiguous_area", at_least=3.5))).shortlist.empty


def test_every_table_keeps_its_contract(sites) -> None:
    selection = select(sites, Requirements(minimum_ha=5))
    for name, table in vars(selection).items():
        contract = contracts.TABLES.get(name) or contracts.ON_REQUEST[name]
        assert contracts.faults(table, contract) == []
        assert table.columns[: len(contract.columns)].tolist() == contract.column_names


@pytest.mark.parametrize("asked", [{"layers": ("swamp",)}, {"minimum_ha": -1}])
def test_impossible_requirements_are_refused(sites, asked) -> None:
    with pytest.raises(ContractError):
        select(sites, Requirements(**asked))
