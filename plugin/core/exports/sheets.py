# SPDX-License-Identifier: GPL-2.0-or-later
"""What stands on the sheets, one an area: texts, figures, the view of the map and the pictures.

How it is set on paper is no matter of this module: a layout template takes each page from a row of `pages`, and its
tables from the rows of `facts` and `sensitivity` with the same `area_code`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from unicodedata import east_asian_width

import geopandas as gpd
import pandas as pd
import shapely

from .. import crs
from ..errors import YochiError
from ..progress import SILENT, Progress
from ..provenance import SYNTHETIC
from . import charts, figures, sheet_facts
from .figures import Tables
from .wording import Language, code_name, join, phrase

TABLES = (
    *("study", "areas", "sites", "outlook", "trajectory", "scenarios", "survey_bins"),
    *("profiles", "sources", "sensitivity"),
)
"""Tables of a ledger that sheets are made of."""

_HEADINGS = ("map", "chart", "facts", "sensitivity", "assumptions", "sources")
_LEVELS = ("prefecture", "designated_city")
_NOT_MAPPED = ("national", "remainder")
_SHARE_OF_LARGEST = 0.25  # smaller islands do not make the map of the mainland small
_WIDEST = {"assumptions": 500, "sources": 720}  # half-width letters that fit in the boxes of Yochi's own template


_NEUTRAL = {"take_up_factor": 1.0, "growth_percent_per_year": 0.0}  # what changes nothing is no assumption
_LONG_RUN = re.compile(r"(\S{10,19}?[、。，；：）」』]|[^\x00-\x7f]{20})(?=[^\s、。，；：）」』])")


@dataclass(frozen=True)
class Sheets:
    """The contents of all sheets.

    Parameters
    ----------
    scenario_id : str
        Scenario that they show.
    pages : GeoDataFrame
        A row a page, in order: `area_code`, texts, `map_crs`, the file of the `chart`, and as geometry the box that
        the map shows, in JGD2011.
    facts : DataFrame
        `area_code`, `position`, `label`, `value`, `mark` (of the basis).
    sensitivity : DataFrame
        `area_code`, `position`, `label`, `value`, `swing`.
    words : dict of str to str
        What is the same on each page: headings, title of the study, date, disclaimer, key to the marks.
    """

    scenario_id: str
    pages: gpd.GeoDataFrame
    facts: pd.DataFrame
    sensitivity: pd.DataFrame
    words: dict[str, str]


def compose(tables: Tables, scenario_id: str, language: Language, areas: Sequence[str], pictures: Path) -> Sheets:
    """Put together what stands on the sheets of some areas under one scenario.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of `TABLES`.
    scenario_id : str
        Scenario of the sheets.
    language : {"ja", "en", "both"}
        Language of the sheets.
    areas : sequence of str
        Codes of areas; none means every prefecture and designated city that has a row, or every area of a study
        that has neither.
    pictures : Path
        Folder into which `draw_charts` is to put the pictures.

    Raises
    ------
    YochiError
        The scenario is not in the outlook, or an area has no row in it.
    """
    rows = _chosen(tables["outlook"], scenario_id, areas)
    places = _places(tables, rows)
    pages = gpd.GeoDataFrame(
        [_page(tables, row, language) | {"chart": str(pictures / f"{row['area_code']}.png")} for row in _each(rows)],
        geometry=_views(tables["sites"], rows, places),
        crs=crs.JGD2011,
    )
    pages["map_crs"] = [f"EPSG:{zone}" for zone in crs.plane_zones(places)]
    return Sheets(
        scenario_id,
        pages,
        _facts(rows, language),
        _sensitivity(tables, rows, language),
        _words(tables, language),
    )


def draw_charts(tables: Tables, sheets: Sheets, language: Language, progress: Progress = SILENT) -> None:
    """Draw the fan chart of each page into the file that the page names."""
    for done, page in enumerate(sheets.pages.itertuples()):
        progress.report(done / len(sheets.pages), page.title)
        charts.save(charts.fan(tables, page.area_code, sheets.scenario_id, language), Path(page.chart))


def _each(rows: pd.DataFrame) -> Iterable[pd.Series]:
    return (row for _, row in rows.iterrows())


def _chosen(outlook: pd.DataFrame, scenario_id: str, areas: Sequence[str]) -> pd.DataFrame:
    rows = outlook[outlook["scenario_id"] == scenario_id]
    if rows.empty:
        known = ", ".join(sorted(outlook["scenario_id"].unique()))
        raise YochiError(f"The outlook has no scenario {scenario_id}; choose one of: {known}.")
    missing = sorted(set(areas) - set(rows["area_code"]))
    if missing:
        raise YochiError(
            f"The outlook has no area {', '.join(missing)} under the scenario {scenario_id}; "
            "name codes that are in its table outlook."
        )
    if areas:
        rows = rows[rows["area_code"].isin(areas)]
    elif rows["level"].isin(_LEVELS).any():
        rows = rows[rows["level"].isin(_LEVELS)]
    else:
        rows = rows[~rows["level"].isin(_NOT_MAPPED)]
    return rows.sort_values("area_code", ignore_index=True)


def _places(tables: Tables, rows: pd.DataFrame) -> gpd.GeoDataFrame:
    """Main parts of the areas, with the prefecture that decides the plane-rectangular zone."""
    stated = tables["areas"].set_index("area_code")["pref_code"]
    geometry = [_main_parts(shape) for shape in rows.geometry.to_crs(crs.JGD2011)]
    return gpd.GeoDataFrame({"pref_code": rows["area_code"].map(stated)}, geometry=geometry, crs=crs.JGD2011)


def _main_parts(shape: shapely.Geometry | None) -> shapely.Geometry | None:
    """The largest part of an area and those that are not much smaller."""
    if shape is None or shape.is_empty:
        return None
    parts = shapely.get_parts(shape)
    sizes = shapely.area(parts)
    return shapely.multipolygons(parts[sizes >= _SHARE_OF_LARGEST * sizes.max()])


def _views(sites: gpd.GeoDataFrame, rows: pd.DataFrame, places: gpd.GeoDataFrame) -> list[shapely.Geometry]:
    """What each map shows: the main parts of the area and all its sites; all areas where neither is drawn."""
    shapes = sites.geometry.to_crs(crs.JGD2011)
    views = []
    for code, level, place in zip(rows["area_code"], rows["level"], places.geometry, strict=True):
        own = shapes if level == "national" else shapes[sites["area_code"] == code]
        shown = shapely.union_all([place, shapely.box(*own.total_bounds)])
        views.append(shapely.envelope(shown) if not shown.is_empty else shapely.box(*places.total_bounds))
    return views


def _page(tables: Tables, row: pd.Series, language: Language) -> dict[str, str]:
    scenario = tables["scenarios"].set_index("scenario_id").loc[row["scenario_id"]]
    title = join(scenario["title_ja"], scenario["title_en"], language)
    return {
        "area_code": row["area_code"],
        "title": figures.area_name(row, language),
        "state": code_name("states", row["state"], language),
        "headline": _headline(row, language),
        "scenario": f"{phrase('scenario', language)}: {title}",
        "banner": phrase("synthetic_banner", language) if _is_synthetic(tables, row) else "",
        "assumptions": _assumptions(tables, scenario, row, language),
        "note": figures.reasons(row["reason"], language),
        "sensitivity_note": _sensitivity_note(tables, row, language),
        "sources": _sources(tables["sources"], language),
    }


def _headline(row: pd.Series, language: Language) -> str:
    text = f"{phrase('depletion_year', language)} {figures.year(row, 'depletion_year', language)}"
    spread = sheet_facts.depletion_range(row, language)
    return f"{text} (10 % – 90 %: {spread})" if spread else text


def _is_synthetic(tables: Tables, row: pd.Series) -> bool:
    sites = tables["sites"]
    own = sites.loc[sites["area_code"] == row["area_code"], "basis"]
    return SYNTHETIC in {*row[[name for name in row.index if name.endswith("basis")]], *own}


def _sensitivity_note(tables: Tables, row: pd.Series, language: Language) -> str:
    known = sheet_facts.sensitivity(tables, row, language)
    return phrase("sheet_sensitivity_note" if known else "sheet_no_sensitivity", language)


def _assumptions(tables: Tables, scenario: pd.Series, row: pd.Series, language: Language) -> str:
    lead_times = " – ".join(f"{row[f'lead_time_{part}_years']:g}" for part in ("min", "mode", "max"))
    parts = [f"{phrase('lead_times', language)}: {lead_times}"]
    if sheet_facts.is_positive(row["draws"]):
        parts.append(f"{phrase('sheet_draws', language)}: {row['draws']:,.0f} ({row['seed']})")
    for key, neutral in _NEUTRAL.items():
        if pd.notna(scenario[key]) and scenario[key] != neutral:
            parts.append(f"{phrase(f'sheet_{key}', language)}: {scenario[key]:g}")
    if pd.notna(scenario["conversion_profile_id"]):
        parts.append(_conversion(tables, scenario, language))
    if pd.notna(row["flagged_profile_id"]):
        profiles = figures.titles(tables, "profiles", "profile_id", language)
        profile = profiles.get(row["flagged_profile_id"], row["flagged_profile_id"])
        parts.append(f"{phrase('flagged_profile', language)}: {profile}")
    spoken = (figures.spoken(scenario[name], language) for name in ("assumptions", "source"))
    parts += [text for text in spoken if isinstance(text, str)]
    return _fitted("; ".join(parts), "assumptions")


def _conversion(tables: Tables, scenario: pd.Series, language: Language) -> str:
    profile = scenario["conversion_profile_id"]
    title = figures.titles(tables, "profiles", "profile_id", language).get(profile, profile)
    share, chance = (figures.percent(scenario[f"conversion_{part}"], language) for part in ("share", "probability"))
    return f"{phrase('sheet_conversion', language)}: {title}, {share}, {chance}, {scenario['conversion_years']}"


def _sources(sources: pd.DataFrame, language: Language) -> str:
    named = sources[["title", "publisher", "edition"]].assign(title=sources["title"].fillna(sources["file_name"]))
    named = named.fillna(phrase("unknown", language))
    return _fitted("; ".join(dict.fromkeys(" / ".join(row) for row in named.itertuples(index=False))), "sources")


def _fitted(text: str, box: str) -> str:
    """A text cut to the room there is, with spaces where QGIS may break lines, which it does at spaces only."""
    widths = itertools.accumulate(2 if east_asian_width(letter) in "WFA" else 1 for letter in text)
    fitting = sum(width <= _WIDEST[box] for width in widths)
    cut = text if fitting == len(text) else f"{text[:fitting]} …"
    return _LONG_RUN.sub(r"\1 ", cut)


def _facts(rows: pd.DataFrame, language: Language) -> pd.DataFrame:
    lines = [
        (row["area_code"], position, phrase(fact.key, language), fact.value, figures.basis_mark(fact.basis))
        for row in _each(rows)
        for position, fact in enumerate(sheet_facts.facts(row, language))
    ]
    return pd.DataFrame(lines, columns=["area_code", "position", "label", "value", "mark"])


def _sensitivity(tables: Tables, rows: pd.DataFrame, language: Language) -> pd.DataFrame:
    lines = [
        (row["area_code"], position, *line)
        for row in _each(rows)
        for position, line in enumerate(sheet_facts.sensitivity(tables, row, language))
    ]
    return pd.DataFrame(lines, columns=["area_code", "position", "label", "value", "swing"])


def _words(tables: Tables, language: Language) -> dict[str, str]:
    values = figures.study_values(tables)
    return {
        **{f"heading_{part}": phrase(f"sheet_heading_{part}", language) for part in _HEADINGS},
        "study": figures.title(tables, language),
        "base_year": f"{phrase('base_year', language)} {values['base_year']}",
        "disclaimer": phrase("sheet_disclaimer", language),
        "basis_key": f"{phrase('basis_note', language)}: {figures.basis_key(language)}",
        "map_note": phrase("sheet_map_note", language),
        "page": phrase("sheet_page", language),
    }
