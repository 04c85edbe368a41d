# SPDX-License-Identifier: GPL-2.0-or-later
"""Which analysis packages QGIS's Python lacks, found without importing any, and what to do about it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

from .i18n import language

ANALYSIS = ("numpy", "pandas", "geopandas", "shapely", "pyproj", "pyogrio")
"""What every algorithm needs."""

MAPS = ("matplotlib",)
"""What reports, charts and map pictures need besides."""

RASTERS = ("rasterio",)
"""What reading elevations needs besides."""

_OLDEST_MAJOR = {"pandas": 2, "geopandas": 1, "shapely": 2}

_HOW = {
    "en": (
        "Yochi needs {packages}: on Windows run `python -m pip install {requirements}` in the OSGeo4W Shell; without "
        "internet add `--no-index --find-links FOLDER` with a folder of wheels fetched on another computer; on Debian "
        "install them in a virtual environment made with `--system-site-packages` and start QGIS with its "
        "site-packages in PYTHONPATH."
    ),
    "ja": (
        "Yochi には {packages} が必要なので、"
        "Windows では OSGeo4W Shell で `python -m pip install {requirements}` を実行し、"
        "インターネットに接続できない場合は別のパソコンで取得した wheel のフォルダーを "
        "`--no-index --find-links フォルダー` で指定し、Debian では `--system-site-packages` で作った仮想環境に入れて、"
        "その site-packages を PYTHONPATH に加えて QGIS を起動してください。"
    ),
}


def missing(packages: Iterable[str] = ANALYSIS) -> list[str]:
    """Those of the packages that are absent or too old, as requirements that pip understands."""
    return [_requirement(package) for package in packages if not _is_usable(package)]


def advice(requirements: Iterable[str]) -> str:
    """One sentence that says what to install and how; empty where nothing is missing."""
    requirements = list(requirements)
    if not requirements:
        return ""
    quoted = " ".join(f'"{requirement}"' for requirement in requirements)
    return _HOW[language()].format(packages=", ".join(requirements), requirements=quoted)


def load(packages: Iterable[str] = ANALYSIS) -> None:
    """Import packages so that each uses the GEOS, PROJ and GDAL that it was built with.

    On Linux the copies that QGIS has loaded would answer the calls of these packages, and QGIS would crash when it
    ends. shapely is the exception: QGIS imports it itself, before any plugin, so it must not be newer than its GEOS.
    """
    with _own_libraries():
        for package in packages:
            import_module(package)


@contextmanager
def _own_libraries() -> Iterator[None]:
    if not hasattr(os, "RTLD_DEEPBIND"):  # only Linux mixes libraries up, and only Linux can be told not to
        yield
        return
    before = sys.getdlopenflags()
    sys.setdlopenflags(before | os.RTLD_DEEPBIND)
    try:
        yield
    finally:
        sys.setdlopenflags(before)


def _requirement(package: str) -> str:
    oldest = _OLDEST_MAJOR.get(package)
    return f"{package}>={oldest}" if oldest else package


def _is_usable(package: str) -> bool:
    if find_spec(package) is None:
        return False
    try:
        major = int(version(package).partition(".")[0])
    except (PackageNotFoundError, ValueError):
        return True  # there, but without a version to read: let the import tell
    return major >= _OLDEST_MAJOR.get(package, 0)
