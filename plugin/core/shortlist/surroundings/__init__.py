# SPDX-License-Identifier: GPL-2.0-or-later
"""Facts of sites that maps tell: distances, slope, exposure, restrictions and room next door."""

from .measuring import Around, Measured, measure_facts

__all__ = ["Around", "Measured", "measure_facts"]
