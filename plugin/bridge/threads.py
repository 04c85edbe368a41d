# SPDX-License-Identifier: GPL-2.0-or-later
"""Keeps Python's state of QGIS's worker threads from one run to the next.

QGIS runs tasks in threads that it keeps, while Python forgets its own state of such a thread whenever it is left.
pyproj 3.7 ties the memory of PROJ to that state but remembers the address in the thread: the second run in the same
thread then uses freed memory and QGIS crashes (pyproj issues 1509 and 1622).
"""

from __future__ import annotations

import ctypes
import threading

_thread = threading.local()


def keep_thread_state() -> None:
    """Have Python keep its state of the calling thread for good; costs some kilobytes a thread, once."""
    if not getattr(_thread, "kept", False):
        ctypes.pythonapi.PyGILState_Ensure()  # never released, so the count of users never falls to none
        _thread.kept = True
