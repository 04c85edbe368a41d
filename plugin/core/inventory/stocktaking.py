# SPDX-License-Identifier: GPL-2.0-or-later
"""From tables of sites to one inventory: placed, measured, counted once, summed and reconciled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from .. import crs
from ..area_tree import UNPLACED, memberships, roots
from ..contracts import AREAS, FIXLIST, SITES, SUMMARY, conform, empty
from ..errors import ContractError
from ..geometry import flat
from ..progress import SILENT, Progress
from ..provenance import MEASURED, SYNTHETIC, UNKNOWN, weakest, weakest_of_columns
from ..reconcile import reconcile
from ..resources import codes
from . import overlaps, placement

DEFAULT_PRECEDENCE = ("idle_prepared", "former_heavy", "pipeline")
"""Land that is ready counts before land that has to be cleared, and that before land still to be made."""


@dataclass(frozen=True)
class Inventory:
    """What there is: contract tables `sites`, `summary`, `overlaps` and `fixlist`."""

    sites: gpd.GeoDataFrame
    summary: pd.DataFrame
    overlaps: pd.DataFrame
    fixlist: pd.DataFrame


def take_stock(
    sites: Sequence[pd.DataFrame],
    areas: gpd.GeoDataFrame,
    *,
    precedence: Sequence[str] = DEFAULT_PRECEDENCE,
    progress: Progress = SILENT,
) -> Inventory:
    """Put tables of sites together without counting a hectare twice.

    Parameters
    ----------
    sites : sequence of DataFrame or GeoDataFrame
        Contract `sites`, each in its own reference system, with or without geometry.
    areas : GeoDataFrame
        Contract `areas`.
    precedence : sequence of str
        Layers, strongest first: which of two overlapping sites counts the land.
    progress : Progress
        Where to report, and who may cancel.

    Returns
    -------
    Inventory
        `sites` in JGD2011 with `geom_ha` (measured in the plane-rectangular zone), `available_ha`, `counted_ha`;
        `summary` by area and layer, areas within areas included.

    Raises
    ------
    ContractError
        A table breaks its contract, or the precedence does not name each layer once.
    ReconciliationError
        A total is not the sum of its parts to 0.01 ha.
    """
    if sorted(precedence) != sorted(codes("layers")):
        layers = ", ".join(codes("layers"))
        raise ContractError(f"precedence must name each of {layers} once; it names {', '.join(precedence)}.")
    areas = conform(areas, AREAS)
    together, fixlist = _put_together(sites)
    progress.report(0.1, "sites put together")
    together, repaired = _repair(together)
    lost = _unknown_areas(together, areas)
    placed = placement.assign(together, areas)
    progress.report(0.4, "sites placed")
    measured = _measure(placed)
    removed = overlaps.resolve(measured, precedence)
    progress.report(0.8, "overlaps resolved")
    counted = _count(measured, removed)
    summary = summarise(counted, areas)
    _reconcile(counted, summary, areas)
    progress.report(1.0, "inventory reconciled")
    return Inventory(conform(counted, SITES), summary, removed, _fixlist([fixlist, repaired, lost]))


def _put_together(frames: Sequence[pd.DataFrame]) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    parts = [crs.in_jgd2011(conform(frame, SITES)) for frame in frames if len(frame)]
    if not parts:
        return empty(SITES, crs.JGD2011), empty(FIXLIST)
    together = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), geometry="geometry", crs=crs.JGD2011)
    again = together["site_id"].duplicated()
    rejected = _faulty(
        together[again], "site_id", "the site stands in another input already", "remove one of the two", "rejected"
    )
    return together[~again].reset_index(drop=True), rejected


def _repair(sites: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    drawn = sites.geometry.notna()
    broken = drawn & ~sites.geometry.is_valid
    repaired = sites.set_geometry(flat(sites.geometry))
    listed = _faulty(
        sites[broken], "geometry", "the polygon crosses itself and was repaired", "check its shape", "warning"
    )
    return repaired, listed


def _unknown_areas(sites: gpd.GeoDataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    stated = sites["area_code"].notna() & ~sites["area_code"].isin([*areas["area_code"], UNPLACED])
    remedy = "correct it, or add the area to the boundaries"
    return _faulty(sites[stated], "area_code", "no area has this code", remedy, "warning")


def _faulty(rows: pd.DataFrame, field: str, problem: str, remedy: str, severity: str) -> pd.DataFrame:
    """A line of the fix-list for each row; a geometry is named by its site."""
    value = rows["site_id" if field == "geometry" else field]
    listed = rows[["source_id", "source_row"]].assign(field=field, value=value, problem=problem)
    return listed.assign(source_id=listed["source_id"].fillna("sites"), remedy=remedy, severity=severity)


def _fixlist(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    filled = [part for part in parts if len(part)]
    return conform(pd.concat(filled, ignore_index=True), FIXLIST) if filled else empty(FIXLIST)


def _measure(sites: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    measured = sites.copy()
    synthetic = sites["basis"] == SYNTHETIC
    measured["geom_ha"] = crs.area_ha(sites)
    measured["geom_basis"] = synthetic.map({True: SYNTHETIC, False: MEASURED}).where(measured["geom_ha"].notna())
    unstated = sites["available_ha"].isna() & (sites["available_basis"] != UNKNOWN) & measured["geom_ha"].notna()
    measured["available_ha"] = sites["available_ha"].where(~unstated, measured["geom_ha"])
    basis = sites["available_basis"].fillna(sites["basis"]).fillna(UNKNOWN)
    measured["available_basis"] = basis.where(~unstated, measured["geom_basis"])
    measured["note"] = placement.append_note(
        sites["note"], pd.Series("available_ha_from_geometry", index=sites.index).where(unstated)
    )
    return measured


def _count(sites: gpd.GeoDataFrame, removed: pd.DataFrame) -> gpd.GeoDataFrame:
    counted = sites.copy()
    lost = sites["site_id"].map(removed.groupby("site_id")["removed_ha"].sum()).fillna(0.0)
    counted["counted_ha"] = (sites["available_ha"] - lost).clip(lower=0)
    derived = pd.Series("derived", index=sites.index).where(lost > 0)
    counted["counted_basis"] = weakest_of_columns(sites["available_basis"], derived)
    bases = [sites["basis"], sites["gross_basis"], counted["geom_basis"], counted["counted_basis"]]
    counted["basis"] = weakest_of_columns(*bases)
    return counted


def summarise(sites: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    """Sites and hectares by area and layer.

    Parameters
    ----------
    sites : DataFrame
        Contract `sites` with `counted_ha`.
    areas : DataFrame
        Contract `areas`; an area holds the sites of every area that lies in it.

    Returns
    -------
    DataFrame
        Contract `summary`; rows of an area that holds no site of a layer are left out. Layers are never added up.
    """
    within = memberships(areas)
    nowhere = pd.DataFrame({"area_code": [UNPLACED], "within_code": [UNPLACED]})
    rows = sites.merge(pd.concat([within, nowhere]), on="area_code")
    grouped = rows.groupby(["within_code", "layer"], sort=True)
    unknown = rows["counted_ha"].isna()
    summary = pd.DataFrame(
        {
            "sites": grouped.size(),
            "sites_unknown": unknown.groupby([rows["within_code"], rows["layer"]]).sum(),
            "available_ha": grouped["available_ha"].sum(min_count=1),
            "counted_ha": grouped["counted_ha"].sum(min_count=1),
            "basis": grouped["counted_basis"].agg(weakest),
        }
    ).reset_index(names=["area_code", "layer"])
    summary["overlap_ha"] = summary["available_ha"] - summary["counted_ha"]
    summary["name"] = summary["area_code"].map(areas.set_index("area_code")["name"])
    return conform(summary.round({"overlap_ha": 9}).assign(overlap_ha=lambda s: s["overlap_ha"].clip(lower=0)), SUMMARY)


def _reconcile(sites: pd.DataFrame, summary: pd.DataFrame, areas: pd.DataFrame) -> None:
    """Refuse a summary whose outermost areas do not add up to the sites, layer by layer."""
    outermost = [*areas.loc[roots(areas), "area_code"], UNPLACED]
    printed = summary[summary["area_code"].isin(outermost)].groupby("layer")["counted_ha"].sum()
    for layer, total in sites.groupby("layer")["counted_ha"].sum().items():
        reconcile(float(printed.get(layer, 0.0)), float(total), f"Layer {layer} by area")
