# SPDX-License-Identifier: GPL-2.0-or-later
"""Tables of take-up that tell one thing each, such as the cases and the hectares of the survey, put side by side."""

from __future__ import annotations

import pandas as pd

from ..contracts import TAKE_UP

_FIGURES = ["take_up_ha", "loss_ha", "cases"]


def complemented(take_up: pd.DataFrame) -> pd.DataFrame:
    """Fill what a row does not know out of later rows of its area, year and series that know something else.

    A later row that tells a figure again stays as it is: its key stands twice, and somebody has to choose.

    Parameters
    ----------
    take_up : DataFrame
        Rows of contract `take_up`, whose key may stand several times.

    Returns
    -------
    DataFrame
        The rows without those that went into others, on their own index; the note of a row says what went into it.
    """
    key = take_up[list(TAKE_UP.key)].assign(series=take_up["series"].fillna(TAKE_UP["series"].default))
    row_of = key.groupby(list(key)).ngroup()
    told = take_up[_FIGURES].notna()
    told["take_up_ha"] |= take_up["suppressed"] == "yes"
    told_before = (told.astype("int64").groupby(row_of).cumsum() - told) > 0
    goes_in = row_of.duplicated() & told.any(axis=1) & ~(told & told_before).any(axis=1)
    if not goes_in.any():
        return take_up
    parts = take_up[goes_in | ~row_of.duplicated()]
    # whether the land is suppressed is said by the row that tells of the land
    figures = parts[_FIGURES].assign(suppressed=parts["suppressed"].where(told["take_up_ha"]))
    whole = figures.groupby(row_of).transform("first").combine_first(take_up[[*_FIGURES, "suppressed"]])
    notes = _notes(take_up[goes_in], row_of).reindex(row_of).set_axis(take_up.index)
    note = (take_up["note"].fillna("") + "; " + notes).str.removeprefix("; ").fillna(take_up["note"])
    return take_up.assign(**{name: whole[name] for name in whole}, note=note)[~goes_in]


def _notes(added: pd.DataFrame, row_of: pd.Series[int]) -> pd.Series[str]:
    """By row, where else its figures come from."""
    places = "with " + added["source_id"].astype("string") + ", row " + added["source_row"].astype("string")
    return places.astype("object").groupby(row_of[added.index]).agg("; ".join)
