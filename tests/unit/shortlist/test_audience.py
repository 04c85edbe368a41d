# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
import shapely

from yochi.plugin.core import contracts
from yochi.plugin.core.resources import codes
from yochi.plugin.core.shortlist import Condition, Requirements, Stability, for_developers, select
from yochi.plugin.core.shortlist.consent import fields, standing_on

ON = date(2026, 6, 1)
ASKED = Requirements(
    conditions=(
        Condition("area", at_least=4.5, rank="more"),
        Condition("price", at_most=60_000, rank="less"),
    )
)


@pytest.fixture
def release(ledger):
    return for_developers(ledger, ASKED, on=ON)


def as_text(tables) -> str:
    """Everything that the tables hold, written out."""
    written = []
    for table in tables.values():
        frame = pd.DataFrame(table).drop(columns="geometry", errors="ignore")
        written += [frame.to_csv(), frame.to_json(default_handler=str), str(table.attrs)]
        if "geometry" in table:
            written += [str(shape) for shape in table.geometry]
    return "\n".join(written)


def test_consent_is_held_against_its_terms(ledger) -> None:
    standing = standing_on(ledger["sites"], ON).set_axis(ledger["sites"]["site_id"])
    assert standing.index[standing["released"]].tolist() == ["s1", "s2", "s3", "s4", "s5", "s6"]
    assert standing["reason"].dropna().to_dict() == {
        "s7": "consent_missing",
        "s8": "consent_internal",
        "s9": "consent_not_yet",
        "s10": "consent_expired",
    }


@pytest.mark.parametrize(
    ("field", "value", "released"),
    [
        ("consent_until", "2026-06-01", True),
        ("consent_until", "2026-05-31", False),
        ("consent_date", "2026-06-01", True),
        ("consent_date", "2026-06-02", False),
        ("consent_until", "令和9年3月31日", False),
        ("consent_until", "2027", False),
        ("consent_until", "", True),
        ("consent", "internal", False),
    ],
)
def test_what_cannot_be_read_is_read_as_no(ledger, field, value, released) -> None:
    sites = ledger["sites"]
    sites.loc[0, field] = value
    assert standing_on(sites, ON)["released"].iloc[0] == released


def test_only_released_sites_and_fields_leave(release) -> None:
    sites = release.tables["sites"].set_index("site_id")
    assert sites.index.tolist() == ["s1", "s2", "s3", "s4", "s5", "s6"]
    assert sites.loc["s6", ["name", "available_ha", "counted_ha"]].tolist() == ["工業団地6", 4.0, 4.0]
    assert sites.loc["s6", ["price_yen_m2", "area_code", "geometry"]].isna().all()
    assert sites["extension_ha"].isna().all()  # only where it is named: it may tell of land next door
    assert sites[["note", "source_row", "released_fields", "consent_until"]].isna().all(axis=None)


def test_nothing_withheld_is_in_any_table(release, ledger) -> None:
    text = as_text(release.tables)
    for mark in ("秘匿", "s7", "s8", "s9", "s10", ".csv", "home", "57.0"):
        assert mark not in text
    withheld = ledger["sites"].iloc[6:]
    for x, y in shapely.get_coordinates(withheld.geometry.to_numpy()):
        assert f"{x:g} {y:g}" not in text
    for hectares in withheld["counted_ha"]:
        assert str(hectares) not in text


def test_columns_of_the_planners_own_and_notes_on_a_table_stay(ledger) -> None:
    for name in ("sites", "verdicts"):
        ledger[name] = ledger[name].assign(remark="秘匿")
        ledger[name].attrs["file"] = "秘匿.gpkg"
    made = for_developers(ledger, ASKED, on=ON).tables
    assert "秘匿" not in as_text(made) and "remark" not in made["sites"]


def test_a_list_for_the_office_would_fail_that_test(ledger) -> None:
    assert "秘匿" in as_text(vars(select(ledger["sites"], Requirements())))


def test_tables_without_a_rule_stay(release) -> None:
    assert "outlook" not in release.tables and "overlaps" not in release.tables
    stay = release.withheld[release.withheld["reason"] == "table_stays"]
    assert set(stay["field"]) == {"areas", "outlook", "overlaps"}


def test_texts_that_name_a_withheld_site_are_emptied(release) -> None:
    texts = release.tables["sites"].set_index("site_id")["infrastructure"]
    assert texts.dropna().to_dict() == {"s5": "see s1"}
    named = release.withheld[release.withheld["reason"] == "names_withheld_site"]
    assert named[["site_id", "field"]].to_numpy().tolist() == [["s2", "infrastructure"], ["s4", "infrastructure"]]


def test_ranks_and_the_waterfall_are_of_released_sites_alone(release) -> None:
    shortlist, waterfall = release.tables["shortlist"], release.tables["waterfall"]
    assert shortlist["rank"].tolist() == [1, 2, 3, 4, 5]
    assert waterfall["sites_before"].iloc[0] == 6
    assert "consent" not in set(waterfall["filter"])
    assert release.tables["scores"]["normalised"].max() == 1.0


def test_a_field_that_is_not_released_is_asked_about_and_not_used(ledger) -> None:
    generous = Requirements(conditions=(Condition("price", at_most=50_000),))
    release = for_developers(ledger, generous, on=ON)
    assert release.tables["to_ask"]["site_id"].tolist() == ["s6"]  # its price fails, and does not say so


