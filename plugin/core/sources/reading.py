# SPDX-License-Identifier: GPL-2.0-or-later
"""What a reader is asked for, what it answers with, and the list of what it found wrong on the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from ..contracts import FIXLIST, SOURCES, conform, empty
from ..errors import SourceError
from ..progress import SILENT, Progress
from ..provenance import REPORTED, SYNTHETIC, sha256
from ..resources import codes

DESCRIPTION_KEYS = ("title", "publisher", "edition", "licence", "basis")


@dataclass(frozen=True)
class Reading:
    """What one file gave.

    Parameters
    ----------
    tables : dict of str to DataFrame
        Name of a contract ("sites", "zones", ...) to a frame that keeps it.
    fixlist : DataFrame
        Everything wrong in a row that came in (contract FIXLIST).
    source : DataFrame
        One row about the file (contract SOURCES); `rows_read` is `rows_used` plus `rows_rejected`.
    """

    tables: dict[str, pd.DataFrame]
    fixlist: pd.DataFrame
    source: pd.DataFrame


@dataclass(frozen=True)
class Request:
    """What a reader is asked for; see `yochi.plugin.core.sources.read`."""

    path: Path
    source_id: str
    table: str | None = None
    layer: str | None = None
    mapping: Path | None = None
    description: Mapping[str, str] = field(default_factory=dict)
    progress: Progress = SILENT

    @property
    def basis(self) -> str:
        """Basis of the file's figures where a row says nothing of its own."""
        return self.description.get("basis", REPORTED)


class FixList:
    """Collects what is wrong in the rows of one table; rows are known by their number in the file.

    Of a table with years across, a row is a cell: `cells` then has, by the number that the cell is known by, the
    `source_row` and the `heading` that a person finds it under.
    """

    def __init__(self, source_id: str, cells: pd.DataFrame | None = None) -> None:
        self._source_id = source_id
        self._cells = cells
        self._parts: list[pd.DataFrame] = []

    def warn(self, rows: pd.Index[int], field: str, values: object, problem: str | Sequence[str], remedy: str) -> None:
        """Add one line a row; the rows stay in use."""
        self._add(rows, field, values, problem, remedy, "warning")

    def reject(
        self, rows: pd.Index[int], field: str, values: object, problem: str | Sequence[str], remedy: str
    ) -> None:
        """Add one line a row; the rows are not used."""
        self._add(rows, field, values, problem, remedy, "rejected")

    def remark(self, field: str, problem: str, remedy: str) -> None:
        """Add a warning about the file as a whole."""
        self._add(pd.Index([pd.NA]), field, None, problem, remedy, "warning")

    def _add(self, rows: object, field: str, values: object, problem: object, remedy: str, severity: str) -> None:
        lines = {
            "source_row": pd.array(rows, dtype="Int64"),
            "field": field,
            "value": values.to_numpy() if isinstance(values, pd.Series) else values,
            "problem": problem,
            "remedy": remedy,
            "severity": severity,
        }
        part = pd.DataFrame(lines)
        if not part.empty:
            self._parts.append(part.astype({"value": "object"}))

    @property
    def rejected(self) -> pd.Index[int]:
        """Numbers of the rows that are not used, each once."""
        rows = [part.loc[part["severity"] == "rejected", "source_row"] for part in self._parts]
        return pd.Index(pd.concat(rows).unique().astype("int64")) if rows else pd.Index([], dtype="int64")

    def frame(self, prefix: str = "") -> pd.DataFrame:
        """The lines in the order of the file, as contract FIXLIST; `prefix` goes before the names of fields."""
        if not self._parts:
            return empty(FIXLIST)
        lines = pd.concat(self._parts, ignore_index=True)
        if self._cells is not None:
            headings = lines["source_row"].map(self._cells["heading"])
            lines["field"] = lines["field"].where(headings.isna(), headings + ": " + lines["field"])
            lines["source_row"] = lines["source_row"].map(self._cells["source_row"]).astype("Int64")
        lines = lines.sort_values("source_row", kind="stable", ignore_index=True)
        lines["field"] = prefix + lines["field"]
        lines["source_id"] = self._source_id
        return conform(lines, FIXLIST)


def conclude(
    request: Request,
    format_name: str,
    tables: Mapping[str, pd.DataFrame],
    fixes: Mapping[str, FixList],
    *,
    rows_read: int,
    facts: Mapping[str, str | None],
) -> Reading:
    """Put a reading together.

    Parameters
    ----------
    request : Request
        Its description goes before the format's own facts.
    format_name : str
        The format as recognised.
    tables : mapping
        Conformed frames by contract; their index is thrown away.
    fixes : mapping
        The fix-lists, by a name that is shown before the field where there are several.
    rows_read : int
        Rows of the file that were meant for these tables.
    facts : mapping
        Further columns of contract SOURCES that the format knows: title, publisher, crs, note, ...
    """
    rejected = sum(len(fix.rejected) for fix in fixes.values())
    several = len(fixes) > 1
    lines = [fix.frame(f"{name}." if several else "") for name, fix in fixes.items()]
    row = {
        "source_id": request.source_id,
        "format": format_name,
        "rows_read": rows_read,
        "rows_used": rows_read - rejected,
        "rows_rejected": rejected,
        "basis": _basis(request, tables),
        **_file_facts(request.path),
        **facts,
        **request.description,
    }
    return Reading(
        tables={name: frame.reset_index(drop=True) for name, frame in tables.items()},
        fixlist=pd.concat(lines, ignore_index=True) if several else lines[0],
        source=conform(pd.DataFrame([row]), SOURCES),
    )


def _file_facts(path: Path) -> dict[str, str]:
    # a layer that QGIS has read already has no file of its own
    return {"file_name": path.name, "sha256": sha256(path)} if path.is_file() else {}


def _basis(request: Request, tables: Mapping[str, pd.DataFrame]) -> str:
    made_up = any((frame["basis"] == SYNTHETIC).any() for frame in tables.values() if "basis" in frame)
    return SYNTHETIC if made_up else request.basis


def check_description(path: Path, description: Mapping[str, str] | None) -> dict[str, str]:
    """Refuse a key of a description that Yochi has no place for, and a basis that is none."""
    given = dict(description or {})
    unknown = [key for key in given if key not in DESCRIPTION_KEYS]
    if unknown:
        allowed = ", ".join(DESCRIPTION_KEYS)
        raise SourceError(f"The description of {path.name} has the unknown key {unknown[0]!r}; use one of {allowed}.")
    if given.get("basis", REPORTED) not in codes("bases"):
        allowed = ", ".join(codes("bases"))
        raise SourceError(f"The description of {path.name} has the basis {given['basis']!r}; use one of {allowed}.")
    return given
