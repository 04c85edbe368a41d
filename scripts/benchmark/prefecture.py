# SPDX-License-Identifier: GPL-2.0-or-later
"""A synthetic coastal prefecture to measure on, from a seed: parcels, zones, coastline and the rest, as files.

    cd scripts && ./run.sh python -m benchmark.prefecture FOLDER --parcels 20000

Everything is drawn on a straight coast, in metres along it (`along`) and inland from it (`inland`), and then put on a
winding one. A strip of land is at most 70 km long; a larger prefecture has more strips, each with a coast of its own,
so that its parts stay as dense as those of a small one and times can be compared.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pyogrio
import shapely

from .contender import Steps, report

CRS = "EPSG:6677"
SEED = 20241
PARCELS = 200_000

DEPTH_M = 3_500.0  # of the land that is divided into parcels
DISTRICT_M = 500.0
ROAD_M = 8.0
BLOCK_CELLS = 4  # between two roads of a district
SHORE_M = 12.0  # kept free of parcels along the water
COASTAL_CELLS, INLAND_CELLS = (3, 5, 8), (12, 16, 20)  # parcels along a side of a district
COASTAL_DISTRICTS = 2  # rows of districts that are works and ports
DISTRICTS_A_STRIP = 140
STRIP_APART_M = 20_000.0
WEST_M, SOUTH_M = -30_000.0, -70_000.0
LINE_VERTICES = 200  # of a coastline feature, as national data cut it

Metres = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Sizes:
    """How many of each there are."""

    parcels: int = PARCELS
    zones: int = 3_000
    port_zones: int = 30
    coast_vertices: int = 50_000
    reclaimed: int = 200
    ledger: int = 500
    wells: int = 3_000

    @classmethod
    def of(cls, parcels: int) -> Sizes:
        """A prefecture of so many parcels, and of everything else in proportion."""
        whole, share = cls(), parcels / PARCELS
        return cls(parcels, *(max(4, round(number * share)) for number in list(vars(whole).values())[1:]))


@dataclass(frozen=True)
class Strip:
    """Land along one coast: where it is, how long, and the docks cut into it."""

    number: int
    length: float
    docks: Metres
    """Rows of start, end and depth; in order and apart."""

    def placed(self, along: Metres, inland: Metres) -> Metres:
        """Map coordinates, with the same area: the coast winds, and land moves north and south with it."""
        coast = 900 * np.sin(along / 3_100) + 250 * np.sin(along / 790 + 1) + 60 * np.sin(along / 210 + 2)
        north = coast + inland + SOUTH_M + STRIP_APART_M * self.number
        return np.stack([along + WEST_M, north], axis=-1)

    def is_dry(self, start: Metres, end: Metres, inland: Metres) -> npt.NDArray[np.bool_]:
        """Whether land from `start` to `end` along the coast and from `inland` on is out of the docks."""
        position = np.searchsorted(self.docks[:, 1], start - SHORE_M)
        following = np.append(self.docks, [[np.inf, np.inf, 0.0]], axis=0)[position]
        return (inland > SHORE_M) & ((following[:, 0] > end + SHORE_M) | (following[:, 2] + SHORE_M < inland))


def make(sizes: Sizes, seed: int = SEED) -> dict[str, gpd.GeoDataFrame]:
    """All tables by the names of their contracts; the parcels are the table `sites`."""
    random = np.random.default_rng(seed)
    strips, quads = _divide(sizes.parcels, random)
    makers: dict[str, Callable[[Strip, int, np.random.Generator], gpd.GeoDataFrame]] = {
        "zones": _zones,
        "port_zones": _port_zones,
        "coastline": _coastline,
        "reclaimed": _reclaimed,
        "designations": _designations,
        "wells": _wells,
    }
    numbers = [sizes.zones, sizes.port_zones, sizes.coast_vertices, sizes.reclaimed, sizes.ledger, sizes.wells]
    tables = {"sites": _sites(quads, random)}
    for (name, maker), number in zip(makers.items(), numbers, strict=True):
        tables[name] = _together(name, [maker(strip, share, random) for strip, share in _shares(strips, number)])
    return tables


def write(tables: dict[str, gpd.GeoDataFrame], folder: Path) -> None:
    """Write each table as a GeoPackage of its name, with its spatial index."""
    for name, table in tables.items():
        pyogrio.write_dataframe(
            table, folder / f"{name}.gpkg", layer=name, driver="GPKG", dataset_options={"VERSION": "1.2"}
        )


def _shares(strips: list[Strip], number: int) -> Iterator[tuple[Strip, int]]:
    ends = np.cumsum([strip.length for strip in strips])
    counts = np.diff(np.round(number * ends / ends[-1]).astype(int), prepend=0)
    return zip(strips, counts.tolist(), strict=True)


def _together(name: str, parts: list[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    columns = {column: np.concatenate([part[column].to_numpy() for part in parts]) for column in parts[0].columns}
    shapes = columns.pop("geometry")
    key = {"port_zones": "port_zone_id", "zones": "zone_id", "designations": "designation_id", "wells": "well_id"}
    identifiers = [f"{name[0].upper()}{number:06d}" for number in range(1, len(shapes) + 1)]
    fixed = {"basis": "synthetic", "source_id": name}
    return gpd.GeoDataFrame({key.get(name, f"{name}_id"): identifiers, **columns, **fixed}, geometry=shapes, crs=CRS)


# -- land and its parcels ------------------------------------------------------------------------------------------


def _divide(parcels: int, random: np.random.Generator) -> tuple[list[Strip], Metres]:
    """Strips that hold so many parcels, and the corners of the parcels on the map."""
    strips: list[Strip] = []
    found: list[Metres] = []
    missing = parcels
    while missing > 0:
        strip, corners = _fill(len(strips), missing, random)
        strips.append(strip)
        found.append(strip.placed(corners[..., 0], corners[..., 1]))
        missing -= len(corners)
    return strips, np.concatenate(found)


def _fill(number: int, parcels: int, random: np.random.Generator) -> tuple[Strip, Metres]:
    docks = _docks(DISTRICTS_A_STRIP * DISTRICT_M, random)
    whole = Strip(number, DISTRICTS_A_STRIP * DISTRICT_M, docks)
    found: list[Metres] = []
    while sum(map(len, found)) < parcels and len(found) < DISTRICTS_A_STRIP:
        corners = np.concatenate(list(_column_of_districts(len(found) * DISTRICT_M, random)))
        along, inland = corners[..., 0], corners[..., 1]
        found.append(corners[whole.is_dry(along.min(axis=1), along.max(axis=1), inland.min(axis=1))])
    length = len(found) * DISTRICT_M
    return Strip(number, length, docks[docks[:, 1] < length]), np.concatenate(found)[:parcels]


def _docks(length: float, random: np.random.Generator) -> Metres:
    """Docks along three quarters of each 20 km of coast; the rest is beach and rock."""
    starts = np.cumsum(random.uniform(450, 900, int(length // 450)))
    widths, depths = random.uniform(60, 250, len(starts)), random.uniform(250, 1_500, len(starts))
    docks = np.column_stack([starts, starts + widths, depths])
    return docks[(starts + widths < length) & (starts % 20_000 < 15_000)]


def _column_of_districts(start: float, random: np.random.Generator) -> Iterator[Metres]:
    for row in range(int(DEPTH_M // DISTRICT_M)):
        cells = random.choice(COASTAL_CELLS if row < COASTAL_DISTRICTS else INLAND_CELLS)
        yield _district(int(cells), random) + np.array([start, row * DISTRICT_M])


def _district(cells: int, random: np.random.Generator) -> Metres:
    """Corners of the parcels of a district: irregular quads in blocks, with roads between; shape (parcels, 4, 2)."""
    breaks, is_parcel = _blocks(cells)
    nodes = np.stack(np.meshgrid(breaks, breaks, indexing="ij"), axis=-1)
    slack = min(0.12 * DISTRICT_M / cells, 0.3 * ROAD_M)
    nodes += random.uniform(-slack, slack, nodes.shape)
    corners = np.stack([nodes[:-1, :-1], nodes[1:, :-1], nodes[1:, 1:], nodes[:-1, 1:]], axis=2)
    return corners[is_parcel[:, None] & is_parcel[None, :]]


def _blocks(cells: int) -> tuple[Metres, npt.NDArray[np.bool_]]:
    """Lines across a district, and which of the bands between them hold parcels (the others are roads)."""
    bands = [False]
    for cell in range(cells):
        if cell and cell % BLOCK_CELLS == 0:
            bands.append(False)
        bands.append(True)
    is_parcel = np.array(bands)
    width = (DISTRICT_M - ROAD_M * (~is_parcel).sum()) / cells
    return np.cumsum([0.0, *np.where(is_parcel, width, ROAD_M)]), is_parcel


def _sites(quads: Metres, random: np.random.Generator) -> gpd.GeoDataFrame:
    number = len(quads)
    shapes = shapely.polygons(quads)
    answers = ["yes", "no", "unknown"]
    return gpd.GeoDataFrame(
        {
            "site_id": [f"P{n:07d}" for n in range(1, number + 1)],
            "layer": "former_heavy",
            "pref_code": "12",
            "area_code": "12",
            "geom_ha": shapely.area(shapes) / 10_000,
            "geom_basis": "measured",
            "industry_class": random.choice(["16", "17", "22", "24", "31"], number),
            "public_entry": random.choice(answers, number, p=[0.2, 0.6, 0.2]),
            "soil_leaves_site": random.choice(answers, number, p=[0.2, 0.5, 0.3]),
            "groundwater_as_exclusive": random.choice(answers, number, p=[0.3, 0.3, 0.4]),
            "basis": "synthetic",
            "source_id": "sites",
        },
        geometry=shapes,
        crs=CRS,
    )


# -- what the parcels are held against -------------------------------------------------------------------------------

ZONE_DEPTH_M = 290.0
EDGE_POINTS = 6  # of an edge of a zone
COASTAL_ZONES = {"exclusive_industrial": 0.55, "industrial": 0.2, "quasi_industrial": 0.15, "commercial": 0.1}
INLAND_ZONES = {
    **dict.fromkeys(("exclusive_low_rise_1", "exclusive_low_rise_2", "exclusive_mid_rise_1"), 0.12),
    **dict.fromkeys(("exclusive_mid_rise_2", "residential_1", "residential_2", "quasi_residential"), 0.1),
    **dict.fromkeys(("rural_residential", "neighbourhood_commercial", "commercial", "quasi_industrial"), 0.04),
    **dict.fromkeys(("industrial", "urbanization_control", "unzoned", "other"), 0.015),
    **dict.fromkeys(("exclusive_industrial", "unknown"), 0.01),
}
COASTAL_ZONE_ROWS = 4


def _zones(strip: Strip, number: int, random: np.random.Generator) -> gpd.GeoDataFrame:
    """Zones side by side, whose lines follow neither streets nor parcels; here and there one is missing."""
    rows = round(DEPTH_M / ZONE_DEPTH_M)
    columns = -(-round(number * 1.04) // rows)
    across, down = np.divmod(np.sort(random.permutation(columns * rows)[:number]), rows)
    shapes = _cells(strip, (across, down), (strip.length / columns, ZONE_DEPTH_M), (40.0, 0.0))
    coastal, inland = (_draw(mixture, number, random) for mixture in (COASTAL_ZONES, INLAND_ZONES))
    zone = np.where(down < COASTAL_ZONE_ROWS, coastal, inland)
    return gpd.GeoDataFrame({"zone": zone, "valid_from": "2020-04-01", "geometry": shapes})


def _port_zones(strip: Strip, number: int, random: np.random.Generator) -> gpd.GeoDataFrame:
    columns = round(number * 1.6)
    across = np.sort(random.permutation(columns)[:number])
    shapes = _cells(strip, (across, np.zeros(number)), (strip.length / columns, 450.0), (60.0, 700.0))
    bunku = random.choice(["industrial", "commercial", "special_goods", "unknown"], number)
    banned = np.where(bunku == "unknown", "unknown", random.choice(["yes", "no", "unknown"], number))
    ports = [f"港 {column // 5 + 1}" for column in across]
    return gpd.GeoDataFrame({"port": ports, "bunku": bunku, "ordinance_bans_housing": banned, "geometry": shapes})


def _reclaimed(strip: Strip, number: int, random: np.random.Generator) -> gpd.GeoDataFrame:
    columns = round(number * 1.15)
    across = np.sort(random.permutation(columns)[:number])
    shapes = _cells(strip, (across, np.zeros(number)), (strip.length / columns, 850.0), (90.0, 1_900.0))
    years = random.integers(1900, 1995, number)
    dates = np.where(random.random(number) < 0.2, None, [f"{year}-04-10" for year in years])
    by_act, waste = random.choice(["yes", "no", "unknown"], (2, number), p=[0.6, 0.2, 0.2])
    return gpd.GeoDataFrame(
        {"by_reclamation_act": by_act, "started_on": dates, "waste_fill": waste, "geometry": shapes}
    )


def _designations(strip: Strip, number: int, random: np.random.Generator) -> gpd.GeoDataFrame:
    """Small rounded polygons apart from one another, two thirds of them near the coast."""
    apart = 300.0
    columns, rows = int(strip.length // apart), int(DEPTH_M // apart)
    weights = np.tile(np.where(np.arange(rows) < 4, 4.0, 1.0), columns)
    slots = np.sort(random.choice(columns * rows, number, replace=False, p=weights / weights.sum()))
    centres = (np.column_stack(np.divmod(slots, rows)) + 0.5) * apart + random.uniform(-25, 25, (number, 2))
    angles = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    radius = random.uniform(25, 100, (number, 1)) * random.uniform(0.8, 1.2, (number, len(angles)))
    along, inland = (centres[:, [0]] + radius * np.cos(angles)), (centres[:, [1]] + radius * np.sin(angles))
    kind = _draw({"notification_required": 0.9, "action_required": 0.1}, number, random)
    sub_types = ["general", "natural_origin", "landfill_special", "landfill_managed", "coastal_special", "unknown"]
    sub_type = np.where(kind == "action_required", None, random.choice(sub_types, number))
    shapes = shapely.polygons(strip.placed(along, inland))
    return gpd.GeoDataFrame({"kind": kind, "sub_type": sub_type, "geometry": shapes})


def _wells(strip: Strip, number: int, random: np.random.Generator) -> gpd.GeoDataFrame:
    along, inland = random.uniform(0, strip.length, number), random.uniform(150, DEPTH_M, number)
    use = _draw({"drinking": 0.4, "other": 0.5, "unknown": 0.1}, number, random)
    return gpd.GeoDataFrame({"use": use, "geometry": shapely.points(strip.placed(along, inland))})


def _draw(mixture: dict[str, float], number: int, random: np.random.Generator) -> npt.NDArray[np.object_]:
    chances = np.array(list(mixture.values()))
    return random.choice(list(mixture), number, p=chances / chances.sum()).astype(object)


def _cells(
    strip: Strip,
    position: tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]],
    size: tuple[float, float],
    wobble: tuple[float, float],
) -> npt.NDArray[np.object_]:
    """Cells of a grid that begins a little off the coast, with winding edges that neighbours share exactly.

    `wobble` is how far in metres the edges wind, and the phase of it.
    """
    side = np.arange(EDGE_POINTS) / EDGE_POINTS
    ring = np.concatenate(
        [
            np.column_stack(pair)
            for pair in ((side, 0 * side), (0 * side + 1, side), (1 - side, 0 * side + 1), (0 * side, 1 - side))
        ]
    )
    along = (position[0][:, None] + ring[:, 0]) * size[0]
    inland = (position[1][:, None] + ring[:, 1]) * size[1] - 30.0
    reach, phase = wobble
    moved_along = along + reach * np.sin(inland / 170 + along / 390 + phase)
    moved_inland = inland + reach * np.sin(along / 150 - inland / 430 + phase) * np.minimum(1, (inland + 30) / 200)
    return shapely.polygons(strip.placed(moved_along, moved_inland))


def _coastline(strip: Strip, vertices: int, random: np.random.Generator) -> gpd.GeoDataFrame:
    """The coast with its docks as lines end to end, rough everywhere and rougher on rock."""
    corners = np.array([[0.0, 0.0], *_around_docks(strip.docks), [strip.length, 0.0]])
    coast = shapely.LineString(corners)
    at = np.linspace(0, coast.length, vertices)
    points = shapely.get_coordinates(shapely.line_interpolate_point(coast, at))
    rough = np.cumsum(random.normal(0, 0.4, points.shape), axis=0)
    points += 3 * np.sin(rough)
    rock = (points[:, 0] % 20_000 > 16_000) & (points[:, 0] % 20_000 < 19_500)
    points[rock, 1] -= 40 * np.abs(np.sin(rough[rock, 0] / 3))
    placed = strip.placed(points[:, 0], points[:, 1])
    starts = range(0, max(vertices - 1, 1), LINE_VERTICES - 1)
    lines = [shapely.LineString(placed[start : start + LINE_VERTICES]) for start in starts]
    return gpd.GeoDataFrame({"geometry": np.array(lines, dtype=object)})


def _around_docks(docks: Metres) -> Iterator[tuple[float, float]]:
    for start, end, depth in docks:
        yield from ((start, 0.0), (start, depth), (end, depth), (end, 0.0))


def main() -> None:
    """Write the prefecture that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--parcels", type=int, default=PARCELS)
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    steps = Steps()
    tables = make(Sizes.of(arguments.parcels))
    steps.done("make")
    write(tables, arguments.folder)
    steps.done("write")
    report(steps)


if __name__ == "__main__":
    main()
