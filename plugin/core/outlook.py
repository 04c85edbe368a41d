# SPDX-License-Identifier: GPL-2.0-or-later
"""The whole chain, in order, from a study file to the tables of the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import geopandas as gpd
import pandas as pd

from . import depletion, inventory, screening, shortlist
from .area_tree import nested
from .contracts import BACKTEST, INPUT_TABLES, empty
from .errors import StudyError
from .progress import SILENT, Progress
from .provenance import SYNTHETIC, sha256, weakest
from .study import SAMPLE_STUDY, Study, load_study
from .study_inputs import Tables, read_inputs, with_fixes, without_unknown_areas

__all__ = ["SAMPLE_STUDY", "Study", "load_study", "run"]


@dataclass(frozen=True)
class _Question:
    """What is asked of the years to come."""

    scenarios: Sequence[depletion.Scenario]
    settings: depletion.Settings
    assumptions: depletion.Assumptions


def run(study: Study, *, progress: Progress = SILENT) -> Tables:
    """Compute every table of a study.

    Parameters
    ----------
    study : Study
        What `load_study` read.
    progress : Progress
        Where to report, and who may cancel.

    Returns
    -------
    dict of str to DataFrame
        Every contract table by name, and `study` (columns `key` and `value`). The same study gives equal tables.

    Raises
    ------
    YochiError
        An input, profile, scenario or preset cannot be used; the message names it.
    """
    profiles = [screening.load_profile(_rule_file(study, one, screening.profiles())) for one in study.profiles]
    headline_profile = profiles[study.profiles.index(study.headline_profile)].id
    question, requirements = _question(study), _requirements(study)
    _check_conversions(study, question.scenarios, [one.id for one in profiles])
    tables, areas = _inventory(study, progress.part(0.0, 0.35))
    screened, compared = _screened(study, tables, areas, profiles, progress.part(0.35, 0.7))
    tables |= screened
    foreseen = _foreseen(question, tables, areas, tables["verdicts"], progress.part(0.7, 0.9))
    tables |= {**vars(foreseen), "outlook": _flag(foreseen.outlook, compared, headline_profile)}
    tables["backtest"] = _backtest(study, foreseen.outlook, progress.part(0.9, 0.97))
    tables["controls"] = depletion.controls(foreseen.outlook, question.settings.headline)
    selected = shortlist.select(
        tables["sites"], requirements, verdicts=tables["verdicts"], progress=progress.part(0.97, 1.0)
    )
    tables |= vars(selected)
    tables["scenarios"] = depletion.scenario_table(question.scenarios)
    tables["study"] = _about(study, headline_profile, question.settings, tables)
    return tables


def _rule_file(study: Study, name: str, shipped: dict[str, Path]) -> Path:
    """A profile, scenario or preset by its identifier, or a file of the planner's own beside the study."""
    if name in shipped:
        return shipped[name]
    if name.endswith(".toml"):
        return study.path.parent / name
    allowed = ", ".join(shipped)
    raise StudyError(f"{study.path.name}: {name!r} is unknown; use one of {allowed}, or the path of a .toml file.")


def _question(study: Study) -> _Question:
    scenarios = [depletion.load_scenario(_rule_file(study, one, depletion.scenarios())) for one in study.scenarios]
    headline = scenarios[study.scenarios.index(study.headline_scenario)].id
    assumptions = depletion.load_assumptions(stages_file=study.stages_file, survey_bins_file=study.survey_bins_file)
    settings = depletion.Settings(study.base_year, study.horizon_years, headline=headline, **study.forecast_options)
    return _Question(scenarios, settings, assumptions)


def _requirements(study: Study) -> shortlist.Requirements:
    """The study's preset, with its own least area and layers in the place of the preset's."""
    if not study.preset:
        return shortlist.Requirements(study.minimum_ha, study.layers)
    preset = shortlist.load_requirements(_rule_file(study, study.preset, shortlist.presets()))
    return replace(preset, minimum_ha=study.minimum_ha, layers=study.layers)


def _check_conversions(study: Study, scenarios: Sequence[depletion.Scenario], profiles: Sequence[str]) -> None:
    """A scenario that converts land by a profile that is not screened could tell nothing."""
    for one in scenarios:
        if one.conversion is not None and one.conversion.profile_id not in profiles:
            raise StudyError(
                f"{study.path.name}: scenario {one.id} converts land that meets {one.conversion.profile_id}; "
                "add this profile to [screening] profiles."
            )


def _inventory(study: Study, progress: Progress) -> tuple[Tables, gpd.GeoDataFrame]:
    """Inputs and counted sites, and the planning areas with remainders and the nation."""
    tables, sites = read_inputs(study.inputs, progress.part(0.0, 0.6))
    if tables["areas"].empty:
        raise StudyError(f"{study.path.name}: no input holds planning areas; add boundaries (N03 or the world map).")
    areas = nested(tables["areas"])
    tables |= without_unknown_areas(tables, areas)
    stock = inventory.take_stock(
        sites, tables["areas"], precedence=_precedence(study), progress=progress.part(0.6, 1.0)
    )
    tables |= {"sites": stock.sites, "summary": stock.summary, "overlaps": stock.overlaps}
    return tables | with_fixes(tables, [stock.fixlist]), areas


