# SPDX-License-Identifier: GPL-2.0-or-later
"""Sensitivity: which input moves the start-by year most in each area."""

from __future__ import annotations

import pandas as pd

from ... import bounds
from .. import charts, figures
from ..charts.overview import urgent_first
from ..figures import Tables
from ..markup import Cell, Html, figure, paragraphs, section
from ..wording import Language, phrase
from .parts import area_names, code_cell, drawing, heads, table_or_none

_HEADS = ("code", "area", "rank", "input", "low", "high", "start_by_low", "start_by_high", "swing")
_MOST_CHARTS = 5
_NOTHING_TO_MOVE = ("depleted", "no_data")


def sensitivity(tables: Tables, language: Language) -> Html:
    """The inputs of each area by rank, and charts of the areas that run out first."""
    moved = tables["sensitivity"].sort_values(["scenario_id", "area_code", "rank"], na_position="last")
    names = area_names(tables["outlook"], language)
    reasons = tables["outlook"].set_index(["area_code", "scenario_id"])["reason"]
    signs = [bounds.of_years(reasons.get(key)) for key in zip(moved["area_code"], moved["scenario_id"], strict=True)]
    rows = [_row(row, sign, names, language) for (_, row), sign in zip(moved.iterrows(), signs, strict=True)]
    notes = paragraphs(phrase("sensitivity_note", language), phrase("sensitivity_assumed_note", language))
    head = heads(language, *_HEADS)
    return section(
        phrase("sensitivity", language), notes, *_charts(tables, language), table_or_none(head, rows, language)
    )


def _row(row: pd.Series, sign: str, names: dict[str, str], language: Language) -> list[Cell]:
    at_least = bounds.AT_LEAST if row["bound"] == "yes" else ""
    swing = at_least + figures.number(row["swing_years"], 1, language)
    ends = (
        f"{sign}{row[name]:.1f}" if pd.notna(row[name]) else phrase("sheet_beyond", language)
        for name in ("start_by_low_year", "start_by_high_year")
    )
    return [
        code_cell(row["area_code"]),
        names.get(row["area_code"], row["area_code"]),
        "–" if pd.isna(row["rank"]) else str(row["rank"]),
        charts.input_name(row["input"], language),
        *(figure(str(row[name]), row["basis"], language) for name in ("low", "high")),
        *(figure(one, row["basis"], language) for one in ends),
        figure(swing, row["basis"], language),
    ]


def _charts(tables: Tables, language: Language) -> list[Html]:
    moved = tables["sensitivity"]
    drawn = []
    for scenario_id in moved["scenario_id"].unique():
        urgent = urgent_first(tables["outlook"], scenario_id)
        ranked = moved.loc[(moved["scenario_id"] == scenario_id) & moved["rank"].notna(), "area_code"]
        told = urgent[~urgent["state"].isin(_NOTHING_TO_MOVE) & urgent["area_code"].isin(ranked)]
        drawn += [
            drawing(charts.tornado(tables, code, scenario_id, language), f"tornado-{code}")
            for code in told["area_code"].head(_MOST_CHARTS)
        ]
    return drawn
