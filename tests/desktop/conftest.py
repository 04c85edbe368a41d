# SPDX-License-Identifier: GPL-2.0-or-later
"""QGIS without a window, small tables with answers worked out by hand, and the two ways to run an algorithm."""

from __future__ import annotations

import os
import subprocess
import sysconfig
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely
from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingFeedback, QgsProject

PLANE = "EPSG:6677"
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(scope="session")
def qapp(tmp_path_factory):
    """The application that pytest-qt would make, made by QGIS and with a profile of its own."""
    profile = tmp_path_factory.mktemp("profile")
    application = QgsApplication([], True, str(profile))
    application.initQgis()
    yield application
    QgsProject.instance().clear()
    application.exitQgis()


@pytest.fixture
def provider(qapp):
    """Yochi's provider in the registry."""
    from yochi.processing.provider import YochiProvider

    provider = YochiProvider()
    QgsApplication.processingRegistry().addProvider(provider)
    yield provider
    QgsApplication.processingRegistry().removeProvider(provider)


class Feedback(QgsProcessingFeedback):
    """Keeps what it is told."""

    def __init__(self):
        super().__init__(False)
        self.infos, self.errors, self.reported = [], [], []
        self.progressChanged.connect(self.reported.append)

    def pushInfo(self, info):  # noqa: N802
        self.infos.append(info)

    def reportError(self, error, fatalError=False):  # noqa: N802, N803
        self.errors.append(error)


@dataclass
class Run:
    """What an algorithm left."""

    results: dict
    ok: bool
    feedback: Feedback
    context: QgsProcessingContext

    def frame(self, name):
        return pyogrio.read_dataframe(*_split(self.results[name]))


def _split(place):
    path, _, layer = str(place).partition("|layername=")
    return (path, layer) if layer else (path,)


@pytest.fixture
def run(provider):
    """Run an algorithm in this process: `run("inventory", SITES=..., ...)`."""

    def run_algorithm(name, /, feedback=None, **parameters):
        context, feedback = QgsProcessingContext(), feedback or Feedback()
        context.setProject(QgsProject.instance())
        algorithm = QgsApplication.processingRegistry().createAlgorithmById(f"yochi:{name}")
        results, ok = algorithm.run(parameters, context, feedback)
        return Run(results, ok, feedback, context)

    return run_algorithm


@pytest.fixture(scope="session")
def batch_environment(tmp_path_factory, root):
    """Environment in which `qgis_process` finds the plugin: it always takes the profile `default`."""
    home = tmp_path_factory.mktemp("qgis")
    profile = home / "profiles" / "default"
    (profile / "python" / "plugins").mkdir(parents=True)
    (profile / "python" / "plugins" / "yochi").symlink_to(root, target_is_directory=True)
    (profile / "QGIS").mkdir()
    (profile / "QGIS" / "QGIS3.ini").write_text("[PythonPlugins]\nprocessing=true\nyochi=true\n", encoding="utf-8")
    return os.environ | {
        "QGIS_CUSTOM_CONFIG_PATH": str(home),
        "PYTHONPATH": sysconfig.get_path("purelib"),
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_RUNTIME_DIR": str(home),
        "LANG": "C.UTF-8",
    }


@pytest.fixture(scope="session")
def qgis_process(batch_environment):
    """Run the real `qgis_process`; gives the completed process."""

    def run_process(*arguments):
        return subprocess.run(
            ["qgis_process", *arguments],
            env=batch_environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run_process


def write_layer(frame, path, layer):
    """Write a layer as GeoPackage 1.2, of which an older GDAL does not warn."""
    pyogrio.write_dataframe(frame, path, layer=layer, driver="GPKG", dataset_options={"VERSION": "1.2"})
    return path


@pytest.fixture(scope="session")
def small(tmp_path_factory) -> Path:
    """A folder with one area: 300 ha of stock of which 30 ha are taken up a year, so that it lasts to 2034.

    Of the estate 200 ha lie in 工業専用地域, 50 ha in 工業地域 and 50 ha outside the zoning data.
    """
    folder = tmp_path_factory.mktemp("small")
    area = gpd.GeoDataFrame(
        {
            "area_code": ["14"],
            "name": ["神奈川県"],
            "name_en": ["Kanagawa"],
            "level": ["prefecture"],
            "pref_code": ["14"],
        },
        geometry=[shapely.box(-10_000, -60_000, 10_000, -40_000)],
        crs=PLANE,
    )
    site = gpd.GeoDataFrame(
        {
            "site_id": ["A"],
            "name": ["A 団地"],
            "layer": ["idle_prepared"],
            "available_ha": [300.0],
            "area_code": ["14"],
        },
        geometry=[shapely.box(0, -50_000, 3_000, -49_000)],
        crs=PLANE,
    )
    zones = gpd.GeoDataFrame(
        {"zone_id": ["1", "2"], "zone": ["exclusive_industrial", "industrial"]},
        geometry=[shapely.box(0, -50_000, 2_000, -49_000), shapely.box(2_000, -50_000, 2_500, -49_000)],
        crs=PLANE,
    )
    write_layer(area, folder / "areas.gpkg", "areas")
    write_layer(site, folder / "sites.gpkg", "sites")
    write_layer(zones, folder / "zones.gpkg", "zones")
    take_up = pd.DataFrame({"area_code": ["14"] * 3, "year": [2021, 2022, 2023], "take_up_ha": [20.0, 30.0, 40.0]})
    take_up.to_csv(folder / "take_up.csv", index=False)
    return folder
