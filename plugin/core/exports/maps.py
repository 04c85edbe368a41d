# SPDX-License-Identifier: GPL-2.0-or-later
"""The map pictures: areas by state, or by depletion year in classes, with the year printed in each.

Colour, hatching and a letter or number say the same, so that the pictures can be read in black and white. Islands
that would make the map small are drawn in an inset.
"""

from __future__ import annotations

import textwrap
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from .. import bounds
from . import figures
from .charts import canvas
from .charts.canvas import Axes, Figure, Patch, patheffects
from .figures import Tables
from .ledger import replace
from .map_classes import By, Look, classes, looks
from .wording import Language, phrase

_OKINAWA = "47"
_MAIN_ISLANDS = shapely.box(128.4, 30.9, 146.2, 45.7)
_OKINAWA_ISLANDS = shapely.box(126.5, 26.0, 128.5, 27.0)
_INSET = (0.60, 0.06, 0.27, 0.17)
_SIZE_MM = (279.4, 292.1)
_DPI = 150
_MOST_NAMED = 5


def write(tables: Tables, path: Path, *, language: Language | None = None, by: By = "state") -> None:
    """Draw the headline scenario as a PNG.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        `outlook` with geometry, `scenarios`, `sources` and `study`; whatever else tells whether figures are synthetic.
    path : Path
        The PNG file, replaced as a whole if it is there.
    language : {"both", "ja", "en"}, optional
        Words of the picture; by default both, or English where no Japanese font is installed.
    by : {"state", "depletion_year"}
        What the areas are coloured by.

    Raises
    ------
    YochiError
        The file cannot be written.
    """
    figure = draw(tables, canvas.drawable(language or "both"), by=by)
    with replace(path) as draft:
        draft.write_bytes(canvas.png(figure, dpi=_DPI))


def draw(tables: Tables, language: Language, *, by: By = "state") -> Figure:
    """The picture as a matplotlib figure with an Agg canvas."""
    shown = _shown(tables, by)
    styles = looks(by, float(figures.study_values(tables)["base_year"]), language)
    figure = canvas.sheet(*_SIZE_MM)
    axes = figure.add_axes((0.03, 0.07, 0.94, 0.80))
    nationwide = _is_nationwide(shown)
    main = shown[shown["area_code"] != _OKINAWA] if nationwide else shown
    _draw_areas(axes, main, styles, language, crowded=len(main) > _MOST_NAMED)
    _set_extent(axes, main.clip(_MAIN_ISLANDS) if nationwide else main)
    if nationwide and len(shown) > len(main):
        _draw_okinawa(axes, shown[shown["area_code"] == _OKINAWA], styles, language)
    _write_around(figure, tables, language, by)
    _explain(axes, {name: look for name, look in styles.items() if (shown["class"] == name).any()}, language, by)
    return canvas.lettered(figure)


def _shown(tables: Tables, by: By) -> gpd.GeoDataFrame:
    """Areas with geometry and class; remainders and the nation would lie over them."""
    headline = figures.headline_outlook(tables)
    rows = gpd.GeoDataFrame(headline, geometry="geometry", crs=tables["outlook"].crs)
    rows = rows[rows.geometry.notna() & figures.is_own_area(rows)]
    return rows.assign(**{"class": classes(rows, by)}).sort_values("level", key=_cities_last, kind="stable")


def _cities_last(levels: pd.Series) -> pd.Series:
    """Designated cities are drawn over the prefecture that they lie in."""
    return levels.eq("designated_city")


def _is_nationwide(shown: gpd.GeoDataFrame) -> bool:
    west, south, east, north = shown.total_bounds  # NaN where nothing is shown: not nationwide
    return bool(north - south > 8 and east - west > 8)


def _draw_okinawa(axes: Axes, okinawa: gpd.GeoDataFrame, styles: dict[str, Look], language: Language) -> None:
    inset = axes.inset_axes(_INSET)
    _draw_areas(inset, okinawa, styles, language, crowded=True)
    _set_extent(inset, okinawa.clip(_OKINAWA_ISLANDS))
    inset.set_axis_on()  # the frame says that it is an inset
    inset.set(xticks=[], yticks=[])


