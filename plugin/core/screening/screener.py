# SPDX-License-Identifier: GPL-2.0-or-later
"""Surroundings and rule profiles made ready, against which sites are held, and what comes of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import geopandas as gpd
import pandas as pd

from .. import crs
from ..contracts import EVIDENCE, PIECES, SITES, VERDICTS, conform, empty
from ..geometry import flat, is_polygon
from ..progress import Progress
from ..provenance import MEASURED
from .chunks import Chunk, chunks, screen_chunk
from .crew import Crew
from .criteria import KINDS
from .ground import Ground
from .profiles import Profile
from .surroundings import Surroundings
from .tabulating import HECTARES, Judged, evidence_table, pieces_table, together, verdicts_table

BLOCK = 50_000
"""Sites that are screened and handed on before the next are taken."""
_CHECKED = 20_000
"""Sites that are checked before the user is asked again."""
_LAYERS = ("zones", "port_zones", "reclaimed", "designations")


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


class Grounds(threading.local):
    """The grounds of a thread, by plane."""

    def __init__(self, surroundings: Surroundings, sliver_ha: float) -> None:
        self._around, self._sliver_ha = surroundings, sliver_ha
        self._ready: dict[int, Ground] = {}

    def __getitem__(self, epsg: int) -> Ground:
        if epsg not in self._ready:
            self._ready[epsg] = Ground(self._around, epsg, self._sliver_ha)
        return self._ready[epsg]


class Screener:
    """Holds sites against surroundings (checked), which are made ready once for all that come."""

    def __init__(self, surroundings: Surroundings, profiles: Sequence[Profile], sliver_ha: float) -> None:
        self.profiles = tuple(profiles)
        asked = {layer for profile in profiles for one in profile.criteria for layer in KINDS[one.kind].layers}
        self._layers = [name for name in _LAYERS if name in asked]
        self._grounds = Grounds(surroundings, sliver_ha)
        self._crew = Crew(self._screen_chunk)

    def __enter__(self) -> Screener:
        self._crew.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self._crew.__exit__(*error)

    def screen(self, came: gpd.GeoDataFrame, progress: Progress) -> Screening:
        """Screen sites; the index is kept."""
        sites = _conformed(came, progress.part(0.0, 0.1))
        items = ((chunk, sites) for chunk in chunks(sites, came))
        parts = list(self._crew.each(items, progress.part(0.1, 0.9))) if self.profiles else []
        judged = together(parts) if parts else None
        parts.clear()
        verdicts = empty(VERDICTS)
        if judged is not None:
            verdicts = verdicts_table(judged, sites, self.profiles, partial(progress.report, 0.95))
        widened = _widened(sites, verdicts, self.profiles).set_axis(came.index)
        return Screening(widened, verdicts, self.profiles, judged)

    def _screen_chunk(self, item: tuple[Chunk, pd.DataFrame], between: Callable[[], None]) -> Judged:
        chunk, sites = item
        return screen_chunk(chunk, sites, self._grounds[chunk.epsg], self._layers, self.profiles, between)


def _conformed(came: pd.DataFrame, progress: Progress) -> gpd.GeoDataFrame:
    """Contract `sites` in JGD2011, numbered from 0 and measured where the area was not known."""
    blocks = []
    for start in range(0, max(len(came), 1), _CHECKED):
        progress.report(start / max(len(came), 1))
        block = conform(crs.in_jgd2011(came.iloc[start : start + _CHECKED]), SITES)
        blocks.append(_measured(block))
    return _stacked(blocks)


def _stacked(blocks: Sequence[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    """Frames of the same columns one under the other, numbered from 0."""
    if len(blocks) == 1:
        return blocks[0].reset_index(drop=True)
    # column by column, because pandas would look at every cell of the columns in which nothing is known
    columns = {name: pd.concat([block[name] for block in blocks], ignore_index=True) for name in blocks[0]}
    return gpd.GeoDataFrame(columns, geometry=blocks[0].geometry.name, copy=False)


def _measured(sites: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Sites with the area of their polygon where it was not known."""
    new = is_polygon(sites.geometry) & sites["geom_ha"].isna()
    if new.any():
        drawn = sites[new]
        sites.loc[new, "geom_ha"] = crs.area_ha(drawn.set_geometry(flat(drawn.geometry)))
        sites.loc[new, "geom_basis"] = MEASURED
    return sites


def _widened(sites: gpd.GeoDataFrame, verdicts: pd.DataFrame, profiles: Sequence[Profile]) -> gpd.GeoDataFrame:
    """The sites with the columns of their verdicts, which come in the order of the sites."""
    columns: dict[str, Any] = {}
    for number, profile in enumerate(profiles):
        prefix = profile.id.replace("/", "_").replace("-", "_")
        rows = verdicts.iloc[number * len(sites) : (number + 1) * len(sites)]
        columns |= {f"{prefix}_{column}": rows[column].to_numpy() for column in (*HECTARES, "headline")}
    return pd.concat([sites, pd.DataFrame(columns, index=sites.index)], axis=1)
