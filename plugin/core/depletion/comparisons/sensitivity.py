# SPDX-License-Identifier: GPL-2.0-or-later
"""Which input moves the start-by year most: each is moved by itself, the others are held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ...contracts import SENSITIVITY, conform
from ...errors import RuleError
from ...progress import SILENT, Progress
from ...provenance import BASES, DERIVED, weakest
from ...resources import FOLDER, codes, read_toml
from ..engine.cases import NO_ARRIVALS, Arrivals, Case
from ..engine.rundown import deterministic

SHIPPED = FOLDER / "rules" / "depletion" / "sensitivity.toml"
_ROUNDED_TO = 9
"""Decimals to which swings are compared: what differs by less is the dust of floating point."""

LeadTimes = tuple[float, float, float]


@dataclass(frozen=True)
class Ranges:
    """How far take-up and stock are moved: factors of the take-up, a share of the stock, and the basis of both."""

    low_factor: float
    high_factor: float
    share: float
    basis: str


@dataclass(frozen=True)
class _End:
    """One end of an input's range: its value, the case with it, and the lead time of the estate to be started."""

    value: float
    case: Case
    lead_years: float


def load_ranges(path: Path = SHIPPED) -> Ranges:
    """Read how far take-up and stock are moved.

    Raises
    ------
    RuleError
        The file cannot be read, or a key is missing or not allowed; the message names file and key.
    """
    data = read_toml(path, "range of inputs", RuleError)
    if data.get("basis") not in BASES:
        raise RuleError(f"{path.name}: basis = {data.get('basis')!r} is not allowed; use one of {', '.join(BASES)}.")
    return Ranges(
        low_factor=_number(data, "take_up.low_factor", path, at_most=1.0),
        high_factor=_number(data, "take_up.high_factor", path, at_least=1.0),
        share=_number(data, "stock.share", path, at_most=1.0),
        basis=data["basis"],
    )


def _number(data: Mapping[str, Any], key: str, path: Path, at_least: float = 0.0, at_most: float = np.inf) -> float:
    part, name = key.split(".")
    table = data.get(part)
    value = table.get(name) if isinstance(table, dict) else None
    if isinstance(value, bool) or not isinstance(value, int | float) or not at_least <= value <= at_most:
        wanted = f"{at_least:g} or more" if np.isinf(at_most) else f"from {at_least:g} to {at_most:g}"
        raise RuleError(f"{path.name}: {key} = {value!r} is not allowed; give a number {wanted}.")
    return float(value)


def sensitivity(
    cases: Sequence[Case],
    bases: Sequence[str],
    scenario_id: str,
    ranges: Ranges,
    *,
    base_year: float,
    horizon_years: float,
    lead_times_years: LeadTimes,
    progress: Progress = SILENT,
) -> pd.DataFrame:
    """Move the inputs of each area, one at a time, and see how far the start-by year goes.

    Parameters
    ----------
    cases : sequence of Case
        The areas of one scenario; the key of a case is the area's code.
    bases : sequence of str
        Basis of each case, in the same order.
    scenario_id : str
        The scenario.
    ranges : Ranges
        How far take-up and stock are moved.
    base_year, horizon_years : float
        As in the outlook.
    lead_times_years : (float, float, float)
        Shortest, likeliest and longest. `lead_time` moves from the first to the last, and projects without a stated
        year of readiness from their own shortest to their longest; the other inputs are moved at the likeliest.
    progress : Progress
        Where to report, and who may cancel.

    Returns
    -------
    DataFrame
        Contract `sensitivity`, a row for each area and input. `low` and `high` are in the units of
        `resources/codes/sensitivity_inputs.csv`. Where one end lies beyond the horizon, the swing is at least the one
        given, and `bound` is yes; where both do, swing and rank are missing, for nothing is known of them. Equal
        swings rank in the order of the code list.
    """
    rows: list[dict[str, object]] = []
    for done, (case, basis) in enumerate(zip(cases, bases, strict=True)):
        ends = _ends(case, ranges, lead_times_years, horizon_years)
        moved = {name: _moved(*ends[name], base_year, horizon_years) for name in codes("sensitivity_inputs")}
        rank = _ranks(moved)
        for name, figures in moved.items():
            key = {"area_code": case.key, "scenario_id": scenario_id, "input": name, "rank": rank.get(name)}
            range_basis = ranges.basis if name in ("take_up", "stock") else DERIVED
            rows.append({**key, **figures, "basis": weakest([basis, range_basis])})
        progress.report((done + 1) / len(cases))
    return conform(pd.DataFrame(rows, columns=SENSITIVITY.column_names), SENSITIVITY)


def _ends(
    case: Case, ranges: Ranges, lead_times_years: LeadTimes, horizon_years: float
) -> dict[str, tuple[_End, _End]]:
    """Lower and higher end of each input."""
    shortest, likeliest, longest = lead_times_years
    arrivals = case.arrivals
    soonest, latest = (replace(arrivals, lead_mode=lead) for lead in (arrivals.lead_min, arrivals.lead_max))
    certain = replace(arrivals, probability=np.ones_like(arrivals.probability))

    def take_up(factor: float) -> _End:
        return _End(case.mean_take_up_ha * factor, replace(case, take_up_ha=case.take_up_ha * factor), likeliest)

    def stock(factor: float) -> _End:
        return _End(case.stock_ha * factor, replace(case, stock_ha=case.stock_ha * factor), likeliest)

    return {
        "lead_time": (
            _End(shortest, replace(case, arrivals=soonest), shortest),
            _End(longest, replace(case, arrivals=latest), longest),
        ),
        "take_up": (take_up(ranges.low_factor), take_up(ranges.high_factor)),
        "pipeline": (
            _End(0.0, replace(case, arrivals=NO_ARRIVALS), likeliest),
            _End(_hectares_within(arrivals, horizon_years), replace(case, arrivals=certain), likeliest),
        ),
        "stock": (stock(1 - ranges.share), stock(1 + ranges.share)),
    }


def _hectares_within(arrivals: Arrivals, horizon_years: float) -> float:
    """Hectares that arrive within the horizon if every project is completed."""
    return float(arrivals.hectares[arrivals.likeliest <= horizon_years].sum())


def _moved(low: _End, high: _End, base_year: float, horizon_years: float) -> dict[str, object]:
    """Start-by years at both ends, and how far they lie apart."""
    depletions = [deterministic(end.case, horizon_years).depletion for end in (low, high)]
    beyond = [years is None for years in depletions]
    # Beyond the horizon, the horizon itself is the earliest that depletion can be.
    earliest = [
        base_year + (horizon_years if years is None else years) - end.lead_years
        for years, end in zip(depletions, (low, high), strict=True)
    ]
    starts = [np.nan if far else start for far, start in zip(beyond, earliest, strict=True)]
    return {
        "low": _written(low.value),
        "high": _written(high.value),
        "start_by_low_year": starts[0],
        "start_by_high_year": starts[1],
        "swing_years": np.nan if all(beyond) else abs(earliest[0] - earliest[1]),
        "bound": "yes" if any(beyond) else "no",
    }


def _written(value: float) -> str:
    """Two decimals at most: hectares are not known more closely."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _ranks(moved: Mapping[str, Mapping[str, object]]) -> dict[str, int]:
    """1 for the input with the largest swing; an input of unknown swing has no rank."""
    swings = pd.Series({name: figures["swing_years"] for name, figures in moved.items()}, dtype="float64")
    return swings.round(_ROUNDED_TO).dropna().rank(method="first", ascending=False).astype(int).to_dict()
