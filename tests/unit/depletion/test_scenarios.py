# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from yochi.plugin.core import contracts, depletion
from yochi.plugin.core.depletion.survey_bins import SHIPPED, bin_of, load_survey_bins, survey_bin_table
from yochi.plugin.core.errors import ContractError, RuleError

HEAD = 'id = "x"\ntitle_ja = "x"\ntitle_en = "x"\nsource = "x"\npipeline = true\n'
CONVERSION = '[conversion]\nprofile = "proposal/meti-2024"\nshare = 0.3\nprobability = 0.5\nyears = [6, 10, 27]\n'
PROFILE = "proposal/meti-2024"


def written(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('id = "x"', "is missing"),
        (HEAD.replace("true", '"yes"'), "pipeline = 'yes' is not allowed; give true or false"),
        (HEAD + "foo = 1", "unknown key foo; use one of id"),
        ("id = ", "not valid TOML"),
        (HEAD.replace('id = "', "id = \"a' b"), "id = .* is not allowed; give letters, digits"),
        (HEAD + "take_up = 2", "take_up = 2 is not allowed; give a table"),
        (HEAD + "[take_up]\nfactor = -1", r"\[take_up\] factor = -1 is not allowed; give a number from 0"),
        (HEAD + "[take_up]\ngrowth = 1", r"\[take_up\] has the unknown key growth"),
        (HEAD + CONVERSION.replace("share = 0.3\n", ""), r"\[conversion\] share is missing"),
        (HEAD + CONVERSION.replace("0.5", "5"), r"\[conversion\] probability = 5 is not allowed"),
        (HEAD + CONVERSION.replace("6, 10", "10, 6"), "not in order"),
        (HEAD + CONVERSION.replace("[6, 10, 27]", "10"), "three numbers"),
    ],
)
def test_a_broken_scenario_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(RuleError, match=message) as error:
        depletion.load_scenario(written(tmp_path, text))
    assert "mine.toml" in str(error.value)


def test_every_scenario_that_comes_along_says_where_it_comes_from(shipped) -> None:
    names = ["pipeline", "rationalised", "survey-2023", "take-up-high", "take-up-low"]
    assert list(depletion.scenarios()) == names
    table = depletion.scenario_table(shipped(*names)).set_index("scenario_id")
    assert table["source"].notna().all()
    assert table["pipeline"].tolist() == ["yes", "yes", "no", "yes", "yes"]
    assert table.loc["rationalised", "conversion_years"] == "6, 10, 27"
    assert table["assumptions"].notna().tolist() == [False, True, False, True, True]


def test_the_high_and_the_low_take_up_are_those_of_the_published_years(root, shipped) -> None:
    yearly = pd.read_csv(root / "resources" / "statistics" / "take_up_national.csv").set_index("year")["area_ha"]
    years, mean = yearly.loc[2016:2023], yearly.loc[2019:2023].mean()
    low, high = shipped("take-up-low", "take-up-high")
    assert low.take_up_factor == round(years.min() / mean, 2)
    assert high.take_up_factor == round(years.max() / mean, 2)


def test_a_factor_and_a_growth_of_a_planners_own(areas, make_counted, make_take_up, foresee, tmp_path) -> None:
    stock = make_counted(layer=["idle_prepared"], counted_ha=[100.0])
    grown = depletion.load_scenario(written(tmp_path, HEAD + "[take_up]\nfactor = 2.0\ngrowth_percent_per_year = 50\n"))
    row = foresee(areas, stock, make_take_up({"14": {2020: 25.0}}), [grown]).outlook.iloc[0]
    assert row["years_to_depletion"] == pytest.approx(1 + 50 / 75)  # 50 ha in the first year, 75 in the second
    assert (row["take_up_ha_per_year"], row["basis"]) == (25.0, "assumed")


@pytest.fixture
def converted(areas, shipped, make_counted, make_take_up, foresee):
    """The row of prefecture 14 under `rationalised`, of 100 ha of stock and former works with these columns."""

    def ask(verdicts: dict[str, float] | None, **former: object) -> pd.Series:
        works = {"layer": ["former_heavy"], "counted_ha": [200.0], "closed_year": [np.nan], "ready_year": [np.nan]}
        stock = {"layer": ["idle_prepared"], "counted_ha": [100.0]}
        sites = pd.concat([make_counted(**stock), make_counted(site_id=["works"], **{**works, **former})])
        judged = None if verdicts is None else pd.DataFrame([{"site_id": "works", "profile_id": PROFILE, **verdicts}])
        take_up = make_take_up({"14": {2020: 10.0}})
        told = foresee(areas, sites.reset_index(drop=True), take_up, shipped("rationalised"), verdicts=judged)
        return told.outlook.iloc[0]

    return ask


def test_land_that_meets_the_profile_is_converted_in_part(converted) -> None:
    row = converted({"met_ha": 150.0, "undecidable_ha": 50.0})
    assert row["converted_ha"] == pytest.approx(150 * 0.3 * 0.5)
    assert (row["converted_sites"], row["converted_basis"], row["basis"]) == (1, "assumed", "assumed")
    assert row["depletion_year"] == pytest.approx(2024 + 10 + 2.25)


def test_no_more_is_converted_than_can_be_had(converted) -> None:
    assert converted({"met_ha": 150.0}, counted_ha=[100.0])["converted_ha"] == pytest.approx(100 * 0.3 * 0.5)


