# SPDX-License-Identifier: GPL-2.0-or-later
"""What the engine is asked: demand, projects and land to convert, gathered by area and put under a scenario."""
