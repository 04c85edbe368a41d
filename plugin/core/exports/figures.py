# SPDX-License-Identifier: GPL-2.0-or-later
"""How figures are printed, the same in the report, on the map and in the terminal.

What is unknown is printed as unknown, never as 0. Every figure carries the mark of its basis.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from .. import bounds
from ..bounds import AT_LEAST, AT_MOST
from ..contracts import START_BY_YEARS
from ..provenance import SYNTHETIC
from ..resources import codes
from .wording import Language, code_name, join, phrase

Tables = Mapping[str, pd.DataFrame]

BASIS_MARKS = {"measured": "M", "reported": "R", "derived": "D", "assumed": "A", "synthetic": "S", "unknown": "?"}
STATES = codes("states")
YEARS = ("depletion_year", *START_BY_YEARS)
PERCENTILES = {"P10": "depletion_p10_year", "P50": "depletion_p50_year", "P90": "depletion_p90_year"}
SUMS_OF_OTHERS = ("national", "remainder")
"""Levels whose figures are those of other areas, added up or subtracted."""
_REASONS = ("outlook_reasons", "comparison_reasons")


def hectares(value: float | None, language: Language = "both") -> str:
    """Hectares to two decimals.

    Examples
    --------
    >>> hectares(1234.5), hectares(float("nan"), "en")
    ('1,234.50', 'unknown')
    """
    return phrase("unknown", language) if value is None or pd.isna(value) else f"{value:,.2f}"


def count(value: float | None, language: Language = "both") -> str:
    """A whole number."""
    return phrase("unknown", language) if value is None or pd.isna(value) else f"{int(value):,}"


def reasons(reason: str | None, language: Language = "both") -> str:
    """Reasons of a row for people; empty where there is none."""
    names = {code: listed for listed in _REASONS for code in codes(listed)}
    parts = reason.split("; ") if isinstance(reason, str) else []
    return "; ".join(code_name(names[part], part, language) if part in names else part for part in parts)


def year(row: pd.Series, column: str, language: Language = "both") -> str:
    """A depletion or start-by year of a row of `outlook`, to one decimal.

    Where the stock lasts beyond the horizon, the year after which it is; with a mark where it is a bound.
    """
    if pd.notna(row[column]):
        return f"{bounds.of_years(row['reason'])}{row[column]:.1f}"
    if row["state"] != "not_within_horizon":
        return phrase("unknown", language)
    return f"> {row['base_year'] + row['horizon_years'] - START_BY_YEARS.get(column, 0):.0f}"


def was_drawn(row: pd.Series) -> bool:
    """Whether a row of `outlook` comes from a simulation that has something to tell."""
    return bool(pd.notna(row["draws"]) and row["draws"] > 0 and row["state"] != "no_data")


def simulated_year(row: pd.Series, column: str, language: Language = "both") -> str:
    """A percentile of the depletion year, or the safe start, of a row of `outlook`, to one decimal.

    Where it is missing though there were draws, the percentile lies beyond the horizon, and the safe start later than
    the longest lead time before its end.
    """
    if pd.notna(row[column]):
        return f"{bounds.of_years(row['reason'])}{row[column]:.1f}"
    if not was_drawn(row):
        return phrase("not_drawn" if row["state"] != "no_data" else "unknown", language)
    end = row["base_year"] + row["horizon_years"]
    latest = end if column in PERCENTILES.values() else end - row["lead_time_max_years"]
    return phrase("sheet_beyond", language) if pd.isna(latest) else f"> {latest:.0f}"


def number(value: float | None, decimals: int, language: Language = "both", *, signed: bool = False) -> str:
    """A number to some decimals, with its sign where it is a difference.

    Examples
    --------
    >>> number(1234.56, 1), number(2.0, 1, signed=True), number(-0.01, 1, signed=True)
    ('1,234.6', '+2.0', '0.0')
    """
    if value is None or pd.isna(value):
        return phrase("unknown", language)
    plain = f"{abs(value):,.{decimals}f}"
    if not signed or not plain.strip("0.,"):
        return plain
    return f"{'−' if value < 0 else '+'}{plain}"


def percent(share: float | None, language: Language = "both") -> str:
    """A share or chance of 0 to 1 in whole percent."""
    return phrase("unknown", language) if share is None or pd.isna(share) else f"{100 * share:.0f} %"


def basis_mark(basis: str | None) -> str:
    """One letter for the basis of a figure."""
    return BASIS_MARKS.get(basis or "unknown", "?")


def basis_key(language: Language = "both") -> str:
    """What the marks mean, in one line."""
    return "; ".join(f"{mark} = {code_name('bases', basis, language)}" for basis, mark in BASIS_MARKS.items())


def study_values(tables: Tables) -> dict[str, str]:
    """The table `study` as a dictionary."""
    table = tables["study"]
    return dict(zip(table["key"], table["value"], strict=True))


def title(tables: Tables, language: Language = "both") -> str:
    """Title of the study."""
    values = study_values(tables)
    texts = {"ja": values["title_ja"], "en": values["title_en"]}
    return f"{texts['ja']} / {texts['en']}" if language == "both" else texts[language]


def area_name(row: pd.Series, language: Language = "both") -> str:
    """Name of the area of a row with `name`, `name_en` and `area_code`: whichever is there."""
    names = [name for name in (row["name"], row["name_en"]) if pd.notna(name) and name] or [row["area_code"]]
    return join(names[0], names[-1], language)


def is_synthetic_row(row: pd.Series) -> bool:
    """Whether a figure of a row of `outlook` is synthetic."""
    return SYNTHETIC in {row[name] for name in row.index if name == "basis" or name.endswith("_basis")}


def is_synthetic(tables: Tables) -> bool:
    """Whether a figure of any table is synthetic."""
    return any("basis" in table and (table["basis"] == SYNTHETIC).any() for table in tables.values())


def headline_outlook(tables: Tables) -> pd.DataFrame:
    """The rows of `outlook` for the headline scenario, ordered by code."""
    outlook = tables["outlook"]
    shown = outlook[outlook["scenario_id"] == study_values(tables)["headline_scenario"]]
    return shown.sort_values("area_code", ignore_index=True)


def scenario_title(tables: Tables, scenario_id: str, language: Language = "both") -> str:
    """Title of a scenario."""
    row = tables["scenarios"].set_index("scenario_id").loc[scenario_id]
    return join(row["title_ja"], row["title_en"], language)


def is_own_area(outlook: pd.DataFrame) -> pd.Series:
    """Mask of the rows of areas that are planned for: neither remainders nor the nation."""
    return ~outlook["level"].isin(SUMS_OF_OTHERS)


def state_name(row: pd.Series, language: Language = "both") -> str:
    """Name of the state of a row of `outlook`."""
    return code_name("states", row["state"], language)


def gain(row: pd.Series, language: Language = "both") -> str:
    """Years gained of a row of `gains`; at least so many, or at most, where an end lies beyond the horizon."""
    sign = "" if row["bound"] != "yes" else AT_MOST if row["gain_years"] < 0 else AT_LEAST
    return sign + number(row["gain_years"], 1, language, signed=True)


def gain_with_range(row: pd.Series, language: Language = "both") -> str:
    """Years gained of a row of `gains`, with 10th and 90th percentile where there were draws."""
    if pd.isna(row["gain_p10_years"]):
        return gain(row, language)
    spread = " – ".join(number(row[f"gain_{one}_years"], 1, language, signed=True) for one in ("p10", "p90"))
    return f"{gain(row, language)} ({spread})"


def spoken(text: str | None, language: Language = "both") -> str | None:
    """The part of a text in the language, where it says the same in Japanese and English with ` / ` between."""
    parts = text.split(" / ") if isinstance(text, str) else []
    return join(parts[0], parts[1], language) if len(parts) == 2 else text


def titles(tables: Tables, name: str, key: str, language: Language = "both") -> dict[str, str]:
    """Titles of the rows of `profiles` or `scenarios`, by identifier."""
    rows = tables[name].set_index(key)
    if language != "both":
        return dict(rows[f"title_{language}"])
    return {str(one): f"{row['title_ja']} / {row['title_en']}" for one, row in rows.iterrows()}
