# SPDX-License-Identifier: GPL-2.0-or-later
"""Rule profiles held against land: met, not met or undecidable, in hectares. Unknown never turns into yes or no."""

from .flags import flagged
from .profiles import Profile, load_profile, profiles
from .screen import DISCLAIMER, Screening, screen

__all__ = ["DISCLAIMER", "Profile", "Screening", "flagged", "load_profile", "profiles", "screen"]
