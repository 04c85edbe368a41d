# SPDX-License-Identifier: GPL-2.0-or-later
"""The pipeline board: at what stage each project is, when it becomes ready, and how likely that is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from ...contracts import PROJECTS, conform
from ...errors import ContractError, RuleError
from ...provenance import ASSUMED, BASES, UNKNOWN, weakest_of_columns
from ...resources import FOLDER, codes, read_toml
from ...values import TABLE, between, check_table, one_of
from ..settings import Settings

SHIPPED = FOLDER / "rules" / "depletion" / "stages.toml"

_KEYS = {"basis": one_of(BASES), "unstated": one_of(codes("stages")), "stages": TABLE}
_STAGE = {"completion_probability": between(0, 1), "lead_time_ahead": between(0, 10)}
_OF_STATUS = {
    "planned": "planned",
    "under_development": "under_development",
    "for_sale": "on_sale",
    "completed": "on_sale",
}
_LEADS = ("lead_time_min_years", "lead_time_mode_years", "lead_time_max_years")


@dataclass(frozen=True)
class Stage:
    """What a stage says of a project that says nothing itself."""

    completion_probability: float
    lead_time_ahead: float


@dataclass(frozen=True)
class Stages:
    """The stages by code, the one that is assumed where none is stated, and the basis of what they say."""

    by_code: Mapping[str, Stage]
    unstated: str
    basis: str


def load_stages(path: Path = SHIPPED) -> Stages:
    """Read what is assumed of the stages.

    Raises
    ------
    RuleError
        The file cannot be read, or a key or stage is missing, unknown or of the wrong type; the message names it.
    """
    where = f"{path.name}:"
    data = check_table(where, read_toml(path, "file of stages", RuleError), _KEYS, RuleError, required=tuple(_KEYS))
    listed = codes("stages")
    tables = dict.fromkeys(listed, TABLE)
    stages = check_table(f"{path.name}: [stages]", data["stages"], tables, RuleError, required=listed)
    by_code = {
        code: Stage(**check_table(f"{path.name}: [stages.{code}]", table, _STAGE, RuleError, required=tuple(_STAGE)))
        for code, table in stages.items()
    }
    return Stages(by_code, data["unstated"], data["basis"])


def board(sites: pd.DataFrame, settings: Settings, stages: Stages) -> pd.DataFrame:
    """Lay out the pipeline.

    Parameters
    ----------
    sites : DataFrame
        Contract `sites`, with `counted_ha`.
    settings : Settings
        Base year, horizon and the lead times of projects that state none.
    stages : Stages
        What is assumed of a stage.

    Returns
    -------
    DataFrame
        Contract `projects`, a row for each site of layer `pipeline`. Readiness is the stated year, else the start and
        the lead time, else the entry into the stage and what is ahead of the lead time then. A project on sale or
        completed is stock. One that should be ready before the base year and is not is overdue.

    Raises
    ------
    ContractError
        The lead times that a project states are not in order.
    """
    projects = sites[sites["layer"] == "pipeline"].reset_index(drop=True)
    stage = projects["stage"].where(projects["stage"].notna(), projects["status"].map(_OF_STATUS))
    assumed = stage.where(stage.notna(), stages.unstated).map(stages.by_code)
    reckoned = _reckoned(projects, assumed, settings)
    own = projects["completion_probability"]
    probability = own.fillna(assumed.map(lambda one: one.completion_probability).astype("float64"))
    stated = _basis(projects)
    laid = projects[["site_id", "name", "area_code", "stage_entered_year", "start_year", "counted_ha"]].assign(
        stage=stage,
        **reckoned,
        stated_ready_year=projects["ready_year"],
        completion_probability=probability,
        probability_basis=stated.where(own.notna(), stages.basis),
        expected_ha=projects["counted_ha"] * probability,
        partner=projects["partner"],
        developer=projects["developer"],
    )
    laid["counts_as"] = _roles(laid, projects["status"] == "completed", settings)
    bases = projects["counted_basis"], laid["probability_basis"], laid["lead_time_basis"]
    return conform(laid.assign(basis=weakest_of_columns(*bases)), PROJECTS)


def _basis(projects: pd.DataFrame) -> pd.Series:
    """Basis of what a project states of itself."""
    return projects["basis"].where(projects["basis"].notna(), UNKNOWN)


def _reckoned(projects: pd.DataFrame, assumed: pd.Series, settings: Settings) -> dict[str, pd.Series]:
    """When each project becomes ready, and the lead time behind it where the project does not say when."""
    started = projects["start_year"].notna()
    ahead = assumed.map(lambda one: one.lead_time_ahead).astype("float64").mask(started, 1.0)
    since = projects["start_year"].fillna(projects["stage_entered_year"])
    needed = projects["ready_year"].isna() & since.notna()
    leads = _lead_times(projects, settings).mul(ahead, axis=0).where(needed)
    stated = started & projects["lead_time_mode_years"].notna()
    basis = _basis(projects).where(stated, ASSUMED).where(needed, None)
    ready = projects["ready_year"].fillna(since + leads["lead_time_mode_years"])
    columns = {name: leads[name] for name in _LEADS}
    return {**columns, "reckoned_from_year": since.where(needed), "lead_time_basis": basis, "ready_year": ready}


def _lead_times(projects: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Shortest, likeliest and longest lead time of each project.

    A single stated lead time is certain. Ends that are not stated are those of the settings, unless the other end lies
    beyond them; between stated ends the likeliest is that of the settings, or the nearer end.
    """
    shortest, likeliest, longest = (projects[name] for name in _LEADS)
    low, middle, high = settings.lead_times_years
    least = shortest.fillna(likeliest).fillna(longest.clip(upper=low)).fillna(low)
    most = longest.fillna(likeliest).fillna(least.clip(lower=high))
    mode = likeliest.fillna(pd.Series(np.clip(middle, least, most), index=projects.index))
    disordered = (least > mode) | (mode > most)
    if disordered.any():
        project = projects[disordered].iloc[0]
        known = ", ".join(f"{project[name]:g}" for name in _LEADS if pd.notna(project[name]))
        raise ContractError(
            f"Project {project['site_id']}: the lead times {known} years "
            "are not in order; write shortest, likeliest, longest."
        )
    return pd.DataFrame(dict(zip(_LEADS, (least, mode, most), strict=True)))


def _roles(projects: pd.DataFrame, completed: pd.Series, settings: Settings) -> pd.Series:
    """How the outlook takes each project; the first that fits."""
    ready, end = projects["ready_year"], settings.base_year + settings.horizon_years
    roles = {
        "stock": completed | (projects["stage"] == "on_sale"),
        "undated": ready.isna(),
        "overdue": ready < settings.base_year,
        "beyond_horizon": ready > end,
        "unmeasured": projects["counted_ha"].isna(),
    }
    return pd.Series(np.select(list(roles.values()), list(roles), "arrives"), index=projects.index, dtype="object")
