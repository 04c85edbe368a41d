# SPDX-License-Identifier: GPL-2.0-or-later
"""Land in polygons that may overlap: each row of a layer is judged once, and land takes the best of its rows."""

from __future__ import annotations

import numpy as np

from ..evidence import Findings, Integers, Text, findings, same
from ..land import Land
from ..layers import Layer
from ..logic import Results


def best_row(land: Land, layer: str, results: Results) -> Integers:
    """The row of a layer with the greatest result among those that each piece lies in; -1 where it lies in none."""
    best = np.full(len(land), -1)
    rank = np.append(results, np.iinfo("int8").min)
    for rows in land.rows.get(layer, ()):
        best = np.where(rank[rows] > rank[best], rows, best)
    return best


def of_rows(
    layer: Layer,
    best: Integers,
    by_row: tuple[Results, Text],
    outside: tuple[int, str],
    *,
    value: str,
    edition: str | None = None,
    subject: Text,
    subject_outside: str | None = None,
) -> Findings:
    """Findings from results by row, for land in those rows, and one answer for land in none."""
    results = np.append(by_row[0], outside[0]).astype("int8")[best]
    reasons = np.append(by_row[1], outside[1]).astype(object)[best]
    subjects = np.append(subject, same(subject_outside, 1))[best]
    return findings(
        results, reasons, value=layer.take(value, best), origin=layer.origin(best, edition), subject=subjects
    )
