# SPDX-License-Identifier: GPL-2.0-or-later
"""What each filter removes, layer by layer, and what would come back without it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..contracts import RELAXATIONS, TO_ASK, WATERFALL, conform
from ..provenance import UNKNOWN, weakest
from ..reconcile import reconcile
from ..resources import codes
from .facts import Codes, Floats
from .sieve import FAILS, OPEN, PASSES, Filter, Mask, States, standing

_FIRST_FILTER = 2
"""Step of the first filter; step 1 is all sites."""


@dataclass(frozen=True, eq=False)
class Land:
    """Layer, hectares and basis of sites, as arrays."""

    layer: Codes
    hectares: Floats
    basis: Codes

    @classmethod
    def of(cls, sites: pd.DataFrame) -> Land:
        """Take the three columns of contract `sites`."""
        hectares = sites["counted_ha"].to_numpy(dtype="float64", na_value=np.nan)
        return cls(sites["layer"].to_numpy(), hectares, sites["counted_basis"].to_numpy())

    def total(self, chosen: Mask) -> float:
        """Hectares of some sites; NaN where there are some and all of them are of unknown area."""
        known = self.hectares[chosen & ~np.isnan(self.hectares)]
        return float(known.sum()) if len(known) or not chosen.any() else float("nan")

    def weakest(self, chosen: Mask) -> str:
        """Weakest basis of the hectares of some sites."""
        return weakest(pd.unique(self.basis[chosen]), default=UNKNOWN)

    def layers(self) -> Iterator[tuple[str, Mask]]:
        """The layers that have sites, in the order of their list."""
        for layer in codes("layers"):
            mask = self.layer == layer
            if mask.any():
                yield layer, mask


def waterfall(filters: Sequence[Filter], sites: pd.DataFrame, consent: Filter | None = None) -> pd.DataFrame:
    """Contract `waterfall`: a line for each filter and layer.

    A site about which something has to be asked goes on through the filters, since there is nothing to ask about one
    that fails another; those that are left then are set aside in the line `to_ask`. Consent is the last line.

    Raises
    ------
    ReconciliationError
        Removed and left do not add up to what was there before.
    """
    land = Land.of(sites)
    steps = [Filter("all_sites", None, None, _states(len(sites)), np.zeros(len(sites), dtype=bool)), *filters]
    open_ = standing(filters, len(sites)) == OPEN
    if open_.any():
        steps.append(Filter("to_ask", None, None, np.where(open_, FAILS, PASSES).astype("int8"), open_))
    steps += [] if consent is None else [consent]
    left, lines = np.ones(len(sites), dtype=bool), []
    for number, one in enumerate(steps, 1):
        after = left & (one.states != FAILS)
        lines += [_line(number, one, name, land, left & mask, after & mask) for name, mask in land.layers()]
        left = after
    return conform(pd.DataFrame(lines, columns=WATERFALL.column_names), WATERFALL)


def relaxations(filters: Sequence[Filter], sites: pd.DataFrame, consent: Filter | None = None) -> pd.DataFrame:
    """Contract `relaxations`: what would come back if one filter were given up and all others kept.

    A row for each filter and layer, ranked within the layer by the hectares that come back to the shortlist, then by
    those that come back to the list of what has to be asked about, then by the order of the filters.
    """
    land = Land.of(sites)
    steps = list(enumerate(filters, _FIRST_FILTER))
    steps += [] if consent is None else [(_FIRST_FILTER + len(filters) + _asks(filters, sites), consent)]
    failed = _how_many(FAILS, [one for _, one in steps], len(sites))
    rows = []
    for number, one in steps:
        alone = (one.states == FAILS) & (failed == 1)
        others = standing([other for _, other in steps if other is not one], len(sites))
        for layer, mask in land.layers():
            rows.append(_relaxed(number, one, layer, land, alone & mask & (others == PASSES), alone & mask))
    table = pd.DataFrame(rows, columns=RELAXATIONS.column_names)
    table = table.sort_values(
        ["layer", "back_ha", "sites_back", "to_ask_ha", "step"],
        ascending=[True, False, False, False, True],
        na_position="last",
    )
    table["rank"] = table.groupby("layer").cumcount() + 1
    return conform(table.sort_values(["step", "layer"], ignore_index=True), RELAXATIONS)


def to_ask(filters: Sequence[Filter], sites: pd.DataFrame) -> pd.DataFrame:
    """Contract `to_ask`: the facts that are missing of sites that no filter drops, where the planner chose to ask."""
    waiting = standing(filters, len(sites)) == OPEN
    questions = _how_many(OPEN, filters, len(sites))
    asked = []
    for number, one in enumerate(filters, _FIRST_FILTER):
        rows = np.flatnonzero(waiting & (one.states == OPEN))
        chosen = sites.iloc[rows][["site_id", "layer", "muni_code", "name", "counted_ha", "basis"]]
        terms = {"step": number, "fact": one.code, "condition": one.wording}
        asked.append(pd.DataFrame(chosen).assign(**terms, questions=questions[rows]))
    found = [one for one in asked if len(one)]
    table = pd.concat(found) if found else pd.DataFrame(columns=TO_ASK.column_names)
    return conform(table.sort_values(["site_id", "step"], ignore_index=True)[TO_ASK.column_names], TO_ASK)


def _asks(filters: Sequence[Filter], sites: pd.DataFrame) -> int:
    """Number of lines that `to_ask` takes in the waterfall."""
    return int((standing(filters, len(sites)) == OPEN).any())


def _how_many(state: int, filters: Sequence[Filter], count: int) -> npt.NDArray[np.int64]:
    """Of how many filters each site has this state."""
    return np.sum([np.zeros(count, dtype="int64"), *(one.states == state for one in filters)], axis=0)


def _states(count: int) -> States:
    return np.full(count, PASSES, dtype="int8")


def _line(step: int, one: Filter, layer: str, land: Land, before: Mask, after: Mask) -> dict[str, object]:
    removed = before & ~after
    hectares = {name: land.total(mask) for name, mask in (("before", before), ("removed", removed), ("left", after))}
    parts, total = np.nansum([hectares["removed"], hectares["left"]]), np.nan_to_num(hectares["before"])
    reconcile(float(parts), float(total), f"Waterfall, filter {one.code}, layer {layer}")
    return {
        "step": step,
        "layer": layer,
        "filter": one.code,
        "condition": one.wording,
        "missing": one.missing,
        "sites_before": int(before.sum()),
        "before_ha": hectares["before"],
        "sites_removed": int(removed.sum()),
        "removed_ha": hectares["removed"],
        "sites_left": int(after.sum()),
        "left_ha": hectares["left"],
        "sites_unanswered": int((before & one.unanswered).sum()),
        "sites_unknown": int((before & np.isnan(land.hectares)).sum()),
        "basis": land.weakest(before),
    }


def _relaxed(step: int, one: Filter, layer: str, land: Land, back: Mask, alone: Mask) -> dict[str, object]:
    asked = alone & ~back
    return {
        "step": step,
        "layer": layer,
        "filter": one.code,
        "condition": one.wording,
        "rank": 0,
        "sites_back": int(back.sum()),
        "back_ha": land.total(back),
        "sites_to_ask": int(asked.sum()),
        "to_ask_ha": land.total(asked),
        "nearest": _nearest(one, alone),
        "unit": one.condition.known.unit or None if one.condition else None,
        "basis": land.weakest(alone),
    }


def _nearest(one: Filter, alone: Mask) -> float:
    """Bound at which the first of the sites that fail this filter alone would pass it."""
    if one.nearness is None or one.condition is None:
        return float("nan")
    bounds = one.nearness[alone & ~np.isnan(one.nearness)]
    if not len(bounds):
        return float("nan")
    asked = [bound for bound in (one.condition.at_least, one.condition.at_most) if bound is not None]
    misses = np.min([np.abs(bounds - bound) for bound in asked], axis=0)
    return float(bounds[misses.argmin()])
