# SPDX-License-Identifier: GPL-2.0-or-later
"""A study: the file that names the inputs, scenarios and profiles of one prefecture or of the country."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .errors import SourceError, StudyError
from .resources import FOLDER, codes, read_toml, statistics_file
from .values import TEXT, THREE_YEARS, TRUE_OR_FALSE, Check, between, check_table, texts, whole_number

SHIPPED = "shipped:"
"""Before the name of a file in place of a path: one of the published figures that come with Yochi."""

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
    "depletion": {
        "scenarios": texts(),
        "headline": TEXT,
        "lead_times_years": THREE_YEARS,
        "draws": whole_number(0, 1_000_000),
        "seed": whole_number(0, 2**32 - 1),
        "series": texts(codes("take_up_series")),
        "losses": TRUE_OR_FALSE,
        "stages": TEXT,
        "survey_bins": TEXT,
    },
    "vintage": {"study": TEXT},
    "shortlist": {"preset": TEXT, "minimum_ha": between(0, 1_000_000), "layers": texts(codes("layers"))},
}
_INPUT_KEYS = dict.fromkeys(
    ("path", "format", "table", "layer", "mapping", "source_id", "title", "publisher", "edition", "licence", "basis"),
    TEXT,
)
_DESCRIPTION = ("title", "publisher", "edition", "licence", "basis")
_REQUIRED = {"study": ("id", "title_ja", "title_en", "base_year")}
_FORECAST_OPTIONS = ("lead_times_years", "draws", "seed", "series", "losses")


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
    forecast_options: Mapping[str, Any] = field(default_factory=dict)
    stages_file: Path | None = None
    survey_bins_file: Path | None = None
    earlier_study: Path | None = None
    preset: str = ""
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
        **data.get("inventory", {}),
        **data.get("shortlist", {}),
        **{key: screening[key] for key in ("profiles", "sliver_ha") if key in screening},
        **{key: depletion[key] for key in ("scenarios",) if key in depletion},
    }
    study = Study(
        path=path,
        inputs=_inputs(path, inputs),
        forecast_options={key: _fixed(depletion[key]) for key in _FORECAST_OPTIONS if key in depletion},
        dem=_file(path, "[screening] dem", screening.get("dem")),
        stages_file=_file(path, "[depletion] stages", depletion.get("stages")),
        survey_bins_file=_file(path, "[depletion] survey_bins", depletion.get("survey_bins")),
        earlier_study=_file(path, "[vintage] study", data.get("vintage", {}).get("study")),
        **{key: _fixed(value) for key, value in values.items()},
    )
    return _with_headlines(study, screening.get("headline"), depletion.get("headline"))


def _file(study: Path, where: str, name: str | None) -> Path | None:
    return None if name is None else _existing(study, where, name)


def _fixed(value: object) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _check_tables(path: Path, data: Mapping[str, Any]) -> None:
    for name, table in data.items():
        if name not in _KEYS or not isinstance(table, dict):
            raise StudyError(f"{path.name}: unknown table [{name}]; use {', '.join(_KEYS)} and [[inputs]].")
    for name, checks in _KEYS.items():
        required = _REQUIRED.get(name, ())
        check_table(f"{path.name}: [{name}]", data.get(name, {}), checks, StudyError, required=required)


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
    check_table(f"{path.name}: {where}", table, _INPUT_KEYS, StudyError)
    plain = {key: table[key] for key in ("format", "table", "layer", "source_id") if key in table}
    return Input(
        path=_input_file(path, f"{where} path", table["path"]),
        mapping=_existing(path, f"{where} mapping", table["mapping"]) if "mapping" in table else None,
        description={key: table[key] for key in _DESCRIPTION if key in table},
        **plain,
    )


def _input_file(study: Path, where: str, name: str) -> Path:
    """A file beside the study, or one of the published figures that come with Yochi."""
    if not name.startswith(SHIPPED):
        return _existing(study, where, name)
    try:
        return statistics_file(name.removeprefix(SHIPPED))
    except SourceError as error:
        raise StudyError(f"{study.name}: {where}: {error}") from error


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
