# SPDX-License-Identifier: GPL-2.0-or-later


def classFactory(iface: object) -> object:  # noqa: N802  (the name that QGIS calls)
    from .plugin.main import YochiPlugin

    return YochiPlugin(iface)
