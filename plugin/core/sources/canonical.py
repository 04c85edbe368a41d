# SPDX-License-Identifier: GPL-2.0-or-later
"""From columns with a contract's names to rows that keep the contract, and a line for every cell that did not.

A bad cell becomes unknown with a warning; a row whose key, required value or geometry cannot be used is rejected.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import geopandas as gpd
import pandas as pd

from ..contracts import INPUT_TABLES, TABLES, conform
from ..errors import SourceError
from ..provenance import UNKNOWN
from ..tables import Column, Fault, Table, faults
from . import area_codes, cells, shapes, zone_codes
from .mapping import ColumnMapping
from .reading import FixList

COUNTRY_HA = 37_797_500.0
"""Area of Japan, 国土地理院 全国都道府県市区町村別面積調 (2024): 377,975 km2."""

SUPPRESSED_SIGNS = ("X", "x", "χ", "秘")
_FIGURES_WITH_BASIS = {"sites": ("gross", "available")}
_LEAD_TIMES = ("lead_time_min_years", "lead_time_mode_years", "lead_time_max_years")
_ERROR_CELLS = ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!")


def settle(
    frame: pd.DataFrame, table: Table, fixes: FixList, *, mapping: ColumnMapping, basis: str, source_id: str
) -> pd.DataFrame:
    """Conform a frame to a contract, whatever its cells hold.

    Parameters
    ----------
    frame : DataFrame or GeoDataFrame
        Columns by the contract's names; the index is the number of the row in the file.
    table : Table
        The contract.
    fixes : FixList
        Takes what is wrong.
    mapping : ColumnMapping
        Factors of units and the system of zoning codes.
    basis, source_id : str
        For rows that do not state their own.

    Raises
    ------
    SourceError
        A required column is missing altogether.
    """
    _require_columns(frame, table, source_id)
    shaped = frame.copy()
    if table.name == "take_up":
        shaped = _suppressed(shaped)
    if table.name == "zones":
        shaped = _zones_from_codes(shaped, mapping)
    for column in table.columns:
        if column.name in shaped.columns:
            values, factor = shaped[column.name], mapping.factors.get(column.name, 1.0)
            shaped[column.name] = _cells(values, column, fixes, factor=factor, zone_system=mapping.zone_system)
    if isinstance(shaped, gpd.GeoDataFrame):
        shaped = shaped.set_geometry(_drawn(shaped.geometry, table, fixes))
    if table.name == "sites":
        shaped = _with_ordered_lead_times(shaped, fixes)
    shaped = _with_provenance(shaped, table, basis=basis, source_id=source_id)
    return conform(_without_faults(shaped, table, fixes), table)


def table_of(columns: list[str]) -> str | None:
    """The contract whose required columns these are; of several the one that knows most of them."""
    present = set(columns)
    fitting = [name for name in INPUT_TABLES if TABLES[name].needed <= present]
    return max(fitting, key=lambda name: len(present & set(TABLES[name].column_names)), default=None)


def _require_columns(frame: pd.DataFrame, table: Table, source_id: str) -> None:
    derivable = {"zone"} if {"code", "code_system"} <= set(frame.columns) else set()
    required = {column.name for column in table.columns if column.required} - derivable
    missing = sorted(required - set(frame.columns))
    if missing:
        raise SourceError(
            f"{source_id} has no column {missing[0]}, which {table.name} needs; "
            f"name it in a mapping file (columns found: {', '.join(map(str, frame.columns))})."
        )


def _cells(
    values: pd.Series, column: Column, fixes: FixList, *, factor: float = 1.0, zone_system: str = zone_codes.NAME
) -> pd.Series:
    """One column in the contract's terms, with a warning for each cell that has none."""
    values = _without_error_cells(values, fixes)
    if column.name == "area_code":
        return area_codes.areas(values, fixes)
    if column.name == "pref_code":
        return area_codes.prefectures(values, fixes)
    if column.name in ("muni_code", "muni_code_stated"):
        return area_codes.municipalities(values, fixes)
    if column.code_list is None and column.kind == "text":
        return cells.as_text(values)
    found, bad = _understood(values, column, zone_system)
    remedy = "write the figure in digits" if column.kind != "text" else f"use a code of {column.code_list}"
    if column.default is not None:
        # what is missing has a meaning there, which a value that is not understood must not take
        fixes.reject(values.index[bad], column.name, values[bad], "is not understood", remedy)
    else:
        fixes.warn(values.index[bad], column.name, values[bad], "is not understood and taken as unknown", remedy)
    found = found * factor if factor != 1.0 else found
    return _possible(found, values, fixes) if column.name.endswith("_ha") else found


