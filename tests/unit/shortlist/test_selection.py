# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import numpy as np
import pytest
import shapely

from yochi.plugin.core.errors import ContractError
from yochi.plugin.core.shortlist import Requirements, select


@pytest.fixture
def sites(make_sites):
    shapes = [shapely.box(x, 0, x + 50, 50) for x in range(0, 500, 100)]
    hectares = [3.0, 12.0, np.nan, 8.0, 12.0]
    layers = ["idle_prepared", "idle_prepared", "idle_prepared", "pipeline", "idle_prepared"]
    return make_sites(shapes, layer=layers, counted_ha=hectares, counted_basis="reported")


def test_filters_and_ranks(sites) -> None:
    chosen = select(sites, Requirements(minimum_ha=5, layers=("idle_prepared",))).shortlist
    assert chosen[["site_id", "rank"]].to_numpy().tolist() == [["s2", 1], ["s5", 2]]
    assert chosen.geometry.notna().all()


def test_the_waterfall_reconciles_and_names_each_filter(sites) -> None:
    waterfall = select(sites, Requirements(minimum_ha=5, layers=("idle_prepared",))).waterfall
    idle = waterfall[waterfall["layer"] == "idle_prepared"]
    assert idle["filter"].tolist() == ["all_sites", "layer", "minimum_ha"]
    assert idle["sites_left"].tolist() == [4, 4, 2]
    assert idle["sites_unknown"].tolist() == [1, 1, 1]
    assert idle["left_ha"].tolist() == [*idle["before_ha"].tolist()[1:], 24.0]
    np.testing.assert_allclose(waterfall["before_ha"] - waterfall["removed_ha"], waterfall["left_ha"])
    assert (waterfall["sites_before"] - waterfall["sites_removed"] == waterfall["sites_left"]).all()


def test_the_waterfall_never_adds_layers(sites) -> None:
    waterfall = select(sites, Requirements(layers=("idle_prepared",))).waterfall
    assert waterfall[["step", "layer", "sites_left"]].to_numpy().tolist() == [
        [1, "idle_prepared", 4],
        [1, "pipeline", 1],
        [2, "idle_prepared", 4],
        [2, "pipeline", 0],
    ]


def test_unknown_hectares_are_not_zero(sites) -> None:
    only_unknown = sites[sites["counted_ha"].isna()]
    waterfall = select(only_unknown, Requirements(minimum_ha=1)).waterfall
    assert waterfall[["before_ha", "removed_ha"]].iloc[-1].isna().all()
    assert waterfall["left_ha"].iloc[-1] == 0.0 and waterfall["sites_left"].iloc[-1] == 0


def test_no_requirement_drops_nothing(sites) -> None:
    selection = select(sites, Requirements())
    assert len(selection.shortlist) == 5 and selection.waterfall["filter"].unique().tolist() == ["all_sites"]
    assert selection.shortlist["site_id"].iloc[-1] == "s3"  # unknown hectares rank last


def test_relaxing_a_filter_never_removes_a_site(sites) -> None:
    tight = set(select(sites, Requirements(minimum_ha=10)).shortlist["site_id"])
    assert tight <= set(select(sites, Requirements(minimum_ha=5)).shortlist["site_id"])


def test_rank_does_not_depend_on_row_order(sites) -> None:
    ranks = select(sites, Requirements()).shortlist.set_index("site_id")["rank"]
    again = select(sites.iloc[::-1], Requirements()).shortlist.set_index("site_id")["rank"]
    assert ranks.to_dict() == again.to_dict()


def test_an_empty_shortlist_has_its_reasons(sites) -> None:
    selection = select(sites, Requirements(minimum_ha=100))
    assert selection.shortlist.empty
    last = selection.waterfall[selection.waterfall["step"] == 2].set_index("layer")
    assert last["sites_left"].tolist() == [0, 0]
    assert last["removed_ha"].to_dict() == {"idle_prepared": 27.0, "pipeline": 8.0}


@pytest.mark.parametrize("asked", [Requirements(layers=("swamp",)), Requirements(minimum_ha=-1)])
def test_impossible_requirements_are_refused(sites, asked) -> None:
    with pytest.raises(ContractError):
        select(sites, asked)
