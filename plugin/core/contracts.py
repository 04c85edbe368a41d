# SPDX-License-Identifier: GPL-2.0-or-later
"""The tables that the stages pass on: columns, types, units, keys and code lists.

A frame goes into a stage and a frame comes out; what they agree on is written here and nowhere else. Few
columns are required: any other column may be missing, and a missing value means unknown, never zero or no.
Units are in the names: `_ha` hectares, `_m` metres, `_year` a calendar year (decimal), `_years` a duration.
"""

from __future__ import annotations

from .tables import Column, Fault, Table, conform, empty, faults, validate

__all__ = ["INPUT_TABLES", "TABLES", "Column", "Fault", "Table", "conform", "empty", "faults", "validate"]


def _text(name: str, title: str, *, required: bool = False, code_list: str | None = None) -> Column:
    return Column(name, "text", required, code_list, None, title)


def _number(name: str, title: str, *, required: bool = False, minimum: float | None = 0.0) -> Column:
    return Column(name, "number", required, None, minimum, title)


def _count(name: str, title: str) -> Column:
    return Column(name, "integer", False, None, 0.0, title)


_BASIS = _text("basis", "weakest basis of the figures in the row", code_list="bases")
_SOURCE = (
    _text("source_id", "file that the row comes from"),
    Column("source_row", "integer", title="row in that file, as a person counts them"),
)

SITES = Table(
    "sites",
    ("site_id",),
    (
        _text("site_id", "stable identifier", required=True),
        _text("name", "name"),
        _text("layer", "which of the three layers", required=True, code_list="layers"),
        _text("pref_code", "prefecture, JIS X 0401"),
        _text("muni_code", "municipality, JIS X 0402, as measured from geometry"),
        _text("muni_code_stated", "municipality as the source states it"),
        _text("area_code", "planning area"),
        _number("gross_ha", "whole area as stated"),
        _text("gross_basis", "basis of gross_ha", code_list="bases"),
        _number("geom_ha", "area of the geometry"),
        _text("geom_basis", "basis of geom_ha", code_list="bases"),
        _number("available_ha", "area that can be had"),
        _text("available_basis", "basis of available_ha; `unknown` where the source does not know", code_list="bases"),
        _number("counted_ha", "available_ha less what another site already counts"),
        _text("counted_basis", "basis of counted_ha", code_list="bases"),
        _text("status", "what the land is doing", code_list="statuses"),
        _number("ready_year", "year in which the land can be handed over"),
        _number("start_year", "year in which development began or begins"),
        _number("closed_year", "year in which the former use ended"),
        _number("lead_time_min_years", "shortest lead time that the project states"),
        _number("lead_time_mode_years", "likeliest lead time that the project states"),
        _number("lead_time_max_years", "longest lead time that the project states"),
        Column("completion_probability", "number", minimum=0.0, maximum=1.0, title="chance of completion, 0 to 1"),
        _text("zone", "use district as the source states it", code_list="zones"),
        _text("coastal", "on the coast, as the source states it", code_list="answers"),
        _text("infrastructure", "water, power, roads, as the source states them"),
        _number("price_yen_m2", "asking price"),
        _text("owner_class", "class of owner", code_list="owner_classes"),
        _text("developer", "body that develops or sells"),
        _text("industry", "industry or firms, as the source states them"),
        _text(
            "industry_class",
            "major group of the Japan Standard Industrial Classification",
            code_list="industry_classes",
        ),
        _text("public_entry", "whether outsiders may enter", code_list="answers"),
        _text("soil_leaves_site", "whether excavated soil leaves the site", code_list="answers"),
        _text("groundwater_as_exclusive", "whether groundwater is used as in 工業専用地域", code_list="answers"),
        _text("consent", "what may leave the prefecture; missing means internal", code_list="consents"),
        _text("previously_part_of", "site_id of which it was a part"),
        _text("first_added", "date of first entry"),
        _text("last_updated", "date of last change"),
        _text("note", "what was noticed on the way"),
        _BASIS,
        *_SOURCE,
        _text("as_of", "date or year that the row describes"),
    ),
    geometry="optional",
    either=("available_ha", "available_basis", "geometry"),
)

