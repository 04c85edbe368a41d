# SPDX-License-Identifier: GPL-2.0-or-later
"""How much land an area took up in each year, of the series that a study counts, and which years can be drawn from.

A year is drawn from where every series that is counted is known; a missing part is never zero. Each year that is left
out says why: `suppressed`, `not_before_base_year`, `<series>_unknown` (a year without that figure),
`no_<series>_series` (an area without any), `power_exceeds_survey`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...contracts import DEMAND, TAKE_UP, conform
from ...errors import StudyError
from ...provenance import DERIVED, UNKNOWN, weakest, weakest_of_columns
from ...resources import code_list, codes

Array = npt.NDArray[np.float64]

SURVEYED, WITHOUT_POWER, POWER = "surveyed", "without_power", "power"
SUPPRESSED, LATER, POWER_TOO_LARGE = "suppressed", "not_before_base_year", "power_exceeds_survey"
LOSSES_COUNTED, LOSSES_UNKNOWN = "losses_counted", "losses_unknown"


def check_series(series: Sequence[str]) -> None:
    """Refuse series that are unknown or that count the same land twice.

    Raises
    ------
    StudyError
        The message names the series and what is allowed.
    """
    whole_of = {row["code"]: row["part_of"] for row in code_list("take_up_series")}
    allowed = ", ".join(whole_of)
    if not series:
        raise StudyError(f"series is empty; name at least one of {allowed}.")
    for one in series:
        if one not in whole_of:
            raise StudyError(f"series = {one!r} is not allowed; use {allowed}.")
        if whole_of[one] in series or list(series).count(one) > 1:
            raise StudyError(f"series: {one} is counted twice in {', '.join(series)}; leave it out.")


def yearly(take_up: pd.DataFrame, *, series: Sequence[str], base_year: float, losses: bool) -> pd.DataFrame:
    """Put the counted series together, for each area and year.

    Parameters
    ----------
    take_up : DataFrame
        Contract `take_up`.
    series : sequence of str
        Series to add up. `without_power` is `surveyed` less `power` where it is not given itself.
    base_year : float
        Years from here on are not drawn from.
    losses : bool
        Whether land lost to other uses is told beside the take-up, in `loss_ha`.

    Returns
    -------
    DataFrame
        Contract `demand`, a row for each area and year of `take_up`, by area and year.

    Raises
    ------
    ContractError
        `take_up` breaks its contract.
    StudyError
        A series is unknown, or counts the same land twice.
    """
    check_series(series)
    rows = conform(take_up, TAKE_UP).set_index(["area_code", "year", "series"])
    hectares = _by_series(rows["take_up_ha"])
    unknown = _why_unknown(rows, hectares)
    total = pd.Series(0.0, index=hectares.index)
    reasons = _nothing(hectares.index)
    for one in series:
        values, why = _series(one, hectares, unknown)
        total += values
        reasons = reasons.where(reasons.notna(), why)
    reasons = reasons.mask(hectares.index.get_level_values("year") >= base_year, LATER)
    lost = rows["loss_ha"] if losses else rows["loss_ha"].mask(rows["loss_ha"].notna())
    told = pd.DataFrame({"demand_ha": total, "loss_ha": _by_series(lost).bfill(axis=1).iloc[:, 0], "reason": reasons})
    told["series"] = "; ".join(series)
    told["used"] = np.where(reasons.isna(), "yes", "no")
    told["basis"] = _basis(rows, series, hectares, lost).where(total.notna(), UNKNOWN)
    return conform(told.reset_index(), DEMAND)


def _by_series(values: pd.Series) -> pd.DataFrame:
    """One column a series, one row an area and year, whatever series there are."""
    return values.unstack("series").reindex(columns=codes("take_up_series"))  # noqa: PD010  (nothing to aggregate)


def _nothing(index: pd.Index) -> pd.Series:
    return pd.Series(None, index=index, dtype="object")


def _why_unknown(rows: pd.DataFrame, hectares: pd.DataFrame) -> pd.DataFrame:
    """Why a series has no figure in a year; missing where it has one."""
    hidden = _by_series(rows["suppressed"]) == "yes"
    area, series = (rows.index.get_level_values(name) for name in ("area_code", "series"))
    found = {}
    for one in hectares.columns:
        given = hectares.index.get_level_values("area_code").isin(area[series == one])
        why = pd.Series(np.where(given, f"{one}_unknown", f"no_{one}_series"), index=hectares.index, dtype="object")
        found[one] = why.mask(hidden[one], SUPPRESSED).mask(hectares[one].notna(), None)
    return pd.DataFrame(found)


def _series(series: str, hectares: pd.DataFrame, unknown: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Hectares of a series by area and year, and why there are none."""
    own, why = hectares[series], unknown[series]
    if series != WITHOUT_POWER:
        return own, why
    surveyed = hectares[SURVEYED]
    rest = surveyed - hectares[POWER].mask(surveyed == 0, 0.0)  # electricity is a part of nothing
    values = own.fillna(rest.where(rest >= 0))
    why_no_rest = unknown[SURVEYED].where(surveyed.isna(), f"{POWER}_unknown").mask(rest < 0, POWER_TOO_LARGE)
    return values, why_no_rest.mask(why == SUPPRESSED, SUPPRESSED).mask(values.notna(), None)


