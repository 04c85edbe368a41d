# SPDX-License-Identifier: GPL-2.0-or-later
"""The fan chart of an area: the stock to come with its range, and below it the years that follow from it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...contracts import START_BY_YEARS
from ...errors import YochiError
from .. import figures
from ..figures import Tables
from ..wording import Language, phrase
from . import canvas, lanes
from .canvas import A4_TEXT_WIDTH_MM, INK, QUIET, Axes, Figure

_HEIGHT_MM = 64.0
_LEFT_MM, _RIGHT_MM = 31.0, 4.0
_LANES_BOTTOM_MM, _LANE_MM = 6.5, 4.3
_BAR_YEARS = 0.8
_BAND, _ARRIVALS, _UNMET = "#d3dfe9", "#9fc79a", "#ee9b86"
_MOST_YEARS_BACK = 12.0

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Subject:
    """One area under one scenario: its row of `outlook`, its rows of `trajectory`, and what the texts speak."""

    row: pd.Series
    course: pd.DataFrame
    language: Language

    @property
    def base(self) -> float:
        """Year from which the stock runs down."""
        return float(self.row["base_year"])

    @property
    def end(self) -> float:
        """Last year that is looked at."""
        return float(self.base + self.row["horizon_years"])


def fan(tables: Tables, area_code: str, scenario_id: str, language: Language) -> Figure:
    """Draw the stock of an area with its range, arrivals, depletion year, start-by years and survey bins.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        `outlook`, `trajectory` and `scenarios`; `survey_bins` where bins are to be shown.
    area_code, scenario_id : str
        The row of the outlook.
    language : {"ja", "en", "both"}
        Words of the chart; English where no font has Japanese letters.

    Returns
    -------
    Figure
        186 mm wide and 64 mm high. Where there were no draws, the deterministic stock alone; where there is no
        forecast, the reason.

    Raises
    ------
    YochiError
        The outlook has no such row.
    """
    subject = _subject(tables, area_code, scenario_id, canvas.drawable(language))
    figure = canvas.sheet(A4_TEXT_WIDTH_MM, _HEIGHT_MM)
    shown = lanes.of(subject.row, tables.get("survey_bins"), subject.language)
    low = _LANES_BOTTOM_MM + _LANE_MM * len(shown)
    axes = canvas.place(figure, _LEFT_MM, low + 1.0, _RIGHT_MM, 9.5)
    below = canvas.place(figure, _LEFT_MM, _LANES_BOTTOM_MM, _RIGHT_MM, _HEIGHT_MM - low)
    span = _span(subject)
    for one in (axes, below):
        _set_years(one, subject.base, span)
    axes.tick_params(labelbottom=False)
    _title(figure, tables, subject)
    if subject.course.empty:
        _say_why(axes, subject)
    else:
        _draw_course(axes, subject)
    lanes.draw(below, shown)
    return canvas.lettered(figure)


def _subject(tables: Tables, area_code: str, scenario_id: str, language: Language) -> Subject:
    outlook, trajectory = tables["outlook"], tables["trajectory"]
    rows = outlook[(outlook["area_code"] == area_code) & (outlook["scenario_id"] == scenario_id)]
    if rows.empty:
        raise YochiError(
            f"The outlook has no area {area_code} under the scenario {scenario_id}; name codes that are in its table."
        )
    course = trajectory[(trajectory["area_code"] == area_code) & (trajectory["scenario_id"] == scenario_id)]
    return Subject(rows.iloc[0], course.sort_values("year"), language)


def _span(subject: Subject) -> tuple[float, float]:
    """First and last year of the axis: a start-by year may lie before the base year."""
    starts = subject.row[[*START_BY_YEARS, "start_by_safe_year"]].astype("float64")
    earliest = max(starts.min(), subject.base - _MOST_YEARS_BACK) if starts.notna().any() else subject.base
    return min(earliest, subject.base) - 1.2, subject.end + 0.6


def _set_years(axes: Axes, base: float, span: tuple[float, float]) -> None:
    axes.set_xlim(*span)
    ticks = np.arange(np.ceil(span[0] / 5) * 5, span[1], 5)
    axes.set_xticks(ticks, [f"{year:.0f}" for year in ticks])
    axes.grid(axis="x", color=canvas.LINE, linewidth=0.5)
    axes.set_axisbelow(True)
    axes.axvspan(span[0], base, facecolor="#efefef", edgecolor="none", zorder=0)
    axes.axvline(base, color=INK, linewidth=0.9, linestyle=(0, (1, 1)))


def _title(figure: Figure, tables: Tables, subject: Subject) -> None:
    name = figures.area_name(subject.row, subject.language)
    scenario = figures.scenario_title(tables, subject.row["scenario_id"], subject.language)
    mark = f"  [{phrase('synthetic_short', subject.language)}]" if figures.is_synthetic_row(subject.row) else ""
    canvas.title(figure, f"{name} – {scenario}{mark}")


def _say_why(axes: Axes, subject: Subject) -> None:
    reason = figures.reasons(subject.row["reason"], subject.language)
    text = ": ".join(part for part in (phrase("chart_no_data", subject.language), reason) if part)
    canvas.say_nothing(axes, text)


def _draw_course(axes: Axes, subject: Subject) -> None:
    course, language = subject.course, subject.language
    years = course["year"].to_numpy()
    drawn = course["stock_p50_ha"].notna().any()
    if drawn:
        axes.fill_between(years, course["stock_p10_ha"], course["stock_p90_ha"], facecolor=_BAND, edgecolor=QUIET,
                          linewidth=0.5, label=phrase("chart_band", language), zorder=1)  # fmt: skip
        axes.plot(years, course["stock_p50_ha"], color=INK, linewidth=1.6, label=phrase("chart_median", language))
    axes.plot(years, course["stock_ha"], color=INK, linewidth=1.0 if drawn else 1.6, linestyle=(0, (4, 2)),
              label=phrase("chart_expected", language))  # fmt: skip
    _draw_arrivals(axes, years, course["arrivals_ha"].fillna(0.0).to_numpy(), phrase("chart_arrivals", language))
    _draw_unmet(axes, years, course["unmet_ha"].fillna(0.0).to_numpy(), phrase("chart_unmet", language))
    axes.axhline(0.0, color=INK, linewidth=0.8)
    highest = np.nanmax(course[["stock_ha", "stock_p90_ha", "arrivals_ha"]].to_numpy())
    deepest = np.nanmax(course["unmet_ha"].fillna(0.0).to_numpy())
    axes.set_ylim(-1.25 * deepest, 1.15 * max(highest, deepest, 1.0))
    axes.locator_params(axis="y", nbins=5)
    _label_hectares(axes)
    axes.set_ylabel(phrase("stock_ha", language), fontsize=7, color=INK)
    axes.text(subject.base, 1.0, f" {phrase('base_year', language)} {subject.base:g}", fontsize=6.5, color=INK,
              transform=axes.get_xaxis_transform(), va="top", bbox=canvas.CLEAR)  # fmt: skip
    axes.legend(loc="lower left", bbox_to_anchor=(-0.005, 1.0), ncols=5, prop={"size": 6.5}, frameon=False,
                borderpad=0.1, columnspacing=1.2, handlelength=2.4, handletextpad=0.5)  # fmt: skip


def _draw_arrivals(axes: Axes, years: Array, hectares: Array, label: str) -> None:
    """A bar in the middle of each year in which something arrives; the row of a year tells of the year before."""
    some = hectares > 0
    if some.any():
        axes.bar(years[some] - 0.5, hectares[some], width=_BAR_YEARS, facecolor=_ARRIVALS, hatch="////",
                 edgecolor=QUIET, linewidth=0.5, label=label, zorder=2)  # fmt: skip


def _draw_unmet(axes: Axes, years: Array, hectares: Array, label: str) -> None:
    """A surface below the line, a step a year."""
    if (hectares > 0).any():
        axes.fill_between(years, -hectares, 0.0, step="pre", facecolor=_UNMET, hatch="xxxx", edgecolor=QUIET,
                          linewidth=0.5, label=label, zorder=2)  # fmt: skip


def _label_hectares(axes: Axes) -> None:
    """Hectares without a sign: what hangs below the line is hectares too."""
    low, high = axes.get_ylim()
    ticks = [tick for tick in axes.get_yticks() if low <= tick <= high]
    axes.set_yticks(ticks, [f"{abs(tick):,.10g}" for tick in ticks])
