# SPDX-License-Identifier: GPL-2.0-or-later
"""Totals are the sum of their printed parts, or they are refused."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .errors import ReconciliationError

TOLERANCE_HA = 0.01


def reconcile(parts_ha: float, total_ha: float, what: str) -> None:
    """Raise a ReconciliationError where parts and total differ by more than 0.01 ha."""
    if abs(parts_ha - total_ha) > TOLERANCE_HA:
        raise ReconciliationError(
            f"{what}: the parts add up to {parts_ha:.2f} ha and the total is {total_ha:.2f} ha; it is not printed."
        )


def rounded_together(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Values to two decimals whose sum is the rounded sum (largest remainders are rounded up).

    Examples
    --------
    >>> rounded_together(np.array([1.004, 1.004, 1.004])).tolist()
    [1.01, 1.0, 1.0]
    """
    scaled = values * 100
    cents: npt.NDArray[np.float64] = np.floor(np.round(scaled, 6))
    missing = round(scaled.sum()) - int(cents.sum())
    cents[np.argsort(cents - scaled, kind="stable")[:missing]] += 1
    return np.divide(cents, 100)
