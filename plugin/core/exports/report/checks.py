# SPDX-License-Identifier: GPL-2.0-or-later
"""What the outlook is held against: published national figures, and what an earlier study foresaw."""

from __future__ import annotations

import pandas as pd

from .. import figures
from ..figures import Tables, hectares, percent
from ..markup import Cell, Html, figure, paragraphs, section
from ..wording import Language, code_name, join, phrase
from .parts import area_names, code_cell, heads, number, optional, table_or_none

_CONTROL_HEADS = ("control", "published", "study_value", "unit", "as_of", "source")
_BACKTEST_HEADS = (
    *("code", "area", "scenario", "earlier_base_year", "forecast_ha", "forecast_range", "found_ha", "error_ha"),
    *("error_percent", "within_range", "earlier_depletion", "depletion_year", "shift", "reason"),
)


def controls(tables: Tables, language: Language) -> Html:
    """Published national figures beside the same from this study, and how each is reckoned."""
    shown = tables["controls"]
    if shown.empty:
        return Html("")
    rows = [_control_row(row, language) for _, row in shown.iterrows()]
    explained = [
        f"{_title(row, language)}: {join(row['explanation_ja'], row['explanation_en'], language)}"
        for _, row in shown.iterrows()
    ]
    body = table_or_none(heads(language, *_CONTROL_HEADS), rows, language)
    return section(
        phrase("controls", language), paragraphs(phrase("controls_note", language)), body, paragraphs(*explained)
    )


def _title(row: pd.Series, language: Language) -> str:
    return str(join(row["title_ja"], row["title_en"], language))


def _control_row(row: pd.Series, language: Language) -> list[Cell]:
    published, found = (_in_unit(row[name], row["unit"], language) for name in ("published_value", "study_value"))
    return [
        _title(row, language),
        figure(published, row["basis"], language),
        "–" if pd.isna(row["study_value"]) else figure(found, row["basis"], language),
        phrase(f"unit_{row['unit']}", language),
        optional(row["as_of"]),
        optional(row["source"]),
    ]


def _in_unit(value: float, unit: str, language: Language) -> str:
    return percent(value, language) if unit == "share" else figures.number(value, 1, language)


def backtest(tables: Tables, language: Language) -> Html:
    """How far the earlier study was off, area by area; nothing where there was none."""
    held = tables["backtest"]
    if held.empty:
        return Html("")
    names = area_names(tables["outlook"], language)
    scenarios = figures.titles(tables, "scenarios", "scenario_id", language)
    rows = [_backtest_row(row, names, scenarios, language) for _, row in held.iterrows()]
    notes = paragraphs(phrase("backtest_note", language))
    return section(
        phrase("backtest", language), notes, table_or_none(heads(language, *_BACKTEST_HEADS), rows, language)
    )


def _backtest_row(row: pd.Series, names: dict[str, str], scenarios: dict[str, str], language: Language) -> list[Cell]:
    basis = row["basis"]
    spread = " – ".join(hectares(row[f"forecast_{one}_ha"], language) for one in ("p10", "p90"))
    inside = row["within_range"]
    return [
        code_cell(row["area_code"]),
        names.get(row["area_code"], row["area_code"]),
        scenarios.get(row["scenario_id"], row["scenario_id"]),
        number(row["earlier_base_year"], 0),
        figure(hectares(row["forecast_stock_ha"], language), basis, language),
        "–" if pd.isna(row["forecast_p10_ha"]) else figure(spread, basis, language),
        figure(hectares(row["stock_ha"], language), basis, language),
        figure(figures.number(row["error_ha"], 2, language, signed=True), basis, language),
        figure(figures.number(row["error_percent"], 1, language, signed=True), basis, language),
        "–" if pd.isna(inside) else code_name("answers", inside, language),
        number(row["earlier_depletion_year"]),
        number(row["depletion_year"]),
        "–" if pd.isna(row["shift_years"]) else figures.number(row["shift_years"], 1, language, signed=True),
        figures.reasons(row["reason"], language),
    ]
