# SPDX-License-Identifier: GPL-2.0-or-later
"""The ledger: one GeoPackage that holds every table.

Written beside its place and moved into it, so that an interrupted run leaves the old ledger whole. The version
is 1.2, because QGIS on an older GDAL warns about 1.4. Equal tables give equal bytes: rows are sorted by key and
the dates that GDAL would stamp are fixed.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio

from .. import contracts
from ..crs import JGD2011
from ..errors import YochiError
from . import geopackage

_FIXED_DATE = "2000-01-01T00:00:00Z"  # GDAL's stamp of the last change; the true date is no part of the tables
_SQLITE_MARK = b"SQLite format 3\x00"
_COMPANIONS = ("-wal", "-shm", "-journal")


def write(tables: Mapping[str, pd.DataFrame], path: Path) -> None:
    """Write all tables into one GeoPackage.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Layer name to table. GeoDataFrames are put into JGD2011 (EPSG:6668) with polygons as multipolygons; rows may
        lack geometry. A table of no rows is written with its columns. Contract tables are sorted by their key,
        others keep their order.
    path : Path
        The file, replaced as a whole if it is there.

    Raises
    ------
    YochiError
        The folder is missing or read-only, or the file is in use.
    """
    write_blocks([tables], path)


def write_blocks(blocks: Iterable[Mapping[str, pd.DataFrame]], path: Path) -> None:
    """Write tables that come block by block, in the order of their keys, so that none has to be whole in memory.

    Parameters
    ----------
    blocks : iterable of mapping of str to DataFrame
        The same tables in each, as `write` takes them.
    path : Path
        The file, replaced as a whole if it is there.

    Raises
    ------
    YochiError
        As `write`; or a block has geometry of another kind than the first.
    """
    placed = ({name: _placed(_sorted(table, name)) for name, table in block.items()} for block in blocks)
    with replace(path) as draft, _fixed_date():
        geopackage.write(placed, draft)


def read_table(path: Path, name: str) -> pd.DataFrame:
    """Read one table of a ledger: a GeoDataFrame where it has geometry, else a DataFrame.

    Raises
    ------
    YochiError
        The file is not there or is no ledger.
    """
    if not path.is_file():
        raise YochiError(f"The ledger {path} is not there; run the outlook first.")
    try:
        table = pyogrio.read_dataframe(path, layer=name)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise YochiError(f"{path} is no ledger of Yochi: it has no table {name}.") from error
    contract = contracts.TABLES.get(name)
    return table if contract is None else contracts.conform(table, contract)


@contextmanager
def replace(path: Path) -> Iterator[Path]:
    """Give a draft of the same file name in a folder beside `path`, and move it there if all goes well.

    The file name stays, because the layer sources of a project stored in a ledger contain it. After an error or an
    interruption the old file is as it was and the draft is gone.

    Raises
    ------
    YochiError
        The folder is missing or read-only, or the file is in use.
    """
    _refuse_if_in_use(path)
    folder = _folder_beside(path)
    try:
        yield folder / path.name
        _move(folder / path.name, path)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _folder_beside(path: Path) -> Path:
    if not path.parent.is_dir():
        raise YochiError(f"The folder {path.parent} is not there; make it or choose another place for {path.name}.")
    try:
        return Path(tempfile.mkdtemp(prefix=f".{path.stem}-", dir=path.parent))
    except OSError as error:
        raise YochiError(
            f"Nothing can be written in the folder {path.parent} ({error.strerror}); "
            f"choose another place for {path.name}."
        ) from error


def _move(draft: Path, path: Path) -> None:
    _refuse_if_in_use(path)
    try:
        draft.replace(path)
    except PermissionError as error:
        raise YochiError(f"{path} is open in another program; close it there and run again.") from error
    for suffix in _COMPANIONS:
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _refuse_if_in_use(path: Path) -> None:
    """Refuse while another program is writing; what it has written is first brought home from its journal."""
    if not _is_sqlite(path):
        return
    try:
        connection = sqlite3.connect(path, timeout=1, isolation_level=None)
        try:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise YochiError(
                f"{path} is being edited in another program; save and close it there, then run again."
            ) from error
    except sqlite3.DatabaseError:
        return  # a damaged file is not in use; it is about to be replaced


def _is_sqlite(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(_SQLITE_MARK)) == _SQLITE_MARK


def _sorted(table: pd.DataFrame, name: str) -> pd.DataFrame:
    contract = contracts.TABLES.get(name)
    if contract is None:
        return table
    by = [column for column in contract.key or contract.column_names if column in table.columns]
    return table.sort_values(by, kind="stable", na_position="last", ignore_index=True) if by else table


def _placed(table: pd.DataFrame) -> pd.DataFrame:
    """A table in JGD2011, if it has geometry."""
    if not isinstance(table, gpd.GeoDataFrame):
        return table
    return table.set_crs(JGD2011) if table.crs is None and table.geometry.isna().all() else table.to_crs(JGD2011)


@contextmanager
def _fixed_date() -> Iterator[None]:
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _FIXED_DATE})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})
