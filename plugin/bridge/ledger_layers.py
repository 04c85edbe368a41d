# SPDX-License-Identifier: GPL-2.0-or-later
"""Tables of a ledger as QGIS layers."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsVectorLayer

from ..core.errors import SourceError


def open_table(ledger: Path, table: str, title: str, subset: str = "") -> QgsVectorLayer:
    """Open a table, or the rows of it that a subset names, without the style that is stored for it.

    Raises
    ------
    SourceError
        The file has no such table.
    """
    # the styles stored in the ledger are for those who open single tables; elsewhere each layer gets its own
    options = QgsVectorLayer.LayerOptions()
    options.loadDefaultStyle = False
    # a subset that is set on an open layer makes GDAL close a file that other layers are using
    narrowed = f"|subset={subset}" if subset else ""
    layer = QgsVectorLayer(f"{ledger}|layername={table}{narrowed}", title, "ogr", options)
    if not layer.isValid():
        raise SourceError(f"{ledger} is not a ledger of Yochi: it has no table {table}.")
    return layer
