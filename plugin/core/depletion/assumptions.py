# SPDX-License-Identifier: GPL-2.0-or-later
"""Everything that a forecast assumes where the data are silent, read from files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from . import survey_bins
from .comparisons import sensitivity
from .comparisons.sensitivity import Ranges
from .inputs import stages, take_up_assumptions
from .inputs.stages import Stages
from .inputs.take_up_assumptions import TakeUpAssumptions
from .survey_bins import SurveyBin


@dataclass(frozen=True)
class Assumptions:
    """What is assumed of stages, take-up, survey bins and the ranges of the sensitivity."""

    stages: Stages
    survey_bins: tuple[SurveyBin, ...]
    take_up: TakeUpAssumptions
    ranges: Ranges


def load_assumptions(*, stages_file: Path | None = None, survey_bins_file: Path | None = None) -> Assumptions:
    """Read the assumptions that come with Yochi, or a planner's own in place of them.

    Raises
    ------
    RuleError
        A file cannot be read, or a key is missing, unknown or of the wrong type; the message names it.
    """
    return Assumptions(
        stages=stages.load_stages(stages_file or stages.SHIPPED),
        survey_bins=survey_bins.load_survey_bins(survey_bins_file or survey_bins.SHIPPED),
        take_up=take_up_assumptions.take_up_assumptions(),
        ranges=sensitivity.load_ranges(),
    )
