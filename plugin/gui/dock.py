# SPDX-License-Identifier: GPL-2.0-or-later
"""Yochi's dock: choose a study, run it, see the outlook, open the ledger."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from qgis.core import Qgis, QgsProject
from qgis.gui import QgsDockWidget, QgsFileWidget
from qgis.PyQt.QtCore import QStandardPaths, Qt
from qgis.PyQt.QtWidgets import (
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from .. import about, dependencies
from ..bridge import ledger as ledgers
from ..core.errors import YochiError
from ..i18n import language, tr
from ..settings import Settings
from .outlook_model import OutlookModel, OutlookOrder
from .run import OutlookRun

SAMPLE_STUDY = about.ROOT / "resources" / "sample" / "study.toml"
_SIGNS = {Qgis.MessageLevel.Success: "✔", Qgis.MessageLevel.Warning: "⚠", Qgis.MessageLevel.Critical: "✘"}
_LEDGER_FILTER = "GeoPackage (*.gpkg)"


class YochiDock(QgsDockWidget):
    """One page. The work itself is done by the toolbox's algorithm, in the background."""

    def __init__(self, parent=None):
        super().__init__(about.NAME, parent)
        self.setObjectName("YochiDock")
        self.settings = Settings.load()
        self.run = None
        self._make_widgets()
        self._lay_out()
        self._connect()
        self._restore()

    def close_down(self):
        """Stop a run that is under way; called before the dock is taken away."""
        if self.run is not None:
            self.run.stop()
            self.run = None

    def start(self):
        """Run the chosen study in the background."""
        advice = dependencies.advice(dependencies.missing())
        ledger = self.ledger.filePath().strip()
        if advice or not ledger:
            self._show_message(advice or tr("Say where the ledger goes, then run again."), Qgis.MessageLevel.Warning)
            return
        self._remember()
        study = str(SAMPLE_STUDY) if self.use_sample.isChecked() else self.study.filePath()
        report = str(Path(ledger).with_suffix(".html"))
        self.run = OutlookRun({"STUDY": study, "LEDGER": ledger, "REPORT": report}, self)
        self.run.progressed.connect(lambda percent: self.progress.setValue(round(percent)))
        self.run.finished.connect(self._finish)
        self.run.failed.connect(self._fail)
        self._set_running(True)
        self.run.start()

    def cancel(self):
        """Ask the run to stop."""
        if self.run is not None:
            self.run.cancel()

    def show_ledger(self, path):
        """Show the outlook of a ledger in the table."""
        study = ledgers.study_values(Path(path))
        scenario = study.get("headline_scenario", "")
        self.model.set_rows(ledgers.outlook_rows(Path(path), scenario))
        title = study.get(f"title_{language()}", "")
        synthetic = tr(" Synthetic data.") if study.get("synthetic") == "yes" else ""
        self.caption.setText(tr("{title}; scenario {scenario}.").format(title=title, scenario=scenario) + synthetic)
        self.table.resizeColumnsToContents()

    def open_ledger(self, path):
        """Open a ledger's project in QGIS, and its outlook in the table."""
        if advice := dependencies.advice(dependencies.missing()):
            self._show_message(advice, Qgis.MessageLevel.Warning)
            return
        dependencies.load()
        from ..bridge.project import open_ledger  # needs the analysis packages, which the dock does not

        try:
            self.show_ledger(path)
            open_ledger(Path(path), QgsProject.instance())
        except YochiError as error:
            self._show_message(str(error), Qgis.MessageLevel.Critical)
            return
        self.message.hide()
        self.settings.ledger = str(path)
        self.settings.save()

    def _make_widgets(self):
        self.message = QLabel()
        self.message.setWordWrap(True)
        self.message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.message.hide()
        self.use_sample = QRadioButton(tr("&Sample (synthetic)"))
        self.use_sample.setToolTip(tr("A synthetic Japan on real prefectures, to see what Yochi does."))
        self.use_study = QRadioButton(tr("S&tudy file"))
        self.use_study.setToolTip(tr("A TOML file that names inputs, rule profiles and scenarios."))
        self.study = QgsFileWidget()
        self.study.setFilter("TOML (*.toml)")
        self.study.setToolTip(self.use_study.toolTip())
        self.ledger = QgsFileWidget()
        self.ledger.setStorageMode(QgsFileWidget.StorageMode.SaveFile)
        self.ledger.setFilter(_LEDGER_FILTER)
        self.ledger.setToolTip(tr("Where the ledger goes. The report goes beside it, under the same name."))
        self.run_button = QPushButton(tr("&Run"))
        self.run_button.setToolTip(tr("Compute every table of the study and write the ledger."))
        self.cancel_button = QPushButton(tr("&Cancel"))
        self.cancel_button.setToolTip(tr("Stop the run; a ledger that is there already stays as it is."))
        self.open_button = QPushButton(tr("&Open ledger…"))
        self.open_button.setToolTip(tr("Open a ledger in QGIS, also one that was moved or renamed."))
        self.progress = QProgressBar()
        self.caption = QLabel(tr("No ledger is open."))
        self.caption.setWordWrap(True)
        self.model = OutlookModel(parent=self)
        order = OutlookOrder(self)
        order.setSourceModel(self.model)
        self.table = QTableView()
        self.table.setModel(order)
        self.table.setSortingEnabled(True)
        self.table.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self.table.setAlternatingRowColors(True)
        self.table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.table.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 6)
        self.table.setToolTip(tr("Areas under the headline scenario; click a heading to sort."))

    def _lay_out(self):
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.addRow(self.use_sample)
        form.addRow(self.use_study, self.study)
        form.addRow(tr("Ledger"), self.ledger)
        buttons = QHBoxLayout()
        for widget in (self.run_button, self.cancel_button):
            buttons.addWidget(widget)
        buttons.addStretch()
        buttons.addWidget(self.open_button)
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.addWidget(self.message)
        layout.addLayout(form)
        layout.addLayout(buttons)
        layout.addWidget(self.progress)
        layout.addWidget(self.caption)
        layout.addWidget(self.table, 1)
        self.setWidget(page)
        order = (
            *(self.use_sample, self.use_study, self.study, self.ledger),
            *(self.run_button, self.cancel_button, self.open_button, self.table),
        )
        for first, second in pairwise(order):
            QWidget.setTabOrder(first, second)

    def _connect(self):
        self.use_study.toggled.connect(self.study.setEnabled)
        self.run_button.clicked.connect(self.start)
        self.cancel_button.clicked.connect(self.cancel)
        self.open_button.clicked.connect(self._choose_ledger)

    def _restore(self):
        documents = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
        folder = documents if documents.is_dir() else Path.home()
        self.study.setFilePath(self.settings.study)
        self.study.setEnabled(bool(self.settings.study))
        (self.use_study if self.settings.study else self.use_sample).setChecked(True)
        self.ledger.setFilePath(self.settings.ledger or str(folder / "yochi.gpkg"))
        self._set_running(False)

    def _remember(self):
        self.settings.study = self.study.filePath() if self.use_study.isChecked() else ""
        self.settings.ledger = self.ledger.filePath()
        self.settings.save()

    def _choose_ledger(self):
        path, _ = QFileDialog.getOpenFileName(self, tr("Open ledger"), self.ledger.filePath(), _LEDGER_FILTER)
        if path:
            self.open_ledger(path)

    def _set_running(self, running):
        self.run_button.setEnabled(not running)
        self.cancel_button.setEnabled(running)
        self.progress.setVisible(running)
        self.progress.setValue(0)

    def _finish(self, ledger):
        self.run = None
        self._set_running(False)
        self.show_ledger(ledger)
        self._show_message(tr("The ledger is written: {path}").format(path=ledger), Qgis.MessageLevel.Success)

    def _fail(self, reason):
        self.run = None
        self._set_running(False)
        self._show_message(reason or tr("The run was cancelled; nothing was written."), Qgis.MessageLevel.Critical)

    def _show_message(self, text, level):
        """Show a sentence above the form, whole, until the next one."""
        self.message.setText(f"{_SIGNS[level]} {text}")
        self.message.show()