def _precedence(study: Study) -> Sequence[str]:
    return study.precedence or inventory.DEFAULT_PRECEDENCE


def _screened(
    study: Study, tables: Tables, areas: gpd.GeoDataFrame, profiles: Sequence[screening.Profile], progress: Progress
) -> tuple[Tables, pd.DataFrame]:
    """Tables of the screening, and the comparison of the nested areas as well."""
    around = {name: tables[name] for name in INPUT_TABLES if name not in ("sites", "areas", "take_up")}
    surroundings = screening.Surroundings(**around, dem=study.dem)
    sliver_ha = _sliver_ha(study)
    screened = screening.screen(
        tables["sites"], surroundings, profiles, sliver_ha=sliver_ha, progress=progress.part(0.0, 0.8)
    )
    progress.report(0.85, "sites screened")
    compared = screening.compare(screened.pieces, tables["sites"], areas)
    added = set(areas["area_code"]) - set(tables["areas"]["area_code"])
    progress.report(0.95, "profiles compared")
    facts = screening.find_next(screened.evidence, screened.pieces, tables["sites"], profiles)
    progress.report(1.0, "missing facts ranked")
    found = {
        "pieces": screened.pieces,
        "evidence": screened.evidence,
        "verdicts": screened.verdicts,
        "comparison": compared[~compared["area_code"].isin(added)].reset_index(drop=True),
        "find_next": facts,
        "profiles": screening.profile_table(profiles),
    }
    return found, compared


def _sliver_ha(study: Study) -> float:
    return screening.DEFAULT_SLIVER_HA if study.sliver_ha is None else study.sliver_ha


def _foreseen(
    question: _Question,
    tables: Tables,
    areas: gpd.GeoDataFrame,
    verdicts: pd.DataFrame | None,
    progress: Progress,
) -> depletion.Forecast:
    return depletion.forecast(
        areas,
        tables["sites"],
        tables["take_up"],
        question.scenarios,
        question.settings,
        verdicts=verdicts,
        assumptions=question.assumptions,
        progress=progress,
    )


def _flag(outlook: gpd.GeoDataFrame, compared: pd.DataFrame, profile_id: str) -> gpd.GeoDataFrame:
    by_area = compared[compared["profile_id"] == profile_id].set_index("area_code")
    columns = {"flagged_met_ha": "met_ha", "flagged_undecidable_ha": "undecidable_ha", "flagged_basis": "basis"}
    found = {flag: outlook["area_code"].map(by_area[column]) for flag, column in columns.items()}
    return outlook.assign(flagged_profile_id=profile_id, **found)


def _backtest(study: Study, outlook: pd.DataFrame, progress: Progress) -> pd.DataFrame:
    """The earlier study that this one names, held against it: its inventory and its forecast, without screening."""
    if study.earlier_study is None:
        return empty(BACKTEST)
    earlier = load_study(study.earlier_study)
    tables, areas = _inventory(earlier, progress.part(0.0, 0.6))
    foreseen = _foreseen(_question(earlier), tables, areas, None, progress.part(0.6, 1.0))
    return depletion.backtest(foreseen.outlook, foreseen.trajectory, outlook)


def _about(study: Study, profile_id: str, settings: depletion.Settings, tables: Tables) -> pd.DataFrame:
    bases = [weakest(frame["basis"]) for frame in tables.values() if "basis" in frame.columns]
    earlier, stages, bins = (
        file.name if file else "" for file in (study.earlier_study, study.stages_file, study.survey_bins_file)
    )
    values = {
        "id": study.id,
        "title_ja": study.title_ja,
        "title_en": study.title_en,
        "note": study.note,
        "base_year": f"{settings.base_year:g}",
        "horizon_years": f"{settings.horizon_years:g}",
        "lead_times_years": ", ".join(f"{years:g}" for years in settings.lead_times_years),
        "draws": f"{settings.draws}",
        "seed": f"{settings.seed}",
        "series": ", ".join(settings.series),
        "losses": "yes" if settings.losses else "no",
        "stages_file": stages,
        "survey_bins_file": bins,
        "earlier_study": earlier,
        "precedence": ", ".join(_precedence(study)),
        "sliver_ha": f"{_sliver_ha(study):g}",
        "elevation": study.dem.name if study.dem else "",
        "headline_profile": profile_id,
        "headline_scenario": settings.headline,
        "synthetic": "yes" if SYNTHETIC in bases else "no",
        "disclaimer": screening.DISCLAIMER,
        "study_file": study.path.name,
        "study_sha256": sha256(study.path),
    }
    return pd.DataFrame({"key": list(values), "value": list(values.values())})