AREAS = Table(
    "areas",
    ("area_code",),
    (
        _text("area_code", "planning area", required=True),
        _text("name", "name"),
        _text("name_en", "name in Latin letters"),
        _text("parent_code", "area that it lies in; a prefecture is its cities plus a remainder"),
        _text("level", "kind of area", code_list="area_levels"),
        _text("pref_code", "prefecture, JIS X 0401"),
        _BASIS,
        *_SOURCE,
    ),
    geometry="required",
)

TAKE_UP = Table(
    "take_up",
    ("area_code", "year"),
    (
        _text("area_code", "planning area", required=True),
        _number("year", "calendar year", required=True),
        _number("take_up_ha", "land taken up; missing where suppressed"),
        Column("cases", "number", minimum=0.0, title="cases of location"),
        _text("suppressed", "cell suppressed by the publisher (X)", code_list="answers"),
        _BASIS,
        _text("note", "how it was derived"),
        *_SOURCE,
    ),
    either=("take_up_ha", "suppressed"),
)

ZONES = Table(
    "zones",
    ("zone_id",),
    (
        _text("zone_id", "stable identifier", required=True),
        _text("zone", "use district in Yochi's vocabulary", required=True, code_list="zones"),
        _text("code", "original code"),
        _text("code_system", "system that the code belongs to"),
        _number("floor_area_ratio_percent", "floor area ratio"),
        _number("building_coverage_percent", "building coverage ratio"),
        _text("muni_code", "municipality that decided it"),
        _text("valid_from", "date of decision"),
        _BASIS,
        *_SOURCE,
    ),
    geometry="required",
)

PORT_ZONES = Table(
    "port_zones",
    ("port_zone_id",),
    (
        _text("port_zone_id", "stable identifier", required=True),
        _text("port", "name of the port"),
        _text("bunku", "分区 of 港湾法39条1項", code_list="bunku"),
        _text("ordinance_bans_housing", "whether the 分区 ordinance bans housing", code_list="answers"),
        _text("muni_code", "municipality"),
        _text("valid_from", "date of decision"),
        _BASIS,
        *_SOURCE,
    ),
    geometry="required",
)

DESIGNATIONS = Table(
    "designations",
    ("designation_id",),
    (
        _text("designation_id", "number in the soil ledger", required=True),
        _text("kind", "kind of designated area", required=True, code_list="designation_kinds"),
        _text("sub_type", "sub-type of 規則58条5項", code_list="designation_subtypes"),
        _text("designated_on", "date of designation"),
        _text("lots", "lots as written"),
        _number("area_m2", "area as stated"),
        _BASIS,
        *_SOURCE,
    ),
    geometry="optional",
)

COASTLINE = Table(
    "coastline",
    ("coastline_id",),
    (
        _text("coastline_id", "stable identifier", required=True),
        _BASIS,
        *_SOURCE,
    ),
    geometry="required",
    shape="line",
)

RECLAIMED = Table(
    "reclaimed",
    ("reclaimed_id",),
    (
        _text("reclaimed_id", "stable identifier", required=True),
        _text("name", "name"),
        _text("by_reclamation_act", "reclaimed under 公有水面埋立法", code_list="answers"),
        _text("started_on", "date on which the reclamation began, ISO 8601"),
        _text("waste_fill", "whether waste was used for fill", code_list="answers"),
        _BASIS,
        *_SOURCE,
    ),
    geometry="required",
)

WELLS = Table(
    "wells",
    ("well_id",),
    (
        _text("well_id", "stable identifier", required=True),
        _text("use", "what the water is used for", code_list="well_uses"),
        _BASIS,
        *_SOURCE,
    ),
    geometry="required",
    shape="point",
)

PORT_ORDINANCES = Table(
    "port_ordinances",
    ("port", "bunku"),
    (
        _text("port", "name of the port, as in port_zones", required=True),
        _text("bunku", "分区 of 港湾法39条1項", required=True, code_list="bunku"),
        _text(
            "bans_housing",
            "whether its ordinance (40条1項) bans the buildings of 建築基準法 別表第二(わ)項",
            required=True,
            code_list="answers",
        ),
        _BASIS,
        *_SOURCE,
    ),
)

