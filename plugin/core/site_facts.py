# SPDX-License-Identifier: GPL-2.0-or-later
"""Columns of `sites` that a developer's question or a municipality's consent is about."""

from __future__ import annotations

from .columns import count, number, text

SITE_FACTS = (
    number("contiguous_ha", "area of the largest part of the geometry that is in one piece"),
    number("industrial_water_m3_day", "industrial water that can be had a day"),
    number("power_kv", "highest voltage that can be had at the site"),
    text("clean_power", "whether power from clean sources is supplied to the site", code_list="answers"),
    number("slope_percent", "mean slope of the ground"),
    number("steepest_slope_percent", "slope of the steepest cell of the ground"),
    number("flood_depth_m", "deepest water of the flood maps on the site, upper bound of its class; 0 is dry"),
    number("tsunami_depth_m", "deepest water of the tsunami maps on the site, upper bound of its class; 0 is dry"),
    text("landslide", "whether a landslide warning area touches the site", code_list="answers"),
    text("farmland_restricted", "whether 農用地区域 touches the site", code_list="answers"),
    text("forest_restricted", "whether 保安林 touches the site", code_list="answers"),
    number("extension_ha", "free land next door on which the site could be extended"),
    number("distance_interchange_m", "straight line to the nearest motorway interchange"),
    number("distance_port_m", "straight line to the nearest port"),
    number("distance_station_m", "straight line to the nearest railway station"),
    number("distance_cluster_m", "straight line to the nearest plant or estate of the industry asked for"),
    count("owners", "owners of the land"),
)

CONSENT_TERMS = (
    text("consent_date", "day on which consent was given, ISO 8601"),
    text("consent_until", "last day on which it holds, ISO 8601; missing where it has no end"),
    text("consent_source", "letter or minute in which it was given"),
    text("released_fields", "columns that it covers, separated by |; missing where it covers the whole site"),
)
