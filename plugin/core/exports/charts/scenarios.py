# SPDX-License-Identifier: GPL-2.0-or-later
"""Scenarios side by side: the depletion year of an area under each, and the years gained."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .. import figures
from ..figures import Tables
from ..state_styles import STYLES
from ..wording import Language, phrase
from . import canvas, lanes
from .canvas import A4_TEXT_WIDTH_MM, INK, QUIET, Axes, Figure

_LEFT_MM, _RIGHT_MM, _LINE_MM, _HEAD_MM, _FOOT_MM = 80.0, 40.0, 6.5, 12.0, 6.0
_TEXT_PT = 6.5


def scenarios(tables: Tables, area_code: str, language: Language) -> Figure:
    """Draw the depletion year with its range under each scenario, with the years gained beside it.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        `outlook` and `scenarios`; `gains` where there are any.
    area_code : str
        The area.
    language : {"ja", "en", "both"}
        Words of the chart; English where no font has Japanese letters.
    """
    language = canvas.drawable(language)
    outlook = tables["outlook"]
    rows = outlook[outlook["area_code"] == area_code].set_index("scenario_id", drop=False)
    titles = figures.titles(tables, "scenarios", "scenario_id", language)
    shown = rows.reindex([one for one in titles if one in rows.index])
    figure = canvas.sheet(A4_TEXT_WIDTH_MM, _HEAD_MM + _FOOT_MM + _LINE_MM * len(shown))
    title = f"{figures.area_name(shown.iloc[0], language)} – {phrase('chart_scenarios', language)}"
    canvas.title(figure, title)
    axes = canvas.place(figure, _LEFT_MM, _FOOT_MM, _RIGHT_MM, _HEAD_MM)
    _set_axes(axes, shown, [canvas.wrapped(titles[one], 46) for one in shown.index])
    gained = _gained(tables.get("gains"), area_code)
    for height, (_, row) in enumerate(shown.iterrows()):
        _draw_scenario(axes, float(height), row, gained, language)
    _beside(axes, -1.05, canvas.wrapped(phrase("chart_gain", language), 22), QUIET)
    return canvas.lettered(figure)


def _gained(gains: pd.DataFrame | None, area_code: str) -> pd.DataFrame:
    """Rows of `gains` of an area by scenario."""
    if gains is None:
        return pd.DataFrame()
    return gains[gains["area_code"] == area_code].drop_duplicates("scenario_id").set_index("scenario_id")


def _set_axes(axes: Axes, shown: pd.DataFrame, labels: list[str]) -> None:
    base, horizon = float(shown["base_year"].iloc[0]), float(shown["horizon_years"].iloc[0])
    axes.set_xlim(base - 0.6, base + horizon + 0.6)
    axes.set_ylim(len(shown) - 0.5, -0.5)
    ticks = np.arange(np.ceil(base / 5) * 5, base + horizon + 1, 5)
    axes.set_xticks(ticks, [f"{year:.0f}" for year in ticks])
    axes.set_yticks(range(len(shown)), labels)
    axes.tick_params(axis="y", length=0, labelsize=_TEXT_PT)
    axes.grid(axis="x", color=canvas.LINE, linewidth=0.5)
    axes.axvline(base, color=INK, linewidth=0.9, linestyle=(0, (1, 1)))
    axes.set_axisbelow(True)


def _draw_scenario(axes: Axes, height: float, row: pd.Series, gained: pd.DataFrame, language: Language) -> None:
    lanes.range_bar(axes, height, row, 0.42)
    year = row["depletion_year"]
    known = [one for one in (year, *(row[name] for name in figures.PERCENTILES.values())) if pd.notna(one)]
    if pd.notna(year):
        axes.plot(year, height, marker="D", markersize=4.2, markerfacecolor="white", markeredgecolor=INK)
    text = f"{figures.year(row, 'depletion_year', language)}  {STYLES[row['state']][2]}"
    lanes.beside(axes, height, known, text)
    _beside(axes, height, _gain(gained, row["scenario_id"], language), INK)


def _beside(axes: Axes, height: float, text: str, colour: str) -> None:
    axes.text(1.03, height, text, fontsize=_TEXT_PT, va="center", color=colour, transform=axes.get_yaxis_transform())


def _gain(gained: pd.DataFrame, scenario_id: str, language: Language) -> str:
    """Years gained by a scenario; a dash for the one that the others are held against."""
    if scenario_id not in gained.index:
        return "–"
    row = gained.loc[scenario_id]
    if pd.isna(row["gain_years"]):
        return figures.reasons(row["reason"], language) or phrase("unknown", language)
    return figures.gain_with_range(row, language)