def test_an_overlap_with_a_withheld_site_does_not_show(release, ledger) -> None:
    sites = release.tables["sites"].set_index("site_id")
    assert sites.loc["s2", "counted_ha"] == sites.loc["s2", "available_ha"] == 9.0
    chain = pd.DataFrame(
        {"site_id": ["s2", "s2", "s3"], "kept_site_id": ["s7", "s1", "s2"], "overlap_ha": 1.0, "removed_ha": 1.0}
    )
    deeper = for_developers({**ledger, "overlaps": chain}, ASKED, on=ON).tables["sites"].set_index("site_id")
    assert deeper.loc[["s2", "s3"], "counted_ha"].isna().all() and deeper.loc["s1", "counted_ha"] == 8.0
    unsaid = {name: table for name, table in ledger.items() if name != "overlaps"}
    assert for_developers(unsaid, ASKED, on=ON).tables["sites"]["counted_ha"].isna().tolist()[:3] == [
        False,
        True,
        False,
    ]


def test_verdicts_leave_with_the_shape_they_are_measured_from(release) -> None:
    assert release.tables["verdicts"]["site_id"].tolist() == ["s1", "s2", "s3", "s4", "s5"]


def test_sources_keep_their_title_and_nothing_that_counts_rows(release) -> None:
    assert release.tables["sources"][["source_id", "title"]].to_numpy().tolist() == [["source-1", "工場適地調査"]]
    assert release.tables["sources"][["file_name", "rows_read", "sha256"]].isna().all(axis=None)
    assert set(release.tables["sites"]["source_id"].dropna()) == {"source-1"}


def test_the_planner_is_told_what_was_withheld_and_why(release) -> None:
    log = release.withheld
    assert contracts.faults(log, contracts.WITHHELD) == []
    assert set(log[log["subject"] == "site"]["site_id"]) == {"s7", "s8", "s9", "s10"}
    expired = log[log["reason"] == "consent_expired"].iloc[0]
    assert expired["name"] == "秘匿用地10" and "2026-03-31" in expired["detail"]
    partial = log[(log["site_id"] == "s6") & (log["reason"] == "field_not_released")]
    assert {"price_yen_m2", "geometry", "area_code"} <= set(partial["field"])
    assert "withheld" not in release.tables


def test_a_field_that_is_misspelt_is_told(ledger) -> None:
    ledger["sites"].loc[5, "released_fields"] = "name|avialable_ha"
    log = for_developers(ledger, ASKED, on=ON).withheld
    assert log[log["reason"] == "field_unknown"]["field"].tolist() == ["avialable_ha"]


def test_the_file_says_what_it_leaves_out(release) -> None:
    assert release.tables["release_notes"]["note"].tolist() == ["released_only", "fields_partial", "totals_suppressed"]


def test_every_table_keeps_its_contract(release) -> None:
    for name, table in release.tables.items():
        assert contracts.faults(table, contracts.TABLES.get(name) or contracts.ON_REQUEST[name]) == []


def test_no_table_but_totals_changes_with_what_is_withheld(ledger, release) -> None:
    other = {name: table.copy() for name, table in ledger.items()}
    sites = other["sites"]
    sites.loc[6:, ["counted_ha", "available_ha", "price_yen_m2"]] *= 17
    sites.loc[6:, "geometry"] = sites.geometry.iloc[6:].translate(50, 50)
    sites.loc[5, ["price_yen_m2", "ready_year"]] = [1.0, 2031.0]  # of s6 the price is not released
    sites.loc[3, "note"] = "x"
    other["sites"] = sites.iloc[::-1]
    again = for_developers(other, ASKED, on=ON, stability=None)
    for name in set(release.tables) - {"totals"}:
        pd.testing.assert_frame_equal(pd.DataFrame(again.tables[name]), pd.DataFrame(release.tables[name]))


def test_a_ledger_without_consent_gives_an_empty_list_and_reasons(ledger) -> None:
    ledger["sites"]["consent"] = None
    release = for_developers(ledger, ASKED, on=ON, stability=Stability(draws=10))
    assert release.tables["shortlist"].empty and release.tables["sites"].empty
    assert set(release.withheld.loc[release.withheld["subject"] == "site", "reason"]) == {"consent_missing"}


def test_the_office_sees_consent_as_the_last_line(ledger) -> None:
    selection = select(ledger["sites"], ASKED, consent_on=ON)
    last = selection.waterfall.iloc[-1]
    assert (last["filter"], last["condition"]) == ("consent", "2026-06-01")
    assert last["sites_left"] == len(selection.shortlist) == 5
    assert selection.relaxations.iloc[-1]["filter"] == "consent"


def test_every_field_that_may_leave_is_a_column() -> None:
    assert set(fields()) - {"geometry", "verdicts"} <= set(contracts.SITES.column_names)
    never = {"note", "source_row", "released_fields", "consent_source", "completion_probability", "partner"}
    assert not never & set(fields())
    assert {row["release"] for row in fields().values()} == {"always", "whole", "named"}
    assert {row["comes_with"] for row in fields().values()} <= {"", *fields()}
    assert "total_suppressed" in codes("withheld_reasons")
