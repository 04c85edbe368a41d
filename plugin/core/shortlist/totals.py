# SPDX-License-Identifier: GPL-2.0-or-later
"""Totals of all land beside those of released land, without giving a withheld site away by subtraction.

A reader subtracts what is released from a total, and the totals of smaller areas from that of a larger one. Areas lie
in one another, so that all that can be had in this way is the hectares of the withheld sites of an area less those of
the smaller areas that are shown: its remainder. A total is shown where its remainder is nothing, or has
`LEAST_SITES` sites or more of which no two are known too well. Otherwise it is suppressed, and its sites fall into
the remainder of the area around. Remainders share no site, so that no sum or difference of totals tells more than
they do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..area_tree import UNPLACED, memberships
from ..contracts import TOTALS, conform
from ..provenance import UNKNOWN, weakest
from .facts import Floats

Positions = npt.NDArray[np.intp]

LEAST_SITES = 3
"""Withheld sites that a remainder must have at the least."""

LEAST_DOUBT = 0.2
"""Share of the largest withheld site that all but the two largest must make up: who knows the second must not learn
the first to within it. The p-per-cent rule of statistical disclosure control; p = 20 is assumed."""


@dataclass(frozen=True, eq=False)
class _Cells:
    """Which sites lie in which area, for one layer; `order` goes from the smallest areas to the largest."""

    order: Sequence[str]
    members: Mapping[str, Positions]


def totals(sites: pd.DataFrame, released: pd.Series, shown_ha: pd.Series, areas: pd.DataFrame | None) -> pd.DataFrame:
    """Draw up contract `totals`.

    Parameters
    ----------
    sites : DataFrame
        Contract `sites`, all of them.
    released : Series of bool
        On the same index: whether the site may leave the prefecture.
    shown_ha : Series of float
        On the same index: the hectares that are shown of it, NaN where they are not.
    areas : DataFrame or None
        Contract `areas`, of which `parent_code` says what lies in what; None where there are none.

    Returns
    -------
    DataFrame
        A row for each area and layer with sites that are released, or with a total that can be shown.
    """
    rows = []
    for layer in pd.unique(sites["layer"]):
        own = sites[sites["layer"] == layer]
        cells = _cells(own, areas)
        hectares = own["counted_ha"].to_numpy(dtype="float64", na_value=np.nan)
        shown = shown_ha.loc[own.index].to_numpy(dtype="float64", na_value=np.nan)
        may_leave = released.loc[own.index].to_numpy(dtype=bool)
        secret = ~may_leave | (np.isnan(shown) & ~np.isnan(hectares))
        exact = _safe(cells, np.where(secret, np.nan_to_num(hectares), 0.0), secret)
        for area in cells.order:
            chosen = cells.members[area]
            of_released = chosen[may_leave[chosen]]
            printed = exact[area] and not np.isnan(hectares[chosen]).all()
            rows.append(
                {
                    "area_code": area,
                    "layer": layer,
                    "sites_released": len(of_released),
                    "released_ha": _sum(shown[of_released]),
                    "sites_all": len(chosen) if exact[area] else None,
                    "all_ha": _sum(hectares[chosen]) if printed else None,
                    "suppressed": "no" if exact[area] else "yes",
                    "basis": weakest(pd.unique(own["counted_basis"].to_numpy()[of_released]), default=UNKNOWN),
                }
            )
    table = pd.DataFrame(rows, columns=TOTALS.column_names)
    if areas is not None and len(table):
        table["name"] = table["area_code"].map(areas.drop_duplicates("area_code").set_index("area_code")["name"])
    said = (table["sites_released"] > 0) | (table["suppressed"] == "no")
    return conform(table[said].sort_values(["area_code", "layer"], ignore_index=True), TOTALS)


def _cells(sites: pd.DataFrame, areas: pd.DataFrame | None) -> _Cells:
    codes = sites["area_code"].fillna(UNPLACED).to_numpy()
    within = {code: {code} for code in codes}
    if areas is not None:
        for code, around in memberships(areas).itertuples(index=False):
            within.setdefault(code, {code}).add(around)
    members: dict[str, list[int]] = {}
    for position, code in enumerate(codes):
        for around in within[code]:
            members.setdefault(around, []).append(position)
    arrays = {code: np.array(positions) for code, positions in members.items()}
    return _Cells(sorted(arrays, key=lambda code: (len(arrays[code]), _depth(within, code), code)), arrays)


def _depth(within: Mapping[str, set[str]], code: str) -> int:
    """Less the more areas it lies in, so that of two areas with the same sites the inner one comes first."""
    return -len(within.get(code, {code}))


def _safe(cells: _Cells, secret_ha: Floats, secret: npt.NDArray[np.bool_]) -> dict[str, bool]:
    """Whether the total of each area may be shown, smaller areas first."""
    told = np.zeros(len(secret), dtype=bool)
    safe = {}
    for area in cells.order:
        remainder = cells.members[area][~told[cells.members[area]] & secret[cells.members[area]]]
        safe[area] = not len(remainder) or _hides(secret_ha[remainder])
        if safe[area]:
            told[remainder] = True
    return safe


def _hides(hectares: Floats) -> bool:
    """Whether a sum of these hides each of them."""
    largest = np.sort(hectares[hectares > 0])[::-1]
    return len(largest) >= LEAST_SITES and largest[2:].sum() >= LEAST_DOUBT * largest[0]


def _sum(hectares: Floats) -> float:
    known = hectares[~np.isnan(hectares)]
    return float(known.sum()) if len(known) or not len(hectares) else float("nan")
