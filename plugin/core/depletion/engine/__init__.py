# SPDX-License-Identifier: GPL-2.0-or-later
"""The arithmetic: how a stock runs down, exactly and by chance. Arrays in, arrays out; no tables."""
