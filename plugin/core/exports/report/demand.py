# SPDX-License-Identifier: GPL-2.0-or-later
"""Demand: of which years and series the take-up of each area is made, and what was left out."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from ... import bounds
from ...resources import codes
from .. import figures
from ..figures import Tables, hectares
from ..markup import Cell, Html, figure, paragraphs, section
from ..wording import Language, code_name, phrase
from .parts import area_names, code_cell, heads, optional, table_or_none

_HEADS = ("code", "area", "series", "years_used", "take_up_ha", "loss_ha", "years_left_out", "supply_limited")


def demand(tables: Tables, language: Language) -> Html:
    """A row an area of the outlook: the years that are drawn from, and the others with their reasons."""
    yearly = dict(list(tables["demand"].groupby("area_code")))
    shown = figures.headline_outlook(tables)
    names = area_names(shown, language)
    rows = [
        _row(row, names, yearly[row["area_code"]], language)
        for _, row in shown.iterrows()
        if row["area_code"] in yearly
    ]
    notes = paragraphs(phrase("demand_note", language), phrase("supply_limited_note", language))
    return section(phrase("demand", language), notes, table_or_none(heads(language, *_HEADS), rows, language))


def _row(row: pd.Series, names: dict[str, str], yearly: pd.DataFrame, language: Language) -> list[Cell]:
    used = yearly["used"] == "yes"
    otherwise = {"take_up_ha_per_year": "–", "loss_ha_per_year": figures.reasons(row["losses"], language) or "–"}
    take_up, loss = (
        figure(hectares(row[name], language), row["take_up_basis"], language) if pd.notna(row[name]) else blank
        for name, blank in otherwise.items()
    )
    limited = row["supply_limited"]
    return [
        code_cell(row["area_code"]),
        names[row["area_code"]],
        series_names(yearly["series"].iloc[0], language),
        f"{spans(yearly.loc[used, 'year'])} ({used.sum()})",
        Html(bounds.of_take_up(row["reason"]) + take_up),
        loss,
        _left_out(yearly[~used], language),
        "–" if pd.isna(limited) else code_name("answers", limited, language),
    ]


def _left_out(yearly: pd.DataFrame, language: Language) -> str:
    """Years that are not drawn from, by reason."""
    by_reason = yearly.groupby(yearly["reason"].fillna(""), sort=True)["year"]
    return "; ".join(f"{spans(years)}: {figures.reasons(why, language)}" for why, years in by_reason) or "–"


def series_names(series: object, language: Language) -> str:
    """Names of the series that are counted together."""
    known = codes("take_up_series")
    parts = [] if series is None or pd.isna(series) else str(series).replace(",", ";").split(";")
    stripped = [part.strip() for part in parts]
    return optional(", ".join(code_name("take_up_series", one, language) if one in known else one for one in stripped))


def spans(years: Iterable[float]) -> str:
    """Years in short.

    Examples
    --------
    >>> spans([2019, 2020, 2021, 2023])
    '2019–2021, 2023'
    """
    runs: list[list[int]] = []
    for year in sorted(int(one) for one in years):
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs) or "–"
