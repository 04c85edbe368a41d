# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from yochi.plugin.core import contracts, outlook
from yochi.plugin.core.errors import CancelledError, RuleError, SourceError, StudyError, YochiError
from yochi.plugin.core.progress import Progress
from yochi.plugin.core.study import SAMPLE_STUDY, load_study

GOOD = """
[study]
id = "small"
title_ja = "小"
title_en = "Small"
base_year = 2024

[[inputs]]
path = "areas.gpkg"
table = "areas"

[[inputs]]
path = "sites.csv"

[[inputs]]
path = "take_up.csv"
"""
SITES = "site_id,layer,available_ha,area_code\na,idle_prepared,100,14\nb,pipeline,50,14\nc,former_heavy,9,14\n"
TAKE_UP = "area_code,year,take_up_ha\n14,2020,25\n"


@pytest.fixture
def folder(tmp_path: Path, areas) -> Path:
    place = tmp_path / "小さな study"
    place.mkdir()
    areas.to_file(place / "areas.gpkg", layer="areas")
    (place / "sites.csv").write_text(SITES, encoding="utf-8")
    (place / "take_up.csv").write_text(TAKE_UP, encoding="utf-8")
    (place / "study.toml").write_text(GOOD, encoding="utf-8")
    return place


def test_a_small_study_runs_through(folder: Path) -> None:
    tables = outlook.run(load_study(folder / "study.toml"))
    for name, table in contracts.TABLES.items():
        contracts.validate(tables[name], table)
    row = tables["outlook"].set_index(["area_code", "scenario_id"]).loc[("14", "survey-2023")]
    assert row["depletion_year"] == pytest.approx(2028.0)
    assert row["flagged_undecidable_ha"] == pytest.approx(159.0)
    about = tables["study"].set_index("key")["value"]
    assert about["synthetic"] == "no" and about["headline_scenario"] == "pipeline"
    assert tables["scenarios"]["pipeline"].tolist() == ["no", "yes"]


@pytest.mark.parametrize(
    ("old", "new", "texts"),
    [
        ("base_year = 2024", "", ["[study] base_year is missing"]),
        ("base_year = 2024", 'base_year = "soon"', ["base_year = 'soon'", "a number"]),
        ("base_year = 2024", "base_year = 2024\nbase_yaer = 1", ["unknown key base_yaer", "base_year"]),
        ('[[inputs]]\npath = "sites.csv"', '[[inputs]]\nfile = "sites.csv"', ["[[inputs]] 2 has no path"]),
        ("sites.csv", "none.csv", ["[[inputs]] 2 path", "none.csv", "is not there"]),
        ("[study]", "[stduy]", ["unknown table [stduy]"]),
        ("[study]", "[study", ["not valid TOML"]),
        (GOOD, GOOD.partition("[[inputs]]")[0], ["no [[inputs]]"]),
        ("[study]", '[depletion]\nscenarios = ["dream"]\n[study]', ["'dream' is unknown", "survey-2023"]),
        ("[study]", '[depletion]\nheadline = "dream"\n[study]', ["headline = 'dream'", "pipeline"]),
        ("[study]", "[depletion]\nlead_times_years = [3, 4]\n[study]", ["lead_times_years", "three"]),
        ("[study]", '[depletion]\nlead_times_years = ["3", "4", "5"]\n[study]', ["lead_times_years", "three"]),
        ("[study]", "[depletion]\nlead_times_years = [5, 4, 3]\n[study]", ["Lead times", "in order"]),
        ("[study]", "[depletion]\nscenarios = [1]\n[study]", ["scenarios = [1]", "texts"]),
        ("[study]", "[screening]\nprofiles = [1]\n[study]", ["profiles = [1]", "texts"]),
        ("[study]", '[depletion]\nscenarios = ["pipeline", "pipeline"]\n[study]', ["different texts"]),
        ("[study]", "[depletion]\ndraws = 1.5\n[study]", ["draws = 1.5", "whole number"]),
        ("[study]", "[depletion]\nseed = -1\n[study]", ["seed = -1", "whole number"]),
        ("[study]", '[depletion]\nlosses = "no"\n[study]', ["losses = 'no'", "true or false"]),
        ("[study]", '[depletion]\nseries = ["houses"]\n[study]', ["series = ['houses']", "logistics"]),
        ("[study]", '[depletion]\nseries = ["surveyed", "power"]\n[study]', ["power is counted twice"]),
        ("[study]", '[depletion]\nstages = "none.toml"\n[study]', ["[depletion] stages", "none.toml"]),
        ("[study]", '[depletion]\nsurvey_bins = "none.toml"\n[study]', ["[depletion] survey_bins", "none.toml"]),
        ("[study]", '[depletion]\nscenarios = ["rationalised"]\n[study]', ["proposal/meti-2024", "[screening]"]),
        ("[study]", '[vintage]\nstudy = "none.toml"\n[study]', ["[vintage] study", "none.toml"]),
        ("[study]", "[vintage]\nyear = 2020\n[study]", ["[vintage]", "unknown key year"]),
        ("base_year = 2024", "base_year = nan", ["base_year", "1900"]),
        ("base_year = 2024", "base_year = true", ["base_year", "1900"]),
        ("base_year = 2024", "base_year = 2024\nhorizon_years = inf", ["horizon_years", "200"]),
        ("base_year = 2024", "base_year = 2024\nhorizon_years = 0", ["horizon_years", "from 1"]),
        ("[study]", "[shortlist]\nminimum_ha = -1\n[study]", ["minimum_ha", "from 0"]),
        ("[study]", '[screening]\ndem = "none.tif"\n[study]', ["[screening] dem", "none.tif"]),
        ("sites.csv", "s" * 5000 + ".csv", ["is not there"]),
        ('path = "take_up.csv"', 'path = "sites.csv"', ["[[inputs]] 3", "sites.csv already", "source_id"]),
        ("[study]", '[inventory]\nprecedence = ["pipeline"]\n[study]', ["precedence", "each of"]),
        ("[study]", '[shortlist]\nlayers = ["swamp"]\n[study]', ["swamp"]),
    ],
)
def test_a_mistake_names_the_file_and_the_place(folder: Path, old: str, new: str, texts: list[str]) -> None:
    path = folder / "study.toml"
    path.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(YochiError) as error:
        outlook.run(load_study(path))
    assert "\n" not in str(error.value)
    for text in texts:
        assert text in str(error.value)


