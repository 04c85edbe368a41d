# SPDX-License-Identifier: GPL-2.0-or-later
"""`yochi:depletion`: when each area runs out, and by when the next estate must be started."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from qgis.core import (
    Qgis,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterNumber,
)

from ..plugin.i18n import tr
from .base import YochiAlgorithm
from .choices import scenario_ids

_LEAD_TIMES = {"LEAD_MIN": 3.0, "LEAD_MODE": 4.0, "LEAD_MAX": 5.0}


class Depletion(YochiAlgorithm):
    """Shell over `core.depletion.forecast`."""

    def name(self):
        return "depletion"

    def displayName(self):
        return tr("Forecast depletion and start-by years")

    def shortDescription(self):
        return tr("When each area runs out of land, and by when it must start the next estate.")

    def initAlgorithm(self, configuration=None):
        self._ask_for_tables()
        self._ask_for_numbers()
        table = Qgis.ProcessingSourceType.Vector
        self.ask(
            QgsProcessingParameterFeatureSink("OUTPUT", tr("Outlook")),
            tr("A row an area and scenario: stock, take-up, depletion year, start-by years, state."),
        )
        self.ask(
            QgsProcessingParameterFeatureSink("TRAJECTORY", tr("Trajectory"), table, None, True),
            tr("A row an area, scenario and year: stock, take-up, arrivals and take-up unmet."),
        )

        self.ask(
            QgsProcessingParameterFileDestination("REPORT", tr("Report"), "HTML (*.html)", None, True, False),
            tr("One HTML file with the outlook of each area, the scenarios and the basis of each figure."),
        )

    def _ask_for_tables(self):
        table = Qgis.ProcessingSourceType.Vector
        self.ask(
            QgsProcessingParameterFeatureSource(
                "AREAS", tr("Planning areas"), [Qgis.ProcessingSourceType.VectorPolygon]
            ),
            tr("Prefectures, cities or other areas, with `area_code`."),
        )
        self.ask(
            QgsProcessingParameterFeatureSource("SITES", tr("Sites"), [table]),
            tr("Sites with `counted_ha` and `area_code`, as `yochi:inventory` gives them."),
        )
        self.ask(
            QgsProcessingParameterFeatureSource("TAKE_UP", tr("Take-up"), [table]),
            tr("Land taken up, a row an area and year; suppressed years are left out and counted."),
        )

    def _ask_for_numbers(self):
        scenarios = scenario_ids()
        number = Qgis.ProcessingNumberParameterType.Double
        self.ask(
            QgsProcessingParameterEnum(
                "SCENARIOS", tr("Scenarios"), scenarios, True, scenarios, usesStaticStrings=True
            ),
            tr("What is assumed about the years to come; each scenario gives rows of its own."),
        )
        self.ask(
            QgsProcessingParameterNumber("BASE_YEAR", tr("Base year"), number, float(date.today().year), minValue=1900),
            tr("Year at whose beginning the stock is what the sites say."),
        )
        self.ask(
            QgsProcessingParameterNumber("HORIZON", tr("Horizon (years)"), number, 30.0, minValue=1),
            tr("How many years to look ahead; not running out within them is an answer."),
        )
        titles = {
            "LEAD_MIN": tr("Shortest lead time (years)"),
            "LEAD_MODE": tr("Likeliest lead time (years)"),
            "LEAD_MAX": tr("Longest lead time (years)"),
        }
        for name, years in _LEAD_TIMES.items():
            self.ask(
                QgsProcessingParameterNumber(name, titles[name], number, years, minValue=0),
                tr("Years that new development takes (3 to 5 in general); a project that states its own keeps it."),
            )

    def take_layers(self, parameters, context):
        self.sources = {name: self.layer_source(parameters, name, context) for name in ("AREAS", "SITES", "TAKE_UP")}

    def compute(self, parameters, context, feedback):
        from ..plugin.bridge.feedback import progress_of
        from ..plugin.core import contracts
        from ..plugin.core.depletion import forecast, load_scenario, scenario_table, scenarios
        from ..plugin.core.exports import report

        progress = progress_of(feedback)
        reading = progress.part(0.0, 0.3)
        shipped = scenarios()
        chosen = [load_scenario(shipped[name]) for name in self.chosen(parameters, "SCENARIOS", context)]
        result = forecast(
            self.read_table(self.sources["AREAS"], contracts.AREAS, reading),
            self.read_table(self.sources["SITES"], contracts.SITES, reading),
            self.read_table(self.sources["TAKE_UP"], contracts.TAKE_UP, reading),
            chosen,
            base_year=self.parameterAsDouble(parameters, "BASE_YEAR", context),
            horizon_years=self.parameterAsDouble(parameters, "HORIZON", context),
            lead_times_years=tuple(self.parameterAsDouble(parameters, name, context) for name in _LEAD_TIMES),
            progress=progress.part(0.3, 0.8),
        )
        feedback.pushInfo(
            tr("{rows} rows: {areas} areas under {scenarios} scenarios.").format(
                rows=len(result.outlook),
                areas=result.outlook["area_code"].nunique(),
                scenarios=result.outlook["scenario_id"].nunique(),
            )
        )
        writing = progress.part(0.8, 1.0)
        place = self.parameterAsFileOutput(parameters, "REPORT", context)
        if place:
            report.write_forecast(result.outlook, scenario_table(chosen), Path(place))
        return {
            **({"REPORT": place} if place else {}),
            **self.write_table(parameters, "OUTPUT", context, result.outlook, writing, style="outlook"),
            **self.write_table(parameters, "TRAJECTORY", context, result.trajectory, writing),
        }
