# SPDX-License-Identifier: GPL-2.0-or-later
"""Each kind of criterion on land of one hectare, and what it says is missing."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from yochi.plugin.core import screening
from yochi.plugin.core.screening import Surroundings

LAND = shapely.box(0, 0, 100, 100)


def facts(row) -> tuple:
    return row["result"], row["reason"], row["subject"]


def test_port_bunku(only, frame, make_profile) -> None:
    profile = make_profile({"bunku": {"kind": "port_bunku_is_one_of", "bunku": ["industrial"]}})
    assert facts(only(LAND, profile)) == ("undecidable", "port_zones_not_loaded", "port_zones")
    for bunku, answer in {
        "industrial": ("met", "bunku_in_list", None),
        "marina": ("not_met", "bunku_not_in_list", None),
        None: ("undecidable", "bunku_unknown", "川崎港"),
    }.items():
        ports = frame([LAND.buffer(10)], port_zone_id="p", port="川崎港", bunku=bunku, source_id="ports.gml")
        found = only(LAND, profile, Surroundings(port_zones=ports))
        assert facts(found) == answer
        assert found["data_set"] == "ports.gml"
    far = frame([shapely.box(500, 0, 600, 9)], port_zone_id="p", bunku="industrial")
    assert facts(only(LAND, profile, Surroundings(port_zones=far))) == ("not_met", "outside_port_zones", None)


def test_near_coast(only, frame, make_profile) -> None:
    profile = make_profile({"coast": {"kind": "near_coast", "max_distance_m": 300}})
    assert facts(only(LAND, profile)) == ("undecidable", "coastline_not_loaded", "coastline")
    for y, result, value in ((-250, "met", "250"), (-300, "met", "300"), (-301, "not_met", None), (50, "met", "0")):
        coast = frame([shapely.LineString([(-5000, y), (5000, y)])], coastline_id="c", source_id="c23")
        found = only(LAND, profile, Surroundings(coastline=coast))
        assert (found["result"], found["value"], found["unit"], found["data_set"]) == (result, value, "m", "c23")


def test_coast_inside_land_is_near(only, frame, make_profile) -> None:
    profile = make_profile({"coast": {"kind": "near_coast", "max_distance_m": 1}})
    islet = frame([shapely.Point(50, 50).buffer(5)], coastline_id="c")
    assert only(LAND, profile, Surroundings(coastline=islet))["value"] == "0"


@pytest.mark.parametrize(
    ("columns", "parameters", "answer"),
    [
        ({}, {}, ("met", "on_reclaimed", None)),
        ({"by_reclamation_act": "yes"}, {"by_act": True}, ("met", "on_reclaimed", None)),
        ({"by_reclamation_act": "no"}, {"by_act": True}, ("not_met", "other_reclamation", None)),
        ({}, {"by_act": True}, ("undecidable", "reclamation_act_unknown", "扇島")),
        ({"started_on": "1977-03-15"}, {"started_from": "1977-03-15"}, ("met", "on_reclaimed", None)),
        ({"started_on": "1977-03-14"}, {"started_from": "1977-03-15"}, ("not_met", "started_too_early", None)),
        ({"started_on": "1977"}, {"started_from": "1977-03-15"}, ("undecidable", "reclamation_start_unknown", "扇島")),
        ({"started_on": "1977-02"}, {"started_from": "1977-03-15"}, ("not_met", "started_too_early", None)),
        ({"started_on": "1978"}, {"started_from": "1977-03-15"}, ("met", "on_reclaimed", None)),
        ({}, {"started_from": "1977-03-15"}, ("undecidable", "reclamation_start_unknown", "扇島")),
        (
            {"started_on": "1950-01-01"},
            {"started_from": "1922-04-10", "started_before": "1977-03-15"},
            ("met", "on_reclaimed", None),
        ),
        ({"started_on": "1977-03-15"}, {"started_before": "1977-03-15"}, ("not_met", "started_too_late", None)),
        ({"waste_fill": "no"}, {"no_waste_fill": True}, ("met", "on_reclaimed", None)),
        ({"waste_fill": "yes"}, {"no_waste_fill": True}, ("not_met", "waste_fill", None)),
        ({"waste_fill": None}, {"no_waste_fill": True}, ("undecidable", "waste_fill_unknown", "扇島")),
        # what fails decides, whatever else is unknown
        (
            {"started_on": "1900"},
            {"started_from": "1922-04-10", "by_act": True},
            ("not_met", "started_too_early", None),
        ),
    ],
)
def test_reclaimed(only, frame, make_profile, columns, parameters, answer) -> None:
    profile = make_profile({"reclaimed": {"kind": "on_reclaimed", **parameters}})
    reclaimed = frame([LAND.buffer(5)], reclaimed_id="r1", name="扇島", **columns)
    assert facts(only(LAND, profile, Surroundings(reclaimed=reclaimed))) == answer


def test_reclaimed_elsewhere_and_not_loaded(only, frame, make_profile) -> None:
    profile = make_profile({"reclaimed": {"kind": "on_reclaimed"}})
    assert facts(only(LAND, profile)) == ("undecidable", "reclaimed_not_loaded", "reclaimed")
    far = Surroundings(reclaimed=frame([shapely.box(900, 0, 999, 9)], reclaimed_id="r1"))
    assert facts(only(LAND, profile, far)) == ("not_met", "outside_reclaimed", None)


def test_of_polygons_that_overlap_one_is_enough(make_sites, frame, make_profile) -> None:
    profile = make_profile({"reclaimed": {"kind": "on_reclaimed", "started_from": "1977-03-15"}})
    reclaimed = frame(
        [shapely.box(0, 0, 60, 100), shapely.box(40, 0, 100, 100)],
        reclaimed_id=["a", "b"],
        started_on=["1960-01-01", "1990-01-01"],
    )
    result = screening.screen(make_sites([LAND]), Surroundings(reclaimed=reclaimed), [profile])
    assert result.verdicts["met_ha"].iloc[0] == pytest.approx(0.6)
    assert result.verdicts["not_met_ha"].iloc[0] == pytest.approx(0.4)
    assert len(result.pieces) == 3


@pytest.mark.parametrize(
    ("distance", "use", "answer"),
    [
        (100, "drinking", ("not_met", "drinking_well", None)),
        (100, "other", ("met", "no_drinking_well", None)),
        (100, "unknown", ("undecidable", "well_use_unknown", "w1")),
        (100, None, ("undecidable", "well_use_unknown", "w1")),
        (501, "drinking", ("met", "no_drinking_well", None)),
    ],
)
def test_wells(only, frame, make_profile, distance, use, answer) -> None:
    profile = make_profile({"wells": {"kind": "no_drinking_well", "within_m": 500}})
    wells = frame([shapely.Point(100 + distance, 50)], well_id="w1", use=use)
    assert facts(only(LAND, profile, Surroundings(wells=wells))) == answer


def test_a_drinking_well_decides_whatever_others_are(only, frame, make_profile) -> None:
    profile = make_profile({"wells": {"kind": "no_drinking_well", "within_m": 500}})
    assert facts(only(LAND, profile)) == ("undecidable", "wells_not_loaded", "wells")
    points = [shapely.Point(110, 50), shapely.Point(300, 50)]
    wells = frame(points, well_id=["w1", "w2"], use=["unknown", "drinking"])
    found = only(LAND, profile, Surroundings(wells=wells))
    assert (found["result"], found["value"]) == ("not_met", "200")


@pytest.mark.parametrize(
    ("value", "answer"),
    [
        ("no", ("met", "public_entry_as_asked", None)),
        ("yes", ("not_met", "public_entry_otherwise", None)),
        ("unknown", ("undecidable", "public_entry_unknown", "s1")),
        (None, ("undecidable", "public_entry_unknown", "s1")),
    ],
)
@pytest.mark.parametrize("shape", [LAND, None])
def test_answers_about_the_site_need_no_polygon(only, make_profile, shape, value, answer) -> None:
    profile = make_profile({"entry": {"kind": "site_answer", "column": "public_entry", "answer": "no"}})
    found = only(shape, profile, public_entry=value, available_ha=2.0)
    assert facts(found) == answer
    assert found["piece_ha"] == pytest.approx(1.0 if shape else 2.0)


def test_industry(only, make_profile) -> None:
    profile = make_profile({"steel": {"kind": "industry_is_one_of", "classes": ["22"]}})
    assert facts(only(LAND, profile, industry_class="22"))[0] == "met"
    assert facts(only(LAND, profile, industry_class="16"))[0] == "not_met"
    assert facts(only(LAND, profile)) == ("undecidable", "industry_unknown", "s1")


@pytest.mark.parametrize(
    ("shape", "columns", "result"),
    [
        (shapely.box(0, 0, 30, 29.9), {}, "not_met"),
        (shapely.box(0, 0, 30, 30.1), {}, "met"),
        (None, {"gross_ha": 0.5}, "met"),
        (None, {"gross_ha": 0.05}, "not_met"),
        (None, {"available_ha": np.nan, "available_basis": "unknown"}, "undecidable"),
    ],
)
def test_area(only, make_profile, shape, columns, result) -> None:
    profile = make_profile({"area": {"kind": "area_at_least", "square_metres": 900}})
    assert only(shape, profile, **{"available_basis": "unknown", **columns})["result"] == result


def ledger(frame, shape=None, **columns) -> gpd.GeoDataFrame:
    return frame([shape], **{"designation_id": "整-1", "kind": "notification_required", **columns})


@pytest.mark.parametrize(
    ("columns", "parameters", "answer"),
    [
        ({}, {}, ("met", "designated", None)),
        ({"kind": "action_required"}, {}, ("not_met", "other_designation", None)),
        ({"kind": "unknown"}, {}, ("undecidable", "designation_kind_unknown", "整-1")),
        ({"sub_type": "coastal_special"}, {"sub_types": ["coastal_special"]}, ("met", "designated", None)),
        ({"sub_type": "general"}, {"sub_types": ["coastal_special"]}, ("not_met", "other_designation", None)),
        ({}, {"sub_types": ["coastal_special"]}, ("undecidable", "designation_kind_unknown", "整-1")),
    ],
)
def test_designated_by_geometry(only, frame, make_profile, columns, parameters, answer) -> None:
    profile = make_profile({"ledger": {"kind": "designated", "kinds": ["notification_required"], **parameters}})
    surroundings = Surroundings(designations=ledger(frame, LAND.buffer(1), **columns))
    assert facts(only(LAND, profile, surroundings)) == answer


def test_designated_elsewhere_and_not_loaded(only, frame, make_profile) -> None:
    profile = make_profile({"ledger": {"kind": "designated", "kinds": ["notification_required"]}})
    assert facts(only(LAND, profile)) == ("undecidable", "designations_not_loaded", "designations")
    far = Surroundings(designations=ledger(frame, shapely.box(900, 0, 999, 9)))
    assert facts(only(LAND, profile, far)) == ("not_met", "not_designated", None)


def test_an_entry_without_a_place_may_be_anywhere(only, frame, make_profile) -> None:
    profile = make_profile({"ledger": {"kind": "designated", "kinds": ["notification_required"]}})
    lost = ledger(frame, lots="川崎区扇島1番1")
    assert facts(only(LAND, profile, Surroundings(designations=lost))) == (
        "undecidable",
        "ledger_entry_unplaced",
        "整-1",
    )
    other = lost.assign(kind="action_required")
    assert facts(only(LAND, profile, Surroundings(designations=other))) == ("not_met", "not_designated", None)


def test_designated_by_lot(make_sites, frame, make_profile) -> None:
    profile = make_profile({"ledger": {"kind": "designated", "kinds": ["notification_required"]}})
    parcels = frame(
        [shapely.box(x, 0, x + 100, 100) for x in (0, 100, 200)],
        parcel_id=["a", "b", "c"],
        muni_code="14131",
        district="扇島",
        lot=["1番1", "1番2", "2番"],
    )
    entries = ledger(frame, lots="川崎市川崎区扇島１番地１、１番２の一部")
    sites = make_sites([shapely.box(0, 0, 300, 100)])
    result = screening.screen(sites, Surroundings(designations=entries, parcels=parcels), [profile])
    assert result.evidence["reason"].tolist() == ["designated", "designation_extent_unknown", "not_designated"]
    assert result.verdicts[["met_ha", "undecidable_ha", "not_met_ha"]].iloc[0].tolist() == pytest.approx([1, 1, 1])
