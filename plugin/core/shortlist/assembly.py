# SPDX-License-Identifier: GPL-2.0-or-later
"""Neighbouring parcels put together into candidates that reach the area that is asked for."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from .. import crs
from ..contracts import ASSEMBLIES, ASSEMBLY_PARCELS, conform, empty
from ..errors import ContractError
from ..geometry import is_polygon, polygonal
from ..progress import SILENT, Progress
from ..provenance import MEASURED
from .adjacency import Adjacency, Positions, adjacency
from .growth import Growth, Limits, grow


@dataclass(frozen=True)
class Assembly:
    """Contract tables `assemblies` and `assembly_parcels`; `stopped` says that a limit ended the search."""

    assemblies: gpd.GeoDataFrame
    parcels: pd.DataFrame
    stopped: bool


def assemble(
    parcels: gpd.GeoDataFrame,
    wanted_ha: float,
    *,
    across_m: float = 0.0,
    key: str = "parcel_id",
    owner: str | None = None,
    limits: Limits | None = None,
    progress: Progress = SILENT,
) -> Assembly:
    """Put neighbouring parcels together until they reach an area.

    Parameters
    ----------
    parcels : GeoDataFrame
        Polygons that can be had, in any reference system; others are passed over. They must not overlap.
    wanted_ha : float
        Area to reach; more than 0.
    across_m : float
        Widest road across which parcels are neighbours; 0 where they must touch.
    key, owner : str, str or None
        Columns with the key of a parcel and with its owner, a name or a number that stands for one; None where owners
        are not known.
    limits : Limits or None
        Where the search stops on a dense cadastre; None for those of `Limits()`.
    progress : Progress
        Where to report, and who may cancel.

    Returns
    -------
    Assembly
        Candidates that reach the area, each parcel in one of them at most, compact ones first. A parcel that reaches
        it alone is a candidate. The same parcels in any order give the same candidates.

    Raises
    ------
    ContractError
        The area or the width is out of range, or a key is missing or stands twice.
    """
    _check(parcels, wanted_ha, across_m, key)
    drawn = parcels[is_polygon(parcels.geometry)].sort_values(key, ignore_index=True)
    made, stopped = [], False
    zones = crs.plane_zones(drawn) if len(drawn) else pd.Series(dtype="int64")
    for epsg, group in drawn.groupby(zones):
        local = crs.to_plane(group, int(str(epsg))).reset_index(drop=True)
        local = local.set_geometry(polygonal(shapely.force_2d(local.geometry.to_numpy())), crs=local.crs)
        shapes = local.geometry.to_numpy()
        pairs = adjacency(shapes, across_m)
        progress.report(0.5, "neighbours found")
        grown = grow(shapes, pairs, wanted_ha * crs.SQUARE_METRES_PER_HECTARE, limits or Limits())
        stopped |= grown.stopped
        made.append(_tables(local, pairs, grown, key, owner))
    progress.report(1.0, "parcels put together")
    found = [one for one in made if len(one[0])]
    if not found:
        return Assembly(empty(ASSEMBLIES, crs.JGD2011), empty(ASSEMBLY_PARCELS), stopped)
    ranked = pd.concat([crs.in_jgd2011(table) for table, _ in found], ignore_index=True)
    ranked = ranked.sort_values(
        ["compactness", "owners", "assembly_id"], ascending=[False, True, True], ignore_index=True
    )
    listed = pd.concat([parts for _, parts in found], ignore_index=True).sort_values(["assembly_id", "joined"])
    return Assembly(
        conform(ranked.assign(rank=np.arange(1, len(ranked) + 1)), ASSEMBLIES),
        conform(listed.reset_index(drop=True), ASSEMBLY_PARCELS),
        stopped,
    )


def _check(parcels: gpd.GeoDataFrame, wanted_ha: float, across_m: float, key: str) -> None:
    if not (np.isfinite(wanted_ha) and wanted_ha > 0):
        raise ContractError(f"Parcels are put together until they reach an area; {wanted_ha} ha is none.")
    if not (np.isfinite(across_m) and across_m >= 0):
        raise ContractError(f"The width of a road must be 0 m or more; {across_m} is not.")
    if parcels[key].isna().any() or parcels[key].duplicated().any():
        raise ContractError(f"Column {key} must give each parcel a key of its own; fill the gaps and repetitions.")


def _tables(
    local: gpd.GeoDataFrame, pairs: Adjacency, grown: Growth, key: str, owner: str | None
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Assemblies and their parcels in one plane."""
    sizes = [len(one) for one in grown.assemblies]
    number = np.repeat(np.arange(len(sizes)), sizes)
    position = np.array([parcel for one in grown.assemblies for parcel in one], dtype="intp")
    names = np.array([_name(local[key].iloc[one[0]], len(one)) for one in grown.assemblies], dtype=object)
    parts = local.iloc[position]
    area = parts.area.to_numpy()
    whole = np.bincount(number, area, minlength=len(sizes))
    perimeter = np.array(grown.perimeters_m, dtype="float64")
    listed = pd.DataFrame(
        {
            "assembly_id": names[number],
            "parcel_id": parts[key].astype(str).to_numpy(),
            "joined": [order for size in sizes for order in range(1, size + 1)],
            "area_ha": area / crs.SQUARE_METRES_PER_HECTARE,
        }
    )
    shapes = [shapely.union_all(local.geometry.to_numpy()[one]) for one in grown.assemblies]
    table = gpd.GeoDataFrame(
        {
            "assembly_id": names,
            "parcels": sizes,
            "area_ha": whole / crs.SQUARE_METRES_PER_HECTARE,
            "compactness": np.minimum(4 * np.pi * whole / np.maximum(perimeter, 1e-9) ** 2, 1.0),
            "roads_crossed": _roads_crossed(len(local), number, position, pairs, len(sizes)),
            **_owners(parts, number, len(sizes), owner),
            "basis": MEASURED,
        },
        geometry=shapes,
        crs=local.crs,
    )
    return table, listed


def _name(key: object, parcels: int) -> str:
    return str(key) if parcels == 1 else f"{key}+{parcels - 1}"


def _roads_crossed(
    parcels: int, number: Positions, position: Positions, pairs: Adjacency, assemblies: int
) -> Positions:
    """Pairs of an assembly's parcels that face each other across a road."""
    home = np.full(parcels, -1)
    home[position] = number
    across = (pairs.shared_m == 0) & (home[pairs.first] == home[pairs.second]) & (home[pairs.first] >= 0)
    return np.bincount(home[pairs.first[across]], minlength=assemblies)


def _owners(parts: pd.DataFrame, number: Positions, assemblies: int, owner: str | None) -> dict[str, object]:
    """Different owners of each assembly, and its parcels of unknown owner."""
    named = parts[owner].to_numpy(dtype=object) if owner else np.full(len(parts), None, dtype=object)
    table = pd.DataFrame({"assembly": number, "owner": named})
    groups = table.groupby("assembly")["owner"]
    known = groups.nunique().reindex(range(assemblies), fill_value=0)
    missing = groups.apply(lambda one: int(one.isna().sum())).reindex(range(assemblies), fill_value=0)
    return {
        "owners": known.where(known > 0).astype("Int64").to_numpy(),
        "owners_unknown": missing.to_numpy(),
    }
