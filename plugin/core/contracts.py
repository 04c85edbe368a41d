# SPDX-License-Identifier: GPL-2.0-or-later
"""The tables that the stages pass on: columns, types, units, keys and code lists.

A frame goes into a stage and a frame comes out; what they agree on is written here and nowhere else. Few
columns are required: any other column may be missing, and a missing value means unknown, never zero or no.
Units are in the names: `_ha` hectares, `_m` metres, `_year` a calendar year (decimal), `_years` a duration.
"""

from __future__ import annotations

from .depletion_contracts import (
    BACKTEST,
    CHANCE_YEARS,
    CONTROLS,
    DEMAND,
    GAINS,
    OUTLOOK,
    PROJECTS,
    SCENARIOS,
    SENSITIVITY,
    START_BY_YEARS,
    TRAJECTORY,
)
from .input_contracts import (
    AREAS,
    COASTLINE,
    DESIGNATIONS,
    PARCELS,
    PORT_ORDINANCES,
    PORT_ZONES,
    RECLAIMED,
    SITES,
    TAKE_UP,
    WELLS,
    ZONES,
)
from .result_contracts import (
    COMPARISON,
    EVIDENCE,
    FIND_NEXT,
    FIXLIST,
    OVERLAPS,
    PIECES,
    PROFILES,
    SHORTLIST,
    SOURCES,
    SUMMARY,
    VERDICTS,
    WATERFALL,
)
from .tables import Column, Fault, Table, conform, empty, faults, validate

__all__ = [
    "AREAS",
    "BACKTEST",
    "CHANCE_YEARS",
    "COASTLINE",
    "COMPARISON",
    "CONTROLS",
    "DEMAND",
    "DESIGNATIONS",
    "EVIDENCE",
    "FIND_NEXT",
    "FIXLIST",
    "GAINS",
    "INPUT_TABLES",
    "OUTLOOK",
    "OVERLAPS",
    "PARCELS",
    "PIECES",
    "PORT_ORDINANCES",
    "PORT_ZONES",
    "PROFILES",
    "PROJECTS",
    "RECLAIMED",
    "SCENARIOS",
    "SENSITIVITY",
    "SHORTLIST",
    "SITES",
    "SOURCES",
    "START_BY_YEARS",
    "SUMMARY",
    "TABLES",
    "TAKE_UP",
    "TRAJECTORY",
    "VERDICTS",
    "WATERFALL",
    "WELLS",
    "ZONES",
    "Column",
    "Fault",
    "Table",
    "conform",
    "empty",
    "faults",
    "validate",
]

_INPUTS = (
    *(SITES, AREAS, TAKE_UP, ZONES, PORT_ZONES, PORT_ORDINANCES, DESIGNATIONS),
    *(COASTLINE, RECLAIMED, WELLS, PARCELS),
)
_RESULTS = (
    *(EVIDENCE, PIECES, VERDICTS, FIND_NEXT, COMPARISON, DEMAND, PROJECTS, OUTLOOK, TRAJECTORY),
    *(GAINS, SENSITIVITY, BACKTEST, CONTROLS, SHORTLIST, WATERFALL),
    *(SUMMARY, OVERLAPS, PROFILES, SCENARIOS, SOURCES, FIXLIST),
)

INPUT_TABLES = tuple(table.name for table in _INPUTS)
"""The tables that come from outside; the others are results."""

TABLES: dict[str, Table] = {table.name: table for table in (*_INPUTS, *_RESULTS)}
