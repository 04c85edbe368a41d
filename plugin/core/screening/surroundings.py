# SPDX-License-Identifier: GPL-2.0-or-later
"""What sites are held against: zoning, ports, shore, wells and the soil ledger, as far as they are at hand."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

import geopandas as gpd
import pandas as pd

from ..contracts import TABLES, conform


@dataclass(frozen=True)
class Surroundings:
    """Tables of the contracts of the same names, each of which may be missing.

    A table that is None or has no row is not loaded, and what needs it is undecidable. A table that is loaded is taken
    as complete: land outside every polygon of `port_zones`, `reclaimed` and the placed `designations` is in none of
    them; but port zones that name their municipality speak for those municipalities only. Zoning alone says how far
    it reaches (`unzoned`, `urbanization_control`); beyond it nothing is known.

    Parameters
    ----------
    zones, port_zones, reclaimed, designations, parcels, coastline, wells : GeoDataFrame or None
        In any reference system. Parcels only serve to place ledger entries that have lots and no geometry.
    port_ordinances : DataFrame or None
        Whether the ordinance of a port bans housing in a 分区; a row whose `bunku` is `unknown` speaks for every part
        of that port whose 分区 is unknown.
    dem : Path or None
        Elevation raster in metres, any reference system.
    """

    zones: gpd.GeoDataFrame | None = None
    port_zones: gpd.GeoDataFrame | None = None
    port_ordinances: pd.DataFrame | None = None
    coastline: gpd.GeoDataFrame | None = None
    reclaimed: gpd.GeoDataFrame | None = None
    wells: gpd.GeoDataFrame | None = None
    designations: gpd.GeoDataFrame | None = None
    parcels: gpd.GeoDataFrame | None = None
    dem: Path | None = None

    def checked(self) -> Surroundings:
        """The same with every table held against its contract, sorted by its key, and empty ones gone.

        Raises
        ------
        ContractError
            A table breaks its contract.
        """
        tables = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "dem"}
        return Surroundings(**{name: _checked(frame, name) for name, frame in tables.items()}, dem=self.dem)


def _checked(frame: pd.DataFrame | None, name: str) -> pd.DataFrame | None:
    if frame is None or frame.empty:
        return None
    # sorted, so that the order of rows never shows in a result
    return conform(frame, TABLES[name]).sort_values(list(TABLES[name].key), ignore_index=True)
