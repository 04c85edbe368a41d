# SPDX-License-Identifier: GPL-2.0-or-later
"""A QGIS layer as a frame against pyogrio on the same file: read from the file, and feature by feature."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import shapely
from qgis.core import QgsApplication, QgsProcessingContext, QgsVectorLayer

from yochi.plugin.bridge import layers

from .rows import Row, in_turns

POLYGONS = 100_000


def rows() -> Iterator[Row]:
    """Measure both ways."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QgsApplication([], False)
    application.initQgis()
    with tempfile.TemporaryDirectory() as folder:
        plain, direct, features = _time_reading(_write_polygons(Path(folder) / "polygons.gpkg"))
    application.exitQgis()
    yield Row(f"pyogrio alone, {POLYGONS:,} polygons", f"{plain:.3f} s")
    yield Row("layer to frame, from the file", _ratio(direct, plain), "<= 1.3", met=direct <= 1.3 * plain)
    yield Row("layer to frame, feature by feature", _ratio(features, plain))


def _time_reading(path: Path) -> list[float]:
    layer = QgsVectorLayer(f"{path}|layername=polygons", "polygons", "ogr")
    source = layers.whole_layer(layer, QgsProcessingContext())
    return in_turns(
        lambda: pyogrio.read_dataframe(path, layer="polygons"),
        lambda: layers.read(source),
        lambda: layers.read(replace(source, file=None)),
    )


def _write_polygons(path: Path) -> Path:
    random = np.random.default_rng(20241)
    x, y = random.uniform(0, 100_000, (2, POLYGONS))
    shapes = shapely.buffer(shapely.points(x, y), random.uniform(10, 100, POLYGONS), quad_segs=4)
    numbers = np.arange(POLYGONS)
    frame = gpd.GeoDataFrame(
        {"site_id": [f"S{n:06d}" for n in numbers], "ha": random.uniform(1, 50, POLYGONS), "n": numbers},
        geometry=shapes,
        crs="EPSG:6677",
    )
    pyogrio.write_dataframe(frame, path, layer="polygons", driver="GPKG", dataset_options={"VERSION": "1.2"})
    return path


def _ratio(seconds: float, reference: float) -> str:
    return f"{seconds / reference:.2f} ({seconds:.3f} s)"
