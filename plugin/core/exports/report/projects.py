# SPDX-License-Identifier: GPL-2.0-or-later
"""The pipeline board: what is under way, at what stage, and how sure it is."""

from __future__ import annotations

import pandas as pd

from ...provenance import ASSUMED
from ...resources import codes
from .. import totals
from ..figures import Tables, hectares, percent
from ..markup import Cell, Html, figure, paragraphs, section
from ..wording import Language, code_name, phrase
from .parts import MOST_ROWS, code_cell, heads, left_out, number, optional, table_or_none, total

_HEADS = (
    *("project", "code", "stage", "partner", "developer", "started", "lead_time", "ready_year", "probability"),
    *("counted_ha", "expected_ha", "counts_as"),
)
_HECTARES = ("counted_ha", "expected_ha")


def projects(tables: Tables, language: Language) -> Html:
    """The projects by what they count as; the total is that of those that arrive within the horizon."""
    roles = codes("project_roles")
    board = tables["projects"]
    ordered = board.assign(role=board["counts_as"].map(roles.index)).sort_values(["role", "ready_year", "site_id"])
    arriving = ordered[ordered["counts_as"] == "arrives"]
    columns = {name: totals.summed(arriving[name], arriving["basis"], what=name) for name in _HECTARES}
    sums = [total(column, language) for column in columns.values()]
    printed = {name: column.parts.reindex(ordered.index).fillna(ordered[name]) for name, column in columns.items()}
    rows = [_row(row, language) for _, row in ordered.assign(**printed).head(MOST_ROWS).iterrows()]
    label = f"{phrase('total', language)}: {code_name('project_roles', 'arrives', language)}"
    foot: list[Cell] = [label, *[""] * 8, *sums, ""]
    notes = [phrase("projects_note", language), *left_out(len(board) - len(rows), language)]
    if (board["probability_basis"] == ASSUMED).any() or (board["lead_time_basis"] == ASSUMED).any():
        notes.insert(1, phrase("projects_assumed_note", language))
    head = heads(language, *_HEADS)
    return section(phrase("projects", language), paragraphs(*notes), table_or_none(head, rows, language, foot=foot))


def _row(row: pd.Series, language: Language) -> list[Cell]:
    name = row["site_id"] if pd.isna(row["name"]) else f"{row['site_id']} {row['name']}"
    return [
        name,
        code_cell(row["area_code"]),
        "–" if pd.isna(row["stage"]) else code_name("stages", row["stage"], language),
        optional(row["partner"]),
        optional(row["developer"]),
        number(row["reckoned_from_year"] if pd.isna(row["start_year"]) else row["start_year"], 1),
        _lead_time(row, language),
        _ready(row, language),
        figure(percent(row["completion_probability"], language), row["probability_basis"], language),
        *(figure(hectares(row[one], language), row["basis"], language) for one in _HECTARES),
        code_name("project_roles", row["counts_as"], language),
    ]


def _lead_time(row: pd.Series, language: Language) -> Cell:
    """Shortest, likeliest and longest, where the year of readiness is reckoned with them."""
    leads = [row[f"lead_time_{part}_years"] for part in ("min", "mode", "max")]
    if any(pd.isna(lead) for lead in leads):
        return "–"
    return figure(" – ".join(f"{lead:.1f}" for lead in dict.fromkeys(leads)), row["lead_time_basis"], language)


def _ready(row: pd.Series, language: Language) -> Cell:
    """The year of readiness, as stated or as reckoned."""
    if pd.isna(row["ready_year"]):
        return phrase("unknown", language)
    stated = pd.notna(row["stated_ready_year"])
    return figure(f"{row['ready_year']:.1f}", "reported" if stated else row["lead_time_basis"], language)
