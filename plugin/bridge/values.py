# SPDX-License-Identifier: GPL-2.0-or-later
"""Single values and reference systems between QGIS and pandas."""

from __future__ import annotations

import pyproj
from qgis.core import QgsCoordinateReferenceSystem
from qgis.PyQt.QtCore import QDate, QDateTime, Qt, QTime, QVariant

_TEMPORAL = (QDate, QDateTime, QTime)


def plain(value):
    """A Python value for an attribute; None for every way in which QGIS says NULL.

    Qt 5 gives NULL as a QVariant that is null, Qt 6 as None. Dates become text in ISO 8601, as in the contracts.
    """
    if isinstance(value, QVariant):
        return None if value.isNull() else value.value()
    if isinstance(value, _TEMPORAL):
        return None if value.isNull() else value.toString(Qt.DateFormat.ISODate)
    return value


def to_pyproj(crs: QgsCoordinateReferenceSystem) -> pyproj.CRS | None:
    """Reference system for a frame; None where the layer has none."""
    if not crs.isValid():
        return None
    return pyproj.CRS.from_user_input(crs.authid() if crs.authid().startswith("EPSG:") else crs.toWkt())


def to_qgis_crs(crs: pyproj.CRS | None) -> QgsCoordinateReferenceSystem:
    """Reference system for a layer; invalid where the frame has none."""
    if crs is None:
        return QgsCoordinateReferenceSystem()
    authority = crs.to_authority()
    if authority is not None:
        return QgsCoordinateReferenceSystem(":".join(authority))
    return QgsCoordinateReferenceSystem.fromWkt(crs.to_wkt())
