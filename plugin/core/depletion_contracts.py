# SPDX-License-Identifier: GPL-2.0-or-later
"""Contracts of the tables of depletion: what was taken up, what is to come, and when land runs out."""

from __future__ import annotations

from .columns import BASIS, count, number, text
from .tables import Column, Table

START_BY_YEARS = {"start_by_3_year": 3.0, "start_by_4_year": 4.0, "start_by_5_year": 5.0}
"""The ministry's lead times side by side, whatever lead times a study works with."""

CHANCE_YEARS = {"chance_depleted_1_year": 1.0, "chance_depleted_3_years": 3.0, "chance_depleted_5_years": 5.0}
"""Years from the base year within which the chance of depletion is told."""


def chance(name: str, title: str) -> Column:
    """A column of chances, 0 to 1."""
    return Column(name, "number", minimum=0.0, maximum=1.0, title=title)


DEMAND = Table(
    "demand",
    ("area_code", "year"),
    (
        text("area_code", "planning area", required=True),
        number("year", "calendar year", required=True),
        number("demand_ha", "land taken up, of the series that the study counts; missing where it cannot be told"),
        number("loss_ha", "land lost to other uses; missing where it is unknown"),
        text("series", "series that were put together"),
        text("used", "whether the year is drawn from", code_list="answers"),
        text("reason", "why it is not"),
        BASIS,
    ),
)

PROJECTS = Table(
    "projects",
    ("site_id",),
    (
        text("site_id", "project", required=True),
        text("name", "name"),
        text("area_code", "planning area"),
        text("stage", "stage that it has reached", code_list="stages"),
        number("stage_entered_year", "year in which it entered the stage"),
        number("start_year", "year in which development began or begins, as stated"),
        number("lead_time_min_years", "shortest time that is left to readiness, from reckoned_from_year"),
        number("lead_time_mode_years", "likeliest time that is left"),
        number("lead_time_max_years", "longest time that is left"),
        number("reckoned_from_year", "year from which the lead time is reckoned"),
        text("lead_time_basis", "basis of the lead time", code_list="bases"),
        number("stated_ready_year", "year of readiness that the project states"),
        number("ready_year", "year of readiness that the outlook works with"),
        chance("completion_probability", "chance of completion, 0 to 1"),
        text("probability_basis", "basis of the chance", code_list="bases"),
        number("counted_ha", "hectares when completed"),
        number("expected_ha", "hectares times chance"),
        text("partner", "private partner of a public-private project"),
        text("developer", "body that develops or sells"),
        text("counts_as", "how the outlook takes it", required=True, code_list="project_roles"),
        BASIS,
    ),
)

