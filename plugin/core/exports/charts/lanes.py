# SPDX-License-Identifier: GPL-2.0-or-later
"""The lanes below a fan chart, one a kind of year: survey bins, depletion, start-by years."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ...contracts import START_BY_YEARS
from .. import figures
from ..figures import PERCENTILES
from ..wording import Language, phrase
from .canvas import CLEAR, INK, QUIET, Axes

_TEXT_PT = 6.5
_ROOM_FOR_TEXT = 0.7  # beyond this share of the axis a text stands before its mark
_CHOSEN, _BIN = "#3c4650", ("#ffffff", "#e3e7eb")


@dataclass(frozen=True)
class Lane:
    """A lane: its label, and what draws its content at a height of the axes."""

    label: str
    draw: Callable[[Axes, float], None]


def of(row: pd.Series, bins: pd.DataFrame | None, language: Language) -> list[Lane]:
    """The lanes of a row of `outlook`, from the top.

    Parameters
    ----------
    row : Series
        A row of `outlook`.
    bins : DataFrame, optional
        Contract `survey_bins`.
    language : {"ja", "en", "both"}
        Language of the labels.
    """
    found = [
        Lane(phrase("chart_lane_depletion", language), lambda axes, height: _depletion(axes, height, row, language)),
        Lane(phrase("chart_lane_start", language), lambda axes, height: _starts(axes, height, row, language)),
    ]
    if figures.was_drawn(row):
        label = phrase("chart_lane_safe", language)
        found.append(Lane(label, lambda axes, height: _safe_start(axes, height, row, language)))
    if bins is not None and len(bins):
        label = phrase("chart_lane_bin", language)
        ordered = bins.sort_values("within_years")  # a ledger has them in the order of their codes
        found.insert(0, Lane(label, lambda axes, height: _bins(axes, height, row, ordered)))
    return found


def draw(axes: Axes, shown: Sequence[Lane]) -> None:
    """Draw lanes into axes whose years are set."""
    heights = np.arange(len(shown))[::-1].astype("float64")
    axes.set_ylim(-0.5, len(shown) - 0.5)
    axes.set_yticks(heights, [lane.label for lane in shown])
    axes.tick_params(axis="y", length=0, labelsize=_TEXT_PT)
    axes.spines["left"].set_visible(False)
    axes.hlines(heights[:-1] - 0.5, *axes.get_xlim(), color="#d9dde1", linewidth=0.5)
    for lane, height in zip(shown, heights, strict=True):
        lane.draw(axes, height)


def range_bar(axes: Axes, height: float, row: pd.Series, thickness: float) -> None:
    """A bar from the 10th to the 90th percentile of the depletion year, the median a line across it.

    A bar that ends in a point reaches beyond the horizon.
    """
    early, median, late = (row[column] for column in PERCENTILES.values())
    if pd.isna(early):
        return
    beyond = pd.isna(late)
    end = row["base_year"] + row["horizon_years"] if beyond else late
    axes.barh(height, end - early, left=early, height=thickness, facecolor="#b9c6d2", edgecolor=QUIET, linewidth=0.6,
              hatch="////")  # fmt: skip
    if beyond:
        axes.plot(end, height, marker=">", markersize=4.5, color=QUIET, clip_on=False)
    if pd.notna(median):
        axes.vlines(median, height - 0.8 * thickness, height + 0.8 * thickness, color=INK, linewidth=1.6)


def _depletion(axes: Axes, height: float, row: pd.Series, language: Language) -> None:
    year = row["depletion_year"]
    range_bar(axes, height, row, 0.42)
    if pd.notna(year):
        axes.plot(year, height, marker="D", markersize=4.2, markerfacecolor="white", markeredgecolor=INK, clip_on=False)
    text = figures.year(row, "depletion_year", language)
    if figures.was_drawn(row):
        spread = " – ".join(figures.simulated_year(row, PERCENTILES[name], language) for name in ("P10", "P90"))
        text = f"{text}  (P10–P90: {spread})"
    beside(axes, height, [row["depletion_p10_year"], year, row["depletion_p90_year"]], text)


def _starts(axes: Axes, height: float, row: pd.Series, language: Language) -> None:
    for column, lead in START_BY_YEARS.items():
        if pd.notna(row[column]):
            digit(axes, row[column], height, f"{lead:g}")
    longest_first = reversed(START_BY_YEARS.items())
    text = "   ".join(f"{lead:g}: {figures.year(row, column, language)}" for column, lead in longest_first)
    beside(axes, height, [row[column] for column in START_BY_YEARS], text if row["state"] != "no_data" else "")


def digit(axes: Axes, year: float, height: float, text: str, size: float = 7.5) -> None:
    """A lead time in a circle: the latest start with it."""
    axes.plot(year, height, marker="o", markersize=size, markerfacecolor="white", markeredgecolor=INK, zorder=4)
    axes.text(
        year, height, text, fontsize=0.75 * size, ha="center", va="center_baseline", color=INK, zorder=5, clip_on=True
    )


def _safe_start(axes: Axes, height: float, row: pd.Series, language: Language) -> None:
    year = row["start_by_safe_year"]
    if pd.notna(year):
        axes.plot(year, height, marker="^", markersize=5, color=INK)
    beside(axes, height, [year], figures.simulated_year(row, "start_by_safe_year", language))


def _bins(axes: Axes, height: float, row: pd.Series, bins: pd.DataFrame) -> None:
    """Cells of the answers; the one that the depletion year falls into is dark."""
    first, last = axes.get_xlim()
    ends = (row["base_year"] + bins["within_years"]).fillna(last).clip(upper=last).tolist()
    left = first
    for number, (end, sign, code) in enumerate(zip(ends, _signs(bins["within_years"]), bins["bin_id"], strict=True)):
        chosen = code == row["survey_bin"]
        fill = _CHOSEN if chosen else _BIN[number % 2]
        axes.barh(height, end - left, left=left, height=0.72, facecolor=fill, edgecolor=QUIET, linewidth=0.6)
        axes.text(
            (left + end) / 2,
            height,
            sign,
            fontsize=5.6,
            ha="center",
            va="center_baseline",
            color="white" if chosen else INK,
        )
        left = end


def _signs(limits: pd.Series) -> list[str]:
    """Years within which the answers lie; the last has no limit."""
    known = [f"{years:g}" for years in limits.dropna()]
    return [*(f"≤{years}" for years in known), f">{known[-1]}" if known else ""]


def beside(axes: Axes, height: float, marks: Sequence[float], text: str) -> None:
    """A text after the last mark, or before the first where there is no room after it; at the end without marks."""
    known = [mark for mark in marks if pd.notna(mark)]
    first, last = axes.get_xlim()
    gap = 0.015 * (last - first)
    if not known:
        position, side = last - gap, "right"
    elif max(known) < first + _ROOM_FOR_TEXT * (last - first):
        position, side = max(known) + gap, "left"
    else:
        position, side = min(known) - gap, "right"
    axes.text(position, height, text, fontsize=_TEXT_PT, ha=side, va="center_baseline", color=INK, bbox=CLEAR)
