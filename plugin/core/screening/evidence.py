# SPDX-License-Identifier: GPL-2.0-or-later
"""What a criterion found on pieces of land: a result each, and why. Arrays all the way; no loop over pieces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..provenance import BASES, UNKNOWN
from .logic import UNDECIDABLE, Results

Text = npt.NDArray[np.object_]
Integers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

_BASIS_NAMES = np.array([*BASES, UNKNOWN], dtype=object)
_RANKS = {basis: rank for rank, basis in enumerate(BASES)}
NO_BASIS = -1
"""Rank of a basis that is not known; any other is weaker, so that it is passed over."""


class Origin(NamedTuple):
    """Where the facts behind a finding come from: data set, its edition, and the rank of its basis."""

    data_set: Text
    edition: Text
    basis: Results

    @classmethod
    def nowhere(cls, count: int) -> Origin:
        """The origin of what no data set says."""
        return cls(same(None, count), same(None, count), np.full(count, NO_BASIS, dtype="int8"))


@dataclass(frozen=True)
class Findings:
    """Results (-1, 0, 1) of one criterion on pieces of land, with the evidence; arrays of one length."""

    result: Results
    reason: Text
    value: Text
    unit: Text
    data_set: Text
    edition: Text
    subject: Text
    basis: Results

    def take(self, which: Integers | Mask) -> Findings:
        """The findings on some of the pieces."""
        return Findings(**{one.name: getattr(self, one.name)[which] for one in fields(self)})

    def then(self, more: Findings) -> Findings:
        """These findings and after them others."""
        pairs = {one.name: (getattr(self, one.name), getattr(more, one.name)) for one in fields(self)}
        return Findings(**{name: np.concatenate(pair) for name, pair in pairs.items()})


def findings(
    result: Results,
    reason: Text | str,
    *,
    value: Text | None = None,
    unit: str | None = None,
    origin: Origin | None = None,
    subject: Text | str | None = None,
) -> Findings:
    """Findings from results and whatever else is known; a single text or None stands for all pieces."""
    count = len(result)
    data_set, edition, basis = origin or Origin.nowhere(count)
    reasons, values, subjects = (
        text if isinstance(text, np.ndarray) else same(text, count) for text in (reason, value, subject)
    )
    return Findings(
        result=result.astype("int8", copy=False),
        reason=reasons,
        value=values,
        unit=same(unit, count),
        data_set=data_set,
        edition=edition,
        subject=where(result == UNDECIDABLE, subjects, None),
        basis=basis,
    )


def where(mask: Any, yes: Any, no: Any) -> Text:
    """Choose texts, either of which may be one for all, or None."""
    return np.where(mask, yes, no).astype(object, copy=False)


def same(value: str | None, count: int) -> Text:
    """One text for every piece."""
    return np.repeat(np.array([value], dtype=object), count)


def first_that_holds(cases: Sequence[tuple[Mask, int, str]], default: tuple[int, str]) -> tuple[Results, Text]:
    """Result and reason of the first case that holds for each piece.

    Parameters
    ----------
    cases : sequence of (mask, result, reason)
        In the order in which they are tried.
    default : (result, reason)
        Where none holds.
    """
    chosen = np.select([mask for mask, _, _ in cases], list(range(len(cases))), default=len(cases))
    results = np.array([result for _, result, _ in cases] + [default[0]], dtype="int8")
    reasons = np.array([reason for _, _, reason in cases] + [default[1]], dtype=object)
    return results[chosen], reasons[chosen]


def ranks(bases: pd.Series[str]) -> Results:
    """Bases as ranks: the greater, the weaker."""
    return bases.map(_RANKS).fillna(NO_BASIS).to_numpy(dtype="int8")


def basis_names(ranked: Results) -> Text:
    """Ranks as bases."""
    return _BASIS_NAMES[ranked]
