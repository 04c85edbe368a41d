# SPDX-License-Identifier: GPL-2.0-or-later
"""Scenarios side by side: what each assumes, what follows, and how many years one gains on another."""

from __future__ import annotations

import pandas as pd

from .. import charts, figures, totals
from ..figures import Tables, count, hectares, percent
from ..markup import Cell, Html, escaped, figure, paragraphs, section, table
from ..wording import Language, code_name, join, phrase
from .parts import area_names, code_cell, drawing, heads, number, optional, table_or_none

_ASSUMED_HEADS = ("scenario", "has_pipeline", "take_up_factor", "growth", "conversion", "assumptions", "source")
_MOST_CHARTS = 3


def scenarios(tables: Tables, language: Language) -> Html:
    """The states of the areas under each scenario, and what the scenarios assume."""
    outlook = tables["outlook"]
    states = [str(state) for state in figures.STATES if (outlook["state"] == state).any()]
    head = heads(language, "scenario", "areas", "pipeline_ha", "converted_ha", "undated")
    head += [code_name("states", state, language) for state in states]
    names = figures.titles(tables, "scenarios", "scenario_id", language)
    rows = [_row(names[str(one)], rows, states, language) for one, rows in outlook.groupby("scenario_id", sort=False)]
    assumed = [_assumed_row(row, language) for _, row in tables["scenarios"].iterrows()]
    lead = f"{phrase('lead_times', language)}: {figures.study_values(tables)['lead_times_years']}"
    return section(
        phrase("scenarios", language),
        paragraphs(lead, phrase("scenarios_note", language)),
        table_or_none(head, rows, language),
        Html(f"<h3>{escaped(phrase('scenario_assumptions', language))}</h3>"),
        table_or_none(heads(language, *_ASSUMED_HEADS), assumed, language),
        *_charts(tables, language),
    )


def _row(title: str, rows: pd.DataFrame, states: list[str], language: Language) -> list[Cell]:
    outer, own = rows[totals.in_total(rows)], rows[figures.is_own_area(rows)]
    without = outer["pipeline_projects"].isna().all()
    none = phrase("none", language)
    undated = outer["pipeline_undated_projects"].sum()
    return [
        title,
        count(len(own), language),
        none if without else _sum(outer, "pipeline", title, language),
        none if outer["converted_sites"].isna().all() else _sum(outer, "converted", title, language),
        none if without else count(undated, language),
        *(count((own["state"] == state).sum(), language) for state in states),
    ]


def _sum(outer: pd.DataFrame, what: str, title: str, language: Language) -> Html:
    column = totals.summed(outer[f"{what}_ha"], outer[f"{what}_basis"], what=title)
    return figure(hectares(column.total, language), column.basis, language)


def _assumed_row(row: pd.Series, language: Language) -> list[Cell]:
    return [
        join(row["title_ja"], row["title_en"], language),
        "–" if pd.isna(row["pipeline"]) else code_name("answers", row["pipeline"], language),
        number(row["take_up_factor"], 2),
        number(row["growth_percent_per_year"], 1),
        _conversion(row, language),
        optional(figures.spoken(row["assumptions"], language)),
        optional(figures.spoken(row["source"], language)),
    ]


def _conversion(row: pd.Series, language: Language) -> str:
    if pd.isna(row["conversion_profile_id"]):
        return "–"
    parts = {
        "profile": row["conversion_profile_id"],
        "share": percent(row["conversion_share"], language),
        "probability": percent(row["conversion_probability"], language),
        "years": row["conversion_years"],
    }
    return "; ".join(f"{phrase(key, language)} {value}" for key, value in parts.items())


def _charts(tables: Tables, language: Language) -> list[Html]:
    """Scenarios of the nation, where it is there, and of the areas for which they matter most."""
    outlook = tables["outlook"]
    if outlook["scenario_id"].nunique() < 2:
        return []
    nation = outlook.loc[outlook["level"] == "national", "area_code"].unique()
    years = outlook[figures.is_own_area(outlook)].groupby("area_code")["depletion_year"]
    apart = (years.max() - years.min()).dropna().sort_values(ascending=False, kind="stable")
    codes = (*nation, *apart.index[:_MOST_CHARTS])
    return [drawing(charts.scenarios(tables, code, language), f"scenarios-{code}") for code in codes]


def gains(tables: Tables, language: Language) -> Html:
    """Years that each scenario gains on the one that it is held against, a row an area."""
    gained = tables["gains"]
    titles = figures.titles(tables, "scenarios", "scenario_id", language)
    shown = [one for one in titles if (gained["scenario_id"] == one).any()]
    against = ", ".join(titles[one] for one in gained["against_scenario_id"].unique())
    names = area_names(tables["outlook"], language)
    rows: list[list[Cell]] = [
        [code_cell(code), names.get(str(code), str(code)), *(_gain(own, one, language) for one in shown)]
        for code, own in gained.groupby("area_code")
    ]
    notes = [phrase("gains_note", language)] + ([f"{phrase('against', language)}: {against}"] if against else [])
    head = [*heads(language, "code", "area"), *(titles[one] for one in shown)]
    body = table(head, rows) if rows else paragraphs(phrase("none", language))
    return section(phrase("gains", language), paragraphs(*notes), body)


def _gain(own: pd.DataFrame, scenario_id: str, language: Language) -> Cell:
    rows = own[own["scenario_id"] == scenario_id]
    if rows.empty:
        return "–"
    row = rows.iloc[0]
    if pd.isna(row["gain_years"]):
        return figures.reasons(row["reason"], language) or phrase("unknown", language)
    return figure(figures.gain_with_range(row, language), row["basis"], language)
