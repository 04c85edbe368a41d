# SPDX-License-Identifier: GPL-2.0-or-later
"""An attacker holds every printed total and tries to solve for the hectares of a withheld site."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yochi.plugin.core import contracts
from yochi.plugin.core.area_tree import memberships
from yochi.plugin.core.shortlist import totals as guard

AREAS = pd.DataFrame(
    {
        "area_code": ["JP", "13", "14", "14100", "14101", "14102", "14200"],
        "name": "x",
        "level": [
            "national",
            "prefecture",
            "prefecture",
            "designated_city",
            "municipality",
            "municipality",
            "municipality",
        ],
        "parent_code": [None, "JP", "JP", "14", "14100", "14100", "14"],
    }
)
LEAVES = ["13", "14101", "14102", "14200", "14"]
SITES = st.lists(
    st.tuples(
        st.sampled_from(LEAVES),
        st.sampled_from(["idle_prepared", "pipeline"]),
        st.integers(1, 60).map(float),
        st.booleans(),
    ),
    min_size=1,
    max_size=14,
)


def table(rows) -> tuple[pd.DataFrame, pd.Series]:
    frame = pd.DataFrame(rows, columns=["area_code", "layer", "counted_ha", "released"])
    frame["site_id"], frame["available_basis"] = [f"s{n}" for n in range(len(frame))], "reported"
    return contracts.conform(frame, contracts.SITES), frame["released"]


def drawn_up(sites, released):
    return guard.totals(sites, released, sites["counted_ha"].where(released), AREAS)


def equations(printed, sites) -> tuple[np.ndarray, np.ndarray]:
    """Printed total = sum over the sites of the area and its smaller areas, one row a total."""
    within = memberships(AREAS).groupby("within_code")["area_code"].agg(set)
    rows = printed.dropna(subset="all_ha")
    matrix = [
        (sites["area_code"].isin(within[one.area_code]) & (sites["layer"] == one.layer)).to_numpy(dtype=float)
        for one in rows.itertuples()
    ]
    return np.array(matrix).reshape(len(rows), len(sites)), rows["all_ha"].to_numpy(dtype=float)


def solved(sites, released, printed, known=()) -> list[int]:
    """Withheld sites whose hectares follow from the totals and from what is released or known otherwise."""
    left, right = equations(printed, sites)
    open_ = np.array([not may and position not in known for position, may in enumerate(released)])
    system = left[:, open_]
    assert np.allclose(left @ sites["counted_ha"].to_numpy(), right)
    if not system.size:
        return []
    rank = np.linalg.matrix_rank(system)
    unknown = np.flatnonzero(open_)
    return [
        site
        for column, site in enumerate(unknown)
        if np.linalg.matrix_rank(np.vstack([system, np.eye(len(unknown))[column]])) == rank
    ]


@settings(max_examples=60, deadline=None)
@given(SITES)
def test_no_withheld_site_can_be_solved_for(rows) -> None:
    sites, released = table(rows)
    printed = drawn_up(sites, released)
    assert solved(sites, released, printed) == []
    for insider in np.flatnonzero(~released.to_numpy()):  # the owner of a withheld site knows its own hectares
        assert solved(sites, released, printed, known=(insider,)) == []


@settings(max_examples=60, deadline=None)
@given(SITES)
def test_no_remainder_lets_the_largest_site_be_guessed(rows) -> None:
    """What two totals differ by is an upper bound of each site in it; it must not be a near one."""
    sites, released = table(rows)
    left, right = equations(drawn_up(sites, released), sites)
    hectares = sites["counted_ha"].to_numpy()
    secret = ~released.to_numpy()
    for one in left:
        inner = [other for other in left if (other <= one).all() and (other < one).any()]
        remainder = (one > 0) & secret & (np.sum([np.zeros_like(one), *inner], axis=0) == 0)
        largest = np.sort(hectares[remainder])[::-1]
        assert not len(largest) or largest[2:].sum() >= guard.LEAST_DOUBT * largest[0]
    assert len(right) == len(left)


def test_a_guard_that_is_off_would_fail_that_test(monkeypatch) -> None:
    monkeypatch.setattr(guard, "LEAST_SITES", 1)
    monkeypatch.setattr(guard, "LEAST_DOUBT", 0.0)
    sites, released = table([("14101", "pipeline", 5.0, False), ("14102", "pipeline", 7.0, True)])
    assert solved(sites, released, drawn_up(sites, released)) == [0]


def test_one_withheld_site_hides_the_total_of_every_area_around_it() -> None:
    sites, released = table([("14101", "pipeline", 5.0, False), ("14102", "pipeline", 7.0, True)])
    found = drawn_up(sites, released).set_index("area_code")
    assert found["suppressed"].to_dict() == {"14": "yes", "14100": "yes", "14102": "no", "JP": "yes"}
    assert found.loc["14102", "all_ha"] == 7.0 and found.loc["14", "released_ha"] == 7.0
    assert found.loc["14", ["all_ha", "sites_all"]].isna().all()


def test_two_withheld_sites_in_two_cities_hide_the_prefecture_too() -> None:
    rows = [("14101", "pipeline", 5.0, False), ("14200", "pipeline", 5.0, False), ("13", "pipeline", 9.0, True)]
    found = drawn_up(*table(rows)).set_index("area_code")["suppressed"]
    assert found.to_dict() == {"13": "no", "JP": "yes"}


def test_three_of_a_size_are_shown_and_a_giant_among_them_is_not() -> None:
    three = [("14101", "pipeline", 5.0, False), ("14102", "pipeline", 6.0, False), ("14200", "pipeline", 4.0, False)]
    assert drawn_up(*table(three)).set_index("area_code")["all_ha"].to_dict() == {"14": 15.0, "JP": 15.0}
    giant = [("14101", "pipeline", 90.0, False), *three[1:]]
    assert drawn_up(*table(giant)).empty


def test_a_site_whose_hectares_stay_is_as_good_as_withheld() -> None:
    sites, released = table([("14101", "pipeline", 5.0, True), ("14102", "pipeline", 7.0, True)])
    shown = sites["counted_ha"].mask(sites["site_id"] == "s0")
    found = guard.totals(sites, released, shown, AREAS).set_index("area_code")
    assert found.loc["14", "suppressed"] == "yes" and found.loc["14102", "suppressed"] == "no"


@pytest.mark.parametrize("areas", [None, AREAS])
def test_unplaced_sites_have_a_total_of_their_own(areas) -> None:
    sites, released = table([(None, "pipeline", 5.0, True)])
    found = guard.totals(sites, released, sites["counted_ha"], areas)
    assert found[["area_code", "all_ha"]].to_numpy().tolist() == [["unplaced", 5.0]]
