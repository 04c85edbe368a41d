# SPDX-License-Identifier: GPL-2.0-or-later
"""What a developer asks for, as data: conditions on facts of a site that filter, rank, or do both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from ..contracts import CONDITIONS, conform
from ..errors import ContractError, RuleError
from ..provenance import ASSUMED, REPORTED
from ..resources import FOLDER, codes, read_toml
from ..values import TEXT, Check, check_table, is_number, one_of, texts
from .facts import OF_A_PROFILE, Fact, facts

_NUMBER = Check(is_number, "a number")
_HEAD = dict.fromkeys(("id", "title_ja", "title_en", "date", "source"), TEXT)
_KEYS: dict[str, Check] = {
    "fact": TEXT,
    "at_least": _NUMBER,
    "at_most": _NUMBER,
    "one_of": texts(),
    "profile": TEXT,
    "missing": one_of(codes("missing_policies")),
    "rank": one_of(codes("rank_directions")),
    "ideal": _NUMBER,
    "prefer": texts(),
    "weight": _NUMBER,
    "quote": TEXT,
    "page": Check(lambda value: isinstance(value, int) and not isinstance(value, bool), "a page number"),
    "assumed": TEXT,
}


@dataclass(frozen=True)
class Condition:
    """A condition on a fact of a site.

    Parameters
    ----------
    fact : str
        A code of `site_facts.csv`.
    at_least, at_most : float or None
        Bounds, in the unit of the fact; both included.
    one_of : tuple of str
        Codes that pass.
    profile : str or None
        The rule profile, for a fact that is a verdict.
    missing : {"keep", "drop", "ask"}
        What is done with a site whose fact is missing: it stays, it goes, or it is set aside to be asked about.
    rank : {"more", "less", "ideal", "prefer"} or None
        What is better; None where it does not rank.
    ideal, prefer : float, tuple of str
        The best value, and the preferred codes.
    weight : float
        Its weight among the conditions that rank, which are made to add up to one.
    quote, page, assumed : str, int, str
        The sentence that it follows and its page, and what it assumes.

    Raises
    ------
    ContractError
        It contradicts itself, or asks a fact for something that the fact cannot be.
    """

    fact: str
    at_least: float | None = None
    at_most: float | None = None
    one_of: tuple[str, ...] = ()
    profile: str | None = None
    missing: str = "ask"
    rank: str | None = None
    ideal: float | None = None
    prefer: tuple[str, ...] = ()
    weight: float = 1.0
    quote: str | None = None
    page: int | None = None
    assumed: str | None = None

    def __post_init__(self) -> None:
        if fault := next(_faults(self), None):
            raise ContractError(f"The condition on {self.fact} {fault}")

    @property
    def known(self) -> Fact:
        """The fact that it is about."""
        return facts()[self.fact]

    @property
    def key(self) -> tuple[str, str | None]:
        """What it is about; a list of conditions has one of each."""
        return self.fact, self.profile

    @property
    def is_filter(self) -> bool:
        """Whether it lets some sites pass and not others."""
        return self.at_least is not None or self.at_most is not None or bool(self.one_of)

    @property
    def wording(self) -> str:
        """What it asks as a filter, in figures and codes; empty where it only ranks."""
        if self.one_of:
            return " | ".join(self.one_of)
        bounds = [(">=", self.at_least), ("<=", self.at_most)]
        said = [f"{sign} {bound:g}{self.known.sign}" for sign, bound in bounds if bound is not None]
        return " & ".join(said) + (f" ({self.profile})" if said and self.profile else "")


@dataclass(frozen=True)
class Requirements:
    """What is asked for; requirements without conditions drop nothing and rank by hectares.

    Parameters
    ----------
    minimum_ha, layers : float or None, tuple of str
        Least hectares and layers of land: the two that nearly every request names. They take the place of such
        bounds among `conditions`.
    conditions : tuple of Condition
        One for each fact, in the order of the waterfall.
    id, title_ja, title_en, date, source : str
        What a preset file says of itself.
    """

    minimum_ha: float | None = None
    layers: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    id: str = ""
    title_ja: str = ""
    title_en: str = ""
    date: str = ""
    source: str = ""

    def every_condition(self) -> tuple[Condition, ...]:
        """The conditions with `layers` and `minimum_ha` among them, layers first.

        Raises
        ------
        ContractError
            A layer is unknown, the least area is negative, or two conditions are about the same.
        """
        listed = {one.key: one for one in self.conditions}
        if len(listed) < len(self.conditions):
            raise ContractError("Two conditions are about the same fact; put their bounds into one.")
        if self.layers:
            layer = listed.pop(("layer", None), Condition("layer", one_of=self.layers))
            listed = {layer.key: replace(layer, one_of=self.layers), **listed}
        if self.minimum_ha is not None:
            area = listed.get(("area", None), Condition("area", at_least=self.minimum_ha))
            listed[area.key] = replace(area, at_least=self.minimum_ha)
        return tuple(listed.values())

    def overruled(self, own: Iterable[Condition]) -> Requirements:
        """The same with conditions of a request's own, each in the place of the one about the same fact.

        One that does not rank keeps the ranking of the condition whose place it takes.
        """
        listed = {one.key: one for one in self.every_condition()}
        for one in own:
            before = listed.get(one.key)
            listed[one.key] = one if before is None or one.rank else _ranked_like(one, before)
        return replace(self, minimum_ha=None, layers=(), conditions=tuple(listed.values()))


def _ranked_like(one: Condition, other: Condition) -> Condition:
    return replace(one, rank=other.rank, ideal=other.ideal, prefer=other.prefer, weight=other.weight)


def presets(own: Path | None = None) -> dict[str, Path]:
    """The requirements that come with Yochi, and those of a planner's own folder as `own/<name>`: name -> file."""
    shipped = {path.stem: path for path in sorted((FOLDER / "presets").glob("*.toml"))}
    return shipped | {f"own/{path.stem}": path for path in sorted(own.glob("*.toml") if own else ())}


