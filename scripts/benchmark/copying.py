# SPDX-License-Identifier: GPL-2.0-or-later
"""What reading and writing alone take: the parcels through GDAL from one file into another.

`python -m benchmark.copying FOLDER OUTPUT plain`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pyogrio

from .contender import Steps, report, timed


def copy(folder: Path, output: Path, steps: Steps) -> None:
    """Read the parcels and write them."""
    sites = pyogrio.read_dataframe(folder / "sites.gpkg")
    steps.done("read")
    pyogrio.write_dataframe(sites, output, layer="sites", driver="GPKG")
    steps.done("write")


if __name__ == "__main__":
    report(timed(copy, sys.argv[1:3]))
