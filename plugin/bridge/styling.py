# SPDX-License-Identifier: GPL-2.0-or-later
"""Layer styles: the files in `resources/styles`, put on layers."""

from __future__ import annotations

from collections import deque

from qgis.core import QgsProcessingContext, QgsProcessingLayerPostProcessorInterface, QgsVectorLayer
from qgis.PyQt.QtXml import QDomDocument

from .. import about
from ..core.errors import SourceError

STYLES = about.ROOT / "resources" / "styles"

# QGIS calls a post-processor after the algorithm is gone and keeps no Python reference of its own
_kept: deque[LayerStyler] = deque(maxlen=64)


class LayerStyler(QgsProcessingLayerPostProcessorInterface):
    """Puts a style on an output layer when QGIS opens it."""

    def __init__(self, style: str) -> None:
        super().__init__()
        self._style = style

    def postProcessLayer(self, layer, context, feedback):
        apply(layer, self._style)


def style_on_completion(details: QgsProcessingContext.LayerDetails, style: str) -> None:
    """Have QGIS put a style on an output layer once it opens it."""
    styler = LayerStyler(style)
    _kept.append(styler)
    details.setPostProcessor(styler)


def apply(layer: QgsVectorLayer, style: str) -> None:
    """Put a style of `resources/styles` on a layer.

    The file is read here, because `loadNamedStyle` prefers a style stored in the layer's own GeoPackage.
    """
    document = QDomDocument()
    document.setContent((STYLES / f"{style}.qml").read_bytes())
    imported, message = layer.importNamedStyle(document)
    if not imported:
        raise SourceError(f"The style {style} cannot be put on the layer {layer.name()}: {message}.")
    layer.triggerRepaint()
