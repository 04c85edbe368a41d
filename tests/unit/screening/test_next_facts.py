# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import pandas as pd
import pytest

from yochi.plugin.core.screening import Profile, find_next
from yochi.plugin.core.screening.logic import Combination
from yochi.plugin.core.screening.profiles import Criterion

SITES = pd.DataFrame({"site_id": ["a", "b"], "pref_code": ["14", None]})


def profile(combination: Combination) -> Profile:
    criteria = tuple(Criterion(name, "zone_is_one_of", {}) for name in sorted(combination.names()))
    return Profile("own/x", "x", "x", "request", "2026", "own", criteria, combination)


def tables(rows: list[tuple[str, int, str, str, str | None, str | None]], hectares: float = 5.0):
    """Evidence of (site, piece, criterion, result, reason, subject), every piece undecidable."""
    names = ["site_id", "piece", "criterion_id", "result", "reason", "subject"]
    evidence = pd.DataFrame(rows, columns=names).assign(profile_id="own/x", basis="reported")
    pieces = evidence[["site_id", "piece"]].drop_duplicates()
    return evidence, pieces.assign(profile_id="own/x", result="undecidable", piece_ha=hectares, basis="reported")


def found(combination: Combination, rows) -> pd.DataFrame:
    facts = find_next(*tables(rows), SITES, [profile(combination)])
    return facts.set_index(["area_code", "fact"])


def test_the_only_open_question_decides_the_piece() -> None:
    facts = found(
        Combination("all", ("p", "q")),
        [("a", 1, "p", "met", None, None), ("a", 1, "q", "undecidable", "bunku_unknown", "港")],
    )
    row = facts.loc[("14", "bunku_unknown")]
    assert (row["subject"], row["decides_ha"], row["may_decide_ha"], row["rank"], row["sites"]) == (
        "港",
        5.0,
        5.0,
        1,
        1,
    )
    assert row["basis"] == "derived"


def test_of_two_open_questions_one_answer_may_decide() -> None:
    rows = [("a", 1, "p", "undecidable", "x", "s"), ("a", 1, "q", "undecidable", "y", "s")]
    facts = found(Combination("all", ("p", "q")), rows)
    assert facts["decides_ha"].tolist() == [0.0, 0.0] and facts["may_decide_ha"].tolist() == [5.0, 5.0]


def test_one_fact_behind_two_criteria_is_asked_once() -> None:
    rows = [("a", 1, "p", "undecidable", "bunku", "港"), ("a", 1, "q", "undecidable", "bunku", "港")]
    facts = found(Combination("all", ("p", "q")), rows)
    assert facts["decides_ha"].tolist() == [5.0]


def test_nested_combinations_are_understood() -> None:
    combination = Combination("all", ("p", Combination("any", ("q", Combination("not", ("r",))))))
    rows = [
        ("a", 1, "p", "met", None, None),
        ("a", 1, "q", "not_met", None, None),
        ("a", 1, "r", "undecidable", "x", "s"),
    ]
    assert found(combination, rows)["decides_ha"].tolist() == [5.0]


def test_questions_of_a_site_are_one_question_and_prefectures_are_apart() -> None:
    rows = [
        ("a", 1, "p", "undecidable", "entry", "a"),
        ("a", 2, "p", "undecidable", "entry", "a"),
        ("b", 1, "p", "undecidable", "entry", "b"),
    ]
    facts = found(Combination("all", ("p",)), rows)
    assert facts["subject"].unique().tolist() == ["each_site"]
    assert facts.loc[("14", "entry"), ["sites", "decides_ha"]].tolist() == [1, 10.0]
    assert facts.loc[("unplaced", "entry"), "decides_ha"] == 5.0


def test_most_hectares_come_first() -> None:
    rows = [("a", number, "p", "undecidable", "often" if number else "rare", "s") for number in range(4)]
    facts = found(Combination("all", ("p",)), rows).reset_index()
    assert facts.sort_values("rank")["fact"].tolist() == ["often", "rare"]


@pytest.mark.parametrize("result", ["met", "not_met"])
def test_where_all_is_decided_nothing_is_asked(result: str) -> None:
    evidence, pieces = tables([("a", 1, "p", result, None, None)])
    facts = find_next(evidence, pieces.assign(result=result), SITES, [profile(Combination("all", ("p",)))])
    assert facts.empty
