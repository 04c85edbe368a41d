# SPDX-License-Identifier: GPL-2.0-or-later
"""Soil screening of a synthetic prefecture against the chains that a planner would build otherwise.

Every contender reads the same files and writes the parcels with its answers; reading and writing are in the seconds.
The goals are for the same answers: hectares in 工業専用地域, port zones, reclaimed land and the soil ledger, and the
distances to the coast and to the nearest drinking well, which Yochi gives as rule profiles of one criterion each. The
six rule profiles that come with Yochi, which the others do not answer, are measured besides.
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
GROWTH = 1.2  # seconds a parcel against those of a smaller prefecture


def rows(parcels: int, *, million: bool = False) -> Iterator[Row]:
    """Measure all contenders in turn, then how Yochi's time and memory grow."""
    with tempfile.TemporaryDirectory(prefix="yochi-bench-") as name:
        folder = _prefecture(Path(name), parcels)
        facts, six = (_contend("yochi_screening", folder, way) for way in ("facts", "six"))
        yield Row(f"soil screening, {parcels:,} parcels, six facts", _figures(facts))
        yield Row("  of which " + ", ".join(facts.steps), _seconds(facts))
        yield Row("six rule profiles", _figures(six))
        yield Row("  of which " + ", ".join(six.steps), _seconds(six))
        half = _contend("yochi_screening", _prefecture(Path(name), parcels // 2), "six")
        yield _growth(six, parcels, half, parcels // 2)
        yield Row("  with pieces, evidence and verdicts written", _figures(_contend("yochi_screening", folder, "all")))
        copied = _contend("copying", folder, "plain")
        yield Row("GDAL reads and writes the parcels, no more", _figures(copied))
        yield from _peer("QGIS's algorithms, file to file", "qgis_chain", folder, ("plain", "tuned"), facts, QGIS_TIMES)
        if (absent := postgis.missing()) is None:
            yield from _peer("PostGIS", "postgis", folder, ("plain", "parallel"), facts, POSTGIS_TIMES)
        else:
            yield Row(absent, "")
        if million:
            most = _contend("yochi_screening", _prefecture(Path(name), MILLION), "all")
            small = most.peak_mib <= MILLION_MIB
            title = f"six rule profiles, {MILLION:,} parcels, all written"
            yield Row(title, _figures(most), f"<= {MILLION_MIB:,} MiB", met=small)
            yield _growth(_contend("yochi_screening", _prefecture(Path(name), MILLION), "six"), MILLION, six, parcels)


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


def _growth(more: Measured, parcels: int, fewer: Measured, of: int) -> Row:
    # of processors, since what else the machine does changes from one measurement to the next
    growth = (more.processor_seconds / parcels) / (fewer.processor_seconds / of)
    return Row(f"  seconds a parcel, {parcels:,} against {of:,}", f"{growth:.2f}", f"<= {GROWTH}", met=growth <= GROWTH)


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


def _seconds(one: Measured) -> str:
    return ", ".join(f"{seconds:.1f} s" for seconds in one.steps.values())
