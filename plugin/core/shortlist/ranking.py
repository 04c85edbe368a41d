# SPDX-License-Identifier: GPL-2.0-or-later
"""Sites in order of their scores, and how far that order can be relied on.

The score is the sum of weight x criterion with what is missing at its worst: no site stands high for what nobody
knows of it. Beside it stands the score with what is missing at its best, and the ranks that follow from the two.

No site is listed above one that is as good in everything and better in something. The score cannot do that, since it
is built from steps that never turn an order round (scaling, rounding, weighting, adding in one order); sites whose
scores are equal are put in order by the sum of the places that their values take among the values of the list.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..errors import ContractError
from .criteria import DECIMALS, Criteria
from .facts import Floats

_SCORES_AT_ONCE = 2_000_000

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Ranking:
    """Scores and ranks, in the order of the sites that were ranked.

    Parameters
    ----------
    parts : array (sites, criteria)
        Weight x criterion; a row adds up to `score`.
    score, score_best : array
        With what is missing at its worst, and at its best.
    rank, rank_best, rank_worst : array of int
        Rank by `score`; and the best and worst rank if what is missing turns out well for this site and badly for
        all others, or the other way round.
    """

    parts: Floats
    score: Floats
    score_best: Floats
    rank: Integers
    rank_best: Integers
    rank_worst: Integers


@dataclass(frozen=True)
class Stability:
    """How rank stability is drawn: weightings, first places that count, and seed.

    `concentration` 1 draws every weighting with the same chance (flat Dirichlet); larger values keep to equal weights.
    """

    draws: int = 1_000
    top: int = 10
    seed: int = 1
    concentration: float = 1.0

    def __post_init__(self) -> None:
        if self.draws < 1 or self.top < 1 or self.concentration <= 0:
            raise ContractError("Rank stability needs 1 draw or more, 1 place or more, and a concentration over 0.")


def rank(criteria: Criteria) -> Ranking:
    """Score and rank sites by their criteria; sites that nothing tells apart share a rank."""
    parts = criteria.low * criteria.weights
    score, best = _added(parts), _added(criteria.high * criteria.weights)
    places = criteria.place.sum(axis=1)
    order = np.lexsort((-places, -score))
    ahead = np.flatnonzero(np.append(True, (np.diff(score[order]) != 0) | (np.diff(places[order]) != 0)))
    shared = np.repeat(ahead, np.diff(np.append(ahead, len(order)))) if len(order) else order
    ranks = np.empty(len(order), dtype="int64")
    ranks[order] = shared + 1
    rank_best = 1 + len(score) - np.searchsorted(np.sort(score), best, side="right")
    rank_worst = len(best) - np.searchsorted(np.sort(best), score, side="left")
    return Ranking(parts, score, best, ranks, rank_best, rank_worst)


def top_share(criteria: Criteria, stability: Stability) -> Floats:
    """Share of random weightings under which each site is among the first `stability.top`.

    What is missing counts as its worst. Sites that tie for the last of the places are all among them.
    """
    count, kinds = criteria.low.shape
    generator = np.random.default_rng(stability.seed)
    weights = generator.dirichlet(np.full(kinds, stability.concentration), stability.draws)
    if count <= stability.top:
        return np.ones(count)
    hits = np.zeros(count)
    block = max(1, _SCORES_AT_ONCE // count)
    for start in range(0, stability.draws, block):
        scores = np.round(criteria.low @ weights[start : start + block].T, DECIMALS)
        last = np.partition(scores, count - stability.top, axis=0)[count - stability.top]
        hits += (scores >= last).sum(axis=1)
    return np.divide(hits, stability.draws)


def likeness(criteria: Criteria, target: int) -> tuple[Floats, Floats]:
    """Likeness of each site to one of them: 1 less the weighted mean difference of their criteria.

    Parameters
    ----------
    criteria : Criteria
        Of the sites and the target site together.
    target : int
        Position of the target site.

    Returns
    -------
    tuple of array
        Least and greatest likeness, 0 to 1, for all that is missing of either site.
    """
    low, high = criteria.low, criteria.high
    farthest = np.maximum(np.abs(high - low[target]), np.abs(high[target] - low))
    nearest = np.maximum(0.0, np.maximum(low - high[target], low[target] - high))
    itself = np.arange(len(low)) == target
    least, greatest = (1.0 - _added(one * criteria.weights) for one in (farthest, nearest))
    return np.where(itself, 1.0, least), np.where(itself, 1.0, greatest)


def in_order(ranking: Ranking, keys: pd.Series[str]) -> Integers:
    """Positions of the sites as they are listed: by rank, those that share one by their key."""
    return np.lexsort((keys.to_numpy().astype(str), ranking.rank))


def _added(parts: Floats) -> Floats:
    """Sum of the parts, added one after the other so that no order of two sites can turn round by rounding."""
    total: Floats = np.zeros(len(parts))
    for column in parts.T:
        total += column
    return np.asarray(np.round(np.clip(total, 0.0, 1.0), DECIMALS), dtype="float64")
