# SPDX-License-Identifier: GPL-2.0-or-later
"""`yochi:inventory`: tables of sites put together, with no hectare counted twice."""

from __future__ import annotations

from qgis.core import (
    Qgis,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterMultipleLayers,
)

from ..plugin.i18n import tr
from .base import YochiAlgorithm


class Inventory(YochiAlgorithm):
    """Shell over `core.inventory.take_stock`."""

    def name(self):
        return "inventory"

    def displayName(self):
        return tr("Take stock of industrial land")

    def shortDescription(self):
        return tr("Three layers of land, each with its own total and no hectare counted twice.")

    def initAlgorithm(self, configuration=None):
        table = Qgis.ProcessingSourceType.Vector
        self.ask(
            QgsProcessingParameterMultipleLayers("SITES", tr("Sites"), table),
            tr("One or more tables of sites, with or without geometry, as `yochi:readsource` gives them."),
        )
        self.ask(
            QgsProcessingParameterFeatureSource(
                "AREAS", tr("Planning areas"), [Qgis.ProcessingSourceType.VectorPolygon]
            ),
            tr("Prefectures, cities or other areas, with `area_code` and, where one lies in another, `parent_code`."),
        )
        self.ask(
            QgsProcessingParameterFeatureSink("OUTPUT", tr("Sites with counted hectares")),
            tr("All sites, placed and measured; `counted_ha` is what no other site counts already."),
        )
        self.ask(
            QgsProcessingParameterFeatureSink("SUMMARY", tr("Summary by area and layer"), table, None, True),
            tr("Sites and hectares by area and layer; the totals are the sums of their parts to 0.01 ha."),
        )
        self.ask(
            QgsProcessingParameterFeatureSink("OVERLAPS", tr("Overlaps"), table, None, True),
            tr("Which site gives way to which, by how many hectares and by what rule."),
        )
        self.ask(
            QgsProcessingParameterFeatureSink("FIXLIST", tr("Fix-list"), table, None, True),
            tr("Rows with something wrong: field, value, problem and what to do."),
        )

    def take_layers(self, parameters, context):
        from ..plugin.bridge import layers

        self.sites = [
            layers.whole_layer(layer, context) for layer in self.parameterAsLayerList(parameters, "SITES", context)
        ]
        self.areas = self.layer_source(parameters, "AREAS", context)

    def compute(self, parameters, context, feedback):
        from ..plugin.bridge.feedback import progress_of
        from ..plugin.core import contracts
        from ..plugin.core.inventory import take_stock

        progress = progress_of(feedback)
        reading = progress.part(0.0, 0.3)
        sites = [self.read_table(source, contracts.SITES, reading) for source in self.sites]
        areas = self.read_table(self.areas, contracts.AREAS, reading)
        inventory = take_stock(sites, areas, progress=progress.part(0.3, 0.8))
        feedback.pushInfo(
            tr("{sites} sites, {overlaps} overlaps, {problems} lines in the fix-list.").format(
                sites=len(inventory.sites), overlaps=len(inventory.overlaps), problems=len(inventory.fixlist)
            )
        )
        writing = progress.part(0.8, 1.0)
        return {
            **self.write_table(parameters, "OUTPUT", context, inventory.sites, writing, style="sites"),
            **self.write_table(parameters, "SUMMARY", context, inventory.summary, writing),
            **self.write_table(parameters, "OVERLAPS", context, inventory.overlaps, writing),
            **self.write_table(parameters, "FIXLIST", context, inventory.fixlist, writing),
        }
