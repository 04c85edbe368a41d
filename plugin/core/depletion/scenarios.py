# SPDX-License-Identifier: GPL-2.0-or-later
"""Scenarios: files that say what is assumed about the years to come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import pandas as pd

from ..contracts import SCENARIOS, conform
from ..errors import RuleError
from ..resources import FOLDER, read_toml


@dataclass(frozen=True)
class Scenario:
    """A scenario. `pipeline` says whether projects under way arrive."""

    id: str
    title_ja: str
    title_en: str
    source: str
    pipeline: bool


def scenarios() -> dict[str, Path]:
    """The scenarios that come with Yochi: identifier -> file."""
    return {path.stem: path for path in sorted((FOLDER / "rules" / "scenarios").glob("*.toml"))}


def scenario_table(listed: Sequence[Scenario]) -> pd.DataFrame:
    """Scenarios as contract table `scenarios`, so that every output can say what it stands on."""
    rows = [{**vars(one), "scenario_id": one.id, "pipeline": "yes" if one.pipeline else "no"} for one in listed]
    return conform(pd.DataFrame(rows, columns=SCENARIOS.column_names), SCENARIOS)


def load_scenario(path: Path) -> Scenario:
    """Read a scenario.

    Raises
    ------
    RuleError
        The file cannot be read, or a key is missing, unknown or of the wrong type; the message names file and key.
    """
    data = read_toml(path, "scenario", RuleError)
    names = [field.name for field in fields(Scenario)]
    for key in {*names, *data}:
        if key not in data:
            raise RuleError(f"{path.name}: key {key} is missing; a scenario has {', '.join(names)}.")
        if key not in names:
            raise RuleError(f"{path.name}: unknown key {key}; use one of {', '.join(names)}.")
        wanted = bool if key == "pipeline" else str
        if not isinstance(data[key], wanted):
            allowed = "true or false" if wanted is bool else "a text"
            raise RuleError(f"{path.name}: {key} = {data[key]!r} is not allowed; give {allowed}.")
    return Scenario(**data)
