# SPDX-License-Identifier: GPL-2.0-or-later
"""Layers to frames and back."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from qgis.core import (
    NULL,
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsField,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingUtils,
    QgsProject,
    QgsVectorFileWriter,
    QgsVectorLayer,
    QgsVectorLayerJoinInfo,
)
from qgis.PyQt.QtCore import QDate, QMetaType

from yochi.plugin.bridge import layers, sinks, values
from yochi.plugin.core.errors import SourceError

from .conftest import write_layer


@pytest.fixture
def context(qapp):
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    yield context
    QgsProject.instance().clear()


@pytest.fixture
def frame():
    return gpd.GeoDataFrame(
        {"code": ["01", None, "003"], "ha": [1.5, np.nan, 3.0], "n": [1, 2, 3], "名前": ["髙橋", "Ⅲ", None]},
        geometry=[shapely.box(0, 0, 1, 1), None, shapely.box(2, 2, 3, 3)],
        crs="EPSG:6668",
    )


@pytest.fixture
def layer(frame, tmp_path, qapp):
    layer = QgsVectorLayer(f"{write_layer(frame, tmp_path / 't.gpkg', 't')}|layername=t", "表", "ogr")
    assert layer.isValid()
    return layer


def source_of(value, context):
    """As an algorithm takes it from a parameter."""
    layer = value if isinstance(value, QgsVectorLayer) else context.project().mapLayer(value.source.staticValue())
    return layers.layer_source(QgsProcessingUtils.variantToSource(value, context), layer, value)


def definition(layer, **options):
    QgsProject.instance().addMapLayer(layer, False)
    definition = QgsProcessingFeatureSourceDefinition(layer.id())
    for name, value in options.items():
        setattr(definition, name, value)
    return definition


def assert_same(found, expected):
    assert list(found.columns) == list(expected.columns)
    assert found.crs == expected.crs
    pd.testing.assert_frame_equal(pd.DataFrame(found.drop(columns="geometry")), expected.drop(columns="geometry"))
    shapes = zip(found.geometry, expected.geometry, strict=True)
    assert all(a is b is None or a.equals(b) for a, b in shapes)


def test_file_and_features_give_equal_frames(layer, frame, context):
    source = layers.whole_layer(layer, context)
    assert source.file is not None
    assert_same(layers.read(source), pd.DataFrame(frame).pipe(gpd.GeoDataFrame, crs=frame.crs))
    assert_same(layers.read(layers.LayerSource(source.name, source.features, None)), layers.read(source))


def test_subset_is_honoured_both_ways(layer, context):
    layer.setSubsetString('"n" >= 2')
    source = layers.whole_layer(layer, context)
    assert source.file.where == '"n" >= 2'
    assert layers.read(source)["n"].tolist() == [2, 3]
    assert layers.read(layers.LayerSource(source.name, source.features, None))["n"].tolist() == [2, 3]


def test_selected_features_only(layer, context):
    layer.selectByExpression('"n" = 3')
    source = source_of(definition(layer, selectedFeaturesOnly=True), context)
    assert source.file is None
    assert layers.read(source)["n"].tolist() == [3]


def test_filter_and_limit_of_the_parameter(layer, context):
    assert layers.read(source_of(definition(layer, filterExpression='"n" < 3'), context))["n"].tolist() == [1, 2]
    assert layers.read(source_of(definition(layer, featureLimit=1), context))["n"].tolist() == [1]


def test_unsaved_edits_are_seen(layer, context):
    layer.startEditing()
    layer.changeAttributeValue(next(layer.getFeatures()).id(), layer.fields().indexOf("code"), "new")
    source = layers.whole_layer(layer, context)
    assert source.file is None
    assert layers.read(source)["code"].tolist() == ["new", None, "003"]
    layer.rollBack()


def test_virtual_fields_and_joins_are_seen(layer, context):
    layer.addExpressionField('"n" * 10', QgsField("tenfold", QMetaType.Type.Int))
    source = layers.whole_layer(layer, context)
    assert source.file is None
    assert layers.read(source)["tenfold"].tolist() == [10, 20, 30]
    layer.removeExpressionField(layer.fields().indexOf("tenfold"))
    other = QgsVectorLayer("NoGeometry?field=n:integer&field=owner:string", "other", "memory")
    QgsProject.instance().addMapLayer(other, False)
    join = QgsVectorLayerJoinInfo()
    join.setJoinLayer(other)
    join.setJoinFieldName("n")
    join.setTargetFieldName("n")
    layer.addJoin(join)
    source = layers.whole_layer(layer, context)
    assert source.file is None
    assert "other_owner" in layers.read(source).columns


def test_shapefile_in_cp932(frame, tmp_path, context):
    path = tmp_path / "日本語.shp"
    frame.rename(columns={"名前": "namae"}).to_file(path, encoding="CP932")
    source = layers.whole_layer(QgsVectorLayer(str(path), "shp", "ogr"), context)
    assert source.file is not None
    assert layers.read(source)["namae"].tolist() == ["髙橋", "Ⅲ", None]


def test_reference_system_set_by_the_user_wins(layer, context):
    layer.setCrs(QgsCoordinateReferenceSystem("EPSG:4612"))
    assert layers.read(layers.whole_layer(layer, context)).crs == "EPSG:4612"


def test_layer_without_reference_system_is_refused_by_name(context):
    layer = QgsVectorLayer("Polygon?field=n:integer", "無座標", "memory")
    layer.setCrs(QgsCoordinateReferenceSystem())
    with pytest.raises(SourceError, match=r"無座標.*no coordinate reference system"):
        layers.read(layers.whole_layer(layer, context))


def test_empty_layer_is_refused_by_name(context):
    layer = QgsVectorLayer("Polygon?crs=EPSG:6668&field=n:integer", "empty one", "memory")
    with pytest.raises(SourceError, match=r"empty one.*no features"):
        layers.read(layers.whole_layer(layer, context))


def test_table_without_geometry_is_a_plain_frame(small, context):
    table = layers.read(layers.whole_layer(QgsVectorLayer(str(small / "take_up.csv"), "take_up", "ogr"), context))
    assert not isinstance(table, gpd.GeoDataFrame)
    assert table["area_code"].tolist() == ["14", "14", "14"]


def test_curves_are_segmentised(tmp_path, context):
    layer = QgsVectorLayer("CurvePolygon?crs=EPSG:6677", "curve", "memory")
    feature = QgsFeature()
    feature.setGeometry(QgsGeometry.fromWkt("CurvePolygon(CircularString(0 0, 10 10, 20 0, 10 -10, 0 0))"))
    layer.dataProvider().addFeatures([feature])
    shape = layers.read(layers.whole_layer(layer, context)).geometry.iloc[0]
    assert shape.geom_type in ("Polygon", "MultiPolygon")
    assert shape.area == pytest.approx(np.pi * 100, rel=1e-3)


def test_file_inside_a_zip_is_read_through_qgis(layer, tmp_path, context):
    import zipfile

    path = tmp_path / "t.geojson"
    QgsVectorFileWriter.writeAsVectorFormatV3(
        layer, str(path), QgsProject.instance().transformContext(), _geojson_options()
    )
    with zipfile.ZipFile(tmp_path / "t.zip", "w") as archive:
        archive.write(path, "t.geojson")
    zipped = QgsVectorLayer(f"/vsizip/{tmp_path / 't.zip'}/t.geojson", "zipped", "ogr")
    source = layers.whole_layer(zipped, context)
    assert source.file is None
    assert layers.read(source)["n"].tolist() == [1, 2, 3]


def _geojson_options():
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = "GeoJSON"
    return options


def test_every_null_is_none():
    assert values.plain(NULL) is None
    assert values.plain(None) is None
    assert values.plain(QDate()) is None
    assert values.plain(QDate(2024, 3, 1)) == "2024-03-01"
    assert values.plain("") == ""
    assert values.plain(0) == 0


def test_reference_systems_both_ways():
    for code in ("EPSG:6668", "EPSG:6677"):
        crs = QgsCoordinateReferenceSystem(code)
        assert values.to_qgis_crs(values.to_pyproj(crs)) == crs
    custom = QgsCoordinateReferenceSystem.fromProj("+proj=tmerc +lat_0=35 +lon_0=137 +ellps=GRS80 +units=m")
    assert values.to_pyproj(custom).is_projected
    assert values.to_qgis_crs(values.to_pyproj(custom)).isValid()
    assert values.to_pyproj(QgsCoordinateReferenceSystem()) is None
    assert not values.to_qgis_crs(None).isValid()


def test_frame_to_layer_and_back(frame, context):
    frame["count"] = pd.array([1, None, 3], dtype="Int64")
    fields = sinks.fields_of(frame)
    types = [QMetaType.Type.QString, QMetaType.Type.Double, QMetaType.Type.LongLong]
    assert [fields.field(name).type() for name in ("code", "ha", "count")] == types
    assert sinks.geometry_type(frame) == Qgis.WkbType.MultiPolygon
    sink, place = QgsProcessingUtils.createFeatureSink(
        "memory:out", context, fields, sinks.geometry_type(frame), values.to_qgis_crs(frame.crs)
    )
    sinks.write(frame, sink)
    layer = QgsProcessingUtils.mapLayerFromString(place, context)
    back = layers.read(layers.whole_layer(layer, context))
    assert back["code"].tolist() == ["01", None, "003"]
    assert back["count"].isna().tolist() == [False, True, False]
    assert back["ha"].isna().tolist() == [False, True, False]
    assert back.geometry.iloc[1] is None
    assert back.geometry.iloc[0].equals(frame.geometry.iloc[0])
    assert back.crs == frame.crs


@pytest.mark.parametrize(
    ("shapes", "kind"),
    [
        ([shapely.Point(0, 0)], Qgis.WkbType.MultiPoint),
        ([shapely.LineString([(0, 0), (1, 1)])], Qgis.WkbType.MultiLineString),
        ([None], Qgis.WkbType.MultiPolygon),
        ([shapely.Point(0, 0), shapely.box(0, 0, 1, 1)], Qgis.WkbType.GeometryCollection),
    ],
)
def test_geometry_type_fits_every_row(shapes, kind, context):
    frame = gpd.GeoDataFrame({"n": range(len(shapes))}, geometry=shapes, crs=6668)
    assert sinks.geometry_type(frame) == kind
    sink, place = QgsProcessingUtils.createFeatureSink(
        "memory:out", context, sinks.fields_of(frame), kind, values.to_qgis_crs(frame.crs)
    )
    sinks.write(frame, sink)
    assert QgsProcessingUtils.mapLayerFromString(place, context).featureCount() == len(shapes)
