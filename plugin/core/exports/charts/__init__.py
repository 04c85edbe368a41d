# SPDX-License-Identifier: GPL-2.0-or-later
"""The charts: a table goes in and a figure comes out, which `save` writes as PNG or SVG.

Each reads in black and white: what a colour says, a line style, a hatch, a letter or a label says too.
"""

from .canvas import save, svg
from .fan import fan
from .overview import overview
from .scenarios import scenarios
from .tornado import input_name, tornado

__all__ = ["fan", "input_name", "overview", "save", "scenarios", "svg", "tornado"]
