# SPDX-License-Identifier: GPL-2.0-or-later
"""What all of Yochi's algorithms share, so that each file says only what its algorithm asks for and does.

The analysis packages are imported when an algorithm runs and not before: starting QGIS must not pay for them, and
the toolbox must be there where they are missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from qgis.core import QgsProcessingAlgorithm, QgsProcessingException
from qgis.PyQt.QtGui import QIcon

from ..plugin import about, dependencies
from ..plugin.bridge.threads import keep_thread_state
from ..plugin.core.errors import YochiError
from ..plugin.i18n import language, tr
from .streams import Stream


@contextmanager
def errors_for_qgis() -> Iterator[None]:
    """Turn the core's errors into the one that QGIS shows as a sentence, without a traceback."""
    try:
        yield
    except YochiError as error:
        raise QgsProcessingException(str(error)) from error


class YochiAlgorithm(QgsProcessingAlgorithm):
    """A thin shell: reads parameters, calls the core, writes sinks.

    A subclass has `name`, `displayName`, `shortDescription`, `initAlgorithm` and `compute`, and `take_layers` where
    it has layers for inputs.
    """

    def createInstance(self):
        return type(self)()

    def group(self):
        return tr("Industrial land")

    def groupId(self):
        return "industrial_land"

    def icon(self):
        return QIcon(str(about.ICON))

    def svgIconPath(self):
        return str(about.ICON)

    def shortHelpString(self):
        return (about.ROOT / "resources" / "help" / f"{self.name()}.{language()}.html").read_text(encoding="utf-8")

    def canExecute(self):
        advice = dependencies.advice(dependencies.missing())
        return not advice, advice

    def prepareAlgorithm(self, parameters, context, feedback):
        """Take from layers what belongs to them; the one part that runs in the main thread."""
        can_run, advice = self.canExecute()
        if not can_run:
            raise QgsProcessingException(advice)
        dependencies.load()
        with errors_for_qgis():
            self.take_layers(parameters, context)
        return True

    def processAlgorithm(self, parameters, context, feedback):
        """Do the work in whatever thread QGIS gives."""
        keep_thread_state()
        with errors_for_qgis():
            return self.compute(parameters, context, feedback)

    def require(self, packages):
        """Load what a choice of the user needs besides, or say what to install."""
        advice = dependencies.advice(dependencies.missing(packages))
        if advice:
            raise QgsProcessingException(advice)
        dependencies.load(packages)

    def take_layers(self, parameters, context):
        """Keep a LayerSource of each input layer for `compute`."""

    def compute(self, parameters, context, feedback):
        """Do the work and return the outputs; runs in any thread."""
        raise NotImplementedError

    def ask(self, parameter, explanation):
        """Add a parameter with its help."""
        parameter.setHelp(explanation)
        self.addParameter(parameter)

    def chosen(self, parameters, name, context):
        """Codes chosen in an enumeration; none where nothing is chosen, for which QGIS gives an empty text."""
        return [code for code in self.parameterAsEnumStrings(parameters, name, context) if code]

    def layer_source(self, parameters, name, context):
        """The layer given for a parameter, ready to be read in any thread; None where none is given."""
        from ..plugin.bridge import layers

        features = self.parameterAsSource(parameters, name, context)
        if features is None:
            if parameters.get(name) is None:
                return None
            raise QgsProcessingException(self.invalidSourceError(parameters, name))
        layer = self.parameterAsVectorLayer(parameters, name, context)
        return layers.layer_source(features, layer, parameters.get(name))

    def read_table(self, source, contract, progress):
        """Read a layer as a table of a contract; a fault is told with the layer's name."""
        from ..plugin.bridge import layers
        from ..plugin.core import contracts
        from ..plugin.core.errors import ContractError

        frame = layers.read(source, progress)
        try:
            return contracts.conform(frame, contract)
        except ContractError as error:
            raise ContractError(f"Layer {source.name}: {error}") from error

    def write_table(self, parameters, name, context, frame, progress, *, style=None):
        """Write a frame to an output and give the output's entry of the results.

        There is no entry where nobody asked for the output. `style` is a file of `resources/styles`, put on the
        layer if QGIS opens it after the run.
        """
        if parameters.get(name) is None:
            return {}
        stream = Stream(self, parameters, context, name, style=style)
        stream.add(frame, progress)
        return {name: stream.close()}
