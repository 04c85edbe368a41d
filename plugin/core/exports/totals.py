# SPDX-License-Identifier: GPL-2.0-or-later
"""Totals: each is the sum of its printed parts, or it is refused."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ..provenance import weakest
from ..reconcile import TOLERANCE_HA, reconcile, rounded_together
from ..resources import codes
from .figures import SUMS_OF_OTHERS, Tables


def in_total(areas: pd.DataFrame) -> pd.Series:
    """Mask of the rows of `areas`, or of `outlook` under one scenario, that a total is made of.

    A designated city is already in its prefecture; remainders and the nation are sums of others themselves.
    """
    apart = areas["level"].isin(SUMS_OF_OTHERS)
    around = areas.loc[areas["level"] == "remainder"].set_index("area_code")["parent_code"]
    parents = areas["parent_code"].map(lambda code: around.get(code, code))
    return ~apart & ~parents.isin(areas.loc[~apart, "area_code"])


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
    """The columns of hectares of an outlook under one scenario; flags where land was screened.

    The total is that of the outermost areas, whose printed parts add up to it. The take-up of the nation rests on the
    years that the nation has, and where its mean is not the sum of the means of its parts, no total is printed.

    Raises
    ------
    ReconciliationError
        The stocks of the areas do not add up to that of the nation within 0.01 ha.
    """
    bases = {"stock_ha": shown["stock_basis"], "take_up_ha_per_year": shown["take_up_basis"]}
    if shown["flagged_profile_id"].notna().any():
        bases |= dict.fromkeys(("flagged_met_ha", "flagged_undecidable_ha"), shown["flagged_basis"])
    outer, nation = in_total(shown), shown[shown["level"] == "national"]
    columns = {}
    for name, basis in bases.items():
        of_nation = nation[name].dropna()
        expected = float(of_nation.iloc[0]) if len(of_nation) and name == "stock_ha" else None
        whole = summed(shown.loc[outer, name], basis[outer], expected=expected, what=name)
        if name == "take_up_ha_per_year" and not of_nation.sub(whole.total).abs().le(TOLERANCE_HA).all():
            whole = replace(whole, total=np.nan)
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
    inner = areas.loc[~in_total(areas), "area_code"]
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
