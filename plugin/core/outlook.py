# SPDX-License-Identifier: GPL-2.0-or-later
"""The whole chain, in order, from a study file to the tables of the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd

from . import crs, depletion, inventory, screening, shortlist, sources
from .contracts import FIXLIST, INPUT_TABLES, TABLES, conform, empty
from .errors import StudyError
from .progress import SILENT, Progress
from .provenance import SYNTHETIC, sha256, weakest
from .study import SAMPLE_STUDY, Input, Study, load_study

__all__ = ["SAMPLE_STUDY", "Study", "load_study", "run"]

Tables = dict[str, pd.DataFrame]


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
        An input, profile or scenario cannot be used; the message names it.
    """
    profiles = [screening.load_profile(_rule_file(study, one, screening.profiles())) for one in study.profiles]
    scenarios = [depletion.load_scenario(_rule_file(study, one, depletion.scenarios())) for one in study.scenarios]
    headline_profile = profiles[study.profiles.index(study.headline_profile)].id
    headline_scenario = scenarios[study.scenarios.index(study.headline_scenario)].id
    tables, sites = _read_inputs(study.inputs, progress.part(0.0, 0.25))
    if tables["areas"].empty:
        raise StudyError(f"{study.path.name}: no input holds planning areas; add boundaries (N03 or the world map).")
    tables |= _without_unknown_areas(tables)
    precedence = study.precedence or inventory.DEFAULT_PRECEDENCE
    stock = inventory.take_stock(sites, tables["areas"], precedence=precedence, progress=progress.part(0.25, 0.4))
    tables |= {"sites": stock.sites, "summary": stock.summary, "overlaps": stock.overlaps}
    tables |= _with_fixes(tables, [stock.fixlist])
    tables |= _screened(study, tables, profiles, progress.part(0.4, 0.8))
    foreseen = depletion.forecast(
        tables["areas"],
        stock.sites,
        tables["take_up"],
        scenarios,
        base_year=study.base_year,
        horizon_years=study.horizon_years,
        lead_times_years=study.lead_times_years,
        progress=progress.part(0.8, 0.9),
    )
    tables["outlook"] = _flag(foreseen.outlook, tables["comparison"], headline_profile)
    tables["trajectory"] = foreseen.trajectory
    requirements = shortlist.Requirements(study.minimum_ha, study.layers)
    selected = shortlist.select(stock.sites, requirements, progress=progress.part(0.9, 1.0))
    tables |= {"shortlist": selected.shortlist, "waterfall": selected.waterfall}
    tables["scenarios"] = depletion.scenario_table(scenarios)
    tables["study"] = _about(study, headline_profile, headline_scenario, precedence, tables)
    return tables


def _rule_file(study: Study, name: str, shipped: dict[str, Path]) -> Path:
    """A profile or scenario by its identifier, or a file of the planner's own beside the study."""
    if name in shipped:
        return shipped[name]
    if name.endswith(".toml"):
        return study.path.parent / name
    allowed = ", ".join(shipped)
    raise StudyError(f"{study.path.name}: {name!r} is unknown; use one of {allowed}, or the path of a .toml file.")


def _read_inputs(inputs: Sequence[Input], progress: Progress) -> tuple[Tables, list[pd.DataFrame]]:
    """Every table that comes from outside, the fix-list and the sources; and the tables of sites one by one."""
    parts: dict[str, list[pd.DataFrame]] = {name: [] for name in (*INPUT_TABLES, "fixlist", "sources")}
    for number, one in enumerate(inputs):
        reading = sources.read(
            one.path,
            one.format,
            table=one.table,
            layer=one.layer,
            mapping=one.mapping,
            source_id=one.source_id,
            description=one.description,
            progress=progress.part(number / len(inputs), (number + 1) / len(inputs)),
        )
        for name, frame in {**reading.tables, "fixlist": reading.fixlist, "sources": reading.source}.items():
            parts[name].append(frame)
        progress.report((number + 1) / len(inputs), f"{one.path.name} read")
    sites = parts.pop("sites")
    together = {name: _together(frames, name) for name, frames in parts.items()}
    tables: Tables = {name: frame for name, (frame, _) in together.items()}
    return tables | _with_fixes(tables, [repeated for _, repeated in together.values()]), sites


