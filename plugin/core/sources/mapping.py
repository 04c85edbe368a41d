# SPDX-License-Identifier: GPL-2.0-or-later
"""Mapping files: which column of a planner's own table is which column of a contract.

A mapping is a TOML file; every part may be left out::

    table = "sites"              # contract that the rows become
    sheet = "一覧"                # sheet of a workbook
    header_row = 3               # row of the headers, from 1
    encoding = "cp932"           # of a CSV; found out where it is left out
    delimiter = ";"              # of a CSV; found out where it is left out
    zone_system = "ksj-a29"      # system of the codes in the column zone
    [columns]                    # contract column = "header in the file"
    site_id = "番号"
    available_ha = "面積(㎡)"
    [units]                      # unit of the figures, where it is not that of the contract
    available_ha = "m2"
    [values.layer]               # value in the file = value of the contract
    "分譲中" = "idle_prepared"
    [constants]                  # the same value in every row
    status = "for_sale"
    [geometry]                   # lon and lat, or wkt, and their reference system
    lon = "経度"
    lat = "緯度"
    crs = "EPSG:6668"
    [years]                      # take-up with a column for each year
    columns = "auto"             # every header that is a year, or a list: ["R4", "R5"]
    value = "take_up_ha"         # contract column that the figures become
"""

from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pyproj

from ..contracts import INPUT_TABLES, TAKE_UP
from ..errors import SourceError
from ..resources import read_toml
from ..tables import Table
from . import zone_codes
from .cells import plain

_TYPES: dict[str, type | tuple[type, ...]] = {
    "table": str,
    "sheet": str,
    "header_row": int,
    "encoding": str,
    "delimiter": str,
    "zone_system": str,
    "columns": dict,
    "units": dict,
    "values": dict,
    "constants": dict,
    "geometry": dict,
    "years": dict,
}
_SCALARS = (str, int, float, datetime.date)
_INNER_TYPES: dict[str, type | tuple[type, ...]] = {
    "columns": str,
    "units": str,
    "values": dict,
    "constants": _SCALARS,
    "geometry": str,
    "years": (str, list),
}
_GEOMETRY_KEYS = ("lon", "lat", "wkt", "crs")
_YEARS_KEYS = ("columns", "value")
AUTO = "auto"
"""In place of a list of headers: all that are years."""
_TSUBO_M2 = 400 / 121
_UNITS: dict[str, dict[str, float]] = {
    "_ha": {"ha": 1, "m2": 1e-4, "㎡": 1e-4, "坪": _TSUBO_M2 / 1e4, "a": 0.01, "km2": 100},
    "_m2": {"m2": 1, "㎡": 1, "坪": _TSUBO_M2, "ha": 1e4},
    "_yen_m2": {"yen/m2": 1, "円/㎡": 1, "千円/㎡": 1e3, "円/坪": 1 / _TSUBO_M2, "千円/坪": 1e3 / _TSUBO_M2},
    "_years": {"years": 1, "年": 1, "months": 1 / 12, "か月": 1 / 12},
    "_probability": {"fraction": 1, "percent": 0.01, "%": 0.01},
}


@dataclass(frozen=True)
class ColumnMapping:
    """A mapping file that was found sound; `factors` turn figures into the contract's units."""

    path: Path | None = None
    table: str | None = None
    sheet: str | None = None
    header_row: int = 1
    encoding: str | None = None
    delimiter: str | None = None
    zone_system: str = zone_codes.NAME
    columns: Mapping[str, str] = field(default_factory=dict)
    factors: Mapping[str, float] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    geometry: Mapping[str, str] = field(default_factory=dict)
    years: Mapping[str, Any] = field(default_factory=dict)

    @property
    def renames(self) -> bool:
        """Whether columns are chosen by the mapping, and not by their own names."""
        return bool(self.columns)


def load(path: Path | None) -> ColumnMapping:
    """Read a mapping; without one the columns' own names decide.

    Raises
    ------
    SourceError
        The file is missing, no TOML, or names an unknown key, unit, system or contract.
    """
    if path is None:
        return ColumnMapping()
    raw = read_toml(path, "mapping", SourceError)
    _check_keys(path, "the file", raw, list(_TYPES))
    _check_types(path, raw)
    _check_keys(path, "[geometry]", raw.get("geometry", {}), _GEOMETRY_KEYS)
    _check_choice(path, "table", raw.get("table"), list(INPUT_TABLES))
    _check_choice(path, "zone_system", raw.get("zone_system"), zone_codes.systems())
    if raw.get("header_row", 1) < 1:
        raise SourceError(f"{path.name}: header_row is {raw['header_row']}; rows count from 1.")
    if len(raw.get("delimiter", ",")) != 1 or raw.get("delimiter") in ('"', "\r", "\n"):
        raise SourceError(f"{path.name}: delimiter is {raw['delimiter']!r}; use one character, such as a comma.")
    _check_crs(path, raw.get("geometry", {}).get("crs"))
    _check_years(path, raw.get("years", {}))
    factors = {column: _factor(path, column, unit) for column, unit in raw.pop("units", {}).items()}
    values = {column: _translations(path, column, pairs) for column, pairs in raw.pop("values", {}).items()}
    constants = {column: str(value) for column, value in raw.pop("constants", {}).items()}
    return ColumnMapping(path=path, factors=factors, values=values, constants=constants, **raw)


