# SPDX-License-Identifier: GPL-2.0-or-later
"""What each criterion adds to the score of a site."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..contracts import SCORES, conform
from .criteria import Criteria
from .facts import Codes, Numbers, values
from .ranking import Integers, Ranking
from .requirements import Condition


def score_table(
    criteria: Criteria, ranking: Ranking, sites: pd.DataFrame, order: Integers, verdicts: pd.DataFrame | None
) -> pd.DataFrame:
    """Contract `scores`: a row for each site and criterion, sites in the order of the shortlist."""
    columns = [
        pd.DataFrame(
            {
                "site_id": sites["site_id"].to_numpy()[order],
                "listed": np.arange(len(order)),
                "criterion": number,
                "fact": one.fact,
                "profile_id": one.profile,
                "direction": one.rank,
                "weight": criteria.weights[number - 1],
                "value": _written(one, sites, verdicts)[order],
                "unit": one.known.unit or None,
                "normalised": criteria.low[order, number - 1],
                "normalised_best": criteria.high[order, number - 1],
                "part": ranking.parts[order, number - 1],
                "basis": _bases(one, sites)[order],
            }
        )
        for number, one in enumerate(criteria.conditions, 1)
    ]
    table = pd.concat(columns).sort_values(["listed", "criterion"], ignore_index=True)
    return conform(table[SCORES.column_names], SCORES)


def _written(condition: Condition, sites: pd.DataFrame, verdicts: pd.DataFrame | None) -> Codes:
    """Values as they stand, a span where only its ends are known; None where nothing is."""
    found = values(condition.known, sites, verdicts, condition.profile)
    if not isinstance(found, Numbers):
        return found
    ends = zip(found.low, found.high, found.known, strict=True)
    return np.array([_span(low, high) if known else None for low, high, known in ends], dtype=object)


def _span(low: float, high: float) -> str:
    return f"{low:.10g}" if low == high else f"{low:.10g} to {high:.10g}"


def _bases(condition: Condition, sites: pd.DataFrame) -> Codes:
    """Basis of the fact: that of the hectares where it is about those, else that of the row."""
    column = "counted_basis" if condition.known.column == "counted_ha" else "basis"
    return sites[column].to_numpy(dtype=object)
