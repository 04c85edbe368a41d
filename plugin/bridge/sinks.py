# SPDX-License-Identifier: GPL-2.0-or-later
"""Frames as QGIS fields and features."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import geopandas as gpd
import pandas as pd
import shapely
from qgis.core import Qgis, QgsFeature, QgsFeatureSink, QgsField, QgsFields, QgsGeometry
from qgis.PyQt.QtCore import QMetaType

from ..core.errors import YochiError
from ..core.progress import SILENT, Progress

_BATCH = 4096
_FIELD_TYPES = {"i": QMetaType.Type.LongLong, "u": QMetaType.Type.LongLong, "f": QMetaType.Type.Double}
_TYPES_BY_DIMENSION = (Qgis.WkbType.MultiPoint, Qgis.WkbType.MultiLineString, Qgis.WkbType.MultiPolygon)
_SINGLE_TO_MULTI = {0: shapely.multipoints, 1: shapely.multilinestrings, 3: shapely.multipolygons}


def fields_of(frame: pd.DataFrame) -> QgsFields:
    """Fields for the columns of a frame, without its geometry, in their order."""
    fields = QgsFields()
    for name in _attribute_names(frame):
        fields.append(QgsField(name, _FIELD_TYPES.get(frame[name].dtype.kind, QMetaType.Type.QString)))
    return fields


def geometry_type(frame: pd.DataFrame) -> Qgis.WkbType:
    """Geometry type that every row of a frame fits: a multi-type, or a collection where the rows differ."""
    if not isinstance(frame, gpd.GeoDataFrame):
        return Qgis.WkbType.NoGeometry
    dimensions = set(shapely.get_dimensions(frame.geometry.dropna().to_numpy())) - {-1}
    if len(dimensions) > 1:
        return Qgis.WkbType.GeometryCollection
    return _TYPES_BY_DIMENSION[dimensions.pop()] if dimensions else Qgis.WkbType.MultiPolygon


def write(frame: pd.DataFrame, sink: QgsFeatureSink, progress: Progress = SILENT) -> None:
    """Write a frame into a sink that was made with `fields_of` and `geometry_type` of the same frame.

    Raises
    ------
    YochiError
        The sink refuses rows, for instance because the disk is full.
    """
    features: list[QgsFeature] = []
    for number, feature in enumerate(_features(frame)):
        features.append(feature)
        if len(features) == _BATCH:
            _add(sink, features)
            progress.report(number / len(frame))
            features = []
    _add(sink, features)


def _attribute_names(frame: pd.DataFrame) -> list[str]:
    geometry = frame.geometry.name if isinstance(frame, gpd.GeoDataFrame) else None
    return [name for name in frame.columns if name != geometry]


def _add(sink: QgsFeatureSink, features: Sequence[QgsFeature]) -> None:
    if features and not sink.addFeatures(features, QgsFeatureSink.Flag.FastInsert):
        raise YochiError(f"The output layer refused a row: {sink.lastError()}.")


def _features(frame: pd.DataFrame) -> Iterator[QgsFeature]:
    fields = fields_of(frame)
    columns = [_python_values(frame[name]) for name in _attribute_names(frame)]
    rows = zip(*columns, strict=True) if columns else iter([()] * len(frame))
    for row, shape in zip(rows, _shapes(frame), strict=True):
        feature = QgsFeature(fields)
        feature.setAttributes(list(row))
        if shape is not None:
            geometry = QgsGeometry()
            geometry.fromWkb(shape)
            feature.setGeometry(geometry)
        yield feature


def _python_values(column: pd.Series) -> list:
    """Python values with None for what is missing, which QGIS stores as NULL."""
    values = column.astype("object")
    values = values.where(column.notna(), None)
    if column.dtype.kind in _FIELD_TYPES:
        return values.tolist()
    return [value if value is None else str(value) for value in values]


def _shapes(frame: pd.DataFrame) -> Sequence[bytes | None]:
    if not isinstance(frame, gpd.GeoDataFrame):
        return [None] * len(frame)
    shapes = shapely.force_2d(frame.geometry.to_numpy())
    wanted = geometry_type(frame)
    if wanted == Qgis.WkbType.GeometryCollection:
        shapes = [None if shape is None else shapely.geometrycollections([shape]) for shape in shapes]
        return shapely.to_wkb(shapes)
    return shapely.to_wkb([_promoted(shape) for shape in shapes])


def _promoted(shape: shapely.Geometry | None) -> shapely.Geometry | None:
    if shape is None or shape.is_empty:
        return None
    promote = _SINGLE_TO_MULTI.get(shapely.get_type_id(shape))
    return shape if promote is None else promote([shape])
