# SPDX-License-Identifier: GPL-2.0-or-later
"""Cities and a remainder make the prefecture, the prefectures the nation: to 0.01 ha, or it is refused."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from yochi.plugin.core import contracts
from yochi.plugin.core.area_tree import memberships, nested
from yochi.plugin.core.depletion.forecast import _check_nesting
from yochi.plugin.core.errors import ReconciliationError
from yochi.plugin.core.resources import codes

CRS = 6677
CITY, REMAINDER, TOWN = "14130", "14-remainder", "14201"
HECTARES = ["stock_ha", "pipeline_ha"]


@pytest.fixture
def prefecture() -> gpd.GeoDataFrame:
    """Prefecture 14 with a designated city of two wards, and a town beside it."""
    whole, city, town = shapely.box(0, 0, 4, 1), shapely.box(0, 0, 2, 1), shapely.box(2, 0, 3, 1)
    east, west = shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)
    areas = gpd.GeoDataFrame(
        {
            "area_code": ["14", CITY, "14131", "14132", TOWN],
            "name": ["神奈川県", "川崎市", "川崎区", "幸区", "横須賀市"],
            "level": ["prefecture", "designated_city", *["municipality"] * 3],
            "parent_code": [None, "14", CITY, CITY, "14"],
            "pref_code": "14",
        },
        geometry=[whole, city, east, west, town],
        crs=CRS,
    )
    return contracts.conform(areas, contracts.AREAS)


@pytest.fixture
def sites(make_counted):
    """Stock in a ward, the town and somewhere in the prefecture; projects in the other ward and the town."""
    codes = ["14131", TOWN, "14", "14132", TOWN]
    layers = [*["idle_prepared"] * 3, *["pipeline"] * 2]
    hectares = [10.01, 20.02, 40.04, 5.0, 7.0]
    return make_counted(area_code=codes, layer=layers, counted_ha=hectares, ready_year=[np.nan] * 3 + [2026.0] * 2)


def test_the_remainder_is_the_prefecture_without_its_cities(prefecture) -> None:
    tree = nested(prefecture).set_index("area_code")
    assert tree.loc[REMAINDER, ["level", "parent_code", "name"]].tolist() == [
        "remainder", "14", "神奈川県 政令市を除く部分",
    ]  # fmt: skip
    assert tree.geometry[REMAINDER].equals(shapely.box(2, 0, 4, 1))
    assert tree.loc[[TOWN, CITY, "14131"], "parent_code"].tolist() == [REMAINDER, "14", CITY]
    assert "JP" not in tree.index


def test_what_lies_in_a_prefecture_and_in_no_city_lies_in_the_remainder(prefecture) -> None:
    pairs = memberships(nested(prefecture))
    inside = set(pairs.loc[pairs["within_code"] == REMAINDER, "area_code"])
    assert inside == {REMAINDER, TOWN, "14"}


def test_nesting_twice_changes_nothing(prefecture, country) -> None:
    for areas in (prefecture, country):
        once = nested(areas)
        pd.testing.assert_frame_equal(nested(once), once)


def test_the_nation_is_there_where_all_prefectures_are(country) -> None:
    tree = nested(country).set_index("area_code")
    assert tree.loc["JP", ["level", "name"]].tolist() == ["national", "全国"]
    assert tree.geometry["JP"].area == pytest.approx(47e6)
    assert (tree.drop(index="JP")["parent_code"] == "JP").all()
    assert "JP" not in set(nested(country.iloc[1:])["area_code"])


def test_cities_and_remainder_make_the_prefecture(prefecture, sites, shipped, make_take_up, foresee) -> None:
    take_up = make_take_up({"14": {2020: 10.0, 2021: 12.0, 2022: 8.0}, CITY: {2020: 4.0, 2021: 5.0, 2022: 8.0}})
    found = foresee(prefecture, sites, take_up, shipped("pipeline"), draws=50)
    rows = found.outlook.set_index("area_code")
    assert rows.index.tolist() == ["14", CITY, REMAINDER]
    columns = [*HECTARES, "take_up_ha_per_year", "stock_sites", "pipeline_projects"]
    parts = rows.loc[[CITY, REMAINDER], columns].astype("float64").sum()
    np.testing.assert_allclose(parts, rows.loc["14", columns].astype("float64"), atol=0.01)
    assert rows.loc[REMAINDER, "stock_ha"] == pytest.approx(60.06)
    left = found.demand[found.demand["area_code"] == REMAINDER]
    assert dict(zip(left["year"], left["demand_ha"], strict=True)) == {2020: 6.0, 2021: 7.0, 2022: 0.0}


def test_a_remainder_is_unknown_where_a_city_is(prefecture, sites, shipped, make_take_up, foresee) -> None:
    take_up = make_take_up({"14": {2020: 10.0}, CITY: {2020: None}})
    row = foresee(prefecture, sites, take_up, shipped("pipeline")).outlook.set_index("area_code").loc[REMAINDER]
    assert (row["state"], row["reason"], row["incomplete_years"]) == ("no_data", "part_unknown", 1)
    assert np.isnan(row["take_up_ha_per_year"])


def test_a_remainder_is_never_below_zero(prefecture, sites, shipped, make_take_up, foresee) -> None:
    take_up = make_take_up({"14": {2020: 10.0}, CITY: {2020: 11.0}})
    found = foresee(prefecture, sites, take_up, shipped("pipeline"))
    row = found.outlook.set_index("area_code").loc[REMAINDER]
    assert (row["state"], row["reason"]) == ("no_data", "remainder_negative")
    assert found.demand.set_index("area_code").loc[REMAINDER, ["used", "reason"]].tolist() == [
        "no",
        "remainder_negative",
    ]


@pytest.mark.parametrize(("whole", "cities"), [(0.3, (0.1, 0.2)), (30.3, (10.1, 20.2)), (1.1, (0.7, 0.4))])
def test_cities_that_take_all_leave_nothing(prefecture, sites, shipped, make_take_up, foresee, whole, cities) -> None:
    """Floating point leaves a little more or less than nothing."""
    second = prefecture.loc[prefecture["area_code"] == TOWN].assign(area_code="14150", level="designated_city")
    areas = pd.concat([prefecture, second.set_geometry([shapely.box(3, 0, 3.5, 1)], crs=CRS)], ignore_index=True)
    own = {code: {2020: hectares} for code, hectares in zip(("14", CITY, "14150"), (whole, *cities), strict=True)}
    found = foresee(areas, sites, make_take_up(own), shipped("pipeline"))
    left = found.demand.set_index("area_code").loc[REMAINDER]
    assert (left["used"], left["demand_ha"], left["reason"]) == ("yes", 0.0, None)
    assert not np.signbit(left["demand_ha"])


def test_a_city_without_verdicts_leaves_the_prefecture_without_an_answer_and_the_others_with_theirs(
    prefecture, shipped, make_counted, make_take_up, foresee
) -> None:
    sites = make_counted(
        site_id=["a", "b", "judged", "not judged"],
        area_code=[CITY, TOWN, TOWN, CITY],
        layer=["idle_prepared", "idle_prepared", "former_heavy", "former_heavy"],
        counted_ha=[10.0, 20.0, 100.0, 100.0],
    )
    verdicts = pd.DataFrame(
        {"site_id": ["judged"], "profile_id": "proposal/meti-2024", "met_ha": 50.0, "not_met_ha": 50.0}
    ).assign(undecidable_ha=0.0, basis="reported")
    take_up = make_take_up({"14": {2020: 3.0}, CITY: {2020: 1.0}})
    found = foresee(prefecture, sites, take_up, shipped("rationalised"), verdicts=verdicts)
    rows = found.outlook.set_index("area_code")
    assert rows["reason"].to_dict() == {"14": "verdicts_missing", CITY: "verdicts_missing", REMAINDER: None}
    assert rows["converted_ha"].isna().tolist() == [True, True, False] and rows.loc[REMAINDER, "converted_ha"] > 0


def test_losses_of_other_years_add_up_in_the_nation(country, shipped, make_counted, make_take_up, foresee) -> None:
    take_up = make_take_up({code: {2020: 10.0, 2021: 10.0} for code in codes("prefectures")})
    known = {("12", 2020): 5.0, ("14", 2021): 7.0}
    lost = [known.get(key, np.nan) for key in zip(take_up["area_code"], take_up["year"], strict=True)]
    found = foresee(country, of_every_prefecture(make_counted), take_up.assign(loss_ha=lost), shipped("pipeline"))
    assert set(found.outlook["losses"]) == {"losses_counted", "losses_unknown"}
    losses = found.outlook.set_index("area_code")["loss_ha_per_year"]
    assert losses["JP"] == losses.drop("JP").sum() == 12.0
    assert (
        foresee(
            country, of_every_prefecture(make_counted), take_up.assign(loss_ha=lost), shipped("pipeline"), losses=False
        )
        .outlook["loss_ha_per_year"]
        .isna()
        .all()
    )


def of_every_prefecture(make_counted, hectares: float = 10.0) -> pd.DataFrame:
    listed = list(codes("prefectures"))
    return make_counted(area_code=listed, layer="idle_prepared", counted_ha=hectares)


def test_prefectures_make_the_nation(country, shipped, make_counted, make_take_up, foresee) -> None:
    take_up = make_take_up({code: {2020: 1.0, 2021: 2.0} for code in codes("prefectures")})
    found = foresee(country, of_every_prefecture(make_counted), take_up, shipped("pipeline"))
    row = found.outlook.set_index("area_code").loc["JP"]
    assert (row["stock_ha"], row["take_up_ha_per_year"], row["take_up_years"]) == (470.0, 70.5, 2)
    assert (row["reason"], row["depletion_year"]) == (None, pytest.approx(2024 + 470 / 70.5))


def test_a_suppressed_prefecture_makes_the_nation_a_lower_bound_that_proves_no_ease(
    country, shipped, make_counted, make_take_up, foresee
) -> None:
    take_up = make_take_up({code: {2020: None if code == "39" else 1.0} for code in codes("prefectures")})
    row = foresee(country, of_every_prefecture(make_counted), take_up, shipped("pipeline")).outlook.iloc[-1]
    assert (row["take_up_ha_per_year"], row["reason"], row["state"]) == (46.0, "take_up_partly_unknown", "no_data")
    scarce = of_every_prefecture(make_counted, hectares=1.0)
    row = foresee(country, scarce, take_up, shipped("pipeline")).outlook.iloc[-1]
    assert row["state"] == "too_late"  # with more take-up it would run out even sooner


def test_a_year_that_a_prefecture_lacks_is_no_year_of_the_nation(
    country, shipped, make_counted, make_take_up, foresee
) -> None:
    years = {code: {2020: 1.0} for code in codes("prefectures")}
    years["12"] = {2019: 30.0, 2020: 1.0}
    found = foresee(country, of_every_prefecture(make_counted), make_take_up(years), shipped("pipeline"))
    nation = found.demand[found.demand["area_code"] == "JP"].set_index("year")
    assert nation["used"].tolist() == ["no", "yes"]
    assert nation.loc[2019, "reason"] == "prefectures_missing" and np.isnan(nation.loc[2019, "demand_ha"])


def test_a_published_figure_of_the_nation_goes_before_the_sum(
    country, shipped, make_counted, make_take_up, foresee
) -> None:
    take_up = make_take_up({**{code: {2020: None} for code in codes("prefectures")}, "JP": {2020: 100.0}})
    row = foresee(country, of_every_prefecture(make_counted), take_up, shipped("pipeline")).outlook.iloc[-1]
    assert (row["take_up_ha_per_year"], row["reason"], row["state"]) == (100.0, None, "start_now")


def test_a_prefecture_without_any_site_makes_the_stock_of_the_nation_a_bound(
    country, shipped, make_counted, make_take_up, foresee
) -> None:
    take_up = make_take_up({code: {2020: 1.0} for code in codes("prefectures")})
    row = foresee(country, of_every_prefecture(make_counted).iloc[1:], take_up, shipped("pipeline")).outlook.iloc[-1]
    assert (row["reason"], row["supply_limited"]) == ("stock_partly_unknown", "no")


def test_what_does_not_add_up_is_refused(prefecture, sites, shipped, make_take_up, foresee) -> None:
    outlook = foresee(prefecture, sites, make_take_up({"14": {2020: 10.0}}), shipped("pipeline")).outlook
    outlook.loc[outlook["area_code"] == CITY, "stock_ha"] += 0.02
    with pytest.raises(ReconciliationError, match="stock_ha of area 14 under pipeline"):
        _check_nesting(outlook)
