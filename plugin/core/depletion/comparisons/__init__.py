# SPDX-License-Identifier: GPL-2.0-or-later
"""Outlooks held against one another: scenarios, moved inputs, an earlier study, published figures."""
