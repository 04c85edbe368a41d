# SPDX-License-Identifier: GPL-2.0-or-later
"""`yochi:shortlist`: the sites that fit what a developer asks for, and why the others do not."""

from __future__ import annotations

from qgis.core import (
    Qgis,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterNumber,
)

from ..plugin.core.resources import codes
from ..plugin.i18n import tr
from .base import YochiAlgorithm


class Shortlist(YochiAlgorithm):
    """Shell over `core.shortlist.select`."""

    def name(self):
        return "shortlist"

    def displayName(self):
        return tr("Shortlist sites")

    def shortDescription(self):
        return tr("Sites that fit, ranked, and a waterfall that names each filter with its hectares.")

    def initAlgorithm(self, configuration=None):
        table = Qgis.ProcessingSourceType.Vector
        self.ask(
            QgsProcessingParameterFeatureSource("SITES", tr("Sites"), [table]),
            tr("Sites with `counted_ha`, as `yochi:inventory` gives them."),
        )
        self.ask(
            QgsProcessingParameterNumber(
                "MINIMUM_HA",
                tr("Least area (ha)"),
                Qgis.ProcessingNumberParameterType.Double,
                optional=True,
                minValue=0,
            ),
            tr("Least `counted_ha` of a site; left empty, no site is left out for its size."),
        )
        self.ask(
            QgsProcessingParameterEnum(
                "LAYERS", tr("Layers"), codes("layers"), True, None, optional=True, usesStaticStrings=True
            ),
            tr("Layers of land to choose from; none chosen means all of them."),
        )
        self.ask(
            QgsProcessingParameterFeatureSink("OUTPUT", tr("Shortlist")),
            tr("The sites that pass, ranked. For use inside the office: consent is a column, not yet a filter."),
        )
        self.ask(
            QgsProcessingParameterFeatureSink("WATERFALL", tr("Waterfall"), table, None, True),
            tr("A row a filter: sites and hectares before, removed and left."),
        )

    def take_layers(self, parameters, context):
        self.sites = self.layer_source(parameters, "SITES", context)

    def compute(self, parameters, context, feedback):
        from ..plugin.bridge.feedback import progress_of
        from ..plugin.core import contracts
        from ..plugin.core.shortlist import Requirements, select

        progress = progress_of(feedback)
        requirements = Requirements(
            minimum_ha=self._optional_number(parameters, "MINIMUM_HA", context),
            layers=tuple(self.chosen(parameters, "LAYERS", context)),
        )
        sites = self.read_table(self.sites, contracts.SITES, progress.part(0.0, 0.4))
        selection = select(sites, requirements, progress=progress.part(0.4, 0.8))
        feedback.pushInfo(
            tr("{left} of {all} sites pass; the waterfall says why the others do not.").format(
                left=len(selection.shortlist), all=len(sites)
            )
        )
        writing = progress.part(0.8, 1.0)
        return {
            **self.write_table(parameters, "OUTPUT", context, selection.shortlist, writing, style="sites"),
            **self.write_table(parameters, "WATERFALL", context, selection.waterfall, writing),
        }

    def _optional_number(self, parameters, name, context):
        given = parameters.get(name) not in (None, "")
        return self.parameterAsDouble(parameters, name, context) if given else None
