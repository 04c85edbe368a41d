# SPDX-License-Identifier: GPL-2.0-or-later
"""What to find out next: the missing facts, ranked by the hectares that knowing them would decide."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..area_tree import UNPLACED
from ..contracts import FIND_NEXT, conform, empty
from ..provenance import DERIVED, weakest
from .logic import MET, NAMES, NOT_MET, UNDECIDABLE
from .profiles import Profile

_VALUES = {name: value for value, name in NAMES.items()}
_PIECE = ["site_id", "piece"]
_FACT = ["fact", "subject"]
_SUMMED = ("sites", "decides_ha", "may_decide_ha")
EACH_SITE = "each_site"
"""Subject of a fact that has to be asked of every site by itself."""


def find_next(
    evidence: pd.DataFrame, pieces: pd.DataFrame, sites: pd.DataFrame, profiles: Sequence[Profile]
) -> pd.DataFrame:
    """Rank what is missing, by prefecture and profile.

    A fact is a reason with its subject (分区 of a port, say). Knowing it settles every criterion of a piece that it
    leaves open; the piece is decided where the profile then has an answer although the rest stays unknown.

    Parameters
    ----------
    evidence, pieces, sites : DataFrame
        Contracts of those names.
    profiles : sequence of Profile
        The profiles that made the evidence.

    Returns
    -------
    DataFrame
        Contract `find_next`. `decides_ha`: whatever the answer is; `may_decide_ha`: with one of the answers at least.
    """
    tables = [_of_profile(evidence, pieces, sites, profile) for profile in profiles]
    filled = [table for table in tables if len(table)]
    return conform(pd.concat(filled, ignore_index=True), FIND_NEXT) if filled else empty(FIND_NEXT)


def sum_facts(found: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """One ranking (contract `find_next`) from those of blocks of sites, none of which has a site of another."""
    filled = [table for table in found if len(table)]
    if not filled:
        return empty(FIND_NEXT)
    rows = pd.concat(filled, ignore_index=True)
    profile_ids, basis = rows["profile_id"].unique(), rows.groupby("profile_id")["basis"].agg(weakest)
    summed = rows.groupby(["profile_id", "area_code", *_FACT])[list(_SUMMED)].sum().reset_index()
    tables = [
        _in_order(summed[summed["profile_id"] == one]).assign(profile_id=one, basis=basis[one]) for one in profile_ids
    ]
    return conform(pd.concat(tables, ignore_index=True), FIND_NEXT)


def _of_profile(evidence: pd.DataFrame, pieces: pd.DataFrame, sites: pd.DataFrame, profile: Profile) -> pd.DataFrame:
    undecided = pieces[(pieces["profile_id"] == profile.id) & (pieces["result"] == "undecidable")]
    undecided = pd.DataFrame(undecided[[*_PIECE, "piece_ha"]]).reset_index(drop=True)
    tested = evidence[evidence["profile_id"] == profile.id].merge(
        undecided[_PIECE].assign(number=undecided.index), on=_PIECE
    )
    results = _result_matrix(tested, len(undecided), profile)
    missing = tested[tested["result"] == "undecidable"].assign(fact=lambda rows: rows["reason"])
    of_the_site = missing["subject"].isna() | (missing["subject"] == missing["site_id"])
    missing["subject"] = missing["subject"].where(~of_the_site, EACH_SITE)
    if missing.empty:
        return pd.DataFrame()
    asked = missing.drop_duplicates(["number", *_FACT])[["number", *_FACT]].reset_index(drop=True)
    settled = missing.merge(asked.assign(question=asked.index), on=["number", *_FACT])
    decided = [_decided(results, asked, settled, profile, answer) for answer in (MET, NOT_MET)]
    hectares = undecided["piece_ha"].fillna(0.0).to_numpy()[asked["number"]]
    asked["decides_ha"] = np.where(decided[0] & decided[1], hectares, 0.0)
    asked["may_decide_ha"] = np.where(decided[0] | decided[1], hectares, 0.0)
    asked["site_id"] = undecided["site_id"].to_numpy()[asked["number"]]
    return _ranked(asked, sites, profile, weakest([DERIVED, *tested["basis"]]))


def _result_matrix(tested: pd.DataFrame, count: int, profile: Profile) -> npt.NDArray[np.int8]:
    """Results by piece (row) and criterion (column); what was not tested could not change the result."""
    columns = {criterion.name: number for number, criterion in enumerate(profile.criteria)}
    results = np.full((count, len(columns)), UNDECIDABLE, dtype="int8")
    results[tested["number"], tested["criterion_id"].map(columns)] = tested["result"].map(_VALUES)
    return results


def _decided(
    results: npt.NDArray[np.int8], asked: pd.DataFrame, settled: pd.DataFrame, profile: Profile, answer: int
) -> npt.NDArray[np.bool_]:
    """For each question, whether this answer decides its piece."""
    columns = {criterion.name: number for number, criterion in enumerate(profile.criteria)}
    supposed = results[asked["number"]]
    supposed[settled["question"], settled["criterion_id"].map(columns)] = answer
    return profile.combination.evaluate({name: supposed[:, number] for name, number in columns.items()}) != UNDECIDABLE


def _ranked(asked: pd.DataFrame, sites: pd.DataFrame, profile: Profile, basis: str) -> pd.DataFrame:
    prefecture = asked["site_id"].map(sites.set_index("site_id")["pref_code"])
    grouped = asked.assign(area_code=prefecture.where(prefecture.notna(), UNPLACED)).groupby(["area_code", *_FACT])
    table = grouped.agg(
        sites=("site_id", "nunique"), decides_ha=("decides_ha", "sum"), may_decide_ha=("may_decide_ha", "sum")
    )
    return _in_order(table.reset_index()).assign(profile_id=profile.id, basis=basis)


def _in_order(table: pd.DataFrame) -> pd.DataFrame:
    """Facts under one profile by area, ranked by the hectares that they decide."""
    order = ["area_code", "decides_ha", "may_decide_ha", *_FACT]
    table = table.sort_values(
        order,
        ascending=[True, False, False, True, True],
        ignore_index=True,
        # sums of the same hectares differ by the order in which they were added up
        key=lambda column: column.round(6) if column.dtype.kind == "f" else column,
    )
    return table.assign(rank=table.groupby("area_code").cumcount() + 1)