def _possible(hectares: pd.Series[float], values: pd.Series, fixes: FixList) -> pd.Series[float]:
    """Hectares that the country has room for."""
    wrong = hectares > COUNTRY_HA
    problem, remedy = "is more land than the whole country has and taken as unknown", "check the figure and its unit"
    fixes.warn(values.index[wrong], str(values.name), values[wrong], problem, remedy)
    return hectares.mask(wrong)


def _understood(values: pd.Series, column: Column, zone_system: str) -> tuple[pd.Series, pd.Series[bool]]:
    if column.code_list == "zones":
        texts = cells.plain(values)
        found = zone_codes.zones(texts, zone_system)
        if zone_system != zone_codes.NAME:
            found = found.fillna(zone_codes.zones(texts, zone_codes.NAME))
        return found, texts.notna() & found.isna()
    if column.code_list is not None:
        return cells.listed(values, column.code_list)
    if column.name == "year" or column.name.endswith("_year"):
        return cells.years(values)
    found, bad = cells.numbers(values)
    if column.kind == "integer":
        fraction = found.notna() & (found % 1 != 0)
        return found.mask(fraction), bad | fraction
    return found, bad


def _without_error_cells(values: pd.Series, fixes: FixList) -> pd.Series:
    if values.dtype != "object":
        return values
    wrong = cells.as_text(values).isin(_ERROR_CELLS)
    fixes.warn(values.index[wrong], str(values.name), values[wrong], "is an error of the spreadsheet", "mend the cell")
    return values.where(~wrong, None)


def _suppressed(frame: pd.DataFrame) -> pd.DataFrame:
    """Where the publisher wrote X the cell is suppressed: not nothing, and not a mistake."""
    hidden = pd.Series(False, index=frame.index)
    for name in ("take_up_ha", "cases"):
        if name in frame.columns:
            crossed = cells.plain(frame[name]).isin(SUPPRESSED_SIGNS)
            frame[name] = frame[name].mask(crossed, None)
            hidden |= crossed & (name == "take_up_ha")
    stated = (
        frame["suppressed"] if "suppressed" in frame.columns else pd.Series(None, index=frame.index, dtype="object")
    )
    return frame.assign(suppressed=stated.astype("object").mask(hidden, "yes"))


def _zones_from_codes(frame: pd.DataFrame, mapping: ColumnMapping) -> pd.DataFrame:
    """Zones out of codes, row by row in the system that the row or the mapping names."""
    if mapping.zone_system != zone_codes.NAME and "code" not in frame.columns and "zone" in frame.columns:
        return frame.assign(code=frame["zone"], code_system=mapping.zone_system)
    if "zone" in frame.columns or not {"code", "code_system"} <= set(frame.columns):
        return frame
    zone = pd.Series(None, index=frame.index, dtype="object")
    for system, rows in frame.groupby("code_system"):
        zone[rows.index] = zone_codes.zones(cells.plain(rows["code"]), str(system))
    # an unknown code stays in sight as the value that is not understood
    return frame.assign(zone=zone.fillna(frame["code"]))