def test_undecidable_land_is_not_converted(converted) -> None:
    row = converted({"met_ha": 0.0, "undecidable_ha": 200.0})
    assert (row["converted_ha"], row["converted_sites"], row["reason"]) == (0.0, 0, None)


@pytest.mark.parametrize(
    ("former", "years"),
    [
        ({"closed_year": [1990.0]}, 12.25),  # nothing was converted before the base year: ten years from there
        ({"closed_year": [2030.0]}, 10.0),  # ten years after it closes are too late
        ({"closed_year": [2030.0], "ready_year": [2031.0]}, 12.25),
        ({"ready_year": [2035.0]}, 10.0),
    ],
)
def test_a_stated_year_goes_before_the_time_of_conversion(converted, former, years) -> None:
    assert converted({"met_ha": 150.0}, **former)["years_to_depletion"] == pytest.approx(years)


@pytest.mark.parametrize("verdicts", [None, {"met_ha": 1.0, "profile_id": "law/another"}])
def test_without_verdicts_the_scenario_cannot_be_told(converted, verdicts) -> None:
    row = converted(verdicts)
    assert (row["state"], row["reason"]) == ("no_data", "verdicts_missing")
    assert np.isnan(row["converted_ha"]) and np.isnan(row["depletion_year"])


def test_land_of_unknown_area_makes_a_bound(converted) -> None:
    row = converted({"met_ha": 150.0}, counted_ha=[np.nan])
    assert (row["converted_ha"], row["reason"]) == (0.0, "conversion_partly_unknown")


def test_gain_of_the_conversion_in_years(areas, shipped, make_counted, make_take_up, foresee) -> None:
    former = {"layer": ["idle_prepared", "former_heavy"], "counted_ha": [100.0, 200.0], "ready_year": [np.nan, 2030.0]}
    verdicts = pd.DataFrame({"site_id": ["s1"], "profile_id": [PROFILE], "met_ha": [200.0]})
    take_up = make_take_up({"14": {2020: 10.0}})
    both = shipped("pipeline", "rationalised")
    gain = foresee(areas, make_counted(**former), take_up, both, verdicts=verdicts, draws=200).gains.iloc[0]
    assert (gain["scenario_id"], gain["against_scenario_id"]) == ("rationalised", "pipeline")
    assert gain["gain_years"] == pytest.approx(200 * 0.3 * 0.5 / 10)
    assert gain["gain_p10_years"] == 0.0 < gain["gain_p90_years"]


def test_the_bins_are_a_table_that_says_that_they_are_assumed() -> None:
    table = survey_bin_table(load_survey_bins())
    contracts.validate(table, contracts.SURVEY_BINS)
    assert table["within_years"].iloc[:-1].tolist() == [0, 1, 3, 5] and np.isnan(table["within_years"].iloc[-1])
    assert set(table["basis"]) == {"assumed"}


@pytest.mark.parametrize(
    ("years", "answer"),
    [(0.0, "depleted"), (0.5, "within_1_year"), (1.0, "within_1_year"), (4.0, "within_5_years"), (None, "later")],
)
def test_bins_of_the_survey(years, answer) -> None:
    assert bin_of(years, load_survey_bins()) == answer


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("within_years = 3", "within_years = 7", "not in order"),
        ("within_years = 5\n", "", "not in order"),
        ('id = "later"', "", r"\[\[bins\]\] 5 id is missing"),
        ("within_years = 5", 'within_years = "five"', r"\[\[bins\]\] 4 within_years = 'five'"),
    ],
)
def test_a_broken_file_of_bins_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = written(tmp_path, SHIPPED.read_text(encoding="utf-8").replace(old, new))
    with pytest.raises(RuleError, match=rf"mine\.toml.*{message}"):
        load_survey_bins(path)


@pytest.mark.parametrize("wrong", [{"draws": -1}, {"draws": 1.5}, {"seed": -1}])
def test_draws_and_seed_are_whole_numbers(wrong) -> None:
    with pytest.raises(ContractError, match="whole number"):
        depletion.Settings(2024, **wrong)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"base_year": math.nan}, "base_year"),
        ({"horizon_years": math.nan}, "horizon_years"),
        ({"horizon_years": math.inf}, "horizon_years"),
        ({"horizon_years": 0.0}, "horizon_years"),
        ({"lead_times_years": (3.0, 4.0, math.inf)}, "Lead times"),
        ({"lead_times_years": (5.0, 4.0, 3.0)}, "Lead times"),
    ],
)
def test_years_are_numbers_and_in_order(wrong, named: str) -> None:
    with pytest.raises(ContractError, match=named):
        depletion.Settings(**{"base_year": 2024.0, **wrong})


def test_a_headline_that_is_no_scenario_is_named(areas, shipped, make_counted, make_take_up, foresee) -> None:
    sites = make_counted(layer=["idle_prepared"], counted_ha=[9.0])
    with pytest.raises(ContractError, match=r"headline = 'other'.*pipeline"):
        foresee(areas, sites, make_take_up({"14": {2020: 1.0}}), shipped("pipeline"), headline="other")


def test_the_scenario_table_keeps_its_contract(shipped) -> None:
    contracts.validate(depletion.scenario_table(shipped("rationalised")), contracts.SCENARIOS)
