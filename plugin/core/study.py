# SPDX-License-Identifier: GPL-2.0-or-later
"""A study: the file that names the inputs, scenarios and profiles of one prefecture or of the country."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .errors import StudyError
from .resources import FOLDER, codes, read_toml
from .values import TEXT, THREE_YEARS, Check, between, texts

SAMPLE_STUDY = FOLDER / "sample" / "study.toml"
"""The study of the embedded synthetic sample."""

_KEYS: dict[str, dict[str, Check]] = {
    "study": {
        "id": TEXT,
        "title_ja": TEXT,
        "title_en": TEXT,
        "base_year": between(1900, 2200),
        "horizon_years": between(1, 200),
        "note": TEXT,
    },
    "inventory": {"precedence": texts(codes("layers"))},
    "screening": {"profiles": texts(), "headline": TEXT, "dem": TEXT, "sliver_ha": between(0, 1_000)},
    "depletion": {"scenarios": texts(), "headline": TEXT, "lead_times_years": THREE_YEARS},
    "shortlist": {"minimum_ha": between(0, 1_000_000), "layers": texts(codes("layers"))},
}
_INPUT_KEYS = dict.fromkeys(
    ("path", "format", "table", "layer", "mapping", "source_id", "title", "publisher", "edition", "licence", "basis"),
    TEXT,
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
    dem: Path | None = None
    sliver_ha: float | None = None
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
    data = read_toml(path, "study", StudyError)
    inputs = data.pop("inputs", None)
    _check_tables(path, data)
    if not isinstance(inputs, list) or not inputs:
        raise StudyError(f"{path.name}: there is no [[inputs]]; name at least one file.")
    depletion, screening = data.get("depletion", {}), data.get("screening", {})
    values = {
        **data["study"],
        **{key: tuple(value) for key, value in data.get("inventory", {}).items()},
        **data.get("shortlist", {}),
        **{key: screening[key] for key in ("profiles", "sliver_ha") if key in screening},
        **({"dem": _existing(path, "[screening] dem", screening["dem"])} if "dem" in screening else {}),
        **{key: depletion[key] for key in ("scenarios", "lead_times_years") if key in depletion},
    }
    values = {key: tuple(value) if isinstance(value, list) else value for key, value in values.items()}
    study = Study(path=path, inputs=_inputs(path, inputs), **values)
    return _with_headlines(study, screening.get("headline"), depletion.get("headline"))


def _check_tables(path: Path, data: Mapping[str, Any]) -> None:
    for name, table in data.items():
        if name not in _KEYS or not isinstance(table, dict):
            raise StudyError(f"{path.name}: unknown table [{name}]; use {', '.join(_KEYS)} and [[inputs]].")
        _check_keys(path, f"[{name}]", table, _KEYS[name])
    for name, keys in _REQUIRED.items():
        for key in keys:
            if key not in data.get(name, {}):
                raise StudyError(f"{path.name}: [{name}] {key} is missing; add it.")


def _check_keys(path: Path, where: str, table: Mapping[str, Any], allowed: Mapping[str, Check]) -> None:
    for key, value in table.items():
        if key not in allowed:
            raise StudyError(f"{path.name}: {where} has the unknown key {key}; use one of {', '.join(allowed)}.")
        if not allowed[key].accepts(value):
            raise StudyError(f"{path.name}: {where} {key} = {value!r} is not allowed; give {allowed[key].wanted}.")


def _inputs(path: Path, listed: Sequence[Any]) -> tuple[Input, ...]:
    found = tuple(_input(path, number, one) for number, one in enumerate(listed, 1))
    names = [one.source_id or one.path.name for one in found]
    for number, name in enumerate(names, 1):
        if name in names[: number - 1]:
            raise StudyError(f"{path.name}: [[inputs]] {number}: another input is {name} already; give it a source_id.")
    return found


def _input(path: Path, number: int, table: Any) -> Input:
    where = f"[[inputs]] {number}"
    if not isinstance(table, dict) or "path" not in table:
        raise StudyError(f"{path.name}: {where} has no path; name a file.")
    _check_keys(path, where, table, _INPUT_KEYS)
    plain = {key: table[key] for key in ("format", "table", "layer", "source_id") if key in table}
    return Input(
        path=_existing(path, f"{where} path", table["path"]),
        mapping=_existing(path, f"{where} mapping", table["mapping"]) if "mapping" in table else None,
        description={key: table[key] for key in _DESCRIPTION if key in table},
        **plain,
    )


def _existing(study: Path, where: str, name: str) -> Path:
    file = study.parent / name
    try:
        there = file.exists()
    except OSError:  # a name that is too long for the file system
        there = False
    if not there:
        raise StudyError(f"{study.name}: {where}: the file {file} is not there; correct the path.")
    return file


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
