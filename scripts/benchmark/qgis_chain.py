# SPDX-License-Identifier: GPL-2.0-or-later
"""The chain that a planner would build from QGIS's own algorithms: overlaps, nearest coast, nearest drinking well.

`python -m benchmark.qgis_chain FOLDER OUTPUT plain` goes from file to file, as `qgis_process` and a model do, and takes
the layers as they are. With `tuned` in place of `plain` it does what somebody would who knows where the time goes: the
coastline in single segments, and layers handed on in memory.
"""

from __future__ import annotations

import sys
import tempfile
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from qgis.analysis import QgsNativeAlgorithms
from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingFeedback, QgsProject

from .contender import Steps, report, timed

POLYGON_LAYERS = ("port_zones", "reclaimed", "designations")


def screen(folder: Path, output: Path, steps: Steps, *, tuned: bool = False) -> None:
    """Parcels with their overlap with each layer in square metres, and their distances to coast and well.

    The answers are the columns `exclusive_area`, `port_zones_area`, `reclaimed_area`, `designations_area`,
    `distance` (to the coast) and `distance_2` (to the nearest drinking well).
    """
    with tempfile.TemporaryDirectory(dir=output.parent) as name:
        chain = Chain(Path(name), in_memory=tuned)
        exclusive = chain.extract(
            _layer(folder, "zones"), "zone", "exclusive_industrial", Path(name) / "exclusive.gpkg"
        )
        layers = [exclusive, *(_layer(folder, layer) for layer in POLYGON_LAYERS)]
        overlaid = chain.run("calculatevectoroverlaps", {"INPUT": _layer(folder, "sites"), "LAYERS": layers})
        steps.done("overlaps")
        coast = _layer(folder, "coastline")
        coast = chain.run("explodelines", {"INPUT": coast}) if tuned else coast
        on_coast = chain.nearest(overlaid, coast, "coastline_id")
        # segments meet in vertices, so that many parcels have two nearest ones
        on_coast = chain.first_only(on_coast) if tuned else on_coast
        steps.done("nearest coast")
        drinking = chain.extract(_layer(folder, "wells"), "use", "drinking", Path(name) / "drinking.gpkg")
        chain.first_only(chain.nearest(on_coast, drinking, "well_id"), output)
        steps.done("nearest well")


class Chain:
    """Algorithms run one after the other, layers handed on as files in a folder or in memory."""

    def __init__(self, folder: Path, *, in_memory: bool) -> None:
        registry = QgsApplication.processingRegistry()
        if registry.providerById("native") is None:
            registry.addProvider(QgsNativeAlgorithms(registry))
        self.registry, self.folder, self.in_memory, self.numbers = registry, folder, in_memory, count(1)
        self.context, self.feedback = QgsProcessingContext(), QgsProcessingFeedback(False)
        self.context.setProject(QgsProject.instance())

    def run(self, name: str, parameters: dict[str, Any], output: Path | None = None) -> str:
        """Run a native algorithm; gives the layer that it wrote."""
        between = "TEMPORARY_OUTPUT" if self.in_memory else self.folder / f"step_{next(self.numbers)}.gpkg"
        algorithm = self.registry.createAlgorithmById(f"native:{name}")
        results, ok = algorithm.run(parameters | {"OUTPUT": str(output or between)}, self.context, self.feedback)
        if not ok:
            raise RuntimeError(f"native:{name} failed: {self.feedback.textLog()}")
        return results["OUTPUT"]

    def extract(self, layer: str, field: str, value: str, output: Path) -> str:
        """Features whose field has a value, as a file, which has a spatial index."""
        return self.run("extractbyattribute", {"INPUT": layer, "FIELD": field, "OPERATOR": 0, "VALUE": value}, output)

    def nearest(self, layer: str, others: str, field: str) -> str:
        """Join the nearest feature; all of those that are equally near."""
        return self.run("joinbynearest", {"INPUT": layer, "INPUT_2": others, "FIELDS_TO_COPY": [field], "NEIGHBORS": 1})

    def first_only(self, layer: str, output: Path | None = None) -> str:
        """One row a parcel."""
        return self.run("removeduplicatesbyattribute", {"INPUT": layer, "FIELDS": ["site_id"]}, output)


def _layer(folder: Path, name: str) -> str:
    return f"{folder / name}.gpkg|layername={name}"


def main() -> None:
    """Measure the chain in this process."""
    application = QgsApplication([], False)
    application.initQgis()
    *places, way = sys.argv[1:]
    report(timed(partial(screen, tuned=way == "tuned"), places))
    application.exitQgis()


if __name__ == "__main__":
    main()