OUTLOOK = Table(
    "outlook",
    ("area_code", "scenario_id"),
    (
        text("area_code", "planning area", required=True),
        text("scenario_id", "scenario", required=True),
        text("name", "name of the area"),
        text("name_en", "name in Latin letters"),
        text("level", "kind of area", code_list="area_levels"),
        text("parent_code", "area that it lies in"),
        number("base_year", "year from which the stock runs down"),
        number("horizon_years", "years looked ahead"),
        number("stock_ha", "stock at the base year"),
        count("stock_sites", "sites in the stock"),
        count("stock_unknown_sites", "sites whose available area is unknown and not in the stock"),
        text("stock_basis", "basis of stock_ha", code_list="bases"),
        number("reserve_ha", "stock that counts as run out"),
        number("lead_time_min_years", "shortest lead time, which decides `too_late`"),
        number("lead_time_mode_years", "likeliest lead time, with which projects that state none arrive"),
        number("lead_time_max_years", "longest lead time, which decides `start_now`"),
        number("take_up_ha_per_year", "mean take-up a year"),
        count("take_up_years", "years behind the mean"),
        count("suppressed_years", "years left out because the cell is suppressed"),
        count("later_years", "years left out because they are not before the base year"),
        count("incomplete_years", "years left out because a series that the study counts is missing"),
        text("take_up_series", "series that are counted"),
        text("take_up_basis", "basis of the take-up", code_list="bases"),
        number("loss_ha_per_year", "mean land lost to other uses a year, on top of the take-up"),
        text("losses", "whether losses are counted; missing where they are not asked for"),
        text("supply_limited", "whether little stock may have held the take-up down", code_list="answers"),
        number("pipeline_ha", "hectares that arrive within the horizon"),
        count("pipeline_projects", "projects that arrive within the horizon"),
        count("pipeline_undated_projects", "projects without a year, not counted"),
        count("pipeline_unknown_projects", "projects of unknown area, not counted"),
        count(
            "pipeline_overdue_projects", "projects that should be ready before the base year and are not, not counted"
        ),
        text("pipeline_basis", "basis of the pipeline", code_list="bases"),
        number("converted_ha", "former heavy-industry land that the scenario converts within the horizon, expected"),
        count("converted_sites", "sites of that land"),
        text("converted_basis", "basis of the converted land", code_list="bases"),
        number("depletion_year", "year in which the stock first reaches the reserve"),
        number("years_to_depletion", "the same, in years from the base year"),
        number("start_by_3_year", "latest start with a lead time of 3 years"),
        number("start_by_4_year", "latest start with a lead time of 4 years"),
        number("start_by_5_year", "latest start with a lead time of 5 years"),
        text("state", "state of the area", required=True, code_list="states"),
        text("survey_bin", "answer bin of the 2023 survey that the depletion year falls into"),
        count("draws", "draws of the simulation; 0 where there was none"),
        Column("seed", "integer", title="seed of the draws"),
        number("depletion_p10_year", "depletion year, 10th percentile; missing where it lies beyond the horizon"),
        number("depletion_p50_year", "depletion year, median"),
        number("depletion_p90_year", "depletion year, 90th percentile"),
        *(chance(name, f"chance of depletion within {years:g} years") for name, years in CHANCE_YEARS.items()),
        chance("chance_depleted", "chance of depletion within the horizon"),
        chance("chance_gap", "chance of a time without land before a later arrival"),
        number("gap_mean_years", "mean length of the time without land, where there is one"),
        number("unmet_mean_ha", "mean take-up unmet up to the horizon"),
        number("start_by_safe_year", "90 % safe start: 10th percentile of depletion year less drawn lead time"),
        number(
            "required_starts_ha_per_year", "hectares to start each year to keep the chance of a gap at 10 % or less"
        ),
        number("required_from_year", "year from which land that is started now can be there"),
        number("gap_years", "years without land before a later arrival"),
        number("gap_unmet_ha", "take-up unmet in those gaps"),
        number("unmet_ha", "take-up unmet up to the horizon"),
        text("flagged_profile_id", "rule profile of the next columns"),
        number("flagged_met_ha", "hectares of sites in the area that meet the profile"),
        number("flagged_undecidable_ha", "hectares that the data cannot decide"),
        text("flagged_basis", "basis of the flagged hectares", code_list="bases"),
        text("reason", "why there is no data, or why a figure is a bound"),
        BASIS,
    ),
    geometry="optional",
)

TRAJECTORY = Table(
    "trajectory",
    ("area_code", "scenario_id", "year"),
    (
        text("area_code", "planning area", required=True),
        text("scenario_id", "scenario", required=True),
        number("year", "beginning of this year", required=True),
        number("stock_ha", "stock, deterministic"),
        number("stock_p10_ha", "stock, 10th percentile"),
        number("stock_p50_ha", "stock, median"),
        number("stock_p90_ha", "stock, 90th percentile"),
        number("take_up_ha", "land taken up in the year before"),
        number("arrivals_ha", "land that became ready in the year before"),
        number("unmet_ha", "take-up unmet in the year before"),
        BASIS,
    ),
)

