# SPDX-License-Identifier: GPL-2.0-or-later
"""Land as it was counted: the three layers, and the overlaps among sites."""

from __future__ import annotations

import pandas as pd

from .. import totals
from ..figures import Tables, count, hectares
from ..markup import Cell, Html, escaped, figure, paragraphs, section, table
from ..wording import Language, code_name, phrase
from .parts import MOST_ROWS, area_names, code_cell, heads, left_out, table_or_none, total


def layers(tables: Tables, language: Language) -> Html:
    """Each layer with what it counts, and each area; the layers are never added up."""
    found = totals.layer_totals(tables)
    names = area_names(tables["areas"], language)
    head = heads(language, "layer", "sites", "sites_unknown", "available_ha", "overlap_ha", "counted_ha")
    rows = [_layer_row(str(layer), row, language) for layer, row in found.layers.iterrows()]
    layers = list(found.by_area.columns)
    by_area = [_area_row(code, names, found, language) for code in found.by_area.index]
    foot: list[Cell] = ["", phrase("total", language)]
    foot += [
        figure(hectares(found.layers.loc[layer, "counted_ha"], language), found.layers.loc[layer, "basis"], language)
        for layer in layers
    ]
    titles = [code_name("layers", layer, language) for layer in layers]
    return section(
        phrase("layers", language),
        paragraphs(phrase("layers_note", language)),
        table(head, rows),
        Html(f"<h3>{escaped(phrase('layers_by_area', language))}</h3>"),
        table([*heads(language, "code", "area"), *titles], by_area, foot),
    )


def _layer_row(layer: str, row: pd.Series, language: Language) -> list[Cell]:
    hectare_cells = [
        figure(hectares(row[name], language), row["basis"], language)
        for name in ("available_ha", "overlap_ha", "counted_ha")
    ]
    return [
        code_name("layers", layer, language),
        count(row["sites"], language),
        count(row["sites_unknown"], language),
        *hectare_cells,
    ]


def _area_row(code: str, names: dict[str, str], found: totals.LayerTotals, language: Language) -> list[Cell]:
    cells: list[Cell] = [code_cell(code), names.get(code, phrase("unplaced", language))]
    for layer in found.by_area.columns:
        basis = found.bases.loc[code, layer]
        here = not pd.isna(basis)  # no row in the summary: the area has no site of this layer
        cells.append(figure(hectares(found.by_area.loc[code, layer], language), basis, language) if here else "–")
    return cells


def overlaps(tables: Tables, language: Language) -> Html:
    """Land that two sites cover and where it was counted."""
    pairs = tables["overlaps"]
    head = heads(language, "gives_way", "kept", "overlap_ha", "removed_ha")
    columns = {name: totals.summed(pairs[name], pairs["basis"], what=name) for name in ("overlap_ha", "removed_ha")}
    rows = [
        [
            str(row["site_id"]),
            str(row["kept_site_id"]),
            *(figure(hectares(c.parts[number], language), row["basis"], language) for c in columns.values()),
        ]
        for number, row in pairs.head(MOST_ROWS).iterrows()
    ]
    foot: list[Cell] = [phrase("total", language), "", *(total(column, language) for column in columns.values())]
    notes = [phrase("overlaps_note", language), *(f"{phrase('rule', language)}: {one}" for one in _rules(pairs))]
    notes += left_out(len(pairs) - len(rows), language)
    return section(phrase("overlaps", language), paragraphs(*notes), table_or_none(head, rows, language, foot=foot))


def _rules(pairs: pd.DataFrame) -> list[str]:
    return sorted(pairs["rule"].dropna().unique())
