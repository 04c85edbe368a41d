# SPDX-License-Identifier: GPL-2.0-or-later
"""The map picture: areas by state, with the depletion year printed in each.

Colour, hatching and a letter say the same, so that the picture can be read in black and white. Islands that would
make the map small are drawn in an inset.
"""

from __future__ import annotations

import textwrap
import warnings
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

with warnings.catch_warnings():
    # where the system has a matplotlib of its own, this one finds that one's 3D axes, which are not used here
    warnings.filterwarnings("ignore", message="Unable to import Axes3D")
    from matplotlib import font_manager, patheffects
    from matplotlib.axes import Axes
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.patches import Patch

from . import figures
from .figures import Tables
from .ledger import replace
from .wording import Language, code_name, phrase

# fill, hatch and letter of each state; light fills, so that the printed year stays readable
STYLES = {
    "depleted": ("#b08cc4", "xxx", "×"),
    "too_late": ("#ef8472", "////", "A"),
    "start_now": ("#fdbf7f", "\\\\\\", "B"),
    "time_left": ("#fef0b8", "...", "C"),
    "not_within_horizon": ("#9ecae1", "", "D"),
    "no_data": ("#ffffff", "--", "?"),
}
_CJK_FONTS = ("Noto Sans CJK JP", "Noto Sans JP", "IPAexGothic", "IPAGothic", "TakaoGothic", "Yu Gothic", "Meiryo",
              "Hiragino Sans", "MS Gothic")  # fmt: skip
_OKINAWA = "47"
_MAIN_ISLANDS = shapely.box(128.4, 30.9, 146.2, 45.7)
_OKINAWA_ISLANDS = shapely.box(126.5, 26.0, 128.5, 27.0)
_INSET = (0.60, 0.06, 0.27, 0.17)


def write(tables: Tables, path: Path, *, language: Language | None = None) -> None:
    """Draw the headline scenario as a PNG.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Every contract table by name, and `study`; `outlook` with geometry.
    path : Path
        The PNG file, replaced as a whole if it is there.
    language : {"both", "ja", "en"}, optional
        Words of the picture; by default both, or English where no Japanese font is installed.

    Raises
    ------
    YochiError
        The file cannot be written.
    """
    font = _japanese_font()
    words: Language = language or ("both" if font else "en")
    with replace(path) as draft:
        draw(tables, words, font).savefig(draft, format="png", dpi=150, metadata={"Software": None})


def draw(tables: Tables, language: Language, font: str | None) -> Figure:
    """The picture as a matplotlib figure with an Agg canvas."""
    shown = gpd.GeoDataFrame(figures.headline_outlook(tables), geometry="geometry", crs=tables["outlook"].crs)
    shown = shown[shown.geometry.notna()].sort_values("level", key=_cities_last, kind="stable")
    figure = Figure(figsize=(11, 11.5), layout=None)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.03, 0.07, 0.94, 0.80))
    nationwide = _is_nationwide(shown)
    main = shown[shown["area_code"] != _OKINAWA] if nationwide else shown
    _draw_areas(axes, main, language, font, crowded=len(main) > 5)
    _set_extent(axes, main.clip(_MAIN_ISLANDS) if nationwide else main)
    if nationwide and len(shown) > len(main):
        inset = axes.inset_axes(_INSET)
        okinawa = shown[shown["area_code"] == _OKINAWA]
        _draw_areas(inset, okinawa, language, font, crowded=True)
        _set_extent(inset, okinawa.clip(_OKINAWA_ISLANDS))
        inset.set_axis_on()  # the frame says that it is an inset
        inset.set(xticks=[], yticks=[])
    _write_around(figure, axes, tables, shown, language, font)
    return figure


def _japanese_font() -> str | None:
    installed = {font.name for font in font_manager.fontManager.ttflist}
    return next((name for name in _CJK_FONTS if name in installed), None)


