# SPDX-License-Identifier: GPL-2.0-or-later
"""The overview: a line an area, the one that must start first on top, those without data at the end."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ...contracts import START_BY_YEARS
from .. import figures
from ..figures import Tables
from ..state_styles import STYLES
from ..wording import Language, phrase
from . import canvas, lanes
from .canvas import A4_TEXT_WIDTH_MM, INK, QUIET, Axes, Figure

MOST_AREAS = 80
"""What fits on an upright A4 page."""

_LINE_MM, _HEAD_MM, _FOOT_MM = 3.1, 25.0, 6.0
_LEFT_MM = 34.0
_RIGHT_MM = {"ja": 32.0, "en": 32.0, "both": 56.0}
_TEXT_PT = 6.0
_MOST_YEARS_BACK = 8.0


def overview(tables: Tables, scenario_id: str, language: Language) -> Figure:
    """Draw the depletion year with its range and the start-by years of each area.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        `outlook`.
    scenario_id : str
        Scenario that is shown.
    language : {"ja", "en", "both"}
        Words of the chart; English where no font has Japanese letters.

    Returns
    -------
    Figure
        186 mm wide; the height goes with the number of areas. Lead times are the same everywhere, so that the order by
        start-by year is that by depletion year. Of more than `MOST_AREAS` areas the first are drawn.
    """
    language = canvas.drawable(language)
    shown = urgent_first(tables["outlook"], scenario_id).head(MOST_AREAS)
    figure = canvas.sheet(A4_TEXT_WIDTH_MM, _HEAD_MM + _FOOT_MM + _LINE_MM * max(len(shown), 1))
    axes = canvas.place(figure, _LEFT_MM, _FOOT_MM, _RIGHT_MM[language], _HEAD_MM)
    canvas.title(
        figure, f"{phrase('chart_overview', language)} – {figures.scenario_title(tables, scenario_id, language)}"
    )
    _explain(figure, language)
    if shown.empty:
        canvas.say_nothing(axes, phrase("none", language))
        return canvas.lettered(figure)
    _set_axes(axes, shown, language)
    for height, (_, row) in enumerate(shown.iterrows()):
        _draw_area(axes, float(height), row, language)
    return canvas.lettered(figure)


def urgent_first(outlook: pd.DataFrame, scenario_id: str) -> pd.DataFrame:
    """Areas of a scenario, no remainder and no nation: by depletion year, then those that last, then those unknown."""
    rows = outlook[(outlook["scenario_id"] == scenario_id) & figures.is_own_area(outlook)]
    last = rows["state"].map({"no_data": 2, "not_within_horizon": 1}).fillna(0)
    ordered = rows.assign(last=last).sort_values(["last", "depletion_year", "depletion_p50_year", "area_code"])
    return ordered.drop(columns="last").reset_index(drop=True)


def _explain(figure: Figure, language: Language) -> None:
    """What the marks mean, drawn with the marks themselves."""
    width, height = (float(inches) * canvas.MM_PER_INCH for inches in figure.get_size_inches())
    axes = canvas.place(figure, 2.0, height - 14.0, 2.0, 5.5)
    axes.set_axis_off()
    axes.set(xlim=(0, width - 4.0), ylim=(-1.5, 0.5))
    example = pd.Series(
        {
            **dict(zip(figures.PERCENTILES.values(), (1.0, 4.0, 7.0), strict=True)),
            "base_year": 0.0,
            "horizon_years": 9.0,
        }
    )
    lanes.range_bar(axes, 0.0, example, 0.55)
    _say(axes, 9.0, 0.0, phrase("chart_key_range", language))
    axes.plot(95.0, 0.0, marker="D", markersize=3.6, markerfacecolor="white", markeredgecolor=INK)
    _say(axes, 98.0, 0.0, phrase("chart_key_expected", language))
    _say(axes, 0.5, -1.0, "5 4 3")
    _say(axes, 9.0, -1.0, phrase("chart_key_starts", language))
    axes.plot(95.0, -1.0, marker="^", markersize=4, color=INK)
    _say(axes, 98.0, -1.0, phrase("chart_key_safe", language))


def _say(axes: Axes, position: float, height: float, text: str) -> None:
    axes.text(position, height, text, fontsize=6.5, va="center_baseline", color=INK)


def _set_axes(axes: Axes, shown: pd.DataFrame, language: Language) -> None:
    base, horizon = float(shown["base_year"].iloc[0]), float(shown["horizon_years"].iloc[0])
    first = base - _MOST_YEARS_BACK
    axes.set_xlim(first, base + horizon + 0.5)
    axes.set_ylim(len(shown) - 0.5, -0.5)
    ticks = np.arange(np.ceil(first / 5) * 5, base + horizon + 1, 5)
    axes.set_xticks(ticks, [f"{year:.0f}" for year in ticks])
    axes.set_yticks(range(len(shown)), [_label(row, language) for _, row in shown.iterrows()])
    axes.tick_params(axis="y", length=0, labelsize=_TEXT_PT)
    axes.tick_params(axis="x", labelsize=6.5, labeltop=True)
    axes.grid(axis="x", color=canvas.LINE, linewidth=0.5)
    axes.hlines(np.arange(5, len(shown), 5) - 0.5, *axes.get_xlim(), color=canvas.LINE, linewidth=0.5)
    axes.set_axisbelow(True)
    axes.axvspan(first, base, facecolor="#efefef", edgecolor="none", zorder=0)
    axes.axvline(base, color=INK, linewidth=0.9, linestyle=(0, (1, 1)), zorder=1)
    text = f"{phrase('base_year', language)} {base:g}"
    axes.annotate(text, (base, 1.0), (0, 13), xycoords=axes.get_xaxis_transform(), textcoords="offset points",
                  fontsize=6.5, ha="center", va="bottom", color=INK)  # fmt: skip


def _label(row: pd.Series, language: Language) -> str:
    return f"{figures.area_name(row, language)}  {STYLES[row['state']][2]}"


def _draw_area(axes: Axes, height: float, row: pd.Series, language: Language) -> None:
    lanes.range_bar(axes, height, row, 0.5)
    first, last = axes.get_xlim()
    for column, lead in START_BY_YEARS.items():
        if pd.notna(row[column]) and row[column] > first:
            axes.text(row[column], height, f"{lead:g}", fontsize=_TEXT_PT, ha="center", va="center_baseline", color=INK,
                      bbox=canvas.CLEAR, zorder=4)  # fmt: skip
    if pd.notna(row["start_by_safe_year"]) and row["start_by_safe_year"] > first:
        axes.plot(row["start_by_safe_year"], height + 0.26, marker="^", markersize=2.6, color=INK, zorder=6)
    if pd.notna(row["depletion_year"]):
        axes.plot(row["depletion_year"], height, marker="D", markersize=2.9, markerfacecolor="white",
                  markeredgecolor=INK, markeredgewidth=0.8, zorder=5)  # fmt: skip
    text = figures.year(row, "depletion_year", language)
    if row["state"] == "no_data" and pd.isna(row["depletion_year"]):
        text = figures.reasons(row["reason"], language) or phrase("chart_no_data", language)
        axes.text(row["base_year"] + 0.4, height, text, fontsize=_TEXT_PT, va="center_baseline", color=QUIET)
        return
    axes.text(last + 0.5, height, f"{text}  {figures.state_name(row, language)}", fontsize=_TEXT_PT,
              va="center_baseline", color=INK, clip_on=False)  # fmt: skip
