# SPDX-License-Identifier: GPL-2.0-or-later
"""What a release leaves out and why: a log for the planner, and what has to be said with the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import pandas as pd

from ..contracts import RELEASE_NOTES, WITHHELD, conform, empty
from . import consent


def of_totals(summed: pd.DataFrame) -> pd.DataFrame:
    """Lines for the totals that are suppressed."""
    gone = summed[summed["suppressed"] == "yes"]
    field = gone["area_code"] + " / " + gone["layer"]
    return pd.DataFrame({"subject": "total", "field": field, "reason": "total_suppressed"})


def of_tables(tables: Mapping[str, pd.DataFrame], made: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Lines for the tables that have no part in a release."""
    stay = sorted(set(tables) - set(made))
    return pd.DataFrame({"subject": "table", "field": stay, "reason": "table_stays"})


def log(
    sites: pd.DataFrame, standing: pd.DataFrame, cells: pd.DataFrame, others: Sequence[pd.DataFrame]
) -> pd.DataFrame:
    """Contract `withheld`: sites first, then fields, then the rest."""
    gone = sites[~standing["released"]]
    dates = gone["consent_date"].fillna("") + " / " + gone["consent_until"].fillna("")
    dated = standing["reason"].loc[gone.index].str.contains("date|yet|expired", regex=True)
    rows = gone[["site_id", "name"]].assign(
        subject="site", reason=standing["reason"].loc[gone.index], detail=dates.where(dated, None)
    )
    lines = [pd.DataFrame(rows), *_of_fields(sites.loc[cells.index], cells), *others]
    filled = [one for one in lines if len(one)]
    if not filled:
        return empty(WITHHELD)
    table = pd.concat(filled, ignore_index=True).reindex(columns=WITHHELD.column_names)
    names = sites.set_index("site_id")["name"]
    table["name"] = table["name"].fillna(table["site_id"].map(names))
    return conform(table.astype(object).where(table.notna(), None), WITHHELD)


def _of_fields(leaving: pd.DataFrame, cells: pd.DataFrame) -> list[pd.DataFrame]:
    """A line for each field with something in it that consent does not cover, and for each field it names in vain."""
    filled = pd.DataFrame(
        {name: leaving[name].notna() if name in leaving else True for name in cells.columns}, index=leaving.index
    )
    rows, columns = np.nonzero((filled & ~cells).to_numpy())
    uncovered = pd.DataFrame(
        {"site_id": leaving["site_id"].to_numpy()[rows], "field": cells.columns.to_numpy()[columns]}
    ).assign(subject="field", reason="field_not_released")
    unknown = [
        (site, field)
        for site, written in leaving[["site_id", "released_fields"]].dropna().itertuples(index=False)
        for field in consent.unknown_fields(written)
    ]
    misspelt = pd.DataFrame(unknown, columns=["site_id", "field"]).assign(subject="field", reason="field_unknown")
    return [uncovered, misspelt]


def notes(withheld: pd.DataFrame, on: date) -> pd.DataFrame:
    """Contract `release_notes`, from the log of a release."""
    partial = (withheld["reason"] == "field_not_released").any()
    suppressed = (withheld["subject"] == "total").any()
    notes = ["released_only", *(["fields_partial"] if partial else []), *(["totals_suppressed"] if suppressed else [])]
    return conform(pd.DataFrame({"note": notes, "released_on": on.isoformat()}), RELEASE_NOTES)
