# SPDX-License-Identifier: GPL-2.0-or-later
"""Yochi on the same files: the six rule profiles that come with it, read, screened and written.

`python -m benchmark.yochi_screening FOLDER OUTPUT sites` writes the sites with their verdicts, the table that the other
contenders give; with `all` in place of `sites`, pieces, evidence and verdicts as well.
"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import pyogrio

from yochi.plugin.core.exports import ledger
from yochi.plugin.core.screening import Surroundings, load_profile, profiles, screen

from .contender import Steps, report, timed

AROUND = ("zones", "port_zones", "coastline", "reclaimed", "designations", "wells")
PREMISE = "premise/"  # a part of the others, and none of the six


def screen_files(folder: Path, output: Path, steps: Steps, *, everything: bool = False) -> None:
    """Screen the sites of a folder and write them into a GeoPackage."""
    sites = pyogrio.read_dataframe(folder / "sites.gpkg")
    surroundings = Surroundings(**{name: pyogrio.read_dataframe(folder / f"{name}.gpkg") for name in AROUND})
    steps.done("read")
    chosen = [load_profile(path) for name, path in profiles().items() if not name.startswith(PREMISE)]
    screening = screen(sites, surroundings, chosen)
    steps.done("screen")
    written = ("sites", "pieces", "evidence", "verdicts") if everything else ("sites",)
    ledger.write({name: getattr(screening, name) for name in written}, output)
    steps.done("write")


def main() -> None:
    """Measure Yochi in this process."""
    *places, way = sys.argv[1:]
    report(timed(partial(screen_files, everything=way == "all"), places))


if __name__ == "__main__":
    main()
