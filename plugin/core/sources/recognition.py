# SPDX-License-Identifier: GPL-2.0-or-later
"""Tells the format of a file by what is in it; only a CSV may say so by its name."""

from __future__ import annotations

from pathlib import Path

from ..errors import SourceError
from . import (
    citygml,
    files,
    ksj_l05,
    ksj_n03,
    layers,
    location_survey,
    plateau_urf,
    qgis_world_map,
    spreadsheet,
    statistics,
    table,
    vector,
    yochi_layers,
)

_CSV_SUFFIXES = (".csv", ".tsv")


def recognise(path: Path, layer: str | None = None) -> str | None:
    """Name of the format, or None where nothing fits.

    Raises
    ------
    SourceError
        The file is missing, empty, a folder, or a broken archive.
    """
    files.check(path)
    if files.is_workbook(path):
        return location_survey.FORMAT if location_survey.fits(path) else table.FORMAT
    if _is_xml(path):
        return plateau_urf.FORMAT if citygml.is_urf(path) else None
    if not _is_vector(path):
        # of a CSV that cannot be read its reader says what is wrong with it
        csv = path.suffix.lower() in _CSV_SUFFIXES or spreadsheet.looks_like_text_table(path)
        return _text_format(path) if csv else None
    return _vector_format(path, layer)


def is_tabular(path: Path) -> bool:
    """Whether a file is a CSV or a workbook, and not a vector file."""
    return files.is_workbook(path) or not (_is_vector(path) or _is_xml(path))


def _is_xml(path: Path) -> bool:
    return files.head(path).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def _is_vector(path: Path) -> bool:
    """Whether the first bytes are those of a GeoJSON, GeoPackage, shapefile, FlatGeobuf or zip of layers."""
    start = files.head(path, 64).lstrip(b"\xef\xbb\xbf \t\r\n")
    return start.startswith((b"{", b"SQLite format 3", b"\x00\x00\x27\x0a", b"fgb")) or files.is_archive(path)


def _text_format(path: Path) -> str:
    if spreadsheet.looks_like_text_table(path):
        for one in (location_survey, statistics):
            if one.fits(path):
                return one.FORMAT
    return table.FORMAT


def _vector_format(path: Path, layer: str | None) -> str | None:
    with layers.opened(path, layer) as found:
        if not files.is_archive(path) and qgis_world_map.fits(vector.layer_names(path)):
            return qgis_world_map.FORMAT
        fields = [list(candidate.fields) for candidate in found]
        if any(map(ksj_l05.fits, fields)):
            return ksj_l05.FORMAT
        if any(map(ksj_n03.fits, fields)):
            return ksj_n03.FORMAT
        if any(yochi_layers.contract(candidate) for candidate in found):
            return yochi_layers.FORMAT
    return None


def not_recognised(path: Path, formats: tuple[str, ...]) -> SourceError:
    """The sentence for a file that is of no known format."""
    return SourceError(
        f"{path.name} is of none of the formats {', '.join(formats)}; name the format, "
        "or give a mapping file for a table of your own."
    )
