# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

from yochi.plugin.core import screening
from yochi.plugin.core.errors import RuleError
from yochi.plugin.core.screening.logic import MET, NOT_MET, UNDECIDABLE, Combination

VALUES = (NOT_MET, UNDECIDABLE, MET)
GOOD = """
id = "own/test"
title_ja = "試験"
title_en = "Test"
status = "request"
date = "2026-01-01"
source = "own"
[criteria.zone]
kind = "zone_is_one_of"
zones = ["industrial"]
[combination]
any = ["zone", {not = ["zone"]}]
"""


def test_every_shipped_profile_loads_under_its_own_id() -> None:
    shipped = screening.profiles()
    assert shipped
    for identifier, path in shipped.items():
        assert screening.load_profile(path).id == identifier
        assert identifier.split("/")[0] == screening.load_profile(path).status


def test_a_planners_own_profile_loads(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(GOOD, encoding="utf-8")
    profile = screening.load_profile(path)
    assert profile.criteria[0].parameters == {"zones": ["industrial"]}
    assert profile.combination.names() == {"zone"}


@pytest.mark.parametrize(
    ("old", "new", "texts"),
    [
        ('status = "request"', 'status = "rumour"', ["status", "law, proposal, request"]),
        ('status = "request"', "", ["key status is missing"]),
        ('id = "own/test"', 'id = "x"\ncolour = "red"', ["unknown key colour"]),
        ("zone_is_one_of", "zone_looks_nice", ["criteria.zone.kind", "zone_is_one_of"]),
        ('["industrial"]', '["industry"]', ["criteria.zone.zones", "exclusive_industrial"]),
        ('zones = ["industrial"]', 'zone = ["industrial"]', ["criteria.zone", "zone", "use one of zones"]),
        ('any = ["zone", {not = ["zone"]}]', 'any = ["port"]', ["'port'", "no criterion"]),
        ('any = ["zone", {not = ["zone"]}]', 'some = ["zone"]', ["combination", "all, any, not"]),
        ('any = ["zone", {not = ["zone"]}]', 'not = ["zone", "zone"]', ["exactly one"]),
        ("[combination]", "[combination", ["not valid TOML"]),
    ],
)
def test_a_mistake_names_file_key_and_allowed_values(tmp_path: Path, old: str, new: str, texts: list[str]) -> None:
    path = tmp_path / "own.toml"
    path.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(RuleError) as error:
        screening.load_profile(path)
    for text in ["own.toml", *texts]:
        assert text in str(error.value)


PARAMETERS = """
[criteria.zone]
kind = "zone_is_one_of"
zones = ["industrial"]
"""


@pytest.mark.parametrize(
    ("table", "texts"),
    [
        ('kind = "near_coast"', ["zone.max_distance_m = None", "a number from 0 to 50000"]),
        ('kind = "near_coast"\nmax_distance_m = -1', ["max_distance_m = -1", "a number from 0 to 50000"]),
        ('kind = "near_coast"\nmax_distance_m = true', ["max_distance_m = True", "a number"]),
        ('kind = "on_reclaimed"\nby_act = "yes"', ["by_act = 'yes'", "true or false"]),
        ('kind = "on_reclaimed"\nstarted_from = "昭和52年"', ["started_from", "a date such as 1977-03-15"]),
        ('kind = "site_answer"\ncolumn = "owner"\nanswer = "no"', ["column = 'owner'", "public_entry"]),
        ('kind = "industry_is_one_of"\nclasses = ["99"]', ["classes", "22"]),
        ('kind = "housing_banned"\nzones = ["industrial"]', ["criteria.zone: zones", "use one of none"]),
    ],
)
def test_a_wrong_parameter_names_what_is_allowed(tmp_path: Path, table: str, texts: list[str]) -> None:
    path = tmp_path / "own.toml"
    path.write_text(GOOD.replace(PARAMETERS.strip(), f"[criteria.zone]\n{table}"), encoding="utf-8")
    with pytest.raises(RuleError) as error:
        screening.load_profile(path)
    for text in ["own.toml", *texts]:
        assert text in str(error.value)


def test_dates_may_be_dates_and_defaults_are_filled_in(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    table = '[criteria.zone]\nkind = "on_reclaimed"\nstarted_from = 1977-03-15'
    path.write_text(GOOD.replace(PARAMETERS.strip(), table), encoding="utf-8")
    parameters = screening.load_profile(path).criteria[0].parameters
    assert parameters == {"by_act": None, "started_from": "1977-03-15", "started_before": None, "no_waste_fill": None}


def test_a_criterion_that_is_not_used_is_a_mistake(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    more = '[criteria.spare]\nkind = "housing_banned"\n[combination]'
    path.write_text(GOOD.replace("[combination]", more), encoding="utf-8")
    with pytest.raises(RuleError, match=r"own\.toml: combination leaves out criteria\.spare"):
        screening.load_profile(path)


def test_profiles_of_a_planners_own_folder_come_after_the_shipped(tmp_path: Path) -> None:
    (tmp_path / "県.toml").write_text(GOOD, encoding="utf-8")
    found = screening.profiles(tmp_path)
    assert list(found)[:-1] == list(screening.profiles())
    assert found["own/県"] == tmp_path / "県.toml"


def test_a_missing_profile_is_named(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match=r"none\.toml.*cannot be read"):
        screening.load_profile(tmp_path / "none.toml")


@pytest.mark.parametrize(("a", "b"), itertools.product(VALUES, VALUES))
def test_truth_tables_of_kleene(a: int, b: int) -> None:
    results = {"a": np.array([a], dtype="int8"), "b": np.array([b], dtype="int8")}
    both = Combination("all", ("a", "b")).evaluate(results)[0]
    either = Combination("any", ("a", "b")).evaluate(results)[0]
    if NOT_MET in (a, b):
        assert both == NOT_MET
    else:
        assert both == (MET if a == b == MET else UNDECIDABLE)
    if MET in (a, b):
        assert either == MET
    else:
        assert either == (NOT_MET if a == b == NOT_MET else UNDECIDABLE)
    assert Combination("not", ("a",)).evaluate(results)[0] == -a
    de_morgan = Combination("not", (Combination("any", (Combination("not", ("a",)), Combination("not", ("b",)))),))
    assert de_morgan.evaluate(results)[0] == both
