# SPDX-License-Identifier: GPL-2.0-or-later
"""What a municipality has agreed to: whether a site may leave the prefecture, until when, and which of its fields.

Consent is `public`, `consented` or `internal`, and missing means internal. Whatever cannot be read is read as no: a
date that is not written as 2026-03-31 ends the consent, and a field that is in no list stays.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import numpy as np
import pandas as pd

from ..resources import code_list

LEAVING = ("public", "consented")


def standing_on(sites: pd.DataFrame, on: date) -> pd.DataFrame:
    """Whether each site may leave the prefecture on a day.

    Parameters
    ----------
    sites : DataFrame
        Contract `sites`.
    on : date
        The day. Consent holds from `consent_date` to `consent_until`, both included, where they are given.

    Returns
    -------
    DataFrame
        On the index of `sites`: `released`, and `reason`, a code of `withheld_reasons.csv` where it is not.
    """
    begins, ends = _days(sites["consent_date"]), _days(sites["consent_until"])
    unreadable = (_written(sites["consent_date"]) & begins.isna()) | (_written(sites["consent_until"]) & ends.isna())
    today = pd.Timestamp(on)
    reasons = [
        (sites["consent"].isna(), "consent_missing"),
        (~sites["consent"].isin(LEAVING), "consent_internal"),
        (unreadable, "consent_date_unreadable"),
        (begins > today, "consent_not_yet"),
        (ends < today, "consent_expired"),
    ]
    found = np.select([mask for mask, _ in reasons], [code for _, code in reasons], default="")
    reason = pd.Series(found, index=sites.index, dtype=object)
    return pd.DataFrame({"released": reason == "", "reason": reason.where(reason != "", None)})


@lru_cache
def fields() -> dict[str, dict[str, str]]:
    """The fields that may leave at all: name -> `comes_with`, the field that releases it too, and `release`.

    `release` is `always`, `whole` (with consent for the whole site) or `named` (only where it is named).
    """
    return {row["code"]: row for row in code_list("developer_fields")}


def released_fields(sites: pd.DataFrame) -> pd.DataFrame:
    """Which fields of each site its consent covers.

    Returns
    -------
    DataFrame of bool
        On the index of `sites`, a column for each of `fields()`. A site without a list of fields is released whole.
    """
    written = sites["released_fields"].fillna("").astype(str)
    patterns = written.drop_duplicates()
    covered = pd.DataFrame([_covered(one) for one in patterns], index=patterns, columns=list(fields()), dtype=bool)
    return covered.reindex(written).set_axis(sites.index)


def unknown_fields(written: str | None) -> list[str]:
    """Names in a list of released fields that are no field which may leave."""
    return [name for name in _names(written or "") if name not in fields()]


def _covered(written: str) -> list[bool]:
    names = set(_names(written))
    return [
        row["release"] == "always"
        or name in names
        or row["comes_with"] in names
        or (not written.strip() and row["release"] == "whole")
        for name, row in fields().items()
    ]


def _names(written: str) -> list[str]:
    return [name.strip() for name in written.split("|") if name.strip()]


def _written(values: pd.Series) -> pd.Series:
    return values.notna() & (values.astype(str).str.strip() != "")


def _days(values: pd.Series) -> pd.Series:
    return pd.to_datetime(values.where(values.notna()), format="%Y-%m-%d", errors="coerce")
