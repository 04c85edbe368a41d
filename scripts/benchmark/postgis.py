# SPDX-License-Identifier: GPL-2.0-or-later
"""The same questions in PostGIS, in a cluster of its own that lasts as long as the process.

`python -m benchmark.postgis FOLDER OUTPUT plain` asks in the usual way: a lateral subquery a layer, GiST indexes, the
nearest through `<->`, the coastline subdivided as PostGIS's manual advises. The planner may use parallel workers as it
likes, but PostgreSQL up to 16 does not for such subqueries; with `parallel` in place of `plain` they are wrapped in
functions that are declared parallel safe, and then it does.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from .contender import Steps, report, timed

LAYERS = ("sites", "zones", "port_zones", "coastline", "reclaimed", "designations", "wells")
COAST_PIECE_VERTICES = 8  # the quickest of 8, 20, 50 and whole lines
SETTINGS = {
    "listen_addresses": "",
    # nothing here has to outlive a crash
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "512MB",
    "work_mem": "256MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "4GB",
    "jit": "off",  # compiling takes longer than it saves here
}
START_SECONDS = 60

_PREPARE = f"""
create unlogged table coast as select ST_Subdivide(geom, {COAST_PIECE_VERTICES}) as geom from coastline;
create index on coast using gist (geom);
create unlogged table drinking as select geom from wells where use = 'drinking';
create index on drinking using gist (geom);
create unlogged table exclusive as select geom from zones where zone = 'exclusive_industrial';
create index on exclusive using gist (geom);
vacuum analyze;
"""

_OVERLAP = """
select coalesce(sum(case when ST_CoveredBy(parcel, o.geom) then ST_Area(parcel)
                         else ST_Area(ST_Intersection(parcel, o.geom)) end), 0)
from {layer} o where ST_Intersects(parcel, o.geom)"""

_NEAREST = """
select parcel <-> o.geom from {layer} o order by parcel <-> o.geom limit 1"""

_ANSWERS = {
    "exclusive_area": _OVERLAP.format(layer="exclusive"),
    "port_zones_area": _OVERLAP.format(layer="port_zones"),
    "reclaimed_area": _OVERLAP.format(layer="reclaimed"),
    "designations_area": _OVERLAP.format(layer="designations"),
    "coast_distance": _NEAREST.format(layer="coast"),
    "well_distance": _NEAREST.format(layer="drinking"),
}


def missing() -> str | None:
    """What is missing to measure against PostGIS, in one sentence; None where nothing is."""
    wanted = "PostGIS is left out: it takes PostgreSQL with PostGIS and ogr2ogr (Debian: postgresql postgis gdal-bin)."
    programs = _programs()
    if programs is None or not shutil.which("ogr2ogr"):
        return wanted
    shared = Path(f"/usr/share/postgresql/{programs.parent.name}/extension/postgis.control")
    return None if shared.is_file() else wanted


def screen(folder: Path, output: Path, steps: Steps, host: Path, *, parallel: bool = False) -> None:
    """Load the files, ask, and write the parcels with their answers; columns as in `_ANSWERS`."""
    source = f"PG:host={host} user=yochi dbname=postgres"
    for layer in LAYERS:
        options = ["-lco", "GEOMETRY_NAME=geom", "-lco", "UNLOGGED=YES", "--config", "PG_USE_COPY", "YES"]
        _run("ogr2ogr", "-f", "PostgreSQL", source, f"{folder / layer}.gpkg", layer, *options)
    _ask(host, _PREPARE)
    steps.done("load")
    _ask(host, _parallel_query() if parallel else _plain_query())
    steps.done("ask")
    _run("ogr2ogr", "-f", "GPKG", str(output), source, "screened", "-nln", "sites")
    steps.done("write")


def _plain_query() -> str:
    columns = ", ".join(f"{name}.answer as {name}" for name in _ANSWERS)
    joins = " ".join(
        f"cross join lateral ({query.replace('parcel', 's.geom')}) {name}(answer)" for name, query in _ANSWERS.items()
    )
    return f"create unlogged table screened as select s.*, {columns} from sites s {joins};"


def _parallel_query() -> str:
    functions = [
        f"create function {name}_of(parcel geometry) returns float8 language sql stable parallel safe as $${query}$$;"
        for name, query in _ANSWERS.items()
    ]
    columns = ", ".join(f"{name}_of(s.geom) as {name}" for name in _ANSWERS)
    return "".join(functions) + f"create unlogged table screened as select s.*, {columns} from sites s;"


@contextmanager
def cluster() -> Iterator[Path]:
    """A new cluster with PostGIS; gives the folder of its socket, and takes everything away at the end."""
    programs = _programs()
    assert programs is not None, missing()
    # PostgreSQL refuses to run as root
    user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    home = Path(tempfile.mkdtemp(prefix="yochi-postgis-"))
    try:
        if user:
            shutil.chown(home, "postgres", "postgres")
        data = home / "data"
        initialise = [programs / "initdb", "-D", data, "-A", "trust", "-U", "yochi", "-E", "UTF8", "--no-locale", "-N"]
        subprocess.run(initialise, check=True, stdout=subprocess.DEVNULL, cwd=home, **user)
        settings = [f"--{name}={value}" for name, value in SETTINGS.items()]
        with (home / "log").open("wb") as log:
            command = [programs / "postgres", "-D", data, "-k", home, *settings]
            server = subprocess.Popen(command, stdout=log, stderr=log, cwd=home, **user)
        try:
            _wait(programs, home)
            _ask(home, "create extension postgis;")
            yield home
        finally:
            server.send_signal(signal.SIGINT)  # a fast shutdown
            server.wait()
    finally:
        shutil.rmtree(home)


def _wait(programs: Path, host: Path) -> None:
    give_up = time.monotonic() + START_SECONDS
    while subprocess.run([programs / "pg_isready", "-q", "-h", host], check=False).returncode != 0:
        if time.monotonic() > give_up:
            raise RuntimeError("PostgreSQL does not answer: " + (host / "log").read_text(encoding="utf-8"))
        time.sleep(0.05)


def _ask(host: Path, statements: str) -> None:
    programs = _programs()
    assert programs is not None, missing()
    options = ["-h", str(host), "-U", "yochi", "-d", "postgres", "-q", "-X", "-v", "ON_ERROR_STOP=1"]
    subprocess.run([programs / "psql", *options], input=statements, text=True, check=True, stdout=subprocess.DEVNULL)


def _run(*command: str) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def _programs() -> Path | None:
    """The folder of the newest PostgreSQL's programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    return next((path for path in reversed(found) if (path / "initdb").is_file()), None)


def main() -> None:
    """Measure PostGIS; starting and stopping the cluster is not counted, for a planner has one."""
    *places, way = sys.argv[1:]
    with cluster() as host:
        steps = timed(partial(screen, host=host, parallel=way == "parallel"), places)
    report(steps)  # the memory of the server is known once it has ended


if __name__ == "__main__":
    main()
