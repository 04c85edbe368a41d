# SPDX-License-Identifier: GPL-2.0-or-later
"""Facts of sites from the maps that are at hand, beside those that a table states."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from ... import crs
from ...contracts import FACT_SOURCES, SITES, conform
from ...errors import ContractError
from ...geometry import Shapes, flat
from ...progress import SILENT, Progress
from ...provenance import DERIVED, MEASURED, weakest
from ..facts import Codes, Floats
from .distances import nearest_m
from .exposure import deepest_m, extension_ha, reached
from .slope import slope_percent

_DISTANCES = {
    "interchanges": "distance_interchange_m",
    "ports": "distance_port_m",
    "stations": "distance_station_m",
    "clusters": "distance_cluster_m",
}
_DEPTHS = {"floods": "flood_depth_m", "tsunamis": "tsunami_depth_m"}
_ANSWERS = {"landslides": "landslide", "farmland": "farmland_restricted", "forest": "forest_restricted"}
_MAPS = (*_DISTANCES, *_DEPTHS, *_ANSWERS, "free_land")

Column = Floats | Codes


@dataclass(frozen=True)
class Around:
    """Maps of what is around sites, each of which may be missing.

    Parameters
    ----------
    interchanges, ports, stations, clusters : GeoDataFrame or None
        Points, lines or polygons: interchanges that are open, plants or estates of the industry asked for.
    floods, tsunamis : GeoDataFrame or None
        Polygons with `depth_m`, the upper bound of the class of depth; NaN where the class has none or is not known.
    landslides, farmland, forest : GeoDataFrame or None
        Polygons of warning areas (土砂災害警戒区域), 農用地区域 and 保安林.
    free_land : GeoDataFrame or None
        Polygons of land onto which a site could be extended. What they show of sites that must not leave the
        prefecture shows in `extension_ha`.
    next_door_m : float
        How near such land must be.
    complete : collection of str
        Names of the maps that cover all sites, so that land outside their areas is dry or free of them.
    dem : Path or None
        Elevation raster in metres.
    """

    interchanges: gpd.GeoDataFrame | None = None
    ports: gpd.GeoDataFrame | None = None
    stations: gpd.GeoDataFrame | None = None
    clusters: gpd.GeoDataFrame | None = None
    floods: gpd.GeoDataFrame | None = None
    tsunamis: gpd.GeoDataFrame | None = None
    landslides: gpd.GeoDataFrame | None = None
    farmland: gpd.GeoDataFrame | None = None
    forest: gpd.GeoDataFrame | None = None
    free_land: gpd.GeoDataFrame | None = None
    next_door_m: float = 10.0
    complete: Collection[str] = ()
    dem: Path | None = None

    def __post_init__(self) -> None:
        if unknown := sorted(set(self.complete) - set(_MAPS)):
            raise ContractError(f"complete names {', '.join(unknown)}; use {', '.join(_MAPS)}.")
        for name in _DEPTHS:
            frame = getattr(self, name)
            if frame is not None and "depth_m" not in frame:
                raise ContractError(
                    f"The map of {name} has no column depth_m; give the depth of its classes in metres."
                )

    def maps(self) -> dict[str, gpd.GeoDataFrame]:
        """The maps that are there and have something on them."""
        there = {name: getattr(self, name) for name in _MAPS}
        return {name: frame for name, frame in there.items() if frame is not None and len(frame)}


@dataclass(frozen=True)
class Measured:
    """Contract `sites` with what the maps tell, and contract `fact_sources`, which says what that rests on."""

    sites: gpd.GeoDataFrame
    fact_sources: pd.DataFrame


def measure_facts(sites: gpd.GeoDataFrame, around: Around, *, progress: Progress = SILENT) -> Measured:
    """Fill in facts of sites from maps.

    Parameters
    ----------
    sites : GeoDataFrame
        Contract `sites`. A fact that is stated there is left as it is; one that is missing is measured where the map
        is at hand. Distances are straight lines from the edge of the site, in its plane-rectangular zone.
    around : Around
        The maps, in any reference system.
    progress : Progress
        Where to report, and who may cancel.

    Returns
    -------
    Measured
        On the same index. A site without geometry has no measured fact.

    Raises
    ------
    SourceError
        A map has no reference system, or the raster cannot be read.
    """
    sites = conform(sites, SITES)
    numbered = sites.reset_index(drop=True)
    found = _in_planes(numbered, around, progress.part(0.0, 0.5))
    if around.dem is not None:
        mean, steepest = slope_percent(numbered, around.dem, progress=progress.part(0.5, 1.0))
        found |= {"slope_percent": mean, "steepest_slope_percent": steepest}
    lines, filled = [], {}
    for name, values in found.items():
        stated = numbered[name].notna()
        filled[name] = numbered[name].where(stated, pd.Series(values, index=numbered.index)).to_numpy()
        lines.append(_line(name, stated, pd.Series(values).notna(), around))
    progress.report(1.0, "facts measured")
    table = conform(pd.DataFrame(lines, columns=FACT_SOURCES.column_names), FACT_SOURCES)
    return Measured(conform(sites.assign(**filled), SITES), table)


def _in_planes(sites: gpd.GeoDataFrame, around: Around, progress: Progress) -> dict[str, Column]:
    """Facts from every map but the raster, one plane-rectangular zone after the other."""
    maps = around.maps()
    drawn = sites[~(sites.geometry.isna() | sites.geometry.is_empty)]
    found: dict[str, Column] = {}
    groups = list(drawn.groupby(crs.plane_zones(drawn))) if len(drawn) and maps else []
    for number, (epsg, group) in enumerate(groups, 1):
        local = {name: _flat(frame, int(str(epsg))) for name, frame in maps.items()}
        shapes = _flat(group, int(str(epsg))).geometry.to_numpy()
        for column, values in _measured(shapes, local, around):
            found.setdefault(column, _nothing(len(sites), values))[group.index] = values
        progress.report(number / len(groups))
    return found


def _nothing(count: int, like: Column) -> Column:
    """Unknown for each site, in a column like another."""
    return np.full(count, None, dtype=object) if like.dtype == object else np.full(count, np.nan)


def _flat(frame: gpd.GeoDataFrame, epsg: int) -> gpd.GeoDataFrame:
    local = crs.to_plane(frame, epsg)
    return local.set_geometry(flat(local.geometry) if _has_areas(local) else local.geometry)


def _has_areas(frame: gpd.GeoDataFrame) -> bool:
    return bool(frame.geom_type.isin(["Polygon", "MultiPolygon"]).all())


def _measured(shapes: Shapes, maps: Mapping[str, gpd.GeoDataFrame], around: Around) -> Iterator[tuple[str, Column]]:
    """Columns of sites that the maps tell, in one plane."""
    for name, frame in maps.items():
        others, complete = frame.geometry.to_numpy(), name in around.complete
        if name in _DISTANCES:
            yield _DISTANCES[name], nearest_m(shapes, others)
        elif name in _DEPTHS:
            depth = frame["depth_m"].to_numpy(dtype="float64", na_value=np.nan)
            yield _DEPTHS[name], deepest_m(shapes, others, depth, complete=complete)
        elif name in _ANSWERS:
            yield _ANSWERS[name], reached(shapes, others, complete=complete)
        else:
            yield "extension_ha", extension_ha(shapes, others, around.next_door_m)


def _line(column: str, stated: pd.Series, measured: pd.Series, around: Around) -> dict[str, object]:
    new = int((measured & ~stated).sum())
    by_column = {**_DISTANCES, **_DEPTHS, **_ANSWERS, "free_land": "extension_ha"}
    map_ = next((around.maps()[name] for name, one in by_column.items() if one == column), None)
    return {
        "column": column,
        "stated": int(stated.sum()),
        "measured": new,
        "unknown": len(stated) - int(stated.sum()) - new,
        "source_id": _sources(map_, around),
        "basis": _basis(map_),
    }


def _sources(map_: gpd.GeoDataFrame | None, around: Around) -> str | None:
    if map_ is None:
        return around.dem.name if around.dem else None
    return " | ".join(sorted(map_["source_id"].dropna().unique())) or None if "source_id" in map_ else None


def _basis(map_: gpd.GeoDataFrame | None) -> str:
    """A distance is measured; slope is derived from elevations; neither is better than the map that it rests on."""
    if map_ is None:
        return DERIVED
    return weakest([MEASURED, *(map_["basis"].unique() if "basis" in map_ else [])])
