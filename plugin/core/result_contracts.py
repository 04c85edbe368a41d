# SPDX-License-Identifier: GPL-2.0-or-later
"""Contracts of the tables that the stages make."""

from __future__ import annotations

from .columns import BASIS, count, number, text
from .tables import Column, Table

EVIDENCE = Table(
    "evidence",
    ("site_id", "piece", "profile_id", "criterion_id"),
    (
        text("site_id", "site", required=True),
        Column("piece", "integer", True, title="piece of the site, from 1"),
        text("profile_id", "rule profile", required=True),
        text("criterion_id", "criterion", required=True),
        text("result", "result for the piece", required=True, code_list="results"),
        text("value", "what was found"),
        text("unit", "unit of the value"),
        number("piece_ha", "area of the piece"),
        text("data_set", "data set that decided"),
        text("edition", "its edition"),
        text("reason", "code of the reason"),
        text("subject", "what would have to be asked about to decide, where undecidable"),
        BASIS,
    ),
)

FIND_NEXT = Table(
    "find_next",
    ("area_code", "profile_id", "fact", "subject"),
    (
        text("area_code", "prefecture; empty parts of the country are `unplaced`", required=True),
        text("profile_id", "rule profile", required=True),
        Column("rank", "integer", True, title="order within area and profile, most hectares first"),
        text("fact", "code of the missing fact", required=True),
        text("subject", "what it is missing of", required=True),
        count("sites", "sites with land that it bears on"),
        number("decides_ha", "hectares that the answer decides, whatever it is"),
        number("may_decide_ha", "hectares that one of the answers decides"),
        BASIS,
    ),
)

COMPARISON = Table(
    "comparison",
    ("area_code", "profile_id"),
    (
        text("area_code", "planning area", required=True),
        text("profile_id", "rule profile", required=True),
        text("profile_status", "law, proposal, request or premise", code_list="profile_statuses"),
        number("met_ha", "hectares met, land under two sites counted once"),
        number("not_met_ha", "hectares not met"),
        number("undecidable_ha", "hectares undecidable"),
        BASIS,
    ),
)

PIECES = Table(
    "pieces",
    ("site_id", "piece", "profile_id"),
    (
        text("site_id", "site", required=True),
        Column("piece", "integer", True, title="piece of the site, from 1"),
        text("profile_id", "rule profile", required=True),
        text("profile_status", "law, proposal, request or premise", code_list="profile_statuses"),
        text("result", "result for the piece", required=True, code_list="results"),
        number("piece_ha", "area of the piece"),
        text("layer", "layer of the site", code_list="layers"),
        BASIS,
    ),
    geometry="optional",
)

VERDICTS = Table(
    "verdicts",
    ("site_id", "profile_id"),
    (
        text("site_id", "site", required=True),
        text("profile_id", "rule profile", required=True),
        text("profile_status", "law, proposal, request or premise", code_list="profile_statuses"),
        text("profile_date", "date of the profile"),
        number("met_ha", "hectares that meet the profile"),
        number("not_met_ha", "hectares that do not"),
        number("undecidable_ha", "hectares that the data cannot decide"),
        number("site_ha", "area of the site; the three add up to it"),
        text(
            "headline",
            "what holds for most of the site whatever the undecidable part turns out to be",
            code_list="results",
        ),
        text("missing", "what would have to be found out"),
        BASIS,
        text("disclaimer", "rule-based screening, not a legal finding"),
    ),
)

SUMMARY = Table(
    "summary",
    ("area_code", "layer"),
    (
        text("area_code", "planning area; `unplaced` where a site lies in none", required=True),
        text("name", "name of the area"),
        text("layer", "layer", required=True, code_list="layers"),
        count("sites", "sites"),
        count("sites_unknown", "sites whose available area is unknown, not in the hectares"),
        number("available_ha", "hectares as stated or measured"),
        number("overlap_ha", "hectares that another site already counts"),
        number("counted_ha", "available_ha less overlap_ha"),
        BASIS,
    ),
)

OVERLAPS = Table(
    "overlaps",
    ("site_id", "kept_site_id"),
    (
        text("site_id", "site that gives way", required=True),
        text("kept_site_id", "site that counts the land", required=True),
        number("overlap_ha", "area that both geometries cover"),
        number("removed_ha", "hectares no longer counted for site_id"),
        text("rule", "precedence that decided"),
        BASIS,
    ),
)

PROFILES = Table(
    "profiles",
    ("profile_id",),
    (
        text("profile_id", "rule profile", required=True),
        text("title_ja", "title in Japanese"),
        text("title_en", "title in English"),
        text("status", "law, proposal, request or premise", required=True, code_list="profile_statuses"),
        text("date", "date of the profile"),
        text("source", "text that it follows, with the article"),
        text("assumptions", "what it assumes beyond its source"),
    ),
)

SOURCES = Table(
    "sources",
    ("source_id",),
    (
        text("source_id", "identifier", required=True),
        text("title", "title"),
        text("publisher", "publisher"),
        text("edition", "edition or year"),
        text("licence", "terms of use"),
        text("format", "format as recognised"),
        text("file_name", "name of the file"),
        text("sha256", "SHA-256 of the file"),
        Column("rows_read", "integer", minimum=0.0, title="rows read"),
        Column("rows_used", "integer", minimum=0.0, title="rows used"),
        Column("rows_rejected", "integer", minimum=0.0, title="rows in the fix-list, not used"),
        text("crs", "reference system of the file, and whether it was assumed"),
        text("note", "what was assumed"),
        BASIS,
    ),
)

FIXLIST = Table(
    "fixlist",
    (),
    (
        text("source_id", "file", required=True),
        Column("source_row", "integer", title="row in that file, as a person counts them"),
        text("field", "field"),
        text("value", "value as it stands"),
        text("problem", "what is wrong", required=True),
        text("remedy", "what to do"),
        text("severity", "whether the row was used", required=True, code_list="severities"),
    ),
)