def test_a_missing_study_is_named(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match=r"none\.toml: the study cannot be read"):
        load_study(tmp_path / "none.toml")


def test_a_study_without_areas_says_what_to_add(folder: Path) -> None:
    text = GOOD.replace('[[inputs]]\npath = "areas.gpkg"\ntable = "areas"\n', "")
    (folder / "study.toml").write_text(text, encoding="utf-8")
    with pytest.raises(StudyError, match="no input holds planning areas"):
        outlook.run(load_study(folder / "study.toml"))


def test_an_unreadable_input_is_named(folder: Path) -> None:
    (folder / "areas.gpkg").write_bytes(b"not a database")
    with pytest.raises(SourceError, match=r"areas\.gpkg"):
        outlook.run(load_study(folder / "study.toml"))


def test_a_planners_own_profile_and_scenario_stand_beside_the_study(folder: Path) -> None:
    rules = SAMPLE_STUDY.parents[1] / "rules"
    own = (rules / "premise" / "exclusive-industrial-zone.toml").read_text(encoding="utf-8")
    (folder / "mine.toml").write_text(own.replace("premise/exclusive-industrial-zone", "own/zone"), encoding="utf-8")
    text = GOOD + '[screening]\nprofiles = ["premise/exclusive-industrial-zone", "mine.toml"]\n'
    (folder / "study.toml").write_text(text, encoding="utf-8")
    tables = outlook.run(load_study(folder / "study.toml"))
    assert tables["profiles"]["profile_id"].tolist() == ["premise/exclusive-industrial-zone", "own/zone"]
    (folder / "mine.toml").unlink()
    with pytest.raises(RuleError, match=r"mine\.toml"):
        outlook.run(load_study(folder / "study.toml"))


