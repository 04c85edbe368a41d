# SPDX-License-Identifier: GPL-2.0-or-later
"""Rule profiles: dated files that say which criteria there are and how they combine."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from ..contracts import PROFILES, conform
from ..errors import RuleError
from ..resources import FOLDER, codes
from .criteria import KINDS, REQUIRED
from .logic import Combination

_TEXTS = ("id", "title_ja", "title_en", "status", "date", "source")
_KEYS = (*_TEXTS, "criteria", "combination")
_OPTIONAL = ("assumptions",)
_OPERATORS = ("all", "any", "not")


@dataclass(frozen=True)
class Criterion:
    """One test: its name in the profile, its kind and the kind's parameters."""

    name: str
    kind: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True)
class Profile:
    """A rule profile.

    `status` says whether it is law, proposal, request or a premise of those; `assumptions` say what its text leaves
    open and how it was read.
    """

    id: str
    title_ja: str
    title_en: str
    status: str
    date: str
    source: str
    criteria: tuple[Criterion, ...]
    combination: Combination
    assumptions: str | None = None


def profiles(own: Path | None = None) -> dict[str, Path]:
    """The profiles that there are: identifier -> file.

    Parameters
    ----------
    own : Path or None
        A planner's own folder; its files come after those of Yochi, as `own/<name of the file>`.
    """
    folder = FOLDER / "rules"
    found = sorted(path for status in codes("profile_statuses") for path in (folder / status).glob("*.toml"))
    shipped = {path.relative_to(folder).with_suffix("").as_posix(): path for path in found}
    return shipped | {f"own/{path.stem}": path for path in sorted(own.glob("*.toml") if own else ())}


def profile_table(listed: Sequence[Profile]) -> pd.DataFrame:
    """Profiles as contract table `profiles`, so that every output can say what it stands on."""
    rows = [{**vars(one), "profile_id": one.id} for one in listed]
    return conform(pd.DataFrame(rows, columns=PROFILES.column_names), PROFILES)


def load_profile(path: Path) -> Profile:
    """Read a rule profile.

    Parameters
    ----------
    path : Path
        A TOML file with the keys id, title_ja, title_en, status, date, source, criteria and combination, and if it
        likes assumptions, a list of sentences.

    Raises
    ------
    RuleError
        The file cannot be read, or a key is missing, unknown or has a value that is not allowed; the message names
        the file, the key and the allowed values.
    """
    data = _read(path)
    for key in _KEYS:
        if key not in data:
            raise RuleError(f"{path.name}: key {key} is missing; a rule profile has {', '.join(_KEYS)}.")
    _one_of(path, "key", data, (*_KEYS, *_OPTIONAL))
    if data["status"] not in codes("profile_statuses"):
        allowed = ", ".join(codes("profile_statuses"))
        raise RuleError(f"{path.name}: status = {data['status']!r} is not allowed; use one of {allowed}.")
    criteria = tuple(_criterion(path, name, table) for name, table in _table(path, data, "criteria").items())
    combination = _combination(path, "combination", _table(path, data, "combination"))
    _all_there(path, [criterion.name for criterion in criteria], combination.names())
    assumptions = data.get("assumptions", [])
    if not isinstance(assumptions, list) or not all(isinstance(one, str) for one in assumptions):
        raise RuleError(f"{path.name}: assumptions = {assumptions!r} is not allowed; list sentences.")
    texts = {key: str(data[key]) for key in _TEXTS}
    return Profile(**texts, criteria=criteria, combination=combination, assumptions="; ".join(assumptions) or None)


def _read(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except OSError as error:
        raise RuleError(f"{path}: the rule profile cannot be read ({error.strerror}).") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RuleError(f"{path}: the rule profile is not valid TOML: {error}.") from error


def _table(path: Path, data: Mapping[str, Any], key: str) -> dict[str, Any]:
    if not isinstance(data[key], dict) or not data[key]:
        raise RuleError(f"{path.name}: {key} must be a table with at least one entry.")
    return data[key]


def _one_of(path: Path, what: str, data: Mapping[str, Any], allowed: tuple[str, ...]) -> None:
    for key in data:
        if key not in allowed:
            raise RuleError(f"{path.name}: unknown {what} {key}; use one of {', '.join(allowed)}.")


def _criterion(path: Path, name: str, table: Any) -> Criterion:
    where = f"criteria.{name}"
    if not isinstance(table, dict) or table.get("kind") not in KINDS:
        kind = table.get("kind") if isinstance(table, dict) else table
        raise RuleError(f"{path.name}: {where}.kind = {kind!r} is not allowed; use one of {', '.join(KINDS)}.")
    given = {key: value for key, value in table.items() if key != "kind"}
    kind = KINDS[table["kind"]]
    _one_of(path, f"parameter of {where}:", given, tuple(kind.parameters) or ("none",))
    parameters = {}
    for key, parameter in kind.parameters.items():
        if key not in given and parameter.default is not REQUIRED:
            parameters[key] = parameter.default
            continue
        try:
            parameters[key] = parameter.read(given.get(key))
        except ValueError as error:
            raise RuleError(f"{path.name}: {where}.{key} = {given.get(key)!r} is not allowed; {error}.") from error
    return Criterion(name, table["kind"], parameters)


def _all_there(path: Path, criteria: Sequence[str], named: set[str]) -> None:
    names = ", ".join(criteria)
    for name in sorted(named.difference(criteria)):
        raise RuleError(f"{path.name}: combination names {name!r}, which is no criterion; use one of {names}.")
    for name in criteria:
        if name not in named:
            raise RuleError(f"{path.name}: combination leaves out criteria.{name}; use it or take it away.")


def _combination(path: Path, where: str, table: Any) -> Combination:
    if not isinstance(table, dict) or len(table) != 1 or next(iter(table)) not in _OPERATORS:
        raise RuleError(f"{path.name}: {where} must have exactly one of {', '.join(_OPERATORS)}.")
    operator, parts = next(iter(table.items()))
    parts = parts if isinstance(parts, list) else [parts]
    if not parts or (operator == "not" and len(parts) != 1):
        raise RuleError(f"{path.name}: {where}.{operator} must list criteria (exactly one for `not`).")
    return Combination(
        operator,
        tuple(part if isinstance(part, str) else _combination(path, f"{where}.{operator}", part) for part in parts),
    )
