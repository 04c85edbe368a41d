# SPDX-License-Identifier: GPL-2.0-or-later
"""The files that a study names, as tables: put together by contract, each row used once or in the fix-list."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from . import crs, sources
from .contracts import FIXLIST, INPUT_TABLES, TABLES, conform, empty
from .progress import Progress
from .study import Input

Tables = dict[str, pd.DataFrame]


def read_inputs(inputs: Sequence[Input], progress: Progress) -> tuple[Tables, list[pd.DataFrame]]:
    """Every table that comes from outside, the fix-list and the sources; and the tables of sites one by one.

    Raises
    ------
    YochiError
        A file cannot be read, or is not what it is said to be; the message names it.
    """
    parts: dict[str, list[pd.DataFrame]] = {name: [] for name in (*INPUT_TABLES, "fixlist", "sources")}
    for number, one in enumerate(inputs):
        reading = sources.read(
            one.path,
            one.format,
            table=one.table,
            layer=one.layer,
            mapping=one.mapping,
            source_id=one.source_id,
            description=one.description,
            progress=progress.part(number / len(inputs), (number + 1) / len(inputs)),
        )
        for name, frame in {**reading.tables, "fixlist": reading.fixlist, "sources": reading.source}.items():
            parts[name].append(frame)
        progress.report((number + 1) / len(inputs), f"{one.path.name} read")
    sites = parts.pop("sites")
    together = {name: _together(frames, name) for name, frames in parts.items()}
    tables: Tables = {name: frame for name, (frame, _) in together.items()}
    return tables | with_fixes(tables, [repeated for _, repeated in together.values()]), sites


def _together(frames: Sequence[pd.DataFrame], name: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Frames of one contract, one under the other, in JGD2011; and a line for each row whose key stood before."""
    table = TABLES[name]
    filled = [frame for frame in frames if len(frame)]
    if not filled:
        return empty(table, crs.JGD2011), empty(FIXLIST)
    spatial = table.geometry != "none"
    stacked = pd.concat([crs.in_jgd2011(frame) if spatial else frame for frame in filled], ignore_index=True)
    if name == "take_up":
        stacked = sources.complemented(stacked)  # a survey comes as a file of cases and a file of hectares
    again = stacked.duplicated(list(table.key)) if table.key else pd.Series(False, index=stacked.index)
    key = ", ".join(table.key)
    problem, remedy = "the key stands in another input already", "remove one of the two"
    return conform(stacked[~again].reset_index(drop=True), table), _rejected(stacked[again], key, problem, remedy)


def _rejected(rows: pd.DataFrame, field: str, problem: str, remedy: str) -> pd.DataFrame:
    """A line of the fix-list for each row that is not used."""
    if rows.empty:
        return empty(FIXLIST)
    value = rows[field.split(", ")].astype(str).agg(" / ".join, axis=1)
    lines = rows[["source_id", "source_row"]].assign(field=field, value=value, problem=problem, remedy=remedy)
    return conform(pd.DataFrame(lines).assign(severity="rejected"), FIXLIST)


def without_unknown_areas(tables: Tables, areas: pd.DataFrame) -> Tables:
    """Take-up of an area that is not among `areas` would vanish; it goes to the fix-list."""
    unknown = ~tables["take_up"]["area_code"].isin(areas["area_code"])
    problem, remedy = "no area has this code", "correct it, or add the area to the boundaries"
    lines = _rejected(tables["take_up"][unknown], "area_code", problem, remedy)
    return {"take_up": tables["take_up"][~unknown].reset_index(drop=True), **with_fixes(tables, [lines])}


def with_fixes(tables: Tables, lists: Sequence[pd.DataFrame]) -> Tables:
    """Fix-list and sources after a stage: a row that it rejected is no longer a row used."""
    found = [one for one in lists if len(one)]
    rejected = pd.concat([one["source_id"][one["severity"] == "rejected"] for one in found]) if found else pd.Series()
    later = tables["sources"]["source_id"].map(rejected.value_counts()).fillna(0).astype("Int64")
    sources_after = tables["sources"].assign(
        rows_used=tables["sources"]["rows_used"] - later, rows_rejected=tables["sources"]["rows_rejected"] + later
    )
    kept = [one for one in (tables["fixlist"], *found) if len(one)]
    lines = conform(pd.concat(kept, ignore_index=True), FIXLIST) if kept else empty(FIXLIST)
    return {"fixlist": lines, "sources": sources_after}
