# SPDX-License-Identifier: GPL-2.0-or-later
"""What QGIS loads: adds the toolbox provider and the dock, and takes both away again."""

from __future__ import annotations

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QAction

from ..processing.provider import YochiProvider
from . import about
from .i18n import tr


class YochiPlugin:
    """The plugin in one QGIS.

    Parameters
    ----------
    iface : QgisInterface or None
        None where there is no window: in `qgis_process` only `initProcessing` is called.
    """

    def __init__(self, iface):
        self.iface = iface
        self.provider = None
        self.action = None
        self.dock = None

    def initProcessing(self):
        """Add the provider to the toolbox; all that `qgis_process` needs."""
        self.provider = YochiProvider()
        QgsApplication.processingRegistry().addProvider(self.provider)

    def initGui(self):
        """Add the provider and one button, which shows and hides the dock."""
        self.initProcessing()
        self.action = QAction(QIcon(str(about.ICON)), about.NAME, self.iface.mainWindow())
        self.action.setToolTip(tr("Yochi: industrial land, when it runs out and when to start"))
        self.action.setCheckable(True)
        self.action.triggered.connect(self.show_dock)
        self.iface.addToolBarIcon(self.action)
        self.iface.addPluginToMenu(about.NAME, self.action)

    def unload(self):
        """Undo each thing that `initGui` and `initProcessing` did, in reverse."""
        if self.dock is not None:
            self.dock.close_down()
            self.iface.removeDockWidget(self.dock)
            self.dock.deleteLater()
            self.dock = None
        if self.action is not None:
            self.iface.removePluginMenu(about.NAME, self.action)
            self.iface.removeToolBarIcon(self.action)
            self.action.deleteLater()
            self.action = None
        if self.provider is not None:
            QgsApplication.processingRegistry().removeProvider(self.provider)
            self.provider = None

    def show_dock(self, visible):
        """Show or hide the dock; it is made when it is first asked for."""
        if self.dock is None:
            from .gui.dock import YochiDock  # widgets cost time that starting QGIS should not pay

            self.dock = YochiDock(self.iface.mainWindow())
            self.dock.visibilityChanged.connect(self.action.setChecked)
            self.iface.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.dock)
        self.dock.setVisible(visible)
