# SPDX-License-Identifier: GPL-2.0-or-later
"""The report: one HTML file that holds what a planner prints or passes on inside the prefecture.

It needs no network. Each figure stands beside the mark of its basis; a total that is not the sum of its parts stops
the report.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from string import Template

import pandas as pd

from ..area_tree import roots
from ..provenance import weakest
from ..reconcile import reconcile
from . import figures
from .figures import Tables, count, hectares
from .ledger import replace
from .markup import Cell, Html, escaped, figure, paragraphs, section, table
from .wording import LAYOUTS, Language, code_name, phrase

_VERDICT_HA = ["met_ha", "not_met_ha", "undecidable_ha"]
_MOST_ROWS = 200
_MOST_FACTS = 40


def write(tables: Tables, path: Path, *, language: Language = "both") -> None:
    """Write the report of a study.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Every contract table by name, and `study`.
    path : Path
        The HTML file, replaced as a whole if it is there.
    language : {"both", "ja", "en"}
        Words of the report.

    Raises
    ------
    ReconciliationError
        A total is not the sum of its parts to 0.01 ha.
    YochiError
        The file cannot be written.
    """
    page = render(tables, language)
    with replace(path) as draft:
        draft.write_text(page, encoding="utf-8")


def write_forecast(outlook: pd.DataFrame, scenarios: pd.DataFrame, path: Path, *, language: Language = "both") -> None:
    """Write the report of a forecast alone: the sections that `outlook` and `scenarios` can fill.

    The last scenario is the one whose areas are listed. Errors are those of `write`.
    """
    first = outlook.iloc[0]
    leads = (first[f"lead_time_{name}_years"] for name in ("min", "mode", "max"))
    values = {
        "title_ja": phrase("outlook", "ja"),
        "title_en": phrase("outlook", "en"),
        "base_year": f"{first['base_year']:g}",
        "horizon_years": f"{first['horizon_years']:g}",
        "headline_scenario": scenarios["scenario_id"].iloc[-1],
        "lead_times_years": ", ".join(f"{years:g}" for years in leads),
    }
    study = pd.DataFrame({"key": list(values), "value": list(values.values())})
    write({"outlook": outlook, "scenarios": scenarios, "study": study}, path, language=language)


def render(tables: Tables, language: Language = "both") -> str:
    """The report as one HTML page, with the sections for which there are tables."""
    sections = [one for one, needed in _SECTIONS.items() if needed <= tables.keys()]
    layout = Template((LAYOUTS / "report.html").read_text(encoding="utf-8"))
    return layout.substitute(
        language="en" if language == "en" else "ja",
        title=escaped(figures.title(tables, language)),
        banner=_banner(tables, language),
        about=_about(tables, language),
        sections="\n".join(one(tables, language) for one in sections),
    )


def _banner(tables: Tables, language: Language) -> str:
    if not figures.is_synthetic(tables):
        return ""
    return f'<p class="banner">{escaped(phrase("synthetic_banner", language))}</p>'


def _about(tables: Tables, language: Language) -> Html:
    values = figures.study_values(tables)
    keys = {"base_year": "base_year", "horizon": "horizon_years", "scenario": "headline_scenario"}
    scenarios = figures.titles(tables, "scenarios", "scenario_id", language)
    values["headline_scenario"] = scenarios[values["headline_scenario"]]
    facts = "; ".join(f"{phrase(word, language)}: {values[key]}" for word, key in keys.items())
    marks = f"{phrase('basis_note', language)}: {figures.basis_key(language)}"
    notes = [values["note"]] if values.get("note") else []
    return paragraphs(facts, phrase("disclaimer", language), marks, *notes)


def _heads(language: Language, *keys: str) -> list[str]:
    return [phrase(key, language) for key in keys]


def _outlook(tables: Tables, language: Language) -> Html:
    shown = figures.headline_outlook(tables)
    head = _heads(language, "code", "area", "stock_ha", "take_up_ha", "depletion_year", "start_by_3", "start_by_4")
    head += _heads(language, "start_by_5", "state")
    columns = figures.outlook_columns(shown)
    rows = [_outlook_row(row, number, columns, language) for number, row in shown.iterrows()]
    stock, take_up, *flags = (_total(column, language) for column in columns.values())
    bounded = Html(max((figures.bound(row) for _, row in shown.iterrows()), default="") + str(stock))
    foot: list[Cell] = ["", phrase("total", language), bounded, take_up, "", "", "", "", "", *flags]
    notes = [phrase("outlook_note", language)]
    if "profiles" in tables:
        head += _heads(language, "flag_met", "flag_undecidable")
        names = figures.titles(tables, "profiles", "profile_id", language)
        flagged = ", ".join(names[one] for one in shown["flagged_profile_id"].dropna().unique())
        notes.append(f"{phrase('flagged_profile', language)}: {flagged}")
    return section(phrase("outlook", language), table(head, rows, foot), paragraphs(*notes))


def _outlook_row(
    row: pd.Series, number: object, columns: dict[str, figures.PrintedColumn], language: Language
) -> list[Cell]:
    stock, take_up, *flags = (
        figure(hectares(column.parts[number], language), column.bases[number], language) for column in columns.values()
    )
    state = str(row["state"])
    years = [figure(figures.year(row, name, language), row["basis"], language) for name in figures.YEARS]
    shown_state = Html(f'<span class="state {escaped(state)}">{escaped(code_name("states", state, language))}</span>')
    bounded = Html(figures.bound(row) + stock)
    return [str(row["area_code"]), str(row["name"]), bounded, take_up, *years, shown_state, *flags]


def _total(column: figures.PrintedColumn, language: Language) -> Cell:
    shown = figure(hectares(column.total, language), column.basis, language)
    if not column.unknown:
        return shown
    return Html(f"{shown}<br><small>{escaped(phrase('unknown_not_in_total', language))}: {column.unknown}</small>")


def _layers(tables: Tables, language: Language) -> Html:
    totals = figures.layer_totals(tables)
    head = _heads(language, "layer", "sites", "sites_unknown", "available_ha", "overlap_ha", "counted_ha")
    rows = [_layer_row(str(layer), row, language) for layer, row in totals.layers.iterrows()]
    layers = list(totals.by_area.columns)
    by_area = [_area_row(code, totals, layers, language) for code in totals.by_area.index]
    foot: list[Cell] = ["", phrase("total", language)]
    foot += [
        figure(hectares(totals.layers.loc[layer, "counted_ha"], language), totals.layers.loc[layer, "basis"], language)
        for layer in layers
    ]
    names = [code_name("layers", layer, language) for layer in layers]
    return section(
        phrase("layers", language),
        paragraphs(phrase("layers_note", language)),
        table(head, rows),
        Html(f"<h3>{escaped(phrase('layers_by_area', language))}</h3>"),
        table([*_heads(language, "code", "area"), *names], by_area, foot),
    )


def _layer_row(layer: str, row: pd.Series, language: Language) -> list[Cell]:
    hectare_cells = [
        figure(hectares(row[name], language), row["basis"], language)
        for name in ("available_ha", "overlap_ha", "counted_ha")
    ]
    return [code_name("layers", layer, language), count(row["sites"]), count(row["sites_unknown"]), *hectare_cells]


def _area_row(code: str, totals: figures.LayerTotals, layers: list[str], language: Language) -> list[Cell]:
    name = totals.names[code]
    cells: list[Cell] = [str(code), phrase("unplaced", language) if pd.isna(name) else str(name)]
    for layer in layers:
        basis = totals.bases.loc[code, layer]
        here = not pd.isna(basis)  # no row in the summary: the area has no site of this layer
        cells.append(figure(hectares(totals.by_area.loc[code, layer], language), basis, language) if here else "–")
    return cells


def _overlaps(tables: Tables, language: Language) -> Html:
    overlaps = tables["overlaps"]
    head = _heads(language, "gives_way", "kept", "overlap_ha", "removed_ha")
    columns = {
        name: figures.summed(overlaps[name], overlaps["basis"], what=name) for name in ("overlap_ha", "removed_ha")
    }
    rows = [
        [
            str(row["site_id"]),
            str(row["kept_site_id"]),
            *(figure(hectares(c.parts[number], language), row["basis"], language) for c in columns.values()),
        ]
        for number, row in overlaps.head(_MOST_ROWS).iterrows()
    ]
    foot: list[Cell] = [phrase("total", language), "", *(_total(column, language) for column in columns.values())]
    left = len(overlaps) - len(rows)
    notes = [phrase("overlaps_note", language), *(f"{phrase('rule', language)}: {one}" for one in _rules(overlaps))]
    notes += [f"{left} {phrase('not_shown', language)}"] if left > 0 else []
    return section(phrase("overlaps", language), paragraphs(*notes), _table_or_none(head, rows, language, foot=foot))


def _rules(overlaps: pd.DataFrame) -> list[str]:
    return sorted(overlaps["rule"].dropna().unique())


def _table_or_none(
    head: list[str], rows: list[list[Cell]], language: Language, *, foot: list[Cell] | None = None
) -> Html:
    return table(head, rows, foot) if rows else paragraphs(phrase("none", language))


def _profiles(tables: Tables, language: Language) -> Html:
    head = _heads(language, "profile", "status", "date", "source", "flagged_met", "flagged_not_met")
    head += _heads(language, "flagged_undecidable", "site_ha", "unknown_not_in_total")
    names = figures.titles(tables, "profiles", "profile_id", language)
    sources = tables["profiles"].set_index("profile_id")["source"]
    rows = [
        _profile_row([names[one], sources[one]], rows, language)
        for one, rows in tables["verdicts"].groupby("profile_id")
    ]
    sliver = f"{phrase('sliver', language)}: {figures.study_values(tables)['sliver_ha']}"
    words = paragraphs(phrase("disclaimer", language), phrase("profiles_note", language), sliver)
    assumed = tables["profiles"].dropna(subset="assumptions")
    notes = paragraphs(
        *(
            f"{names[row['profile_id']]} – {phrase('assumptions', language)}: {row['assumptions']}"
            for _, row in assumed.iterrows()
        )
    )
    return section(phrase("profiles", language), words, _table_or_none(head, rows, language), notes)


def _profile_row(described: list[str], verdicts: pd.DataFrame, language: Language) -> list[Cell]:
    title, source = described
    stated = float(verdicts["site_ha"].sum())
    parts = verdicts[_VERDICT_HA].sum()
    reconcile(float(parts.sum()), stated, title)
    basis = weakest(["derived", *verdicts["basis"]])
    column = figures.summed(parts, pd.Series(basis, index=parts.index), what=title)
    first = verdicts.iloc[0]
    return [
        title,
        code_name("profile_statuses", first["profile_status"], language),
        str(first["profile_date"] or phrase("unknown", language)),
        source,
        *(figure(hectares(part, language), basis, language) for part in column.parts),
        figure(hectares(column.total, language), basis, language),
        count(verdicts["site_ha"].isna().sum()),
    ]


def _comparison(tables: Tables, language: Language) -> Html:
    compared, areas = tables["comparison"], tables["areas"]
    names = figures.titles(tables, "profiles", "profile_id", language)
    outer = compared[~compared["area_code"].isin(areas.loc[~roots(areas), "area_code"])]
    by_area = {code: rows.set_index("profile_id") for code, rows in outer.groupby("area_code")}
    area_names = areas.set_index("area_code")["name"]
    rows: list[list[Cell]] = [
        [code, area_names.get(code, phrase("unplaced", language)), *(_compared(found, one, language) for one in names)]
        for code, found in by_area.items()
    ]
    head = [*_heads(language, "code", "area"), *names.values()]
    words = paragraphs(phrase("disclaimer", language), phrase("comparison_note", language))
    return section(phrase("comparison", language), words, _table_or_none(head, rows, language))


def _compared(found: pd.DataFrame, profile_id: str, language: Language) -> Cell:
    if profile_id not in found.index:
        return "–"
    row = found.loc[profile_id]
    return figure(f"{hectares(row['met_ha'])} ({hectares(row['undecidable_ha'])})", row["basis"], language)


def _find_next(tables: Tables, language: Language) -> Html:
    facts = tables["find_next"]
    names = figures.titles(tables, "profiles", "profile_id", language)
    shown = facts.sort_values(["decides_ha", "may_decide_ha"], ascending=False, kind="stable").head(_MOST_FACTS)
    head = _heads(language, "profile", "code", "fact", "subject", "sites", "decides_ha", "may_decide_ha")
    rows: list[list[Cell]] = [
        [
            names[row["profile_id"]],
            row["area_code"],
            code_name("facts", row["fact"], language),
            phrase("each_site", language) if row["subject"] == "each_site" else row["subject"],
            count(row["sites"]),
            figure(hectares(row["decides_ha"]), row["basis"], language),
            figure(hectares(row["may_decide_ha"]), row["basis"], language),
        ]
        for _, row in shown.iterrows()
    ]
    left = len(facts) - len(rows)
    notes = [phrase("find_next_note", language)]
    notes += [f"{left} {phrase('not_shown', language)}"] if left > 0 else []
    return section(phrase("find_next", language), paragraphs(*notes), _table_or_none(head, rows, language))


def _scenarios(tables: Tables, language: Language) -> Html:
    outlook = tables["outlook"]
    states = [str(row) for row in figures.STATES if (outlook["state"] == row).any()]
    head = _heads(language, "scenario", "areas", "pipeline_ha", "undated")
    head += [code_name("states", state, language) for state in states]
    names = figures.titles(tables, "scenarios", "scenario_id", language)
    rows = [
        _scenario_row(names[str(one)], rows, states, language)
        for one, rows in outlook.groupby("scenario_id", sort=False)
    ]
    values = figures.study_values(tables)
    lead = f"{phrase('lead_times', language)}: {values['lead_times_years']}"
    return section(phrase("scenarios", language), paragraphs(lead), _table_or_none(head, rows, language))


def _scenario_row(title: str, outlook: pd.DataFrame, states: list[str], language: Language) -> list[Cell]:
    outer = outlook[figures.in_total(outlook)]
    without = outer["pipeline_projects"].isna().all()
    arriving = figures.summed(outer["pipeline_ha"], outer["pipeline_basis"], what=title)
    return [
        title,
        count(len(outlook)),
        phrase("none", language) if without else figure(hectares(arriving.total, language), arriving.basis, language),
        phrase("none", language) if without else count(outer["pipeline_undated_projects"].sum()),
        *(count((outlook["state"] == state).sum()) for state in states),
    ]


def _sources(tables: Tables, language: Language) -> Html:
    texts = ["title", "publisher", "edition", "licence", "file_name"]
    numbers = ["rows_read", "rows_used", "rows_rejected"]
    head = _heads(language, "source_title", *texts[1:], "sha256", *numbers, "basis")
    rows: list[list[Cell]] = [
        [
            *(_text(row[name], language) for name in texts),
            Html(f"<code>{escaped(_text(row['sha256'], language))}</code>"),
            *(count(row[name], language) for name in numbers),
            code_name("bases", row["basis"] or "unknown", language),
        ]
        for _, row in tables["sources"].iterrows()
    ]
    return section(phrase("sources", language), _table_or_none(head, rows, language))


def _text(value: object, language: Language) -> str:
    return phrase("unknown", language) if value is None or pd.isna(value) or value == "" else str(value)


def _fixlist(tables: Tables, language: Language) -> Html:
    head = _heads(language, "source", "severity", "rows")
    rows = list(_fixlist_rows(tables["fixlist"], language))
    note = paragraphs(phrase("fixlist_note", language))
    return section(phrase("fixlist", language), note, _table_or_none(head, rows, language))


def _fixlist_rows(fixlist: pd.DataFrame, language: Language) -> Iterator[list[Cell]]:
    for (source_id, severity), number in fixlist.groupby(["source_id", "severity"]).size().items():
        yield [str(source_id), code_name("severities", str(severity), language), count(number)]


_SECTIONS = {
    _outlook: {"outlook", "scenarios", "study"},
    _layers: {"summary", "areas", "sites"},
    _overlaps: {"overlaps"},
    _profiles: {"verdicts", "profiles", "study"},
    _comparison: {"comparison", "profiles", "areas"},
    _find_next: {"find_next", "profiles"},
    _scenarios: {"outlook", "scenarios", "study"},
    _sources: {"sources"},
    _fixlist: {"fixlist"},
}
"""The sections in order, and the tables that each needs."""
