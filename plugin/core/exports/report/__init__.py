# SPDX-License-Identifier: GPL-2.0-or-later
"""The report: one HTML file that holds what a planner prints or passes on inside the prefecture.

It needs no network. Each figure stands beside the mark of its basis; a total that is not the sum of its parts stops
the report. A module holds the sections of one theme; `page` knows their order.
"""

from .page import render, write, write_forecast

__all__ = ["render", "write", "write_forecast"]
