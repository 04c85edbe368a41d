# SPDX-License-Identifier: GPL-2.0-or-later
"""`yochi:shortlist`: the sites that fit what a developer asks for, and why the others do not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from qgis.core import (
    Qgis,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterFile,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)

from ..plugin.core.resources import codes
from ..plugin.i18n import tr
from .base import YochiAlgorithm
from .choices import preset_ids


class Shortlist(YochiAlgorithm):
    """Shell over `core.shortlist.select`."""

    def name(self):
        return "shortlist"

    def displayName(self):
        return tr("Shortlist sites")

    def shortDescription(self):
        return tr("Sites that fit, ranked, and a waterfall that names each filter with its hectares.")

    def initAlgorithm(self, configuration=None):
        self._ask_for_tables()
        self._ask_for_requirements()
        self._ask_for_outputs()

    def _ask_for_tables(self):
        table = Qgis.ProcessingSourceType.Vector
        self.ask(
            QgsProcessingParameterFeatureSource("SITES", tr("Sites"), [table]),
            tr("Sites with `counted_ha`, as `yochi:inventory` gives them."),
        )
        self.ask(
            QgsProcessingParameterFeatureSource("VERDICTS", tr("Verdicts"), [table], optional=True),
            tr("Verdicts of `yochi:screensoil`, for requirements on land that meets a rule profile."),
        )

    def _ask_for_requirements(self):
        self.ask(
            QgsProcessingParameterEnum(
                "PRESET", tr("Preset"), preset_ids(), False, None, optional=True, usesStaticStrings=True
            ),
            tr("Requirements of an industry, line by line with the sentence or the assumption that each comes from."),
        )
        self.ask(
            QgsProcessingParameterFile("REQUIREMENTS", tr("Requirements of your own"), extension="toml", optional=True),
            tr("A file like those in `resources/presets`, in place of a preset."),
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
            QgsProcessingParameterString("TARGET", tr("Target site"), optional=True),
            tr("A `site_id` that the others are compared with."),
        )

    def _ask_for_outputs(self):
        table = Qgis.ProcessingSourceType.Vector
        self.ask(
            QgsProcessingParameterFeatureSink("OUTPUT", tr("Shortlist")),
            tr("The sites that pass, ranked. For use inside the office: consent is a column, not yet a filter."),
        )
        self.ask(
            QgsProcessingParameterFeatureSink("WATERFALL", tr("Waterfall"), table, None, True),
            tr("A row a filter: sites and hectares before, removed and left."),
        )
        optional = {
            "SCORES": (tr("Scores"), tr("What each criterion adds to the score of a site.")),
            "RELAXATIONS": (tr("Relaxations"), tr("What would come back if a single filter were given up.")),
            "TO_ASK": (tr("To ask"), tr("Facts to be found out about sites that fit as far as is known.")),
        }
        for name, (title, text) in optional.items():
            self.ask(QgsProcessingParameterFeatureSink(name, title, table, None, True), text)

    def take_layers(self, parameters, context):
        self.sites = self.layer_source(parameters, "SITES", context)
        self.verdicts = self.layer_source(parameters, "VERDICTS", context)

    def compute(self, parameters, context, feedback):
        from ..plugin.bridge.feedback import progress_of
        from ..plugin.core import contracts
        from ..plugin.core.shortlist import select

        progress = progress_of(feedback)
        reading = progress.part(0.0, 0.4)
        sites = self.read_table(self.sites, contracts.SITES, reading)
        selection = select(
            sites,
            self._requirements(parameters, context),
            verdicts=None if self.verdicts is None else self.read_table(self.verdicts, contracts.VERDICTS, reading),
            target=self.parameterAsString(parameters, "TARGET", context) or None,
            progress=progress.part(0.4, 0.8),
        )
        feedback.pushInfo(
            tr("{left} of {all} sites pass; the waterfall says why the others do not.").format(
                left=len(selection.shortlist), all=len(sites)
            )
        )
        writing = progress.part(0.8, 1.0)
        written = self.write_table(parameters, "OUTPUT", context, selection.shortlist, writing, style="sites")
        for name in ("WATERFALL", "SCORES", "RELAXATIONS", "TO_ASK"):
            written |= self.write_table(parameters, name, context, getattr(selection, name.lower()), writing)
        return written

    def _requirements(self, parameters, context):
        from ..plugin.core.shortlist import Requirements, load_requirements, presets

        own = self.parameterAsFile(parameters, "REQUIREMENTS", context)
        preset = self.parameterAsEnumString(parameters, "PRESET", context)
        path = Path(own) if own else presets().get(preset)
        return replace(
            load_requirements(path) if path else Requirements(),
            minimum_ha=self._optional_number(parameters, "MINIMUM_HA", context),
            layers=tuple(self.chosen(parameters, "LAYERS", context)),
        )

    def _optional_number(self, parameters, name, context):
        given = parameters.get(name) not in (None, "")
        return self.parameterAsDouble(parameters, name, context) if given else None
