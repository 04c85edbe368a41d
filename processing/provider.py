# SPDX-License-Identifier: GPL-2.0-or-later
"""Yochi's provider in the Processing toolbox."""

from __future__ import annotations

from qgis.core import QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from ..plugin import about
from .depletion import Depletion
from .inventory import Inventory
from .outlook import Outlook
from .prefecturesheets import PrefectureSheets
from .readsource import ReadSource
from .screensoil import ScreenSoil
from .shortlist import Shortlist

ALGORITHMS = (ReadSource, Inventory, ScreenSoil, Depletion, Shortlist, Outlook, PrefectureSheets)


class YochiProvider(QgsProcessingProvider):
    """Holds Yochi's algorithms, in the order of the work."""

    def id(self):
        return "yochi"

    def name(self):
        return about.NAME

    def longName(self):
        return f"{about.NAME} {about.VERSION}"

    def versionInfo(self):
        return about.VERSION

    def icon(self):
        return QIcon(str(about.ICON))

    def svgIconPath(self):
        return str(about.ICON)

    def loadAlgorithms(self):
        for algorithm in ALGORITHMS:
            self.addAlgorithm(algorithm())
