# SPDX-License-Identifier: GPL-2.0-or-later
"""Where a figure comes from, and what a figure made of several is.

Every figure is `measured` (from geometry), `reported` (by a source), `derived` (computed from others),
`assumed` or `synthetic`. A figure made of others is as weak as its weakest part, so that a total with a
synthetic or assumed part says so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

MEASURED, REPORTED, DERIVED, ASSUMED, SYNTHETIC = BASES = ("measured", "reported", "derived", "assumed", "synthetic")
UNKNOWN = "unknown"
"""Basis of a figure that its source has a place for and does not know."""

_STRENGTH = {basis: rank for rank, basis in enumerate(BASES)}


def weakest(bases: Iterable[str | None], *, default: str = UNKNOWN) -> str:
    """Basis of a figure that is made of figures with these bases.

    Missing and unknown bases are passed over; `default` is the answer where nothing is left.

    Examples
    --------
    >>> weakest(["measured", "assumed", "reported"])
    'assumed'
    """
    known = [basis for basis in bases if basis in _STRENGTH]
    return max(known, key=_STRENGTH.__getitem__) if known else default


def weakest_of_columns(*columns: pd.Series[str]) -> pd.Series[str]:
    """Row by row, the weakest basis of several columns of bases, on the same index."""
    ranks = pd.concat([column.map(_STRENGTH) for column in columns], axis=1).max(axis=1)
    return ranks.map(dict(enumerate(BASES))).fillna(UNKNOWN)


def sha256(path: Path) -> str:
    """Hexadecimal SHA-256 of a file, read in blocks."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
