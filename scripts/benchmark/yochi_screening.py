# SPDX-License-Identifier: GPL-2.0-or-later
"""Yochi on the same files, read, screened and written.

`python -m benchmark.yochi_screening FOLDER OUTPUT WAY`, where the way is `facts` (the six facts that the other
contenders give: rule profiles beside this module, a fact each), `six` (the rule profiles that come with Yochi; sites
with their verdicts) or `all` (the same with pieces, evidence and verdicts).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio

from yochi.plugin.core.contracts import SITES
from yochi.plugin.core.exports import ledger
from yochi.plugin.core.screening import Profile, Surroundings, load_profile, profiles, screen_blocks

from .contender import Steps, report, timed

AROUND = ("zones", "port_zones", "coastline", "reclaimed", "designations", "wells")
PREMISE = "premise/"  # a part of the others, and none of the six
FACTS = Path(__file__).with_name("facts")
TABLES = {"facts": ("sites",), "six": ("sites",), "all": ("sites", "pieces", "evidence", "verdicts")}


def screen_files(folder: Path, output: Path, steps: Steps, *, way: str) -> None:
    """Screen the sites of a folder and write them into a GeoPackage, block by block."""
    sites = pyogrio.read_dataframe(folder / "sites.gpkg").sort_values("site_id")
    surroundings = Surroundings(**{name: pyogrio.read_dataframe(folder / f"{name}.gpkg") for name in AROUND})
    steps.done("read")
    ledger.write_blocks(_blocks(sites, surroundings, way, steps), output)
    steps.done("write")


def rule_profiles(way: str) -> list[Profile]:
    """The rule profiles of a way."""
    if way == "facts":
        return [load_profile(path) for path in sorted(FACTS.glob("*.toml"))]
    return [load_profile(path) for name, path in profiles().items() if not name.startswith(PREMISE)]


def _blocks(
    sites: gpd.GeoDataFrame, surroundings: Surroundings, way: str, steps: Steps
) -> Iterator[dict[str, pd.DataFrame]]:
    for screened, _ in screen_blocks(sites, surroundings, rule_profiles(way)):
        tables = {name: getattr(screened, name) for name in TABLES[way]}
        steps.done("screen")
        yield tables | {"sites": _filled(screened.sites, sites)}
        steps.done("write")


def _filled(screened: pd.DataFrame, sites: pd.DataFrame) -> pd.DataFrame:
    """Without the columns of the contract that did not come in and so hold nothing; the others write none of them."""
    return screened[[name for name in screened.columns if name in sites or name not in SITES.column_names]]


def main() -> None:
    """Measure Yochi in this process."""
    *places, way = sys.argv[1:]
    report(timed(partial(screen_files, way=way), places))


if __name__ == "__main__":
    main()
