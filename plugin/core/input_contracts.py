# SPDX-License-Identifier: GPL-2.0-or-later
"""Contracts of the tables that come from outside."""

from __future__ import annotations

from .columns import BASIS, SOURCE, number, text
from .site_facts import CONSENT_TERMS, SITE_FACTS
from .tables import Column, Table

SITES = Table(
    "sites",
    ("site_id",),
    (
        text("site_id", "stable identifier", required=True),
        text("name", "name"),
        text("layer", "which of the three layers", required=True, code_list="layers"),
        text("pref_code", "prefecture, JIS X 0401"),
        text("muni_code", "municipality, JIS X 0402, as measured from geometry"),
        text("muni_code_stated", "municipality as the source states it"),
        text("area_code", "planning area"),
        number("gross_ha", "whole area as stated"),
        text("gross_basis", "basis of gross_ha", code_list="bases"),
        number("geom_ha", "area of the geometry"),
        text("geom_basis", "basis of geom_ha", code_list="bases"),
        number("available_ha", "area that can be had"),
        text("available_basis", "basis of available_ha; `unknown` where the source does not know", code_list="bases"),
        number("counted_ha", "available_ha less what another site already counts"),
        text("counted_basis", "basis of counted_ha", code_list="bases"),
        text("status", "what the land is doing", code_list="statuses"),
        text("stage", "stage that a project has reached", code_list="stages"),
        number("stage_entered_year", "year in which it entered the stage"),
        text("partner", "private partner of a public-private project"),
        number("ready_year", "year in which the land can be handed over"),
        number("start_year", "year in which development began or begins"),
        number("closed_year", "year in which the former use ended"),
        number("lead_time_min_years", "shortest lead time that the project states"),
        number("lead_time_mode_years", "likeliest lead time that the project states"),
        number("lead_time_max_years", "longest lead time that the project states"),
        Column("completion_probability", "number", minimum=0.0, maximum=1.0, title="chance of completion, 0 to 1"),
        text("zone", "use district as the source states it", code_list="zones"),
        text("coastal", "on the coast, as the source states it", code_list="answers"),
        text("infrastructure", "water, power, roads, as the source states them"),
        number("price_yen_m2", "asking price"),
        text("owner_class", "class of owner", code_list="owner_classes"),
        text("developer", "body that develops or sells"),
        text("industry", "industry or firms, as the source states them"),
        text(
            "industry_class",
            "major group of the Japan Standard Industrial Classification",
            code_list="industry_classes",
        ),
        text("public_entry", "whether outsiders may enter", code_list="answers"),
        text("soil_leaves_site", "whether excavated soil leaves the site", code_list="answers"),
        text("groundwater_as_exclusive", "whether groundwater is used as in 工業専用地域", code_list="answers"),
        *SITE_FACTS,
        text("consent", "what may leave the prefecture; missing means internal", code_list="consents"),
        *CONSENT_TERMS,
        text("previously_part_of", "site_id of which it was a part"),
        text("first_added", "date of first entry"),
        text("last_updated", "date of last change"),
        text("note", "what was noticed on the way"),
        BASIS,
        *SOURCE,
        text("as_of", "date or year that the row describes"),
    ),
    geometry="optional",
    either=("available_ha", "available_basis", "geometry"),
)

AREAS = Table(
    "areas",
    ("area_code",),
    (
        text("area_code", "planning area", required=True),
        text("name", "name"),
        text("name_en", "name in Latin letters"),
        text("parent_code", "area that it lies in; a prefecture is its cities plus a remainder"),
        text("level", "kind of area", code_list="area_levels"),
        text("pref_code", "prefecture, JIS X 0401"),
        number("reserve_ha", "stock that is kept back and counts as run out; none where it is missing"),
        BASIS,
        *SOURCE,
    ),
    geometry="required",
)