def test_what_is_asked_of_the_forecast_stands_in_the_study(folder: Path) -> None:
    series = "14,2020,surveyed,25,1\n14,2020,power,5,\n14,2020,logistics,30,\n"
    (folder / "take_up.csv").write_text("area_code,year,series,take_up_ha,loss_ha\n" + series, encoding="utf-8")
    rules = SAMPLE_STUDY.parents[1] / "rules" / "depletion"
    stages = (rules / "stages.toml").read_text(encoding="utf-8")
    (folder / "stages.toml").write_text(stages.replace("= 0.6", "= 0.5"), encoding="utf-8")
    bins = (rules / "survey_bins.toml").read_text(encoding="utf-8")
    (folder / "bins.toml").write_text(bins.replace("within_3_years", "soon"), encoding="utf-8")
    asked = 'draws = 50\nseed = 7\nseries = ["without_power", "logistics"]\nlosses = false\n'
    text = f'{GOOD}\n[depletion]\n{asked}stages = "stages.toml"\nsurvey_bins = "bins.toml"\n'
    (folder / "study.toml").write_text(text, encoding="utf-8")
    (folder / "sites.csv").write_text(SITES + "d,pipeline,8,14\n", encoding="utf-8")
    tables = outlook.run(load_study(folder / "study.toml"))
    row = tables["outlook"].set_index(["area_code", "scenario_id"]).loc[("14", "pipeline")]
    assert (row["take_up_ha_per_year"], row["draws"], row["seed"]) == (50.0, 50, 7)
    assert row["survey_bin"] == "soon" and np.isnan(row["loss_ha_per_year"])
    assert set(tables["projects"]["completion_probability"]) == {0.5}
    about = tables["study"].set_index("key")["value"]
    assert about[["draws", "seed", "losses", "stages_file"]].tolist() == ["50", "7", "no", "stages.toml"]
    assert about["series"] == "without_power, logistics"


def test_an_earlier_study_is_held_against_this_one(folder: Path) -> None:
    earlier = GOOD.replace("base_year = 2024", "base_year = 2022").replace("sites.csv", "sites_2022.csv")
    (folder / "earlier.toml").write_text(earlier.replace('"take_up.csv"', '"early.csv"'), encoding="utf-8")
    (folder / "early.csv").write_text(TAKE_UP, encoding="utf-8")
    (folder / "sites_2022.csv").write_text(SITES.replace("100", "140"), encoding="utf-8")
    (folder / "study.toml").write_text(GOOD + '[vintage]\nstudy = "earlier.toml"\n', encoding="utf-8")
    tables = outlook.run(load_study(folder / "study.toml"))
    row = tables["backtest"].set_index(["area_code", "scenario_id"]).loc[("14", "survey-2023")]
    assert (row["forecast_stock_ha"], row["stock_ha"], row["error_ha"]) == pytest.approx((90.0, 100.0, -10.0))
    assert (row["earlier_depletion_year"], row["shift_years"]) == pytest.approx((2027.6, 0.4))
    assert tables["study"].set_index("key").loc["earlier_study", "value"] == "earlier.toml"


def test_the_nation_keeps_a_figure_of_its_own(folder: Path, country) -> None:
    country.to_file(folder / "areas.gpkg", layer="areas")
    (folder / "take_up.csv").write_text(TAKE_UP + "JP,2020,1155\n", encoding="utf-8")
    tables = outlook.run(load_study(folder / "study.toml"))
    assert tables["fixlist"].empty
    row = tables["outlook"].set_index(["area_code", "scenario_id"]).loc[("JP", "survey-2023")]
    assert (row["take_up_ha_per_year"], row["stock_ha"]) == (1155.0, 100.0)
    assert row["flagged_undecidable_ha"] == pytest.approx(159.0)
    assert "JP" not in set(tables["comparison"]["area_code"]) | set(tables["areas"]["area_code"])


def test_published_figures_that_come_with_yochi_are_an_input(folder: Path, country) -> None:
    country.to_file(folder / "areas.gpkg", layer="areas")
    shipped = "shipped:take_up_partial_by_prefecture.csv"
    (folder / "study.toml").write_text(GOOD.replace("take_up.csv", shipped), encoding="utf-8")
    tables = outlook.run(load_study(folder / "study.toml"))
    chiba = tables["demand"].query("area_code == '12' and used == 'yes'").set_index("year")["demand_ha"]
    assert chiba.loc[[2019, 2020, 2021, 2023]].tolist() == [38.5, 23.6, 10.7, 16.8]
    assert "yochi-statistics" in set(tables["sources"]["format"])


def test_published_figures_that_do_not_come_with_yochi_are_named(folder: Path) -> None:
    (folder / "study.toml").write_text(GOOD.replace("take_up.csv", "shipped:dreams.csv"), encoding="utf-8")
    with pytest.raises(StudyError, match=r"\[\[inputs\]\] 3 path: 'dreams.csv' does not come with Yochi; use one of"):
        load_study(folder / "study.toml")


def test_cases_and_hectares_of_a_survey_may_come_in_two_files(folder: Path) -> None:
    (folder / "cases.csv").write_text("area_code,year,cases\n14,2020,14\n", encoding="utf-8")
    also = '[[inputs]]\npath = "cases.csv"\ntable = "take_up"\n'
    (folder / "study.toml").write_text(GOOD + also, encoding="utf-8")
    tables = outlook.run(load_study(folder / "study.toml"))
    assert tables["take_up"][["take_up_ha", "cases"]].to_numpy().tolist() == [[25.0, 14.0]]
    assert tables["fixlist"].empty


