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
