# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from yochi.plugin.core.exports import map_classes, maps
from yochi.plugin.core.resources import codes


def texts(figure):
    found = [text.get_text() for text in figure.texts]
    for axes in figure.axes:
        found += [text.get_text() for text in axes.texts]
        found += [text.get_text() for text in axes.get_legend().get_texts()] if axes.get_legend() else []
    return "\n".join(found)


@pytest.mark.parametrize("by", ["state", "depletion_year"])
def test_every_class_has_a_style_of_its_own(by):
    looks = map_classes.looks(by, 2024.0, "en").values()
    for name in ("fill", "hatch", "sign", "text"):
        assert len({getattr(look, name) for look in looks}) == len(looks)


def test_states_are_classes():
    assert tuple(map_classes.looks("state", 2024.0, "en")) == codes("states")


def test_classes_of_depletion_years_have_limits_and_what_has_no_year_is_apart():
    rows = pd.DataFrame(
        {
            "state": ["depleted", "too_late", "start_now", "time_left", "time_left", "not_within_horizon", "no_data"],
            "depletion_year": [2024.0, 2026.9, 2027.0, 2033.9, 2049.0, np.nan, 2025.0],
            "base_year": 2024.0,
        }
    )
    found = map_classes.classes(rows, "depletion_year")
    expected = ["depleted", "class_1", "class_2", "class_3", "class_5", "not_within_horizon", "no_data"]
    assert list(found) == expected
    looks = map_classes.looks("depletion_year", 2024.0, "en")
    assert [looks[name].text for name in ("class_1", "class_2", "class_5")] == ["2024 – 2027", "2027 – 2029", "2044 – "]


def test_sooner_classes_are_darker():
    looks = map_classes.looks("depletion_year", 2024.0, "en")
    fills = [looks[name].fill for name in ("depleted", *(f"class_{number}" for number in range(1, 6)))]
    greys = [sum(int(fill[at : at + 2], 16) for at in (1, 3, 5)) for fill in fills]
    assert greys == sorted(greys)


def test_map_by_depletion_year_says_what_it_shows(tables):
    said = texts(maps.draw(tables, "en", by="depletion_year"))
    for part in ("depletion year", "1  2024 – 2027", "?  No data", "base year: 2024"):
        assert part in said


def test_nation_and_remainders_do_not_hide_the_areas(tables):
    tables["outlook"].loc[tables["outlook"]["area_code"] == "01", "level"] = "national"
    assert "No data" not in texts(maps.draw(tables, "en"))


def test_picture_says_what_it_shows(tables):
    said = texts(maps.draw(tables, "en"))
    for part in ("2024", "Too late", "No data", "synthetic data", "pipeline", "Sources: 国土交通省"):
        assert part in said


def test_picture_is_written_in_one_piece(tables, tmp_path):
    path = tmp_path / "地図 map.png"
    maps.write(tables, path)
    assert path.read_bytes().startswith(b"\x89PNG")
    assert list(tmp_path.iterdir()) == [path]


def test_one_prefecture_is_enough(tables):
    tables["outlook"] = tables["outlook"][tables["outlook"]["area_code"] == "14"]
    assert "神奈川県\nA\n2024" in texts(maps.draw(tables, "ja"))


def test_study_without_any_forecast_gives_a_picture(tables, tmp_path):
    tables["outlook"] = tables["outlook"].iloc[:0]
    maps.write(tables, tmp_path / "map.png")
    assert (tmp_path / "map.png").stat().st_size > 0


@pytest.mark.parametrize("language", ["ja", "en"])
def test_real_results_are_not_called_synthetic(tables, language):
    for name in ("sites", "summary"):
        tables[name]["basis"] = "reported"
    said = texts(maps.draw(tables, language))
    assert "synthetic" not in said
    assert "合成" not in said
