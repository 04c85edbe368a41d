# SPDX-License-Identifier: GPL-2.0-or-later
"""What a table contract is, and how a frame is held against one.

The contracts themselves are in `contracts.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from .crs import is_on_earth
from .errors import ContractError
from .resources import codes

Kind = Literal["text", "number", "integer"]
DTYPES: dict[Kind, str] = {"text": "object", "number": "float64", "integer": "Int64"}


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    name : str
        Its name; the unit is part of it.
    kind : {"text", "number", "integer"}
        Codes, dates (ISO 8601) and keys are text; hectares, metres and years are numbers.
    required : bool
        Whether every row must have a value.
    code_list : str or None
        The file under `resources/codes/` whose codes are allowed.
    minimum : float or None
        The least value that makes sense.
    title : str
        What it says, for people.
    maximum : float or None
        The largest value that makes sense.
    default : str or None
        What a missing value means, in the few columns where it is not unknown.
    """

    name: str
    kind: Kind = "text"
    required: bool = False
    code_list: str | None = None
    minimum: float | None = None
    title: str = ""
    maximum: float | None = None
    default: str | None = None


@dataclass(frozen=True)
class Table:
    """One table: its columns in order, its key, and whether it carries geometry."""

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    geometry: Literal["none", "optional", "required"] = "none"
    shape: Literal["polygon", "line", "point"] = "polygon"
    """What is drawn. A point in place of a polygon says where, not how much, and passes where geometry is optional."""
    either: tuple[str, ...] = field(default=())
    """Columns (or "geometry") of which every row needs at least one."""

    @property
    def column_names(self) -> list[str]:
        """Names of the columns, in order, without the geometry."""
        return [column.name for column in self.columns]

    @property
    def stated_key(self) -> set[str]:
        """Columns of the key that a table must have, for nothing stands in where they are missing."""
        return {name for name in self.key if self[name].default is None}

    @property
    def needed(self) -> set[str]:
        """Columns that a table must have to be this one."""
        return self.stated_key | {column.name for column in self.columns if column.required}

    def __getitem__(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


@dataclass(frozen=True)
class Fault:
    """One way in which a frame breaks a contract. `row` is a label of the frame's index, or None for all."""

    row: object | None
    column: str
    value: object
    problem: str
    remedy: str

    def __str__(self) -> str:
        where = f"column {self.column}" if self.row is None else f"row {self.row}, column {self.column}"
        return f"{where}: {self.problem}; {self.remedy}."


def faults(frame: pd.DataFrame, table: Table) -> list[Fault]:
    """All ways in which a frame breaks a contract.

    Parameters
    ----------
    frame : DataFrame or GeoDataFrame
        Any columns beyond the contract's are left alone.
    table : Table
        The contract.

    Returns
    -------
    list of Fault
        Empty where the frame keeps it. A missing column is one fault; a bad value is one fault a row.
    """
    found: list[Fault] = []
    for column in table.columns:
        if column.name in frame.columns:
            found += _value_faults(frame[column.name], column)
        elif column.required:
            found.append(Fault(None, column.name, None, "is missing", "add it or map another column to it"))
    found += _geometry_faults(frame, table) + _either_faults(frame, table) + _key_faults(frame, table)
    return found


def validate(frame: pd.DataFrame, table: Table) -> None:
    """Raise one ContractError that lists every fault, or return where there is none."""
    if found := faults(frame, table):
        shown = [str(fault) for fault in found[:50]]
        if len(found) > len(shown):
            shown.append(f"and {len(found) - len(shown)} more.")
        raise ContractError(f"Table {table.name} cannot be used: " + " ".join(shown))


def conform(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Give a frame the contract's columns, types and order; what is missing becomes unknown.

    Columns beyond the contract are kept, after it. The index is kept. Geometry stays the active geometry.

    Raises
    ------
    ContractError
        A value cannot be turned into the column's type, or the frame breaks the contract otherwise.
    """
    validate(frame, table)
    shaped = frame.copy()
    for column in table.columns:
        values = shaped[column.name] if column.name in shaped else pd.Series(None, index=shaped.index, dtype="object")
        shaped[column.name] = _typed(values, column)
    extra = [name for name in shaped.columns if name not in table.column_names and name != _geometry_name(shaped)]
    ordered = [*table.column_names, *extra]
    if isinstance(shaped, gpd.GeoDataFrame) and _geometry_name(shaped):
        return shaped[[*ordered, _geometry_name(shaped)]]
    return pd.DataFrame(shaped)[ordered]


def empty(table: Table, crs: object = None) -> pd.DataFrame:
    """A frame of no rows with the contract's columns (and a geometry where the table has one)."""
    columns = {column.name: pd.Series([], dtype=DTYPES[column.kind]) for column in table.columns}
    if table.geometry == "none":
        return pd.DataFrame(columns)
    return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries([], crs=crs), crs=crs)


def _geometry_name(frame: pd.DataFrame) -> str | None:
    return getattr(frame, "_geometry_column_name", None)


def _typed(values: pd.Series, column: Column) -> pd.Series:
    if column.kind == "text":
        present = values.notna()
        text = values.astype("object").where(present, column.default)
        if pd.api.types.infer_dtype(values, skipna=True) in ("string", "empty"):
            return text
        return text.map(lambda value: value if value is None else str(value))
    numbers = pd.to_numeric(values, errors="raise")
    return numbers.astype(DTYPES[column.kind])


def _value_faults(values: pd.Series, column: Column) -> list[Fault]:
    found = []
    blank = _blank(values)
    if column.required:
        remedy = "fill it in"
        found += [Fault(row, column.name, None, "is empty", remedy) for row in values.index[blank]]
    present = values[~blank]
    if column.code_list is not None:
        allowed = codes(column.code_list)
        wrong = present[~present.isin(allowed)]
        remedy = "use one of " + ", ".join(allowed)
        found += [Fault(row, column.name, value, f"unknown code {value!r}", remedy) for row, value in wrong.items()]
    if column.kind != "text":
        found += _number_faults(present, column)
    return found


def _blank(values: pd.Series) -> pd.Series:
    """Whether each cell has nothing in it; an empty text is nothing."""
    missing = values.isna()
    return missing | (values == "") if values.dtype == "object" else missing


def _number_faults(present: pd.Series, column: Column) -> list[Fault]:
    numbers = pd.to_numeric(present, errors="coerce").astype("float64").mask(_truths(present))
    bad = ~np.isfinite(numbers)
    found = [
        Fault(row, column.name, value, f"{value!r} is not a number", "write digits only")
        for row, value in present[bad].items()
    ]
    checks = []
    if column.kind == "integer":
        checks.append((~bad & (numbers % 1 != 0), "is not a whole number", "write a whole number"))
    if column.minimum is not None:
        checks.append((numbers < column.minimum, "is too small", f"use {column.minimum:g} or more"))
    if column.maximum is not None:
        checks.append((numbers > column.maximum, "is too large", f"use {column.maximum:g} or less"))
    for wrong, problem, remedy in checks:
        rows = present[wrong]
        found += [Fault(row, column.name, value, f"{value} {problem}", remedy) for row, value in rows.items()]
    return found


def _truths(values: pd.Series) -> pd.Series:
    """Whether each value is True or False, which are no numbers although they can be counted."""
    if values.dtype == "object":
        return values.map(lambda value: isinstance(value, bool | np.bool_)).astype(bool)
    return pd.Series(pd.api.types.is_bool_dtype(values), index=values.index)


def _has_geometry(frame: pd.DataFrame) -> pd.Series:
    name = _geometry_name(frame)
    if not isinstance(frame, gpd.GeoDataFrame) or name is None or name not in frame.columns:
        return pd.Series(False, index=frame.index)
    shapes = frame.geometry.to_numpy()
    return pd.Series(~(shapely.is_missing(shapes) | shapely.is_empty(shapes)), index=frame.index)


def _geometry_faults(frame: pd.DataFrame, table: Table) -> list[Fault]:
    found = []
    present = _has_geometry(frame)
    if table.geometry == "required":
        remedy = "draw it or leave the row out"
        found += [Fault(row, "geometry", None, "has no geometry", remedy) for row in frame.index[~present]]
    if isinstance(frame, gpd.GeoDataFrame) and present.any() and not is_on_earth(frame.crs):
        remedy = "set the reference system of the layer"
        found.append(Fault(None, "geometry", None, "has no coordinate reference system", remedy))
    return found


def _either_faults(frame: pd.DataFrame, table: Table) -> list[Fault]:
    if not table.either or frame.empty:
        return []
    present = pd.Series(False, index=frame.index)
    for name in table.either:
        if name == "geometry":
            present |= _has_geometry(frame)
        elif name in frame.columns:
            present |= ~_blank(frame[name])
    remedy = "give at least one of them"
    problem = "has neither " + " nor ".join(table.either)
    return [Fault(row, table.either[0], None, problem, remedy) for row in frame.index[~present]]


def _key_faults(frame: pd.DataFrame, table: Table) -> list[Fault]:
    columns = {name: _key_values(frame, table[name]) for name in table.key}
    if not columns or any(values is None for values in columns.values()):
        return []
    keys = pd.DataFrame(columns)
    again = keys[keys.duplicated(keep="first")]
    remedy = "give each row a key of its own or remove the repeated row"
    return [
        Fault(row, ", ".join(keys), tuple(values), f"key {' / '.join(map(str, values))} stands twice", remedy)
        for row, values in zip(again.index, again.itertuples(index=False), strict=True)
    ]


def _key_values(frame: pd.DataFrame, column: Column) -> pd.Series | None:
    """Values of a column of the key, what is missing by its default; None where there is no such column."""
    if column.name not in frame.columns:
        return None if column.default is None else pd.Series(column.default, index=frame.index)
    return frame[column.name] if column.default is None else frame[column.name].fillna(column.default)
