# SPDX-License-Identifier: GPL-2.0-or-later
"""The published figures of take-up that come with Yochi (`resources/statistics/take_up_*.csv`).

A row has a `year`, a `source`, a `pref_code` (the nation where the table has none), perhaps a `series`, and either a
`measure` (`area_ha` or `cases`) with its `value`, or columns `area_ha` and `cases`.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from ..area_tree import NATION
from ..contracts import TAKE_UP, conform
from ..errors import SourceError
from . import spreadsheet, take_up_cells
from .cells import years
from .mapping import ColumnMapping
from .reading import FixList, Reading, Request, conclude

FORMAT = "yochi-statistics"

_FACTS = {
    "title": "Published figures of take-up",
    "publisher": "as each row says in its note",
    "note": "a row is a figure",
}
_MEASURES = {"area_ha": "take_up_ha", "cases": "cases"}
_NEEDED = {"year", "source"}
_KNOWN = _NEEDED | {"pref_code", "name_ja", "name_en", "series", "measure", "value", "note", *_MEASURES}


def fits(path: Path) -> bool:
    """Whether the first line of a text is the head of such a table."""
    (lines,) = spreadsheet.beginnings(path, 1).values()
    headers = set(lines[0].removeprefix("\ufeff").split(",")) if lines else set()
    return _NEEDED <= headers <= _KNOWN and bool({"value", *_MEASURES} & headers)


def read(request: Request) -> Reading:
    """Read the figures as `take_up`; each row keeps its source as a note.

    Raises
    ------
    SourceError
        The headers are not those of a table of published figures.
    """
    if not fits(request.path):
        raise SourceError(f"{request.path.name} is no table of published figures of take-up; its headers are others.")
    lost = FixList(request.source_id)
    table, rows_read = spreadsheet.read(request.path, ColumnMapping(delimiter=","), request.layer, lost)
    cells = _cells(table)
    fixes = FixList(request.source_id, cells[["source_row", "heading"]])
    rows = take_up_cells.settled(cells, fixes).assign(basis=request.basis, source_id=request.source_id)
    lists = {"take_up": fixes} | ({} if lost.frame().empty else {"table": lost})
    facts = {
        "title": "Published figures of take-up",
        "publisher": "as each row says in its note",
        "note": "a row is a figure",
    }
    unread = rows_read - len(table)
    return conclude(
        request, FORMAT, {"take_up": conform(rows, TAKE_UP)}, lists, rows_read=len(cells) + unread, facts=facts
    )


def _cells(table: pd.DataFrame) -> pd.DataFrame:
    """A cell for each measure of a row."""
    about = pd.DataFrame(
        {
            "source_row": table.index,
            "area": table.get("pref_code", NATION),
            "year": years(table["year"])[0],
            "series": table.get("series", pd.Series(None, index=table.index, dtype="object")).fillna("surveyed"),
            "note": _notes(table),
        },
        index=table.index,
    )
    if "measure" in table:
        parts = [about.assign(heading=table["measure"], value=table["value"])]
    else:
        parts = [
            about.assign(heading=name, value=table[name])[table[name].notna()] for name in _MEASURES if name in table
        ]
    cells = pd.concat(parts, ignore_index=True)
    cells["measure"] = cells["heading"].map(_MEASURES)
    return cells.assign(factor=1.0, value=cells["value"].fillna(""), area=cells["area"].fillna(""))


def _notes(table: pd.DataFrame) -> pd.Series[str]:
    if "note" not in table:
        return table["source"]
    return (table["note"] + "; ").fillna("") + table["source"].fillna("")