def _drawn(geometry: gpd.GeoSeries, table: Table, fixes: FixList) -> gpd.GeoSeries:
    if table.shape != "polygon":
        return shapes.drawn_as(table.shape, geometry, fixes)
    if table.geometry == "required":
        return shapes.polygons(geometry, fixes, required=True)
    # a row that is not drawn lacks nothing here
    drawn = shapes.polygons(geometry[shapes.present(geometry)], fixes, required=False, or_points=True)
    return drawn.reindex(geometry.index)


def _with_ordered_lead_times(frame: pd.DataFrame, fixes: FixList) -> pd.DataFrame:
    """Lead times that run from the shortest to the longest; where they do not, nobody knows which one is wrong."""
    stated = frame[[name for name in _LEAD_TIMES if name in frame.columns]]
    disordered = stated.lt(stated.cummax(axis=1)).any(axis=1)
    values = stated[disordered].astype("object").apply(lambda row: " / ".join(map(str, row.dropna())), axis=1)
    problem = "are not in order from the shortest to the longest and taken as unknown"
    fixes.warn(frame.index[disordered], "lead_time_*_years", values, problem, "write shortest, likeliest, longest")
    return frame.assign(**{name: values.mask(disordered) for name, values in stated.items()})


def _with_provenance(frame: pd.DataFrame, table: Table, *, basis: str, source_id: str) -> pd.DataFrame:
    """Fill in where a row comes from; what the row states itself stays."""
    filled = {
        "basis": basis,
        "source_id": source_id,
        "source_row": pd.Series(frame.index, index=frame.index),
    }
    known = {name: value for name, value in filled.items() if name in table.column_names}
    for name, value in known.items():
        default = value if isinstance(value, pd.Series) else pd.Series(value, index=frame.index, dtype="object")
        frame[name] = frame[name].where(frame[name].notna(), default) if name in frame.columns else default
    for figure in _FIGURES_WITH_BASIS.get(table.name, ()):
        if f"{figure}_ha" in frame.columns:
            frame[f"{figure}_basis"] = _figure_basis(frame, figure)
    return frame


def _figure_basis(frame: pd.DataFrame, figure: str) -> pd.Series[str]:
    """Basis of a figure: the row's own, or unknown where the table has a place for it and nothing in it.

    Also where the site is drawn: the area of a polygon is not what its owner would sell. Only a table without the
    column leaves it to be measured.
    """
    default = frame["basis"].where(frame[f"{figure}_ha"].notna(), UNKNOWN)
    stated = frame.get(f"{figure}_basis", pd.Series(None, index=frame.index, dtype="object"))
    return stated.where(stated.notna(), default)


def _without_faults(frame: pd.DataFrame, table: Table, fixes: FixList) -> pd.DataFrame:
    """Rows that keep the contract: optional cells are blanked, other faults cost the row."""
    frame = frame.drop(index=frame.index.intersection(fixes.rejected))
    optional = {column.name for column in table.columns if not column.required}
    for name, found in _by_column(faults(frame, replace(table, key=()))).items():
        beside = [fault for fault in found if name in optional and fault.value is not None]
        costly = [fault for fault in found if fault not in beside]
        _report(fixes.warn, name, beside)
        frame.loc[_rows(beside), name] = None
        _report(fixes.reject, name, costly)
    frame = frame.drop(index=frame.index.intersection(fixes.rejected))
    for name, found in _by_column(faults(frame, table)).items():
        _report(fixes.reject, name, found)
    return frame.drop(index=frame.index.intersection(fixes.rejected))


def _by_column(found: list[Fault]) -> dict[str, list[Fault]]:
    columns: dict[str, list[Fault]] = {}
    for fault in found:
        columns.setdefault(fault.column, []).append(fault)
    return columns


def _report(report: Callable[..., None], name: str, found: list[Fault]) -> None:
    if found:
        problems = [fault.problem for fault in found]
        report(_rows(found), name, [fault.value for fault in found], problems, found[0].remedy)


def _rows(found: list[Fault]) -> pd.Index[int]:
    return pd.Index([fault.row for fault in found], dtype="int64")
