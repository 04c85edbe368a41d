# SPDX-License-Identifier: GPL-2.0-or-later
"""Sites held against rule profiles, piece by piece, with the evidence."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from .. import crs
from ..contracts import EVIDENCE, PIECES, SITES, VERDICTS, conform, empty
from ..errors import ReconciliationError
from ..geometry import Shapes, is_polygon, polygonal
from ..progress import SILENT, Progress
from ..provenance import MEASURED
from .criteria import KINDS
from .cutting import DEFAULT_SLIVER_HA, cut, numbered, slivers
from .evidence import Integers, Mask, ranks
from .ground import Ground
from .judging import judge
from .land import Land
from .profiles import Profile
from .surroundings import Surroundings
from .tabulating import HECTARES, Judged, evidence_table, pieces_table, together, verdicts_table

TOLERANCE_HA = 0.01
_CHUNK = 10_000
_LAYERS = ("zones", "port_zones", "reclaimed", "designations")
_ANY_PLANE = 6669


@dataclass(frozen=True, eq=False)
class Screening:
    """The sites with three hectares and a headline a profile, and the tables of the contracts.

    `pieces` and `evidence` are large, and are drawn up when they are first asked for.
    """

    sites: gpd.GeoDataFrame
    verdicts: pd.DataFrame
    profiles: tuple[Profile, ...]
    _judged: Judged | None

    @cached_property
    def pieces(self) -> gpd.GeoDataFrame:
        """Contract `pieces`, in JGD2011."""
        known = self._judged
        return empty(PIECES, crs.JGD2011) if known is None else pieces_table(known, self.sites, self.profiles)

    @cached_property
    def evidence(self) -> pd.DataFrame:
        """Contract `evidence`: what decided; a criterion without a row for a piece could not change its result."""
        known = self._judged
        return empty(EVIDENCE) if known is None else evidence_table(known, self.sites, self.profiles)


def screen(
    sites: gpd.GeoDataFrame,
    surroundings: Surroundings,
    profiles: Sequence[Profile],
    *,
    sliver_ha: float = DEFAULT_SLIVER_HA,
    progress: Progress = SILENT,
) -> Screening:
    """Say for each site and profile how many hectares are met, not met and undecidable.

    Parameters
    ----------
    sites : GeoDataFrame
        Contract `sites`, in any reference system.
    surroundings : Surroundings
        What they are held against; what is missing makes undecidable what needs it.
    profiles : sequence of Profile
        The rule profiles, in the order of the output.
    sliver_ha : float
        Hectares up to which a thin strip is a difference between data sets: no headline stands on it, and a corridor
        may cross its width of other ground. The hectares themselves are always as measured.
    progress : Progress
        Where to report, and who may cancel.

    Returns
    -------
    Screening
        The three hectares of a verdict add up to the area of the site; `sites` has the columns `<profile>_met_ha`,
        `<profile>_not_met_ha`, `<profile>_undecidable_ha` and `<profile>_headline`.

    Raises
    ------
    ContractError
        A table breaks its contract.
    ReconciliationError
        The pieces of a site do not add up to it within 0.01 ha.
    """
    index = sites.index
    progress.report(0.0)
    sites = crs.in_jgd2011(sites)
    progress.report(0.01, "sites placed")
    sites = conform(sites, SITES).reset_index(drop=True)
    progress.report(0.02, "sites checked")
    surroundings = surroundings.checked()
    progress.report(0.04, "surroundings checked")
    layers = [name for name in _LAYERS if any(name in KINDS[c.kind].layers for p in profiles for c in p.criteria)]
    parts, done = [], 0
    for ground, positions in _chunks(sites, surroundings, sliver_ha):
        share = 0.05 + 0.85 * done / len(sites)

        def between(share: float = share) -> None:
            progress.report(share)

        cut_land = _cut_land(sites, ground, positions, layers, sliver_ha)
        parts.append(_judged(*cut_land, profiles, between))
        done += len(positions)
        progress.report(0.05 + 0.85 * done / len(sites), f"{done:,} of {len(sites):,} sites screened")
    judged = together(parts) if parts and profiles else None
    parts.clear()
    progress.report(0.95, "results put in order")
    verdicts = empty(VERDICTS) if judged is None else verdicts_table(judged, sites, profiles)
    progress.report(0.98, "verdicts drawn up")
    _widen(sites, verdicts, profiles)
    sites.index = index
    progress.report(1.0, "sites screened")
    return Screening(sites, verdicts, tuple(profiles), judged)


def _chunks(sites: gpd.GeoDataFrame, surroundings: Surroundings, sliver_ha: float) -> Iterator[tuple[Ground, Integers]]:
    """Sites by position, a plane at a time, neighbours together; those without a polygon last."""
    drawn = is_polygon(sites.geometry)
    placed = sites[drawn]
    for epsg, group in placed.groupby(crs.plane_zones(placed)) if len(placed) else ():
        ground = Ground(surroundings, int(str(epsg)), sliver_ha)
        near = group.index.to_numpy()[np.argsort(group.hilbert_distance().to_numpy(), kind="stable")]
        for start in range(0, len(near), _CHUNK):
            yield ground, near[start : start + _CHUNK]
    rest = np.flatnonzero(~drawn)
    for start in range(0, len(rest), _CHUNK):
        yield Ground(surroundings, _ANY_PLANE, sliver_ha), rest[start : start + _CHUNK]


def _judged(
    land: Land, shapes: Shapes, sliver: Mask, profiles: Sequence[Profile], between: Callable[[], None]
) -> Judged:
    between()
    basis = ranks(land.sites["basis"].iloc[land.site])
    judgements = tuple(judge(land, profiles, between))
    return Judged(land.site, land.number, land.hectares, shapes, sliver, basis, judgements)


def _cut_land(
    sites: gpd.GeoDataFrame, ground: Ground, positions: Integers, layers: Sequence[str], sliver_ha: float
) -> tuple[Land, Shapes, Mask]:
    """Pieces of sites, their shapes in JGD2011, and which are slivers."""
    positions = np.sort(positions)
    chosen = sites.geometry.iloc[positions]
    if not is_polygon(chosen).any():
        return _undrawn_land(sites, ground, positions)
    plain = crs.to_plane(chosen.to_frame(), ground.epsg).geometry.to_numpy()
    shapes = polygonal(shapely.force_2d(plain) if shapely.has_z(plain).any() else plain)
    made = cut(shapes, {name: ground.layer(name) for name in layers})
    hectares = shapely.area(made.shapes) / crs.SQUARE_METRES_PER_HECTARE
    site = positions[made.source]
    _reconcile(sites, positions, np.bincount(made.source, hectares).astype("float64"))
    land = Land(sites, ground, site, numbered(made.source), made.shapes, hectares, made.rows)
    as_came = np.fromiter(map(operator.is_, shapes, plain), dtype=bool, count=len(plain))
    kept = made.whole & as_came[made.source]
    placed = chosen.to_numpy()[made.source]
    moved = gpd.GeoSeries(made.shapes[~kept], crs=ground.epsg).to_crs(crs.JGD2011)
    placed[~kept] = polygonal(moved.to_numpy())
    return land, placed, slivers(site, made.shapes, made.whole, sliver_ha)


def _undrawn_land(sites: gpd.GeoDataFrame, ground: Ground, positions: Integers) -> tuple[Land, Shapes, Mask]:
    """Sites without a polygon: one piece each, of the area that they state."""
    stated = sites["available_ha"].fillna(sites["gross_ha"]).to_numpy()[positions]
    count = len(positions)
    nothing = np.full(count, None, dtype=object)
    land = Land(sites, ground, positions, np.ones(count, dtype="int64"), nothing, stated, {})
    return land, nothing, np.zeros(count, dtype=bool)


def _reconcile(sites: gpd.GeoDataFrame, positions: Integers, measured: npt.NDArray[np.float64]) -> None:
    """Hold the pieces against the area of the site, and note that area where it was not known."""
    known = sites["geom_ha"].to_numpy()[positions]
    off = np.flatnonzero(np.abs(measured - known) > TOLERANCE_HA)
    if len(off):
        site = sites["site_id"].iloc[positions[off[0]]]
        raise ReconciliationError(
            f"Site {site}: its pieces add up to {measured[off[0]]:.2f} ha and the site to {known[off[0]]:.2f} ha; "
            "repair the geometry of the zones or of the site and run again."
        )
    new = positions[np.isnan(known)]
    sites.iloc[new, sites.columns.get_loc("geom_ha")] = measured[np.isnan(known)]
    sites.iloc[new, sites.columns.get_loc("geom_basis")] = MEASURED


def _widen(sites: gpd.GeoDataFrame, verdicts: pd.DataFrame, profiles: Sequence[Profile]) -> None:
    """Give the sites the columns of their verdicts, which come in the order of the sites."""
    for number, profile in enumerate(profiles):
        prefix = profile.id.replace("/", "_").replace("-", "_")
        rows = verdicts.iloc[number * len(sites) : (number + 1) * len(sites)]
        for column in (*HECTARES, "headline"):
            sites[f"{prefix}_{column}"] = rows[column].to_numpy()
