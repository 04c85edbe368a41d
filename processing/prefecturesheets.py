# SPDX-License-Identifier: GPL-2.0-or-later
"""`yochi:prefecturesheets`: a PDF with one page a prefecture, from a ledger."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from qgis.core import (
    Qgis,
    QgsProcessingMultiStepFeedback,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterString,
)

from ..plugin import dependencies
from ..plugin.i18n import language, tr
from .base import YochiAlgorithm

_LANGUAGES = ("ja", "en")
_DRAW, _PRINT = range(2)


class PrefectureSheets(YochiAlgorithm):
    """Shell over `core.exports.sheets` and `bridge.sheets`."""

    def name(self):
        return "prefecturesheets"

    def displayName(self):
        return tr("Prefecture sheets (PDF)")

    def shortDescription(self):
        return tr("One page a prefecture: map, chart, figures, assumptions and sources.")

    def flags(self):
        # QGIS's layouts belong to the main thread
        return super().flags() | Qgis.ProcessingAlgorithmFlag.NoThreading

    def initAlgorithm(self, configuration=None):
        self.ask(
            QgsProcessingParameterFile("LEDGER", tr("Ledger"), extension="gpkg"),
            tr("A GeoPackage that `yochi:outlook` wrote."),
        )
        self.ask(
            QgsProcessingParameterEnum(
                "LANGUAGE", tr("Language"), _LANGUAGES, False, language(), usesStaticStrings=True
            ),
            tr("Language of the sheets: Japanese (ja) or English (en)."),
        )
        self.ask(
            QgsProcessingParameterString("SCENARIO", tr("Scenario"), None, False, True),
            tr("Identifier of a scenario of the ledger; left empty, the headline scenario of its study."),
        )
        self.ask(
            QgsProcessingParameterString("AREAS", tr("Areas"), None, False, True),
            tr("Codes of areas with commas between; left empty, all prefectures and designated cities."),
        )
        self.ask(
            QgsProcessingParameterFile("TEMPLATE", tr("Layout template"), extension="qpt", optional=True),
            tr("A print layout template of your own; left empty, the one that comes with Yochi."),
        )
        self.ask(
            QgsProcessingParameterFileDestination("OUTPUT", tr("Sheets"), "PDF (*.pdf)"),
            tr("The PDF, a page an area; replaced only when all went well."),
        )

    def compute(self, parameters, context, feedback):
        self.require(dependencies.MAPS)
        from ..plugin.bridge import ledger as ledgers
        from ..plugin.bridge import sheets as paper
        from ..plugin.bridge.feedback import progress_of
        from ..plugin.core.exports import sheets
        from ..plugin.core.exports.ledger import read_table

        ledger = Path(self.parameterAsFile(parameters, "LEDGER", context))
        template = Path(self.parameterAsFile(parameters, "TEMPLATE", context) or paper.TEMPLATE)
        place = Path(self.parameterAsFileOutput(parameters, "OUTPUT", context))
        words = self.parameterAsEnumString(parameters, "LANGUAGE", context)
        study = ledgers.study_values(ledger)
        ledgers.require_tables(ledger, sheets.TABLES)
        tables = {name: read_table(ledger, name) for name in sheets.TABLES}
        steps = QgsProcessingMultiStepFeedback(2, feedback)
        steps.setCurrentStep(_DRAW)
        with TemporaryDirectory() as pictures:
            content = sheets.compose(
                tables,
                self.parameterAsString(parameters, "SCENARIO", context).strip() or study["headline_scenario"],
                words,
                _codes(self.parameterAsString(parameters, "AREAS", context)),
                Path(pictures),
            )
            sheets.draw_charts(tables, content, words, progress_of(steps, feedback.isCanceled))
            steps.setCurrentStep(_PRINT)
            paper.export(content, ledger, template, place, words, steps)
        feedback.pushInfo(tr("{pages} pages in {name}.").format(pages=len(content.pages), name=place.name))
        return {"OUTPUT": str(place)}


def _codes(text):
    return [code for code in (part.strip() for part in text.split(",")) if code]
