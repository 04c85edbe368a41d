# SPDX-License-Identifier: GPL-2.0-or-later
"""The sheets as a PDF: pages, texts, fonts, and what stops a run."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import numpy as np
import pytest
from qgis.core import (
    Qgis,
    QgsApplication,
    QgsExpressionContext,
    QgsExpressionContextScope,
    QgsMapRendererSequentialJob,
    QgsMapSettings,
    QgsRectangle,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor

from yochi.plugin.bridge import sheets as paper
from yochi.plugin.core.exports import ledger as export
from yochi.plugin.core.exports import sheets as contents
from yochi.plugin.core.provenance import SYNTHETIC

from .conftest import Feedback
from .pdf_reading import Pdf
from .small_ledger import small_tables

TIME_LEFT, NOT_THIS_AREA = (243, 181, 107), (242, 240, 234)


@pytest.fixture(scope="module")
def ledger(tmp_path_factory):
    """A ledger as the outlook writes it, without a project, which sheets do not need."""
    path = tmp_path_factory.mktemp("ledger") / "台帳.gpkg"
    export.write(small_tables(), path)
    return path


@pytest.fixture
def sheets(run, ledger, tmp_path):
    """Print sheets; gives what the run left."""

    def print_sheets(feedback=None, **parameters):
        given = {"LEDGER": str(ledger), "LANGUAGE": "ja", "OUTPUT": str(tmp_path / "sheets.pdf")} | parameters
        return run("prefecturesheets", feedback, **given)

    return print_sheets


def pages_of(done):
    assert done.ok, done.feedback.errors
    return Pdf(Path(done.results["OUTPUT"])).pages()


def test_a_page_for_each_prefecture_and_designated_city_in_the_order_of_codes(sheets):
    pages = pages_of(sheets())
    assert [page[:3] for page in pages] == ["東京都", "神奈川", "川崎市"]
    assert [page[-3:] for page in pages] == ["1/3", "2/3", "3/3"]


def test_a_page_says_what_the_ledger_says(sheets):
    page = pages_of(sheets(AREAS="14"))[0]
    expected = ["神奈川県", "猶予あり", "枯渇年2031.0(10%‒90%:2029.5‒>2054)", "新規造成を含む", "基準年2024"]
    expected += ["140.00(件数1)R", "20.00(使用年数5)R", "2028.0/2027.0/2026.0D", "不明/不明/8%D", "2026.3→2027.71.4"]
    expected += ["2029.5/2031.2/>2054D", "工業用地の表/国土交通省/2024", "小さな調査", "整備済未利用地"]
    assert [words for words in expected if words not in page] == []


def test_no_data_is_said_and_no_figure_is_made_up(sheets):
    page = pages_of(sheets(AREAS="13"))[0]
    assert "データなし" in page and "在庫(ha)不明" in page and "枯渇年不明" in page
    assert "在庫が不明" in page
    assert "0.00" not in page


def test_english(sheets):
    page = pages_of(sheets(LANGUAGE="en", AREAS="14"))[0]
    for words in ("Kanagawa", "Timeleft", "Assumptionsofthescenario", "Idlepreparedland", "Notwithinthehorizon"):
        assert words in page
    assert "神奈川県" not in page and "猶予あり" not in page


def test_other_areas_and_levels_can_be_asked_for(sheets):
    assert [page[:2] for page in pages_of(sheets(AREAS="14130, JP"))] == ["川崎", "全国"]


def test_synthetic_figures_are_marked_on_the_pages_that_hold_them(sheets, tmp_path):
    tables = small_tables()
    outlook = tables["outlook"]
    outlook.loc[outlook["area_code"] == "14", "stock_basis"] = SYNTHETIC
    export.write(tables, tmp_path / "synthetic.gpkg")
    pages = pages_of(sheets(LEDGER=str(tmp_path / "synthetic.gpkg"), AREAS="13,14"))
    assert ["合成データによる結果です" in page for page in pages] == [False, True]


def test_every_font_is_embedded_and_japanese(sheets):
    done = sheets(AREAS="14")
    pdf = Pdf(Path(done.results["OUTPUT"]))
    assert {name.partition("-")[0] for name in pdf.fonts()} == {"NotoSansCJKjp"}
    assert pdf.fonts() == pdf.embedded_fonts()


def test_the_map_shows_one_area_in_the_colour_of_its_state_over_the_others_in_grey(qapp, ledger, tmp_path):
    content = contents.compose(small_tables(), "pipeline", "ja", ["14"], tmp_path)
    project = paper.project_of(content, ledger, "ja")
    page = next(project.mapLayer("pages").getFeatures())
    settings = QgsMapSettings()
    settings.setLayers(project.layerTreeRoot().layerOrder())
    settings.setDestinationCrs(project.mapLayer("pages").crs())
    settings.setOutputSize(QSize(400, 400))
    settings.setExtent(QgsRectangle(139.0, 35.1, 139.8, 35.9))
    context = QgsExpressionContext()
    context.appendScope(QgsExpressionContextScope())
    context.lastScope().setVariable("atlas_feature", page)
    settings.setExpressionContext(context)
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    share = [
        np.mean([QColor(image.pixel(x, y)).getRgb()[:3] == colour for x in range(0, 400, 7) for y in rows])
        for rows, colour in ((range(120, 400, 7), TIME_LEFT), (range(0, 90, 7), NOT_THIS_AREA))
    ]
    assert min(share) > 0.6
    project.clear()


def test_two_runs_give_the_same_pages(sheets, tmp_path):
    first = pages_of(sheets())
    assert first == pages_of(sheets(OUTPUT=str(tmp_path / "again.pdf")))


class Stopper(Feedback):
    """Cancels once a number of pages has been reported as printed."""

    def __init__(self, percent):
        super().__init__()
        self.progressChanged.connect(lambda progress: progress > percent and self.cancel())


@pytest.mark.parametrize("percent", [10, 60], ids=["while drawing", "while printing"])
def test_cancel_leaves_an_older_pdf_as_it_was(sheets, tmp_path, percent):
    older = tmp_path / "sheets.pdf"
    older.write_bytes(b"older")
    done = sheets(Stopper(percent))
    assert not done.ok
    assert "cancelled" in done.feedback.errors[-1]
    assert older.read_bytes() == b"older"
    assert [path.name for path in tmp_path.iterdir()] == ["sheets.pdf"]


def test_progress_goes_on_page_by_page(sheets):
    done = sheets()
    assert done.ok and done.feedback.reported == sorted(done.feedback.reported)
    assert len({round(progress) for progress in done.feedback.reported if progress > 50}) >= 3


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"LEDGER": "/nowhere/ledger.gpkg"}, ["/nowhere/ledger.gpkg"]),
        ({"AREAS": "14, 99"}, ["no area 99", "pipeline"]),
        ({"SCENARIO": "rosy"}, ["no scenario rosy", "pipeline"]),
        ({"TEMPLATE": "{folder}/broken.qpt"}, ["broken.qpt", ".qpt"]),
        ({"TEMPLATE": "{folder}/absent.qpt"}, ["absent.qpt"]),
    ],
)
def test_errors_are_one_sentence(sheets, tmp_path, parameters, words):
    (tmp_path / "broken.qpt").write_text("no template", encoding="utf-8")
    done = sheets(**{name: value.format(folder=tmp_path) for name, value in parameters.items()})
    assert not done.ok
    assert all(word in done.feedback.errors[-1] for word in words)
    assert not (tmp_path / "sheets.pdf").exists()


def test_a_ledger_of_an_older_version_is_told_by_the_table_that_it_lacks(sheets, ledger, tmp_path):
    older = tmp_path / "older.gpkg"
    shutil.copy(ledger, older)
    with sqlite3.connect(older) as connection:
        connection.execute("DROP TABLE sensitivity")
        connection.execute("DELETE FROM gpkg_contents WHERE table_name = 'sensitivity'")
    done = sheets(LEDGER=str(older))
    assert not done.ok
    assert "sensitivity" in done.feedback.errors[-1] and "run the outlook again" in done.feedback.errors[-1]


def test_a_template_of_the_users_own(sheets, tmp_path):
    own = tmp_path / "own.qpt"
    own.write_text(paper.TEMPLATE.read_text(encoding="utf-8").replace("@yochi_study", "'庁内限り'"), encoding="utf-8")
    page = pages_of(sheets(TEMPLATE=str(own), AREAS="14"))[0]
    assert "庁内限り" in page and "小さな調査" not in page


def test_layouts_are_printed_in_the_main_thread(provider):
    algorithm = QgsApplication.processingRegistry().algorithmById("yochi:prefecturesheets")
    assert algorithm.flags() & Qgis.ProcessingAlgorithmFlag.NoThreading