def _basis(rows: pd.DataFrame, series: Sequence[str], hectares: pd.DataFrame, lost: pd.Series) -> pd.Series:
    """Weakest basis of the figures of a year; at best `derived` where they are added up or subtracted."""
    bases, of_losses = _by_series(rows["basis"]), _by_series(rows["basis"].where(lost.notna(), None))
    parts = [bases[one] for one in series] + [of_losses[one] for one in of_losses]
    if len(series) > 1:
        parts.append(_nothing(hectares.index).fillna(DERIVED))
    if WITHOUT_POWER in series:
        given = hectares[WITHOUT_POWER].notna()
        parts += [bases[one].mask(given) for one in (SURVEYED, POWER)]
        parts.append(_nothing(hectares.index).mask(~given, DERIVED))
    return weakest_of_columns(*parts)


def rates(demand: pd.DataFrame, *, losses: bool) -> pd.DataFrame:
    """Mean take-up of each area, and the years behind it.

    Parameters
    ----------
    demand : DataFrame
        Contract `demand`.
    losses : bool
        Whether losses are asked for.

    Returns
    -------
    DataFrame
        By `area_code`: `take_up_ha_per_year` (net, without losses; NaN where no year is used), `loss_ha_per_year` (mean
        of the used years that know it; NaN where none does), `gross_ha_per_year` (both; net alone where no loss is
        known), `take_up_years`, `loss_years`, `suppressed_years`, `later_years`, `incomplete_years`,
        `take_up_series`, `take_up_basis`, `losses` (`losses_counted`, `losses_unknown`, or missing where they are not
        asked for) and `reason` (why no year is used: that of the latest year before the base year, if there is one).
    """
    used, reason = demand["used"] == "yes", demand["reason"]
    suppressed, later = reason == SUPPRESSED, reason == LATER
    by_area = demand.assign(
        take_up_ha_per_year=demand["demand_ha"].where(used),
        loss_ha_per_year=demand["loss_ha"].where(used),
        take_up_years=used,
        loss_years=used & demand["loss_ha"].notna(),
        suppressed_years=suppressed,
        later_years=later,
        incomplete_years=~used & ~suppressed & ~later,
    ).groupby("area_code")
    means = by_area[["take_up_ha_per_year", "loss_ha_per_year"]].mean()
    counts = by_area[["take_up_years", "loss_years", "suppressed_years", "later_years", "incomplete_years"]].sum()
    found = means.join(counts)
    found["gross_ha_per_year"] = found["take_up_ha_per_year"] + found["loss_ha_per_year"].fillna(0.0)
    found["take_up_series"] = by_area["series"].first()
    found["take_up_basis"] = demand["basis"].where(used, None).groupby(demand["area_code"]).agg(weakest)
    told = np.where(found["loss_years"] > 0, LOSSES_COUNTED, LOSSES_UNKNOWN)
    found["losses"] = pd.Series(told if losses else None, index=found.index, dtype="object")
    found["reason"] = _why_none(demand).mask(found["take_up_years"] > 0, None)
    return found


def _why_none(demand: pd.DataFrame) -> pd.Series:
    """By area, the reason of the latest year before the base year that cannot be used, or else of a later one."""
    order = demand.assign(before=demand["reason"] != LATER).sort_values(["before", "year"])
    return order.groupby("area_code")["reason"].last()


def drawn_years(demand: pd.DataFrame) -> dict[str, Array]:
    """What the simulation draws from: hectares in each used year, by area, with the mean loss in each.

    Losses are known in few years, often in one: the mean of the used years that know them is added to every year, and
    nothing where none does, which `rates` tells as `losses_unknown`. Areas without a used year are left out.

    Parameters
    ----------
    demand : DataFrame
        Contract `demand`, its losses missing where they are not counted.
    """
    used = demand[demand["used"] == "yes"].sort_values("year")
    lost = used.groupby("area_code")["loss_ha"].transform("mean").fillna(0.0)
    years = (used["demand_ha"] + lost).groupby(used["area_code"])
    return {str(code): hectares.to_numpy(dtype="float64") for code, hectares in years}


def supply_limited(stock_ha: float, take_up_ha_per_year: float, years: float, *, lower_bound: bool = False) -> str:
    """Whether little stock may have held the take-up down.

    Parameters
    ----------
    stock_ha, take_up_ha_per_year : float
        Stock and mean take-up of an area; NaN where unknown.
    years : float
        `yes` where there is no stock, or less than the take-up of so many years.
    lower_bound : bool
        Whether the stock is known in part only: then there may be more, and a low stock proves nothing.

    Examples
    --------
    >>> supply_limited(50.0, 30.0, 2.0), supply_limited(70.0, 30.0, 2.0)
    ('yes', 'no')
    >>> supply_limited(50.0, 30.0, 2.0, lower_bound=True)
    'unknown'
    """
    if np.isnan(stock_ha) or np.isnan(take_up_ha_per_year):
        return "unknown"
    if stock_ha > 0 and stock_ha >= years * take_up_ha_per_year:
        return "no"
    return "unknown" if lower_bound else "yes"