def _check_types(path: Path, raw: Mapping[str, Any]) -> None:
    for key, value in raw.items():
        _check_type(path, key, value, _TYPES[key])
        for name, inner in value.items() if isinstance(value, dict) else ():
            _check_type(path, f"[{key}] {name}", inner, _INNER_TYPES[key])


def _check_type(path: Path, place: str, value: object, types: type | tuple[type, ...]) -> None:
    if not _is(value, types):
        raise SourceError(f"{path.name}: {place} has a value of the wrong kind ({value!r}); see the example mapping.")


def _is(value: object, types: type | tuple[type, ...]) -> bool:
    # TOML's true is a number to Python
    return isinstance(value, types) and not isinstance(value, bool)


def _check_keys(path: Path, place: str, found: Mapping[str, object], allowed: Sequence[str]) -> None:
    for key in found:
        if key not in allowed:
            raise SourceError(f"{path.name}: {place} has the unknown key {key!r}; use one of {', '.join(allowed)}.")


def _check_choice(path: Path, key: str, value: str | None, allowed: Sequence[str]) -> None:
    if value is not None and value not in allowed:
        raise SourceError(f"{path.name}: {key} is {value!r}; use one of {', '.join(allowed)}.")


def _check_crs(path: Path, name: str | None) -> None:
    try:
        pyproj.CRS.from_user_input(name or "EPSG:6668")
    except pyproj.exceptions.CRSError as error:
        raise SourceError(f"{path.name}: crs is {name!r}, which is no reference system; write EPSG:6668.") from error


def _check_years(path: Path, years: Mapping[str, Any]) -> None:
    if not years:
        return
    _check_keys(path, "[years]", years, _YEARS_KEYS)
    figures = [column.name for column in TAKE_UP.columns if column.kind == "number" and column.name not in TAKE_UP.key]
    _check_choice(path, "[years] value", years.get("value", ""), figures)
    headers = years.get("columns", AUTO)
    if headers != AUTO and not (isinstance(headers, list) and all(isinstance(header, str) for header in headers)):
        raise SourceError(f'{path.name}: [years] columns is {headers!r}; write "{AUTO}" or a list of headers.')


def _factor(path: Path, column: str, unit: str) -> float:
    suffix = next((ending for ending in sorted(_UNITS, key=len, reverse=True) if column.endswith(ending)), None)
    if suffix is None:
        raise SourceError(f"{path.name}: [units] names {column}, which has no unit; leave it out.")
    if unit not in _UNITS[suffix]:
        raise SourceError(f"{path.name}: [units] {column} is {unit!r}; use one of {', '.join(_UNITS[suffix])}.")
    return _UNITS[suffix][unit]


def _translations(path: Path, column: str, pairs: Mapping[str, object]) -> dict[str, str]:
    for key, value in pairs.items():
        if not _is(value, _SCALARS):
            raise SourceError(f'{path.name}: [values.{column}] {key} is {value!r}; write lines like "値" = "code".')
    return {normal(key): str(value) for key, value in pairs.items()}


def normal(text: object) -> str:
    """Spelling by which headers and values are compared: half-width, without blanks around or line breaks."""
    return " ".join(unicodedata.normalize("NFKC", str(text)).split())


def check_against(mapping: ColumnMapping, table: Table, headers: Sequence[str], file_name: str) -> None:
    """Refuse a mapping that names a column which the contract, or the file, does not have."""
    if mapping.path is None:
        return
    name = mapping.path.name
    parts = {"columns": mapping.columns, "units": mapping.factors, "values": mapping.values}
    for part, columns in {**parts, "constants": mapping.constants}.items():
        for column in columns:
            if column not in table.column_names:
                known = ", ".join(table.column_names)
                raise SourceError(f"{name}: [{part}] names {column}, which {table.name} does not have; it has {known}.")
    places = {key: header for key, header in mapping.geometry.items() if key != "crs"}
    present = {normal(header) for header in headers}
    for column, header in {**mapping.columns, **places}.items():
        if normal(header) not in present:
            found = ", ".join(header for header in headers if header)
            raise SourceError(f'{name}: {column} = "{header}" is no header of {file_name}; it has {found}.')


def renamed(frame: pd.DataFrame, mapping: ColumnMapping) -> pd.DataFrame:
    """The contract's columns of a table, out of the file's; without a mapping all columns by their own names."""
    by_header = {normal(header): position for position, header in enumerate(frame.columns)}
    if mapping.renames:
        columns = {column: frame.iloc[:, by_header[normal(header)]] for column, header in mapping.columns.items()}
        shaped = pd.DataFrame(columns, index=frame.index)
    else:
        shaped = pd.DataFrame(frame.drop(columns=getattr(frame, "_geometry_column_name", None) or []))
        shaped.columns = pd.Index([normal(header) for header in shaped.columns])
    for column, pairs in mapping.values.items():
        if column in shaped.columns:
            texts = plain(shaped[column])
            shaped[column] = texts.map({normal(key): value for key, value in pairs.items()}).fillna(texts)
    for column, value in mapping.constants.items():
        shaped[column] = value
    return shaped
