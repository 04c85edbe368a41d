# SPDX-License-Identifier: GPL-2.0-or-later
"""The kinds of criteria that a rule profile may name, one family a file."""

from __future__ import annotations

from . import designated, distances, reclaimed, site, zoning
from .kind import Kind
from .parameters import REQUIRED

__all__ = ["KINDS", "REQUIRED", "Kind"]

KINDS: dict[str, Kind] = {
    **zoning.KINDS,
    **reclaimed.KINDS,
    **designated.KINDS,
    **site.KINDS,
    **distances.KINDS,
}