PARCELS = Table(
    "parcels",
    ("parcel_id",),
    (
        _text("parcel_id", "stable identifier", required=True),
        _text("muni_code", "municipality"),
        _text("district", "大字・丁目・小字, as written"),
        _text("lot", "地番", required=True),
        _BASIS,
        *_SOURCE,
    ),
    geometry="required",
)

EVIDENCE = Table(
    "evidence",
    ("site_id", "piece", "profile_id", "criterion_id"),
    (
        _text("site_id", "site", required=True),
        Column("piece", "integer", True, title="piece of the site, from 1"),
        _text("profile_id", "rule profile", required=True),
        _text("criterion_id", "criterion", required=True),
        _text("result", "result for the piece", required=True, code_list="results"),
        _text("value", "what was found"),
        _text("unit", "unit of the value"),
        _number("piece_ha", "area of the piece"),
        _text("data_set", "data set that decided"),
        _text("edition", "its edition"),
        _text("reason", "code of the reason"),
        _text("subject", "what would have to be asked about to decide, where undecidable"),
        _BASIS,
    ),
)

FIND_NEXT = Table(
    "find_next",
    ("area_code", "profile_id", "fact", "subject"),
    (
        _text("area_code", "prefecture; empty parts of the country are `unplaced`", required=True),
        _text("profile_id", "rule profile", required=True),
        Column("rank", "integer", True, title="order within area and profile, most hectares first"),
        _text("fact", "code of the missing fact", required=True),
        _text("subject", "what it is missing of", required=True),
        _count("sites", "sites with land that it bears on"),
        _number("decides_ha", "hectares that the answer decides, whatever it is"),
        _number("may_decide_ha", "hectares that one of the answers decides"),
        _BASIS,
    ),
)

COMPARISON = Table(
    "comparison",
    ("area_code", "profile_id"),
    (
        _text("area_code", "planning area", required=True),
        _text("profile_id", "rule profile", required=True),
        _text("profile_status", "law, proposal, request or premise", code_list="profile_statuses"),
        _number("met_ha", "hectares met, land under two sites counted once"),
        _number("not_met_ha", "hectares not met"),
        _number("undecidable_ha", "hectares undecidable"),
        _BASIS,
    ),
)

PIECES = Table(
    "pieces",
    ("site_id", "piece", "profile_id"),
    (
        _text("site_id", "site", required=True),
        Column("piece", "integer", True, title="piece of the site, from 1"),
        _text("profile_id", "rule profile", required=True),
        _text("profile_status", "law, proposal, request or premise", code_list="profile_statuses"),
        _text("result", "result for the piece", required=True, code_list="results"),
        _number("piece_ha", "area of the piece"),
        _text("layer", "layer of the site", code_list="layers"),
        _BASIS,
    ),
    geometry="optional",
)

VERDICTS = Table(
    "verdicts",
    ("site_id", "profile_id"),
    (
        _text("site_id", "site", required=True),
        _text("profile_id", "rule profile", required=True),
        _text("profile_status", "law, proposal, request or premise", code_list="profile_statuses"),
        _text("profile_date", "date of the profile"),
        _number("met_ha", "hectares that meet the profile"),
        _number("not_met_ha", "hectares that do not"),
        _number("undecidable_ha", "hectares that the data cannot decide"),
        _number("site_ha", "area of the site; the three add up to it"),
        _text(
            "headline",
            "what holds for most of the site whatever the undecidable part turns out to be",
            code_list="results",
        ),
        _text("missing", "what would have to be found out"),
        _BASIS,
        _text("disclaimer", "rule-based screening, not a legal finding"),
    ),
)

START_BY_YEARS = {"start_by_3_year": 3.0, "start_by_4_year": 4.0, "start_by_5_year": 5.0}
"""The ministry's lead times side by side, whatever lead times a study works with."""

