# SPDX-License-Identifier: GPL-2.0-or-later
"""The nodes of SQLite's R-tree, packed from all boxes at once instead of grown box by box.

Sources: SQLite, The R*Tree Module, section 6 (shadow tables); S. T. Leutenegger, M. A. Lopez, J. Edgington, STR: A
Simple and Efficient Algorithm for R-Tree Packing (1997).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Boxes = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64]

_CELL = np.dtype([("id", ">i8"), ("box", ">f4", 4)])
_HEAD = np.dtype([("depth", ">u2"), ("cells", ">u2")])
_ROOT = 1


@dataclass(frozen=True, eq=False)
class Level:
    """Nodes of one level: what is in them, node by node; where each begins; their numbers and the level's height."""

    cells: npt.NDArray[np.void]
    start: Numbers
    numbers: Numbers
    height: int

    def parents(self) -> tuple[Numbers, Numbers]:
        """The row or node that each cell stands for, and the number of the node that it is in."""
        counts = np.diff(self.start, append=len(self.cells))
        return self.cells["id"].astype("int64"), np.repeat(self.numbers, counts)

    def nodes(self, node_size: int) -> Iterator[tuple[int, bytes]]:
        """Number and content of each node; only that of the root tells the height of the tree."""
        stop = np.append(self.start[1:], len(self.cells))
        depth = self.height if len(self.numbers) == 1 else 0
        for number, begin, end in zip(self.numbers.tolist(), self.start.tolist(), stop.tolist(), strict=True):
            head = np.array([(depth, end - begin)], dtype=_HEAD)
            yield number, (head.tobytes() + self.cells[begin:end].tobytes()).ljust(node_size, b"\0")


def pack(rows: Numbers, boxes: Boxes, node_size: int) -> list[Level]:
    """Pack boxes into an R-tree.

    Parameters
    ----------
    rows : array (n,)
        Identifiers of the boxes; at least one.
    boxes : array (n, 4)
        Least x, greatest x, least y, greatest y; see `outward`.
    node_size : int
        Bytes of a node.

    Returns
    -------
    list of Level
        From the leaves to the root, which is node 1.
    """
    capacity = (node_size - _HEAD.itemsize) // _CELL.itemsize
    order = _tiled(boxes, capacity)
    cells = _cells(rows[order], boxes[order])
    levels: list[Level] = []
    first = _ROOT + 1
    while not levels or len(levels[-1].numbers) > 1:
        count = -(-len(cells) // capacity)
        numbers = np.arange(first, first + count) if count > 1 else np.array([_ROOT])
        start = -(-np.arange(count) * len(cells) // count)  # nodes of a level are equally full
        levels.append(Level(cells, start, numbers, len(levels)))
        cells, first = _cells(numbers, _round(cells["box"], start)), first + count
    return levels


def outward(bounds: npt.NDArray[np.float64]) -> Boxes:
    """Boxes in single precision that hold those in double precision; least and greatest take turns."""
    single = bounds.astype("float32")
    least, greatest = single[:, ::2], single[:, 1::2]
    least[:] = np.where(least > bounds[:, ::2], np.nextafter(least, np.float32(-np.inf)), least)
    greatest[:] = np.where(greatest < bounds[:, 1::2], np.nextafter(greatest, np.float32(np.inf)), greatest)
    return single


def _tiled(boxes: Boxes, capacity: int) -> Numbers:
    """Order of boxes in upright strips, from south to north in each, so that a node is about a square."""
    count = len(boxes)
    strips = int(np.ceil(np.sqrt(count / capacity)))
    strip = np.empty(count, dtype="int64")
    strip[np.argsort(boxes[:, 0] + boxes[:, 1], kind="stable")] = np.arange(count) * strips // count
    return np.lexsort([boxes[:, 2] + boxes[:, 3], strip])


def _cells(identifiers: Numbers, boxes: Boxes) -> npt.NDArray[np.void]:
    cells = np.empty(len(identifiers), dtype=_CELL)
    cells["id"], cells["box"] = identifiers, boxes
    return cells


def _round(boxes: Boxes, start: Numbers) -> Boxes:
    """The box round all that is in each node."""
    around = np.empty((len(start), 4), dtype="float32")
    around[:, ::2] = np.minimum.reduceat(boxes[:, ::2], start)
    around[:, 1::2] = np.maximum.reduceat(boxes[:, 1::2], start)
    return around
