# SPDX-License-Identifier: GPL-2.0-or-later
"""Kleene's strong three-valued logic over arrays.

Not met, undecidable and met are -1, 0 and 1: `all` is the least, `any` the greatest, `not` the opposite.
Source: S. C. Kleene, Introduction to Metamathematics (1952), section 64.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

NOT_MET, UNDECIDABLE, MET = -1, 0, 1
NAMES = {NOT_MET: "not_met", UNDECIDABLE: "undecidable", MET: "met"}

Results = npt.NDArray[np.int8]


@dataclass(frozen=True)
class Combination:
    """How criteria combine: an operator over criteria (by name) and further combinations."""

    operator: Literal["all", "any", "not"]
    parts: Sequence[str | Combination]

    def names(self) -> set[str]:
        """The criteria it speaks of."""
        return {name for part in self.parts for name in ({part} if isinstance(part, str) else part.names())}

    def evaluate(self, results: Mapping[str, Results]) -> Results:
        """Combine results of equal length, one array a criterion."""
        return self.bounds(results, results)[0]

    def bounds(self, least: Mapping[str, Results], greatest: Mapping[str, Results]) -> tuple[Results, Results]:
        """Least and greatest result where a criterion that is still untested lies between two values.

        Where the two agree, no test that is left can change the outcome.
        """
        pairs = [
            (least[part], greatest[part]) if isinstance(part, str) else part.bounds(least, greatest)
            for part in self.parts
        ]
        if self.operator == "not":
            low, high = pairs[0]
            return np.negative(high), np.negative(low)
        combine = np.minimum if self.operator == "all" else np.maximum
        return combine.reduce([low for low, _ in pairs]), combine.reduce([high for _, high in pairs])


def names_of(results: Results) -> npt.NDArray[np.object_]:
    """The codes of results, as the tables have them."""
    return np.array([NAMES[UNDECIDABLE], NAMES[MET], NAMES[NOT_MET]], dtype=object)[results]
