# SPDX-License-Identifier: GPL-2.0-or-later
"""The outlook of each area: what there is, when it runs out, by when the next estate must be started."""

from __future__ import annotations

import pandas as pd

from ... import bounds
from ...contracts import CHANCE_YEARS
from .. import figures, totals
from ..figures import PERCENTILES, Tables, hectares, percent
from ..markup import Cell, Html, escaped, figure, paragraphs, section, table
from ..wording import Language, join, phrase
from .parts import area_cells, heads, table_or_none, total

_HEADS = ("code", "area", "stock_ha", "take_up_ha", "depletion_year", "start_by_3", "start_by_4", "start_by_5", "state")
_RANGE_HEADS = (
    *("code", "area", "p10", "p50", "p90", "chance_1", "chance_3", "chance_5", "chance_horizon", "chance_gap"),
    *("gap_years", "unmet_mean_ha", "start_by_safe", "required_starts", "required_from"),
)
_SURVEY = "survey-2023"


def outlook(tables: Tables, language: Language) -> Html:
    """The areas under the headline scenario; the total is that of the nation where there is one."""
    shown = figures.headline_outlook(tables)
    columns = totals.outlook_columns(shown)
    rows = [_row(row, number, columns, language) for number, row in shown.iterrows()]
    stock, take_up, *flags = (total(column, language) for column in columns.values())
    partly_unknown = max((bounds.of_stock(row["reason"]) for _, row in shown.iterrows()), default="")
    foot: list[Cell] = ["", phrase("total", language), Html(partly_unknown + str(stock)), take_up]
    foot += ["", "", "", "", "", *flags, ""]
    head, notes = heads(language, *_HEADS), [phrase("outlook_note", language)]
    if flags:
        head += heads(language, "flag_met", "flag_undecidable")
    if flags and "profiles" in tables:
        names = figures.titles(tables, "profiles", "profile_id", language)
        flagged = ", ".join(names[one] for one in shown["flagged_profile_id"].dropna().unique())
        notes.append(f"{phrase('flagged_profile', language)}: {flagged}")
    if (shown["level"] == "national").any():
        notes.append(phrase("national_note", language))
    head += heads(language, "reason")
    return section(phrase("outlook", language), table(head, rows, foot), paragraphs(*notes))


def _row(row: pd.Series, number: object, columns: dict[str, totals.PrintedColumn], language: Language) -> list[Cell]:
    stock, take_up, *flags = (
        figure(hectares(column.parts[number], language), column.bases[number], language) for column in columns.values()
    )
    state = escaped(figures.state_name(row, language))
    return [
        *area_cells(row, language),
        Html(bounds.of_stock(row["reason"]) + stock),
        Html(bounds.of_take_up(row["reason"]) + take_up),
        *(figure(figures.year(row, name, language), row["basis"], language) for name in figures.YEARS),
        Html(f'<span class="state {escaped(row["state"])}">{state}</span>'),
        *flags,
        figures.reasons(row["reason"], language),
    ]


def ranges(tables: Tables, language: Language) -> Html:
    """What the draws tell of each area under the headline scenario; nothing where nothing was drawn."""
    shown = figures.headline_outlook(tables)
    drawn = shown[[figures.was_drawn(row) for _, row in shown.iterrows()]]
    if drawn.empty:
        return Html("")
    rows = [_range_row(row, language) for _, row in drawn.iterrows()]
    first = drawn.iloc[0]
    draws = f"{phrase('sheet_draws', language)}: {first['draws']:,.0f} ({figures.count(first['seed'], language)})"
    notes = paragraphs(draws, phrase("ranges_note", language), phrase("required_note", language))
    return section(phrase("ranges", language), notes, table(heads(language, *_RANGE_HEADS), rows))


def _range_row(row: pd.Series, language: Language) -> list[Cell]:
    without_gap = row["chance_gap"] == 0
    required = row["required_starts_ha_per_year"]
    texts = [
        *(figures.simulated_year(row, column, language) for column in PERCENTILES.values()),
        *(percent(row[column], language) for column in (*CHANCE_YEARS, "chance_depleted", "chance_gap")),
        "–" if without_gap else figures.number(row["gap_mean_years"], 1, language),
        hectares(row["unmet_mean_ha"], language),
        figures.simulated_year(row, "start_by_safe_year", language),
        "–" if pd.isna(required) else hectares(required, language),
        "–" if pd.isna(row["required_from_year"]) else f"{row['required_from_year']:.0f}",
    ]
    return [*area_cells(row, language), *(figure(one, row["basis"], language) for one in texts)]


def survey_bins(tables: Tables, language: Language) -> Html:
    """How many areas fall into each answer of the survey of 2023, where the scenario that it asked about was run."""
    outlook = tables["outlook"]
    asked = outlook[(outlook["scenario_id"] == _SURVEY) & outlook["level"].isin(("prefecture", "designated_city"))]
    if asked.empty or tables["survey_bins"].empty:
        return Html("")
    answered = asked[asked["state"] != "no_data"]["survey_bin"]
    bins = tables["survey_bins"].sort_values("within_years")
    rows = [_bin_row(one, answered, language) for _, one in bins.iterrows()]
    unknown = phrase("no_answer", language)
    rows.append([unknown, figure(str(len(asked) - len(answered)), "derived", language), ""])
    title = figures.scenario_title(tables, _SURVEY, language)
    words = paragraphs(f"{phrase('scenario', language)}: {title}", phrase("survey_bins_note", language))
    return section(
        phrase("survey_bins", language), words, table_or_none(heads(language, "bin", "areas", "share"), rows, language)
    )


def _bin_row(one: pd.Series, answered: pd.Series, language: Language) -> list[Cell]:
    fallen = int((answered == one["bin_id"]).sum())
    share = percent(fallen / len(answered) if len(answered) else None, language)
    title = join(one["title_ja"], one["title_en"], language)
    return [title, *(figure(text, "assumed", language) for text in (str(fallen), share))]