def _cities_last(levels: pd.Series) -> pd.Series:
    """Designated cities are drawn over the prefecture that they lie in."""
    return levels.eq("designated_city")


def _is_nationwide(shown: gpd.GeoDataFrame) -> bool:
    west, south, east, north = shown.total_bounds  # NaN where nothing is shown: not nationwide
    return bool(north - south > 8 and east - west > 8)


def _draw_areas(axes: Axes, shown: gpd.GeoDataFrame, language: Language, font: str | None, *, crowded: bool) -> None:
    axes.set_axis_off()
    for state, rows in shown.groupby("state", sort=False):
        fill, hatch, _ = STYLES[str(state)]
        rows.plot(ax=axes, facecolor=fill, hatch=hatch, edgecolor="#55555580", linewidth=0.0)
        rows.boundary.plot(ax=axes, color="#222222", linewidth=0.6)
    for _, row in shown.iterrows():
        _label(axes, row, language, font, crowded=crowded)


def _label(axes: Axes, row: pd.Series, language: Language, font: str | None, *, crowded: bool) -> None:
    largest = max(getattr(row.geometry, "geoms", [row.geometry]), key=lambda part: part.area)
    point = largest.representative_point()
    state = str(row["state"])
    lines = [STYLES[state][2]]
    if pd.notna(row["depletion_year"]):
        lines.append(f"{figures.bound(row)}{np.floor(row['depletion_year']):.0f}")
    if not crowded:
        lines.insert(0, row["name_en"] if language == "en" and isinstance(row["name_en"], str) else row["name"])
    axes.text(
        point.x,
        point.y,
        "\n".join(lines),
        fontsize=7 if crowded else 13,
        linespacing=0.95,
        ha="center",
        va="center",
        family=font,
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


def _write_around(
    figure: Figure, axes: Axes, tables: Tables, shown: gpd.GeoDataFrame, language: Language, font: str | None
) -> None:
    values = figures.study_values(tables)
    synthetic = figures.is_synthetic(tables)
    figure.text(0.04, 0.965, phrase("map_title", language), fontsize=19, weight="bold", family=font)
    mark = f"[{phrase('synthetic_short', language)}]  " if synthetic else ""
    figure.text(0.04, 0.937, mark + figures.title(tables, language), fontsize=11, family=font)
    facts = {
        "scenario": figures.titles(tables, "scenarios", "scenario_id", language)[values["headline_scenario"]],
        "base_year": values["base_year"],
    }
    line = "; ".join(f"{phrase(key, language)}: {value}" for key, value in facts.items())
    figure.text(0.04, 0.914, f"{line}; {phrase('map_note', language)}", fontsize=9.5, family=font)
    if synthetic:
        figure.text(0.04, 0.89, phrase("synthetic_banner", language), fontsize=9.5, color="#8a1c00", family=font)
    figure.text(0.04, 0.022, _source_line(tables["sources"], language), fontsize=7.5, color="#444444", family=font)
    present = [state for state in STYLES if (shown["state"] == state).any()]
    handles = [
        Patch(facecolor=STYLES[state][0], hatch=STYLES[state][1], edgecolor="#555555", label=_legend(state, language))
        for state in present
    ]
    prop = {"family": font, "size": 9.5} if font else {"size": 9.5}
    axes.legend(handles=handles, loc="upper left", prop=prop, framealpha=0.9, title=phrase("state", language),
                title_fontproperties=prop, handlelength=2.6, handleheight=1.5)  # fmt: skip


def _legend(state: str, language: Language) -> str:
    return f"{STYLES[state][2]}  {code_name('states', state, language)}"


def _source_line(sources: pd.DataFrame, language: Language) -> str:
    """Publishers of the inputs, as many as fit on two lines."""
    named = "; ".join(dict.fromkeys(sources["publisher"].dropna())) or phrase("unknown", language)
    lines = textwrap.wrap(f"{phrase('sources', language)}: {named}", width=150, max_lines=2, placeholder=" …")
    return "\n".join(lines)
