# SPDX-License-Identifier: GPL-2.0-or-later
"""CSV and XLSX as tables of text, so that codes keep their leading zeros; rows carry the file's own numbers."""

from __future__ import annotations

import csv
import datetime
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import openpyxl
import pandas as pd

from ..errors import SourceError
from .files import is_workbook
from .mapping import ColumnMapping, normal
from .reading import FixList

_ZEROS = re.compile(r"0+")
_CELL_LIMIT = 1 << 20
csv.field_size_limit(_CELL_LIMIT)


def read(path: Path, mapping: ColumnMapping, sheet: str | None, fixes: FixList) -> tuple[pd.DataFrame, int]:
    """Rows below the headers.

    Parameters
    ----------
    path : Path
        A CSV in UTF-8 or CP932, with commas or tabs, or an XLSX.
    mapping : ColumnMapping
        Its header row, encoding and delimiter go before what the file looks like.
    sheet : str or None
        Sheet of a workbook; the first one where it is left out.
    fixes : FixList
        Takes the rows that have more cells than there are headers.

    Returns
    -------
    tuple of DataFrame and int
        Text by header, on an index of row numbers as in the file, without blank rows; and how many rows there
        were with those that were rejected.
    """
    rows = _workbook(path, sheet or mapping.sheet) if is_workbook(path) else _csv(path, mapping)
    return _table(path, rows, mapping.header_row, fixes)


def looks_like_text_table(path: Path) -> bool:
    """Whether a file is text with commas or tabs in its first lines."""
    try:
        start = _decode(path, None)[:4096]
    except SourceError:
        return False
    return "\0" not in start and any(mark in start for mark in ",\t")


def _table(path: Path, rows: list[Sequence[str]], header_row: int, fixes: FixList) -> tuple[pd.DataFrame, int]:
    if len(rows) < header_row:
        raise SourceError(f"{path.name} has {len(rows)} rows and no row {header_row} for the headers.")
    headers = _headers(path, rows[header_row - 1], header_row)
    numbered = [(number, row) for number, row in enumerate(rows, 1) if number > header_row and any(row)]
    if not numbered:
        raise SourceError(f"{path.name} has no rows below the headers in row {header_row}.")
    width = len(headers)
    long = [(number, row) for number, row in numbered if any(row[width:])]
    problem = f"has more cells than the {width} headers"
    extra = [", ".join(row[width:]) for _, row in long]
    remedy = "put quotation marks round a text with a comma"
    fixes.reject(pd.Index([number for number, _ in long], dtype="int64"), "(row)", extra, problem, remedy)
    refused = {number for number, _ in long}
    good = [(number, row) for number, row in numbered if number not in refused]
    cells = [[*row[:width], *[""] * (width - len(row))] for _, row in good]
    index = pd.Index([number for number, _ in good], dtype="int64")
    frame = pd.DataFrame(cells, columns=headers, index=index, dtype="object")
    named = [position for position, header in enumerate(headers) if header]
    return frame.iloc[:, named].replace("", None), len(numbered)


def _headers(path: Path, row: Sequence[str], header_row: int) -> list[str]:
    headers = [normal(header) for header in row]
    while headers and not headers[-1]:
        headers.pop()
    twice = [header for header in headers if header and headers.count(header) > 1]
    if twice:
        raise SourceError(f"{path.name} has the header {twice[0]!r} twice in row {header_row}; rename one of them.")
    if not headers:
        raise SourceError(f"{path.name} has no headers in row {header_row}; set header_row in the mapping.")
    return headers


def _csv(path: Path, mapping: ColumnMapping) -> list[Sequence[str]]:
    text = _decode(path, mapping.encoding)
    first_line = text.partition("\n")[0]
    delimiter = mapping.delimiter or ("\t" if first_line.count("\t") > first_line.count(",") else ",")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return [[cell.strip() for cell in row] for row in reader]
    except csv.Error as error:
        raise SourceError(
            f"{path.name} is broken at line {reader.line_num} ({error}); check its quotation marks."
        ) from error


def _decode(path: Path, encoding: str | None) -> str:
    content = path.read_bytes()
    for name in (encoding,) if encoding else ("utf-8-sig", "cp932"):
        try:
            return content.decode(name)
        except UnicodeDecodeError:
            continue
        except LookupError as error:
            raise SourceError(f"The encoding {name!r} of {path.name} is unknown; use utf-8 or cp932.") from error
    raise SourceError(f"{path.name} is not text in {encoding or 'UTF-8 or CP932'}; save it as CSV in UTF-8.")


def _workbook(path: Path, sheet: str | None) -> list[Sequence[str]]:
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise SourceError(f"{path.name} is a broken workbook; save it again as xlsx.") from error
    try:
        if sheet is not None and sheet not in book.sheetnames:
            raise SourceError(f"{path.name} has no sheet {sheet}; it has {', '.join(book.sheetnames)}.")
        page = book[sheet] if sheet else book.worksheets[0]
        page.reset_dimensions()  # programs write wrong ones, and rows would be cut off
        return [_row(cells) for cells in page.iter_rows()]
    finally:
        book.close()


def _row(cells: Iterable[openpyxl.cell.Cell]) -> list[str]:
    return [_cell(cell) for cell in cells]


def _cell(cell: openpyxl.cell.Cell) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and _ZEROS.fullmatch(cell.number_format or ""):
        return str(value).zfill(len(cell.number_format))  # shown with leading zeros by its number format
    return str(value).strip()
