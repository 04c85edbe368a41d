# SPDX-License-Identifier: GPL-2.0-or-later
"""In which planning area, municipality and prefecture a site lies, from its geometry."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from .. import crs
from ..area_tree import UNPLACED, leaves

NEAREST_WITHIN_M = 2_000.0
"""Boundaries are simplified and new land is reclaimed: a site outside all areas belongs to the nearest within this."""


def place(sites: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """Find the area of each site.

    Parameters
    ----------
    sites : GeoDataFrame
        Contract `sites`, in any reference system; geometry may be missing.
    areas : GeoDataFrame
        Contract `areas`. The ground of an area is what no area within it takes: the remainder of a prefecture is its
        own.

    Returns
    -------
    DataFrame
        On the index of `sites`: `located_code`, the area on whose ground most of the site lies, or the nearest within
        2 km, or None; `how` ("geometry", "nearest" or None).
    """
    found = pd.DataFrame({"located_code": None, "how": None}, index=sites.index, dtype="object")
    drawn = sites[~(sites.geometry.isna() | sites.geometry.is_empty)]
    for epsg, group in drawn.groupby(crs.plane_zones(drawn)) if len(drawn) else ():
        local_sites = crs.to_plane(group, int(str(epsg))).geometry
        local_areas = crs.to_plane(_around(areas, group), int(str(epsg)))
        smallest = local_areas[leaves(local_areas)]
        inside = _inside(local_sites, smallest)
        covering = _largest_cover(local_sites.drop(inside.index), local_areas)
        located = pd.concat([inside, covering])
        nearest = _nearest(local_sites.drop(located.index), smallest)
        found.loc[located.index, "located_code"], found.loc[located.index, "how"] = located, "geometry"
        found.loc[nearest.index, "located_code"], found.loc[nearest.index, "how"] = nearest, "nearest"
    return found


def _around(areas: gpd.GeoDataFrame, sites: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The areas near enough to matter, so that far ones are not projected into a zone where they do not belong."""
    west, south, east, north = sites.to_crs(areas.crs).total_bounds
    margin = 0.05 if areas.crs.is_geographic else 5_000.0
    return areas.cx[west - margin : east + margin, south - margin : north + margin]


def _inside(sites: gpd.GeoSeries, smallest: gpd.GeoDataFrame) -> pd.Series:
    """Sites that lie whole in one of the smallest areas: nothing has to be measured for these."""
    site, area = smallest.sindex.query(sites, predicate="within")
    pairs = pd.Series(smallest["area_code"].to_numpy()[area], index=sites.index[site], dtype="object")
    return pairs[~pairs.index.duplicated(keep=False)]


def _largest_cover(sites: gpd.GeoSeries, areas: gpd.GeoDataFrame) -> pd.Series:
    site, area = areas.sindex.query(sites, predicate="intersects")
    shapes, covers = sites.to_numpy()[site], areas.geometry.to_numpy()[area]
    measured = shapely.area(shapely.intersection(shapes, covers))
    is_point = shapely.get_dimensions(shapes) == 0
    pairs = pd.DataFrame({"site": sites.index[site], "cover": np.where(is_point, 1.0, measured)})
    pairs["code"], pairs["parent"] = areas["area_code"].to_numpy()[area], areas["parent_code"].to_numpy()[area]
    taken = pairs.groupby(["site", "parent"])["cover"].sum().rename("taken").rename_axis(["site", "code"])
    pairs = pairs.join(taken, on=["site", "code"])
    pairs["own"] = pairs["cover"] - pairs["taken"].fillna(0.0)
    best = pairs.sort_values(["own", "code"], ascending=[False, True]).drop_duplicates("site")
    return best.set_index("site")["code"]


def _nearest(sites: gpd.GeoSeries, areas: gpd.GeoDataFrame) -> pd.Series:
    if sites.empty or areas.empty:
        return pd.Series([], dtype="object")
    site, area = areas.sindex.nearest(sites, max_distance=NEAREST_WITHIN_M, return_all=False)
    return pd.Series(areas["area_code"].to_numpy()[area], index=sites.index[site], dtype="object")


def assign(sites: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Fill `area_code`, `muni_code` and `pref_code` and note where the stated code disagrees.

    An area that the planner states is kept; where it is missing the geometry decides, then the stated municipality,
    then the stated prefecture. A site for which none of these names an area is `unplaced`.

    Returns
    -------
    GeoDataFrame
        The sites, on the same index.
    """
    located = place(sites, areas)
    placed = sites.copy()
    by_code = areas.set_index("area_code")
    known = set(by_code.index)
    stated = [placed[name].where(placed[name].isin(known)) for name in ("area_code", "muni_code_stated", "pref_code")]
    placed["area_code"] = _first(stated[0], located["located_code"], stated[1], stated[2])
    placed["area_code"] = placed["area_code"].where(placed["area_code"].notna(), UNPLACED)
    municipal = by_code.index[by_code["level"] == "municipality"]
    measured = located["located_code"].where(located["located_code"].isin(municipal))
    placed["muni_code"] = _first(measured, sites["muni_code"], sites["muni_code_stated"])
    placed["pref_code"] = _first(
        located["located_code"].map(by_code["pref_code"]),
        placed["area_code"].map(by_code["pref_code"]),
        sites["pref_code"],
        placed["muni_code"].str[:2],
    )
    placed["note"] = _noted(placed, sites["area_code"], located, known)
    return placed


def _first(*columns: pd.Series) -> pd.Series:
    """Row by row, the first value that is not missing."""
    found = columns[0].astype("object")
    for column in columns[1:]:
        found = found.where(found.notna(), column)
    return found


def _noted(placed: gpd.GeoDataFrame, stated_area: pd.Series, located: pd.DataFrame, known: set[str]) -> pd.Series:
    code, measured, stated = located["located_code"], placed["muni_code"], placed["muni_code_stated"]
    texts = [
        ("muni_code_disagrees: stated " + stated + ", geometry lies in " + measured).where(
            code.notna() & stated.notna() & measured.notna() & (stated != measured)
        ),
        ("area_code_unknown: stated " + stated_area).where(stated_area.notna() & ~stated_area.isin(known)),
        ("area_code_disagrees: stated " + stated_area + ", geometry lies in " + code).where(
            code.notna() & stated_area.notna() & stated_area.isin(known) & (stated_area != code)
        ),
        ("outside_all_areas: taken as the nearest, " + code).where(located["how"] == "nearest"),
    ]
    return append_note(placed["note"], *texts)


def append_note(note: pd.Series, *texts: pd.Series) -> pd.Series:
    """Join notes of a row with `; `, leaving out what is missing; None where nothing is noted."""
    columns = pd.concat([note.astype("object"), *texts], axis=1)
    joined = columns.apply(lambda row: "; ".join(str(value) for value in row if pd.notna(value)), axis=1)
    return joined.where(joined != "", None) if len(columns) else note
