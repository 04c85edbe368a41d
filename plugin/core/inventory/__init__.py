# SPDX-License-Identifier: GPL-2.0-or-later
"""The three layers of industrial land, each with its own total and no hectare counted twice."""

from .stocktaking import DEFAULT_PRECEDENCE, Inventory, take_stock

__all__ = ["DEFAULT_PRECEDENCE", "Inventory", "take_stock"]
