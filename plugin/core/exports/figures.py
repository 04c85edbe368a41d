# SPDX-License-Identifier: GPL-2.0-or-later
"""How figures are printed, the same in the report, on the map and in the terminal.

What is unknown is printed as unknown, never as 0. Every figure carries the mark of its basis. A total is the sum of
its printed parts, or it is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ..area_tree import roots
from ..contracts import START_BY_YEARS
from ..provenance import SYNTHETIC, weakest
from ..reconcile import reconcile, rounded_together
from ..resources import codes
from .wording import Language, code_name, phrase

Tables = Mapping[str, pd.DataFrame]

BASIS_MARKS = {"measured": "M", "reported": "R", "derived": "D", "assumed": "A", "synthetic": "S", "unknown": "?"}
STATES = codes("states")
AT_LEAST = "≥ "
YEARS = ("depletion_year", *START_BY_YEARS)


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


def bound(row: pd.Series) -> str:
    """What stands before the stock and the years of a row of `outlook` whose stock is a lower bound."""
    return AT_LEAST if "partly_unknown" in str(row["reason"]) else ""


def year(row: pd.Series, column: str, language: Language = "both") -> str:
    """A depletion or start-by year of a row of `outlook`, to one decimal.

    Where the stock lasts beyond the horizon, the year after which it is; with a mark where it is a lower bound.
    """
    if pd.notna(row[column]):
        return f"{bound(row)}{row[column]:.1f}"
    if row["state"] != "not_within_horizon":
        return phrase("unknown", language)
    return f"> {row['base_year'] + row['horizon_years'] - START_BY_YEARS.get(column, 0):.0f}"


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


def is_synthetic(tables: Tables) -> bool:
    """Whether a figure of any table is synthetic."""
    return any("basis" in table and (table["basis"] == SYNTHETIC).any() for table in tables.values())


def headline_outlook(tables: Tables) -> pd.DataFrame:
    """The rows of `outlook` for the headline scenario, ordered by code."""
    outlook = tables["outlook"]
    shown = outlook[outlook["scenario_id"] == study_values(tables)["headline_scenario"]]
    return shown.sort_values("area_code", ignore_index=True)


def in_total(outlook: pd.DataFrame) -> pd.Series:
    """Mask of the rows that a total is made of: a designated city is already in its prefecture."""
    return ~outlook["parent_code"].isin(outlook["area_code"])


def titles(tables: Tables, name: str, key: str, language: Language = "both") -> dict[str, str]:
    """Titles of the rows of `profiles` or `scenarios`, by identifier."""
    rows = tables[name].set_index(key)
    if language != "both":
        return dict(rows[f"title_{language}"])
    return {str(one): f"{row['title_ja']} / {row['title_en']}" for one, row in rows.iterrows()}


@dataclass(frozen=True)
class PrintedColumn:
    """A column of hectares as printed: its parts, their total, and how many parts are unknown."""

    parts: pd.Series
    bases: pd.Series
    total: float
    unknown: int
    basis: str


def summed(parts: pd.Series, bases: pd.Series, *, expected: float | None = None, what: str = "") -> PrintedColumn:
    """Round a column to 0.01 ha so that the printed parts add up to the printed total.

    Parameters
    ----------
    parts : Series of float
        Hectares; NaN is unknown and in no total.
    bases : Series of str
        Basis of each part, on the same index.
    expected : float, optional
        The total that another table has.
    what : str
        Name of the column, for the error.

    Returns
    -------
    PrintedColumn
        Each part within 0.01 ha of its value; the total is NaN where no part is known.

    Raises
    ------
    ReconciliationError
        The parts are not within 0.01 ha of the expected total.

    Examples
    --------
    >>> column = summed(pd.Series([1.004, 1.004, 1.004]), pd.Series(["derived"] * 3))
    >>> [float(part) for part in column.parts], column.total
    ([1.01, 1.0, 1.0], 3.01)
    """
    known = parts.dropna()
    if expected is not None:
        reconcile(float(known.sum()), expected, what)
    printed = parts.copy()
    printed[known.index] = rounded_together(known.to_numpy(dtype="float64"))
    total = round(float(printed.sum()), 2) if len(known) else np.nan
    return PrintedColumn(printed, bases, total, int(parts.isna().sum()), weakest(bases[known.index]))


def outlook_columns(shown: pd.DataFrame) -> dict[str, PrintedColumn]:
    """The columns of hectares of an outlook; flags where land was screened.

    The total is that of the outermost areas, whose printed parts add up to it.
    """
    bases = {"stock_ha": shown["stock_basis"], "take_up_ha_per_year": shown["take_up_basis"]}
    if shown["flagged_profile_id"].notna().any():
        bases |= dict.fromkeys(("flagged_met_ha", "flagged_undecidable_ha"), shown["flagged_basis"])
    outer = in_total(shown)
    columns = {}
    for name, basis in bases.items():
        whole = summed(shown.loc[outer, name], basis[outer], what=name)
        columns[name] = replace(whole, parts=whole.parts.reindex(shown.index).fillna(shown[name].round(2)), bases=basis)
    return columns


@dataclass(frozen=True)
class LayerTotals:
    """Hectares by outermost area (rows) and layer (columns), and the totals of each layer; layers are never summed."""

    by_area: pd.DataFrame
    names: pd.Series
    bases: pd.DataFrame
    layers: pd.DataFrame


def layer_totals(tables: Tables) -> LayerTotals:
    """The three layers from `summary`, held against `sites`.

    Raises
    ------
    ReconciliationError
        The areas do not add up to the sites of a layer within 0.01 ha.
    """
    summary, areas, sites = tables["summary"], tables["areas"], tables["sites"]
    inner = areas.loc[~roots(areas), "area_code"]
    rows = summary[~summary["area_code"].isin(inner)]
    by_layer = {
        layer: rows[rows["layer"] == layer].set_index("area_code")
        for layer in codes("layers")
        if (rows["layer"] == layer).any()
    }
    stated = sites.groupby("layer")["counted_ha"].sum()
    columns = {
        layer: summed(part["counted_ha"], part["basis"], expected=float(stated.get(layer, 0.0)), what=layer)
        for layer, part in by_layer.items()
    }
    grouped = rows.groupby("layer")
    layers = grouped[["sites", "sites_unknown"]].sum().join(grouped[["available_ha", "overlap_ha"]].sum(min_count=1))
    layers["counted_ha"] = pd.Series({layer: column.total for layer, column in columns.items()})
    layers["basis"] = grouped["basis"].agg(weakest)
    layers = layers.loc[list(by_layer)]
    return LayerTotals(
        by_area=pd.DataFrame({layer: column.parts for layer, column in columns.items()}),
        names=rows.drop_duplicates("area_code").set_index("area_code")["name"],
        bases=pd.DataFrame({layer: part["basis"] for layer, part in by_layer.items()}),
        layers=layers,
    )
