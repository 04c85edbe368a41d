# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import pytest

from yochi.plugin.core.exports import maps
from yochi.plugin.core.resources import codes


def texts(figure):
    found = [text.get_text() for text in figure.texts]
    for axes in figure.axes:
        found += [text.get_text() for text in axes.texts]
        found += [text.get_text() for text in axes.get_legend().get_texts()] if axes.get_legend() else []
    return "\n".join(found)


def test_every_state_has_a_style_of_its_own():
    assert tuple(maps.STYLES) == codes("states")
    assert len({letter for _, _, letter in maps.STYLES.values()}) == len(maps.STYLES)
    assert len({hatch for _, hatch, _ in maps.STYLES.values()}) == len(maps.STYLES)


def test_picture_says_what_it_shows(tables):
    said = texts(maps.draw(tables, "en", None))
    for part in ("2024", "Too late", "No data", "synthetic data", "pipeline", "Sources: 国土交通省"):
        assert part in said


def test_picture_is_written_in_one_piece(tables, tmp_path):
    path = tmp_path / "地図 map.png"
    maps.write(tables, path)
    assert path.read_bytes().startswith(b"\x89PNG")
    assert list(tmp_path.iterdir()) == [path]


def test_one_prefecture_is_enough(tables):
    tables["outlook"] = tables["outlook"][tables["outlook"]["area_code"] == "14"]
    assert "神奈川県\nA\n2024" in texts(maps.draw(tables, "ja", None))


def test_study_without_any_forecast_gives_a_picture(tables, tmp_path):
    tables["outlook"] = tables["outlook"].iloc[:0]
    maps.write(tables, tmp_path / "map.png")
    assert (tmp_path / "map.png").stat().st_size > 0


@pytest.mark.parametrize("language", ["ja", "en"])
def test_real_results_are_not_called_synthetic(tables, language):
    for name in ("sites", "summary"):
        tables[name]["basis"] = "reported"
    said = texts(maps.draw(tables, language, None))
    assert "synthetic" not in said
    assert "合成" not in said
