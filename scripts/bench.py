# SPDX-License-Identifier: GPL-2.0-or-later
"""Measures what Yochi promises about speed, and prints each row with its goal.

    scripts/run.sh python scripts/bench.py

A row is a function in ROWS that gives a Row; both sides of a ratio are measured in the same run, in turns, because
machines and their load differ.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import shapely
from qgis.core import QgsApplication, QgsProcessingContext, QgsVectorLayer

from yochi.plugin.bridge import layers

POLYGONS = 100_000
TURNS = 5
ANALYSIS = ("geopandas", "pandas", "shapely", "rasterio", "matplotlib", "pyogrio")


@dataclass(frozen=True)
class Row:
    """One measurement: what it is, its value as printed, its goal, and whether the goal is met."""

    title: str
    value: str
    goal: str
    met: bool


def layer_to_frame() -> list[Row]:
    """A QGIS layer as a frame against pyogrio on the same file: read from the file, and feature by feature."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QgsApplication([], False)
    application.initQgis()
    with tempfile.TemporaryDirectory() as folder:
        plain, direct, features = _time_reading(_write_polygons(Path(folder) / "polygons.gpkg"))
    application.exitQgis()
    return [
        Row(f"pyogrio alone, {POLYGONS:,} polygons", f"{plain:.3f} s", "", met=True),
        Row("layer to frame, from the file", _ratio(direct, plain), "<= 1.3", met=direct <= 1.3 * plain),
        Row("layer to frame, feature by feature", _ratio(features, plain), "", met=True),
    ]


def provider_load() -> list[Row]:
    """What the provider adds to the start of QGIS, in fresh processes: time, and analysis packages imported."""
    answers = [_load_provider() for _ in range(TURNS)]
    milliseconds = statistics.median(answer["milliseconds"] for answer in answers)
    packages = answers[0]["packages"]
    return [
        Row("provider load", f"{milliseconds:.1f} ms", "< 50 ms", met=milliseconds < 50),
        Row("analysis packages that it imports", ", ".join(packages) or "none", "none", met=not packages),
    ]


ROWS: tuple[Callable[[], list[Row]], ...] = (layer_to_frame, provider_load)


def _time_reading(path: Path) -> list[float]:
    layer = QgsVectorLayer(f"{path}|layername=polygons", "polygons", "ogr")
    source = layers.whole_layer(layer, QgsProcessingContext())
    return _in_turns(
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


def _in_turns(*functions: Callable[[], object]) -> list[float]:
    """Median seconds of each function, after one turn to warm up."""
    seconds: list[list[float]] = [[] for _ in functions]
    for turn in range(TURNS + 1):
        for function, times in zip(functions, seconds, strict=True):
            start = time.perf_counter()
            function()
            if turn:
                times.append(time.perf_counter() - start)
    return [statistics.median(times) for times in seconds]


def _ratio(seconds: float, reference: float) -> str:
    return f"{seconds / reference:.2f} ({seconds:.3f} s)"


_LOAD = """
import json, sys, time
from qgis.core import QgsApplication
application = QgsApplication([], False)
application.initQgis()
before = set(sys.modules)
start = time.perf_counter()
from yochi import classFactory
plugin = classFactory(None)
plugin.initProcessing()
milliseconds = 1000 * (time.perf_counter() - start)
packages = {name.partition(".")[0] for name in set(sys.modules) - before}
print(json.dumps({"milliseconds": milliseconds, "packages": sorted(packages.intersection(sys.argv[1:]))}))
"""


def _load_provider() -> dict:
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", _LOAD, *ANALYSIS]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def main() -> int:
    """Print every row; 1 where a goal is missed."""
    rows = [row for measure in ROWS for row in measure()]
    for row in rows:
        goal = f"goal {row.goal}" if row.goal else ""
        print(f"{row.title:<40} {row.value:<20} {goal:<12} {'' if row.met else 'MISSED'}".rstrip())
    return 0 if all(row.met for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
