# SPDX-License-Identifier: GPL-2.0-or-later
"""Yochi on the same files: the six rule profiles that come with it, read, screened and written.

`python -m benchmark.yochi_screening FOLDER OUTPUT sites` writes the sites with their verdicts, the table that the other
contenders give; with `all` in place of `sites`, pieces, evidence and verdicts as well.
"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import pandas as pd
import pyogrio

from yochi.plugin.core.contracts import SITES
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
    tables = {"sites": _filled(screening.sites, sites)}
    if everything:
        tables |= {name: getattr(screening, name) for name in ("pieces", "evidence", "verdicts")}
    ledger.write(tables, output)
    steps.done("write")


def _filled(screened: pd.DataFrame, sites: pd.DataFrame) -> pd.DataFrame:
    """Without the columns of the contract that did not come in and so hold nothing; the others write none of them."""
    return screened[[name for name in screened.columns if name in sites or name not in SITES.column_names]]


def main() -> None:
    """Measure Yochi in this process."""
    *places, way = sys.argv[1:]
    report(timed(partial(screen_files, everything=way == "all"), places))


if __name__ == "__main__":
    main()
