# SPDX-License-Identifier: GPL-2.0-or-later
"""The door for files: is it there, is it what it says, and what is inside an archive."""

from __future__ import annotations

import lzma
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath, PureWindowsPath

from ..errors import SourceError

MAX_UNPACKED_BYTES = 4 * 1024**3
MAX_EXPANSION = 200
"""Text compresses some twenty times; what grows two hundredfold was made to fill the disk."""

_BROKEN_ARCHIVE = (zipfile.BadZipFile, NotImplementedError, EOFError, UnicodeDecodeError, zlib.error, lzma.LZMAError)
_ENCODING_FOLDERS = ("UTF-8", "SHIFT-JIS")
"""Folders in which 国土数値情報 puts one layer twice."""

_SMALL_BYTES = 64 * 1024**2
_LAYER_SUFFIXES = (".geojson", ".json", ".shp", ".gpkg")
"""What a layer can be inside an archive, the one with the surest encoding first."""


def check(path: Path) -> None:
    """Refuse a path that is no readable file with something in it."""
    if path.is_dir():
        raise SourceError(f"{path.name} is a folder; name a file in it.")
    if not path.exists():
        raise SourceError(f"{path} does not exist; check the path.")
    if not path.is_file():
        raise SourceError(f"{path} is not a file; name a file on disk.")
    try:
        if not head(path, 1):
            raise SourceError(f"{path.name} is empty; download or save it again.")
    except OSError as error:
        raise SourceError(f"{path.name} cannot be read ({error.strerror}); check its permissions.") from error


def head(path: Path, size: int = 4096) -> bytes:
    """First bytes of a file."""
    with path.open("rb") as file:
        return file.read(size)


def is_archive(path: Path) -> bool:
    """Whether a file is a zip of layers; an Excel workbook, which is a zip as well, is none."""
    return head(path, 4) == b"PK\x03\x04" and not is_workbook(path)


def is_workbook(path: Path) -> bool:
    """Whether a file is an Excel workbook."""
    if head(path, 4) != b"PK\x03\x04":
        return False
    with _archive(path) as archive:
        return "xl/workbook.xml" in archive.namelist()


@contextmanager
def unpacked(path: Path, layer: str | None = None) -> Iterator[list[Path]]:
    """The layers of a zip, unpacked into a temporary folder for as long as the context lasts.

    Where a layer stands in the archive several times (as GeoJSON and shapefile, in UTF-8 and in Shift-JIS) one
    of them is taken. `layer` limits them to the one of that name, or of that folder and name.

    Raises
    ------
    SourceError
        The archive is broken, encrypted, climbs out of its folder, would grow beyond reason, or holds different
        layers of one name.
    """
    with tempfile.TemporaryDirectory(prefix="yochi-") as folder:
        yield _unpack(path, layer, Path(folder))


def _unpack(path: Path, layer: str | None, folder: Path) -> list[Path]:
    with _archive(path) as archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        _refuse_hostile(path, members)
        chosen = _chosen(path, members, layer)
        return [_unpack_layer(archive, members, main, folder) for main in chosen]


@contextmanager
def _archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """An archive for use in this module alone: what goes wrong while it is open is the archive's fault."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except _BROKEN_ARCHIVE as error:
        raise SourceError(f"{path.name} is a broken zip file; download it again.") from error
    except OSError as error:
        raise SourceError(f"{path.name} cannot be unpacked ({error}); download it again.") from error


def _refuse_hostile(path: Path, members: list[zipfile.ZipInfo]) -> None:
    for member in members:
        name = member.filename.replace("\\", "/")
        if ".." in PurePosixPath(name).parts or PurePosixPath(name).is_absolute() or PureWindowsPath(name).drive:
            raise SourceError(f"{path.name} has a member that climbs out of the archive ({name}); it is refused.")
        if member.flag_bits & 1:
            raise SourceError(f"{path.name} is encrypted; unpack it by hand and name the layer.")
    size = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if size > MAX_UNPACKED_BYTES or (size > _SMALL_BYTES and size > MAX_EXPANSION * packed):
        raise SourceError(f"{path.name} would unpack to {size / 1024**2:,.0f} MB; unpack it by hand if it is right.")


def _chosen(path: Path, members: list[zipfile.ZipInfo], layer: str | None) -> list[zipfile.ZipInfo]:
    """One member for each layer, in the order of names."""
    layers = _layers(members)
    chosen = [place for place in sorted(layers) if layer in (None, place.name, str(place))]
    if not chosen:
        wanted = f"the layer {layer}" if layer else f"a layer ({', '.join(_LAYER_SUFFIXES)})"
        raise SourceError(f"{path.name} does not contain {wanted}; check that it is the right archive.")
    again = {place.name: [str(other) for other in chosen if other.name == place.name] for place in chosen}
    for name, places in again.items():
        if len(places) > 1:
            raise SourceError(f"{path.name} holds several layers {name} ({', '.join(places)}); name one as the layer.")
    return [layers[place] for place in chosen]


def _layers(members: list[zipfile.ZipInfo]) -> dict[PurePosixPath, zipfile.ZipInfo]:
    """Layers by folder and name; of the copies of a layer in several encodings and formats the surest one."""
    found = [member for member in members if _suffix(member) in _LAYER_SUFFIXES]
    found.sort(key=lambda member: ("UTF-8" not in member.filename.upper(), _LAYER_SUFFIXES.index(_suffix(member))))
    by_place: dict[PurePosixPath, zipfile.ZipInfo] = {}
    for member in found:
        whole = PurePosixPath(member.filename).with_suffix("")
        place = PurePosixPath(*(part for part in whole.parts if part.upper() not in _ENCODING_FOLDERS))
        by_place.setdefault(place, member)
    return by_place


def _suffix(member: zipfile.ZipInfo) -> str:
    return PurePosixPath(member.filename).suffix.lower()


def _unpack_layer(
    archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], main: zipfile.ZipInfo, folder: Path
) -> Path:
    """Copy a layer and its companions (.dbf, .prj, ...); only the last part of their names is used."""
    whole = PurePosixPath(main.filename)
    for member in members:
        part = PurePosixPath(member.filename)
        companion = part.parent == whole.parent and part.stem == whole.stem
        if member is main or (companion and part.suffix.lower() not in _LAYER_SUFFIXES):
            # GDAL looks for companions in lower case
            target = folder / (part.stem + part.suffix.lower())
            with archive.open(member) as source, target.open("wb") as copy:
                shutil.copyfileobj(source, copy)
    return folder / (whole.stem + whole.suffix.lower())
