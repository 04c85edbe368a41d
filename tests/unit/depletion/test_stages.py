# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from yochi.plugin.core import contracts
from yochi.plugin.core.depletion import Settings, load_assumptions
from yochi.plugin.core.depletion.inputs.stages import SHIPPED, board, load_stages
from yochi.plugin.core.errors import ContractError, RuleError

SETTINGS = Settings(2024)


def laid(**columns: object) -> pd.Series:
    """The only project of a board."""
    site = {"site_id": "p", "layer": "pipeline", "available_ha": 10.0, "counted_ha": 10.0, "basis": "reported"}
    frame = pd.DataFrame([{**site, "counted_basis": "reported", **columns}])
    projects = board(contracts.conform(frame, contracts.SITES), SETTINGS, load_stages())
    contracts.validate(projects, contracts.PROJECTS)
    return projects.iloc[0]


def leads(project: pd.Series) -> list[float]:
    return [project[f"lead_time_{name}_years"] for name in ("min", "mode", "max")]


def test_a_stated_year_goes_before_everything() -> None:
    project = laid(ready_year=2027, start_year=2024, stage="planned", stage_entered_year=2023)
    assert (project["ready_year"], project["stated_ready_year"]) == (2027, 2027)
    assert np.isnan(project["reckoned_from_year"]) and np.isnan(leads(project)).all()


def test_a_start_and_its_lead_time() -> None:
    project = laid(start_year=2023, stage="under_development", stage_entered_year=2024)
    assert (project["ready_year"], project["reckoned_from_year"], leads(project)) == (2027, 2023, [3, 4, 5])
    assert project["lead_time_basis"] == "assumed"


@pytest.mark.parametrize(
    ("stage", "ready", "chance"),
    [
        ("concept", 2028, 0.3),
        ("planned", 2027, 0.6),
        ("land_acquisition", 2026, 0.8),
        ("under_development", 2025, 0.95),
    ],
)
def test_a_stage_says_what_is_ahead_and_how_likely_it_is(stage, ready, chance) -> None:
    project = laid(stage=stage, stage_entered_year=2023)
    assert (project["ready_year"], project["completion_probability"]) == (ready, chance)
    assert project["probability_basis"] == project["lead_time_basis"] == project["basis"] == "assumed"
    assert project["expected_ha"] == pytest.approx(10 * chance)


def test_the_status_implies_a_stage_and_a_project_without_either_is_taken_as_planned() -> None:
    assert laid(status="under_development")["stage"] == "under_development"
    silent = laid(start_year=2024)
    assert silent["stage"] is None and silent["completion_probability"] == 0.6


def test_what_a_project_states_itself_is_reported() -> None:
    own = {"lead_time_min_years": 2, "lead_time_mode_years": 6, "lead_time_max_years": 9}
    project = laid(start_year=2024, stage="planned", completion_probability=0.9, **own)
    assert (leads(project), project["ready_year"], project["completion_probability"]) == ([2, 6, 9], 2030, 0.9)
    assert project["lead_time_basis"] == project["probability_basis"] == project["basis"] == "reported"


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ({"lead_time_mode_years": 6}, [6, 6, 6]),
        ({"lead_time_min_years": 2}, [2, 4, 5]),
        ({"lead_time_min_years": 8}, [8, 8, 8]),
        ({"lead_time_max_years": 2}, [2, 2, 2]),
        ({"lead_time_min_years": 6, "lead_time_max_years": 9}, [6, 6, 9]),
    ],
)
def test_a_lead_time_that_is_stated_in_part(own, expected) -> None:
    assert leads(laid(start_year=2024, **own)) == expected


def test_lead_times_out_of_order_are_named() -> None:
    with pytest.raises(ContractError, match="Project p: the lead times 6, 4, 5 years"):
        laid(start_year=2024, lead_time_min_years=6, lead_time_mode_years=4, lead_time_max_years=5)


@pytest.mark.parametrize(
    ("columns", "role"),
    [
        ({"stage": "on_sale"}, "stock"),
        ({"status": "completed", "ready_year": 2020}, "stock"),
        ({"stage": "planned"}, "undated"),
        ({"ready_year": 2023}, "overdue"),
        ({"start_year": 2015, "counted_ha": None}, "overdue"),
        ({"ready_year": 2055}, "beyond_horizon"),
        ({"ready_year": 2026, "counted_ha": None}, "unmeasured"),
        ({"ready_year": 2024}, "arrives"),
        ({"ready_year": 2054}, "arrives"),
    ],
)
def test_how_a_project_counts(columns, role) -> None:
    assert laid(**columns)["counts_as"] == role


def test_partner_and_developer_stay_on_the_board() -> None:
    project = laid(stage="planned", partner="某社", developer="某市")
    assert (project["partner"], project["developer"]) == ("某社", "某市")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "completion_probability = 0.3",
            "completion_probability = 3",
            r"\[stages.concept\] completion_prob.* = 3",
        ),
        ("lead_time_ahead = 1.25", "", r"\[stages.concept\] lead_time_ahead is missing"),
        ('unstated = "planned"', 'unstated = "dream"', "unstated = 'dream' is not allowed; give one of concept"),
        ("[stages.on_sale]", "[stages.sold]", r"\[stages\] has the unknown key sold"),
        ('basis = "assumed"', "", "basis is missing"),
    ],
)
def test_a_broken_file_of_stages_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(SHIPPED.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(RuleError, match=rf"mine\.toml.*{message}"):
        load_assumptions(stages_file=path)
