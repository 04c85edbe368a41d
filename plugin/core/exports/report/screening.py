# SPDX-License-Identifier: GPL-2.0-or-later
"""Screening: what the rule profiles find, side by side, and what would have to be found out."""

from __future__ import annotations

import pandas as pd

from ...provenance import weakest
from ...reconcile import reconcile
from .. import figures, totals
from ..figures import Tables, count, hectares
from ..markup import Cell, Html, figure, paragraphs, section
from ..wording import Language, code_name, phrase
from .parts import area_names, code_cell, heads, left_out, table_or_none

_VERDICT_HA = ["met_ha", "not_met_ha", "undecidable_ha"]
_MOST_FACTS = 40


def profiles(tables: Tables, language: Language) -> Html:
    """Hectares of the sites by what each profile says of them."""
    head = heads(language, "profile", "status", "date", "source", "flagged_met", "flagged_not_met")
    head += heads(language, "flagged_undecidable", "site_ha", "unknown_not_in_total")
    names = figures.titles(tables, "profiles", "profile_id", language)
    sources = tables["profiles"].set_index("profile_id")["source"]
    rows = [
        _profile_row([names[one], sources[one]], rows, language)
        for one, rows in tables["verdicts"].groupby("profile_id")
    ]
    sliver = f"{phrase('sliver', language)}: {figures.study_values(tables)['sliver_ha']}"
    words = paragraphs(phrase("disclaimer", language), phrase("profiles_note", language), sliver)
    assumed, assumes = tables["profiles"].dropna(subset="assumptions"), phrase("assumptions", language)
    notes = paragraphs(
        *(
            f"{names[row['profile_id']]} – {assumes}: {figures.spoken(row['assumptions'], language)}"
            for _, row in assumed.iterrows()
        )
    )
    return section(phrase("profiles", language), words, table_or_none(head, rows, language), notes)


def _profile_row(described: list[str], verdicts: pd.DataFrame, language: Language) -> list[Cell]:
    title, source = described
    stated = float(verdicts["site_ha"].sum())
    parts = verdicts[_VERDICT_HA].sum()
    reconcile(float(parts.sum()), stated, title)
    basis = weakest(["derived", *verdicts["basis"]])
    column = totals.summed(parts, pd.Series(basis, index=parts.index), what=title)
    first = verdicts.iloc[0]
    return [
        title,
        code_name("profile_statuses", first["profile_status"], language),
        str(first["profile_date"] or phrase("unknown", language)),
        source,
        *(figure(hectares(part, language), basis, language) for part in column.parts),
        figure(hectares(column.total, language), basis, language),
        count(verdicts["site_ha"].isna().sum(), language),
    ]


def comparison(tables: Tables, language: Language) -> Html:
    """Hectares that meet each profile, area by area."""
    compared, areas = tables["comparison"], tables["areas"]
    names = figures.titles(tables, "profiles", "profile_id", language)
    outer = compared[~compared["area_code"].isin(areas.loc[~totals.in_total(areas), "area_code"])]
    by_area = {code: rows.set_index("profile_id") for code, rows in outer.groupby("area_code")}
    areas_by_code = area_names(areas, language)
    rows: list[list[Cell]] = [
        [
            code_cell(code),
            areas_by_code.get(code, phrase("unplaced", language)),
            *(_compared(found, one, language) for one in names),
        ]
        for code, found in by_area.items()
    ]
    head = [*heads(language, "code", "area"), *names.values()]
    words = paragraphs(phrase("disclaimer", language), phrase("comparison_note", language))
    return section(phrase("comparison", language), words, table_or_none(head, rows, language))


def _compared(found: pd.DataFrame, profile_id: str, language: Language) -> Cell:
    if profile_id not in found.index:
        return "–"
    row = found.loc[profile_id]
    return figure(
        f"{hectares(row['met_ha'], language)} ({hectares(row['undecidable_ha'], language)})", row["basis"], language
    )


def find_next(tables: Tables, language: Language) -> Html:
    """The missing facts that decide the most hectares."""
    facts = tables["find_next"]
    names = figures.titles(tables, "profiles", "profile_id", language)
    shown = facts.sort_values(["decides_ha", "may_decide_ha"], ascending=False, kind="stable").head(_MOST_FACTS)
    head = heads(language, "profile", "code", "fact", "subject", "sites", "decides_ha", "may_decide_ha")
    rows: list[list[Cell]] = [
        [
            names[row["profile_id"]],
            code_cell(row["area_code"]),
            code_name("facts", row["fact"], language),
            phrase("each_site", language) if row["subject"] == "each_site" else row["subject"],
            count(row["sites"], language),
            figure(hectares(row["decides_ha"], language), row["basis"], language),
            figure(hectares(row["may_decide_ha"], language), row["basis"], language),
        ]
        for _, row in shown.iterrows()
    ]
    notes = [phrase("find_next_note", language), *left_out(len(facts) - len(rows), language)]
    return section(phrase("find_next", language), paragraphs(*notes), table_or_none(head, rows, language))
