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
    unknown: pd.Series


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
        The first line of the waterfall is all sites. A site whose value is unknown does not pass a filter on it and
        is counted as unknown in that line. Ties are ranked by `site_id`.

    Raises
    ------
    ContractError
        A layer is unknown, or the least area is negative.
    """
    _check(requirements)
    sites = conform(sites, SITES)
    left, lines = sites, [_line(1, "all_sites", "", sites, sites, 0)]
    for number, one in enumerate(_filters(sites, requirements), start=2):
        kept = left[one.keep.loc[left.index]]
        unknown = int(one.unknown.loc[left.index].sum())
        lines.append(_line(number, one.name, one.condition, left, kept, unknown))
        left = kept
        progress.report(number / 4, one.name)
    ranked = left.sort_values(["counted_ha", "site_id"], ascending=[False, True], na_position="last")
    ranked = ranked.assign(rank=range(1, len(ranked) + 1))
    names = [*SHORTLIST.column_names, "geometry"]
    shortlist = (
        ranked[names] if isinstance(ranked, gpd.GeoDataFrame) else ranked[names[:-1]]
    )
    return Selection(conform(shortlist.reset_index(drop=True), SHORTLIST), conform(pd.DataFrame(lines), WATERFALL))


def _check(requirements: Requirements) -> None:
    for layer in requirements.layers:
        if layer not in codes("layers"):
            raise ContractError(f"Layer {layer!r} is unknown; use one of {', '.join(codes('layers'))}.")
    if requirements.minimum_ha is not None and requirements.minimum_ha < 0:
        raise ContractError(f"The least area must be 0 ha or more; {requirements.minimum_ha} is not.")


def _filters(sites: pd.DataFrame, requirements: Requirements) -> Iterator[_Filter]:
    if requirements.layers:
        keep = sites["layer"].isin(requirements.layers)
        yield _Filter("layer", " | ".join(requirements.layers), keep, pd.Series(False, index=sites.index))
    if requirements.minimum_ha is not None:
        hectares = sites["counted_ha"]
        yield _Filter(
            "minimum_ha", f">= {requirements.minimum_ha:g} ha", hectares >= requirements.minimum_ha, hectares.isna()
        )


def _line(
    step: int, name: str, condition: str, before: pd.DataFrame, after: pd.DataFrame, unknown: int
) -> dict[str, object]:
    before_ha, left_ha = float(before["counted_ha"].sum()), float(after["counted_ha"].sum())
    return {
        "step": step,
        "filter": name,
        "condition": condition,
        "sites_before": len(before),
        "before_ha": before_ha,
        "sites_removed": len(before) - len(after),
        "removed_ha": max(before_ha - left_ha, 0.0),
        "sites_left": len(after),
        "left_ha": left_ha,
        "sites_unknown": unknown,
        "basis": weakest(before["counted_basis"], default=UNKNOWN),
    }
