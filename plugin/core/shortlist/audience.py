# SPDX-License-Identifier: GPL-2.0-or-later
"""What a developer gets: everything is made again from what may leave, and nothing is taken from what may not.

Ranks, scores and the waterfall are not cut down but drawn up anew from the released sites and fields, so that no gap
in a rank, no end of a scale and no sum of a filter speaks of a withheld site. Only the totals of all land know of
those, and `totals.py` guards them. Tables that are not named here stay in the office.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import pandas as pd

from ..contracts import SITES, SOURCES, TABLES, VERDICTS, conform
from ..provenance import UNKNOWN
from . import consent, mentions, withholding
from .overlapping import hectares_among_released
from .ranking import Stability
from .requirements import Requirements, condition_table
from .selection import select
from .totals import totals

Tables = dict[str, pd.DataFrame]

_UNTOUCHED = ("profiles",)
"""Tables that leave as they are, since they hold no site."""

_SOURCE_COLUMNS = ("title", "publisher", "edition", "licence")


@dataclass(frozen=True)
class Release:
    """What leaves the prefecture, and what the planner is told of the rest.

    Parameters
    ----------
    tables : dict of str to DataFrame
        Contract tables by name, with `totals` and `release_notes`, which says what has to be said with them.
    withheld : DataFrame
        Contract `withheld`: every site, field, total and table that stays, and why. It does not leave the office.
    """

    tables: Tables
    withheld: pd.DataFrame


def for_developers(
    tables: Mapping[str, pd.DataFrame],
    requirements: Requirements,
    *,
    on: date,
    stability: Stability | None = None,
) -> Release:
    """Make the tables that may be handed to developers.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Contract tables by name: `sites` with `counted_ha`, and as far as they are there `verdicts`, `overlaps`,
        `areas`, `sources` and `profiles`.
    requirements : Requirements
        What is asked for. A field that is not released counts as missing.
    on : date
        The day on which consent is held against its terms.
    stability : Stability or None
        How rank stability is drawn.

    Returns
    -------
    Release
        Equal for any two inputs that differ in nothing but withheld sites and fields, save for `totals` and the note
        on them, and for cells that are emptied because they name a withheld site or rest on one.

    Raises
    ------
    ContractError
        A table breaks its contract.
    """
    sites = conform(tables["sites"], SITES).reset_index(drop=True)
    standing = consent.standing_on(sites, on)
    leaving, staying = sites[standing["released"]], sites[~standing["released"]]
    cells = consent.released_fields(leaving)
    counted, recounted = hectares_among_released(sites, standing["released"], tables.get("overlaps"))
    released, mentioned = _without_mentions(
        _released(
            tables,
            _shown(leaving.assign(counted_ha=counted), cells),
            (cells["verdicts"] & cells["geometry"]).set_axis(leaving["site_id"]),
        ),
        staying,
    )
    made = {
        **{name: tables[name] for name in _UNTOUCHED if name in tables},
        **released,
        **vars(select(released["sites"], requirements, verdicts=released.get("verdicts"), stability=stability)),
        "conditions": condition_table(requirements),
        "totals": _totals(sites, cells["area_code"], released["sites"], tables.get("areas")),
    }
    other = [recounted, mentioned, withholding.of_totals(made["totals"]), withholding.of_tables(tables, made)]
    withheld = withholding.log(sites, standing, cells, other)
    return Release({**made, "release_notes": withholding.notes(withheld, on)}, withheld)


def _released(tables: Mapping[str, pd.DataFrame], shown: pd.DataFrame, screened: pd.Series) -> Tables:
    """Sites, and the verdicts and sources that belong to them.

    Verdicts are of sites whose shape is released too, since their hectares are measured from it.
    """
    shown, sources = _with_sources(shown, tables.get("sources"))
    made: Tables = {"sites": shown} | ({} if sources is None else {"sources": sources})
    if (verdicts := tables.get("verdicts")) is not None:
        own = conform(verdicts, VERDICTS)[VERDICTS.column_names]
        own = own[own["site_id"].isin(screened.index[screened])]
        made["verdicts"] = own.sort_values(["site_id", "profile_id"], ignore_index=True)
    for frame in made.values():
        frame.attrs = {}  # whatever was noted on the tables of the office
    return made


def _without_mentions(tables: Tables, staying: pd.DataFrame) -> tuple[Tables, pd.DataFrame]:
    silent = {name: mentions.without(frame, TABLES[name], staying) for name, frame in tables.items()}
    lines = pd.concat([found for _, found in silent.values()], ignore_index=True)
    return {name: frame for name, (frame, _) in silent.items()}, lines


def _totals(sites: pd.DataFrame, placed: pd.Series, shown: pd.DataFrame, areas: pd.DataFrame | None) -> pd.DataFrame:
    """Contract `totals`, in which a site whose area code stays in the office is withheld."""
    known = placed.reindex(sites.index, fill_value=False)
    hectares = shown.set_index("site_id")["counted_ha"].reindex(sites["site_id"]).set_axis(sites.index)
    return totals(sites, known, hectares.where(known), areas)


def _shown(leaving: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    """Released sites with released fields, sorted by key, so that no order of a file shows what is missing."""
    columns = [name for name in SITES.column_names if name in consent.fields()]
    shown = leaving[columns].where(cells[columns])
    if isinstance(leaving, gpd.GeoDataFrame):
        shapes = leaving.geometry.where(cells["geometry"], None)
        shown = gpd.GeoDataFrame(shown, geometry=gpd.GeoSeries(shapes, crs=leaving.crs), crs=leaving.crs)
    without_area = shown["available_ha"].isna() & shown["available_basis"].isna() & ~_drawn(shown)
    shown.loc[without_area, "available_basis"] = UNKNOWN
    return conform(shown.sort_values("site_id", ignore_index=True), SITES)


def _drawn(sites: pd.DataFrame) -> pd.Series:
    there = sites.geometry.notna() if isinstance(sites, gpd.GeoDataFrame) else False
    return pd.Series(there, index=sites.index)


def _with_sources(shown: pd.DataFrame, sources: pd.DataFrame | None) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    """Sources by number, with what a reader needs to look them up and no file name, checksum or number of rows."""
    used = sorted(shown["source_id"].dropna().unique())
    numbers = {name: f"source-{number}" for number, name in enumerate(used, 1)}
    numbered = shown["source_id"].map(numbers).astype(object)
    renamed = shown.assign(source_id=numbered.where(numbered.notna(), None))
    if sources is None:
        return renamed, None
    kept = sources[sources["source_id"].isin(used)].sort_values("source_id", ignore_index=True)
    listed = kept[["source_id", *_SOURCE_COLUMNS, "basis"]].assign(source_id=kept["source_id"].map(numbers))
    return renamed, conform(listed, SOURCES)
