# SPDX-License-Identifier: GPL-2.0-or-later
"""Planning areas lie in one another: a prefecture is its cities plus a remainder, the nation its prefectures."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import shapely

from .contracts import AREAS, conform
from .errors import ContractError
from .provenance import DERIVED
from .resources import code_list, codes

UNPLACED = "unplaced"
"""Area code of a site that lies in none of the areas."""

NATION = "JP"
"""Area code of the whole country."""


def memberships(areas: pd.DataFrame) -> pd.DataFrame:
    """Every area with itself and each area that it lies in.

    Parameters
    ----------
    areas : DataFrame
        Contract `areas`; a `parent_code` that no row has ends the chain.

    Returns
    -------
    DataFrame
        Columns `area_code` and `within_code`; one row a pair, the area itself among them. What is known to lie in a
        prefecture and in none of its cities lies in the remainder.

    Raises
    ------
    ContractError
        The areas lie in each other in a circle.
    """
    parents = dict(zip(areas["area_code"], areas["parent_code"], strict=True))
    pairs = []
    for code in parents:
        seen: list[str] = []
        within = code
        while within in parents:
            if within in seen:
                raise ContractError(f"Table areas cannot be used: area {code} lies in itself through parent_code.")
            seen.append(within)
            within = parents[within]
        pairs += [(code, step) for step in seen]
    remainders = areas[areas["level"] == "remainder"]
    pairs += list(zip(remainders["parent_code"], remainders["area_code"], strict=True))
    return pd.DataFrame(pairs, columns=["area_code", "within_code"], dtype="object")


def leaves(areas: pd.DataFrame) -> pd.Series:
    """Mask of the areas in which no other area lies, on the same index."""
    return ~areas["area_code"].isin(areas["parent_code"].dropna())


def roots(areas: pd.DataFrame) -> pd.Series:
    """Mask of the areas that lie in no other area of the table, on the same index."""
    return ~areas["parent_code"].isin(areas["area_code"])


def nested(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Planning areas with what the table leaves unsaid: remainders of prefectures, and the nation.

    Parameters
    ----------
    areas : GeoDataFrame
        Contract `areas`.

    Returns
    -------
    GeoDataFrame
        Contract `areas`: the same rows, then a `remainder` (`<prefecture>-remainder`) for each prefecture with
        designated cities, in which its other municipalities lie, then the `national` area `JP`, in which the
        prefectures lie, if all 47 are there. Areas that are there already are kept; nesting twice changes nothing.
    """
    return _in_nation(_with_remainders(areas))


def _with_remainders(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    told = areas.loc[areas["level"] == "remainder", "parent_code"]
    bare = areas[(areas["level"] == "prefecture") & ~areas["area_code"].isin(told)]
    added, parents = [], areas["parent_code"].copy()
    for row, prefecture in bare.iterrows():
        code = prefecture["area_code"]
        within = areas["parent_code"] == code
        cities = within & (areas["level"] == "designated_city")
        outside = shapely.difference(areas.geometry[row], shapely.union_all(areas.geometry[cities].to_numpy()))
        if not cities.any() or shapely.is_empty(outside):
            continue
        remainder = f"{code}-remainder"
        parents = parents.mask(within & ~cities, remainder)
        names = _names("remainder", prefecture["name"], prefecture["name_en"])
        about = {"parent_code": code, "pref_code": prefecture["pref_code"], **names}
        added.append(_area(remainder, "remainder", outside, **about))
    return _appended(areas.assign(parent_code=parents), added)


def _in_nation(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    prefectures = areas[areas["level"] == "prefecture"]
    if set(prefectures["area_code"]) != set(codes("prefectures")):
        return areas
    top = prefectures.index[prefectures["parent_code"].isna()]
    within = areas.assign(parent_code=areas["parent_code"].mask(areas.index.isin(top), NATION))
    if NATION in set(areas["area_code"]):
        return within
    whole = shapely.union_all(prefectures.geometry.to_numpy())
    return _appended(within, [_area(NATION, "national", whole, **_names("national"))])


def _names(level: str, name: str | None = None, name_en: str | None = None) -> dict[str, str | None]:
    """Names of an area of a level, after the area that it is a part of if there is one."""
    titles = next(row for row in code_list("area_levels") if row["code"] == level)
    parts = {"name": (name, titles["name_ja"]), "name_en": (name_en, titles["name_en"])}
    return {column: " ".join(part for part in words if isinstance(part, str)) for column, words in parts.items()}


def _area(code: str, level: str, shape: shapely.Geometry, **columns: object) -> dict[str, object]:
    return {"area_code": code, "level": level, "geometry": shape, "basis": DERIVED, **columns}


def _appended(areas: gpd.GeoDataFrame, rows: list[dict[str, object]]) -> gpd.GeoDataFrame:
    if not rows:
        return areas
    added = gpd.GeoDataFrame(rows, geometry="geometry", crs=areas.crs)
    if areas.geometry.name != "geometry":
        added = added.rename_geometry(areas.geometry.name)
    return conform(pd.concat([areas, conform(added, AREAS)], ignore_index=True), AREAS)
