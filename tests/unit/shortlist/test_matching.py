# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import pandas as pd
import pytest

from yochi.plugin.core import contracts
from yochi.plugin.core.errors import ContractError
from yochi.plugin.core.shortlist import match


@pytest.fixture
def sites(make_sites):
    return make_sites(
        [None] * 4,
        available_basis="unknown",
        counted_ha=[4.0, 12.0, 30.0, 18.0],
        layer=["idle_prepared", "idle_prepared", "idle_prepared", "pipeline"],
        price_yen_m2=[10_000.0, 20_000.0, 60_000.0, None],
        ready_year=[2026.0, 2027.0, 2026.0, 2030.0],
    )


@pytest.fixture
def enquiries():
    return pd.DataFrame(
        {
            "enquiry_id": ["e1", "e2", "e3", "e4", "e5"],
            "firm_code": ["F-01", None, "F-01", None, "F-02"],
            "minimum_ha": [3.0, 10.0, 25.0, 50.0, None],
            "price_yen_m2": [30_000.0, 15_000.0, 50_000.0, 1_000.0, None],
            "layers": ["idle_prepared", None, "idle_prepared", "idle_prepared", "pipeline"],
            "ready_by_year": [None, None, None, None, 2028.0],
        }
    )


@pytest.fixture
def matching(enquiries, sites):
    return match(enquiries, sites)


def test_each_enquiry_has_its_shortlist(matching) -> None:
    listed = matching.matches.groupby("enquiry_id")["site_id"].agg(list).to_dict()
    assert listed == {"e1": ["s2", "s1"]}
    assert matching.matches["rank"].tolist() == [1, 2]


def test_each_enquiry_has_its_answer(matching) -> None:
    answers = matching.answers.set_index("enquiry_id")
    assert answers["state"].to_dict() == {"e1": "met", "e2": "to_ask", "e3": "unmet", "e4": "unmet", "e5": "unmet"}
    assert answers["reason"].to_dict() == {"e1": None, "e2": None, "e3": "price", "e4": "several", "e5": "layer"}
    assert answers.loc["e3", "back_ha"] == 30.0
    assert answers.loc["e2", "sites_to_ask"] == 1


def test_anonymous_enquiries_count_like_others(matching, sites) -> None:
    nameless = pd.DataFrame({"enquiry_id": ["a", "b"], "minimum_ha": [10.0, 11.0]})
    by_site = match(nameless, sites).site_enquiries.set_index("site_id")
    assert by_site["enquiries"].to_dict() == {"s2": 2, "s3": 2, "s4": 2}
    assert by_site["firms"].to_dict() == {"s2": 0, "s3": 0, "s4": 0}
    assert by_site["first_choice"].to_dict() == {"s3": 2, "s2": 0, "s4": 0}


def test_unmet_enquiries_by_reason(matching) -> None:
    unmet = matching.unmet.set_index("reason")
    assert unmet["enquiries"].to_dict() == {"price": 1, "layer": 1, "several": 1}
    assert unmet["minimum_ha"].fillna(-1).to_dict() == {"price": 25.0, "layer": -1.0, "several": 50.0}
    assert unmet["enquiries_without_area"].to_dict() == {"price": 0, "layer": 1, "several": 0}


def test_an_enquiry_may_start_from_a_preset(sites) -> None:
    asked = pd.DataFrame({"enquiry_id": ["e"], "preset": ["automotive"], "minimum_ha": [1.0], "missing": ["keep"]})
    cluster = sites.assign(distance_cluster_m=[500.0, 20_000.0, 800.0, None])
    assert set(match(asked, cluster).matches["site_id"]) == {"s1", "s3", "s4"}
    asking = match(asked.assign(missing=None), cluster)  # as the preset says: of every site something is missing
    assert asking.matches.empty and asking.answers["sites_to_ask"].tolist() == [3]


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("preset", "shipyard", "shipyard"),
        ("layers", "swamp", "Enquiry e1.*swamp"),
        ("maximum_ha", 1.0, "Enquiry e1.*at_least 3 over at_most 1"),
    ],
)
def test_an_impossible_enquiry_is_named(enquiries, sites, column, value, said) -> None:
    enquiries[column] = value
    with pytest.raises(ContractError, match=said):
        match(enquiries, sites)


def test_no_enquiry_and_no_site_are_answers(enquiries, sites) -> None:
    assert match(enquiries.iloc[:0], sites).answers.empty
    none = match(enquiries, sites.iloc[:0])
    assert set(none.answers["state"]) == {"unmet"} and none.matches.empty and none.site_enquiries.empty


def test_every_table_keeps_its_contract(matching) -> None:
    for name, table in vars(matching).items():
        assert contracts.faults(table, contracts.ON_REQUEST[name]) == []
