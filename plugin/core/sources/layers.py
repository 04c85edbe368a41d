# SPDX-License-Identifier: GPL-2.0-or-later
"""Finds the layer that a format wants in a file, a file of several layers, or a zip as downloaded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ..errors import SourceError
from . import files, vector

Wanted = Callable[[list[str]], bool]
"""Answers from the names of its fields whether a layer is of the format."""


@dataclass(frozen=True)
class Layer:
    """A layer that can be read: `path` is a plain file, `layer` None where it is the only one in it."""

    path: Path
    layer: str | None
    name: str
    fields: tuple[str, ...]


@contextmanager
def opened(path: Path, layer: str | None = None) -> Iterator[list[Layer]]:
    """The layers of a file or of a zip, for as long as the context lasts."""
    if not files.is_archive(path):
        yield _layers(path, layer)
        return
    with files.unpacked(path, layer) as unpacked:
        yield [found for member in unpacked for found in _layers(member, None)]


@contextmanager
def single(path: Path, layer: str | None, wanted: Wanted, format_name: str) -> Iterator[Layer]:
    """The one layer of a format.

    Raises
    ------
    SourceError
        None of the layers is of the format, or several are and `layer` names none of them.
    """
    with opened(path, layer) as found:
        fitting = [candidate for candidate in found if wanted(list(candidate.fields))]
        if not fitting:
            raise SourceError(
                f"{path.name} has no layer of the format {format_name}; check the file or choose the format."
            )
        if len(fitting) > 1:
            names = ", ".join(candidate.name for candidate in fitting)
            raise SourceError(
                f"{path.name} holds several layers of the format {format_name} ({names}); name one of them."
            )
        yield fitting[0]


def _layers(path: Path, layer: str | None) -> list[Layer]:
    names = vector.layer_names(path)
    if layer is not None and layer not in (*names, path.stem):
        raise SourceError(f"{path.name} has no layer {layer}; it has {', '.join(names)}.")
    if len(names) == 1:
        # a GeoJSON may call its layer anything, so that the file's name is the better one
        return [Layer(path, None, path.stem, tuple(vector.field_names(path)))]
    chosen = [name for name in names if layer in (None, name)]
    return [Layer(path, name, name, tuple(vector.field_names(path, name))) for name in chosen]
