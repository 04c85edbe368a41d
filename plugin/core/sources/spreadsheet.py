# SPDX-License-Identifier: GPL-2.0-or-later
"""CSV and XLSX as tables of text, so that codes keep their leading zeros; rows carry the file's own numbers."""

from __future__ import annotations

import codecs
import csv
import datetime
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import openpyxl
import pandas as pd

from ..errors import SourceError
from .files import is_workbook
from .mapping import ColumnMapping, normal
from .reading import FixList

_DELIMITERS = (",", "\t", ";")
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ZEROS = re.compile(r"0+")
_LONGEST_CELL = 1 << 20
"""Characters in a cell of a CSV; a polygon as WKT is longer than what `csv` allows by itself."""

_BROKEN_WORKBOOK = (
    *(zipfile.BadZipFile, NotImplementedError, zlib.error, EOFError, OSError),
    SyntaxError,  # of XML, from either of the parsers that openpyxl uses
    *(KeyError, IndexError, AttributeError, TypeError, ValueError),  # of sound XML that is no workbook
)
_Row = tuple[openpyxl.cell.Cell, ...]


def read(path: Path, mapping: ColumnMapping, sheet: str | None, fixes: FixList) -> tuple[pd.DataFrame, int]:
    """Rows below the headers.

    Parameters
    ----------
    path : Path
        A CSV in UTF-8, UTF-16 or CP932, with commas, tabs or semicolons, or an XLSX.
    mapping : ColumnMapping
        Its header row, encoding and delimiter go before what the file looks like.
    sheet : str or None
        Sheet of a workbook; the first one where it is left out.
    fixes : FixList
        Takes the rows that have more cells than there are headers, and formulas without a value.

    Returns
    -------
    tuple of DataFrame and int
        Text by header, on an index of row numbers as in the file, without blank rows; and how many rows there
        were with those that were rejected.
    """
    sheet = sheet or mapping.sheet
    rows = _workbook(path, sheet, fixes) if is_workbook(path) else _csv(path, mapping, sheet)
    return _table(path, rows, mapping.header_row, fixes)


def grid(path: Path, sheet: str | None, fixes: FixList) -> list[Sequence[str]]:
    """Every cell of a CSV with commas, or of a sheet, as text; the first row of the file is the first of the list."""
    return _workbook(path, sheet, fixes) if is_workbook(path) else _csv(path, ColumnMapping(delimiter=","), sheet)


def beginnings(path: Path, rows: int) -> dict[str | None, list[str]]:
    """The first rows of each sheet of a workbook, its cells with commas between; or the first lines of a text."""
    if not is_workbook(path):
        return {None: _decode(path, None).splitlines()[:rows]}
    found: dict[str | None, list[str]] = {}
    with _book(path) as book:
        for page in book.worksheets:
            page.reset_dimensions()
            lines = islice(page.iter_rows(values_only=True), rows)
            found[page.title] = [",".join(str(cell) for cell in line if cell is not None) for line in lines]
    return found


def looks_like_text_table(path: Path) -> bool:
    """Whether a file is text with commas, tabs or semicolons in its first lines."""
    try:
        start = _decode(path, None)[:4096]
    except SourceError:
        return False
    return "\0" not in start and any(mark in start for mark in _DELIMITERS)


def _table(path: Path, rows: list[Sequence[str]], header_row: int, fixes: FixList) -> tuple[pd.DataFrame, int]:
    if not any(map(any, rows)):
        raise SourceError(f"{path.name} has nothing but blank cells; choose another file or sheet.")
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


def _csv(path: Path, mapping: ColumnMapping, sheet: str | None) -> list[Sequence[str]]:
    if sheet not in (None, path.stem):
        raise SourceError(f"{path.name} is a CSV, which has no layers or sheets; leave {sheet} out.")
    text = _decode(path, mapping.encoding)
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=mapping.delimiter or _delimiter(text, mapping.header_row), strict=True
    )
    try:
        with _long_cells():
            return [[cell.strip() for cell in row] for row in reader]
    except csv.Error as error:
        raise SourceError(
            f"{path.name} is broken at line {reader.line_num} ({error}); check its quotation marks."
        ) from error


def _delimiter(text: str, header_row: int) -> str:
    """What stands most often between the headers; a comma where nothing does."""
    *_, headers = text.split("\n", header_row)[:header_row]
    return max(_DELIMITERS, key=headers.count)


@contextmanager
def _long_cells() -> Iterator[None]:
    """Let cells of a CSV be long for as long as the context lasts; the limit is that of the whole process."""
    limit = csv.field_size_limit(_LONGEST_CELL)
    try:
        yield
    finally:
        csv.field_size_limit(limit)


def _decode(path: Path, encoding: str | None) -> str:
    content = path.read_bytes()
    for name in (encoding,) if encoding else _encodings(content):
        try:
            return content.decode(name)
        except UnicodeError:
            continue
        except LookupError as error:
            raise SourceError(f"The encoding {name!r} of {path.name} is unknown; use utf-8 or cp932.") from error
    raise SourceError(f"{path.name} is not text in {encoding or 'UTF-8 or CP932'}; save it as CSV in UTF-8.")


def _encodings(content: bytes) -> tuple[str, ...]:
    return ("utf-16",) if content.startswith(_UTF16_MARKS) else ("utf-8-sig", "cp932")


def _workbook(path: Path, sheet: str | None, fixes: FixList) -> list[Sequence[str]]:
    rows = _cells(path, sheet)
    if any(cell.value is None for row in rows for cell in row):
        # what looks blank may be a formula that no program has computed
        _name_formulas(rows, _cells(path, sheet, formulas=True), fixes)
    return [_row(cells) for cells in rows]


def _cells(path: Path, sheet: str | None, *, formulas: bool = False) -> list[_Row]:
    """Cells of a sheet with the values that the program which wrote it saw, or with the formulas behind them."""
    with _book(path, formulas=formulas) as book:
        pages = {page.title: page for page in book.worksheets}  # charts are no worksheets
        if sheet is not None and sheet not in pages:
            raise SourceError(f"{path.name} has no sheet {sheet}; it has {', '.join(pages)}.")
        page = pages[sheet] if sheet else book.worksheets[0]
        page.reset_dimensions()  # programs write wrong ones, and rows would be cut off
        return list(page.iter_rows())


@contextmanager
def _book(path: Path, *, formulas: bool = False) -> Iterator[openpyxl.Workbook]:
    """A workbook for use in this module alone: what goes wrong while it is open is the workbook's fault."""
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=not formulas)
        try:
            yield book
        finally:
            book.close()
    except _BROKEN_WORKBOOK as error:
        raise SourceError(f"{path.name} is a broken workbook; save it again as xlsx.") from error


def _name_formulas(rows: list[_Row], formulas: list[_Row], fixes: FixList) -> None:
    for number, (row, behind) in enumerate(zip(rows, formulas, strict=True), 1):
        for cell, formula in zip(row, behind, strict=True):
            if cell.value is None and formula.value is not None:
                problem = "is a formula that was never computed, and is taken as blank"
                remedy = "open the workbook in a spreadsheet program and save it"
                text = str(getattr(formula.value, "text", formula.value))
                fixes.warn(pd.Index([number]), f"column {formula.column_letter}", text, problem, remedy)


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
