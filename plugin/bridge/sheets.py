# SPDX-License-Identifier: GPL-2.0-or-later
"""Sheets on paper: an atlas of QGIS's print layout, a page an area, from a template that users may change.

The template finds three layers by their identifiers: `pages`, which the atlas walks through, `facts` and
`sensitivity`, whose rows have the `area_code` of a page. What is the same on each page comes as variables whose names
begin with `yochi_`. The map shows the layers of a project that exists for the atlas alone.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from qgis.core import (
    Qgis,
    QgsExpressionContextUtils,
    QgsFeedback,
    QgsLayoutExporter,
    QgsPrintLayout,
    QgsProject,
    QgsProperty,
    QgsReadWriteContext,
    QgsSymbolLayer,
    QgsVectorLayer,
    QgsVectorLayerSimpleLabeling,
)
from qgis.PyQt.QtXml import QDomDocument

from .. import about
from ..core import crs
from ..core.errors import CancelledError, YochiError
from ..core.exports.ledger import replace
from ..core.exports.sheets import Sheets
from ..core.exports.wording import Language, code_name, phrase
from ..core.resources import code_list
from . import sinks, styling
from .ledger_layers import open_table

TEMPLATE = about.ROOT / "resources" / "layouts" / "prefecture_sheet.qpt"
_DOTS_PER_INCH = 200
_THIS_AREA = "\"area_code\" = attribute(@atlas_feature, 'area_code')"


def export(sheets: Sheets, ledger: Path, template: Path, path: Path, language: Language, feedback: QgsFeedback) -> None:
    """Write the sheets as one PDF. Call it in the main thread, as QGIS's layouts want it.

    Parameters
    ----------
    sheets : Sheets
        What stands on the pages; the pictures are there.
    ledger : Path
        The ledger, whose areas and sites the map shows.
    template : Path
        A layout template (.qpt).
    path : Path
        The PDF, replaced as a whole if it is there.
    language : {"ja", "en", "both"}
        Language of the legend.
    feedback : QgsFeedback
        Shows the progress page by page, and is asked between two pages whether to stop.

    Raises
    ------
    CancelledError
        The user stopped; nothing was written.
    YochiError
        The template cannot be used or the PDF not be written.
    """
    project = project_of(sheets, ledger, language)
    try:
        layout = _layout(project, template, sheets.words)
        with replace(path) as draft:
            _print(layout, draft, feedback)
    finally:
        project.clear()


def project_of(sheets: Sheets, ledger: Path, language: Language) -> QgsProject:
    """A project of the layers that a template uses; what its layer tree holds is on the map and in the legend."""
    project = QgsProject()
    _set_title(project, sheets.words["study"])
    _add_contents(project, sheets)
    _add_map_layers(project, ledger, sheets.scenario_id, language)
    return project


def _set_title(project: QgsProject, title: str) -> None:
    metadata = project.metadata()
    metadata.setTitle(title)  # which becomes that of the PDF
    project.setMetadata(metadata)


def _add_contents(project: QgsProject, sheets: Sheets) -> None:
    """The layers of texts and figures; they stay out of the layer tree, and so off the map and the legend."""
    for name in ("pages", "facts", "sensitivity"):
        layer = _in_memory(getattr(sheets, name), name)
        layer.setId(name)  # the template names it so
        project.addMapLayer(layer, False)


def _in_memory(frame: pd.DataFrame, name: str) -> QgsVectorLayer:
    kind = f"Polygon?crs={crs.JGD2011}" if name == "pages" else "None"
    layer = QgsVectorLayer(kind, name, "memory")
    layer.dataProvider().addAttributes(sinks.fields_of(frame))
    layer.updateFields()
    sinks.write(frame, layer.dataProvider())
    return layer


def _add_map_layers(project: QgsProject, ledger: Path, scenario_id: str, language: Language) -> None:
    """From bottom to top: all areas in grey, the area of the page in the colour of its state, the sites."""
    areas = open_table(ledger, "areas", phrase("area", language))
    styling.apply(areas, "areas")
    state = open_table(ledger, "outlook", phrase("state", language), f"\"scenario_id\" = '{scenario_id}'")
    styling.apply(state, "outlook")
    _show_one_area(state)
    _speak(state, language)
    project.addMapLayer(areas)
    project.addMapLayer(state)
    for row in reversed(code_list("layers")):
        sites = open_table(ledger, "sites", code_name("layers", row["code"], language), f"\"layer\" = '{row['code']}'")
        styling.apply(sites, f"sites_{row['code']}")
        project.addMapLayer(sites)


def _show_one_area(state: QgsVectorLayer) -> None:
    """Fill only the area that the page is about; the legend, which knows of no area, shows every state."""
    renderer = state.renderer()
    for number, category in enumerate(renderer.categories()):
        symbol = category.symbol().clone()
        for layer in symbol.symbolLayers():
            layer.setDataDefinedProperty(QgsSymbolLayer.Property.LayerEnabled, QgsProperty.fromExpression(_THIS_AREA))
        renderer.updateCategorySymbol(number, symbol)


def _speak(state: QgsVectorLayer, language: Language) -> None:
    """Put the legend and the names on the map into the language of the sheets."""
    renderer = state.renderer()
    for number, category in enumerate(renderer.categories()):
        renderer.updateCategoryLabel(number, code_name("states", category.value(), language))
    settings = state.labeling().settings()
    name = 'coalesce("name_en", "name")' if language == "en" else '"name"'
    settings.fieldName = f"if(\"level\" IN ('national', 'remainder') AND NOT {_THIS_AREA}, '', {name})"
    state.setLabeling(QgsVectorLayerSimpleLabeling(settings))


def _layout(project: QgsProject, template: Path, words: dict[str, str]) -> QgsPrintLayout:
    layout = QgsPrintLayout(project)
    document = QDomDocument()
    if not document.setContent(_content(template))[0]:
        raise YochiError(f"{template} is no layout template; choose a .qpt that QGIS's layout window saved.")
    _, is_loaded = layout.loadFromTemplate(document, QgsReadWriteContext())
    if not is_loaded:
        raise YochiError(f"{template} is no layout template; choose a .qpt that QGIS's layout window saved.")
    layout.atlas().setCoverageLayer(project.mapLayer("pages"))
    layout.atlas().setEnabled(True)
    for key, text in words.items():
        QgsExpressionContextUtils.setLayoutVariable(layout, f"yochi_{key}", text)
    return layout


def _content(template: Path) -> bytes:
    try:
        return template.read_bytes()
    except OSError as error:
        raise YochiError(
            f"The layout template {template} cannot be read ({error.strerror}); choose another."
        ) from error


def _print(layout: QgsPrintLayout, path: Path, feedback: QgsFeedback) -> None:
    settings = QgsLayoutExporter.PdfExportSettings()
    settings.dpi = _DOTS_PER_INCH
    settings.textRenderFormat = Qgis.TextRenderFormat.AlwaysText  # so that texts can be searched and copied
    result, message = QgsLayoutExporter.exportToPdf(layout.atlas(), str(path), settings, feedback)
    if result == QgsLayoutExporter.ExportResult.Canceled or feedback.isCanceled():
        raise CancelledError("The run was cancelled; nothing was written.")
    if result != QgsLayoutExporter.ExportResult.Success:
        raise YochiError(f"The sheets cannot be printed: {message}.")
