# SPDX-License-Identifier: GPL-2.0-or-later
"""Areas and distances in Japan: in the plane-rectangular zone of the place, never in degrees.

The nineteen zones of the plane-rectangular system (平面直角座標系, 平成14年国土交通省告示第9号) on JGD2011 are
EPSG:6669 (I) to EPSG:6687 (XIX). A prefecture has one zone, but for the islands of Tokyo, Kagoshima and Okinawa
and for Hokkaido, which has three. Scale within a zone is 0.9999 at the central meridian and stays within 1/10,000.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj
import shapely

from .errors import SourceError
from .geometry import is_polygon
from .resources import code_list

JGD2000 = "EPSG:4612"
JGD2011 = "EPSG:6668"
SQUARE_METRES_PER_HECTARE = 10_000.0

_WEST, _SOUTH, _EAST, _NORTH = 122.0, 20.0, 154.5, 46.0
"""Degrees round Japan, from Yonaguni to Minamitorishima and from Okinotorishima to Etorofu."""

_FIRST_ZONE = 6668
"""Zone I is the EPSG code after this one."""

# Where the notice splits a prefecture, and by what line (degrees). Anything else keeps the prefecture's zone.
_SPLIT = _HOKKAIDO, _TOKYO, _KAGOSHIMA, _OKINAWA = ("01", "13", "46", "47")


def plane_zones(frame: gpd.GeoDataFrame) -> pd.Series[int]:
    """EPSG code of the plane-rectangular zone of each geometry.

    Parameters
    ----------
    frame : GeoDataFrame
        With a reference system. The column `pref_code` (JIS X 0401) decides where it is there and filled;
        otherwise the zone whose origin is nearest.

    Returns
    -------
    Series of int
        On the frame's index; 6669 to 6687.

    Notes
    -----
    Hokkaido is split by longitude and Tokyo, Kagoshima and Okinawa by their islands, which approximates the
    notice's list of municipalities; at the splits both zones are within 1/10,000 of the true scale.
    """
    require_crs(frame)
    pref = frame["pref_code"].to_numpy() if "pref_code" in frame.columns else np.full(len(frame), None, dtype="object")
    by_prefecture = {row["code"]: _FIRST_ZONE + int(row["plane_zone"]) for row in code_list("prefectures")}
    zone = pd.Series(pref).map(by_prefecture).to_numpy(dtype="float64", na_value=np.nan)
    where = np.isnan(zone) | np.isin(pref.astype(str), _SPLIT)  # only there does the place itself matter
    if where.any():
        points = frame.geometry[where].representative_point().to_crs(JGD2011)
        lon, lat = points.x.to_numpy(), points.y.to_numpy()
        zone[where] = _split(
            pref[where], np.where(np.isnan(zone[where]), _nearest_zones(lon, lat), zone[where]), lon, lat
        )
    return pd.Series(zone.astype(int), index=frame.index, name="plane_zone")


def _nearest_zones(lon: npt.NDArray[np.float64], lat: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    rows = code_list("plane_zones")
    origin_lon = np.array([float(row["origin_lon"]) for row in rows])
    origin_lat = np.array([float(row["origin_lat"]) for row in rows])
    epsg = np.array([int(row["epsg"]) for row in rows])
    # longitude decides scale, latitude only which of the zones with one meridian is meant
    east = (lon[:, None] - origin_lon) * np.cos(np.radians(np.nan_to_num(lat)))[:, None]
    north = lat[:, None] - origin_lat
    distance = np.where(np.isnan(east), np.inf, east**2 + 0.25 * north**2)
    return epsg[distance.argmin(axis=1)]


def _split(
    pref: npt.NDArray[np.object_],
    zone: npt.NDArray[np.float64],
    lon: npt.NDArray[np.float64],
    lat: npt.NDArray[np.float64],
) -> npt.NDArray[np.float64]:
    zone = np.where((pref == _HOKKAIDO) & (lon < 141.25), 6679, zone)
    zone = np.where((pref == _HOKKAIDO) & (lon >= 143.25), 6681, zone)
    zone = np.where((pref == _TOKYO) & (lat < 28) & (lon <= 140.5), 6686, zone)
    zone = np.where((pref == _TOKYO) & (lat < 28) & (lon > 140.5), 6682, zone)
    zone = np.where((pref == _TOKYO) & (lat < 28) & (lon > 143), 6687, zone)
    zone = np.where((pref == _KAGOSHIMA) & (lat < 29.9), 6669, zone)
    zone = np.where((pref == _OKINAWA) & (lon < 126), 6684, zone)
    return np.where((pref == _OKINAWA) & (lon > 130), 6685, zone)


def area_ha(frame: gpd.GeoDataFrame) -> pd.Series[float]:
    """Area of each geometry in hectares, in its plane-rectangular zone.

    Returns
    -------
    Series of float
        On the frame's index; NaN where there is no polygon.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> square = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 100, 100)], crs=6677)
    >>> float(area_ha(square).round(6).iloc[0])
    1.0
    """
    areas = pd.Series(np.nan, index=frame.index, name="area_ha", dtype="float64")
    placed = frame[is_polygon(frame.geometry)]
    if placed.empty:
        return areas
    zones = plane_zones(placed)
    for epsg, group in placed.groupby(zones):
        areas.loc[group.index] = to_plane(group, int(str(epsg))).area / SQUARE_METRES_PER_HECTARE
    return areas


def to_plane(frame: gpd.GeoDataFrame, epsg: int) -> gpd.GeoDataFrame:
    """Put a frame into a plane-rectangular zone; geometry that is there already is left as it is."""
    require_crs(frame)
    return frame if frame.crs == pyproj.CRS.from_epsg(epsg) else frame.to_crs(epsg)


def in_jgd2011(frame: pd.DataFrame) -> gpd.GeoDataFrame:
    """A frame in JGD2011, its geometry in the column `geometry`; a frame without geometry gets an empty one."""
    if not isinstance(frame, gpd.GeoDataFrame) or frame.active_geometry_name is None:
        return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(None, index=frame.index, crs=JGD2011))
    if frame.crs is None and frame.geometry.notna().any():
        require_crs(frame)
    placed = frame.set_crs(JGD2011) if frame.crs is None else frame.to_crs(JGD2011)
    return placed if placed.geometry.name == "geometry" else placed.rename_geometry("geometry")


def outside_japan(geometry: gpd.GeoSeries) -> pd.Series[bool]:
    """Whether each shape reaches beyond the box round Japan; a missing one does not.

    Such a shape has its axes exchanged, a stray vertex, or a reference system that is not its own.

    Raises
    ------
    SourceError
        There are shapes without a reference system, or in one that has no place on the earth.
    """
    bounds = shapely.bounds(geometry.to_numpy())
    drawn = ~np.isnan(bounds).any(axis=1)
    outside = pd.Series(False, index=geometry.index)
    if not drawn.any():
        return outside
    require_crs(geometry)
    west, south, east, north = _degrees(bounds[drawn], geometry.crs).T
    outside[drawn] = ~((west >= _WEST) & (south >= _SOUTH) & (east <= _EAST) & (north <= _NORTH))
    return outside


def _degrees(bounds: npt.NDArray[np.float64], system: pyproj.CRS) -> npt.NDArray[np.float64]:
    """Bounds in degrees, taken from their lower left and upper right corners."""
    if system.is_geographic:
        return bounds
    to_degrees = pyproj.Transformer.from_crs(system, JGD2011, always_xy=True)
    corners = [to_degrees.transform(bounds[:, x], bounds[:, x + 1]) for x in (0, 2)]
    return np.column_stack([axis for corner in corners for axis in corner])


def is_on_earth(system: pyproj.CRS | None) -> bool:
    """Whether coordinates of a reference system say where on the earth they are."""
    return system is not None and bool(system.is_geographic or system.is_projected)


def require_crs(frame: gpd.GeoDataFrame) -> None:
    """Refuse a frame whose coordinates mean nothing: without a reference system, or with a local one."""
    if frame.crs is None:
        raise SourceError("The layer has no coordinate reference system; set it in its properties and run again.")
    if not is_on_earth(frame.crs):
        raise SourceError(
            f"The reference system {frame.crs.name} has no place on the earth; set the layer's own one and run again."
        )
