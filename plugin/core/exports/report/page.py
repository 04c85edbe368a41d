# SPDX-License-Identifier: GPL-2.0-or-later
"""The page: which sections there are, in what order, and what stands above them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from string import Template

import pandas as pd

from ...progress import SILENT, Progress
from .. import figures
from ..figures import Tables
from ..ledger import replace
from ..markup import Html, escaped, paragraphs
from ..wording import LAYOUTS, Language, phrase
from . import checks, demand, documents, land, outlook, pictures, projects, scenarios, screening, sensitivity

Section = Callable[[Tables, Language], Html]

_SECTIONS: dict[Section, set[str]] = {
    outlook.outlook: {"outlook", "scenarios", "study"},
    pictures.overview: {"outlook", "scenarios", "study"},
    outlook.ranges: {"outlook", "scenarios", "study"},
    outlook.survey_bins: {"outlook", "scenarios", "survey_bins"},
    pictures.maps: {"outlook", "scenarios", "study"},
    scenarios.scenarios: {"outlook", "scenarios", "study"},
    scenarios.gains: {"gains", "outlook", "scenarios", "study"},
    demand.demand: {"demand", "outlook", "study"},
    projects.projects: {"projects"},
    sensitivity.sensitivity: {"sensitivity", "outlook"},
    pictures.areas: {"outlook", "trajectory", "scenarios", "study"},
    checks.controls: {"controls"},
    checks.backtest: {"backtest", "outlook", "scenarios"},
    land.layers: {"summary", "areas", "sites"},
    land.overlaps: {"overlaps"},
    screening.profiles: {"verdicts", "profiles", "study"},
    screening.comparison: {"comparison", "profiles", "areas"},
    screening.find_next: {"find_next", "profiles"},
    documents.sources: {"sources"},
    documents.fixlist: {"fixlist"},
}
"""The sections in order, and the tables that each needs."""


def write(tables: Tables, path: Path, *, language: Language = "both", progress: Progress = SILENT) -> None:
    """Write the report of a study.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Contract tables by name, and `study`; a section is written where its tables are there.
    path : Path
        The HTML file, replaced as a whole if it is there.
    language : {"both", "ja", "en"}
        Words of the report.
    progress : Progress
        Where to report, and who may cancel.

    Raises
    ------
    ReconciliationError
        A total is not the sum of its parts to 0.01 ha.
    YochiError
        The file cannot be written.
    """
    page = render(tables, language, progress)
    with replace(path) as draft:
        draft.write_text(page, encoding="utf-8")


def write_forecast(tables: Tables, path: Path, *, language: Language = "both", progress: Progress = SILENT) -> None:
    """Write the report of a forecast alone: the sections that its tables can fill.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        `outlook` and `scenarios`, and what else the forecast gave. The last scenario is the one whose areas are
        listed; a forecast without any area is a report that says so.
    path, language, progress
        As `write` takes them; the errors are the same.
    """
    about = _about_forecast(tables["outlook"], tables["scenarios"])
    study = pd.DataFrame({"key": list(about), "value": list(about.values())})
    write({**tables, "study": study}, path, language=language, progress=progress)


def _about_forecast(outlook: pd.DataFrame, scenarios: pd.DataFrame) -> dict[str, str]:
    """The table `study` of a forecast, as far as the forecast itself tells it."""
    leads = [f"lead_time_{part}_years" for part in ("min", "mode", "max")]
    told = outlook[["base_year", "horizon_years", *leads]].head(1).astype("float64")
    first = {name: f"{years.iloc[0]:g}" if len(years) else "" for name, years in told.items()}
    return {
        "title_ja": phrase("outlook", "ja"),
        "title_en": phrase("outlook", "en"),
        "base_year": first["base_year"],
        "horizon_years": first["horizon_years"],
        "headline_scenario": scenarios["scenario_id"].iloc[-1],
        "lead_times_years": ", ".join(first[name] for name in leads if first[name]),
    }


def render(tables: Tables, language: Language = "both", progress: Progress = SILENT) -> str:
    """The report as one HTML page, with the sections for which there are tables."""
    chosen = [one for one, needed in _SECTIONS.items() if needed <= tables.keys()]
    sections = []
    for number, section in enumerate(chosen):
        sections.append(section(tables, language))
        progress.report((number + 1) / len(chosen))
    layout = Template((LAYOUTS / "report.html").read_text(encoding="utf-8"))
    return layout.substitute(
        language="en" if language == "en" else "ja",
        title=escaped(figures.title(tables, language)),
        banner=_banner(tables, language),
        about=_about(tables, language),
        sections="\n".join(sections),
    )


def _banner(tables: Tables, language: Language) -> str:
    if not figures.is_synthetic(tables):
        return ""
    return f'<p class="banner">{escaped(phrase("synthetic_banner", language))}</p>'


def _about(tables: Tables, language: Language) -> Html:
    values = figures.study_values(tables)
    scenario = figures.scenario_title(tables, values["headline_scenario"], language)
    shown = {"base_year": values["base_year"], "horizon": values["horizon_years"], "scenario": scenario}
    facts = "; ".join(
        f"{phrase(word, language)}: {value or phrase('unknown', language)}" for word, value in shown.items()
    )
    marks = f"{phrase('basis_note', language)}: {figures.basis_key(language)}"
    note = figures.spoken(values.get("note"), language)
    return paragraphs(facts, phrase("disclaimer", language), marks, *([note] if note else []))
