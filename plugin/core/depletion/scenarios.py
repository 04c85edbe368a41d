# SPDX-License-Identifier: GPL-2.0-or-later
"""Scenarios: files that say what is assumed about the years to come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ..contracts import SCENARIOS, conform
from ..errors import RuleError
from ..resources import FOLDER, read_toml
from ..values import IDENTIFIER, TABLE, TEXT, THREE_YEARS, TRUE_OR_FALSE, Check, between, check_table

_REQUIRED = ("id", "title_ja", "title_en", "source", "pipeline")
_KEYS: dict[str, Check] = {
    **dict.fromkeys(_REQUIRED[:-1], TEXT),
    "id": IDENTIFIER,
    "pipeline": TRUE_OR_FALSE,
    "assumptions": TEXT,
    "take_up": TABLE,
    "conversion": TABLE,
}
_TAKE_UP: dict[str, Check] = {"factor": between(0, 100), "growth_percent_per_year": between(-99, 100)}
_CONVERSION: dict[str, Check] = {
    "profile": TEXT,
    "share": between(0, 1),
    "probability": between(0, 1),
    "years": THREE_YEARS,
}


@dataclass(frozen=True)
class Conversion:
    """Former heavy-industry land that becomes industrial land for sale.

    Parameters
    ----------
    profile_id : str
        Rule profile that the land must meet.
    share : float
        How much of what meets it can be sold.
    probability : float
        Chance that a site is converted at all.
    years : (float, float, float)
        Shortest, likeliest and longest time from the end of the former use.
    """

    profile_id: str
    share: float
    probability: float
    years: tuple[float, float, float]


@dataclass(frozen=True)
class Scenario:
    """A scenario.

    Parameters
    ----------
    id, title_ja, title_en, source : str
        What it is called and where it comes from.
    pipeline : bool
        Whether projects under way arrive.
    assumptions : str or None
        What is assumed, in words.
    take_up_factor : float
        The take-up, times this.
    growth_percent_per_year : float
        Growth of the take-up.
    conversion : Conversion or None
        Whether and how former heavy-industry land is converted.
    """

    id: str
    title_ja: str
    title_en: str
    source: str
    pipeline: bool
    assumptions: str | None = None
    take_up_factor: float = 1.0
    growth_percent_per_year: float = 0.0
    conversion: Conversion | None = None


def scenarios() -> dict[str, Path]:
    """The scenarios that come with Yochi: identifier -> file."""
    return {path.stem: path for path in sorted((FOLDER / "rules" / "scenarios").glob("*.toml"))}


def scenario_table(listed: Sequence[Scenario]) -> pd.DataFrame:
    """Scenarios as contract table `scenarios`, so that every output can say what it stands on."""
    return conform(pd.DataFrame([_row(one) for one in listed], columns=SCENARIOS.column_names), SCENARIOS)


def _row(scenario: Scenario) -> dict[str, object]:
    row = {**vars(scenario), "scenario_id": scenario.id, "pipeline": "yes" if scenario.pipeline else "no"}
    if (conversion := scenario.conversion) is not None:
        row |= {f"conversion_{name}": getattr(conversion, name) for name in ("profile_id", "share", "probability")}
        row["conversion_years"] = ", ".join(f"{years:g}" for years in conversion.years)
    return row


def load_scenario(path: Path) -> Scenario:
    """Read a scenario.

    Parameters
    ----------
    path : Path
        A TOML file with `id`, `title_ja`, `title_en`, `source` and `pipeline`; perhaps `assumptions`, a table `take_up`
        (`factor`, `growth_percent_per_year`) and a table `conversion` (`profile`, `share`, `probability`, `years`).

    Raises
    ------
    RuleError
        The file cannot be read, or a key is missing, unknown or of the wrong type; the message names file and key.
    """
    data = check_table(f"{path.name}:", read_toml(path, "scenario", RuleError), _KEYS, RuleError, required=_REQUIRED)
    take_up = check_table(f"{path.name}: [take_up]", data.pop("take_up", {}), _TAKE_UP, RuleError)
    conversion = _conversion(path, data.pop("conversion", None))
    growth = take_up.get("growth_percent_per_year", 0.0)
    return Scenario(
        **data, take_up_factor=take_up.get("factor", 1.0), growth_percent_per_year=growth, conversion=conversion
    )


def _conversion(path: Path, table: object) -> Conversion | None:
    if table is None:
        return None
    where = f"{path.name}: [conversion]"
    data = check_table(where, table, _CONVERSION, RuleError, required=tuple(_CONVERSION))
    shortest, likeliest, longest = data["years"]
    if not 0 <= shortest <= likeliest <= longest:
        raise RuleError(f"{where} years = {data['years']} are not in order; write shortest, likeliest, longest.")
    return Conversion(data["profile"], data["share"], data["probability"], (shortest, likeliest, longest))
