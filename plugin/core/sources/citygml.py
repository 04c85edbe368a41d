# SPDX-License-Identifier: GPL-2.0-or-later
"""A stream of the planning features in a CityGML file, without reading it whole.

Only what `urf` features need: their simple properties as text, and their polygons with interior rings. A file with a
document type declaration is refused, so that no entity is ever expanded.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely

from ..errors import SourceError
from ..geometry import polygonal
from .files import head

_GML = "{http://www.opengis.net/gml}"
_GEOMETRY_MARK = "MultiSurface"


@dataclass(frozen=True)
class Feature:
    """One planning feature.

    Parameters
    ----------
    kind : str
        Name of its element, without the namespace: UseDistrict, PortZone, ...
    id : str or None
        Its gml:id.
    properties : dict of str to str
        Its children that hold text, by name without the namespace; of a repeated one the first.
    shape : MultiPolygon or Polygon or None
        Longitude and latitude, in two dimensions.
    fault : str or None
        Why there is no shape.
    srs : str or None
        Reference system that the file named before this feature.
    """

    kind: str
    id: str | None
    properties: dict[str, str]
    shape: shapely.Geometry | None
    fault: str | None
    srs: str | None


def is_urf(path: Path) -> bool:
    """Whether a file is CityGML that knows the `urf` namespace; only its head is read."""
    start = head(path, 1 << 16)
    return b"CityModel" in start and b"/iur/urf/" in start


def features(path: Path) -> Iterator[Feature]:
    """The features of a file, in its order.

    Raises
    ------
    SourceError
        The file is not well-formed (cut off, for example), or declares a document type.
    """
    if b"<!DOCTYPE" in head(path, 1 << 16):
        raise SourceError(f"{path.name} declares a document type, which CityGML does not; it is refused.")
    try:
        yield from _stream(path)
    except ET.ParseError as error:
        line, column = error.position
        place = f"line {line}, column {column}"
        raise SourceError(f"{path.name} is broken XML at {place}; it may be cut off: download it again.") from error


def _stream(path: Path) -> Iterator[Feature]:
    srs, dimension = None, 3
    for _, element in ET.iterparse(path, events=("end",)):
        if element.tag == f"{_GML}Envelope" and srs is None:
            srs = element.get("srsName")
            dimension = _dimension(element, 3)
        elif _local(element.tag) == "cityObjectMember":
            yield from (_feature(member, srs, dimension) for member in element if "/iur/urf/" in member.tag)
            element.clear()


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _feature(element: ET.Element, srs: str | None, dimension: int) -> Feature:
    properties: dict[str, str] = {}
    for child in element:
        if child.text and child.text.strip():
            properties.setdefault(_local(child.tag), child.text.strip())
    shape, fault = None, None
    try:
        shape = _shape(element, dimension)
    except (ValueError, shapely.errors.ShapelyError):
        fault = "has a polygon whose coordinates cannot be read"
    return Feature(_local(element.tag), element.get(f"{_GML}id"), properties, shape, fault, srs)


def _shape(element: ET.Element, dimension: int) -> shapely.Geometry | None:
    surfaces = next((child for child in element if _GEOMETRY_MARK in child.tag), None)
    polygons = [] if surfaces is None else [_polygon(part, dimension) for part in surfaces.iter(f"{_GML}Polygon")]
    if len(polygons) <= 1:
        return polygons[0] if polygons else None
    return shapely.union_all(polygonal(np.array(polygons)))


def _polygon(element: ET.Element, dimension: int) -> shapely.Polygon:
    shell = element.find(f"{_GML}exterior")
    if shell is None:
        raise ValueError("a polygon without an outer ring")
    holes = [_ring(ring, dimension) for ring in element.findall(f"{_GML}interior")]
    return shapely.Polygon(_ring(shell, dimension), holes)


def _ring(boundary: ET.Element, dimension: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Longitude and latitude of a ring that is written as latitude, longitude (and height)."""
    positions = next(boundary.iter(f"{_GML}posList"), None)
    if positions is None:
        raise ValueError("a ring without positions")
    values = np.array((positions.text or "").split(), dtype="float64")
    return values.reshape(-1, _dimension(positions, dimension))[:, 1::-1]


def _dimension(element: ET.Element, default: int) -> int:
    stated = element.get("srsDimension", "")
    return int(stated) if stated in ("2", "3") else default
