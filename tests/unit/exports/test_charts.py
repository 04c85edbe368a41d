# SPDX-License-Identifier: GPL-2.0-or-later
"""What the charts show, read from the figures themselves."""

from __future__ import annotations

import re
import warnings

import numpy as np
import pytest
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from yochi.plugin.core.errors import YochiError
from yochi.plugin.core.exports import charts
from yochi.plugin.core.exports.charts import canvas


def said(figure):
    return [text.get_text() for text in figure.findobj(Text) if text.get_text().strip()]


def bars(axes):
    return [patch for patch in axes.patches if isinstance(patch, Rectangle) and patch.get_hatch()]


def lines_of(axes):
    return {line.get_label(): line for line in axes.lines if not line.get_label().startswith("_")}


def change(tables, code, **values):
    outlook = tables["outlook"]
    outlook.loc[outlook["area_code"] == code, list(values)] = list(values.values())


def test_fan_shows_the_course_of_the_tables(forecast_tables):
    axes = charts.fan(forecast_tables, "14", "pipeline", "en").axes[0]
    course = forecast_tables["trajectory"].query("area_code == '14' and scenario_id == 'pipeline'")
    lines = lines_of(axes)
    assert set(lines) == {"P50", "deterministic"}
    np.testing.assert_allclose(lines["P50"].get_ydata(), course["stock_p50_ha"])
    np.testing.assert_allclose(lines["deterministic"].get_xdata(), course["year"])
    arrivals = [(bar.get_x() + bar.get_width() / 2, bar.get_height()) for bar in bars(axes)]
    assert arrivals == [(pytest.approx(2026.5), pytest.approx(50.0))]
    assert axes.get_ylabel() == "stock (ha)"


def test_fan_names_the_years_and_their_range(forecast_tables):
    texts = said(charts.fan(forecast_tables, "14", "pipeline", "en"))
    assert "2030.0  (P10–P90: 2029.0 – 2032.0)" in texts
    assert "5: 2025.0   4: 2026.0   3: 2027.0" in texts
    assert {"3", "4", "5", "2024.5", "≤0", "≤5", ">5", "depletion", "start by", "90 % safe"} <= set(texts)
    assert "Kanagawa – With the pipeline" in texts


def test_fan_without_draws_has_one_solid_story(forecast_tables):
    change(forecast_tables, "14", draws=0, depletion_p10_year=None, depletion_p50_year=None, depletion_p90_year=None)
    forecast_tables["trajectory"][["stock_p10_ha", "stock_p50_ha", "stock_p90_ha"]] = np.nan
    figure = charts.fan(forecast_tables, "14", "pipeline", "en")
    assert set(lines_of(figure.axes[0])) == {"deterministic"}
    assert "2030.0" in said(figure)
    assert "90 % safe" not in said(figure)


def test_fan_beyond_the_horizon_says_after_which_year(forecast_tables):
    texts = said(charts.fan(forecast_tables, "05", "pipeline", "en"))
    assert "> 2054  (P10–P90: > 2054 – > 2054)" in texts
    assert "5: > 2049   4: > 2050   3: > 2051" in texts
    assert "> 2049" in texts


def test_fan_without_a_forecast_says_why(forecast_tables):
    assert "no data: The stock is unknown" in said(charts.fan(forecast_tables, "01", "pipeline", "en"))


def test_fan_marks_a_lower_bound(forecast_tables):
    change(forecast_tables, "14", reason="stock_partly_unknown")
    texts = said(charts.fan(forecast_tables, "14", "pipeline", "en"))
    assert "≥ 2030.0  (P10–P90: ≥ 2029.0 – ≥ 2032.0)" in texts


def test_fan_rounds_no_hectares_on_its_axis(forecast_tables):
    columns = [name for name in forecast_tables["trajectory"] if name.endswith("_ha")]
    forecast_tables["trajectory"][columns] *= 0.05
    axes = charts.fan(forecast_tables, "14", "pipeline", "en").axes[0]
    labels = [label.get_text() for label in axes.get_yticklabels()]
    np.testing.assert_allclose([float(label) for label in labels], np.abs(axes.get_yticks()))


def test_fan_of_an_area_that_is_not_there_is_refused(forecast_tables):
    with pytest.raises(YochiError, match="no area 99 under the scenario pipeline"):
        charts.fan(forecast_tables, "99", "pipeline", "en")


def test_fan_is_told_apart_without_colours(forecast_tables):
    axes = charts.fan(forecast_tables, "14", "pipeline", "en").axes[0]
    styles = {(line.get_linestyle(), line.get_linewidth()) for line in lines_of(axes).values()}
    assert len(styles) == 2
    surfaces = {one.get_label(): one.get_hatch() for one in axes.collections}
    assert surfaces == {"P10–P90": None, "unmet (ha/y)": "xxxx"}
    assert {bar.get_hatch() for bar in bars(axes)} == {"////"}


def test_the_bin_of_the_depletion_year_is_dark(forecast_tables):
    below = charts.fan(forecast_tables, "14", "pipeline", "en").axes[1]
    dark = [text.get_text() for text in below.texts if text.get_color() == "white"]
    assert dark == [">5"]
    cells = [text.get_text() for text in below.texts if text.get_text()[0] in "≤>"]
    assert cells[:3] == ["≤0", "≤5", ">5"]  # soonest first, whatever the order of the table


