# SPDX-License-Identifier: GPL-2.0-or-later
"""Hectares of released sites as if there were no others: an overlap with a withheld site must not show in them."""

from __future__ import annotations

import numpy as np
import pandas as pd


def hectares_among_released(
    sites: pd.DataFrame, released: pd.Series, overlaps: pd.DataFrame | None
) -> tuple[pd.Series, pd.DataFrame]:
    """`counted_ha` of the released sites without a trace of the others.

    Parameters
    ----------
    sites : DataFrame
        Contract `sites`.
    released : Series of bool
        On the same index.
    overlaps : DataFrame or None
        Contract `overlaps`: which site lost how much to which.

    Returns
    -------
    Series of float
        On the index of the released sites. What gave way to withheld sites alone is counted whole. What gave way to
        withheld and released sites, or to one whose own hectares depend on a withheld site, is not known without
        them: NaN. Where `overlaps` is not there, so is all that differs from `available_ha`.
    DataFrame
        Lines for the log.
    """
    leaving = sites[released]
    counted, available = leaving["counted_ha"], leaving["available_ha"]
    if overlaps is None:
        doubtful = counted.notna() & available.notna() & (counted != available) & (~released).any()
        return counted.mask(doubtful), _lines(leaving[doubtful], "overlap_unknown")
    withheld = set(sites["site_id"][~released])
    direct = leaving["site_id"].isin(overlaps["site_id"][overlaps["kept_site_id"].isin(withheld)])
    tainted = leaving["site_id"].isin(_reached(overlaps, withheld))
    with_released = leaving["site_id"].isin(overlaps["site_id"][~overlaps["kept_site_id"].isin(withheld)])
    whole = direct & ~with_released
    recounted = counted.mask(whole, available).mask(tainted & ~whole, np.nan)
    lines = [_lines(leaving[whole], "overlap_recounted"), _lines(leaving[tainted & ~whole], "overlap_unknown")]
    return recounted, pd.concat(lines, ignore_index=True)


def _reached(overlaps: pd.DataFrame, withheld: set[str]) -> set[str]:
    """Sites that gave way to a withheld one, or to one of these in turn."""
    reached: set[str] = set()
    while True:
        further = set(overlaps["site_id"][overlaps["kept_site_id"].isin(withheld | reached)]) - reached
        if not further:
            return reached
        reached |= further


def _lines(sites: pd.DataFrame, reason: str) -> pd.DataFrame:
    return pd.DataFrame({"site_id": sites["site_id"].to_numpy(), "field": "counted_ha"}).assign(
        subject="field", reason=reason
    )