def test_a_preset_is_the_studys_request(folder: Path) -> None:
    preset = '[shortlist]\npreset = "automotive"\nminimum_ha = 5\nlayers = ["idle_prepared"]\n'
    (folder / "study.toml").write_text(GOOD + preset, encoding="utf-8")
    tables = outlook.run(load_study(folder / "study.toml"))
    asked = tables["waterfall"].drop_duplicates("filter").set_index("filter")["condition"]
    assert asked["area"] == ">= 5 ha" and asked["layer"] == "idle_prepared" and "distance_cluster" in asked
    assert "distance_cluster" in set(tables["to_ask"]["fact"])


def test_an_unknown_preset_is_named(folder: Path) -> None:
    (folder / "study.toml").write_text(GOOD + '[shortlist]\npreset = "dream"\n', encoding="utf-8")
    with pytest.raises(StudyError, match="'dream' is unknown; use one of automotive"):
        outlook.run(load_study(folder / "study.toml"))


def test_every_row_is_used_or_listed(folder: Path) -> None:
    (folder / "sites.csv").write_text(SITES + "a,idle_prepared,1,14\nd,swamp,1,14\n", encoding="utf-8")
    tables = outlook.run(load_study(folder / "study.toml"))
    row = tables["sources"].set_index("source_id").loc["sites.csv"]
    assert (row["rows_read"], row["rows_used"], row["rows_rejected"]) == (5, 3, 2)
    rejected = tables["fixlist"].query("severity == 'rejected'")
    assert sorted(rejected["source_row"]) == [5, 6]


def test_a_run_can_be_cancelled(folder: Path) -> None:
    with pytest.raises(CancelledError):
        outlook.run(load_study(folder / "study.toml"), progress=Progress(cancelled=lambda: True))


def test_progress_never_goes_back(folder: Path) -> None:
    seen: list[float] = []
    outlook.run(load_study(folder / "study.toml"), progress=Progress(lambda fraction, _: seen.append(fraction)))
    assert seen == sorted(seen) and seen[-1] == pytest.approx(1.0)


def test_the_sample_twice_gives_equal_tables() -> None:
    first, second = (outlook.run(load_study(SAMPLE_STUDY)) for _ in range(2))
    for name, table in first.items():
        pd.testing.assert_frame_equal(pd.DataFrame(table), pd.DataFrame(second[name]))
        if "basis" in table and name not in ("areas", "take_up", "sources", "survey_bins"):
            assert table.empty or "synthetic" in set(table["basis"]), name


def test_a_site_in_two_inputs_is_used_once_and_listed(folder: Path) -> None:
    (folder / "more.csv").write_text(SITES.splitlines()[0] + "\na,idle_prepared,7,14\nz,idle_prepared,1,14\n")
    (folder / "study.toml").write_text(GOOD + '[[inputs]]\npath = "more.csv"\n', encoding="utf-8")
    tables = outlook.run(load_study(folder / "study.toml"))
    assert sorted(tables["sites"]["site_id"]) == ["a", "b", "c", "z"]
    row = tables["sources"].set_index("source_id").loc["more.csv"]
    assert (row["rows_read"], row["rows_used"], row["rows_rejected"]) == (2, 1, 1)
    line = tables["fixlist"].iloc[0]
    assert (line["source_id"], line["source_row"], line["field"], line["value"]) == ("more.csv", 2, "site_id", "a")


def test_areas_and_take_up_in_two_inputs_are_used_once_and_listed(folder: Path) -> None:
    (folder / "again.csv").write_text(TAKE_UP, encoding="utf-8")
    (folder / "study.toml").write_text(GOOD + '[[inputs]]\npath = "again.csv"\n', encoding="utf-8")
    tables = outlook.run(load_study(folder / "study.toml"))
    assert len(tables["take_up"]) == 1
    assert tables["fixlist"]["value"].tolist() == ["14 / 2020.0 / surveyed"]


def test_take_up_of_an_area_that_nobody_has_is_listed(folder: Path) -> None:
    (folder / "take_up.csv").write_text(TAKE_UP + "99999,2021,10\n", encoding="utf-8")
    tables = outlook.run(load_study(folder / "study.toml"))
    row = tables["sources"].set_index("source_id").loc["take_up.csv"]
    assert (row["rows_read"], row["rows_used"], row["rows_rejected"]) == (2, 1, 1)
    assert tables["fixlist"][["source_row", "value"]].to_numpy().tolist() == [[3, "99999"]]
