# SPDX-License-Identifier: GPL-2.0-or-later
"""A study: the file that names the inputs, scenarios and profiles of one prefecture or of the country."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .errors import StudyError
from .resources import FOLDER

SAMPLE_STUDY = FOLDER / "sample" / "study.toml"
"""The study of the embedded synthetic sample."""

_NUMBER, _TEXTS = (int, float), list
_KEYS: dict[str, dict[str, Any]] = {
    "study": {"id": str, "title_ja": str, "title_en": str, "base_year": _NUMBER, "horizon_years": _NUMBER, "note": str},
    "inventory": {"precedence": _TEXTS},
    "screening": {"profiles": _TEXTS, "headline": str},
    "depletion": {"scenarios": _TEXTS, "headline": str, "lead_times_years": _TEXTS},
    "shortlist": {"minimum_ha": _NUMBER, "layers": _TEXTS},
}
_INPUT_KEYS = dict.fromkeys(
    ("path", "format", "table", "layer", "mapping", "source_id", "title", "publisher", "edition", "licence", "basis"),
    str,
)
_DESCRIPTION = ("title", "publisher", "edition", "licence", "basis")
_REQUIRED = {"study": ("id", "title_ja", "title_en", "base_year")}


@dataclass(frozen=True)
class Input:
    """One file of a study, its path resolved against the study's folder."""

    path: Path
    format: str = "auto"
    table: str | None = None
    layer: str | None = None
    mapping: Path | None = None
    source_id: str | None = None
    description: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Study:
    """A study as its file says it; what the file leaves out has the value given here."""

    path: Path
    id: str
    title_ja: str
    title_en: str
    base_year: float
    inputs: tuple[Input, ...]
    horizon_years: float = 30.0
    note: str = ""
    precedence: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ("premise/exclusive-industrial-zone",)
    headline_profile: str = ""
    scenarios: tuple[str, ...] = ("survey-2023", "pipeline")
    headline_scenario: str = ""
    lead_times_years: tuple[float, float, float] = (3.0, 4.0, 5.0)
    minimum_ha: float | None = None
    layers: tuple[str, ...] = ()


def load_study(path: Path) -> Study:
    """Read a study file.

    Parameters
    ----------
    path : Path
        A TOML file; paths in it are relative to its folder.

    Raises
    ------
    StudyError
        The file cannot be read, a key is missing, unknown or of the wrong type, or an input file is not there; the
        message names the file, the key and what is allowed.
    """
    data = _read(path)
    inputs = data.pop("inputs", None)
    _check_tables(path, data)
    if not isinstance(inputs, list) or not inputs:
        raise StudyError(f"{path.name}: there is no [[inputs]]; name at least one file.")
    depletion, screening = data.get("depletion", {}), data.get("screening", {})
    values = {
        **data["study"],
        **{key: tuple(value) for key, value in data.get("inventory", {}).items()},
        **data.get("shortlist", {}),
        **{key: screening[key] for key in ("profiles",) if key in screening},
        **{key: depletion[key] for key in ("scenarios", "lead_times_years") if key in depletion},
    }
    if len(values.get("lead_times_years", (3, 4, 5))) != 3:
        raise StudyError(f"{path.name}: lead_times_years must be three numbers: shortest, likeliest, longest.")
    values = {key: tuple(value) if isinstance(value, list) else value for key, value in values.items()}
    study = Study(path=path, inputs=tuple(_input(path, number, one) for number, one in enumerate(inputs, 1)), **values)
    return _with_headlines(study, screening.get("headline"), depletion.get("headline"))


def _read(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except OSError as error:
        raise StudyError(f"{path}: the study cannot be read ({error.strerror}).") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StudyError(f"{path}: the study is not valid TOML: {error}.") from error


def _check_tables(path: Path, data: Mapping[str, Any]) -> None:
    for name, table in data.items():
        if name not in _KEYS or not isinstance(table, dict):
            raise StudyError(f"{path.name}: unknown table [{name}]; use {', '.join(_KEYS)} and [[inputs]].")
        _check_keys(path, f"[{name}]", table, _KEYS[name])
    for name, keys in _REQUIRED.items():
        for key in keys:
            if key not in data.get(name, {}):
                raise StudyError(f"{path.name}: [{name}] {key} is missing; add it.")


def _check_keys(path: Path, where: str, table: Mapping[str, Any], allowed: Mapping[str, Any]) -> None:
    for key, value in table.items():
        if key not in allowed:
            raise StudyError(f"{path.name}: {where} has the unknown key {key}; use one of {', '.join(allowed)}.")
        if not isinstance(value, allowed[key]) or isinstance(value, bool):
            wanted = {str: "a text", _NUMBER: "a number", _TEXTS: "a list"}[allowed[key]]
            raise StudyError(f"{path.name}: {where} {key} = {value!r} is not allowed; give {wanted}.")


def _input(path: Path, number: int, table: Any) -> Input:
    where = f"[[inputs]] {number}"
    if not isinstance(table, dict) or "path" not in table:
        raise StudyError(f"{path.name}: {where} has no path; name a file.")
    _check_keys(path, where, table, _INPUT_KEYS)
    files = {key: path.parent / table[key] for key in ("path", "mapping") if key in table}
    for key, file in files.items():
        if not file.exists():
            raise StudyError(f"{path.name}: {where} {key}: the file {file} is not there; correct the path.")
    plain = {key: table[key] for key in ("format", "table", "layer", "source_id") if key in table}
    return Input(**files, **plain, description={key: table[key] for key in _DESCRIPTION if key in table})


def _with_headlines(study: Study, profile: str | None, scenario: str | None) -> Study:
    values = dict(vars(study))
    for name, chosen, listed in (
        ("profile", profile, study.profiles),
        ("scenario", scenario, study.scenarios),
    ):
        if not listed:
            raise StudyError(f"{study.path.name}: {name}s is an empty list; name at least one.")
        if chosen is not None and chosen not in listed:
            allowed = ", ".join(listed)
            raise StudyError(f"{study.path.name}: headline = {chosen!r} is not allowed; use one of {allowed}.")
        values[f"headline_{name}"] = chosen or listed[-1]
    return Study(**values)
