# SPDX-License-Identifier: GPL-2.0-or-later
"""Where synthetic estates are drawn: plausible shapes inside a prefecture, apart from one another."""

from __future__ import annotations

from collections.abc import Callable

import geopandas as gpd
import numpy as np
import shapely
from shapely import affinity

from yochi.plugin.core.crs import JGD2011, SQUARE_METRES_PER_HECTARE
from yochi.plugin.core.resources import code_list

APART_M = 400.0
FROM_BORDER_M = 60.0
NEIGHBOUR_M = 1_500.0  # an outline nearer than this to another prefecture is border, not coast
ATTEMPTS = 2_000
DECIMALS = 7  # of a degree: about a centimetre

_ZONES = {row["code"]: 6668 + int(row["plane_zone"]) for row in code_list("prefectures")}


class Ground:
    """The main island of a prefecture, in its plane-rectangular zone, and what has been drawn on it."""

    def __init__(self, areas: gpd.GeoDataFrame, code: str, rng: np.random.Generator) -> None:
        self.rng, self.epsg = rng, _ZONES[code]
        here = areas.loc[areas["area_code"] == code].to_crs(self.epsg)
        self.land = max(here.geometry.iloc[0].geoms, key=lambda part: part.area)
        self.inside = self.land.buffer(-FROM_BORDER_M)
        west, south, east, north = areas.loc[areas["area_code"] == code].total_bounds
        others = areas.cx[west - 0.1 : east + 0.1, south - 0.1 : north + 0.1].query("area_code != @code")
        neighbours = others.to_crs(self.epsg).union_all().buffer(NEIGHBOUR_M)
        self.coast = shapely.line_merge(self.land.exterior.difference(neighbours))
        self.drawn: list[shapely.Polygon] = []

    @property
    def coast_m(self) -> float:
        """Length of the outline that is coast."""
        return self.coast.length

    def estate(self, ha: float) -> shapely.Polygon:
        """An estate anywhere in the prefecture."""
        west, south, east, north = self.inside.bounds
        return self._first_that_fits(
            lambda: _placed(
                self._block(ha), self.rng.uniform(west, east), self.rng.uniform(south, north), self.rng.uniform(0, 180)
            )
        )

    def works(self, ha: float) -> shapely.Polygon:
        """A former works whose long side lies along the coast."""
        return self._first_that_fits(lambda: self._on_coast(self._block(ha)))

    def beside(self, ha: float, other: shapely.Polygon) -> shapely.Polygon:
        """An estate that reaches into another site, and into no third one."""
        self.drawn.remove(other)
        try:
            return self._first_that_fits(lambda: self._on_edge(self._block(ha), other))
        finally:
            self.drawn.append(other)

    def in_jgd2011(self, shape: shapely.Geometry) -> shapely.Geometry:
        """The shape in degrees, to a centimetre."""
        degrees = gpd.GeoSeries([shape], crs=self.epsg).to_crs(JGD2011).iloc[0]
        return shapely.transform(degrees, lambda coordinates: coordinates.round(DECIMALS))

    def _block(self, ha: float) -> shapely.Polygon:
        """A rectangle with one corner cut, of exactly the area, around the origin."""
        ratio, cut = self.rng.uniform(1.2, 2.2), self.rng.uniform(0.1, 0.4)
        height = np.sqrt(ha * SQUARE_METRES_PER_HECTARE / (ratio - cut**2 / 2))
        x, y, corner = ratio * height / 2, height / 2, cut * height
        return shapely.Polygon([(-x, -y), (x, -y), (x, y - corner), (x - corner, y), (-x, y)])

    def _on_coast(self, block: shapely.Polygon) -> shapely.Polygon:
        _, south, _, north = block.bounds
        at = self.rng.uniform(0, self.coast.length)
        point, before, after = (_at(self.coast, at + step) for step in (0, -300, 300))
        angle = np.arctan2(after.y - before.y, after.x - before.x)
        inland = (north - south) / 2 + self.rng.uniform(150, 600)
        side = self.rng.choice([-1, 1])
        x, y = point.x - side * np.sin(angle) * inland, point.y + side * np.cos(angle) * inland
        return _placed(block, x, y, np.degrees(angle))

    def _on_edge(self, block: shapely.Polygon, other: shapely.Polygon) -> shapely.Polygon:
        point = other.exterior.interpolate(self.rng.uniform(0, 1), normalized=True)
        return _placed(block, point.x, point.y, self.rng.uniform(0, 180))

    def _first_that_fits(self, propose: Callable[[], shapely.Polygon]) -> shapely.Polygon:
        for _ in range(ATTEMPTS):
            shape = propose()
            if self.inside.contains(shape) and not any(shape.dwithin(other, APART_M) for other in self.drawn):
                self.drawn.append(shape)
                return shape
        raise RuntimeError(f"no room for another site in zone EPSG:{self.epsg}")


def along(shape: shapely.Polygon, start: float, end: float, margin_m: float) -> shapely.Polygon:
    """The stretch from `start` to `end` (0 to 1) of the rectangle around a shape and a margin."""
    around = shapely.oriented_envelope(shape.buffer(margin_m, join_style="mitre"))
    ring = shapely.normalize(around).exterior.coords  # versions of GEOS begin at different corners
    a, b, c, d = (np.array(corner) for corner in ring[:4])
    if np.linalg.norm(b - a) < np.linalg.norm(d - a):
        a, b, c, d = b, c, d, a
    return shapely.Polygon([a + (b - a) * start, a + (b - a) * end, d + (c - d) * end, d + (c - d) * start])


def _placed(block: shapely.Polygon, x: float, y: float, degrees: float) -> shapely.Polygon:
    return affinity.translate(affinity.rotate(block, degrees, origin=(0, 0)), x, y)


def _at(line: shapely.Geometry, distance: float) -> shapely.Point:
    return shapely.line_interpolate_point(line, np.clip(distance, 0, line.length))
