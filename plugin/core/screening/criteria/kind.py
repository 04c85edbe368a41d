# SPDX-License-Identifier: GPL-2.0-or-later
"""What a kind of criterion is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..evidence import Findings
from ..land import Land
from .parameters import Parameter

Test = Callable[[Land, Mapping[str, Any]], Findings]


@dataclass(frozen=True)
class Kind:
    """A kind of criterion.

    Parameters
    ----------
    test : callable
        Takes land and the parameters; gives findings, one for each piece.
    parameters : mapping
        Name of each parameter -> what it may be.
    layers : tuple of str
        Polygon layers along whose lines the land must be cut for it.
    cost : int
        Dearer criteria are tested later, and only on land whose result they can still change.
    of_site : bool
        Whether it asks about the site as a whole and so needs no polygon.
    """

    test: Test
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    layers: tuple[str, ...] = ()
    cost: int = 0
    of_site: bool = False
