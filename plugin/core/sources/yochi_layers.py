# SPDX-License-Identifier: GPL-2.0-or-later
"""Vector layers with canonical columns: Yochi's own ledgers and templates, or any layer with a mapping."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from ..contracts import INPUT_TABLES, TABLES
from ..errors import SourceError
from ..tables import Table
from . import canonical, layers, vector
from . import mapping as mappings
from .layers import Layer
from .mapping import ColumnMapping
from .reading import FixList, Reading, Request, conclude
from .shapes import present
from .table import shaped

FORMAT = "yochi"


def contract(layer: Layer) -> str | None:
    """The contract that a layer keeps, by its name or else by its columns."""
    if layer.name in INPUT_TABLES and _has_key(layer, TABLES[layer.name]):
        return layer.name
    return canonical.table_of(list(layer.fields))


def _has_key(layer: Layer, table: Table) -> bool:
    return table.stated_key <= set(layer.fields)


def read(request: Request) -> Reading:
    """Read the named table, or every table that comes from outside."""
    mapping = mappings.load(request.mapping)
    with layers.opened(request.path, request.layer) as found:
        wanted = _wanted(found, request, mapping)
        tables: dict[str, pd.DataFrame] = {}
        fixes: dict[str, FixList] = {}
        systems: dict[str, str] = {}
        rows_read = 0
        for step, (name, layer) in enumerate(wanted.items()):
            request.progress.report(step / len(wanted), layer.name)
            rows, systems[name] = _placed(layer)
            rows_read += len(rows)
            fixes[name] = FixList(request.source_id)
            tables[name] = _settled(rows, name, request, mapping, fixes[name])
    facts = {"crs": ", ".join(sorted(set(systems.values()))), "note": "layers " + ", ".join(wanted)}
    return conclude(request, FORMAT, tables, fixes, rows_read=rows_read, facts=facts)


def read_rows(frame: pd.DataFrame, name: str, request: Request) -> Reading:
    """Read a frame that is there already, such as a layer that QGIS has read."""
    mapping = mappings.load(request.mapping)
    rows = frame.set_axis(pd.RangeIndex(1, len(frame) + 1))
    crs = None
    if _is_drawn(rows):
        if rows.crs is None:
            raise SourceError(
                f"{request.source_id} has no coordinate reference system; set it in the layer's properties."
            )
        crs = vector.crs_label(rows.crs)
    fixes = FixList(request.source_id)
    settled = _settled(rows, name, request, mapping, fixes)
    return conclude(request, "layer", {name: settled}, {name: fixes}, rows_read=len(rows), facts={"crs": crs})


def _wanted(found: list[Layer], request: Request, mapping: ColumnMapping) -> dict[str, Layer]:
    """Layers by the contract that they become."""
    name = request.table or mapping.table
    if name is None:
        # a ledger may well have a table with nothing in it; a file with nothing in it is an error later on
        filled = [layer for layer in found if vector.has_rows(layer.path, layer.layer)]
        by_contract = {contract(layer): layer for layer in reversed(filled or found)}
        wanted = {table: by_contract[table] for table in INPUT_TABLES if table in by_contract}
    else:
        named = [layer for layer in found if layer.name == name]
        wanted = {name: named[0]} if named else {name: found[0]} if len(found) == 1 else {}
    if not wanted:
        names = ", ".join(layer.name for layer in found)
        sought = f"layer {name}" if name else "layer with the columns of a table of Yochi"
        raise SourceError(f"{request.path.name} has no {sought} (layers {names}); name the layer or give a mapping.")
    return wanted


def _placed(layer: Layer) -> tuple[pd.DataFrame, str]:
    rows = vector.read_layer(layer.path, layer.layer)
    if _is_drawn(rows):
        return vector.with_reference_system(layer.path, rows)
    return rows, "none (no geometry)"


def _is_drawn(rows: pd.DataFrame) -> bool:
    return isinstance(rows, gpd.GeoDataFrame) and bool(present(rows.geometry).any())


def _settled(rows: pd.DataFrame, name: str, request: Request, mapping: ColumnMapping, fixes: FixList) -> pd.DataFrame:
    frame, _ = shaped(rows, name, request, mapping, fixes)
    return canonical.settle(
        frame, TABLES[name], fixes, mapping=mapping, basis=request.basis, source_id=request.source_id
    )