def load_requirements(path: Path) -> Requirements:
    """Read requirements from a file.

    Parameters
    ----------
    path : Path
        TOML with the keys id, title_ja, title_en, date and source, and a table [[conditions]] for each condition with
        the names and meanings of `Condition`.

    Raises
    ------
    RuleError
        The file cannot be read, or a key is missing, unknown or has a value that is not allowed; the message names
        the file, the key and what is allowed.
    """
    data = read_toml(path, "requirements", RuleError)
    listed = data.pop("conditions", None)
    check_table(path.name, data, _HEAD, RuleError, required=("id", "title_ja", "title_en"))
    if not isinstance(listed, list) or not listed:
        raise RuleError(f"{path.name}: there is no [[conditions]]; ask for at least one fact.")
    conditions = tuple(_condition(path, number, one) for number, one in enumerate(listed, 1))
    requirements = Requirements(conditions=conditions, **data)
    try:
        requirements.every_condition()
    except ContractError as reason:
        raise RuleError(f"{path.name}: {reason}") from reason
    return requirements


def condition_table(requirements: Requirements) -> pd.DataFrame:
    """Conditions as contract table `conditions`, so that every output can say what was asked and why."""
    listed = requirements.every_condition()
    total = sum(one.weight for one in listed if one.rank)
    rows = [
        {
            "fact": one.fact,
            "profile_id": one.profile or "",
            "condition": one.wording or None,
            "missing": one.missing if one.is_filter else None,
            "direction": one.rank,
            "weight": one.weight / total if one.rank else None,
            "quote": one.quote,
            "page": one.page,
            "assumed": one.assumed,
            "basis": ASSUMED if one.assumed else REPORTED,
        }
        for one in listed
    ]
    return conform(pd.DataFrame(rows, columns=CONDITIONS.column_names), CONDITIONS)


def _condition(path: Path, number: int, table: Any) -> Condition:
    where = f"{path.name}: [[conditions]] {number}"
    check_table(where, table, _KEYS, RuleError, required=("fact",))
    terms: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}
    try:
        return Condition(**terms)
    except ContractError as reason:
        raise RuleError(f"{where}: {reason}") from reason


def _faults(one: Condition) -> Iterator[str]:
    """What is wrong with a condition, as the end of a sentence that names it."""
    fact = facts().get(one.fact)
    if fact is None:
        yield f"is about no fact of a site; use one of {', '.join(facts())}."
        return
    yield from _faults_of_filter(one, fact)
    yield from _faults_of_rank(one, fact)
    for code in (*one.one_of, *one.prefer):
        if fact.allowed is not None and code not in fact.allowed:
            yield f"names {code!r}; use {', '.join(fact.allowed)}."
    if one.fact in OF_A_PROFILE and not one.profile:
        yield "names no rule profile; set profile."
    if one.fact not in OF_A_PROFILE and one.profile:
        yield f"names the profile {one.profile}; only {' and '.join(OF_A_PROFILE)} are verdicts."
    if one.missing not in codes("missing_policies"):
        yield f"has missing = {one.missing!r}; use one of {', '.join(codes('missing_policies'))}."
    if not one.is_filter and one.rank is None:
        yield "neither filters nor ranks; give a bound, codes or a rank."


def _faults_of_rank(one: Condition, fact: Fact) -> Iterator[str]:
    """A number is ranked by its size and a code by a list."""
    ranks = ("more", "less", "ideal") if fact.is_number else ("prefer",)
    if one.rank is not None and one.rank not in ranks:
        yield f"has rank = {one.rank!r}; use one of {', '.join(ranks)}."
    if (one.rank == "ideal") != (one.ideal is not None):
        yield "needs rank = 'ideal' and an ideal value together."
    if (one.rank == "prefer") != bool(one.prefer):
        yield "needs rank = 'prefer' and a list prefer together."
    if one.rank is not None and one.weight <= 0:
        yield f"has the weight {one.weight:g}; give more than 0."


def _faults_of_filter(one: Condition, fact: Fact) -> Iterator[str]:
    """Numbers have bounds and codes have lists, and neither has both."""
    bounds = [bound for bound in (one.at_least, one.at_most) if bound is not None]
    if fact.is_number and one.one_of:
        yield "has one_of; it is a number, so give at_least or at_most."
    if not fact.is_number and bounds:
        yield f"has a bound; it is a code, so give one_of out of {', '.join(fact.allowed or ())}."
    if bounds and min(bounds) < 0:
        yield f"has the bound {min(bounds):g}; give 0 or more."
    if len(bounds) == 2 and bounds[0] > bounds[1]:
        yield f"has at_least {bounds[0]:g} over at_most {bounds[1]:g}; exchange them."
