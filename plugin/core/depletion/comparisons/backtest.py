# SPDX-License-Identifier: GPL-2.0-or-later
"""How far an earlier study was off, now that the year it looked forward to is there to be counted."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ...contracts import BACKTEST, conform
from ...provenance import weakest_of_columns
from ...reconcile import TOLERANCE_HA

_KEY = ["area_code", "scenario_id"]
_READ = [*_KEY, "base_year", "horizon_years", "stock_ha", "depletion_year", "reason", "basis"]
_FORESEEN = {"stock_ha": "forecast_stock_ha", "stock_p10_ha": "forecast_p10_ha", "stock_p90_ha": "forecast_p90_ha"}
_LOWER_BOUND = "stock_partly_unknown"


def backtest(earlier_outlook: pd.DataFrame, earlier_trajectory: pd.DataFrame, outlook: pd.DataFrame) -> pd.DataFrame:
    """Hold an earlier study's forecast against the stock of this one.

    Parameters
    ----------
    earlier_outlook, earlier_trajectory : DataFrame
        Contracts `outlook` and `trajectory` of the earlier study.
    outlook : DataFrame
        Contract `outlook` of this study.

    Returns
    -------
    DataFrame
        Contract `backtest`: a row for each area and scenario of either study, this study's first. The forecast is read
        off the earlier trajectory at the base year of this study, straight between whole years. `reason` says why there
        is no error in hectares: `not_in_earlier`, `not_in_this_study`, `no_data_earlier`, `no_data_now`,
        `base_year_before_earlier`, `beyond_earlier_horizon`; or, beside an error, `stock_partly_unknown`: one of the
        stocks is a lower bound, and whether it lies within the range is not told. `shift_years` is known where both
        studies have a depletion year.
    """
    keys = pd.concat([outlook[_KEY], earlier_outlook[_KEY]]).drop_duplicates(ignore_index=True)
    pairs = keys.merge(outlook[_READ], on=_KEY, how="left")
    pairs = pairs.merge(earlier_outlook[_READ], on=_KEY, how="left", suffixes=("", "_earlier"))
    pairs = pairs.merge(_foreseen(earlier_trajectory, pairs), on=_KEY, how="left")
    bound = _is_bound(pairs["reason"]) | _is_bound(pairs["reason_earlier"])
    return conform(_figures(pairs, bound).assign(reason=_reason(pairs, bound)), BACKTEST)


def _foreseen(trajectory: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """Stock and its percentiles at the base year of each pair; no row or missing where the trajectory ends before."""
    course = trajectory[[*_KEY, "year", *_FORESEEN]].merge(pairs[[*_KEY, "base_year"]], on=_KEY).sort_values("year")
    before = course[course["year"] <= course["base_year"]].groupby(_KEY).tail(1).set_index(_KEY)
    after = course[course["year"] >= course["base_year"]].groupby(_KEY).head(1).set_index(_KEY).reindex(before.index)
    span = after["year"] - before["year"]
    share = ((before["base_year"] - before["year"]) / span).mask(span == 0, 0.0)
    names = list(_FORESEEN)
    between = before[names] + (after[names] - before[names]).mul(share, axis=0)
    return between.rename(columns=_FORESEEN).reset_index()


def _is_bound(reason: pd.Series) -> pd.Series:
    return reason.fillna("").str.contains(_LOWER_BOUND, regex=False)


def _reason(pairs: pd.DataFrame, bound: pd.Series) -> pd.Series:
    last_year = pairs["base_year_earlier"] + np.floor(pairs["horizon_years_earlier"])
    cases = {
        "not_in_earlier": pairs["base_year_earlier"].isna(),
        "not_in_this_study": pairs["base_year"].isna(),
        "no_data_now": pairs["stock_ha"].isna(),
        "base_year_before_earlier": pairs["base_year"] < pairs["base_year_earlier"],
        "beyond_earlier_horizon": pairs["base_year"] > last_year,
        "no_data_earlier": pairs["forecast_stock_ha"].isna(),
        _LOWER_BOUND: bound,
    }
    chosen = np.select(list(cases.values()), list(cases), default="")
    return pd.Series(chosen, index=pairs.index, dtype="object").replace("", None)


def _figures(pairs: pd.DataFrame, bound: pd.Series) -> pd.DataFrame:
    stock, foreseen = pairs["stock_ha"], pairs["forecast_stock_ha"]
    low, high = pairs["forecast_p10_ha"] - TOLERANCE_HA, pairs["forecast_p90_ha"] + TOLERANCE_HA
    inside = stock.between(low, high).map({True: "yes", False: "no"})
    error = foreseen - stock
    return pairs[[*_KEY, "base_year", "forecast_stock_ha", "forecast_p10_ha", "forecast_p90_ha", "stock_ha"]].assign(
        earlier_base_year=pairs["base_year_earlier"],
        error_ha=error,
        error_percent=100 * error / stock.where(stock > 0),
        within_range=inside.where(stock.notna() & low.notna() & high.notna() & ~bound, None),
        earlier_depletion_year=pairs["depletion_year_earlier"],
        depletion_year=pairs["depletion_year"],
        shift_years=pairs["depletion_year"] - pairs["depletion_year_earlier"],
        basis=weakest_of_columns(pairs["basis"], pairs["basis_earlier"]),
    )
