# SPDX-License-Identifier: GPL-2.0-or-later
"""`yochi:outlook`: the whole chain, from a study file to a ledger that QGIS opens."""

from __future__ import annotations

from pathlib import Path

from qgis.core import (
    Qgis,
    QgsProcessingMultiStepFeedback,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
)

from ..plugin import about, dependencies
from ..plugin.i18n import tr
from .base import YochiAlgorithm

_SAMPLE = about.ROOT / "resources" / "sample" / "study.toml"
_PICTURES = ("REPORT", "MAP", "MAP_YEARS")
_COMPUTE, _LEDGER, _REPORT, _MAP, _MAP_YEARS, _FIXLIST = range(6)


class Outlook(YochiAlgorithm):
    """Shell over `core.outlook.run` and the exports."""

    def name(self):
        return "outlook"

    def displayName(self):
        return tr("Outlook: from a study to a ledger")

    def shortDescription(self):
        return tr("Reads a study, runs every stage and writes one GeoPackage with a QGIS project inside.")

    def initAlgorithm(self, configuration=None):
        self.ask(
            QgsProcessingParameterFile("STUDY", tr("Study"), extension="toml", defaultValue=str(_SAMPLE)),
            tr("A TOML file that names inputs, scenarios and rule profiles; at first the embedded synthetic sample."),
        )
        self.ask(
            QgsProcessingParameterFileDestination("LEDGER", tr("Ledger"), "GeoPackage (*.gpkg)"),
            tr("The GeoPackage with every table, the styles and the project; replaced only when all went well."),
        )
        self.ask(
            QgsProcessingParameterFileDestination("REPORT", tr("Report"), "HTML (*.html)", None, True),
            tr("One HTML file with the tables and where each figure comes from."),
        )
        self.ask(
            QgsProcessingParameterFileDestination("MAP", tr("Map picture"), "PNG (*.png)", None, True, False),
            tr("A picture of the areas by state; needs matplotlib, as the report does."),
        )
        self.ask(
            QgsProcessingParameterFileDestination(
                "MAP_YEARS", tr("Map picture by depletion year"), "PNG (*.png)", None, True, False
            ),
            tr("A picture of the areas by depletion year."),
        )
        self.ask(
            QgsProcessingParameterFeatureSink("FIXLIST", tr("Fix-list"), Qgis.ProcessingSourceType.Vector, None, True),
            tr("Rows with something wrong in any input: file, row, field, value, problem and what to do."),
        )

    def compute(self, parameters, context, feedback):
        from ..plugin.bridge.feedback import progress_of
        from ..plugin.bridge.project import store_project
        from ..plugin.core import outlook
        from ..plugin.core.exports import ledger

        destinations = {name: self.parameterAsFileOutput(parameters, name, context) for name in _PICTURES}
        if any(destinations.values()):
            self.require(dependencies.MAPS)
        steps = QgsProcessingMultiStepFeedback(_FIXLIST + 1, feedback)
        progress = progress_of(steps, feedback.isCanceled)

        place = _with_suffix(self.parameterAsFileOutput(parameters, "LEDGER", context), ".gpkg")
        results = {"LEDGER": str(place)}
        # the ledger is moved into place at the very end: whatever fails before leaves the old one as it was
        with ledger.replace(place) as draft:
            steps.setCurrentStep(_COMPUTE)
            study = outlook.load_study(Path(self.parameterAsFile(parameters, "STUDY", context)))
            if study.dem:
                self.require(dependencies.RASTERS)
            tables = outlook.run(study, progress=progress)
            steps.setCurrentStep(_LEDGER)
            ledger.write(tables, draft)
            progress.report(0.5, tr("tables written"))
            store_project(draft)
            progress.report(1.0, tr("project stored"))
            for step, name in zip((_REPORT, _MAP, _MAP_YEARS), _PICTURES, strict=True):
                steps.setCurrentStep(step)
                progress.report(0.0)
                if destinations[name]:
                    _draw(name, tables, Path(destinations[name]), progress)
                    results[name] = destinations[name]
            steps.setCurrentStep(_FIXLIST)
            results |= self.write_table(parameters, "FIXLIST", context, tables["fixlist"], progress)
        _warn_of_rejected_rows(tables["sources"], feedback)
        feedback.pushInfo(_summary(tables))
        return results


def _draw(name, tables, place, progress):
    from ..plugin.core.exports import maps, report

    if name == "REPORT":
        report.write(tables, place, progress=progress)
    else:
        maps.write(tables, place, by="depletion_year" if name == "MAP_YEARS" else "state")


def _with_suffix(text, suffix):
    path = Path(text)
    return path if path.suffix.lower() == suffix else path.with_name(path.name + suffix)


def _warn_of_rejected_rows(sources, feedback):
    for source in sources.itertuples():
        if source.rows_rejected:
            feedback.pushWarning(
                tr("{name}: {rejected} of {read} rows are not used; the fix-list says why.").format(
                    name=source.file_name, rejected=source.rows_rejected, read=source.rows_read
                )
            )


def _summary(tables):
    sources = tables["sources"]
    return tr("{sites} sites and {areas} areas from {files} files; {problems} lines in the fix-list.").format(
        sites=len(tables["sites"]), areas=len(tables["areas"]), files=len(sources), problems=len(tables["fixlist"])
    )
