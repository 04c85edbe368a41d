# SPDX-License-Identifier: GPL-2.0-or-later
"""Profiles written for a test, and land in zone IX with the sea to the south of y = 0."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from yochi.plugin.core import screening

HEAD = 'id = "{id}"\ntitle_ja = "試験"\ntitle_en = "Test"\nstatus = "request"\ndate = "2026-01-01"\nsource = "own"\n'

MakeProfile = Callable[..., screening.Profile]
Frame = Callable[..., gpd.GeoDataFrame]


@pytest.fixture(scope="session")
def make_profile(tmp_path_factory: pytest.TempPathFactory) -> MakeProfile:
    """A profile from criteria (name -> kind and parameters) and a combination; without one, all of them."""

    def make(
        criteria: Mapping[str, Mapping[str, Any]], combination: Any = None, identifier: str = "own/test"
    ) -> screening.Profile:
        tables = [
            f"[criteria.{name}]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in table.items())
            for name, table in criteria.items()
        ]
        chosen = combination or {"all": list(criteria)}
        path: Path = tmp_path_factory.mktemp("rules") / "own.toml"
        text = HEAD.format(id=identifier) + "\n".join(tables) + f"\n[combination]\n{_inline(chosen)[2:-2]}\n"
        path.write_text(text, encoding="utf-8")
        return screening.load_profile(path)

    return make


def _inline(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_inline(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_inline, value)) + "]"
    return json.dumps(value)


@pytest.fixture(scope="session")
def frame() -> Frame:
    """Rows of any table with geometry in zone IX."""

    def make(geometry: list[shapely.Geometry | None], **columns: object) -> gpd.GeoDataFrame:
        rows = pd.DataFrame(columns, index=range(len(geometry)))
        return gpd.GeoDataFrame(rows, geometry=geometry, crs=6677)

    return make


@pytest.fixture(scope="session")
def only(make_sites: Frame) -> Callable[..., Any]:
    """The one row of evidence for one site under a profile of one criterion."""

    def ask(
        shape: shapely.Geometry | None,
        profile: screening.Profile,
        surroundings: screening.Surroundings | None = None,
        **columns: object,
    ) -> Any:
        result = screening.screen(make_sites([shape], **columns), surroundings or screening.Surroundings(), [profile])
        assert len(result.evidence) == 1
        return result.evidence.iloc[0]

    return ask
