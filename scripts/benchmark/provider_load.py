# SPDX-License-Identifier: GPL-2.0-or-later
"""What the provider adds to the start of QGIS, in fresh processes: time, and analysis packages imported."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator

from .rows import TURNS, Row

ANALYSIS = ("geopandas", "pandas", "shapely", "rasterio", "matplotlib", "pyogrio")

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


def rows() -> Iterator[Row]:
    """Load it some times."""
    answers = [_load_provider() for _ in range(TURNS)]
    milliseconds = statistics.median(answer["milliseconds"] for answer in answers)
    packages = answers[0]["packages"]
    yield Row("provider load", f"{milliseconds:.1f} ms", "< 50 ms", met=milliseconds < 50)
    yield Row("analysis packages that it imports", ", ".join(packages) or "none", "none", met=not packages)


def _load_provider() -> dict:
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", _LOAD, *ANALYSIS]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])
