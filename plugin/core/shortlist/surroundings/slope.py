# SPDX-License-Identifier: GPL-2.0-or-later
"""Slope of the ground of sites from an elevation raster, block by block for all sites at once.

In each block the cells that lie in sites are found at once, and their slopes are added up by site. Slope is that of
the plane through the four neighbours of a cell (second-order finite differences; Fleming and Hoffer 1979).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import rasterio
import rasterio.windows
import shapely

from ...errors import SourceError
from ...geometry import Shapes, is_polygon
from ...progress import SILENT, Progress
from ..adjacency import Positions
from ..facts import Floats
from ..sieve import Mask
from .scanlines import cells

_BLOCK = 1024
_METRES_PER_DEGREE = 111_320.0


@dataclass(eq=False)
class _Sums:
    """What has been added up for each site."""

    slope: Floats
    steepest: Floats
    known: Positions
    unknown: Positions
    at_point: Floats

    @classmethod
    def of(cls, count: int) -> _Sums:
        """Nothing yet."""
        none = np.zeros(count, dtype="intp")
        return cls(np.zeros(count), np.zeros(count), none, none.copy(), np.full(count, np.nan))


def slope_percent(
    sites: gpd.GeoDataFrame, dem: Path, *, block: int = _BLOCK, progress: Progress = SILENT
) -> tuple[Floats, Floats]:
    """Mean slope of each site and slope of its steepest cell, in per cent.

    Parameters
    ----------
    sites : GeoDataFrame
        Polygons in any reference system.
    dem : Path
        Elevation in metres, any reference system. A site so small that no middle of a cell lies in it has the slope
        of the cell in which it lies.
    block : int
        Cells along the side of a block.
    progress : Progress
        Where to report, and who may cancel.

    Returns
    -------
    tuple of array
        In the order of `sites`. NaN where there is no polygon, or the site reaches beyond the raster. The mean is
        known where most cells have a slope, the steepest where all have one.

    Raises
    ------
    SourceError
        The raster cannot be read or has no reference system.
    """
    try:
        with rasterio.open(dem) as raster:
            if raster.crs is None:
                raise SourceError(f"{dem.name}: the elevation raster has no reference system; set it and run again.")
            shapes = sites.geometry.to_crs(raster.crs.to_wkt()).to_numpy()
            drawn = np.flatnonzero(is_polygon(sites.geometry) & _within(shapes, raster))
            sums = _added_up(raster, shapes, drawn, block, progress)
    except rasterio.errors.RasterioError as error:
        raise SourceError(f"{dem.name}: the elevation raster cannot be read ({error}).") from error
    small = sums.known + sums.unknown == 0
    mean = np.where(sums.known > sums.unknown, sums.slope / np.maximum(sums.known, 1), np.nan)
    steepest = np.where(sums.unknown == 0, sums.steepest, np.nan)
    return np.where(small, sums.at_point, mean), np.where(small, sums.at_point, steepest)


def _within(shapes: Shapes, raster: rasterio.DatasetReader) -> Mask:
    west, south, east, north = shapely.bounds(shapes).T
    box = raster.bounds
    return (west >= box.left) & (south >= box.bottom) & (east <= box.right) & (north <= box.top)


def _added_up(
    raster: rasterio.DatasetReader, shapes: Shapes, drawn: Positions, block: int, progress: Progress
) -> _Sums:
    sums = _Sums.of(len(shapes))
    tree = shapely.STRtree(shapes[drawn])
    points = shapely.get_coordinates(shapely.point_on_surface(shapes[drawn]))
    windows = list(_windows(raster, block))
    for number, window in enumerate(windows, 1):
        here = np.sort(tree.query(shapely.box(*raster.window_bounds(window))))
        if len(here):
            slope = _slope(raster, window)
            _look_up(sums, drawn[here], points[here], slope, raster.window_transform(window))
            _add(sums, shapes, drawn[here], slope, raster.window_transform(window))
        progress.report(number / len(windows))
    return sums


def _windows(raster: rasterio.DatasetReader, block: int) -> Iterator[rasterio.windows.Window]:
    for row in range(0, raster.height, block):
        for column in range(0, raster.width, block):
            yield rasterio.windows.Window(
                column, row, min(block, raster.width - column), min(block, raster.height - row)
            )


def _slope(raster: rasterio.DatasetReader, window: rasterio.windows.Window) -> Floats:
    """Slope of the cells of a window in per cent; NaN at the edge of the raster and round cells without value."""
    margin = rasterio.windows.Window(window.col_off - 1, window.row_off - 1, window.width + 2, window.height + 2)
    height = raster.read(1, window=margin, boundless=True, masked=True).astype("float64").filled(np.nan)
    across, down = _cell_m(raster, window)
    east = (height[1:-1, 2:] - height[1:-1, :-2]) / (2 * across)
    south = (height[2:, 1:-1] - height[:-2, 1:-1]) / (2 * down)
    return np.where(np.isnan(height[1:-1, 1:-1]), np.nan, np.hypot(east, south) * 100.0)


def _cell_m(raster: rasterio.DatasetReader, window: rasterio.windows.Window) -> tuple[float, float]:
    """Width and height of a cell in metres, at the middle of the window."""
    width, height = raster.res
    if not raster.crs.is_geographic:
        return float(width), float(height)
    _, south, _, north = raster.window_bounds(window)
    east = np.cos(np.radians((south + north) / 2))
    return float(width * _METRES_PER_DEGREE * east), float(height * _METRES_PER_DEGREE)


def _look_up(sums: _Sums, sites: Positions, points: Floats, slope: Floats, transform: rasterio.Affine) -> None:
    """Note the slope of the cell in which each site lies, where that cell is in the block."""
    column, row = (np.floor(one).astype("intp") for one in ~transform * tuple(points.T))
    inside = (row >= 0) & (row < slope.shape[0]) & (column >= 0) & (column < slope.shape[1])
    sums.at_point[sites[inside]] = slope[row[inside], column[inside]]


def _add(sums: _Sums, shapes: Shapes, sites: Positions, slope: Floats, transform: rasterio.Affine) -> None:
    """Add the slopes of a block to the sites that reach into it."""
    site, cell = cells(shapes[sites], transform, *slope.shape)
    value = slope.ravel()[cell]
    known = ~np.isnan(value)
    count = len(sites)
    sums.unknown[sites] += np.bincount(site[~known], minlength=count)
    site, value = site[known], value[known]
    sums.known[sites] += np.bincount(site, minlength=count)
    sums.slope[sites] += np.bincount(site, value, minlength=count)
    there, begin = np.unique(site, return_index=True)  # ascending, so that each site is one run
    if len(there):
        largest = np.maximum.reduceat(value, begin)
        sums.steepest[sites[there]] = np.maximum(sums.steepest[sites[there]], largest)
