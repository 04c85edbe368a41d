# SPDX-License-Identifier: GPL-2.0-or-later
"""The whole chain, in order, from a study file to the tables of the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd

from . import crs, depletion, inventory, screening, shortlist, sources
from .contracts import PROFILES, TABLES, conform, empty
from .errors import StudyError
from .progress import SILENT, Progress
from .provenance import SYNTHETIC, sha256, weakest
from .screening import Profile
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
    tables = _read_inputs(study.inputs, progress.part(0.0, 0.35))
    if tables["areas"].empty:
        raise StudyError(f"{study.path.name}: no input holds planning areas; add boundaries (N03 or the world map).")
    precedence = study.precedence or inventory.DEFAULT_PRECEDENCE
    stock = inventory.take_stock(
        [tables["sites"]], tables["areas"], precedence=precedence, progress=progress.part(0.35, 0.55)
    )
    tables |= {"sites": stock.sites, "summary": stock.summary, "overlaps": stock.overlaps}
    tables["sources"] = _recount(tables["sources"], stock.fixlist)
    tables["fixlist"] = _stack([tables["fixlist"], stock.fixlist], "fixlist")
    screened = screening.screen(stock.sites, tables["zones"], profiles, progress=progress.part(0.55, 0.75))
    tables |= {"pieces": screened.pieces, "evidence": screened.evidence, "verdicts": screened.verdicts}
    foreseen = depletion.forecast(
        tables["areas"],
        stock.sites,
        tables["take_up"],
        scenarios,
        base_year=study.base_year,
        horizon_years=study.horizon_years,
        lead_times_years=study.lead_times_years,
        progress=progress.part(0.75, 0.9),
    )
    flags = screening.flagged(screened.pieces, stock.sites, tables["areas"], headline_profile)
    tables |= {"outlook": _flag(foreseen.outlook, flags, headline_profile), "trajectory": foreseen.trajectory}
    requirements = shortlist.Requirements(study.minimum_ha, study.layers)
    selected = shortlist.select(stock.sites, requirements, progress=progress.part(0.9, 1.0))
    tables |= {"shortlist": selected.shortlist, "waterfall": selected.waterfall}
    tables["profiles"] = _profile_table(profiles)
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


def _read_inputs(inputs: Sequence[Input], progress: Progress) -> Tables:
    parts: dict[str, list[pd.DataFrame]] = {name: [] for name in TABLES}
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
    return {name: _stack(frames, name) for name, frames in parts.items()}


def _stack(frames: Sequence[pd.DataFrame], name: str) -> pd.DataFrame:
    """Frames of one contract, one under the other, in JGD2011."""
    filled = [frame for frame in frames if len(frame)]
    if not filled:
        return empty(TABLES[name], crs.JGD2011)
    spatial = TABLES[name].geometry != "none"
    stacked = pd.concat([crs.in_jgd2011(frame) if spatial else frame for frame in filled], ignore_index=True)
    return conform(stacked, TABLES[name])


def _recount(read: pd.DataFrame, fixlist: pd.DataFrame) -> pd.DataFrame:
    """Rows that a later stage rejected are no longer rows used."""
    rejected = fixlist[fixlist["severity"] == "rejected"].groupby("source_id").size()
    later = read["source_id"].map(rejected).fillna(0).astype("Int64")
    counts = {"rows_used": read["rows_used"] - later, "rows_rejected": read["rows_rejected"] + later}
    return read.assign(**counts)


def _flag(outlook: gpd.GeoDataFrame, flags: pd.DataFrame, profile_id: str) -> gpd.GeoDataFrame:
    by_area = flags.set_index("area_code")
    flagged = outlook.assign(flagged_profile_id=profile_id)
    for name in ("flagged_met_ha", "flagged_undecidable_ha", "flagged_basis"):
        flagged[name] = flagged["area_code"].map(by_area[name])
    return flagged


def _profile_table(profiles: Sequence[Profile]) -> pd.DataFrame:
    """Profiles as a table, so that every output can say what it stands on."""
    rows = [{"profile_id": one.id, **{key: vars(one)[key] for key in PROFILES.column_names[1:]}} for one in profiles]
    return conform(pd.DataFrame(rows), PROFILES)


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
        "headline_profile": profile_id,
        "headline_scenario": scenario_id,
        "synthetic": "yes" if SYNTHETIC in bases else "no",
        "disclaimer": screening.DISCLAIMER,
        "study_file": study.path.name,
        "study_sha256": sha256(study.path),
    }
    return pd.DataFrame({"key": list(values), "value": list(values.values())})