def _draw_areas(
    axes: Axes, shown: gpd.GeoDataFrame, styles: dict[str, Look], language: Language, *, crowded: bool
) -> None:
    axes.set_axis_off()
    for name, rows in shown.groupby("class", sort=False):
        look = styles[str(name)]
        rows.plot(ax=axes, facecolor=look.fill, hatch=look.hatch, edgecolor="#55555580", linewidth=0.0)
        rows.boundary.plot(ax=axes, color="#222222", linewidth=0.6)
    for _, row in shown.iterrows():
        _label(axes, row, styles[row["class"]].sign, language, crowded=crowded)


def _label(axes: Axes, row: pd.Series, sign: str, language: Language, *, crowded: bool) -> None:
    largest = max(getattr(row.geometry, "geoms", [row.geometry]), key=lambda part: part.area)
    point = largest.representative_point()
    lines = [sign]
    if pd.notna(row["depletion_year"]):
        lines.append(f"{bounds.of_years(row['reason'])}{np.floor(row['depletion_year']):.0f}")
    if not crowded:
        lines.insert(0, figures.area_name(row, language))
    axes.text(
        point.x,
        point.y,
        "\n".join(lines),
        fontsize=7 if crowded else 13,
        linespacing=0.95,
        ha="center",
        va="center",
        path_effects=[patheffects.withStroke(linewidth=2.2, foreground="white")],
    )


def _set_extent(axes: Axes, shown: gpd.GeoDataFrame) -> None:
    if shown.empty:
        return
    west, south, east, north = shown.total_bounds
    margin = 0.02 * max(east - west, north - south)
    axes.set_xlim(west - margin, east + margin)
    axes.set_ylim(south - margin, north + margin)
    axes.set_aspect(1 / np.cos(np.radians((south + north) / 2)))


def _write_around(figure: Figure, tables: Tables, language: Language, by: By) -> None:
    values = figures.study_values(tables)
    synthetic = figures.is_synthetic(tables)
    figure.text(0.04, 0.965, phrase(f"map_title_{by}", language), fontsize=19, weight="bold")
    mark = f"[{phrase('synthetic_short', language)}]  " if synthetic else ""
    figure.text(0.04, 0.937, mark + figures.title(tables, language), fontsize=11)
    facts = {
        "scenario": figures.scenario_title(tables, values["headline_scenario"], language),
        "base_year": values["base_year"],
    }
    line = "; ".join(f"{phrase(key, language)}: {value}" for key, value in facts.items())
    figure.text(0.04, 0.914, f"{line}; {phrase('map_note', language)}", fontsize=9.5)
    if synthetic:
        figure.text(0.04, 0.89, phrase("synthetic_banner", language), fontsize=9.5, color="#8a1c00")
    if "sources" in tables:
        figure.text(0.04, 0.022, _source_line(tables["sources"], language), fontsize=7.5, color="#444444")


def _explain(axes: Axes, present: dict[str, Look], language: Language, by: By) -> None:
    handles = [
        Patch(facecolor=look.fill, hatch=look.hatch, edgecolor="#555555", label=f"{look.sign}  {look.text}")
        for look in present.values()
    ]
    heading = phrase(by, language)
    axes.legend(handles=handles, loc="upper left", prop={"size": 9.5}, framealpha=0.9, title=heading,
                title_fontproperties={"size": 9.5}, handlelength=2.6, handleheight=1.5)  # fmt: skip


def _source_line(sources: pd.DataFrame, language: Language) -> str:
    """Publishers of the inputs, as many as fit on two lines."""
    named = "; ".join(dict.fromkeys(sources["publisher"].dropna())) or phrase("unknown", language)
    lines = textwrap.wrap(f"{phrase('sources', language)}: {named}", width=150, max_lines=2, placeholder=" …")
    return "\n".join(lines)
