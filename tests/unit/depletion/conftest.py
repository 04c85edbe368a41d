# SPDX-License-Identifier: GPL-2.0-or-later
"""A forecast from 2024 on, asked with little, that the tests of this room share."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from yochi.plugin.core import depletion


@pytest.fixture(scope="session")
def shipped() -> Callable[..., list[depletion.Scenario]]:
    """Scenarios that come with Yochi, by identifier."""

    def load(*names: str) -> list[depletion.Scenario]:
        return [depletion.load_scenario(depletion.scenarios()[name]) for name in names]

    return load


@pytest.fixture(scope="session")
def make_counted() -> Callable[..., pd.DataFrame]:
    """Counted sites without geometry, of municipality 14101 unless an area is given."""

    def make(**columns: object) -> pd.DataFrame:
        frame = pd.DataFrame({"area_code": "14101", **columns})
        numbered = {"site_id": [f"s{number}" for number in range(len(frame))]} if "site_id" not in frame else {}
        bases = dict.fromkeys(("available_basis", "counted_basis", "basis"), "reported")
        return frame.assign(**numbered, available_ha=frame["counted_ha"], **bases)

    return make


@pytest.fixture(scope="session")
def make_take_up() -> Callable[..., pd.DataFrame]:
    """Take-up of areas by year: `{area: {year: hectares or None}}`; None is a suppressed cell."""

    def make(by_area: dict[str, dict[int, float | None]]) -> pd.DataFrame:
        rows = [
            {"area_code": code, "year": year, "take_up_ha": hectares, "suppressed": "yes" if hectares is None else "no"}
            for code, years in by_area.items()
            for year, hectares in years.items()
        ]
        return pd.DataFrame(rows).assign(basis="reported").astype({"take_up_ha": "float64"})

    return make


@pytest.fixture(scope="session")
def foresee() -> Callable[..., depletion.Forecast]:
    """A forecast from 2024 on, without draws unless they are asked for."""

    def run(areas, sites, take_up, scenarios, *, verdicts=None, **settings: object) -> depletion.Forecast:
        asked = depletion.Settings(**{"base_year": 2024, "draws": 0, **settings})
        return depletion.forecast(areas, sites, take_up, scenarios, asked, verdicts=verdicts)

    return run
