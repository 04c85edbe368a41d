# SPDX-License-Identifier: GPL-2.0-or-later
"""`yochi:screensoil`: sites held against rule profiles of the soil law, in hectares and with evidence."""

from __future__ import annotations

from pathlib import Path

from qgis.core import (
    Qgis,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterFile,
)

from ..plugin.i18n import tr
from .base import YochiAlgorithm
from .choices import profile_ids


class ScreenSoil(YochiAlgorithm):
    """Shell over `core.screening.screen`."""

    def name(self):
        return "screensoil"

    def displayName(self):
        return tr("Screen land by rule profiles of the soil law")

    def shortDescription(self):
        return tr("Met, not met or undecidable, in hectares and with the evidence; never a guess.")

    def initAlgorithm(self, configuration=None):
        table = Qgis.ProcessingSourceType.Vector
        profiles = profile_ids()
        self.ask(
            QgsProcessingParameterFeatureSource("SITES", tr("Sites"), [table]),
            tr("Sites as `yochi:inventory` gives them; a site without geometry stays without an answer."),
        )
        self.ask(
            QgsProcessingParameterFeatureSource("ZONES", tr("Zoning"), [Qgis.ProcessingSourceType.VectorPolygon]),
            tr("Use districts as `yochi:readsource` gives them; land outside the data is undecidable."),
        )
        self.ask(
            QgsProcessingParameterEnum(
                "PROFILES", tr("Rule profiles"), profiles, True, profiles, usesStaticStrings=True
            ),
            tr("Dated rule profiles that come with Yochi; each is screened by itself."),
        )
        self.ask(
            QgsProcessingParameterFile("PROFILE_FILE", tr("Rule profile of your own"), extension="toml", optional=True),
            tr("A rule profile in a TOML file, screened besides those chosen above."),
        )
        self.ask(
            QgsProcessingParameterFeatureSink("OUTPUT", tr("Screened sites")),
            tr("The sites with three columns of hectares a profile, which add up to the site."),
        )
        self.ask(
            QgsProcessingParameterFeatureSink("EVIDENCE", tr("Evidence"), table, None, True),
            tr("What each criterion found on each piece, from which data set and edition."),
        )
        self.ask(
            QgsProcessingParameterFeatureSink("PIECES", tr("Pieces"), table, None, True),
            tr("The sites cut along the zoning lines, with the result of each piece."),
        )
        self.ask(
            QgsProcessingParameterFeatureSink("VERDICTS", tr("Verdicts"), table, None, True),
            tr("A row a site and profile: the three numbers of hectares and what would have to be found out."),
        )

    def take_layers(self, parameters, context):
        self.sites = self.layer_source(parameters, "SITES", context)
        self.zones = self.layer_source(parameters, "ZONES", context)

    def compute(self, parameters, context, feedback):
        from ..plugin.bridge.feedback import progress_of
        from ..plugin.core import contracts
        from ..plugin.core.screening import DISCLAIMER, screen

        progress = progress_of(feedback)
        profiles = self._profiles(parameters, context)
        sites = self.read_table(self.sites, contracts.SITES, progress.part(0.0, 0.2))
        zones = self.read_table(self.zones, contracts.ZONES, progress.part(0.2, 0.4))
        screening = screen(sites, zones, profiles, progress=progress.part(0.4, 0.8))
        feedback.pushInfo(
            tr("{sites} sites in {pieces} pieces. {disclaimer}").format(
                sites=len(screening.sites), pieces=len(screening.pieces), disclaimer=DISCLAIMER
            )
        )
        writing = progress.part(0.8, 1.0)
        return {
            **self.write_table(parameters, "OUTPUT", context, screening.sites, writing, style="sites"),
            **self.write_table(parameters, "EVIDENCE", context, screening.evidence, writing),
            **self.write_table(parameters, "PIECES", context, screening.pieces, writing, style="pieces"),
            **self.write_table(parameters, "VERDICTS", context, screening.verdicts, writing),
        }

    def _profiles(self, parameters, context):
        from ..plugin.core.screening import load_profile, profiles

        shipped = profiles()
        paths = [shipped[name] for name in self.chosen(parameters, "PROFILES", context)]
        own = self.parameterAsFile(parameters, "PROFILE_FILE", context)
        paths += [Path(own)] if own else []
        return [load_profile(path) for path in paths]
