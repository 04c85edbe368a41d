# SPDX-License-Identifier: GPL-2.0-or-later
"""A run of `yochi:outlook` in the background, by the toolbox's own algorithm."""

from __future__ import annotations

from qgis.core import (
    QgsApplication,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProject,
)
from qgis.PyQt.QtCore import QObject, pyqtSignal

_PATIENCE_MS = 30_000


class _Feedback(QgsProcessingFeedback):
    """Keeps the last error, which the task's own signal does not carry."""

    def __init__(self):
        super().__init__(False)
        self.error = ""

    def reportError(self, error, fatalError=False):  # noqa: N803
        self.error = error
        super().reportError(error, fatalError)


class OutlookRun(QObject):
    """One run; task, context and feedback live as long as this object.

    Parameters
    ----------
    parameters : dict
        Of `yochi:outlook`.
    """

    progressed = pyqtSignal(float)
    finished = pyqtSignal(str)
    """Path of the ledger."""
    failed = pyqtSignal(str)
    """One sentence that says why."""

    def __init__(self, parameters, parent=None):
        super().__init__(parent)
        self._context = QgsProcessingContext()
        self._context.setProject(QgsProject.instance())
        self._feedback = _Feedback()
        self._feedback.progressChanged.connect(self.progressed)
        self._algorithm = QgsApplication.processingRegistry().createAlgorithmById("yochi:outlook")
        self._task = QgsProcessingAlgRunnerTask(self._algorithm, parameters, self._context, self._feedback)
        self._task.executed.connect(self._conclude)

    def start(self):
        """Hand the run to QGIS's task manager and return at once."""
        QgsApplication.taskManager().addTask(self._task)

    def cancel(self):
        """Ask the run to stop; it ends between two steps, with `failed`."""
        self._feedback.cancel()

    def stop(self):
        """Cancel and wait for the end, without a word to anyone: the window is going away."""
        self.finished.disconnect()
        self.failed.disconnect()
        self.cancel()
        self._task.waitForFinished(_PATIENCE_MS)

    def _conclude(self, successful, results):
        if successful:
            self.finished.emit(results["LEDGER"])
        else:
            self.failed.emit(self._feedback.error)
