# SPDX-License-Identifier: GPL-2.0-or-later
"""Languages: the one `tr` of the plugin, and which of its two languages QGIS speaks."""

from __future__ import annotations

from typing import Literal

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication


def tr(text: str) -> str:
    """Translation of an English source string into the language of QGIS."""
    return QCoreApplication.translate("yochi", text)


def language() -> Literal["ja", "en"]:
    """Japanese where QGIS is Japanese, English everywhere else."""
    return "ja" if QgsApplication.locale().startswith("ja") else "en"


def code_title(row: dict[str, str]) -> str:
    """Title of a row of a code list in the language of QGIS."""
    return row[f"name_{language()}"]
