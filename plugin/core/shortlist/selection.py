# SPDX-License-Identifier: GPL-2.0-or-later
"""Filters applied one after the other; each is a line of the waterfall and nothing is dropped without one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from ..contracts import SHORTLIST, SITES, WATERFALL, conform
from ..errors import ContractError
from ..progress import SILENT, Progress
from ..provenance import UNKNOWN, weakest
from ..resources import codes


@dataclass(frozen=True)
class Requirements:
    """What is asked for; a requirement that is None or empty is no filter."""

    minimum_ha: float | None = None
    layers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Selection:
    """Contract tables `shortlist` (ranked) and `waterfall`."""

    shortlist: gpd.GeoDataFrame
    waterfall: pd.DataFrame


@dataclass(frozen=True)
class _Filter:
    name: str
    condition: str
    keep: pd.Series


def select(sites: gpd.GeoDataFrame, requirements: Requirements, *, progress: Progress = SILENT) -> Selection:
    """Select the sites that fit and rank them by the hectares that can be had.

    Parameters
    ----------
    sites : GeoDataFrame
        Contract `sites` with `counted_ha`.
    requirements : Requirements
        Least area in hectares and the layers asked for.
    progress : Progress
        Where to report, and who may cancel.

    Returns
    -------
    Selection
        The waterfall has a line a filter and layer, since layers are never added up; the first is all sites. A site
        whose area is unknown does not pass a filter on it; each line counts those before it, whose hectares are in
        no figure of the line. Ties are ranked by `site_id`.

    Raises
    ------
    ContractError
        A layer is unknown, or the least area is negative.
    """
    _check(requirements)
    sites = conform(sites, SITES)
    left, lines = sites, _lines(1, _Filter("all_sites", "", sites["layer"].notna()), sites)
    for number, one in enumerate(_filters(sites, requirements), start=2):
        lines += _lines(number, one, left)
        left = left[one.keep.loc[left.index]]
        progress.report(number / 4)
    ranked = left.sort_values(["counted_ha", "site_id"], ascending=[False, True], na_position="last")
    ranked = ranked.assign(rank=range(1, len(ranked) + 1)).reset_index(drop=True)
    names = [*SHORTLIST.column_names, *(["geometry"] if isinstance(ranked, gpd.GeoDataFrame) else [])]
    progress.report(1.0, "shortlist ranked")
    waterfall = pd.DataFrame(lines, columns=WATERFALL.column_names)
    return Selection(conform(ranked[names], SHORTLIST), conform(waterfall, WATERFALL))


def _check(requirements: Requirements) -> None:
    for layer in requirements.layers:
        if layer not in codes("layers"):
            raise ContractError(f"Layer {layer!r} is unknown; use one of {', '.join(codes('layers'))}.")
    if requirements.minimum_ha is not None and requirements.minimum_ha < 0:
        raise ContractError(f"The least area must be 0 ha or more; {requirements.minimum_ha} is not.")


def _filters(sites: pd.DataFrame, requirements: Requirements) -> Iterator[_Filter]:
    if requirements.layers:
        keep = sites["layer"].isin(requirements.layers)
        yield _Filter("layer", " | ".join(requirements.layers), keep)
    if requirements.minimum_ha is not None:
        keep = sites["counted_ha"] >= requirements.minimum_ha
        yield _Filter("minimum_ha", f">= {requirements.minimum_ha:g} ha", keep)


def _lines(step: int, one: _Filter, sites: pd.DataFrame) -> list[dict[str, object]]:
    """What a filter does to the sites that are left, a line a layer."""
    return [
        _line(step, one, layer, sites[sites["layer"] == layer])
        for layer in codes("layers")
        if (sites["layer"] == layer).any()
    ]


def _line(step: int, one: _Filter, layer: str, before: pd.DataFrame) -> dict[str, object]:
    after = before[one.keep.loc[before.index]]
    return {
        "step": step,
        "layer": layer,
        "filter": one.name,
        "condition": one.condition,
        "sites_before": len(before),
        "before_ha": _hectares(before),
        "sites_removed": len(before) - len(after),
        "removed_ha": _hectares(before.drop(after.index)),
        "sites_left": len(after),
        "left_ha": _hectares(after),
        "sites_unknown": int(before["counted_ha"].isna().sum()),
        "basis": weakest(before["counted_basis"], default=UNKNOWN),
    }


def _hectares(sites: pd.DataFrame) -> float:
    """Hectares of sites; unknown where there are sites and all of them are of unknown area."""
    return float(sites["counted_ha"].sum(min_count=1 if len(sites) else 0))
