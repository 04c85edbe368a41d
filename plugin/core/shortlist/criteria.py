# SPDX-License-Identifier: GPL-2.0-or-later
"""Criteria of a ranking: each fact as a number from 0, the worst of the list, to 1, the best.

The scale runs from the worst to the best value among the sites that are ranked, so that it is the same in any unit;
distance from an ideal value starts at the ideal itself. A fact that is missing may be anything on it: it has two
ends, never a made-up value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from .facts import Codes, Floats, Numbers, values
from .requirements import Condition

DECIMALS = 9
"""To how many decimals a criterion and a score are held, which no unit and no order of rows can disturb."""

_PLACE_DECIMALS = 12
"""Values that differ by less than this share of the scale are the same value."""


@dataclass(frozen=True, eq=False)
class Criteria:
    """Normalised criteria of sites.

    Parameters
    ----------
    conditions : tuple of Condition
        The conditions that rank, in their order.
    weights : array (criteria,)
        Their weights, which add up to one.
    low, high : array (sites, criteria)
        Each criterion from 0 to 1 at the worst and at the best.
    place : array (sites, criteria) of int
        Place of the value among the different values of the list, 0 for the worst; missing values come before all.
    """

    conditions: tuple[Condition, ...]
    weights: Floats
    low: Floats
    high: Floats
    place: npt.NDArray[np.int64]


def criteria_of(conditions: Sequence[Condition], sites: pd.DataFrame, verdicts: pd.DataFrame | None = None) -> Criteria:
    """Normalise the conditions that rank over these sites; where none does, more hectares are better.

    Raises
    ------
    ContractError
        A criterion is a verdict that is not there.
    """
    ranking = tuple(one for one in conditions if one.rank) or (Condition("area", rank="more"),)
    weights = np.array([one.weight for one in ranking], dtype="float64")
    goodness = [_goodness(one, values(one.known, sites, verdicts, one.profile)) for one in ranking]
    scaled = [_scaled(one, known) for one, known in zip(ranking, goodness, strict=True)]
    return Criteria(
        ranking,
        weights / weights.sum(),
        np.column_stack([np.round(low, DECIMALS) for low, _ in scaled]),
        np.column_stack([np.round(high, DECIMALS) for _, high in scaled]),
        np.column_stack([_place(low, known) for (low, _), known in zip(scaled, goodness, strict=True)]),
    )


def _goodness(condition: Condition, found: Numbers | Codes) -> Numbers:
    """A number that is larger the better, unknown where the fact is."""
    if not isinstance(found, Numbers):
        missing = pd.isna(found)
        preferred = np.isin(found.astype(str), condition.prefer).astype("float64")
        return Numbers(np.where(missing, -np.inf, preferred), np.where(missing, np.inf, preferred))
    if condition.rank == "more":
        return found
    if condition.rank == "less":
        return Numbers(-found.high, -found.low)
    ideal = float(condition.ideal or 0.0)
    inside = (found.low <= ideal) & (ideal <= found.high)
    ends = np.abs(np.stack([found.low - ideal, found.high - ideal]))
    nearest = np.where(found.known, np.where(inside, 0.0, ends.min(axis=0)), -np.inf)
    return Numbers(-ends.max(axis=0), np.where(found.known, -nearest, np.inf))


def _scaled(condition: Condition, goodness: Numbers) -> tuple[Floats, Floats]:
    ends = np.concatenate([goodness.low, goodness.high])
    ends = ends[np.isfinite(ends)]
    if condition.rank == "prefer":
        ends = np.array([0.0, 1.0])
    if condition.rank == "ideal":
        ends = np.append(ends, 0.0)
    worst, best = (ends.min(), ends.max()) if len(ends) else (0.0, 0.0)
    return _on_scale(goodness.low, worst, best, 0.0), _on_scale(goodness.high, worst, best, 1.0)


def _on_scale(goodness: Floats, worst: float, best: float, if_missing: float) -> Floats:
    """0 at the worst and 1 at the best; 1 where all are equal, since none is worse than another."""
    known = np.isfinite(goodness)
    span = best - worst
    share = np.ones(len(goodness)) if span <= 0 else (np.where(known, goodness, worst) - worst) / span
    return np.where(known, np.clip(share, 0.0, 1.0), if_missing)


def _place(low: Floats, goodness: Numbers) -> npt.NDArray[np.int64]:
    different = np.where(goodness.known, np.round(low, _PLACE_DECIMALS), -1.0)
    return np.unique(different, return_inverse=True)[1].reshape(-1)
