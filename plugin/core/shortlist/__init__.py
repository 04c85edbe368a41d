# SPDX-License-Identifier: GPL-2.0-or-later
"""Which sites fit what a developer asks for, and why the others do not."""

from .selection import Requirements, Selection, select

__all__ = ["Requirements", "Selection", "select"]