OUTLOOK = Table(
    "outlook",
    ("area_code", "scenario_id"),
    (
        _text("area_code", "planning area", required=True),
        _text("scenario_id", "scenario", required=True),
        _text("name", "name of the area"),
        _text("name_en", "name in Latin letters"),
        _text("level", "kind of area", code_list="area_levels"),
        _text("parent_code", "area that it lies in"),
        _number("base_year", "year from which the stock runs down"),
        _number("horizon_years", "years looked ahead"),
        _number("stock_ha", "stock at the base year"),
        _count("stock_sites", "sites in the stock"),
        _count("stock_unknown_sites", "sites whose available area is unknown and not in the stock"),
        _text("stock_basis", "basis of stock_ha", code_list="bases"),
        _number("reserve_ha", "stock that counts as run out"),
        _number("lead_time_min_years", "shortest lead time, which decides `too_late`"),
        _number("lead_time_mode_years", "likeliest lead time, with which projects that state none arrive"),
        _number("lead_time_max_years", "longest lead time, which decides `start_now`"),
        _number("take_up_ha_per_year", "mean take-up a year"),
        _count("take_up_years", "years behind the mean"),
        _count("suppressed_years", "years left out because the cell is suppressed"),
        _count("later_years", "years left out because they are not before the base year"),
        _text("take_up_basis", "basis of the take-up", code_list="bases"),
        _number("pipeline_ha", "hectares that arrive within the horizon"),
        _count("pipeline_projects", "projects that arrive within the horizon"),
        _count("pipeline_undated_projects", "projects without a year, not counted"),
        _count("pipeline_unknown_projects", "projects of unknown area, not counted"),
        _count(
            "pipeline_overdue_projects", "projects that should be ready before the base year and are not, not counted"
        ),
        _text("pipeline_basis", "basis of the pipeline", code_list="bases"),
        _number("depletion_year", "year in which the stock first reaches the reserve"),
        _number("years_to_depletion", "the same, in years from the base year"),
        _number("start_by_3_year", "latest start with a lead time of 3 years"),
        _number("start_by_4_year", "latest start with a lead time of 4 years"),
        _number("start_by_5_year", "latest start with a lead time of 5 years"),
        _text("state", "state of the area", required=True, code_list="states"),
        _number("gap_years", "years without land before a later arrival"),
        _number("gap_unmet_ha", "take-up unmet in those gaps"),
        _number("unmet_ha", "take-up unmet up to the horizon"),
        _text("flagged_profile_id", "rule profile of the next columns"),
        _number("flagged_met_ha", "hectares of sites in the area that meet the profile"),
        _number("flagged_undecidable_ha", "hectares that the data cannot decide"),
        _text("flagged_basis", "basis of the flagged hectares", code_list="bases"),
        _text("reason", "why there is no data, or why a figure is a bound"),
        _BASIS,
    ),
    geometry="optional",
)

TRAJECTORY = Table(
    "trajectory",
    ("area_code", "scenario_id", "year"),
    (
        _text("area_code", "planning area", required=True),
        _text("scenario_id", "scenario", required=True),
        _number("year", "beginning of this year", required=True),
        _number("stock_ha", "stock, deterministic"),
        _number("stock_p10_ha", "stock, 10th percentile"),
        _number("stock_p50_ha", "stock, median"),
        _number("stock_p90_ha", "stock, 90th percentile"),
        _number("take_up_ha", "land taken up in the year before"),
        _number("arrivals_ha", "land that became ready in the year before"),
        _number("unmet_ha", "take-up unmet in the year before"),
        _BASIS,
    ),
)

SHORTLIST = Table(
    "shortlist",
    ("site_id",),
    (
        _text("site_id", "site", required=True),
        Column("rank", "integer", True, title="rank, from 1"),
        _text("name", "name"),
        _text("layer", "layer", code_list="layers"),
        _text("area_code", "planning area"),
        _text("muni_code", "municipality"),
        _number("counted_ha", "hectares that can be had"),
        _text("zone", "use district as the source states it", code_list="zones"),
        _number("ready_year", "year in which the land can be handed over"),
        _text("consent", "what may leave the prefecture; missing means internal", code_list="consents"),
        _BASIS,
        *_SOURCE,
    ),
    geometry="optional",
)

