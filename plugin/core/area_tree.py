# SPDX-License-Identifier: GPL-2.0-or-later
"""Planning areas lie in one another: a prefecture is its cities plus a remainder."""

from __future__ import annotations

import pandas as pd

from .errors import ContractError

UNPLACED = "unplaced"
"""Area code of a site that lies in none of the areas."""


def memberships(areas: pd.DataFrame) -> pd.DataFrame:
    """Every area with itself and each area that it lies in.

    Parameters
    ----------
    areas : DataFrame
        Contract `areas`; a `parent_code` that no row has ends the chain.

    Returns
    -------
    DataFrame
        Columns `area_code` and `within_code`; one row a pair, the area itself among them.

    Raises
    ------
    ContractError
        The areas lie in each other in a circle.
    """
    parents = dict(zip(areas["area_code"], areas["parent_code"], strict=True))
    pairs = []
    for code in parents:
        seen: list[str] = []
        within = code
        while within in parents:
            if within in seen:
                raise ContractError(f"Table areas cannot be used: area {code} lies in itself through parent_code.")
            seen.append(within)
            within = parents[within]
        pairs += [(code, step) for step in seen]
    return pd.DataFrame(pairs, columns=["area_code", "within_code"], dtype="object")


def leaves(areas: pd.DataFrame) -> pd.Series:
    """Mask of the areas in which no other area lies, on the same index."""
    return ~areas["area_code"].isin(areas["parent_code"].dropna())


def roots(areas: pd.DataFrame) -> pd.Series:
    """Mask of the areas that lie in no other area of the table, on the same index."""
    return ~areas["parent_code"].isin(areas["area_code"])
