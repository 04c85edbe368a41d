# SPDX-License-Identifier: GPL-2.0-or-later
"""Contracts of what is asked of sites and of what the shortlist answers."""

from __future__ import annotations

from .columns import BASIS, SOURCE, count, number, text
from .tables import Column, Table


def _share(name: str, title: str) -> Column:
    return Column(name, "number", False, None, 0.0, title, 1.0)


SHORTLIST = Table(
    "shortlist",
    ("site_id",),
    (
        text("site_id", "site", required=True),
        Column("rank", "integer", True, title="rank, from 1; sites that nothing tells apart share one"),
        Column("rank_best", "integer", title="rank if every fact that is missing turned out well"),
        Column("rank_worst", "integer", title="rank if it turned out badly, and well for all others"),
        _share("score", "sum of the parts of the criteria, 0 to 1; what is missing counts as the worst"),
        _share("score_best", "the same if what is missing turned out best"),
        _share("top_share", "share of random weights under which the site is among the first"),
        _share("likeness", "likeness to the target site, 0 to 1; what is missing counts as unlike"),
        _share("likeness_best", "the same if what is missing were alike"),
        text("name", "name"),
        text("layer", "layer", code_list="layers"),
        text("area_code", "planning area"),
        text("muni_code", "municipality"),
        number("counted_ha", "hectares that can be had"),
        text("zone", "use district as the source states it", code_list="zones"),
        number("ready_year", "year in which the land can be handed over"),
        text("consent", "what may leave the prefecture; missing means internal", code_list="consents"),
        BASIS,
        *SOURCE,
    ),
    geometry="optional",
)

SCORES = Table(
    "scores",
    ("site_id", "criterion"),
    (
        text("site_id", "site of the shortlist", required=True),
        Column("criterion", "integer", True, title="order of the criterion, from 1"),
        text("fact", "fact that it is about", required=True, code_list="site_facts"),
        text("profile_id", "rule profile, where the fact is a verdict"),
        text("direction", "what is better", required=True, code_list="rank_directions"),
        _share("weight", "weight; those of a site add up to one"),
        text("value", "value of the site, as it stands"),
        text("unit", "unit of the value"),
        _share("normalised", "0 for the worst of the list, 1 for the best; what is missing counts as 0"),
        _share("normalised_best", "the same with what is missing as 1"),
        _share("part", "weight x normalised; the parts of a site add up to its score"),
        BASIS,
    ),
)

WATERFALL = Table(
    "waterfall",
    ("step", "layer"),
    (
        Column("step", "integer", True, title="order of the filter, from 1"),
        text("layer", "layer; the layers are never added up", required=True, code_list="layers"),
        text("filter", "the filter", required=True, code_list="filters"),
        text("condition", "what it asks"),
        text("missing", "what is done where the fact is missing", code_list="missing_policies"),
        count("sites_before", "sites before"),
        number("before_ha", "hectares before"),
        count("sites_removed", "sites removed"),
        number("removed_ha", "hectares removed"),
        count("sites_left", "sites left"),
        number("left_ha", "hectares left"),
        count("sites_unanswered", "of the sites before, those for which the fact that is asked for is missing"),
        count("sites_unknown", "of the sites before, those of unknown area; their hectares are in no figure"),
        BASIS,
    ),
)

RELAXATIONS = Table(
    "relaxations",
    ("step", "layer"),
    (
        Column("step", "integer", True, title="the filter's step in the waterfall"),
        text("layer", "layer", required=True, code_list="layers"),
        text("filter", "the filter that would be given up, all others kept", required=True, code_list="filters"),
        text("condition", "what it asks"),
        Column("rank", "integer", True, title="order within the layer, most hectares first"),
        count("sites_back", "sites that would come back to the shortlist"),
        number("back_ha", "their hectares"),
        count("sites_to_ask", "further sites that would come back to the list of those to ask about"),
        number("to_ask_ha", "their hectares"),
        number("nearest", "bound at which the first of all these would come back", minimum=None),
        text("unit", "unit of the bound"),
        BASIS,
    ),
)

TO_ASK = Table(
    "to_ask",
    ("site_id", "step"),
    (
        text("site_id", "site that fits as far as is known", required=True),
        Column("step", "integer", True, title="the filter's step in the waterfall"),
        text("fact", "fact that is missing", required=True, code_list="site_facts"),
        text("condition", "what is asked of it"),
        count("questions", "facts that are missing of the site"),
        text("layer", "layer", code_list="layers"),
        text("muni_code", "municipality"),
        text("name", "name"),
        number("counted_ha", "hectares that can be had"),
        BASIS,
    ),
)

CONDITIONS = Table(
    "conditions",
    ("fact", "profile_id"),
    (
        text("fact", "fact of a site", required=True, code_list="site_facts"),
        text("profile_id", "rule profile, where the fact is a verdict", default=""),
        text("condition", "what is asked of it, where it is a filter"),
        text("missing", "what is done where it is missing", code_list="missing_policies"),
        text("direction", "what is better, where it ranks", code_list="rank_directions"),
        _share("weight", "weight in the ranking"),
        text("quote", "sentence that it follows"),
        Column("page", "integer", title="page of the source"),
        text("assumed", "what is assumed"),
        BASIS,
    ),
)

