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
    SURVEY_BINS,
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
    SOURCES,
    SUMMARY,
    VERDICTS,
)
from .shortlist_contracts import (
    ANSWERS,
    ASSEMBLIES,
    ASSEMBLY_PARCELS,
    CONDITIONS,
    ENQUIRIES,
    FACT_SOURCES,
    MATCHES,
    RELAXATIONS,
    RELEASE_NOTES,
    SCORES,
    SHORTLIST,
    SITE_ENQUIRIES,
    TO_ASK,
    TOTALS,
    UNMET,
    WATERFALL,
    WITHHELD,
)
from .tables import Column, Fault, Table, conform, empty, faults, validate

__all__ = [
    "ANSWERS",
    "AREAS",
    "ASSEMBLIES",
    "ASSEMBLY_PARCELS",
    "BACKTEST",
    "CHANCE_YEARS",
    "COASTLINE",
    "COMPARISON",
    "CONDITIONS",
    "CONTROLS",
    "DEMAND",
    "DESIGNATIONS",
    "ENQUIRIES",
    "EVIDENCE",
    "FACT_SOURCES",
    "FIND_NEXT",
    "FIXLIST",
    "GAINS",
    "INPUT_TABLES",
    "MATCHES",
    "ON_REQUEST",
    "OUTLOOK",
    "OVERLAPS",
    "PARCELS",
    "PIECES",
    "PORT_ORDINANCES",
    "PORT_ZONES",
    "PROFILES",
    "PROJECTS",
    "RECLAIMED",
    "RELAXATIONS",
    "RELEASE_NOTES",
    "SCENARIOS",
    "SCORES",
    "SENSITIVITY",
    "SHORTLIST",
    "SITES",
    "SITE_ENQUIRIES",
    "SOURCES",
    "START_BY_YEARS",
    "SUMMARY",
    "SURVEY_BINS",
    "TABLES",
    "TAKE_UP",
    "TOTALS",
    "TO_ASK",
    "TRAJECTORY",
    "UNMET",
    "VERDICTS",
    "WATERFALL",
    "WELLS",
    "WITHHELD",
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
    *(GAINS, SENSITIVITY, BACKTEST, SURVEY_BINS, CONTROLS),
    *(SHORTLIST, WATERFALL, SCORES, RELAXATIONS, TO_ASK),
    *(SUMMARY, OVERLAPS, PROFILES, SCENARIOS, SOURCES, FIXLIST),
)

INPUT_TABLES = tuple(table.name for table in _INPUTS)
"""The tables that come from outside; the others are results."""

TABLES: dict[str, Table] = {table.name: table for table in (*_INPUTS, *_RESULTS)}

_ANSWERS = (
    *(CONDITIONS, ASSEMBLIES, ASSEMBLY_PARCELS),
    *(ENQUIRIES, ANSWERS, MATCHES, SITE_ENQUIRIES, UNMET),
    *(TOTALS, WITHHELD, RELEASE_NOTES, FACT_SOURCES),
)

ON_REQUEST: dict[str, Table] = {table.name: table for table in _ANSWERS}
"""Tables of single requests and enquiries, which the ledger of a study does not hold."""
