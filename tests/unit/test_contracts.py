# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from yochi.plugin.core import contracts
from yochi.plugin.core.errors import ContractError
from yochi.plugin.core.resources import codes


@pytest.mark.parametrize("table", contracts.TABLES.values(), ids=lambda table: table.name)
def test_every_table_is_well_formed(table: contracts.Table) -> None:
    names = table.column_names
    assert len(names) == len(set(names))
    assert set(table.key) <= set(names)
    assert set(table.either) <= {*names, "geometry"}
    for column in table.columns:
        assert column.title
        if column.code_list:
            assert codes(column.code_list)


def test_all_faults_come_together() -> None:
    frame = pd.DataFrame(
        {
            "site_id": ["a", "a", None],
            "layer": ["idle_prepared", "wood", "pipeline"],
            "available_ha": [1.0, -2.0, np.inf],
        }
    )
    found = {(fault.row, fault.column) for fault in contracts.faults(frame, contracts.SITES)}
    assert found == {(1, "layer"), (1, "available_ha"), (2, "available_ha"), (2, "site_id"), (1, "site_id")}
    with pytest.raises(ContractError) as error:
        contracts.validate(frame, contracts.SITES)
    for text in ("Table sites", "row 1, column layer", "unknown code 'wood'", "use one of idle_prepared", "row 2"):
        assert text in str(error.value)


def test_a_planners_own_table_goes_in_as_it_is() -> None:
    frame = pd.DataFrame(
        {"site_id": ["01"], "layer": ["pipeline"], "available_ha": ["12.5"], "remark": ["x"]}, index=[7]
    )
    shaped = contracts.conform(frame, contracts.SITES)
    assert shaped.index.tolist() == [7]
    assert shaped.loc[7, "site_id"] == "01"
    assert shaped.loc[7, "available_ha"] == 12.5
    assert np.isnan(shaped.loc[7, "gross_ha"]) and shaped.loc[7, "consent"] is None
    assert shaped.loc[7, "remark"] == "x"
    assert shaped.columns[: len(contracts.SITES.columns)].tolist() == contracts.SITES.column_names


def test_a_site_needs_an_area_or_a_geometry() -> None:
    frame = pd.DataFrame({"site_id": ["a"], "layer": ["pipeline"]})
    with pytest.raises(ContractError, match="has neither available_ha nor"):
        contracts.validate(frame, contracts.SITES)


def test_an_empty_text_is_no_area() -> None:
    frame = pd.DataFrame({"site_id": ["a"], "layer": ["pipeline"], "available_ha": [""]})
    with pytest.raises(ContractError, match="has neither available_ha nor"):
        contracts.validate(frame, contracts.SITES)


@pytest.mark.parametrize(
    ("column", "value", "problem"),
    [
        ("source_row", 1.5, "1.5 is not a whole number"),
        ("available_ha", True, "True is not a number"),
        ("completion_probability", 80, "80 is too large; use 1 or less"),
        ("completion_probability", -1, "-1 is too small; use 0 or more"),
    ],
)
def test_numbers_that_make_no_sense(column: str, value: object, problem: str) -> None:
    frame = pd.DataFrame({"site_id": ["a", "b"], "layer": ["pipeline"] * 2, "available_basis": ["unknown"] * 2})
    for kind in ("object", None):
        frame[column] = pd.Series([value, value], dtype=kind)
        with pytest.raises(ContractError, match=problem):
            contracts.conform(frame, contracts.SITES)


def test_geometry_without_reference_system_is_refused() -> None:
    frame = gpd.GeoDataFrame({"zone_id": ["z"], "zone": ["industrial"]}, geometry=[shapely.box(0, 0, 1, 1)])
    with pytest.raises(ContractError, match="no coordinate reference system"):
        contracts.validate(frame, contracts.ZONES)


@pytest.mark.parametrize("table", contracts.TABLES.values(), ids=lambda table: table.name)
def test_an_empty_table_keeps_its_contract(table: contracts.Table) -> None:
    frame = contracts.empty(table, "EPSG:6668")
    contracts.validate(frame, table)
    assert frame.columns.difference(["geometry"]).tolist() == sorted(table.column_names)
