# SPDX-License-Identifier: GPL-2.0-or-later
"""Demand of the areas that no survey asks: what a prefecture's cities leave, and the nation's sum.

Each year is put together by itself. A figure that the take-up table holds for such an area goes before.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from ...area_tree import NATION
from ...contracts import DEMAND, conform
from ...provenance import DERIVED, UNKNOWN, weakest
from . import demand as yearly_demand

PART_UNKNOWN = "part_unknown"
NEGATIVE = "remainder_negative"
PREFECTURES_MISSING = "prefectures_missing"
PARTLY_UNKNOWN = "take_up_partly_unknown"

_DECIMALS = 9
"""To which remainders are rounded: differences of sums leave dust of 1e-15, of either sign."""


def with_nested(demand: pd.DataFrame, areas: pd.DataFrame, base_year: float) -> pd.DataFrame:
    """Add the demand of remainders and of the nation.

    Parameters
    ----------
    demand : DataFrame
        Contract `demand`, of the areas that have take-up of their own.
    areas : DataFrame
        Contract `areas`, nested.
    base_year : float
        Years from here on are not drawn from.

    Returns
    -------
    DataFrame
        Contract `demand`. A remainder is the prefecture less its cities; it is unknown where a part is (`part_unknown`)
        or where it would be below zero (`remainder_negative`). The nation is the sum of its prefectures in the years
        that all of them have; where some are suppressed or unknown it is the sum of the others, a lower bound, and
        says so (`take_up_partly_unknown`). Losses are known in few years, and not in the same ones everywhere: where
        a year does not know them, a prefecture has the mean of its years that do, as in its own forecast.
    """
    own = {str(code): rows.set_index("year") for code, rows in demand.groupby("area_code")}
    added = []
    for code, parent in areas.loc[areas["level"] == "remainder", ["area_code", "parent_code"]].itertuples(index=False):
        if code not in own and parent in own:
            beside = (areas["parent_code"] == parent) & (areas["level"] == "designated_city")
            cities = [own.get(city) for city in areas.loc[beside, "area_code"]]
            added.append(_remainder(own[parent], cities).assign(area_code=code))
    prefectures = areas.loc[areas["level"] == "prefecture", "area_code"]
    if NATION in set(areas["area_code"]) - set(own) and any(code in own for code in prefectures):
        added.append(_nation([own.get(code) for code in prefectures]).assign(area_code=NATION))
    if not added:
        return demand
    parts = [_finished(rows.reset_index(), demand, base_year) for rows in added]
    return conform(pd.concat([demand, *parts], ignore_index=True), DEMAND)


def _remainder(prefecture: pd.DataFrame, cities: Iterable[pd.DataFrame | None]) -> pd.DataFrame:
    years = prefecture.index
    left, lost = prefecture["demand_ha"].copy(), prefecture["loss_ha"].copy()
    bases = [prefecture["basis"]]
    for city in cities:
        rows = prefecture.iloc[:0] if city is None else city
        left = left - rows["demand_ha"].reindex(years)
        lost = lost - rows["loss_ha"].reindex(years)
        bases.append(rows["basis"].reindex(years))
    left, lost = (rest.round(_DECIMALS) + 0.0 for rest in (left, lost))  # and no zero of a sign
    reason = pd.Series(None, index=years, dtype="object").mask(left.isna(), PART_UNKNOWN).mask(left < 0, NEGATIVE)
    basis = pd.concat(bases, axis=1).apply(lambda row: weakest([DERIVED, *row]), axis=1)
    return pd.DataFrame(
        {"demand_ha": left.where(left >= 0), "loss_ha": lost.where(lost >= 0), "reason": reason, "basis": basis}
    )


def _nation(prefectures: list[pd.DataFrame | None]) -> pd.DataFrame:
    told = pd.concat([rows for rows in prefectures if rows is not None])
    by_year = told.groupby(level="year")
    known = by_year["demand_ha"].count()
    total = by_year["demand_ha"].sum(min_count=1)
    complete = by_year.size() == len(prefectures)
    reason = pd.Series(None, index=total.index, dtype="object").mask(known < len(prefectures), PARTLY_UNKNOWN)
    reason = reason.mask(total.isna(), PART_UNKNOWN).mask(~complete, PREFECTURES_MISSING)
    loss = pd.concat([_losses(rows) for rows in prefectures if rows is not None]).groupby(level="year").sum(min_count=1)
    basis = by_year["basis"].agg(lambda bases: weakest([DERIVED, *bases]))
    return pd.DataFrame({"demand_ha": total.where(complete), "loss_ha": loss, "reason": reason, "basis": basis})


def _losses(rows: pd.DataFrame) -> pd.Series:
    """Losses of a prefecture by year; the mean of its used years where a year does not know them."""
    return rows["loss_ha"].fillna(rows["loss_ha"].where(rows["used"] == "yes").mean())


def _finished(rows: pd.DataFrame, demand: pd.DataFrame, base_year: float) -> pd.DataFrame:
    later = rows["year"] >= base_year
    reason = rows["reason"].mask(later, yearly_demand.LATER)
    used = rows["demand_ha"].notna() & ~later
    basis = rows["basis"].where(rows["demand_ha"].notna(), UNKNOWN)
    told = rows.assign(series=demand["series"].iloc[0], reason=reason, used=np.where(used, "yes", "no"), basis=basis)
    return conform(told, DEMAND)
