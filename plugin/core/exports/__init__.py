# SPDX-License-Identifier: GPL-2.0-or-later
"""What leaves the model: the ledger (GeoPackage), the report (HTML), maps and charts (PNG, SVG)."""
