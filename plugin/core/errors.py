# SPDX-License-Identifier: GPL-2.0-or-later
"""The few named errors of the core.

Each message is one sentence (or one per fault) for the person at the screen: it names the file, the place
and what to do. The faces show `str(error)` as it is; no traceback reaches a user.
"""

from __future__ import annotations


class YochiError(Exception):
    """Base of every error that Yochi raises on purpose."""


class SourceError(YochiError):
    """A file cannot be read, recognised or placed on the earth."""


class ContractError(YochiError):
    """A table breaks its contract; the message lists all faults at once."""


class StudyError(YochiError):
    """A study file names an unknown key, a wrong value or a missing input."""


class RuleError(YochiError):
    """A rule profile, scenario or preset file is malformed."""


class ReconciliationError(YochiError):
    """A total is not the sum of its parts; the table is refused."""


class CancelledError(YochiError):
    """The user stopped the run; nothing was written."""
