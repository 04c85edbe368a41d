# SPDX-License-Identifier: GPL-2.0-or-later
"""`yochi:readsource`: a raw file, or a layer, as a table that the other algorithms understand."""

from __future__ import annotations

from pathlib import Path

from qgis.core import (
    Qgis,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFile,
    QgsProcessingParameterString,
    QgsProcessingUtils,
    QgsVectorLayer,
)

from ..plugin.i18n import tr
from .base import YochiAlgorithm
from .choices import FORMATS, TABLES


class ReadSource(YochiAlgorithm):
    """Shell over `core.sources.read` and `read_frame`."""

    def name(self):
        return "readsource"

    def displayName(self):
        return tr("Read a source")

    def shortDescription(self):
        return tr("A file or layer as one of Yochi's tables, with a list of what is wrong in it.")

    def initAlgorithm(self, configuration=None):
        table = Qgis.ProcessingSourceType.Vector
        self.ask(
            QgsProcessingParameterFile("INPUT", tr("File or layer")),
            tr("A file as it was downloaded (GeoJSON, shapefile, zip, GML, CSV, XLSX), or the name or id of a layer."),
        )
        self.ask(
            QgsProcessingParameterEnum(
                "FORMAT", tr("Format"), list(FORMATS), False, FORMATS[0], usesStaticStrings=True
            ),
            tr("What the file is; `auto` recognises it."),
        )
        self.ask(
            QgsProcessingParameterEnum(
                "TABLE", tr("Table"), list(TABLES), False, None, optional=True, usesStaticStrings=True
            ),
            tr("What the rows become, for a table or a layer, or which of the tables in the file to give."),
        )
        self.ask(
            QgsProcessingParameterString("LAYER", tr("Layer or sheet in the file"), optional=True),
            tr("Needed where the file holds several and the format does not say which."),
        )
        self.ask(
            QgsProcessingParameterFile("MAPPING", tr("Column mapping"), extension="toml", optional=True),
            tr("A TOML file that says which column of yours is which of Yochi's."),
        )
        self.ask(
            QgsProcessingParameterFeatureSink("OUTPUT", tr("Canonical table")),
            tr("The rows that can be used, with Yochi's columns, units and codes."),
        )
        self.ask(
            QgsProcessingParameterFeatureSink("FIXLIST", tr("Fix-list"), table, None, True),
            tr("Rows with something wrong: row number, field, value, problem and what to do."),
        )

    def take_layers(self, parameters, context):
        from ..plugin.bridge import layers

        value = self.parameterAsString(parameters, "INPUT", context)
        self.layer = None
        if not Path(value).exists():
            layer = QgsProcessingUtils.mapLayerFromString(value, context, False)
            self.layer = layers.whole_layer(layer, context) if isinstance(layer, QgsVectorLayer) else None

    def compute(self, parameters, context, feedback):
        from ..plugin.bridge.feedback import progress_of
        from ..plugin.core.errors import SourceError

        progress = progress_of(feedback)
        reading = self._read(parameters, context, progress.part(0.0, 0.8))
        counts = reading.source.iloc[0]
        feedback.pushInfo(
            tr("{read} rows read, {used} used, {rejected} rejected; {problems} lines in the fix-list.").format(
                read=counts["rows_read"],
                used=counts["rows_used"],
                rejected=counts["rows_rejected"],
                problems=len(reading.fixlist),
            )
        )
        name = self._table_name(parameters, context, reading, feedback)
        writing = progress.part(0.8, 1.0)
        style = name if name in ("sites", "areas") else None
        results = {
            **self.write_table(parameters, "OUTPUT", context, reading.tables[name], writing, style=style),
            **self.write_table(parameters, "FIXLIST", context, reading.fixlist, writing),
        }
        if not counts["rows_used"]:
            raise SourceError(f"No row of {counts['file_name']} can be used: {_first_problem(reading.fixlist)}.")
        return results

    def _read(self, parameters, context, progress):
        from ..plugin.bridge import layers
        from ..plugin.core import sources
        from ..plugin.core.errors import SourceError

        table = self.parameterAsEnumString(parameters, "TABLE", context) or None
        mapping = self.parameterAsFile(parameters, "MAPPING", context)
        mapping = Path(mapping) if mapping else None
        if self.layer is None:
            return sources.read(
                Path(self.parameterAsString(parameters, "INPUT", context)),
                self.parameterAsEnumString(parameters, "FORMAT", context),
                table=table,
                layer=self.parameterAsString(parameters, "LAYER", context) or None,
                mapping=mapping,
                progress=progress,
            )
        if table is None:
            raise SourceError(f"Layer {self.layer.name}: say in TABLE what its rows are, one of {', '.join(TABLES)}.")
        frame = layers.read(self.layer, progress)
        return sources.read_frame(frame, table, mapping=mapping, source_id=self.layer.name, progress=progress)

    def _table_name(self, parameters, context, reading, feedback):
        from ..plugin.core.errors import SourceError

        wanted = self.parameterAsEnumString(parameters, "TABLE", context) or next(iter(reading.tables))
        if wanted not in reading.tables:
            raise SourceError(f"The source holds no {wanted}; it holds {', '.join(reading.tables)}.")
        others = [name for name in reading.tables if name != wanted]
        if others:
            feedback.pushInfo(
                tr("OUTPUT is {wanted}; the source also holds {others}: run again with TABLE to have them.").format(
                    wanted=wanted, others=", ".join(others)
                )
            )
        return wanted


def _first_problem(fixlist):
    """The first line of a fix-list that costs a row, as a clause."""
    line = fixlist[fixlist["severity"] == "rejected"].iloc[0]
    return f"row {line['source_row']}, {line['field']} {line['problem']}; {line['remedy']}"
