# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from yochi.plugin.core.errors import ReconciliationError
from yochi.plugin.core.exports import figures, totals


@pytest.fixture
def under_pipeline(forecast_tables):
    outlook = forecast_tables["outlook"]
    return outlook[outlook["scenario_id"] == "pipeline"]


def test_nation_and_remainders_are_in_no_total(under_pipeline):
    assert list(under_pipeline.loc[totals.in_total(under_pipeline), "area_code"]) == ["01", "05", "14"]


def test_area_in_a_remainder_is_in_its_prefecture(under_pipeline):
    municipality = under_pipeline[under_pipeline["area_code"] == "14130"].assign(
        area_code="14201", level="municipality", parent_code="14-remainder"
    )
    areas = pd.concat([under_pipeline, municipality])
    assert list(areas.loc[totals.in_total(areas), "area_code"]) == ["01", "05", "14"]


def test_total_is_that_of_the_nation(under_pipeline):
    columns = totals.outlook_columns(under_pipeline)
    assert (columns["stock_ha"].total, columns["stock_ha"].unknown) == (600.0, 1)


def test_stocks_that_are_not_those_of_the_nation_are_refused(under_pipeline):
    changed = under_pipeline.assign(stock_ha=under_pipeline["stock_ha"].replace(600.0, 600.02))
    with pytest.raises(ReconciliationError, match=r"stock_ha: the parts add up to 600.00 ha and the total is 600.02"):
        totals.outlook_columns(changed)


def test_take_up_of_other_years_than_those_of_the_nation_has_no_total(under_pipeline):
    assert np.isnan(totals.outlook_columns(under_pipeline)["take_up_ha_per_year"].total)  # 65 and 66
    same = under_pipeline.assign(take_up_ha_per_year=under_pipeline["take_up_ha_per_year"].replace(66.0, 65.0))
    assert totals.outlook_columns(same)["take_up_ha_per_year"].total == 65.0


def test_printed_parts_add_up_to_the_printed_total():
    parts = pd.Series(np.random.default_rng(1).uniform(0, 100, 500))
    column = totals.summed(parts, pd.Series(["derived"] * 500))
    assert round(column.parts.sum(), 2) == column.total
    assert abs(column.total - parts.sum()) <= 0.005 + 1e-9
    assert (column.parts - parts).abs().max() <= 0.01


def test_unknown_parts_are_counted_and_in_no_total():
    column = totals.summed(pd.Series([1.0, np.nan]), pd.Series(["reported", "synthetic"]))
    assert (column.total, column.unknown, column.basis) == (1.0, 1, "reported")
    assert np.isnan(column.parts[1])


def test_total_of_nothing_known_is_unknown():
    column = totals.summed(pd.Series([np.nan]), pd.Series(["unknown"]))
    assert np.isnan(column.total)
    assert column.basis == "unknown"


def test_total_that_is_not_the_sum_is_refused():
    with pytest.raises(ReconciliationError, match=r"stock: the parts add up to 3.00 ha and the total is 3.02 ha"):
        totals.summed(pd.Series([1.0, 2.0]), pd.Series(["reported"] * 2), expected=3.02, what="stock")


def test_designated_city_is_in_its_prefecture(tables):
    shown = figures.headline_outlook(tables)
    assert list(shown.loc[totals.in_total(shown), "area_code"]) == ["01", "14"]


def test_layer_totals_leave_out_inner_areas_and_are_apart(tables):
    found = totals.layer_totals(tables)
    assert list(found.layers.index) == ["idle_prepared", "former_heavy"]
    assert found.layers["counted_ha"].to_dict() == {"former_heavy": 222.0, "idle_prepared": 20.01}
    assert found.layers["basis"].to_dict() == {"former_heavy": "reported", "idle_prepared": "synthetic"}
    assert list(found.by_area.index) == ["01", "14"]


def test_layer_of_which_nothing_is_known_is_not_zero(tables):
    tables["summary"].loc[2, ["sites_unknown", "counted_ha"]] = [2, np.nan]
    tables["sites"].loc[1, "counted_ha"] = np.nan
    assert np.isnan(totals.layer_totals(tables).by_area.loc["01", "idle_prepared"])


def test_layers_that_differ_from_the_sites_are_refused(tables):
    tables["sites"].loc[0, "counted_ha"] += 0.5
    with pytest.raises(ReconciliationError, match="idle_prepared"):
        totals.layer_totals(tables)
