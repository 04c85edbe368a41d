# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import pytest

from yochi.plugin.core import contracts
from yochi.plugin.core.errors import ContractError, RuleError
from yochi.plugin.core.resources import codes
from yochi.plugin.core.shortlist import Condition, Requirements, condition_table, load_requirements, presets
from yochi.plugin.core.shortlist.facts import OF_A_PROFILE, facts

HEAD = 'id = "mine"\ntitle_ja = "x"\ntitle_en = "x"\n'


@pytest.fixture
def load(tmp_path):
    def read(text: str) -> Requirements:
        file = tmp_path / "mine.toml"
        file.write_text(HEAD + text, encoding="utf-8")
        return load_requirements(file)

    return read


def test_every_fact_is_a_column_of_sites_or_a_verdict() -> None:
    for code, fact in facts().items():
        assert (fact.column is None) == (code in OF_A_PROFILE)
        assert fact.is_number or fact.allowed
    assert set(facts()) < set(codes("filters"))


@pytest.mark.parametrize("name", presets())
def test_presets_say_where_each_line_comes_from(name) -> None:
    preset = load_requirements(presets()[name])
    assert preset.id == name and preset.source
    for one in preset.conditions:
        assert one.assumed or one.quote, one.fact
        assert (one.quote is None) == (one.page is None)
        assert not one.is_filter or one.missing == "ask"
        bounds = one.at_least is not None or one.at_most is not None or bool(one.one_of)
        assert one.assumed or not bounds, f"the source gives no figure for {one.fact}"
    assert any(one.rank for one in preset.conditions)


def test_presets_follow_what_firms_said() -> None:
    assert set(presets()) == {
        *("automotive", "semiconductor", "electronic_parts", "materials", "data_centre", "logistics"),
    }
    heaviest = {
        name: max((one for one in load_requirements(path).conditions if one.rank), key=lambda one: one.weight).fact
        for name, path in presets().items()
    }
    assert heaviest["automotive"] == "distance_cluster" and heaviest["semiconductor"] == "extension"
    assert heaviest["electronic_parts"] == "ready_year" and heaviest["materials"] == "industrial_water"


def test_a_planners_own_folder_comes_after(tmp_path) -> None:
    (tmp_path / "steel.toml").write_text(HEAD + '[[conditions]]\nfact = "area"\nat_least = 5\n', encoding="utf-8")
    assert list(presets(tmp_path))[-1] == "own/steel"


def test_a_file_is_read_as_it_is_written(load) -> None:
    asked = load('[[conditions]]\nfact = "zone"\none_of = ["industrial"]\nmissing = "drop"\n')
    assert asked.conditions == (Condition("zone", one_of=("industrial",), missing="drop"),)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ["there is no [[conditions]]"]),
        ("conditions = []\n", ["there is no [[conditions]]"]),
        ("[[conditions]]\nat_least = 5\n", ["[[conditions]] 1", "fact is missing"]),
        ('[[conditions]]\nfact = "swamp"\nat_least = 1\n', ["swamp", "distance_port"]),
        ('[[conditions]]\nfact = "area"\nat_leats = 5\n', ["at_leats", "at_least"]),
        ('[[conditions]]\nfact = "area"\nat_least = "5"\n', ["'5'", "a number"]),
        ('[[conditions]]\nfact = "area"\nat_least = 9\nat_most = 5\n', ["at_least 9 over at_most 5"]),
        ('[[conditions]]\nfact = "area"\nat_least = -1\n', ["-1", "0 or more"]),
        ('[[conditions]]\nfact = "area"\none_of = ["x"]\n', ["is a number"]),
        ('[[conditions]]\nfact = "zone"\nat_most = 5\n', ["is a code", "industrial"]),
        ('[[conditions]]\nfact = "zone"\none_of = ["swamp"]\n', ["swamp", "industrial"]),
        ('[[conditions]]\nfact = "area"\n', ["neither filters nor ranks"]),
        ('[[conditions]]\nfact = "area"\nrank = "prefer"\n', ["prefer", "more, less, ideal"]),
        ('[[conditions]]\nfact = "zone"\nrank = "more"\n', ["more", "prefer"]),
        ('[[conditions]]\nfact = "area"\nrank = "ideal"\n', ["ideal value"]),
        ('[[conditions]]\nfact = "area"\nrank = "more"\nweight = 0\n', ["weight 0"]),
        ('[[conditions]]\nfact = "area"\nat_least = 1\nmissing = "guess"\n', ["guess", "keep, drop, ask"]),
        ('[[conditions]]\nfact = "met_share"\nat_least = 0.5\n', ["names no rule profile"]),
        ('[[conditions]]\nfact = "area"\nat_least = 1\nprofile = "law/x"\n', ["law/x", "met_share"]),
        ('[[conditions]]\nfact = "area"\nat_least = 1\n' * 2, ["same fact"]),
        ("colour = 5\n", ["colour"]),
    ],
)
def test_a_mistake_in_a_file_is_named(load, text, said) -> None:
    with pytest.raises(RuleError) as error:
        load(text)
    assert "mine.toml" in str(error.value)
    for one in said:
        assert one in str(error.value)


def test_least_area_and_layers_take_the_place_of_a_presets_own() -> None:
    preset = load_requirements(presets()["automotive"])
    asked = Requirements(minimum_ha=30, layers=("pipeline",), conditions=preset.conditions).every_condition()
    assert asked[0] == Condition("layer", one_of=("pipeline",))
    areas = [one for one in asked if one.fact == "area"]
    assert len(areas) == 1 and areas[0].at_least == 30 and areas[0].assumed


def test_a_request_overrules_a_preset_and_keeps_its_ranking() -> None:
    preset = load_requirements(presets()["automotive"])
    asked = preset.overruled([Condition("distance_cluster", at_most=2_000), Condition("owners", at_most=1)])
    cluster = next(one for one in asked.conditions if one.fact == "distance_cluster")
    assert (cluster.at_most, cluster.rank, cluster.weight) == (2_000, "less", 4)
    assert asked.conditions[-1].fact == "owners" and len(asked.conditions) == len(preset.conditions) + 1


def test_conditions_as_a_table() -> None:
    preset = load_requirements(presets()["semiconductor"])
    table = condition_table(preset)
    assert contracts.faults(table, contracts.CONDITIONS) == []
    assert table["weight"].sum() == pytest.approx(1.0)
    extension = table[table["fact"] == "extension"].iloc[0]
    assert extension["condition"] is None and extension["direction"] == "more" and extension["page"] == 15
    assert "拡張性" in extension["quote"]


def test_a_condition_that_contradicts_itself_is_refused() -> None:
    with pytest.raises(ContractError, match="condition on area"):
        Condition("area", at_least=5, at_most=1)
