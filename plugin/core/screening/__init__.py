# SPDX-License-Identifier: GPL-2.0-or-later
"""Rule profiles held against land: met, not met or undecidable, in hectares. Unknown never turns into yes or no."""

from .comparison import compare
from .cutting import DEFAULT_SLIVER_HA
from .next_facts import find_next, sum_facts
from .profiles import Profile, load_profile, profile_table, profiles
from .screen import screen, screen_blocks
from .screener import BLOCK, Screening
from .surroundings import Surroundings
from .tabulating import DISCLAIMER

__all__ = [
    "BLOCK",
    "DEFAULT_SLIVER_HA",
    "DISCLAIMER",
    "Profile",
    "Screening",
    "Surroundings",
    "compare",
    "find_next",
    "load_profile",
    "profile_table",
    "profiles",
    "screen",
    "screen_blocks",
    "sum_facts",
]
