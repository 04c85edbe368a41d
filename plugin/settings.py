# SPDX-License-Identifier: GPL-2.0-or-later
"""What the dock remembers from one session of QGIS to the next."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields

from qgis.core import QgsSettings

_GROUP = "yochi"


@dataclass
class Settings:
    """The choices made last.

    Parameters
    ----------
    study : str
        Path of the study file; empty for the embedded sample.
    ledger : str
        Path of the ledger that was written or opened last.
    """

    study: str = ""
    ledger: str = ""

    @classmethod
    def load(cls) -> Settings:
        """Read them from QGIS's settings; what was never stored keeps its default."""
        store = QgsSettings()
        return cls(**{field.name: store.value(f"{_GROUP}/{field.name}", field.default, str) for field in fields(cls)})

    def save(self) -> None:
        """Store them in QGIS's settings."""
        store = QgsSettings()
        for name, value in asdict(self).items():
            store.setValue(f"{_GROUP}/{name}", value)
