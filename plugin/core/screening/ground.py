# SPDX-License-Identifier: GPL-2.0-or-later
"""The surroundings in one plane, made ready to be asked; each part is prepared when it is first needed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely

from .. import crs
from .coast import Coast, coast_in_plane
from .cutting import cut
from .evidence import Findings
from .housing import housing_banned, ordinance_answers
from .layers import EMPTY, Layer, Sheet, in_plane, ranked, sheeted
from .ledger import Ledger, place
from .surroundings import Surroundings

if TYPE_CHECKING:
    from .terrain import Terrain

_GIVES_WAY = {"unknown": 1, "urbanization_control": 2, "unzoned": 2}
"""What gives way to a use district that lies on it: 市街化区域 of unknown district, then where there is none."""


@dataclass(frozen=True, eq=False)
class HousingGround:
    """All ground of which something is known, and whether housing is banned on it; a finding a shape of the sheet."""

    sheet: Sheet
    found: Findings


@dataclass(frozen=True, eq=False)
class Ground:
    """Surroundings (checked) in the plane-rectangular zone `epsg`; layers that are missing have no rows."""

    surroundings: Surroundings
    epsg: int
    sliver_ha: float

    def layer(self, name: str) -> Layer:
        """A polygon layer by name."""
        layer: Layer = getattr(self, name)
        return layer

    @cached_property
    def zones(self) -> Layer:
        """Zoning: a use district before an area of unknown district and one without, then the smaller `zone_id`."""
        if self.surroundings.zones is None:
            return EMPTY
        frame = in_plane(self.surroundings.zones, self.epsg)
        order = frame["zone"].map(_GIVES_WAY).fillna(0).argsort(kind="stable")
        return ranked(frame.iloc[order].reset_index(drop=True))

    @cached_property
    def port_zones(self) -> Layer:
        """Port zones: the smaller polygon first, since the outline of a 臨港地区 lies under its 分区."""
        if self.surroundings.port_zones is None:
            return EMPTY
        frame = in_plane(self.surroundings.port_zones, self.epsg)
        frame[["bans", "bans_source"]] = ordinance_answers(frame, self.surroundings.port_ordinances)
        order = frame.area.round(2).argsort(kind="stable")
        return ranked(frame.iloc[order].reset_index(drop=True))

    @cached_property
    def reclaimed(self) -> Layer:
        """Reclaimed land, every polygon whole."""
        return self._sheeted(self.surroundings.reclaimed)

    @cached_property
    def ledger(self) -> Ledger:
        """The soil ledger, as far as its entries can be placed."""
        return place(self.surroundings.designations, self.surroundings.parcels)

    @cached_property
    def designations(self) -> Layer:
        """Entries of the soil ledger that have a place, every polygon whole."""
        return self._sheeted(self.ledger.placed)

    @cached_property
    def coast(self) -> Coast:
        """The coastline."""
        return coast_in_plane(self.surroundings.coastline, self.epsg)

    @cached_property
    def wells(self) -> Layer:
        """Wells; each shape is one row, so the sheets are not needed."""
        if self.surroundings.wells is None:
            return EMPTY
        wells = crs.to_plane(self.surroundings.wells, self.epsg).reset_index(drop=True)
        # new points, since grounds of other threads may be asked at the same time
        return Layer(wells.set_geometry(shapely.force_2d(wells.geometry.to_numpy()), crs=wells.crs))

    @cached_property
    def terrain(self) -> Terrain | None:
        """The elevation model, where there is one."""
        if self.surroundings.dem is None:
            return None
        from .terrain import Terrain  # noqa: PLC0415  rasterio need not be there where there is no raster

        return Terrain(self.surroundings.dem, self.epsg)

    @cached_property
    def housing(self) -> HousingGround:
        """Zones cut by port zones, and port zones beyond the zoning, with whether housing is banned on each."""
        zones, ports = _only_sheet(self.zones), _only_sheet(self.port_zones)
        inside = cut(zones[0], {"port_zones": self.port_zones})
        beyond = cut(ports[0], {"zones": self.zones})
        alone = beyond.rows["zones"][0] < 0 if self.zones.loaded else np.ones(len(beyond.source), dtype=bool)
        in_port = inside.rows["port_zones"][0] if self.port_zones.loaded else np.full(len(inside.source), -1)
        zone_rows = np.concatenate([zones[1][inside.source], np.full(alone.sum(), -1)])
        port_rows = np.concatenate([in_port, ports[1][beyond.source[alone]]]).astype("int64")
        shapes = np.concatenate([inside.shapes, beyond.shapes[alone]])
        found = housing_banned(self.zones, self.port_zones, zone_rows, port_rows)
        return HousingGround(Sheet(shapes, np.arange(len(shapes))), found)

    def _sheeted(self, frame: gpd.GeoDataFrame | None) -> Layer:
        return EMPTY if frame is None or frame.empty else sheeted(in_plane(frame, self.epsg))


def _only_sheet(layer: Layer) -> tuple[Any, Any]:
    if not layer.loaded:
        return np.array([], dtype=object), np.array([], dtype="int64")
    return layer.sheets[0].shapes, layer.sheets[0].rows