SCENARIOS = Table(
    "scenarios",
    ("scenario_id",),
    (
        text("scenario_id", "scenario", required=True),
        text("title_ja", "title in Japanese"),
        text("title_en", "title in English"),
        text("source", "where it comes from"),
        text("pipeline", "whether projects under way arrive", code_list="answers"),
        number("take_up_factor", "take-up, times this"),
        number("growth_percent_per_year", "growth of the take-up", minimum=None),
        text("conversion_profile_id", "rule profile that former heavy-industry land must meet to be converted"),
        number("conversion_share", "share of that land that becomes industrial land for sale"),
        chance("conversion_probability", "chance that a site is converted at all"),
        text("conversion_years", "shortest, likeliest and longest time of conversion"),
        text("assumptions", "what is assumed, in words"),
    ),
)

GAINS = Table(
    "gains",
    ("area_code", "scenario_id", "against_scenario_id"),
    (
        text("area_code", "planning area", required=True),
        text("scenario_id", "scenario", required=True),
        text("against_scenario_id", "scenario that it is held against", required=True),
        number("gain_years", "years by which depletion comes later; a lower bound where bound is yes", minimum=None),
        text(
            "bound",
            "whether a depletion lies beyond the horizon, so that the gain is only bounded",
            code_list="answers",
        ),
        number("gain_p10_years", "10th percentile over paired draws, cut at the horizon", minimum=None),
        number("gain_p50_years", "median", minimum=None),
        number("gain_p90_years", "90th percentile", minimum=None),
        text("reason", "why there is no figure, or why it rests on a bound"),
        BASIS,
    ),
)

SENSITIVITY = Table(
    "sensitivity",
    ("area_code", "scenario_id", "input"),
    (
        text("area_code", "planning area", required=True),
        text("scenario_id", "scenario", required=True),
        text("input", "input that is moved, the others held", required=True, code_list="sensitivity_inputs"),
        text("low", "lower value of the input, in its unit"),
        text("high", "higher value of the input, in its unit"),
        number("start_by_low_year", "start-by year with the lower value; missing where it lies beyond the horizon"),
        number("start_by_high_year", "start-by year with the higher value"),
        number("swing_years", "how far the start-by year moves; a lower bound where bound is yes"),
        text("bound", "whether one end lies beyond the horizon", code_list="answers"),
        count("rank", "1 for the input that moves the start-by year most"),
        BASIS,
    ),
)

BACKTEST = Table(
    "backtest",
    ("area_code", "scenario_id"),
    (
        text("area_code", "planning area", required=True),
        text("scenario_id", "scenario", required=True),
        number("earlier_base_year", "base year of the earlier study"),
        number("base_year", "base year of this study"),
        number("forecast_stock_ha", "stock at this base year as the earlier study foresaw it"),
        number("forecast_p10_ha", "its 10th percentile"),
        number("forecast_p90_ha", "its 90th percentile"),
        number("stock_ha", "stock at this base year as this study has it"),
        number("error_ha", "forecast less stock", minimum=None),
        number("error_percent", "the same, in percent of the stock", minimum=None),
        text("within_range", "whether the stock lies between the percentiles", code_list="answers"),
        number("earlier_depletion_year", "depletion year of the earlier study"),
        number("depletion_year", "depletion year of this study"),
        number("shift_years", "by how much the depletion year moved", minimum=None),
        text("reason", "why there is no error in hectares, or why it is a bound"),
        BASIS,
    ),
)

SURVEY_BINS = Table(
    "survey_bins",
    ("bin_id",),
    (
        text("bin_id", "answer bin, soonest first", required=True),
        text("title_ja", "title in Japanese"),
        text("title_en", "title in English"),
        number("within_years", "depletion within so many years; missing in the last, which has no limit"),
        BASIS,
    ),
)

CONTROLS = Table(
    "controls",
    ("control_id",),
    (
        text("control_id", "control", required=True, code_list="controls"),
        text("title_ja", "what is controlled, in Japanese"),
        text("title_en", "what is controlled, in English"),
        number("published_value", "published national figure, or what follows from published figures"),
        number("study_value", "the same from this study, where it covers the country"),
        text("unit", "unit"),
        text("as_of", "date or year of the published figure"),
        text("source", "source of the published figure"),
        text("explanation_ja", "how it is reckoned and why gross and net differ, in Japanese"),
        text("explanation_en", "how it is reckoned and why gross and net differ, in English"),
        BASIS,
    ),
)
