# SPDX-License-Identifier: GPL-2.0-or-later
"""`yochi:depletion`: when each area runs out, and by when the next estate must be started."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from qgis.core import (
    Qgis,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterNumber,
)

from ..plugin import dependencies
from ..plugin.i18n import tr
from .base import YochiAlgorithm
from .choices import scenario_ids, take_up_series

_LEAD_TIMES = {"LEAD_MIN": 3.0, "LEAD_MODE": 4.0, "LEAD_MAX": 5.0}
_HEADLINE = "pipeline"
_NEEDS_VERDICTS = "rationalised"
_MOST_DRAWS = 1_000_000
_MOST_YEARS = 200.0


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
        self._ask_for_scenarios()
        self._ask_for_numbers()
        self._ask_for_draws()
        self._ask_for_outputs()

    def _ask_for_outputs(self):
        table = Qgis.ProcessingSourceType.Vector
        self.ask(
            QgsProcessingParameterFeatureSink("OUTPUT", tr("Outlook")),
            tr("A row an area and scenario: stock, take-up, depletion year and its range, start-by years, state."),
        )
        optional = {
            "TRAJECTORY": (
                tr("Trajectory"),
                tr("A row an area, scenario and year: stock and its range, take-up, arrivals and take-up unmet."),
            ),
            "PROJECTS": (tr("Projects"), tr("The pipeline board: stage, readiness, chance and hectares of each.")),
            "DEMAND": (tr("Demand"), tr("A row an area and year: take-up counted, and why a year is left out.")),
            "GAINS": (tr("Gains"), tr("Years by which each scenario puts depletion off, area by area.")),
            "SENSITIVITY": (tr("Sensitivity"), tr("Which input moves the start-by year most, area by area.")),
        }
        for name, (title, text) in optional.items():
            self.ask(QgsProcessingParameterFeatureSink(name, title, table, None, True), text)
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
            tr("Land taken up, a row an area, year and series; suppressed years are left out and counted."),
        )
        self.ask(
            QgsProcessingParameterFeatureSource("VERDICTS", tr("Verdicts"), [table], optional=True),
            tr("Verdicts of `yochi:screensoil`, for scenarios that convert former heavy-industry land."),
        )

    def _ask_for_scenarios(self):
        scenarios = scenario_ids()
        default = [one for one in scenarios if one != _NEEDS_VERDICTS]
        self.ask(
            QgsProcessingParameterEnum("SCENARIOS", tr("Scenarios"), scenarios, True, default, usesStaticStrings=True),
            tr("What is assumed about the years to come; `rationalised` needs the verdicts."),
        )
        self.ask(
            QgsProcessingParameterFile("SCENARIO_FILE", tr("Scenario of your own"), extension="toml", optional=True),
            tr("A scenario in a TOML file, besides those chosen above."),
        )
        series = take_up_series()
        self.ask(
            QgsProcessingParameterEnum("SERIES", tr("Series"), series, True, series[:1], usesStaticStrings=True),
            tr("Series of take-up that are added up, with electricity or without, with logistics or without."),
        )
        self.ask(
            QgsProcessingParameterBoolean("LOSSES", tr("Count losses"), True),
            tr("Whether land lost to other uses, where the take-up tells it, runs the stock down as well."),
        )

    def _ask_for_numbers(self):
        number = Qgis.ProcessingNumberParameterType.Double
        self.ask(
            QgsProcessingParameterNumber("BASE_YEAR", tr("Base year"), number, float(date.today().year), minValue=1900),
            tr("Year at whose beginning the stock is what the sites say."),
        )
        self.ask(
            QgsProcessingParameterNumber(
                "HORIZON", tr("Horizon (years)"), number, 30.0, minValue=1, maxValue=_MOST_YEARS
            ),
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

    def _ask_for_draws(self):
        whole = Qgis.ProcessingNumberParameterType.Integer
        self.ask(
            QgsProcessingParameterNumber("DRAWS", tr("Draws"), whole, 2000, minValue=0, maxValue=_MOST_DRAWS),
            tr("Draws behind percentiles and chances; 0 gives the exact run alone."),
        )
        self.ask(
            QgsProcessingParameterNumber("SEED", tr("Seed"), whole, 1, minValue=0),
            tr("The same seed gives the same numbers, on any machine."),
        )

    def take_layers(self, parameters, context):
        names = ("AREAS", "SITES", "TAKE_UP", "VERDICTS")
        self.sources = {name: self.layer_source(parameters, name, context) for name in names}

    def compute(self, parameters, context, feedback):
        from ..plugin.bridge.feedback import progress_of
        from ..plugin.core import contracts
        from ..plugin.core.depletion import forecast, scenario_table

        place = self.parameterAsFileOutput(parameters, "REPORT", context)
        if place:
            self.require(dependencies.MAPS)
        progress = progress_of(feedback)
        reading = progress.part(0.0, 0.3)
        chosen = self._scenarios(parameters, context)
        verdicts = self.sources["VERDICTS"]
        result = forecast(
            self.read_table(self.sources["AREAS"], contracts.AREAS, reading),
            self.read_table(self.sources["SITES"], contracts.SITES, reading),
            self.read_table(self.sources["TAKE_UP"], contracts.TAKE_UP, reading),
            chosen,
            self._settings(parameters, context),
            verdicts=None if verdicts is None else self.read_table(verdicts, contracts.VERDICTS, reading),
            progress=progress.part(0.3, 0.8),
        )
        feedback.pushInfo(
            tr("{rows} rows: {areas} areas under {scenarios} scenarios.").format(
                rows=len(result.outlook),
                areas=result.outlook["area_code"].nunique(),
                scenarios=result.outlook["scenario_id"].nunique(),
            )
        )
        written = {}
        if place:
            tables = {**vars(result), "scenarios": scenario_table(chosen)}
            written |= _with_report(tables, place, progress.part(0.8, 0.9))
        writing = progress.part(0.9, 1.0)
        written |= self.write_table(parameters, "OUTPUT", context, result.outlook, writing, style="outlook")
        for name in ("TRAJECTORY", "PROJECTS", "DEMAND", "GAINS", "SENSITIVITY"):
            written |= self.write_table(parameters, name, context, getattr(result, name.lower()), writing)
        return written

    def _scenarios(self, parameters, context):
        """The scenarios chosen, the headline last."""
        from ..plugin.core.depletion import load_scenario, scenarios

        shipped = scenarios()
        paths = [shipped[name] for name in self.chosen(parameters, "SCENARIOS", context)]
        own = self.parameterAsFile(parameters, "SCENARIO_FILE", context)
        paths += [Path(own)] if own else []
        return sorted(map(load_scenario, paths), key=lambda one: one.id == _HEADLINE)

    def _settings(self, parameters, context):
        from ..plugin.core.depletion import Settings

        return Settings(
            base_year=self.parameterAsDouble(parameters, "BASE_YEAR", context),
            horizon_years=self.parameterAsDouble(parameters, "HORIZON", context),
            lead_times_years=tuple(self.parameterAsDouble(parameters, name, context) for name in _LEAD_TIMES),
            draws=self.parameterAsInt(parameters, "DRAWS", context),
            seed=self.parameterAsInt(parameters, "SEED", context),
            series=tuple(self.chosen(parameters, "SERIES", context)),
            losses=self.parameterAsBool(parameters, "LOSSES", context),
        )


def _with_report(tables, place, progress):
    from ..plugin.core.exports import report

    report.write_forecast(tables, Path(place), progress=progress)
    return {"REPORT": place}
