# SPDX-License-Identifier: GPL-2.0-or-later
"""The dock: runs the toolbox's algorithm without blocking, shows the outlook, opens ledgers."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from qgis.core import QgsProject
from qgis.PyQt.QtCore import Qt, QTimer

from yochi.plugin.gui.dock import YochiDock
from yochi.plugin.gui.outlook_model import COLUMNS, UNKNOWN, OutlookModel, OutlookOrder
from yochi.plugin.settings import Settings

ROWS = [
    {"area_code": "01", "name": "北海道", "stock_ha": 1234.56, "depletion_year": None, "state": "no_data"},
    {"area_code": "02", "name": "青森県", "stock_ha": 10.0, "depletion_year": 2031.25, "state": "time_left"},
    {"area_code": "03", "name": "岩手県", "stock_ha": 0.0, "depletion_year": 2024.0, "state": "depleted"},
]


@pytest.fixture
def dock(provider, qtbot, tmp_path):
    Settings(ledger=str(tmp_path / "ledger.gpkg")).save()
    dock = YochiDock()
    qtbot.addWidget(dock)
    dock.show()
    yield dock
    dock.close_down()
    QgsProject.instance().clear()
    Settings().save()


def _texts(model, name):
    column = [one.name for one in COLUMNS].index(name)
    return [model.index(row, column).data() for row in range(model.rowCount())]


def test_model_shows_numbers_and_never_a_zero_for_unknown(qapp):
    model = OutlookModel(ROWS)
    assert _texts(model, "stock_ha") == ["1,234.6", "10.0", "0.0"]
    assert _texts(model, "depletion_year") == [UNKNOWN, "2031.2", "2024.0"]
    assert _texts(model, "start_by_3_year") == [UNKNOWN] * 3


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (Qt.SortOrder.AscendingOrder, ["2024.0", "2031.2", UNKNOWN]),
        (Qt.SortOrder.DescendingOrder, ["2031.2", "2024.0", UNKNOWN]),
    ],
)
def test_unknown_sorts_last(qapp, order, expected):
    model = OutlookModel(ROWS)
    proxy = OutlookOrder()
    proxy.setSourceModel(model)
    proxy.sort([one.name for one in COLUMNS].index("depletion_year"), order)
    assert _texts(proxy, "depletion_year") == expected


def test_sample_runs_without_blocking(dock, qtbot, tmp_path):
    beats = []
    timer = QTimer()
    timer.timeout.connect(lambda: beats.append(time.monotonic()))
    timer.start(50)
    qtbot.mouseClick(dock.run_button, Qt.MouseButton.LeftButton)
    assert not dock.run_button.isEnabled()
    assert dock.cancel_button.isEnabled()
    qtbot.waitUntil(lambda: dock.model.rowCount() == 48, timeout=240_000)
    timer.stop()
    assert max(b - a for a, b in pairwise(beats)) < 2.0
    assert (tmp_path / "ledger.gpkg").is_file()
    assert (tmp_path / "ledger.html").is_file()
    assert dock.run_button.isEnabled()
    assert "ynthetic" in dock.caption.text()
    assert str(tmp_path / "ledger.gpkg") in dock.message.text()
    dock.open_ledger(tmp_path / "ledger.gpkg")
    assert len(QgsProject.instance().mapLayers()) >= 18
    assert all(layer.isValid() for layer in QgsProject.instance().mapLayers().values())


def test_cancel_leaves_nothing_behind(dock, qtbot, tmp_path):
    dock.start()
    dock.cancel()
    qtbot.waitUntil(lambda: dock.run is None, timeout=60_000)
    assert "cancelled" in dock.message.text()
    assert list(tmp_path.iterdir()) == []


def test_closing_in_the_middle_of_a_run_ends_it(dock, qtbot, tmp_path):
    dock.start()
    qtbot.waitUntil(lambda: dock.progress.value() > 5, timeout=60_000)
    dock.close_down()
    assert dock.run is None
    assert list(tmp_path.iterdir()) == []


def test_an_error_is_shown_as_a_sentence(dock, qtbot, tmp_path):
    dock.use_study.setChecked(True)
    dock.study.setFilePath(str(tmp_path / "nothing.toml"))
    dock.start()
    qtbot.waitUntil(lambda: dock.run is None, timeout=60_000)
    assert "nothing.toml" in dock.message.text()
    assert dock.run_button.isEnabled()


def test_a_file_that_is_no_ledger_is_named(dock, tmp_path):
    dock.open_ledger(tmp_path / "nothing.gpkg")
    assert "nothing.gpkg" in dock.message.text()


def test_choices_are_remembered(dock, tmp_path):
    dock.use_study.setChecked(True)
    dock.study.setFilePath(str(tmp_path / "my.toml"))
    dock._remember()
    assert Settings.load().study == str(tmp_path / "my.toml")


def test_tab_order_is_the_order_of_the_work(dock):
    order, widget = [], dock.use_sample
    wanted = [dock.use_sample, dock.use_study, dock.run_button, dock.cancel_button, dock.open_button, dock.table]
    for _ in range(60):
        if widget in wanted and widget not in order:
            order.append(widget)
        widget = widget.nextInFocusChain()
    assert order == wanted


def test_every_control_has_a_tooltip(dock):
    controls = (dock.use_sample, dock.use_study, dock.study, dock.ledger, dock.run_button)
    assert all(widget.toolTip() for widget in (*controls, dock.cancel_button, dock.open_button, dock.table))
