# SPDX-License-Identifier: GPL-2.0-or-later
"""Soil screening of a synthetic prefecture against the chains that a planner would build otherwise.

Every contender reads the same files and writes the parcels with its answers; reading and writing are in the seconds.
Yochi answers all six rule profiles. The others answer the facts behind them: hectares in 工業専用地域, port zones,
reclaimed land and the soil ledger, and the distances to the coast and to the nearest drinking well.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from . import postgis
from .contender import Measured, measure
from .rows import Row

QGIS_TIMES, POSTGIS_TIMES = 25, 6
MILLION, MILLION_MIB = 1_000_000, 4_096
GROWTH = 1.2  # seconds a parcel at full size against half of it


def rows(parcels: int, *, million: bool = False) -> Iterator[Row]:
    """Measure all contenders in turn, then how Yochi's time grows."""
    with tempfile.TemporaryDirectory(prefix="yochi-bench-") as name:
        folder = _prefecture(Path(name), parcels)
        yochi = _contend("yochi_screening", folder, "sites")
        yield Row(f"soil screening, {parcels:,} parcels, six profiles", _figures(yochi))
        yield Row("  of which " + ", ".join(yochi.steps), ", ".join(f"{one:.1f} s" for one in yochi.steps.values()))
        yield Row("  with pieces and evidence written", _figures(_contend("yochi_screening", folder, "all")))
        yield from _peer("QGIS's algorithms, file to file", "qgis_chain", folder, ("plain", "tuned"), yochi, QGIS_TIMES)
        if (absent := postgis.missing()) is None:
            yield from _peer("PostGIS", "postgis", folder, ("plain", "parallel"), yochi, POSTGIS_TIMES)
        else:
            yield Row(absent, "")
        half = _contend("yochi_screening", _prefecture(Path(name), parcels // 2), "sites")
        growth = (yochi.seconds / parcels) / (half.seconds / (parcels // 2))
        yield Row(f"seconds a parcel, against {parcels // 2:,}", f"{growth:.2f}", f"<= {GROWTH}", met=growth <= GROWTH)
        if million:
            most = _contend("yochi_screening", _prefecture(Path(name), MILLION), "sites")
            growth = (most.seconds / MILLION) / (yochi.seconds / parcels)
            small = most.peak_mib <= MILLION_MIB
            yield Row(f"soil screening, {MILLION:,} parcels", _figures(most), f"<= {MILLION_MIB:,} MiB", met=small)
            yield Row(f"seconds a parcel, against {parcels:,}", f"{growth:.2f}", f"<= {GROWTH}", met=growth <= GROWTH)


def _peer(title: str, module: str, folder: Path, ways: tuple[str, str], yochi: Measured, goal: int) -> Iterator[Row]:
    """How many times longer a peer takes: as one would build it, which the goal is for, and at its best."""
    for way in ways:
        peer = _contend(module, folder, way)
        times = peer.seconds / yochi.seconds
        value = f"{times:.1f} x ({_figures(peer)})"
        if way == ways[0]:
            yield Row(title, value, f">= {goal} x", met=times >= goal)
        else:
            yield Row(f"  {way}", value)


def _prefecture(folder: Path, parcels: int) -> Path:
    made = folder / f"parcels-{parcels}"
    # in a process of its own, so that this one stays small
    if not made.is_dir():
        measure("prefecture", made, "--parcels", parcels)
    return made


def _contend(module: str, folder: Path, way: str) -> Measured:
    output = folder / f"{module}-{way}.gpkg"
    try:
        return measure(module, folder, output, way)
    finally:
        output.unlink(missing_ok=True)


def _figures(one: Measured) -> str:
    return f"{one.seconds:.1f} s, {one.peak_mib:,.0f} MiB"