WATERFALL = Table(
    "waterfall",
    ("step", "layer"),
    (
        Column("step", "integer", True, title="order of the filter, from 1"),
        _text("layer", "layer; the layers are never added up", required=True, code_list="layers"),
        _text("filter", "the filter", required=True),
        _text("condition", "what it asks"),
        _count("sites_before", "sites before"),
        _number("before_ha", "hectares before"),
        _count("sites_removed", "sites removed"),
        _number("removed_ha", "hectares removed"),
        _count("sites_left", "sites left"),
        _number("left_ha", "hectares left"),
        _count("sites_unknown", "of the sites before, those of unknown area; their hectares are in no figure"),
        _BASIS,
    ),
)

SUMMARY = Table(
    "summary",
    ("area_code", "layer"),
    (
        _text("area_code", "planning area; `unplaced` where a site lies in none", required=True),
        _text("name", "name of the area"),
        _text("layer", "layer", required=True, code_list="layers"),
        _count("sites", "sites"),
        _count("sites_unknown", "sites whose available area is unknown, not in the hectares"),
        _number("available_ha", "hectares as stated or measured"),
        _number("overlap_ha", "hectares that another site already counts"),
        _number("counted_ha", "available_ha less overlap_ha"),
        _BASIS,
    ),
)

OVERLAPS = Table(
    "overlaps",
    ("site_id", "kept_site_id"),
    (
        _text("site_id", "site that gives way", required=True),
        _text("kept_site_id", "site that counts the land", required=True),
        _number("overlap_ha", "area that both geometries cover"),
        _number("removed_ha", "hectares no longer counted for site_id"),
        _text("rule", "precedence that decided"),
        _BASIS,
    ),
)

PROFILES = Table(
    "profiles",
    ("profile_id",),
    (
        _text("profile_id", "rule profile", required=True),
        _text("title_ja", "title in Japanese"),
        _text("title_en", "title in English"),
        _text("status", "law, proposal, request or premise", required=True, code_list="profile_statuses"),
        _text("date", "date of the profile"),
        _text("source", "text that it follows, with the article"),
        _text("assumptions", "what it assumes beyond its source"),
    ),
)

SCENARIOS = Table(
    "scenarios",
    ("scenario_id",),
    (
        _text("scenario_id", "scenario", required=True),
        _text("title_ja", "title in Japanese"),
        _text("title_en", "title in English"),
        _text("source", "where it comes from"),
        _text("pipeline", "whether projects under way arrive", code_list="answers"),
    ),
)

SOURCES = Table(
    "sources",
    ("source_id",),
    (
        _text("source_id", "identifier", required=True),
        _text("title", "title"),
        _text("publisher", "publisher"),
        _text("edition", "edition or year"),
        _text("licence", "terms of use"),
        _text("format", "format as recognised"),
        _text("file_name", "name of the file"),
        _text("sha256", "SHA-256 of the file"),
        Column("rows_read", "integer", minimum=0.0, title="rows read"),
        Column("rows_used", "integer", minimum=0.0, title="rows used"),
        Column("rows_rejected", "integer", minimum=0.0, title="rows in the fix-list, not used"),
        _text("crs", "reference system of the file, and whether it was assumed"),
        _text("note", "what was assumed"),
        _BASIS,
    ),
)

FIXLIST = Table(
    "fixlist",
    (),
    (
        _text("source_id", "file", required=True),
        Column("source_row", "integer", title="row in that file, as a person counts them"),
        _text("field", "field"),
        _text("value", "value as it stands"),
        _text("problem", "what is wrong", required=True),
        _text("remedy", "what to do"),
        _text("severity", "whether the row was used", required=True, code_list="severities"),
    ),
)

_INPUTS = (
    *(SITES, AREAS, TAKE_UP, ZONES, PORT_ZONES, PORT_ORDINANCES, DESIGNATIONS),
    *(COASTLINE, RECLAIMED, WELLS, PARCELS),
)
_RESULTS = (
    *(EVIDENCE, PIECES, VERDICTS, FIND_NEXT, COMPARISON, OUTLOOK, TRAJECTORY, SHORTLIST, WATERFALL),
    *(SUMMARY, OVERLAPS, PROFILES, SCENARIOS, SOURCES, FIXLIST),
)

INPUT_TABLES = tuple(table.name for table in _INPUTS)
"""The tables that come from outside; the others are results."""

TABLES: dict[str, Table] = {table.name: table for table in (*_INPUTS, *_RESULTS)}
