# SPDX-License-Identifier: GPL-2.0-or-later
"""What the faces ask a ledger for, read with SQLite so that looking needs none of the analysis packages."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ..core.errors import SourceError


def study_values(ledger: Path) -> dict[str, str]:
    """What the ledger says of the study it was made from: identifier, titles, headline scenario, synthetic or not."""
    return {row["key"]: row["value"] for row in _rows(ledger, "SELECT key, value FROM study")}


def outlook_rows(ledger: Path, scenario_id: str) -> list[dict[str, object]]:
    """Rows of the outlook under one scenario, areas in the order of their codes, without geometry."""
    rows = _rows(ledger, "SELECT * FROM outlook WHERE scenario_id = ? ORDER BY area_code", scenario_id)
    return [{name: row[name] for name in row.keys() if name not in ("fid", "geom")} for row in rows]  # noqa: SIM118


def outlook_levels(ledger: Path) -> list[str]:
    """Kinds of area that the outlook holds."""
    return [row["level"] for row in _rows(ledger, "SELECT DISTINCT level FROM outlook WHERE level IS NOT NULL")]


def profiles(ledger: Path) -> list[dict[str, str]]:
    """The rule profiles that land was screened by: identifier, titles, status and date."""
    return [dict(row) for row in _rows(ledger, "SELECT * FROM profiles ORDER BY fid")]


def extent(ledger: Path, table: str) -> tuple[float, float, float, float] | None:
    """West, south, east and north of what is drawn in a table, in degrees; None where nothing is."""
    column = _rows(ledger, "SELECT column_name FROM gpkg_geometry_columns WHERE table_name = ?", table)[0][0]
    query = f'SELECT min(minx), min(miny), max(maxx), max(maxy) FROM "rtree_{table}_{column}"'
    bounds = tuple(_rows(ledger, query)[0])
    return None if bounds[0] is None else bounds


def layer_names(ledger: Path) -> list[str]:
    """Names of all tables with rows for people, spatial or not."""
    contents = "SELECT table_name FROM gpkg_contents WHERE data_type IN ('features', 'attributes')"
    return [row["table_name"] for row in _rows(ledger, contents)]


def require_tables(ledger: Path, names: Iterable[str]) -> None:
    """Refuse a ledger that lacks tables, as one of an older version does."""
    present = layer_names(ledger)
    missing = [name for name in names if name not in present]
    if missing:
        raise SourceError(
            f"{ledger} lacks {', '.join(missing)}, because an older version of Yochi wrote it; run the outlook again."
        )


def bring_home_journal(ledger: Path) -> None:
    """Put what SQLite still holds in its journal into the file, so that the file alone is the whole ledger."""
    with _connection(ledger, "rw") as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _rows(ledger: Path, query: str, *values: object) -> list[sqlite3.Row]:
    with _connection(ledger, "ro") as connection:
        connection.row_factory = sqlite3.Row
        return connection.execute(query, values).fetchall()


@contextmanager
def _connection(ledger: Path, mode: str) -> Iterator[sqlite3.Connection]:
    if not ledger.is_file():
        raise SourceError(f"The ledger {ledger} is not there; choose another file or run the outlook first.")
    connection = sqlite3.connect(f"{ledger.resolve().as_uri()}?mode={mode}", uri=True)
    try:
        yield connection
    except sqlite3.DatabaseError as error:
        raise SourceError(f"{ledger} is not a ledger of Yochi ({error}); choose one that the outlook wrote.") from error
    finally:
        connection.close()