def test_overview_starts_with_the_most_urgent_and_ends_with_no_data(forecast_tables):
    figure = charts.overview(forecast_tables, "pipeline", "en")
    labels = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert labels == ["Kawasaki  A", "Kanagawa  C", "Akita  D", "Hokkaido  ?"]
    assert {"2025.0  Too late", "2030.0  Time left", "> 2054  Not within the horizon"} <= set(said(figure))
    assert "The stock is unknown" in said(figure)
    widths = [(bar.get_x(), bar.get_width()) for bar in bars(figure.axes[0])]
    assert widths == [(2024.0, 3.0), (2029.0, 3.0)]


def test_overview_of_a_bound_prints_the_year_and_no_text_over_its_marks(forecast_tables):
    change(forecast_tables, "14", state="no_data", reason="stock_partly_unknown")
    texts = said(charts.overview(forecast_tables, "pipeline", "en"))
    assert "≥ 2030.0  No data" in texts
    assert not any(text.startswith("The stock is a lower bound") for text in texts)


def test_overview_of_nothing_says_so(forecast_tables):
    forecast_tables["outlook"] = forecast_tables["outlook"].iloc[:0]
    assert "none" in said(charts.overview(forecast_tables, "pipeline", "en"))


def test_tornado_has_a_bar_an_end_in_the_order_of_ranks(forecast_tables):
    figure = charts.tornado(forecast_tables, "14", "pipeline", "en")
    axes = figure.axes[0]
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert labels == ["Take-up (ha/year)", "Lead time (years)", "Stock (ha)"]
    ends = [bar.get_x() + bar.get_width() for bar in axes.patches if bar.get_height() == pytest.approx(0.62)]
    assert ends[:5] == pytest.approx([2027.5, 2024.25, 2027.0, 2025.0, 2025.6])
    assert ends[5] == pytest.approx(axes.get_xlim()[1])  # beyond the horizon: to the edge
    assert {"3.2 years", "2.0 years", "≥ 1.5 years", "start by 2026.0", "22", "29.5"} <= set(said(figure))
    looks = {(patch.get_hatch() or "", patch.get_facecolor()) for patch in axes.patches}
    assert len({hatch for hatch, _ in looks}) == len(looks) == 2


def test_tornado_without_rows_says_so(forecast_tables):
    assert "none" in said(charts.tornado(forecast_tables, "05", "pipeline", "en"))


def test_scenarios_stand_side_by_side_with_their_gains(forecast_tables):
    figure = charts.scenarios(forecast_tables, "14", "en")
    labels = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert labels == ["No new estates", "With the pipeline"]
    assert {"2028.0  B", "2030.0  C", "−2.0 (−3.0 – −0.5)", "–"} <= set(said(figure))


def test_scenarios_of_which_nothing_can_be_told(forecast_tables):
    assert "Neither runs out within the horizon" in said(charts.scenarios(forecast_tables, "05", "en"))


CHARTS = {
    "fan": lambda tables, language: charts.fan(tables, "14", "pipeline", language),
    "overview": lambda tables, language: charts.overview(tables, "pipeline", language),
    "tornado": lambda tables, language: charts.tornado(tables, "14", "pipeline", language),
    "scenarios": lambda tables, language: charts.scenarios(tables, "14", language),
}


@pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)
@pytest.mark.parametrize("language", ["ja", "en", "both"])
def test_every_letter_is_in_the_font(forecast_tables, tmp_path, chart, language):
    if canvas.japanese_font() is None:
        pytest.skip("no font with Japanese letters is installed")
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a missing glyph is a warning
        charts.save(chart(forecast_tables, language), tmp_path / "chart.png")
    assert (tmp_path / "chart.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)
def test_no_text_is_cut_off(forecast_tables, chart):
    figure = chart(forecast_tables, "both")
    renderer = figure.canvas.get_renderer()
    figure.draw(renderer)
    width, height = figure.canvas.get_width_height()
    for text in figure.findobj(Text):
        if text.get_visible() and text.get_text().strip():
            box = text.get_window_extent(renderer)
            assert box.x0 >= -1 and box.x1 <= width + 1 and box.y0 >= -1 and box.y1 <= height + 1, text.get_text()


@pytest.mark.parametrize("suffix", [".png", ".svg"])
def test_equal_tables_give_equal_bytes(forecast_tables, tmp_path, suffix):
    written = []
    for name in ("a", "b"):
        path = tmp_path / (name + suffix)
        charts.save(charts.fan(forecast_tables, "14", "pipeline", "ja"), path)
        written.append(path.read_bytes())
    assert written[0] == written[1]


def test_drawings_on_one_page_share_no_identifier(forecast_tables):
    drawn = [charts.svg(charts.fan(forecast_tables, code, "pipeline", "en"), f"fan-{code}") for code in ("14", "14130")]
    first, second = (set(re.findall(r'\bid="([^"]+)"', one)) for one in drawn)
    assert first and not first & second
    for ids, one in ((first, drawn[0]), (second, drawn[1])):
        assert set(re.findall(r'(?:url\(|href=")#([^")]+)', one)) <= ids
    assert "<style" not in drawn[0]
    assert ">Kanagawa – With the pipeline<" in drawn[0]  # letters are text, not outlines


@pytest.mark.parametrize(
    ("text", "lines"), [("造成（2023年の問い）", 2), ("造成", 1), ("With the pipeline and more", 3)]
)
def test_long_labels_are_broken(text, lines):
    wrapped = canvas.wrapped(text, 12)
    assert len(wrapped.splitlines()) == lines
    assert "（\n" not in wrapped
    assert re.sub(r"\s", "", wrapped) == re.sub(r"\s", "", text)
