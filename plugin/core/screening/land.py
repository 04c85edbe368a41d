# SPDX-License-Identifier: GPL-2.0-or-later
"""Pieces of land to be held against rules: where they come from, what they lie in, and the ground around them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..geometry import Shapes
from .evidence import Integers, Mask, Text, where
from .ground import Ground


@dataclass(frozen=True, eq=False)
class Land:
    """Pieces in one plane; arrays of one length.

    Parameters
    ----------
    sites : DataFrame
        Contract `sites`, numbered from 0.
    site, number : array of int
        The site by position, and the piece within it, from 1.
    shapes : array of polygons
        In the plane of the ground; all missing where the sites have none.
    hectares : array of float
        NaN where not known.
    rows : dict of str to array (sheets, pieces)
        By layer, the row of each sheet that a piece lies in; -1 where in none.
    """

    sites: pd.DataFrame
    ground: Ground
    site: Integers
    number: Integers
    shapes: Shapes
    hectares: npt.NDArray[np.float64]
    rows: dict[str, Integers]

    def __len__(self) -> int:
        return len(self.site)

    def take(self, which: Mask) -> Land:
        """Some of the pieces."""
        rows = {name: sheets[:, which] for name, sheets in self.rows.items()}
        picked = (self.site[which], self.number[which], self.shapes[which], self.hectares[which])
        return Land(self.sites, self.ground, *picked, rows)

    def row(self, layer: str) -> Integers:
        """Row of a layer of one sheet that each piece lies in; -1 where in none."""
        sheets = self.rows.get(layer)
        return np.full(len(self), -1) if sheets is None or not len(sheets) else sheets[0]

    def of_site(self, column: str) -> Text:
        """A column of the sites, for each piece; None where it is missing."""
        values = self.sites[column].to_numpy()[self.site].astype(object)
        return where(pd.isna(values), None, values)

    def place(self) -> Text:
        """Municipality of each piece, or whatever else says where it is."""
        found = self.of_site("site_id")
        for column in ("pref_code", "muni_code"):
            known = self.of_site(column)
            found = where(pd.isna(known), found, known)
        return found
