# SPDX-License-Identifier: GPL-2.0-or-later
"""Judgements as the tables that go on: pieces, evidence and verdicts. Columns all the way; no loop over pieces."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ..contracts import EVIDENCE, PIECES, VERDICTS, Table, empty
from ..crs import JGD2011
from ..geometry import Shapes, polygonal
from .evidence import Integers, Mask, Text, basis_names, same
from .judging import Judgement, Tested
from .logic import MET, NOT_MET, UNDECIDABLE, Results, names_of
from .profiles import Profile

DISCLAIMER = "rule-based screening, not a legal finding"
HECTARES = ("met_ha", "not_met_ha", "undecidable_ha")
Hectares = npt.NDArray[np.float64]
_RESULTS = (MET, NOT_MET, UNDECIDABLE)
_FOUND = ("value", "unit", "data_set", "edition", "reason", "subject")


@dataclass(frozen=True, eq=False)
class Judged:
    """Pieces in the order of the sites, with their judgements, one a profile.

    `shapes` are in a `plane` each (EPSG code); `whole` says which are the site just as it is drawn, `sliver` on which
    no headline stands; `basis` ranks that of the site.
    """

    site: Integers
    number: Integers
    hectares: Hectares
    shapes: Shapes
    plane: npt.NDArray[np.int32]
    whole: Mask
    sliver: Mask
    basis: Results
    judgements: tuple[Judgement, ...]


def together(parts: Sequence[Judged]) -> Judged:
    """Pieces of all parts in the order of the sites."""
    starts = np.cumsum([0, *(len(part.site) for part in parts)])
    site, number = (np.concatenate([getattr(part, name) for part in parts]) for name in ("site", "number"))
    order = np.lexsort([number, site])
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    names = ("site", "number", "hectares", "shapes", "plane", "whole", "sliver", "basis")
    columns = {name: np.concatenate([getattr(part, name) for part in parts])[order] for name in names}
    judgements = []
    for several in zip(*(part.judgements for part in parts), strict=True):
        result, basis = (np.concatenate([getattr(one, name) for one in several])[order] for name in ("result", "basis"))
        tests = [
            Tested(test.criterion, rank[start + test.pieces], test.found)
            for start, one in zip(starts, several, strict=False)
            for test in one.tests
        ]
        judgements.append(Judgement(result, basis, tuple(tests)))
    return Judged(**columns, judgements=tuple(judgements))


def pieces_table(judged: Judged, sites: gpd.GeoDataFrame, profiles: Sequence[Profile]) -> gpd.GeoDataFrame:
    """Contract `pieces`: every piece under every profile."""
    times = len(profiles)
    columns = {
        "site_id": np.tile(_of(sites, "site_id", judged.site), times),
        "piece": np.tile(judged.number, times),
        "profile_id": _each([profile.id for profile in profiles], len(judged.site)),
        "profile_status": _each([profile.status for profile in profiles], len(judged.site)),
        "result": np.concatenate([names_of(one.result) for one in judged.judgements]),
        "piece_ha": np.tile(judged.hectares, times),
        "layer": np.tile(_of(sites, "layer", judged.site), times),
        "basis": np.concatenate([basis_names(_weaker(judged, one)) for one in judged.judgements]),
    }
    geometry = gpd.array.GeometryArray(np.tile(_placed(judged, sites), times), crs=JGD2011)
    frame = _frame(columns, PIECES)
    frame["geometry"] = geometry
    return gpd.GeoDataFrame(frame, geometry="geometry", copy=False)


def _placed(judged: Judged, sites: gpd.GeoDataFrame) -> Shapes:
    """Pieces in JGD2011: the site as it is drawn there, or the piece put back from its plane."""
    placed = np.where(judged.whole, sites.geometry.to_numpy()[judged.site], judged.shapes)
    cut = ~judged.whole & ~shapely.is_missing(judged.shapes)
    for epsg in np.unique(judged.plane[cut]).tolist():
        here = cut & (judged.plane == epsg)
        placed[here] = polygonal(gpd.GeoSeries(judged.shapes[here], crs=epsg).to_crs(JGD2011).to_numpy())
    return placed


def evidence_table(judged: Judged, sites: pd.DataFrame, profiles: Sequence[Profile]) -> pd.DataFrame:
    """Contract `evidence`: every criterion of every profile on the pieces on which it was tested."""
    tests: list[Tested] = []
    places: list[tuple[int, int]] = []
    for number, (profile, judgement) in enumerate(zip(profiles, judged.judgements, strict=True)):
        position = {criterion.name: place for place, criterion in enumerate(profile.criteria)}
        tests += judgement.tests
        places += [(number, position[test.criterion]) for test in judgement.tests]
    lengths = [len(test.pieces) for test in tests]
    profile_number, place = np.repeat(np.array(places, dtype="int64"), lengths, axis=0).T
    pieces = np.concatenate([test.pieces for test in tests])
    most = place.max(initial=0) + 1
    order = np.argsort((profile_number * len(judged.site) + pieces) * most + place, kind="stable")
    at = pieces[order]
    criteria = _texts([test.criterion for test in tests])

    def found(name: str) -> Any:
        return np.concatenate([getattr(test.found, name) for test in tests])[order]

    columns = {
        "site_id": _of(sites, "site_id", judged.site[at]),
        "piece": judged.number[at],
        "profile_id": _texts([profile.id for profile in profiles])[profile_number[order]],
        "criterion_id": criteria[np.repeat(np.arange(len(tests)), lengths)[order]],
        "result": names_of(found("result")),
        "piece_ha": judged.hectares[at],
        "basis": basis_names(np.maximum(found("basis"), judged.basis[at])),
        **{name: found(name) for name in _FOUND},
    }
    return _frame(columns, EVIDENCE)


def verdicts_table(
    judged: Judged, sites: pd.DataFrame, profiles: Sequence[Profile], between: Callable[[], None]
) -> pd.DataFrame:
    """Contract `verdicts`: every site under every profile, in the order of the sites; `between` is called often."""
    parts = []
    for pair in zip(profiles, judged.judgements, strict=True):
        between()
        parts.append(_verdicts(judged, sites, *pair))
    return _frame({name: np.concatenate([part[name] for part in parts]) for name in VERDICTS.column_names}, VERDICTS)


def _verdicts(judged: Judged, sites: pd.DataFrame, profile: Profile, judgement: Judgement) -> dict[str, Any]:
    first = np.flatnonzero(np.diff(judged.site, prepend=-1))
    which = np.repeat(np.arange(len(first)), np.diff(first, append=len(judged.site)))
    unknown = np.isnan(judged.hectares)
    hectares = [
        np.add.reduceat(np.where(judgement.result == one, judged.hectares, 0.0 * judged.hectares), first)
        for one in _RESULTS
    ]
    # a site of unknown area is one piece, whose result is the headline all the same
    weight = np.where(judged.sliver, 0.0, np.where(unknown, 1.0, judged.hectares))
    weighed = [np.add.reduceat(np.where(judgement.result == one, weight, 0.0), first) for one in _RESULTS]
    count = len(first)
    return {
        "site_id": _of(sites, "site_id", judged.site[first]),
        "profile_id": same(profile.id, count),
        "profile_status": same(profile.status, count),
        "profile_date": same(profile.date, count),
        **dict(zip(HECTARES, hectares, strict=True)),
        "site_ha": np.sum(hectares, axis=0),
        "headline": names_of(_headlines(*weighed)),
        "missing": _missing(judged, judgement, which, count),
        "basis": basis_names(np.maximum.reduceat(_weaker(judged, judgement), first)),
        "disclaimer": same(DISCLAIMER, count),
    }


def _headlines(met: Hectares, not_met: Hectares, undecidable: Hectares) -> Results:
    """Met or not met where that holds for most of the site whatever the undecidable part turns out to be."""
    rounding = 1e-6 * (met + not_met + undecidable)
    cases = [met > not_met + undecidable + rounding, not_met >= met + undecidable - rounding]
    return np.select(cases, [MET, NOT_MET], default=UNDECIDABLE).astype("int8")


def _missing(judged: Judged, judgement: Judgement, which: Integers, count: int) -> Text:
    """What would have to be found out for a site: `criterion:reason:hectares`, most hectares first."""
    rows = []
    for test in judgement.tests:
        open_ = (test.found.result == UNDECIDABLE) & (judgement.result[test.pieces] == UNDECIDABLE)
        columns = {"site": which[test.pieces[open_]], "what": test.criterion + ":" + test.found.reason[open_]}
        rows.append(pd.DataFrame({**columns, "ha": judged.hectares[test.pieces[open_]]}))
    summed = pd.concat(rows).groupby(["site", "what"], sort=True)["ha"].sum(min_count=1).reset_index()
    summed = summed.sort_values(["site", "ha"], ascending=[True, False], kind="stable")
    known = summed["ha"].notna()
    figures = np.where(known, np.char.mod("%.2f ha", summed["ha"].fillna(0).to_numpy(dtype="float64")), "unknown")
    texts = summed["what"] + ":" + figures
    alone = ~summed["site"].duplicated(keep=False)
    missing = same(None, count)
    missing[summed.loc[alone, "site"]] = texts[alone]
    joined = texts[~alone].groupby(summed.loc[~alone, "site"]).agg("; ".join)
    missing[joined.index] = joined
    return _shared(missing)


def _shared(texts: Text) -> Text:
    """The same texts, each kept once: sites that lack the same are many."""
    code, kept = pd.factorize(texts)
    return np.append(kept, same(None, 1))[code]


def _weaker(judged: Judged, judgement: Judgement) -> Results:
    return np.maximum(judged.basis, judgement.basis)


def _of(sites: pd.DataFrame, column: str, rows: Integers) -> Text:
    return sites[column].to_numpy(dtype="object")[rows]


def _each(values: Sequence[str], count: int) -> Text:
    return np.repeat(_texts(values), count)


def _texts(values: Sequence[str]) -> Text:
    return np.array(values, dtype=object)


def _frame(columns: Mapping[str, Any], table: Table) -> pd.DataFrame:
    """Columns in the order and the types of a contract, without the cost of checking each cell again."""
    types = empty(table).dtypes
    ordered = {name: pd.Series(columns[name], dtype=types[name], copy=False) for name in table.column_names}
    return pd.DataFrame(ordered, copy=False)
