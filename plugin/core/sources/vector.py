# SPDX-License-Identifier: GPL-2.0-or-later
"""Vector files through GDAL: layers, fields, rows, and where on the earth they are."""

from __future__ import annotations

import re
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyproj
import shapely

from ..crs import outside_japan
from ..errors import SourceError
from .files import head
from .shapes import present

try:
    import pyogrio
except ImportError:  # an older installation; geopandas then reads through fiona
    pyogrio = None
    import fiona

_FAILURES: tuple[type[Exception], ...] = (RuntimeError, OSError, ValueError, shapely.errors.ShapelyError)
if pyogrio is None:
    _FAILURES += (fiona.errors.FionaError,)

_SAMPLE_BYTES = 1 << 20


def layer_names(path: Path) -> list[str]:
    """Names of the layers in a vector file, in its order."""
    try:
        names = pyogrio.list_layers(path)[:, 0] if pyogrio else fiona.listlayers(path)
    except _FAILURES as error:
        raise _unreadable(path) from error
    return [str(name) for name in names]


def field_names(path: Path, layer: str | None = None) -> list[str]:
    """Names of the fields of a layer (the first one by default), in its order."""
    try:
        if pyogrio:
            return [str(name) for name in pyogrio.read_info(path, layer=layer)["fields"]]
        with fiona.open(path, layer=layer) as opened:
            return list(opened.schema["properties"])
    except _FAILURES as error:
        raise _unreadable(path) from error


def has_rows(path: Path, layer: str | None = None) -> bool:
    """Whether a layer has a row."""
    try:
        if pyogrio:
            return bool(pyogrio.read_info(path, layer=layer, force_feature_count=True)["features"])
        with fiona.open(path, layer=layer) as opened:
            return len(opened) > 0
    except _FAILURES as error:
        raise _unreadable(path) from error


def read_layer(path: Path, layer: str | None = None, *, where: str | None = None) -> pd.DataFrame:
    """Rows of a layer, numbered from 1 as a person counts them.

    Attributes of a shapefile that does not name its encoding are read as UTF-8 or CP932, whichever fits.

    Raises
    ------
    SourceError
        GDAL cannot read the file, the layer is not in it, or it has no rows.
    """
    options = {"encoding": encoding} if (encoding := _shapefile_encoding(path)) else {}
    if layer is not None and layer not in (names := layer_names(path)):
        raise SourceError(f"{path.name} has no layer {layer}; it has {', '.join(names)}.")
    try:
        engine = "pyogrio" if pyogrio else "fiona"
        frame = gpd.read_file(path, engine=engine, layer=layer, where=where, **options)
    except _FAILURES as error:
        raise _unreadable(path) from error
    if frame.empty:
        place = f"Layer {layer} of {path.name}" if layer else path.name
        raise SourceError(f"{place} holds no rows; choose another file or layer.")
    frame.index = pd.RangeIndex(1, len(frame) + 1)
    return frame


def _unreadable(path: Path) -> SourceError:
    return SourceError(f"{path.name} cannot be read as a vector file; it is broken or of another kind.")


def _shapefile_encoding(path: Path) -> str | None:
    """Encoding of a shapefile without a .cpg: the one that leaves fewer characters undecoded."""
    table = path.with_suffix(".dbf")
    if path.suffix.lower() != ".shp" or path.with_suffix(".cpg").exists() or not table.exists():
        return None
    sample = head(table, _SAMPLE_BYTES)
    return min(("UTF-8", "CP932"), key=lambda encoding: sample.decode(encoding, "replace").count("\ufffd"))


def with_reference_system(
    path: Path, frame: gpd.GeoDataFrame, *, assumed: str | None = None
) -> tuple[gpd.GeoDataFrame, str]:
    """Make sure that a layer has a reference system.

    Parameters
    ----------
    path : Path
        The file; a GeoJSON is searched for its `crs` member, whose absence GDAL hides.
    frame : GeoDataFrame
        The rows as read.
    assumed : str, optional
        The system that the format fixes, taken where the file names none.

    Returns
    -------
    tuple of GeoDataFrame and str
        The frame, and what to record: the system, and whether it was assumed.

    Raises
    ------
    SourceError
        The file names no system and the format fixes none, or the assumption puts all rows outside Japan.
    """
    silent_geojson = _is_geojson(path) and not _has_crs_member(path)
    if frame.crs is not None and not silent_geojson:
        return frame, crs_label(frame.crs)
    if assumed is not None:
        placed = frame.set_crs(assumed, allow_override=True)
        _refuse_elsewhere(path, placed, assumed)
        return placed, f"{assumed} (assumed: the file names no reference system; the format fixes this one)"
    if silent_geojson:
        return frame, "EPSG:4326 (the file names no reference system; GeoJSON fixes this one)"
    raise SourceError(f"{path.name} has no coordinate reference system; set it (for a shapefile, its .prj) and retry.")


def crs_label(crs: pyproj.CRS) -> str:
    """Short name of a reference system: its EPSG code where it has one."""
    epsg = crs.to_epsg()
    return f"EPSG:{epsg}" if epsg else str(crs.name)


def _is_geojson(path: Path) -> bool:
    return head(path).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def _has_crs_member(path: Path) -> bool:
    """Whether a GeoJSON names a reference system, which stands before the features or after them."""
    with path.open("rb") as file:
        front = file.read(_SAMPLE_BYTES).partition(b'"features"')[0]
        file.seek(max(0, path.stat().st_size - 4096))
        back = file.read().rpartition(b"]")[2]
    return any(re.search(rb'"crs"\s*:\s*\{', part) for part in (front, back))


def _refuse_elsewhere(path: Path, frame: gpd.GeoDataFrame, assumed: str) -> None:
    drawn = frame.geometry[present(frame.geometry)]
    if len(drawn) and outside_japan(drawn).all():
        raise SourceError(
            f"{path.name} names no reference system and its coordinates are not degrees of {assumed} in Japan; "
            "set the reference system of the file."
        )
