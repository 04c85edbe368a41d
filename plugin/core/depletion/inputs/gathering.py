# SPDX-License-Identifier: GPL-2.0-or-later
"""What is known of each area, whatever the scenario: its stock, its take-up, its projects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from ...area_tree import memberships
from ...provenance import weakest
from ..engine.cases import Array
from ..settings import Settings
from . import arriving
from . import demand as yearly_demand
from .nested_demand import PARTLY_UNKNOWN
from .take_up_assumptions import TakeUpAssumptions

FORECAST_LEVELS = ("national", "prefecture", "designated_city", "remainder")

_NO_TAKE_UP = {yearly_demand.SUPPRESSED: "take_up_suppressed"}
"""Reasons for want of take-up that are told in other words than those of the single year."""


@dataclass(frozen=True, eq=False)
class Area:
    """What is known of one area.

    Parameters
    ----------
    code : str
        `area_code`.
    inner_codes : frozenset of str
        Every area that lies in it, itself among them.
    stock_ha : float
        NaN where no site of the stock has a known area.
    reserve_ha : float
        Stock that is kept back; 0 where none is stated.
    take_up_ha : array
        Hectares of the years that are drawn from, losses in; empty where there are none.
    told : mapping
        Columns of `outlook` that are the same in every scenario.
    pipeline : mapping
        Those that only a scenario with the pipeline has.
    projects : DataFrame
        Arrivals of its projects.
    unmeasured : int
        Projects of unknown area that would come within the horizon.
    bounds : tuple of str
        Why figures are bounds, in every scenario.
    no_data : str or None
        Why there can be no forecast.
    """

    code: str
    inner_codes: frozenset[str]
    stock_ha: float
    reserve_ha: float
    take_up_ha: Array
    told: Mapping[str, object]
    pipeline: Mapping[str, int]
    projects: pd.DataFrame
    unmeasured: int
    bounds: tuple[str, ...]
    no_data: str | None


@dataclass(frozen=True, eq=False)
class Gathered:
    """The areas that are forecast, in order, and the tables that what is known of them was taken from."""

    wanted: gpd.GeoDataFrame
    areas: tuple[Area, ...]


def gather(
    areas: gpd.GeoDataFrame,
    sites: pd.DataFrame,
    projects: pd.DataFrame,
    demand: pd.DataFrame,
    settings: Settings,
    assumed: TakeUpAssumptions,
) -> Gathered:
    """Gather what is known of every prefecture, designated city, remainder and the nation, and of any other area that
    has take-up of its own.

    Parameters
    ----------
    areas, sites, projects, demand : DataFrame
        Contracts of those names; `areas` and `demand` nested, `sites` with `counted_ha`. An area holds the sites of
        every area that lies in it. Stock is `idle_prepared` land and projects that count as stock.
    settings : Settings
        Base year and horizon.
    assumed : TakeUpAssumptions
        When stock is so low that it may have held the take-up down.
    """
    wanted = areas[areas["level"].isin(FORECAST_LEVELS) | areas["area_code"].isin(demand["area_code"])]
    within = memberships(areas)
    inner = within.groupby("within_code")["area_code"].agg(frozenset)
    on_sale = projects.loc[projects["counts_as"] == "stock", "site_id"]
    in_stock = sites[(sites["layer"] == "idle_prepared") | sites["site_id"].isin(on_sale)]
    stock = _by_area(in_stock[["area_code", "counted_ha", "counted_basis"]], within)
    roles = _by_area(projects[["area_code", "counts_as", "counted_ha"]], within)
    coming = _by_area(arriving.of_projects(projects, settings.base_year), within)
    rates = yearly_demand.rates(demand, losses=settings.losses)
    years = yearly_demand.drawn_years(demand)
    bounded = set(demand.loc[(demand["reason"] == PARTLY_UNKNOWN) & (demand["used"] == "yes"), "area_code"])
    without_sites = _parts_without_stock(areas, stock)
    reserves = _reserves(areas)
    gathered = []
    for code in wanted["area_code"]:
        own_stock, rate = stock.of(code), rates.loc[code] if code in rates.index else None
        stock_bounded = own_stock["counted_ha"].isna().any() or code in without_sites
        bounds = [*(["stock_partly_unknown"] if stock_bounded else []), *([PARTLY_UNKNOWN] if code in bounded else [])]
        pipeline = _pipeline(roles.of(code))
        gathered.append(
            Area(
                code=code,
                inner_codes=inner[code],
                stock_ha=own_stock["counted_ha"].sum(min_count=1),
                reserve_ha=reserves[code],
                take_up_ha=years.get(code, np.empty(0)),
                told={
                    "reserve_ha": reserves[code],
                    **_stock_columns(own_stock),
                    **_take_up_columns(rate, own_stock, bounds, assumed),
                },
                pipeline=pipeline,
                projects=coming.of(code),
                unmeasured=pipeline["pipeline_unknown_projects"],
                bounds=tuple(bounds),
                no_data=_why_no_data(own_stock, rate),
            )
        )
    return Gathered(wanted, tuple(gathered))


class _Rows:
    """Rows by the area that they lie in, empty where there are none."""

    def __init__(self, rows: pd.DataFrame) -> None:
        self._none = rows.iloc[:0]
        self._rows = dict(iter(rows.groupby("within_code")))

    def of(self, code: str) -> pd.DataFrame:
        return self._rows.get(code, self._none)


def _by_area(rows: pd.DataFrame, within: pd.DataFrame) -> _Rows:
    return _Rows(rows.merge(within, on="area_code"))


def _parts_without_stock(areas: pd.DataFrame, stock: _Rows) -> set[str]:
    """Nations in which a prefecture has no site at all: what it has is unknown, and the sum a lower bound.

    Sites are listed by prefecture, and a prefecture's list counts as complete even where a city has none in it.
    """
    prefectures = areas[areas["level"] == "prefecture"]
    bare = [stock.of(code).empty for code in prefectures["area_code"]]
    return set(prefectures.loc[bare, "parent_code"].dropna())


def _reserves(areas: pd.DataFrame) -> dict[str, float]:
    """Stock kept back by area: what it states, or else what the areas directly in it state together."""
    of_parts = areas.groupby("parent_code")["reserve_ha"].sum()
    own = areas.set_index("area_code")["reserve_ha"]
    return own.fillna(of_parts.reindex(own.index)).fillna(0.0).to_dict()


def _stock_columns(stock: pd.DataFrame) -> dict[str, object]:
    return {
        "stock_ha": stock["counted_ha"].sum(min_count=1),
        "stock_sites": len(stock),
        "stock_unknown_sites": int(stock["counted_ha"].isna().sum()),
        "stock_basis": weakest(stock["counted_basis"]),
    }


def _take_up_columns(
    rate: pd.Series | None, stock: pd.DataFrame, bounds: Sequence[str], assumed: TakeUpAssumptions
) -> dict[str, object]:
    if rate is None:
        return {"take_up_years": 0, "suppressed_years": 0, "later_years": 0, "incomplete_years": 0}
    names = (
        *("take_up_ha_per_year", "loss_ha_per_year", "losses"),
        *("take_up_series", "take_up_basis", "take_up_years"),
    )
    counts = ("suppressed_years", "later_years", "incomplete_years")
    limited = yearly_demand.supply_limited(
        stock["counted_ha"].sum(min_count=1),
        rate["gross_ha_per_year"],
        assumed.supply_limited_years,
        lower_bound="stock_partly_unknown" in bounds,
    )
    return {**{name: rate[name] for name in (*names, *counts)}, "supply_limited": limited}


def _pipeline(roles: pd.DataFrame) -> dict[str, int]:
    counted = roles["counts_as"].value_counts()
    names = {"undated": "undated", "unmeasured": "unknown", "overdue": "overdue"}
    return {f"pipeline_{name}_projects": int(counted.get(role, 0)) for role, name in names.items()}


def _why_no_data(stock: pd.DataFrame, rate: pd.Series | None) -> str | None:
    if stock.empty:
        return "no_sites"
    if stock["counted_ha"].isna().all():
        return "stock_unknown"
    if rate is None:
        return "no_take_up"
    if rate["take_up_years"] == 0:
        return _NO_TAKE_UP.get(rate["reason"], rate["reason"])
    return None
