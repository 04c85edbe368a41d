# SPDX-License-Identifier: GPL-2.0-or-later
"""Small frames that the tests of the core share: squares in plane-rectangular zone IX, one hectare per 100 m."""

from __future__ import annotations

from collections.abc import Callable

import geopandas as gpd
import pytest
import shapely

from yochi.plugin.core import contracts
from yochi.plugin.core.resources import codes

ZONE_IX = 6677


def square(x_m: float, y_m: float = 0.0, side_m: float = 100.0) -> shapely.Polygon:
    """A square with its lower left corner at (x, y), metres from the origin of zone IX."""
    return shapely.box(x_m, y_m, x_m + side_m, y_m + side_m)


@pytest.fixture(scope="session")
def make_sites() -> Callable[..., gpd.GeoDataFrame]:
    """Sites from columns and shapes; what is not given is idle prepared land of prefecture 14, as measured."""

    def make(geometry: list[shapely.Geometry | None], **columns: object) -> gpd.GeoDataFrame:
        count = len(geometry)
        values = {"site_id": [f"s{number}" for number in range(1, count + 1)], "layer": "idle_prepared"}
        return gpd.GeoDataFrame({**values, "basis": "reported", **columns}, geometry=geometry, crs=ZONE_IX)

    return make


@pytest.fixture(scope="session")
def areas() -> gpd.GeoDataFrame:
    """A prefecture 14 of two municipalities side by side, 14101 in the west and 14102 in the east of x = 1000 m."""
    west, east = shapely.box(-1000, -1000, 1000, 1000), shapely.box(1000, -1000, 3000, 1000)
    return gpd.GeoDataFrame(
        {
            "area_code": ["14", "14101", "14102"],
            "name": ["県", "西区", "東区"],
            "level": ["prefecture", "municipality", "municipality"],
            "pref_code": ["14", "14", "14"],
            "parent_code": [None, "14", "14"],
        },
        geometry=[west.union(east), west, east],
        crs=ZONE_IX,
    )


@pytest.fixture(scope="session")
def country() -> gpd.GeoDataFrame:
    """All 47 prefectures in a row."""
    listed = codes("prefectures")
    squares = [square(1000.0 * number, side_m=1000.0) for number in range(len(listed))]
    named = {"area_code": listed, "name": listed, "level": "prefecture", "pref_code": listed}
    return contracts.conform(gpd.GeoDataFrame(named, geometry=squares, crs=ZONE_IX), contracts.AREAS)
