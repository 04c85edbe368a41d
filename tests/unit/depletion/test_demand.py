# SPDX-License-Identifier: GPL-2.0-or-later
"""What an area took up: series put together, years that can be drawn from, losses, and the assumptions behind."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yochi.plugin.core.contracts import DEMAND, validate
from yochi.plugin.core.depletion.inputs import demand
from yochi.plugin.core.depletion.inputs.take_up_assumptions import take_up_assumptions
from yochi.plugin.core.errors import RuleError, StudyError
from yochi.plugin.core.resources import statistics_file

COLUMNS = ["area_code", "year", "series", "take_up_ha", "loss_ha", "suppressed", "basis"]


def take_up(*rows):
    """Rows of (area, year, series, hectares, loss); hectares "X" are suppressed."""
    frame = [
        (area, year, series, None if ha == "X" else ha, loss, "yes" if ha == "X" else None, "reported")
        for area, year, series, ha, loss in rows
    ]
    return pd.DataFrame(frame, columns=COLUMNS)


def yearly(frame, *series, base_year=2026.0, losses=True):
    found = demand.yearly(frame, series=series or ("surveyed",), base_year=base_year, losses=losses)
    validate(found, DEMAND)
    return found


def told(found):
    """Hectares and reason by area and year; None where a figure is missing."""
    rows = found[["area_code", "year", "demand_ha", "reason"]].astype("object")
    return {(area, int(year)): (ha, why) for area, year, ha, why in rows.where(rows.notna(), None).to_numpy()}


FUKUI = take_up(
    ("18", 2022, "surveyed", 44.0, None),
    ("18", 2023, "surveyed", 30.0, None),
    ("18", 2023, "power", 0.0, None),
    ("18", 2024, "surveyed", 691.0, None),
    ("18", 2024, "power", 650.0, None),
    ("18", 2025, "surveyed", "X", None),
)


def test_the_survey_with_its_electricity():
    assert told(yearly(FUKUI)) == {
        ("18", 2022): (44.0, None),
        ("18", 2023): (30.0, None),
        ("18", 2024): (691.0, None),
        ("18", 2025): (None, "suppressed"),
    }


def test_without_electricity_only_years_whose_electricity_is_known_can_be_told():
    found = yearly(FUKUI, "without_power")
    assert told(found) == {
        ("18", 2022): (None, "power_unknown"),
        ("18", 2023): (30.0, None),
        ("18", 2024): (41.0, None),
        ("18", 2025): (None, "suppressed"),
    }
    assert found.set_index("year")["basis"].to_dict() == {
        2022: "unknown",
        2023: "derived",
        2024: "derived",
        2025: "unknown",
    }


def test_a_series_that_is_given_goes_before_a_difference():
    given_itself = pd.DataFrame([("18", 2024, "without_power", 40.0, "reported")], columns=[*COLUMNS[:4], "basis"])
    found = yearly(pd.concat([FUKUI, given_itself], ignore_index=True), "without_power")
    assert told(found)["18", 2024] == (40.0, None)
    assert found.set_index("year").loc[2024, "basis"] == "reported"


def test_electricity_is_no_part_of_nothing_and_no_more_than_the_whole():
    frame = take_up(
        ("47", 2023, "surveyed", 0.0, None),
        ("47", 2024, "surveyed", 5.0, None),
        ("47", 2024, "power", 6.0, None),
    )
    assert told(yearly(frame, "without_power")) == {
        ("47", 2023): (0.0, None),
        ("47", 2024): (None, "power_exceeds_survey"),
    }


def test_suppressed_electricity_is_unknown_and_not_zero():
    frame = take_up(("39", 2024, "surveyed", 5.0, None), ("39", 2024, "power", "X", None))
    assert told(yearly(frame, "without_power")) == {("39", 2024): (None, "power_unknown")}
    assert told(yearly(frame, "power")) == {("39", 2024): (None, "suppressed")}


def test_logistics_are_added_where_they_are_known_and_named_where_they_are_not():
    frame = take_up(
        ("12", 2022, "surveyed", 28.1, None),
        ("12", 2023, "surveyed", 16.8, None),
        ("12", 2023, "logistics", 167.2, None),
        ("08", 2023, "surveyed", 117.0, None),
    )
    found = yearly(frame, "surveyed", "logistics")
    assert told(found) == {
        ("08", 2023): (None, "no_logistics_series"),
        ("12", 2022): (None, "logistics_unknown"),
        ("12", 2023): (184.0, None),
    }
    assert set(found["series"]) == {"surveyed; logistics"}
    rates = demand.rates(found, losses=False)
    assert rates.loc["08", ["take_up_years", "incomplete_years", "reason"]].tolist() == [0, 1, "no_logistics_series"]
    assert list(demand.drawn_years(found)) == ["12"]


def test_years_from_the_base_year_on_are_shown_and_not_drawn_from():
    found = yearly(FUKUI, base_year=2024.0)
    assert told(found)["18", 2024] == (691.0, "not_before_base_year")
    assert told(found)["18", 2025] == (None, "not_before_base_year")
    assert demand.drawn_years(found)["18"].tolist() == [44.0, 30.0]


def test_a_row_of_cases_alone_is_a_year_of_unknown_hectares():
    frame = take_up(("18", 2020, "surveyed", None, None)).assign(suppressed="unknown", cases=6.0)
    assert told(yearly(frame)) == {("18", 2020): (None, "surveyed_unknown")}


def test_means_and_counts_of_years():
    row = demand.rates(yearly(FUKUI, base_year=2025.5), losses=False).loc["18"]
    assert row["take_up_ha_per_year"] == row["gross_ha_per_year"] == pytest.approx((44 + 30 + 691) / 3)
    counts = row[["take_up_years", "suppressed_years", "later_years", "incomplete_years"]]
    assert counts.tolist() == [3, 1, 0, 0]
    assert row["take_up_basis"] == "reported"
    assert pd.isna(row["losses"]) and pd.isna(row["reason"])


def test_known_losses_are_added_to_every_year_and_unknown_ones_to_none():
    frame = take_up(
        ("12", 2021, "surveyed", 10.0, None),
        ("12", 2022, "surveyed", 20.0, 4.0),
        ("12", 2023, "surveyed", 30.0, 2.0),
        ("08", 2023, "surveyed", 50.0, None),
    )
    found = yearly(frame)
    rates = demand.rates(found, losses=True)
    assert rates.loc["12", ["take_up_ha_per_year", "loss_ha_per_year", "gross_ha_per_year"]].tolist() == [20, 3, 23]
    assert rates["losses"].to_dict() == {"08": "losses_unknown", "12": "losses_counted"}
    assert rates.loc["12", "loss_years"] == 2
    assert pd.isna(rates.loc["08", "loss_ha_per_year"])
    assert rates.loc["08", "gross_ha_per_year"] == 50
    drawn = demand.drawn_years(found)
    assert {area: years.tolist() for area, years in drawn.items()} == {"08": [50], "12": [13, 23, 33]}
    without = yearly(frame, losses=False)
    assert without["loss_ha"].isna().all()
    assert demand.drawn_years(without)["12"].tolist() == [10, 20, 30]


def test_a_weak_loss_makes_the_year_as_weak():
    frame = take_up(("12", 2022, "surveyed", 20.0, None), ("12", 2022, "logistics", 5.0, 1.0))
    frame["basis"] = ["reported", "assumed"]
    assert yearly(frame)["basis"].tolist() == ["assumed"]
    assert yearly(frame, losses=False)["basis"].tolist() == ["reported"]


@pytest.mark.parametrize(
    ("series", "message"),
    [
        ([], "series is empty; name at least one of surveyed, without_power, power, logistics"),
        (["solar"], "series = 'solar' is not allowed; use surveyed"),
        (["surveyed", "power"], "power is counted twice in surveyed, power"),
        (["logistics", "logistics"], "logistics is counted twice"),
    ],
)
def test_series_that_cannot_be_added_up(series, message):
    with pytest.raises(StudyError, match=message):
        demand.yearly(FUKUI, series=series, base_year=2026, losses=False)


def test_parts_of_the_survey_may_be_added_up_to_the_whole():
    assert told(yearly(FUKUI, "without_power", "power"))["18", 2024] == (691.0, None)


def test_supply_limited_where_stock_is_short_and_unknown_where_it_is_a_lower_bound():
    assert demand.supply_limited(59.9, 30.0, 2.0) == "yes"
    assert demand.supply_limited(60.0, 30.0, 2.0) == "no"
    assert demand.supply_limited(0.0, 0.0, 2.0) == "yes"
    assert demand.supply_limited(5.0, 0.0, 2.0) == "no"
    assert demand.supply_limited(10.0, 30.0, 2.0, lower_bound=True) == "unknown"
    assert demand.supply_limited(90.0, 30.0, 2.0, lower_bound=True) == "no"
    assert demand.supply_limited(np.nan, 30.0, 2.0) == demand.supply_limited(10.0, np.nan, 2.0) == "unknown"


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["08", "12"]),
            st.integers(2018, 2027),
            st.sampled_from(["surveyed", "power", "without_power", "logistics"]),
            st.one_of(st.none(), st.just("X"), st.floats(0, 1e5)),
        ),
        unique_by=lambda row: row[:3],
        min_size=1,
    ),
    st.sampled_from([("surveyed",), ("without_power",), ("surveyed", "logistics"), ("without_power", "logistics")]),
)
def test_a_used_year_has_every_part_and_an_unused_one_a_reason(rows, series):
    frame = take_up(*((*row, None) for row in rows)).assign(cases=1.0)
    frame["suppressed"] = frame["suppressed"].fillna("unknown")
    found = yearly(frame, *series)
    used = found["used"] == "yes"
    assert (found["reason"].isna() == used).all()
    assert found.loc[used, "demand_ha"].ge(0).all() and found.loc[used, "year"].lt(2026).all()
    given_ha = frame.set_index(["area_code", "year", "series"])["take_up_ha"]
    for row in found[used].itertuples():
        for part in {"surveyed", "logistics"} & set(series):
            assert pd.notna(given_ha[row.area_code, row.year, part])
    assert len(found) == len(frame[["area_code", "year"]].drop_duplicates())
    rates = demand.rates(found, losses=False)
    sums = rates[["take_up_years", "suppressed_years", "later_years", "incomplete_years"]].sum(axis=1)
    assert sums.to_dict() == found.groupby("area_code").size().to_dict()


def test_the_order_of_rows_does_not_matter():
    frame = pd.concat([FUKUI.assign(loss_ha=0.5), take_up(("12", 2023, "surveyed", 16.8, 1.0))], ignore_index=True)
    frame["suppressed"] = frame["suppressed"].astype("object")
    pd.testing.assert_frame_equal(yearly(frame), yearly(frame.sample(frac=1, random_state=3)))


def test_the_shipped_spread_is_that_of_chibas_published_years():
    published = pd.read_csv(statistics_file("take_up_partial_by_prefecture.csv"), dtype={"pref_code": str})
    chiba = published.query("pref_code == '12' and measure == 'area_ha' and 2019 <= year <= 2023")["value"]
    assumed = take_up_assumptions()
    assert len(chiba) == 5
    assert assumed.spread == pytest.approx(chiba.std(ddof=1) / chiba.mean(), abs=5e-4)
    assert assumed.basis == assumed.supply_limited_source == "assumed"
    assert "Chiba" in assumed.spread_source


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[supply_limited]\nyears = 2\nsource = "x"\n', r"own\.toml.*spread"),
        ('[supply_limited]\nyears = "two"\n[spread]\n', r"own\.toml.*\[supply_limited\] years = 'two'.*from 0 to 100"),
        ('basis = "guess"\n', r"own\.toml.*basis = 'guess'.*measured, reported"),
        ('colour = "red"\n', r"own\.toml.*unknown key colour"),
        ("[supply_limited]\nyears = 1\n[spread]\n", r"own\.toml.*\[supply_limited\] source is missing"),
    ],
)
def test_a_file_of_assumptions_that_is_wrong_says_where(tmp_path, text, message):
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RuleError, match=message):
        take_up_assumptions(path)
