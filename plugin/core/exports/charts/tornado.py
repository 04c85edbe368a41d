# SPDX-License-Identifier: GPL-2.0-or-later
"""The tornado chart of an area: how far each input moves the start-by year by itself."""

from __future__ import annotations

import pandas as pd

from ... import bounds
from ...resources import code_list
from .. import figures
from ..figures import Tables
from ..wording import Language, join, phrase
from . import canvas
from .canvas import A4_TEXT_WIDTH_MM, INK, QUIET, Axes, Figure

_LEFT_MM, _RIGHT_MM, _LINE_MM, _HEAD_MM, _FOOT_MM = 48.0, 24.0, 6.5, 9.0, 7.0
_ENDS = {"low": ("#c3d5e6", ""), "high": ("#f0b79a", "////")}
_TEXT_PT = 6.5
_LEAST_SPAN_YEARS = 2.0


def tornado(tables: Tables, area_code: str, scenario_id: str, language: Language) -> Figure:
    """Draw the start-by year at both ends of each input, the input that moves it most on top.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        `sensitivity` and `outlook`, whose row gives the start-by year at the likeliest lead time.
    area_code, scenario_id : str
        The rows of both.
    language : {"ja", "en", "both"}
        Words of the chart; English where no font has Japanese letters.

    Returns
    -------
    Figure
        186 mm wide. An end beyond the horizon is drawn as a point at the edge.
    """
    language = canvas.drawable(language)
    moved = rows_of(tables["sensitivity"], area_code, scenario_id)
    row = rows_of(tables["outlook"], area_code, scenario_id).iloc[0]
    middle = row["depletion_year"] - row["lead_time_mode_years"]
    figure = canvas.sheet(A4_TEXT_WIDTH_MM, _HEAD_MM + _FOOT_MM + _LINE_MM * max(len(moved), 1))
    title = f"{figures.area_name(row, language)} – {phrase('chart_tornado', language)}"
    canvas.title(figure, title)
    axes = canvas.place(figure, _LEFT_MM, _FOOT_MM, _RIGHT_MM, _HEAD_MM)
    if moved.empty:
        canvas.say_nothing(axes, phrase("none", language))
        return canvas.lettered(figure)
    _set_axes(axes, moved, middle, language)
    _explain(figure, axes, language)
    for height, (_, one) in enumerate(moved.iterrows()):
        _draw_input(axes, float(height), one, middle, language)
    return canvas.lettered(figure)


def rows_of(table: pd.DataFrame, area_code: str, scenario_id: str) -> pd.DataFrame:
    """Rows of an area under a scenario, by rank where they have one."""
    own = table[(table["area_code"] == area_code) & (table["scenario_id"] == scenario_id)]
    return own.sort_values("rank", kind="stable") if "rank" in own.columns else own


def input_name(code: str, language: Language) -> str:
    """Name of an input with its unit."""
    row = next(row for row in code_list("sensitivity_inputs") if row["code"] == code)
    japanese, english = (f"{row[f'name_{tongue}']} ({row[f'unit_{tongue}']})" for tongue in ("ja", "en"))
    return join(japanese, english, language)


def _explain(figure: Figure, axes: Axes, language: Language) -> None:
    """Say which end of an input is which."""
    for end, (fill, hatch) in _ENDS.items():
        label = phrase(f"chart_{end}_value", language)
        axes.bar(0, 0, facecolor=fill, hatch=hatch, edgecolor=QUIET, linewidth=0.6, label=label)
    figure.legend(loc="upper right", ncols=2, prop={"size": _TEXT_PT}, frameon=False)


def _set_axes(axes: Axes, moved: pd.DataFrame, middle: float, language: Language) -> None:
    years = pd.concat([moved["start_by_low_year"], moved["start_by_high_year"], pd.Series([middle])]).dropna()
    first, last = (years.min(), years.max()) if len(years) else (0.0, 1.0)
    pad = 0.14 * max(last - first, _LEAST_SPAN_YEARS)
    axes.set_xlim(first - pad, last + pad)
    axes.set_ylim(len(moved) - 0.5, -0.5)
    axes.set_yticks(range(len(moved)), [input_name(one, language) for one in moved["input"]])
    axes.tick_params(axis="y", length=0, labelsize=7)
    axes.xaxis.set_major_locator(canvas.whole_years())
    axes.set_xticks(axes.get_xticks(), [f"{year:.0f}" for year in axes.get_xticks()])
    axes.set_xlim(first - pad, last + pad)
    axes.grid(axis="x", color=canvas.LINE, linewidth=0.5)
    axes.set_axisbelow(True)
    if pd.notna(middle):
        axes.axvline(middle, color=INK, linewidth=1.0)
        text = f"{phrase('chart_start_by_likeliest', language)} {middle:.1f}"
        axes.text(middle, 1.0, text, fontsize=_TEXT_PT, ha="center", va="bottom", color=INK,
                  transform=axes.get_xaxis_transform())  # fmt: skip


def _draw_input(axes: Axes, height: float, one: pd.Series, middle: float, language: Language) -> None:
    for end in _ENDS:
        _draw_end(axes, height, one, end, middle)
    at_least = bounds.AT_LEAST if one["bound"] == "yes" else ""
    swing = f"{at_least}{figures.number(one['swing_years'], 1, language)} {phrase('years', language)}"
    axes.text(1.04, height, swing, fontsize=7, va="center", color=INK, transform=axes.get_yaxis_transform())


def _draw_end(axes: Axes, height: float, one: pd.Series, end: str, middle: float) -> None:
    """A bar from the start-by year to what it becomes; where that lies beyond the horizon, to the edge."""
    year, edge = one[f"start_by_{end}_year"], axes.get_xlim()[1]
    beyond = pd.isna(year)
    stop = edge if beyond else year
    start = stop if pd.isna(middle) else middle
    fill, hatch = _ENDS[end]
    axes.barh(
        height,
        stop - start,
        left=start,
        height=0.62,
        facecolor=fill,
        hatch=hatch,
        edgecolor=QUIET,
        linewidth=0.6,
    )
    if beyond:
        axes.plot(edge, height, marker=">", markersize=5, color=QUIET, clip_on=False)
    after = stop >= start and not beyond
    axes.annotate(str(one[end]), (stop, height), (3 if after else -5, 0), textcoords="offset points", va="center",
                  ha="left" if after else "right", fontsize=_TEXT_PT, color=INK, bbox=canvas.CLEAR)  # fmt: skip
