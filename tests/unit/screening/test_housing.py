# SPDX-License-Identifier: GPL-2.0-or-later
"""規則49条の5 一号: the truth table over use district, 分区 and ordinance."""

from __future__ import annotations

import itertools

import pandas as pd
import pytest
import shapely

from yochi.plugin.core import screening

LAND = shapely.box(10, 10, 90, 90)
AROUND = shapely.box(0, 0, 100, 100)


@pytest.fixture(scope="module")
def profile(make_profile) -> screening.Profile:
    return make_profile({"housing": {"kind": "housing_banned"}})


@pytest.mark.parametrize(
    ("zone", "bunku", "ordinance", "result", "reason", "subject"),
    [
        ("exclusive_industrial", None, None, "met", "zone_bans_housing", None),
        ("industrial", None, None, "not_met", "zone_allows_housing", None),
        ("unzoned", None, None, "not_met", "zone_allows_housing", None),
        ("unknown", None, None, "undecidable", "zone_unknown", "z1"),
        (None, None, None, "undecidable", "outside_zoning_data", "s1"),
        ("exclusive_industrial", "unknown", None, "undecidable", "bunku_unknown", "川崎港"),
        ("exclusive_industrial", "commercial", "unknown", "undecidable", "ordinance_unknown", "川崎港 / commercial"),
        ("exclusive_industrial", "commercial", "yes", "met", "ordinance_bans_housing", None),
        ("exclusive_industrial", "commercial", "no", "not_met", "ordinance_allows_housing", None),
        ("exclusive_industrial", "unknown", "yes", "met", "ordinance_bans_housing", None),
        ("exclusive_industrial", "unknown", "no", "not_met", "ordinance_allows_housing", None),
        ("industrial", "industrial", "yes", "met", "ordinance_bans_housing", None),
        ("industrial", "industrial", "no", "not_met", "ordinance_allows_housing", None),
        ("industrial", "industrial", "unknown", "undecidable", "ordinance_unknown", "川崎港 / industrial"),
        ("industrial", "commercial", "yes", "not_met", "no_industrial_port_zone", None),
        ("industrial", "commercial", "unknown", "not_met", "no_industrial_port_zone", None),
        ("industrial", "unknown", "unknown", "undecidable", "bunku_unknown", "川崎港"),
        ("industrial", "unknown", "yes", "undecidable", "bunku_unknown", "川崎港"),
        # where both answers of the zoning come to the same, it need not be known
        (None, "industrial", "yes", "met", "ordinance_bans_housing", None),
        (None, "commercial", "no", "not_met", "ordinance_allows_housing", None),
        ("unknown", "commercial", "yes", "undecidable", "zone_unknown", "z1"),
    ],
)
def test_truth_table(only, frame, profile, zone, bunku, ordinance, result, reason, subject) -> None:
    far = shapely.box(5000, 0, 5100, 100)
    zones = frame([AROUND if zone else far], zone_id="z1", zone=zone or "industrial")
    ports = frame(
        [AROUND if bunku else far],
        port_zone_id="p1",
        port="川崎港",
        bunku=bunku,
        ordinance_bans_housing=ordinance,
    )
    found = only(LAND, profile, screening.Surroundings(zones=zones, port_zones=ports))
    assert (found["result"], found["reason"], found["subject"]) == (result, reason, subject)


def test_without_port_zones_an_industrial_district_may_lie_in_one(only, frame, profile) -> None:
    for zone in ("exclusive_industrial", "industrial"):
        found = only(LAND, profile, screening.Surroundings(zones=frame([AROUND], zone_id="z1", zone=zone)))
        assert (found["result"], found["reason"]) == ("undecidable", "port_zones_not_loaded")


@pytest.mark.parametrize(("row", "result"), [("yes", "met"), ("no", "not_met"), ("unknown", "undecidable")])
def test_a_table_of_ordinances_speaks_where_the_port_zone_does_not(only, frame, profile, row, result) -> None:
    zones = frame([AROUND], zone_id="z1", zone="exclusive_industrial")
    ports = frame([AROUND], port_zone_id="p1", port="川崎港", bunku="commercial")
    table = pd.DataFrame({"port": ["横浜港", "川崎港"], "bunku": "commercial", "bans_housing": ["yes", row]})
    surroundings = screening.Surroundings(zones=zones, port_zones=ports, port_ordinances=table)
    assert only(LAND, profile, surroundings)["result"] == result
    own = ports.assign(ordinance_bans_housing="no")
    surroundings = screening.Surroundings(zones=zones, port_zones=own, port_ordinances=table)
    assert only(LAND, profile, surroundings)["result"] == "not_met"


def test_knowing_more_never_turns_an_answer_round(only, frame, profile) -> None:
    """Every combination with something unknown agrees with all its completions, or is undecidable."""
    zones = ("exclusive_industrial", "industrial")
    bunkus = ("industrial", "commercial")
    answers = ("yes", "no")
    found = {}
    for zone, bunku, answer in itertools.product((*zones, "unknown"), (*bunkus, "unknown"), (*answers, "unknown")):
        surroundings = screening.Surroundings(
            zones=frame([AROUND], zone_id="z1", zone=zone),
            port_zones=frame([AROUND], port_zone_id="p1", bunku=bunku, ordinance_bans_housing=answer),
        )
        found[zone, bunku, answer] = only(LAND, profile, surroundings)["result"]
    for key, result in found.items():
        options = [
            known if one == "unknown" else (one,) for one, known in zip(key, (zones, bunkus, answers), strict=True)
        ]
        completions = {found[completion] for completion in itertools.product(*options)}
        # a 分区 may also turn out to be none at all, so that agreement is not always certainty
        assert result in ("undecidable", *(completions if len(completions) == 1 else ()))


def test_the_parts_of_a_port_zone_come_before_its_outline(make_sites, frame, profile) -> None:
    outline, part = shapely.box(0, 0, 200, 100), shapely.box(0, 0, 50, 100)
    ports = frame(
        [outline, part], port_zone_id=["a", "b"], bunku=["unknown", "commercial"], ordinance_bans_housing=[None, "yes"]
    )
    zones = frame([shapely.box(0, 0, 200, 100)], zone_id="z1", zone="exclusive_industrial")
    sites = make_sites([shapely.box(0, 0, 100, 100)])
    verdict = screening.screen(sites, screening.Surroundings(zones=zones, port_zones=ports), [profile]).verdicts.iloc[0]
    assert verdict["met_ha"] == pytest.approx(0.5)
    assert verdict["undecidable_ha"] == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("of_zone", "of_ports", "result", "subject"),
    [
        ("14130", "14130", "met", None),
        ("14100", "14130", "undecidable", "14100"),
        ("14100", None, "met", None),
        (None, "14130", "met", None),
    ],
)
def test_port_zones_of_one_city_say_nothing_of_another(
    only, frame, profile, of_zone, of_ports, result, subject
) -> None:
    zones = frame([AROUND], zone_id="z1", zone="exclusive_industrial", muni_code=of_zone)
    far = frame([shapely.box(5000, 0, 5100, 100)], port_zone_id="p1", port="港", muni_code=of_ports)
    found = only(LAND, profile, screening.Surroundings(zones=zones, port_zones=far))
    assert found["result"] == result
    if subject:
        assert (found["reason"], found["subject"]) == ("port_zones_not_loaded", subject)
