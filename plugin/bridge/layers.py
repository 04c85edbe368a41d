# SPDX-License-Identifier: GPL-2.0-or-later
"""QGIS layers as frames.

A layer that stands in a file, unchanged, is read from that file: at the speed of pyogrio. Any other (edited,
joined, selected, filtered, in memory, in a data base) is read feature by feature through well-known binary. Both
ways give equal frames; a test says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely
from qgis.core import (
    Qgis,
    QgsFeatureRequest,
    QgsProcessingContext,
    QgsProcessingFeatureSource,
    QgsProcessingFeatureSourceDefinition,
    QgsProviderRegistry,
    QgsVectorLayer,
    QgsWkbTypes,
)

from ..core.errors import SourceError
from ..core.progress import SILENT, Progress
from .values import plain, to_pyproj

_ROW_NUMBER = "fid"  # a GeoPackage's own row number, which pyogrio does not give and which is no attribute
_REPORT_EVERY = 4096


@dataclass(frozen=True)
class FileTable:
    """A table in a file, as pyogrio asks for it."""

    path: Path
    layer: str | None
    where: str | None
    encoding: str | None


@dataclass(frozen=True)
class LayerSource:
    """A layer ready to be read in any thread.

    Parameters
    ----------
    name : str
        Name of the layer, for messages.
    features : QgsProcessingFeatureSource
        Its features, with the selection and the filter asked for.
    file : FileTable or None
        Where the same rows can be read faster; None where they cannot.
    """

    name: str
    features: QgsProcessingFeatureSource
    file: FileTable | None


def layer_source(
    features: QgsProcessingFeatureSource, layer: QgsVectorLayer | None = None, value: object = None
) -> LayerSource:
    """Take from an input what belongs to its layer. Call it in the layer's own thread (`prepareAlgorithm`).

    Parameters
    ----------
    features : QgsProcessingFeatureSource
        What `parameterAsSource` gives.
    layer : QgsVectorLayer or None
        The layer behind it.
    value : object
        The parameter's value, which is a QgsProcessingFeatureSourceDefinition where it selects or filters.
    """
    features.setInvalidGeometryCheck(Qgis.InvalidGeometryCheck.NoCheck)  # the core repairs what can be repaired
    whole = layer is not None and not _is_narrowed(value)
    return LayerSource(features.sourceName(), features, file_table(layer) if whole else None)


def whole_layer(layer: QgsVectorLayer, context: QgsProcessingContext) -> LayerSource:
    """A layer with all its features. Call it in the layer's own thread."""
    return layer_source(QgsProcessingFeatureSource(layer, context), layer)


def read(source: LayerSource, progress: Progress = SILENT) -> gpd.GeoDataFrame | pd.DataFrame:
    """Read a layer into a frame.

    Returns
    -------
    GeoDataFrame, or DataFrame where the layer has no geometry
        On a RangeIndex in the order of the features; NULL is missing, dates are ISO text, curves are segmentised.

    Raises
    ------
    SourceError
        The layer has geometry but no reference system, or no features.
    """
    if _is_spatial(source) and not source.features.sourceCrs().isValid():
        raise SourceError(
            f"Layer {source.name} has no coordinate reference system; set it in the layer's properties and run again."
        )
    frame = _read_file(source, source.file) if source.file else _read_features(source, progress)
    if frame.empty:
        raise SourceError(f"Layer {source.name} has no features to work on; check its filter and selection.")
    return frame


def file_table(layer: QgsVectorLayer) -> FileTable | None:
    """Where a layer's rows stand in a file just as the layer shows them; None where the two may differ."""
    if layer.providerType() != "ogr" or layer.isEditable() or QgsWkbTypes.isCurvedType(layer.wkbType()):
        return None
    if layer.vectorJoins() or not _has_provider_fields_only(layer):
        return None
    parts = QgsProviderRegistry.instance().decodeUri("ogr", layer.source())
    special = any(parts.get(key) for key in ("vsiPrefix", "geometryType", "openOptions", "authcfg"))
    subset = layer.subsetString().strip()
    if special or subset.upper().startswith("SELECT") or not Path(parts["path"]).is_file():
        return None
    return FileTable(Path(parts["path"]), parts.get("layerName") or None, subset or None, _encoding(layer))


def _encoding(layer: QgsVectorLayer) -> str | None:
    """Encoding that the user or the file names; only a shapefile leaves it open."""
    if layer.storageType() != "ESRI Shapefile":
        return None
    encoding = layer.dataProvider().encoding()
    # what Japanese offices call Shift_JIS is CP932, which has 髙, Ⅲ and ㎝ besides
    return "CP932" if encoding.lower().replace("-", "_") in ("shift_jis", "sjis") else encoding


def _is_spatial(source: LayerSource) -> bool:
    return source.features.wkbType() != Qgis.WkbType.NoGeometry


def _is_narrowed(value: object) -> bool:
    if not isinstance(value, QgsProcessingFeatureSourceDefinition):
        return False
    return value.selectedFeaturesOnly or value.featureLimit >= 0 or bool(value.filterExpression)


def _has_provider_fields_only(layer: QgsVectorLayer) -> bool:
    fields = layer.fields()
    return all(fields.fieldOrigin(index) == Qgis.FieldOrigin.Provider for index in range(fields.count()))


def _read_file(source: LayerSource, file: FileTable) -> gpd.GeoDataFrame | pd.DataFrame:
    frame = pyogrio.read_dataframe(
        file.path,
        layer=file.layer,
        where=file.where,
        encoding=file.encoding,
        datetime_as_string=True,
        read_geometry=_is_spatial(source),
    )
    if isinstance(frame, gpd.GeoDataFrame):
        # the user may have told QGIS that the file's own reference system is wrong
        return frame.set_crs(to_pyproj(source.features.sourceCrs()), allow_override=True)
    return frame


def _read_features(source: LayerSource, progress: Progress) -> gpd.GeoDataFrame | pd.DataFrame:
    rows, shapes = [], []
    spatial = _is_spatial(source)
    request = QgsFeatureRequest()
    if not spatial:
        request.setFlags(Qgis.FeatureRequestFlag.NoGeometry)
    total = max(source.features.featureCount(), 1)
    for number, feature in enumerate(source.features.getFeatures(request)):
        if number % _REPORT_EVERY == 0:
            progress.report(min(number / total, 1.0))
        rows.append(feature.attributes())
        if spatial:
            shapes.append(_well_known_binary(feature))
    frame = _attribute_frame(source.features.fields(), rows)
    if not spatial:
        return frame
    return gpd.GeoDataFrame(frame, geometry=shapely.from_wkb(shapes), crs=to_pyproj(source.features.sourceCrs()))


def _well_known_binary(feature):
    if not feature.hasGeometry():
        return None
    geometry = feature.geometry()
    if QgsWkbTypes.isCurvedType(geometry.wkbType()):
        geometry.convertToStraightSegment()
    return geometry.asWkb().data()


def _attribute_frame(fields, rows):
    values = list(zip(*rows, strict=True)) if rows else [()] * fields.count()
    columns = {
        field.name(): _column(column, numeric=field.isNumeric())
        for field, column in zip(fields, values, strict=True)
        if field.name().lower() != _ROW_NUMBER
    }
    return pd.DataFrame(columns, index=pd.RangeIndex(len(rows)))


def _column(values, *, numeric):
    column = [plain(value) for value in values]
    has_gaps = numeric and any(value is None for value in column)
    return pd.Series(column, dtype="float64" if has_gaps else None if column else "object")
