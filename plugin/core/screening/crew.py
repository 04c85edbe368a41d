# SPDX-License-Identifier: GPL-2.0-or-later
"""Threads that share work, while the calling thread reports and listens for a cancel.

GEOS works without Python's lock, so that two threads screen nearly twice as much. What GEOS prepares of a geometry is
made while it is asked and is not for two threads at once: work must not share prepared geometry between threads.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import Event
from types import TracebackType
from typing import Generic, TypeVar

from ..errors import CancelledError
from ..progress import Progress

Item = TypeVar("Item")
Result = TypeVar("Result")

_MOST = 4
"""More threads mostly wait for Python's lock."""
_LISTEN_SECONDS = 0.1


class Crew(Generic[Item, Result]):
    """Some threads that do one kind of work; they end with the `with` block.

    Parameters
    ----------
    work : callable
        Takes an item and a function to call now and then, which raises CancelledError once the work is in vain.
    """

    def __init__(self, work: Callable[[Item, Callable[[], None]], Result]) -> None:
        self._work, self._stop = work, Event()
        self._pool = ThreadPoolExecutor(min(_MOST, os.cpu_count() or 1))

    def __enter__(self) -> Crew[Item, Result]:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        # after a cancel nobody waits: what is under way changes nothing, and ends at its next `between`
        self._pool.shutdown(wait=error is None, cancel_futures=True)

    def each(self, items: Iterable[Item], progress: Progress) -> Iterator[Result]:
        """Results in the order of the items; progress and cancel are the calling thread's alone."""
        futures = []
        for item in items:
            progress.report(0.0)
            futures.append(self._pool.submit(self._work, item, self._between))
        for number, future in enumerate(futures):
            self._wait(future, progress, number / len(futures))
            yield future.result()

    def _between(self) -> None:
        if self._stop.is_set():
            raise CancelledError("The run was cancelled; nothing was written.")

    @staticmethod
    def _wait(future: Future[Result], progress: Progress, fraction: float) -> None:
        progress.report(fraction)
        while wait([future], _LISTEN_SECONDS).not_done:
            progress.report(fraction)
