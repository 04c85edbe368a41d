# SPDX-License-Identifier: GPL-2.0-or-later
"""Raw files into contract tables, one module a format.

Every reader answers with a `Reading`: the tables, what was wrong in the rows that came in, and a row about the file.
No row is lost: rows read are rows used plus rows rejected, and a rejected row has its line in the fix-list.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import geopandas as gpd
import pandas as pd

from ..contracts import INPUT_TABLES
from ..errors import SourceError
from ..progress import SILENT, Progress
from . import (
    files,
    ksj_l05,
    ksj_n03,
    location_survey,
    plateau_urf,
    qgis_world_map,
    recognition,
    statistics,
    yochi_layers,
)
from . import table as tables
from .complement import complemented
from .reading import Reading, Request, check_description

__all__ = ["FORMATS", "Reading", "complemented", "read", "read_frame", "recognise"]

_READERS: dict[str, Callable[[Request], Reading]] = {
    module.FORMAT: module.read
    for module in (
        *(ksj_l05, ksj_n03, plateau_urf, qgis_world_map),
        *(location_survey, statistics, yochi_layers, tables),
    )
}
FORMATS: tuple[str, ...] = tuple(_READERS)


def recognise(path: Path, *, layer: str | None = None) -> str:
    """Format of a file, told by its content.

    Raises
    ------
    SourceError
        The file cannot be read, or is of no format that Yochi knows.
    """
    found = recognition.recognise(Path(path), layer)
    if found is None:
        raise recognition.not_recognised(Path(path), FORMATS)
    return found


def read(
    path: Path,
    format: str = "auto",  # noqa: A002  (the word that users know it by)
    *,
    table: str | None = None,
    layer: str | None = None,
    mapping: Path | None = None,
    source_id: str | None = None,
    description: Mapping[str, str] | None = None,
    progress: Progress = SILENT,
) -> Reading:
    """Read a file into the tables that it holds.

    Parameters
    ----------
    path : Path
        The file; a zip is searched for the layer.
    format : str
        One of `FORMATS`, or "auto".
    table : str, optional
        Contract that the rows become, for the formats `table` and `yochi`.
    layer : str, optional
        Layer or sheet in the file.
    mapping : Path, optional
        Column mapping (TOML), for the formats `table` and `yochi`; see `mapping.py`.
    source_id : str, optional
        Name of the source in every row; the file's name by default.
    description : mapping, optional
        title, publisher, edition, licence, basis; goes before what the format knows of itself.
    progress : Progress
        Reporter.

    Raises
    ------
    SourceError
        One sentence that names the file, the place in it and what to do.
    """
    path = Path(path)
    files.check(path)
    _check_table(table)
    request = Request(
        path, source_id or path.name, table, layer, mapping, check_description(path, description), progress
    )
    progress.report(0.0, path.name)
    reading = _READERS[_format(request, format)](request)
    progress.report(1.0)
    return reading


def read_frame(
    frame: gpd.GeoDataFrame | pd.DataFrame,
    table: str,
    *,
    mapping: Path | None = None,
    source_id: str,
    progress: Progress = SILENT,
) -> Reading:
    """Read a frame, such as a layer that QGIS has read already, as rows of a contract.

    Rows are numbered from 1 in the order of the frame.

    Raises
    ------
    SourceError
        The frame has geometry without a reference system, or lacks a required column.
    """
    _check_table(table)
    request = Request(Path(source_id), source_id, mapping=mapping, progress=progress)
    reading = yochi_layers.read_rows(frame, table, request)
    progress.report(1.0)
    return reading


def _check_table(table: str | None) -> None:
    if table is not None and table not in INPUT_TABLES:
        raise SourceError(f"The table {table!r} is no table of inputs; use one of {', '.join(INPUT_TABLES)}.")


def _format(request: Request, wanted: str) -> str:
    if wanted in FORMATS:
        return wanted
    if wanted != "auto":
        raise SourceError(f"The format {wanted!r} is unknown; use auto or one of {', '.join(FORMATS)}.")
    if request.mapping is not None:
        # a mapping says what the columns are, whatever they are called
        return tables.FORMAT if recognition.is_tabular(request.path) else yochi_layers.FORMAT
    return recognise(request.path, layer=request.layer)
