# SPDX-License-Identifier: GPL-2.0-or-later
"""The figures on a sheet: a line a fact, with the mark of its basis, and what moves the start-by year."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from .. import bounds
from ..contracts import CHANCE_YEARS, START_BY_YEARS
from . import figures
from .figures import PERCENTILES, Tables
from .wording import Language, code_name, phrase

_LEFT_OUT = ("suppressed_years", "later_years", "incomplete_years")
_NOT_COUNTED = ("pipeline_undated_projects", "pipeline_unknown_projects", "pipeline_overdue_projects")


@dataclass(frozen=True)
class Fact:
    """A line of the table of facts.

    Parameters
    ----------
    key : str
        Of its label in `wording.csv`.
    value : str
        As printed.
    basis : str or None
        Basis of the figure.
    """

    key: str
    value: str
    basis: str | None


def facts(row: pd.Series, language: Language) -> list[Fact]:
    """The figures of one row of `outlook` in the order of reading, without those that it has no place for.

    A figure that is unknown is printed as unknown.
    """
    return [*_land(row, language), *_years(row, language), *_chances(row, language), *_flags(row, language)]


def depletion_range(row: pd.Series, language: Language) -> str:
    """10th and 90th percentile of the depletion year; empty where nothing was drawn."""
    if not figures.was_drawn(row):
        return ""
    return " – ".join(figures.simulated_year(row, PERCENTILES[name], language) for name in ("P10", "P90"))


def sensitivity(tables: Tables, row: pd.Series, language: Language) -> list[tuple[str, str, str]]:
    """Inputs of an area from the one that moves the start-by year most: the input, its start-by years, the swing."""
    table = tables["sensitivity"]
    own = table[(table["area_code"] == row["area_code"]) & (table["scenario_id"] == row["scenario_id"])]
    sign = bounds.of_years(row["reason"])
    return [_moved(line, sign, language) for _, line in own.sort_values("rank", kind="stable").iterrows()]


def is_positive(value: float | None) -> bool:
    """Whether a figure is known and above zero."""
    return value is not None and bool(pd.notna(value)) and value > 0


def _moved(line: pd.Series, sign: str, language: Language) -> tuple[str, str, str]:
    values = " → ".join(str(line[end]) for end in ("low", "high") if pd.notna(line[end]))
    years = [line[f"start_by_{end}_year"] for end in ("low", "high")]
    name = code_name("sensitivity_inputs", line["input"], language)
    beyond = phrase("sheet_beyond", language)
    return (
        f"{name} ({values})" if values else name,
        " → ".join(f"{sign}{year:.1f}" if pd.notna(year) else beyond for year in years),
        f"{bounds.AT_LEAST if line['bound'] == 'yes' else ''}{figures.number(line['swing_years'], 1, language)}",
    )


def _land(row: pd.Series, language: Language) -> Iterator[Fact]:
    stock = f"{bounds.of_stock(row['reason'])}{figures.hectares(row['stock_ha'], language)}"
    yield Fact("stock_ha", f"{stock} ({_stock_sites(row, language)})", row["stock_basis"])
    take_up = f"{bounds.of_take_up(row['reason'])}{figures.hectares(row['take_up_ha_per_year'], language)}"
    yield Fact("take_up_ha", f"{take_up} ({_years_used(row, language)})", row["take_up_basis"])
    if is_positive(row["loss_ha_per_year"]):
        yield Fact("sheet_loss_ha", figures.hectares(row["loss_ha_per_year"], language), row["take_up_basis"])
    if row["supply_limited"] == "yes":
        yield Fact("sheet_supply_limited", code_name("answers", "yes", language), row["basis"])
    pipeline = f"{figures.hectares(row['pipeline_ha'], language)} ({_projects(row, language)})"
    yield Fact("pipeline_ha", pipeline, row["pipeline_basis"] if pd.notna(row["pipeline_basis"]) else row["basis"])
    if is_positive(row["converted_sites"]):
        yield Fact("sheet_converted_ha", figures.hectares(row["converted_ha"], language), row["converted_basis"])


def _stock_sites(row: pd.Series, language: Language) -> str:
    sites = f"{phrase('sites', language)} {figures.count(row['stock_sites'], language)}"
    unknown = _sum_of(row, ("stock_unknown_sites",))
    return f"{sites}; {phrase('sites_unknown', language)} {unknown}" if unknown else sites


def _years_used(row: pd.Series, language: Language) -> str:
    used = f"{phrase('sheet_years_used', language)} {figures.count(row['take_up_years'], language)}"
    left_out = _sum_of(row, _LEFT_OUT)
    return f"{used}; {phrase('sheet_left_out', language)} {left_out}" if left_out else used


def _projects(row: pd.Series, language: Language) -> str:
    projects = f"{phrase('sites', language)} {figures.count(row['pipeline_projects'], language)}"
    not_counted = _sum_of(row, _NOT_COUNTED)
    return f"{projects}; {phrase('sheet_not_counted', language)} {not_counted}" if not_counted else projects


def _sum_of(row: pd.Series, columns: tuple[str, ...]) -> int:
    return int(sum(row[column] for column in columns if pd.notna(row[column])))


def _years(row: pd.Series, language: Language) -> Iterator[Fact]:
    yield Fact("depletion_year", figures.year(row, "depletion_year", language), row["basis"])
    if figures.was_drawn(row):
        drawn = " / ".join(figures.simulated_year(row, column, language) for column in PERCENTILES.values())
        yield Fact("sheet_percentiles", drawn, row["basis"])
    start_by = " / ".join(figures.year(row, column, language) for column in START_BY_YEARS)
    yield Fact("sheet_start_by", start_by, row["basis"])
    if figures.was_drawn(row):
        yield Fact("sheet_start_by_safe", figures.simulated_year(row, "start_by_safe_year", language), row["basis"])


def _chances(row: pd.Series, language: Language) -> Iterator[Fact]:
    if not figures.was_drawn(row):
        return
    within = " / ".join(figures.percent(row[column], language) for column in CHANCE_YEARS)
    yield Fact("sheet_chances", within, row["basis"])
    gap = figures.percent(row["chance_gap"], language)
    mean = f" ({row['gap_mean_years']:.1f})" if pd.notna(row["gap_mean_years"]) else ""
    yield Fact("sheet_gap", f"{gap}{mean}", row["basis"])
    yield Fact("sheet_unmet_mean_ha", figures.hectares(row["unmet_mean_ha"], language), row["basis"])
    if pd.notna(row["required_from_year"]):  # which only the headline scenario has
        amount = figures.hectares(row["required_starts_ha_per_year"], language)
        since = f"{phrase('sheet_from', language)} {row['required_from_year']:.0f}"
        yield Fact("sheet_required", f"{amount} ({since})", row["basis"])


def _flags(row: pd.Series, language: Language) -> Iterator[Fact]:
    if pd.notna(row["flagged_profile_id"]):
        parts = (figures.hectares(row[f"flagged_{part}_ha"], language) for part in ("met", "undecidable"))
        yield Fact("sheet_flagged", " / ".join(parts), row["flagged_basis"])
