# SPDX-License-Identifier: GPL-2.0-or-later
"""Which sites fit what a developer asks for, and why the others do not."""

from .assembly import Assembly, assemble
from .audience import Release, for_developers
from .growth import Limits
from .matching import Matching, match
from .ranking import Stability
from .requirements import Condition, Requirements, condition_table, load_requirements, presets
from .selection import Selection, select

__all__ = [
    "Assembly",
    "Condition",
    "Limits",
    "Matching",
    "Release",
    "Requirements",
    "Selection",
    "Stability",
    "assemble",
    "condition_table",
    "for_developers",
    "load_requirements",
    "match",
    "presets",
    "select",
]
