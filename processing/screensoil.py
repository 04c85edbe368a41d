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
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterLayer,
)

from ..plugin import dependencies
from ..plugin.i18n import tr
from .base import YochiAlgorithm
from .choices import profile_ids
from .streams import Stream, told_when_cut_short

_POLYGON, _LINE = Qgis.ProcessingSourceType.VectorPolygon, Qgis.ProcessingSourceType.VectorLine
_POINT, _TABLE = Qgis.ProcessingSourceType.VectorPoint, Qgis.ProcessingSourceType.Vector
_SLIVER_HA = 1.0
_TABLES = {"OUTPUT": "sites", "EVIDENCE": "evidence", "PIECES": "pieces", "VERDICTS": "verdicts"}
"""Outputs that are written block by block, and the tables of a screening that they are."""
_STYLES = {"OUTPUT": "sites", "PIECES": "pieces"}


class ScreenSoil(YochiAlgorithm):
    """Shell over `core.screening`."""

    def name(self):
        return "screensoil"

    def displayName(self):
        return tr("Screen land by rule profiles of the soil law")

    def shortDescription(self):
        return tr("Met, not met or undecidable, in hectares and with the evidence; never a guess.")

    def initAlgorithm(self, configuration=None):
        self.ask(
            QgsProcessingParameterFeatureSource("SITES", tr("Sites"), [_TABLE]),
            tr("Sites as `yochi:inventory` gives them; a site without geometry stays without an answer."),
        )
        for name, (title, kind, explanation) in self._surroundings().items():
            self.ask(QgsProcessingParameterFeatureSource(name, title, [kind], None, name != "ZONES"), explanation)
        self._ask_for_rules()
        self._ask_for_outputs()

    def _surroundings(self):
        """What sites are held against: parameter -> title, kind of geometry, help. All but zoning may be missing."""
        return {
            "ZONES": (
                tr("Zoning"),
                _POLYGON,
                tr("Use districts as `yochi:readsource` gives them; land outside the data is undecidable."),
            ),
            "PORT_ZONES": (
                tr("Port zones"),
                _POLYGON,
                tr("臨港地区 with their 分区; inside one, zoning alone does not ban housing."),
            ),
            "PORT_ORDINANCES": (
                tr("Port ordinances"),
                _TABLE,
                tr("A row a port and 分区: whether its ordinance bans housing (yes, no, unknown)."),
            ),
            "COASTLINE": (tr("Coastline"), _LINE, tr("Lines; without them distance and way to the sea are unknown.")),
            "RECLAIMED": (tr("Reclaimed land"), _POLYGON, tr("With the act and the date of the work, where known.")),
            "WELLS": (tr("Wells"), _POINT, tr("With their use; of unknown use counts as undecidable.")),
            "DESIGNATIONS": (
                tr("Designated areas"),
                _TABLE,
                tr("The ledger of the soil law, with geometry or with lots that the parcels place."),
            ),
            "PARCELS": (tr("Parcels"), _POLYGON, tr("Lots of the cadastre, to place entries of the ledger.")),
            "AREAS": (tr("Planning areas"), _POLYGON, tr("Only for the comparison of profiles by area.")),
        }

    def _ask_for_rules(self):
        profiles = profile_ids()
        self.ask(
            QgsProcessingParameterRasterLayer("DEM", tr("Elevation"), optional=True),
            tr("If given, the way to the sea follows the slope; otherwise it goes to the nearest sea."),
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
            QgsProcessingParameterFile(
                "PROFILE_FOLDER",
                tr("Folder of your own rule profiles"),
                Qgis.ProcessingFileParameterBehavior.Folder,
                optional=True,
            ),
            tr("Every TOML file in it is screened besides."),
        )
        number = Qgis.ProcessingNumberParameterType.Double
        self.ask(
            QgsProcessingParameterNumber("SLIVER_HA", tr("Sliver (ha)"), number, _SLIVER_HA, minValue=0),
            tr("Thin strips up to this size are differences between data sets: no headline verdict stands on one."),
        )

    def _ask_for_outputs(self):
        self.ask(
            QgsProcessingParameterFeatureSink("OUTPUT", tr("Screened sites")),
            tr("The sites with three columns of hectares a profile, which add up to the site, and a headline."),
        )
        outputs = {
            "EVIDENCE": (
                tr("Evidence"),
                tr("What each criterion found on each piece, from which data set and edition."),
            ),
            "PIECES": (tr("Pieces"), tr("The sites cut along the lines of all inputs, with the result of each piece.")),
            "VERDICTS": (
                tr("Verdicts"),
                tr("A row a site and profile: the three numbers of hectares and what would have to be found out."),
            ),
            "FIND_NEXT": (tr("Find out next"), tr("Missing facts, ranked by the hectares that knowing them decides.")),
            "COMPARISON": (tr("Comparison"), tr("Hectares by area under each profile; needs planning areas.")),
        }
        for name, (title, explanation) in outputs.items():
            self.ask(QgsProcessingParameterFeatureSink(name, title, _TABLE, None, True), explanation)

    def take_layers(self, parameters, context):
        names = ("SITES", *self._surroundings())
        self.sources = {name: self.layer_source(parameters, name, context) for name in names}
        raster = self.parameterAsRasterLayer(parameters, "DEM", context)
        self.dem = Path(raster.source()) if raster else None
        if raster:
            self.require(dependencies.RASTERS)

    def compute(self, parameters, context, feedback):
        from ..plugin.bridge.feedback import progress_of
        from ..plugin.core import screening

        progress = progress_of(feedback)
        profiles = self._profiles(parameters, context)
        tables = self._tables(progress.part(0.0, 0.2))
        sites, areas = tables.pop("sites"), tables.pop("areas")
        asked = [name for name in (*_TABLES, "FIND_NEXT", "COMPARISON") if parameters.get(name) is not None]
        if areas is None and "COMPARISON" in asked:
            feedback.pushWarning(tr("There is no comparison, because no planning areas were given."))
            asked.remove("COMPARISON")
        blocks = screening.screen_blocks(
            sites,
            screening.Surroundings(**tables, dem=self.dem),
            profiles,
            sliver_ha=self.parameterAsDouble(parameters, "SLIVER_HA", context),
            size=_block_size(sites),
            progress=progress.part(0.2, 0.9),
        )
        streams = {name: Stream(self, parameters, context, name, style=_STYLES.get(name)) for name in _TABLES}
        streams = {name: stream for name, stream in streams.items() if name in asked}
        facts, pieces = [], []
        with told_when_cut_short(streams.values()):
            for screened, writing in blocks:
                _add(screened, streams, writing)
                if "FIND_NEXT" in asked:
                    facts.append(screening.find_next(screened.evidence, screened.pieces, screened.sites, profiles))
                if "COMPARISON" in asked:
                    pieces.append(screened.pieces)
        results = {name: stream.close() for name, stream in streams.items()}
        summing = progress.part(0.9, 1.0)
        if "FIND_NEXT" in asked:
            table = screening.sum_facts(facts)
            results |= self.write_table(parameters, "FIND_NEXT", context, table, summing.part(0.0, 0.5))
        if "COMPARISON" in asked:
            # land under two sites counts once, so that this takes the pieces of all blocks
            table = screening.compare(_together(pieces), sites, areas)
            results |= self.write_table(parameters, "COMPARISON", context, table, summing.part(0.5, 1.0))
        feedback.pushInfo(
            tr("{sites} sites screened by {profiles} profiles. {disclaimer}").format(
                sites=len(sites), profiles=len(profiles), disclaimer=screening.DISCLAIMER
            )
        )
        return results

    def _tables(self, progress):
        """Every input by the name of its contract; None where it is not given."""
        from ..plugin.core.contracts import TABLES

        return {
            name.lower(): self.read_table(source, TABLES[name.lower()], progress) if source else None
            for name, source in self.sources.items()
        }

    def _profiles(self, parameters, context):
        from ..plugin.core.screening import load_profile, profiles

        shipped = profiles()
        paths = [shipped[name] for name in self.chosen(parameters, "PROFILES", context)]
        own, folder = (self.parameterAsFile(parameters, name, context) for name in ("PROFILE_FILE", "PROFILE_FOLDER"))
        paths += [Path(own)] if own else []
        paths += sorted(Path(folder).glob("*.toml")) if folder else []
        return [load_profile(path) for path in paths]


def _block_size(sites):
    """Sites to write at a time: all where they differ in geometry, which no block would show by itself."""
    from ..plugin.bridge import sinks
    from ..plugin.core import screening

    return len(sites) if sinks.geometry_type(sites) == Qgis.WkbType.GeometryCollection else screening.BLOCK


def _add(screened, streams, progress):
    """Write a block; pieces and evidence are drawn up only when they are asked for."""
    for number, (name, stream) in enumerate(streams.items()):
        turn = progress.part(number / len(streams), (number + 1) / len(streams))
        stream.add(getattr(screened, _TABLES[name]), turn)


def _together(frames):
    import pandas as pd

    return pd.concat(frames, ignore_index=True)