def _together(frames: Sequence[pd.DataFrame], name: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Frames of one contract, one under the other, in JGD2011; and a line for each row whose key stood before."""
    table = TABLES[name]
    filled = [frame for frame in frames if len(frame)]
    if not filled:
        return empty(table, crs.JGD2011), empty(FIXLIST)
    spatial = table.geometry != "none"
    stacked = pd.concat([crs.in_jgd2011(frame) if spatial else frame for frame in filled], ignore_index=True)
    again = stacked.duplicated(list(table.key)) if table.key else pd.Series(False, index=stacked.index)
    key = ", ".join(table.key)
    problem, remedy = "the key stands in another input already", "remove one of the two"
    return conform(stacked[~again].reset_index(drop=True), table), _rejected(stacked[again], key, problem, remedy)


def _rejected(rows: pd.DataFrame, field: str, problem: str, remedy: str) -> pd.DataFrame:
    """A line of the fix-list for each row that is not used."""
    if rows.empty:
        return empty(FIXLIST)
    value = rows[field.split(", ")].astype(str).agg(" / ".join, axis=1)
    lines = rows[["source_id", "source_row"]].assign(field=field, value=value, problem=problem, remedy=remedy)
    return conform(pd.DataFrame(lines).assign(severity="rejected"), FIXLIST)


def _without_unknown_areas(tables: Tables) -> Tables:
    """Take-up of an area that is in no input would vanish; it goes to the fix-list."""
    unknown = ~tables["take_up"]["area_code"].isin(tables["areas"]["area_code"])
    problem, remedy = "no area has this code", "correct it, or add the area to the boundaries"
    lines = _rejected(tables["take_up"][unknown], "area_code", problem, remedy)
    return {"take_up": tables["take_up"][~unknown].reset_index(drop=True), **_with_fixes(tables, [lines])}


def _with_fixes(tables: Tables, lists: Sequence[pd.DataFrame]) -> Tables:
    """Fix-list and sources after a stage: a row that it rejected is no longer a row used."""
    found = [one for one in lists if len(one)]
    rejected = pd.concat([one["source_id"][one["severity"] == "rejected"] for one in found]) if found else pd.Series()
    later = tables["sources"]["source_id"].map(rejected.value_counts()).fillna(0).astype("Int64")
    sources_after = tables["sources"].assign(
        rows_used=tables["sources"]["rows_used"] - later, rows_rejected=tables["sources"]["rows_rejected"] + later
    )
    kept = [one for one in (tables["fixlist"], *found) if len(one)]
    lines = conform(pd.concat(kept, ignore_index=True), FIXLIST) if kept else empty(FIXLIST)
    return {"fixlist": lines, "sources": sources_after}


def _screened(study: Study, tables: Tables, profiles: Sequence[screening.Profile], progress: Progress) -> Tables:
    around = {name: tables[name] for name in INPUT_TABLES if name not in ("sites", "areas", "take_up")}
    surroundings = screening.Surroundings(**around, dem=study.dem)
    sliver_ha = _sliver_ha(study)
    screened = screening.screen(
        tables["sites"], surroundings, profiles, sliver_ha=sliver_ha, progress=progress.part(0.0, 0.8)
    )
    progress.report(0.85, "sites screened")
    compared = screening.compare(screened.pieces, tables["sites"], tables["areas"])
    progress.report(0.95, "profiles compared")
    facts = screening.find_next(screened.evidence, screened.pieces, tables["sites"], profiles)
    progress.report(1.0, "missing facts ranked")
    return {
        "pieces": screened.pieces,
        "evidence": screened.evidence,
        "verdicts": screened.verdicts,
        "comparison": compared,
        "find_next": facts,
        "profiles": screening.profile_table(profiles),
    }


def _sliver_ha(study: Study) -> float:
    return screening.DEFAULT_SLIVER_HA if study.sliver_ha is None else study.sliver_ha


def _flag(outlook: gpd.GeoDataFrame, compared: pd.DataFrame, profile_id: str) -> gpd.GeoDataFrame:
    by_area = compared[compared["profile_id"] == profile_id].set_index("area_code")
    columns = {"flagged_met_ha": "met_ha", "flagged_undecidable_ha": "undecidable_ha", "flagged_basis": "basis"}
    found = {flag: outlook["area_code"].map(by_area[column]) for flag, column in columns.items()}
    return outlook.assign(flagged_profile_id=profile_id, **found)


def _about(study: Study, profile_id: str, scenario_id: str, precedence: Sequence[str], tables: Tables) -> pd.DataFrame:
    bases = [weakest(frame["basis"]) for frame in tables.values() if "basis" in frame.columns]
    values = {
        "id": study.id,
        "title_ja": study.title_ja,
        "title_en": study.title_en,
        "note": study.note,
        "base_year": f"{study.base_year:g}",
        "horizon_years": f"{study.horizon_years:g}",
        "lead_times_years": ", ".join(f"{years:g}" for years in study.lead_times_years),
        "precedence": ", ".join(precedence),
        "sliver_ha": f"{_sliver_ha(study):g}",
        "elevation": study.dem.name if study.dem else "",
        "headline_profile": profile_id,
        "headline_scenario": scenario_id,
        "synthetic": "yes" if SYNTHETIC in bases else "no",
        "disclaimer": screening.DISCLAIMER,
        "study_file": study.path.name,
        "study_sha256": sha256(study.path),
    }
    return pd.DataFrame({"key": list(values), "value": list(values.values())})
