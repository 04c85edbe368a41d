# SPDX-License-Identifier: GPL-2.0-or-later
"""Prints the outlook of a ledger as a table for the terminal.

scripts/run.sh python scripts/print_outlook.py LEDGER [--language ja|en]
"""

from __future__ import annotations

import argparse
import os
import sys
import unicodedata
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from yochi.plugin.core import bounds
from yochi.plugin.core.errors import YochiError
from yochi.plugin.core.exports import figures, ledger, totals
from yochi.plugin.core.exports.wording import Language, code_name, phrase

_HEAD = ("code", "area", "stock_ha", "take_up_ha", "depletion_year", "start_by_3", "start_by_4", "start_by_5", "state")
_FLAGS = ("flag_met", "flag_undecidable")
_TEXT_COLUMNS = (0, 1, 8)
_GAP = "  "


def width(text: str) -> int:
    """Columns that a text takes in a terminal: two for a full-width character."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def aligned(rows: list[list[str]]) -> Iterable[str]:
    """Lines of a table; texts to the left, figures to the right."""
    widths = [max(width(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        yield _GAP.join(
            cell + pad if column in _TEXT_COLUMNS else pad + cell
            for column, cell in enumerate(row)
            for pad in [" " * (widths[column] - width(cell))]
        ).rstrip()


def table(shown: pd.DataFrame, language: Language) -> list[list[str]]:
    """Head, one row an area, and the totals of what can be added up."""
    columns = totals.outlook_columns(shown)
    rows = [[phrase(key, language) for key in (*_HEAD, *_FLAGS)]]
    for number, row in shown.iterrows():
        stock, take_up, met, undecidable = (
            _marked(figures.hectares(column.parts[number], language), column.bases[number])
            for column in columns.values()
        )
        years = (figures.year(row, name, language) for name in figures.YEARS)
        state = code_name("states", row["state"], language)
        marked_years = [_marked(year, row["basis"]) for year in years]
        rows.append(
            [
                *(row["area_code"], figures.area_name(row, language)),
                *(bounds.of_stock(row["reason"]) + stock, bounds.of_take_up(row["reason"]) + take_up),
                *(*marked_years, state, met, undecidable),
            ]
        )
    sums = [_marked(figures.hectares(column.total, language), column.basis) for column in columns.values()]
    rows.append(["", phrase("total", language), *sums[:2], "", "", "", "", "", *sums[2:]])
    unknown = [column.unknown for column in columns.values()]
    if any(unknown):
        counts = [str(number) if number else "" for number in unknown]
        rows.append(["", phrase("unknown_not_in_total", language), *counts[:2], "", "", "", "", "", *counts[2:]])
    return rows


def _marked(text: str, basis: str | None) -> str:
    return f"{text} {figures.basis_mark(basis)}"


def show(path: Path, language: Language) -> None:
    """Print title, table and what its marks mean."""
    tables = {name: ledger.read_table(path, name) for name in ("outlook", "sites", "profiles", "scenarios", "study")}
    values = figures.study_values(tables)
    shown = figures.headline_outlook(tables)
    synthetic = figures.is_synthetic(tables)
    print(figures.title(tables, language) + (f"  [{phrase('synthetic_short', language)}]" if synthetic else ""))
    if synthetic:
        print(phrase("synthetic_banner", language))
    facts = {"base_year": "base_year", "horizon": "horizon_years", "scenario": "headline_scenario"}
    scenarios = figures.titles(tables, "scenarios", "scenario_id", language)
    values["headline_scenario"] = scenarios[values["headline_scenario"]]
    print("; ".join(f"{phrase(word, language)}: {values[key]}" for word, key in facts.items()))
    print()
    lines = list(aligned(table(shown, language)))
    rule = "-" * max(width(line) for line in lines)
    print("\n".join([lines[0], rule, *lines[1 : 1 + len(shown)], rule, *lines[1 + len(shown) :]]))
    print()
    names = figures.titles(tables, "profiles", "profile_id", language)
    profiles = ", ".join(names[one] for one in shown["flagged_profile_id"].dropna().unique())
    print(f"{phrase('flagged_profile', language)}: {profiles} ({phrase('disclaimer', language)})")
    print(f"{phrase('basis_note', language)}: {figures.basis_key(language)}")
    print(phrase("outlook_note", language))


def main() -> None:
    """Print the ledger that the command line names."""
    spoken = next((value for key in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(key))), "")
    parser = argparse.ArgumentParser(description="Prints the outlook of a ledger as a table.")
    parser.add_argument("ledger", type=Path)
    parser.add_argument("--language", choices=("ja", "en"), default="ja" if spoken.startswith("ja") else "en")
    arguments = parser.parse_args()
    sys.stdout.reconfigure(encoding="utf-8")
    try:
        show(arguments.ledger, arguments.language)
    except YochiError as error:
        sys.exit(f"yochi: {error}")


if __name__ == "__main__":
    main()