TAKE_UP = Table(
    "take_up",
    ("area_code", "year", "series"),
    (
        text("area_code", "planning area", required=True),
        number("year", "calendar year", required=True),
        text("series", "what is counted", code_list="take_up_series", default="surveyed"),
        number("take_up_ha", "land taken up; missing where suppressed"),
        number("loss_ha", "industrial land lost to other uses in the year, told with the whole survey"),
        Column("cases", "number", minimum=0.0, title="cases of location"),
        text("suppressed", "cell suppressed by the publisher (X)", code_list="answers"),
        BASIS,
        text("note", "how it was derived"),
        *SOURCE,
    ),
    either=("take_up_ha", "suppressed", "cases"),
)

ZONES = Table(
    "zones",
    ("zone_id",),
    (
        text("zone_id", "stable identifier", required=True),
        text("zone", "use district in Yochi's vocabulary", required=True, code_list="zones"),
        text("code", "original code"),
        text("code_system", "system that the code belongs to"),
        number("floor_area_ratio_percent", "floor area ratio"),
        number("building_coverage_percent", "building coverage ratio"),
        text("muni_code", "municipality that decided it"),
        text("valid_from", "date of decision"),
        BASIS,
        *SOURCE,
    ),
    geometry="required",
)

PORT_ZONES = Table(
    "port_zones",
    ("port_zone_id",),
    (
        text("port_zone_id", "stable identifier", required=True),
        text("port", "name of the port"),
        text("bunku", "分区 of 港湾法39条1項", code_list="bunku"),
        text("ordinance_bans_housing", "whether the 分区 ordinance bans housing", code_list="answers"),
        text("muni_code", "municipality"),
        text("valid_from", "date of decision"),
        BASIS,
        *SOURCE,
    ),
    geometry="required",
)

DESIGNATIONS = Table(
    "designations",
    ("designation_id",),
    (
        text("designation_id", "number in the soil ledger", required=True),
        text("kind", "kind of designated area", required=True, code_list="designation_kinds"),
        text("sub_type", "sub-type of 規則58条5項", code_list="designation_subtypes"),
        text("designated_on", "date of designation"),
        text("lots", "lots as written"),
        number("area_m2", "area as stated"),
        BASIS,
        *SOURCE,
    ),
    geometry="optional",
)

COASTLINE = Table(
    "coastline",
    ("coastline_id",),
    (
        text("coastline_id", "stable identifier", required=True),
        BASIS,
        *SOURCE,
    ),
    geometry="required",
    shape="line",
)

RECLAIMED = Table(
    "reclaimed",
    ("reclaimed_id",),
    (
        text("reclaimed_id", "stable identifier", required=True),
        text("name", "name"),
        text("by_reclamation_act", "reclaimed under 公有水面埋立法", code_list="answers"),
        text("started_on", "date on which the reclamation began, ISO 8601"),
        text("waste_fill", "whether waste was used for fill", code_list="answers"),
        BASIS,
        *SOURCE,
    ),
    geometry="required",
)

WELLS = Table(
    "wells",
    ("well_id",),
    (
        text("well_id", "stable identifier", required=True),
        text("use", "what the water is used for", code_list="well_uses"),
        BASIS,
        *SOURCE,
    ),
    geometry="required",
    shape="point",
)

PORT_ORDINANCES = Table(
    "port_ordinances",
    ("port", "bunku"),
    (
        text("port", "name of the port, as in port_zones", required=True),
        text("bunku", "分区 of 港湾法39条1項", required=True, code_list="bunku"),
        text(
            "bans_housing",
            "whether its ordinance (40条1項) bans the buildings of 建築基準法 別表第二(わ)項",
            required=True,
            code_list="answers",
        ),
        BASIS,
        *SOURCE,
    ),
)

PARCELS = Table(
    "parcels",
    ("parcel_id",),
    (
        text("parcel_id", "stable identifier", required=True),
        text("muni_code", "municipality"),
        text("district", "大字・丁目・小字, as written"),
        text("lot", "地番", required=True),
        BASIS,
        *SOURCE,
    ),
    geometry="required",
)
