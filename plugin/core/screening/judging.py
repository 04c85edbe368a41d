# SPDX-License-Identifier: GPL-2.0-or-later
"""Rule profiles applied to pieces of land, testing no more than it takes.

A criterion is tested once for all profiles that share it, the cheap before the dear, and only on land that the tests
before it have not decided. So a criterion is untested only where a profile is met or not met whatever it says, and
where a profile is undecidable every criterion that could help to decide it has been tested.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..geometry import Shapes
from .criteria import KINDS
from .evidence import NO_BASIS, Findings, Integers, Mask, findings
from .land import Land
from .logic import MET, NOT_MET, UNDECIDABLE, Results
from .profiles import Criterion, Profile

_ORDER = {name: (kind.cost, number) for number, (name, kind) in enumerate(KINDS.items())}


@dataclass(frozen=True, eq=False)
class Tested:
    """What one criterion of a profile found: the pieces (positions) on which it was tested, and the findings there."""

    criterion: str
    pieces: Integers
    found: Findings


@dataclass(frozen=True, eq=False)
class Judgement:
    """One profile over land: a result and the rank of the weakest basis for each piece, and the tests behind them."""

    result: Results
    basis: Results
    tests: tuple[Tested, ...]


class _Standing:
    """How one profile stands while its criteria are tested."""

    def __init__(self, profile: Profile, count: int) -> None:
        self.profile = profile
        self.least = {one.name: np.full(count, NOT_MET, dtype="int8") for one in profile.criteria}
        self.greatest = {one.name: np.full(count, MET, dtype="int8") for one in profile.criteria}
        self.results = {one.name: np.full(count, UNDECIDABLE, dtype="int8") for one in profile.criteria}
        self.basis = np.full(count, NO_BASIS, dtype="int8")
        self.tests: dict[str, Tested] = {}

    def open(self) -> Mask:
        """Where criteria that are untested or undecidable can still make the result met or not met."""
        low, high = self.profile.combination.bounds(self.least, self.greatest)
        return low != high

    def note(self, name: str, pieces: Integers, found: Findings) -> None:
        self.results[name][pieces] = found.result
        decided = found.result != UNDECIDABLE
        self.least[name][pieces[decided]] = self.greatest[name][pieces[decided]] = found.result[decided]
        self.basis[pieces] = np.maximum(self.basis[pieces], found.basis)
        self.tests[name] = Tested(name, pieces, found)

    def judgement(self) -> Judgement:
        ordered = (self.tests[one.name] for one in self.profile.criteria)
        return Judgement(self.profile.combination.evaluate(self.results), self.basis, tuple(ordered))


def judge(land: Land, profiles: Sequence[Profile], between: Callable[[], None]) -> list[Judgement]:
    """Hold land against rule profiles.

    Parameters
    ----------
    land : Land
        Pieces in one plane, cut along the layers that the profiles need.
    profiles : sequence of Profile
        The rule profiles.
    between : callable
        Called between tests, so that the user can stop the run.

    Returns
    -------
    list of Judgement
        One a profile, in their order. It does not depend on what other profiles there are.
    """
    standings = [_Standing(profile, len(land)) for profile in profiles]
    for users in _shared(standings):
        needs = [standing.open() for standing, _ in users]
        asked = np.logical_or.reduce(needs)
        found = _test(land.take(asked), users[0][1])
        position = np.cumsum(asked) - 1
        for (standing, criterion), need in zip(users, needs, strict=True):
            standing.note(criterion.name, np.flatnonzero(need), found.take(position[need]))
        between()
    return [standing.judgement() for standing in standings]


def _shared(standings: Sequence[_Standing]) -> list[list[tuple[_Standing, Criterion]]]:
    """Criteria that are one and the same, with the profiles that use them, in the order in which they are tested."""
    groups: dict[tuple[Any, ...], list[tuple[_Standing, Criterion]]] = {}
    for standing in standings:
        seen: set[tuple[Any, ...]] = set()
        for criterion in standing.profile.criteria:
            key = (*_ORDER[criterion.kind], _text(criterion.parameters), 0)
            while key in seen:  # a profile that names one criterion twice
                key = (*key[:-1], key[-1] + 1)
            seen.add(key)
            groups.setdefault(key, []).append((standing, criterion))
    return [groups[key] for key in sorted(groups)]


def _text(parameters: Mapping[str, Any]) -> str:
    return json.dumps(dict(parameters), sort_keys=True, ensure_ascii=False)


def _test(land: Land, criterion: Criterion) -> Findings:
    kind = KINDS[criterion.kind]
    if not kind.of_site and not _drawn(land.shapes):
        result = np.full(len(land), UNDECIDABLE, dtype="int8")
        return findings(result, "no_polygon", subject=land.of_site("site_id"))
    return _asking(kind.test(land, criterion.parameters), land)


def _drawn(shapes: Shapes) -> bool:
    return len(shapes) > 0 and shapes[0] is not None


def _asking(found: Findings, land: Land) -> Findings:
    """Where it is undecidable and nothing else would have to be asked about, the place is."""
    silent = (found.result == UNDECIDABLE) & pd.isna(found.subject)
    if silent.any():
        found.subject[silent] = land.take(silent).place()
    return found
