# SPDX-License-Identifier: GPL-2.0-or-later
"""How the core's progress reaches QGIS, and how QGIS's cancel button reaches the core."""

from __future__ import annotations

from collections.abc import Callable

from qgis.core import QgsProcessingFeedback

from ..core.progress import Progress


def progress_of(feedback: QgsProcessingFeedback, cancelled: Callable[[], bool] | None = None) -> Progress:
    """A reporter that moves the bar of a feedback, shows messages and stops when the user cancels.

    Parameters
    ----------
    feedback : QgsProcessingFeedback
        Where to show.
    cancelled : callable or None
        Whom to ask instead, where `feedback` is a QgsProcessingMultiStepFeedback: that one does not know of a cancel
        that came before it was made.
    """

    def show(fraction: float, message: str) -> None:
        feedback.setProgress(100 * fraction)
        if message:
            feedback.pushInfo(message)

    return Progress(show, cancelled or feedback.isCanceled)
