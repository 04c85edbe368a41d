# SPDX-License-Identifier: GPL-2.0-or-later
"""A planner's own table of sites, pipeline projects, take-up, ...: CSV or XLSX, with a mapping or canonical headers."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import shapely

from ..contracts import INPUT_TABLES, TABLES
from ..crs import JGD2011
from ..errors import SourceError
from . import canonical, cells, spreadsheet, years_across
from . import mapping as mappings
from .mapping import ColumnMapping
from .reading import FixList, Reading, Request, conclude

FORMAT = "table"


def read(request: Request) -> Reading:
    """Read the rows as the contract that the request, the mapping or the headers name."""
    mapping = mappings.load(request.mapping)
    lost = FixList(request.source_id)
    rows, rows_read = spreadsheet.read(request.path, mapping, request.layer, lost)
    request.progress.report(0.4, request.path.name)
    if not mapping.years:
        return _concluded(rows, mapping, request, lost, {}, rows_read)
    cells, mapping = years_across.unfolded(rows, mapping, request.path.name)
    fixes = FixList(request.source_id, cells[["source_row", "heading"]])
    # what was lost before the years were unfolded is known by its row, and the others by their cell
    before = {} if lost.frame().empty else {"row": lost}
    cells_read = rows_read - len(rows) + len(cells)
    return _concluded(cells.drop(columns="heading"), mapping, request, fixes, before, cells_read)


def _concluded(
    rows: pd.DataFrame,
    mapping: ColumnMapping,
    request: Request,
    fixes: FixList,
    before: dict[str, FixList],
    rows_read: int,
) -> Reading:
    name = _contract(request, mapping, [str(header) for header in rows.columns])
    frame, crs = shaped(rows, name, request, mapping, fixes)
    settled = canonical.settle(
        frame, TABLES[name], fixes, mapping=mapping, basis=request.basis, source_id=request.source_id
    )
    lists = {name: fixes, **before}
    return conclude(request, FORMAT, {name: settled}, lists, rows_read=rows_read, facts={"crs": crs})


def shaped(
    rows: pd.DataFrame, name: str, request: Request, mapping: ColumnMapping, fixes: FixList
) -> tuple[pd.DataFrame, str | None]:
    """Columns by the names of a contract, with geometry where columns give one; and its reference system."""
    headers = [str(header) for header in rows.columns]
    columns = _geometry_columns(mapping, headers)
    mappings.check_against(mapping, TABLES[name], headers, request.path.name)
    frame = mappings.renamed(rows, mapping)
    if isinstance(rows, gpd.GeoDataFrame):
        return gpd.GeoDataFrame(frame, geometry=rows.geometry.to_numpy(), crs=rows.crs), None
    if not columns:
        return frame, None
    crs, label = _system(request, mapping, columns)
    shapes = _from_wkt(rows, columns, fixes) if "wkt" in columns else _from_lon_lat(rows, columns, fixes)
    own = [] if mapping.renames else list(columns.values())
    return gpd.GeoDataFrame(frame.drop(columns=own), geometry=shapes.to_numpy(), crs=crs), label


def _contract(request: Request, mapping: ColumnMapping, headers: list[str]) -> str:
    columns = [*mapping.columns, *mapping.constants] if mapping.renames else [*headers, *mapping.constants]
    name = request.table or mapping.table or canonical.table_of(columns)
    if name is None:
        allowed = ", ".join(INPUT_TABLES)
        raise SourceError(
            f"{request.path.name} does not say what its rows are (columns {', '.join(headers)}); "
            f"give a mapping file, or name the table ({allowed})."
        )
    return name


def _geometry_columns(mapping: ColumnMapping, headers: list[str]) -> dict[str, str]:
    """Headers of the columns that give the geometry."""
    columns = {key: mappings.normal(header) for key, header in mapping.geometry.items() if key != "crs"}
    if not columns and not mapping.renames:
        own = {key: key for key in ("lon", "lat", "wkt") if key in headers}
        columns = own if "wkt" in own or len(own) == 2 else {}
    if "wkt" in columns:
        return {"wkt": columns["wkt"]}
    if len(columns) == 1:
        raise SourceError(f"{mapping.path and mapping.path.name}: [geometry] needs both lon and lat, or wkt.")
    return columns


def _system(request: Request, mapping: ColumnMapping, columns: dict[str, str]) -> tuple[str, str]:
    if crs := mapping.geometry.get("crs"):
        return crs, f"{crs} (named by the mapping)"
    if "wkt" in columns:
        raise SourceError(
            f"{request.path.name} has shapes but no reference system; set crs under [geometry] in a mapping."
        )
    return JGD2011, f"{JGD2011} (assumed: longitude and latitude without a reference system)"


def _from_wkt(rows: pd.DataFrame, columns: dict[str, str], fixes: FixList) -> gpd.GeoSeries:
    texts = rows[columns["wkt"]]
    shapes = gpd.GeoSeries(shapely.from_wkt(texts.to_numpy(dtype="object"), on_invalid="ignore"), index=rows.index)
    bad = texts.notna() & shapes.isna()
    fixes.warn(
        rows.index[bad], columns["wkt"], texts[bad].str[:80], "is not WKT; the row has no geometry", "correct it"
    )
    return shapes


def _from_lon_lat(rows: pd.DataFrame, columns: dict[str, str], fixes: FixList) -> gpd.GeoSeries:
    coordinates = {}
    for axis in ("lon", "lat"):
        stated = rows[columns[axis]]
        coordinates[axis], bad = cells.numbers(stated)
        fixes.warn(rows.index[bad], columns[axis], stated[bad], "is not a coordinate", "write decimal degrees")
    lon, lat = coordinates["lon"], coordinates["lat"]
    return gpd.GeoSeries(shapely.points(lon, lat), index=rows.index).where(lon.notna() & lat.notna(), None)
