# SPDX-License-Identifier: GPL-2.0-or-later
"""Outputs that take one block of rows after another."""

from __future__ import annotations

from contextlib import contextmanager

from qgis.core import QgsProcessingException

from ..plugin.i18n import tr


class Stream:
    """One output of an algorithm; the first block says what fields and what kind of geometry it has.

    Parameters
    ----------
    algorithm : QgsProcessingAlgorithm
        Whose output it is.
    parameters, context
        Of the run.
    name : str
        Name of the output, which somebody asked for.
    style : str or None
        File of `resources/styles`, put on the layer if QGIS opens it after the run.
    """

    def __init__(self, algorithm, parameters, context, name, *, style=None):
        self.algorithm, self.parameters, self.context = algorithm, parameters, context
        self.name, self.style, self.sink, self.place = name, style, None, None

    def add(self, frame, progress):
        """Write the next rows."""
        from ..plugin.bridge import sinks

        if self.sink is None:
            self._open(frame)
        sinks.write(frame, self.sink, progress)

    def close(self):
        """Write what is still held back; gives the output's place for the results."""
        from ..plugin.bridge import styling

        self.sink.flushBuffer()
        if self.style is not None and self.context.willLoadLayerOnCompletion(self.place):
            styling.style_on_completion(self.context.layerToLoadOnCompletionDetails(self.place), self.style)
        return self.place

    def _open(self, frame):
        from ..plugin.bridge import sinks, values

        kind, crs = sinks.geometry_type(frame), values.to_qgis_crs(getattr(frame, "crs", None))
        self.sink, self.place = self.algorithm.parameterAsSink(
            self.parameters, self.name, self.context, sinks.fields_of(frame), kind, crs
        )
        if self.sink is None:
            raise QgsProcessingException(self.algorithm.invalidSinkError(self.parameters, self.name))


@contextmanager
def told_when_cut_short(streams):
    """A cancel after the first block says that the outputs are there and hold a part of the rows."""
    from ..plugin.core.errors import CancelledError

    try:
        yield
    except CancelledError as error:
        if not any(stream.sink for stream in streams):
            raise
        text = tr("The run was cancelled; the outputs hold only the rows that were written until then.")
        raise CancelledError(text) from error
