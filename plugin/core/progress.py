# SPDX-License-Identifier: GPL-2.0-or-later
"""How long-running core functions report, and how they are stopped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .errors import CancelledError


def _silent(fraction: float, message: str) -> None:
    """Swallow a report."""


@dataclass(frozen=True)
class Progress:
    """A reporter for a span of the whole run.

    Parameters
    ----------
    show : callable
        Called with the fraction done of the whole run (0 to 1) and a message, which may be empty.
    cancelled : callable
        Answers True once the user wants to stop.
    start, end : float
        The span of the whole run that this reporter stands for.
    """

    show: Callable[[float, str], None] = _silent
    cancelled: Callable[[], bool] = lambda: False
    start: float = 0.0
    end: float = 1.0

    def report(self, fraction: float, message: str = "") -> None:
        """Report a fraction (0 to 1) of this span; raises CancelledError when the user has stopped the run."""
        if self.cancelled():
            raise CancelledError("The run was cancelled; nothing was written.")
        self.show(self.start + (self.end - self.start) * fraction, message)

    def part(self, start: float, end: float) -> Progress:
        """Return a reporter for a part (0 to 1) of this span."""
        width = self.end - self.start
        return Progress(self.show, self.cancelled, self.start + width * start, self.start + width * end)


SILENT = Progress()