TOTALS = Table(
    "totals",
    ("area_code", "layer"),
    (
        text("area_code", "planning area; `unplaced` where a site lies in none", required=True),
        text("name", "name of the area"),
        text("layer", "layer; the layers are never added up", required=True, code_list="layers"),
        count("sites_released", "sites that may leave the prefecture"),
        number("released_ha", "hectares of those whose area may leave it"),
        count("sites_all", "all sites; missing where the total is suppressed"),
        number("all_ha", "hectares of all sites; missing where the total is suppressed"),
        text("suppressed", "whether a withheld site would follow from the totals", code_list="answers"),
        BASIS,
    ),
)

WITHHELD = Table(
    "withheld",
    (),
    (
        text("subject", "what was withheld", required=True, code_list="withheld_subjects"),
        text("site_id", "site that it is about"),
        text("name", "its name"),
        text("field", "field, table or area that was withheld"),
        text("reason", "why", required=True, code_list="withheld_reasons"),
        text("detail", "the value that decided, where there is one"),
    ),
)

RELEASE_NOTES = Table(
    "release_notes",
    ("note",),
    (
        text("note", "what has to be said with the file", required=True, code_list="release_notes"),
        text("released_on", "day on which consent was held against its terms, ISO 8601", required=True),
    ),
)

ASSEMBLIES = Table(
    "assemblies",
    ("assembly_id",),
    (
        text("assembly_id", "key of the parcel that it grew from, and how many others", required=True),
        Column("rank", "integer", True, title="order, compact ones first"),
        count("parcels", "parcels put together"),
        number("area_ha", "area of the parcels, without the roads between them"),
        _share("compactness", "4 pi x area / perimeter squared: 1 for a circle, 0.79 for a square"),
        count("roads_crossed", "neighbours that are joined across a road"),
        count("owners", "different owners of the parcels whose owner is known; missing where none is"),
        count("owners_unknown", "parcels whose owner is not known"),
        BASIS,
    ),
    geometry="required",
)

ASSEMBLY_PARCELS = Table(
    "assembly_parcels",
    ("parcel_id",),
    (
        text("assembly_id", "assembly", required=True),
        text("parcel_id", "parcel; it is in one assembly only", required=True),
        Column("joined", "integer", True, title="order in which it was joined, from 1"),
        number("area_ha", "its area"),
    ),
)

ENQUIRIES = Table(
    "enquiries",
    ("enquiry_id",),
    (
        text("enquiry_id", "stable identifier", required=True),
        text("firm_code", "code of the firm; missing where it is anonymous"),
        text("received", "date of the enquiry"),
        text("preset", "requirements that it starts from, which its own figures overrule"),
        text("layers", "layers of land, separated by |"),
        text("zones", "use districts, separated by |"),
        number("minimum_ha", "least area"),
        number("maximum_ha", "most area"),
        number("ready_by_year", "latest year of handing over"),
        number("price_yen_m2", "highest price"),
        number("distance_interchange_m", "greatest distance to an interchange"),
        number("distance_port_m", "greatest distance to a port"),
        number("distance_station_m", "greatest distance to a station"),
        number("distance_cluster_m", "greatest distance to the cluster"),
        number("industrial_water_m3_day", "least industrial water"),
        number("power_kv", "least voltage"),
        text(
            "missing",
            "what is done where a fact is missing; not given: what the preset says, else ask",
            code_list="missing_policies",
        ),
        BASIS,
        *SOURCE,
    ),
)

ANSWERS = Table(
    "answers",
    ("enquiry_id",),
    (
        text("enquiry_id", "enquiry", required=True),
        text("firm_code", "code of the firm; missing where it is anonymous"),
        text("state", "whether there is land for it", required=True, code_list="answer_states"),
        number("minimum_ha", "least area asked for"),
        count("sites", "sites that fit"),
        count("sites_to_ask", "sites that may fit once something has been found out"),
        text("reason", "filter that alone stands in the way of most hectares, where unmet", code_list="filters"),
        number("back_ha", "hectares that would come back without it, of the layer that has most"),
        BASIS,
    ),
)

MATCHES = Table(
    "matches",
    ("enquiry_id", "site_id"),
    (
        text("enquiry_id", "enquiry", required=True),
        text("firm_code", "code of the firm; missing where it is anonymous"),
        text("site_id", "site that fits", required=True),
        Column("rank", "integer", True, title="rank for this enquiry, from 1"),
        _share("score", "score for this enquiry"),
        text("layer", "layer", code_list="layers"),
        number("counted_ha", "hectares that can be had"),
        BASIS,
    ),
)

SITE_ENQUIRIES = Table(
    "site_enquiries",
    ("site_id",),
    (
        text("site_id", "site", required=True),
        count("enquiries", "enquiries that it fits"),
        count("firms", "different firms among them, as far as they are named"),
        count("first_choice", "enquiries for which no site ranks higher"),
        text("layer", "layer", code_list="layers"),
        number("counted_ha", "hectares that can be had"),
        BASIS,
    ),
)

UNMET = Table(
    "unmet",
    ("reason",),
    (
        text("reason", "filter that alone stands in the way, or several together", required=True, code_list="filters"),
        count("enquiries", "enquiries without a site that fits or may fit"),
        number("minimum_ha", "least areas of those that name one, added up"),
        count("enquiries_without_area", "enquiries that name no area; they are in no hectares"),
        BASIS,
    ),
)

FACT_SOURCES = Table(
    "fact_sources",
    ("column",),
    (
        text("column", "column of the sites that was measured", required=True),
        count("stated", "sites of which the fact was stated already; it was left as it is"),
        count("measured", "sites of which it was measured"),
        count("unknown", "sites of which it is not known"),
        text("source_id", "files that it was measured against, separated by |"),
        BASIS,
    ),
)
