# SPDX-License-Identifier: GPL-2.0-or-later
"""What the table of sites says about a site as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from ... import crs
from ..evidence import Findings, Origin, Text, findings, first_that_holds, ranks, where
from ..land import Land
from ..logic import MET, NOT_MET, UNDECIDABLE
from .kind import Kind
from .parameters import Choice, Codes, Number

ANSWERS = ("public_entry", "soil_leaves_site", "groundwater_as_exclusive")


def _site_answer(land: Land, parameters: Mapping[str, Any]) -> Findings:
    """Whether a question about the site has the answer that is asked for."""
    column = parameters["column"]
    value = land.of_site(column)
    known = (value == "yes") | (value == "no")
    result, reason = first_that_holds(
        [
            (~known, UNDECIDABLE, f"{column}_unknown"),
            (value == parameters["answer"], MET, f"{column}_as_asked"),
        ],
        (NOT_MET, f"{column}_otherwise"),
    )
    return findings(result, reason, value=value, origin=_origin(land), subject=land.of_site("site_id"))


def _industry_is_one_of(land: Land, parameters: Mapping[str, Any]) -> Findings:
    """Whether the industry of the site is one of the major groups."""
    value = land.of_site("industry_class")
    result, reason = first_that_holds(
        [
            (pd.isna(value), UNDECIDABLE, "industry_unknown"),
            (pd.Series(value).isin(parameters["classes"]).to_numpy(), MET, "industry_in_list"),
        ],
        (NOT_MET, "industry_not_in_list"),
    )
    return findings(result, reason, value=value, origin=_origin(land), subject=land.of_site("site_id"))


def _area_at_least(land: Land, parameters: Mapping[str, Any]) -> Findings:
    """Whether the whole site has an area: as measured, else as stated."""
    hectares = pd.Series(np.nan, index=range(len(land)), dtype="float64")
    for column in ("geom_ha", "gross_ha", "available_ha"):
        hectares = hectares.fillna(pd.Series(land.of_site(column), dtype="float64"))
    square_metres = hectares.to_numpy() * crs.SQUARE_METRES_PER_HECTARE
    result, reason = first_that_holds(
        [
            (np.isnan(square_metres), UNDECIDABLE, "area_unknown"),
            (square_metres >= parameters["square_metres"], MET, "area_large_enough"),
        ],
        (NOT_MET, "area_too_small"),
    )
    value = where(np.isnan(square_metres), None, np.char.mod("%.0f", np.nan_to_num(square_metres)).astype(object))
    return findings(result, reason, value=value, unit="m2", origin=_origin(land), subject=land.of_site("site_id"))


def _origin(land: Land) -> Origin:
    basis: Text = land.of_site("basis")
    return Origin(land.of_site("source_id"), land.of_site("as_of"), ranks(pd.Series(basis, dtype="object")))


KINDS = {
    "industry_is_one_of": Kind(_industry_is_one_of, {"classes": Codes("industry_classes")}, cost=2, of_site=True),
    "area_at_least": Kind(_area_at_least, {"square_metres": Number(0)}, cost=2, of_site=True),
    "site_answer": Kind(
        _site_answer, {"column": Choice(ANSWERS), "answer": Choice(("yes", "no"))}, cost=2, of_site=True
    ),
}
