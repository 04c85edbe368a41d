# SPDX-License-Identifier: GPL-2.0-or-later
"""Which way the ground falls, from an elevation raster: a stand-in for the way that groundwater flows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyproj
import rasterio
import rasterio.windows
import shapely

from ..errors import SourceError
from ..geometry import Shapes

FLAT = 0.001
"""Slope under which the ground falls nowhere in particular (one metre in a kilometre)."""

_ACROSS = 5
_LEAST_CELLS = 3.0
_TILE = 512
_METRES_PER_DEGREE = 111_320.0

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Terrain:
    """An elevation raster (metres, any reference system), asked in the plane-rectangular zone `epsg`."""

    path: Path
    epsg: int

    def downslope(self, shapes: Shapes) -> tuple[Floats, npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        """Direction in which the ground falls on average over each polygon.

        A plane is fitted to elevations on a grid of 5 by 5 points over the polygon, at least 3 cells wide.

        Returns
        -------
        directions : array (n, 2)
            Unit vectors downhill; zero where flat or not covered.
        covered, steep : array of bool
            Whether the raster covers most of the polygon, and whether the slope is more than `FLAT`.

        Raises
        ------
        SourceError
            The raster cannot be read or has no reference system.
        """
        try:
            with rasterio.open(self.path) as raster:
                points = _grid(shapes, self._cell_m(raster))
                heights = self._heights(raster, points)
        except rasterio.errors.RasterioError as error:
            raise SourceError(f"{self.path.name}: the elevation raster cannot be read ({error}).") from error
        inside = shapely.contains_xy(shapes[:, None], points[..., 0], points[..., 1])
        weight = np.where(inside.sum(axis=1, keepdims=True) >= 2 * _ACROSS, inside, True)
        gradient, covered = _fitted(points, heights, weight)
        slope = np.hypot(*gradient.T)
        steep = covered & (slope > FLAT)
        return np.where(steep[:, None], -gradient / np.where(steep, slope, 1)[:, None], 0.0), covered, steep

    def _cell_m(self, raster: rasterio.DatasetReader) -> float:
        if raster.crs is None:
            raise SourceError(f"{self.path.name}: the elevation raster has no reference system; set it and run again.")
        return float(max(raster.res)) * (_METRES_PER_DEGREE if raster.crs.is_geographic else 1.0)

    def _heights(self, raster: rasterio.DatasetReader, points: Floats) -> Floats:
        """Elevation of the cell under each point, NaN where there is none; read tile by tile."""
        to_raster = pyproj.Transformer.from_crs(self.epsg, raster.crs.to_wkt(), always_xy=True)
        x, y = to_raster.transform(points[..., 0].ravel(), points[..., 1].ravel())
        column, row = (np.floor(cell) for cell in ~raster.transform * (np.asarray(x), np.asarray(y)))
        heights = np.full(len(column), np.nan)
        within = np.flatnonzero((row >= 0) & (row < raster.height) & (column >= 0) & (column < raster.width))
        row, column = row[within].astype(int), column[within].astype(int)
        tiles, tile = np.unique(np.stack([row // _TILE, column // _TILE]), axis=1, return_inverse=True)
        for number, (tile_row, tile_column) in enumerate(tiles.T):
            window = rasterio.windows.Window(int(tile_column) * _TILE, int(tile_row) * _TILE, _TILE, _TILE)
            cells = raster.read(1, window=window, masked=True).astype("float64").filled(np.nan)
            here = tile.ravel() == number
            heights[within[here]] = cells[row[here] % _TILE, column[here] % _TILE]
        return heights.reshape(points.shape[:2])


def _grid(shapes: Shapes, cell_m: float) -> Floats:
    """Points (n, 25, 2) over the box of each polygon, which is widened to a few cells."""
    west, south, east, north = shapely.bounds(shapes).T
    steps = (np.arange(_ACROSS) + 0.5) / _ACROSS - 0.5
    width = np.maximum(east - west, _LEAST_CELLS * cell_m)
    height = np.maximum(north - south, _LEAST_CELLS * cell_m)
    x = (west + east)[:, None, None] / 2 + width[:, None, None] * steps[None, :, None]
    y = (south + north)[:, None, None] / 2 + height[:, None, None] * steps[None, None, :]
    return np.stack(np.broadcast_arrays(x, y), axis=-1).reshape(len(shapes), _ACROSS**2, 2)


def _fitted(points: Floats, heights: Floats, weight: npt.NDArray[np.bool_]) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Gradient of the plane that fits the heights best, and whether most points have one."""
    known = weight & ~np.isnan(heights)
    count = np.maximum(known.sum(axis=1), 1)
    rise = np.where(known, heights, 0.0)
    rise = np.where(known, rise - (rise.sum(axis=1) / count)[:, None], 0.0)
    mean = (points * known[..., None]).sum(axis=1) / count[:, None]
    x, y = np.moveaxis(np.where(known[..., None], points - mean[:, None], 0.0), -1, 0)
    xx, xy, yy = (x * x).sum(axis=1), (x * y).sum(axis=1), (y * y).sum(axis=1)
    xz, yz = (x * rise).sum(axis=1), (y * rise).sum(axis=1)
    det = xx * yy - xy * xy
    covered = (known.sum(axis=1) * 2 > weight.sum(axis=1)) & (det > 1e-9 * np.maximum(xx * yy, 1e-9))
    safe = np.where(covered, det, 1.0)
    gradient = np.stack([(yy * xz - xy * yz) / safe, (xx * yz - xy * xz) / safe], axis=1)
    return np.where(covered[:, None], gradient, 0.0), covered
