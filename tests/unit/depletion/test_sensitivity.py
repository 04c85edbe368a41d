# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yochi.plugin.core.depletion.comparisons.sensitivity import Ranges, load_ranges, sensitivity
from yochi.plugin.core.depletion.engine.cases import NO_ARRIVALS, Arrivals, Case
from yochi.plugin.core.errors import CancelledError, RuleError
from yochi.plugin.core.progress import Progress
from yochi.plugin.core.resources import FOLDER, codes

BASE, HORIZON, LEADS = 2024.0, 30.0, (3.0, 4.0, 5.0)
RANGES = Ranges(low_factor=0.8, high_factor=1.25, share=0.1, basis="assumed")
INPUTS = codes("sensitivity_inputs")


def projects(*listed: tuple[float, float, float], lead: tuple[float, float, float] = LEADS) -> Arrivals:
    """Projects by start, chance and hectares."""
    start, probability, hectares = (np.array(values, dtype=float) for values in zip(*listed, strict=True))
    shortest, likeliest, longest = (np.full(len(listed), years) for years in lead)
    keys = tuple(f"p{number}" for number in range(len(listed)))
    return Arrivals(keys, np.full(len(listed), np.nan), start, shortest, likeliest, longest, probability, hectares)


def moved(case: Case, basis: str = "derived", ranges: Ranges = RANGES) -> pd.DataFrame:
    found = sensitivity(
        [case], [basis], "pipeline", ranges, base_year=BASE, horizon_years=HORIZON, lead_times_years=LEADS
    )
    assert found["input"].tolist() == list(INPUTS)
    return found.set_index("input")


def area(stock: float, *take_up: float, arrivals: Arrivals = NO_ARRIVALS) -> Case:
    return Case("14", stock, np.array(take_up), arrivals=arrivals)


def test_each_input_by_itself() -> None:
    # 300 ha at 30 ha a year: 10 years. A project of 60 ha at an even chance is ready after 4 years: 1 year more.
    found = moved(area(300.0, 20.0, 40.0, arrivals=projects((0.0, 0.5, 60.0))))
    expected = {
        "lead_time": ("3", "5", 2032.0, 2030.0),
        "take_up": ("24", "37.5", 2024 + 330 / 24 - 4, 2024 + 330 / 37.5 - 4),
        "pipeline": ("0", "60", 2030.0, 2032.0),
        "stock": ("270", "330", 2030.0, 2032.0),
    }
    for name, (low, high, start_by_low, start_by_high) in expected.items():
        row = found.loc[name]
        assert (row["low"], row["high"], row["bound"]) == (low, high, "no")
        assert row["start_by_low_year"] == pytest.approx(start_by_low, abs=1e-9)
        assert row["start_by_high_year"] == pytest.approx(start_by_high, abs=1e-9)
        assert row["swing_years"] == pytest.approx(abs(start_by_high - start_by_low), abs=1e-9)
    assert found["rank"].to_dict() == {"take_up": 1, "lead_time": 2, "pipeline": 3, "stock": 4}


def test_a_longer_lead_time_also_delays_the_projects_that_state_no_year() -> None:
    waiting = area(100.0, 25.0, arrivals=projects((0.0, 1.0, 50.0)))
    row = moved(waiting).loc["lead_time"]
    # At 3 years the project is there before the stock ends at 4.0, at 5 years it is too late.
    assert row["start_by_low_year"] == pytest.approx(BASE + 6 - 3) and row["start_by_high_year"] == BASE + 4 - 5
    stated = projects((0.0, 1.0, 50.0))
    stated.ready[:], stated.start[:] = 4.0, np.nan
    assert moved(area(100.0, 25.0, arrivals=stated)).loc["lead_time", "swing_years"] == pytest.approx(2.0)


def test_projects_after_the_horizon_are_not_among_the_hectares_that_are_moved() -> None:
    row = moved(area(100.0, 25.0, arrivals=projects((0.0, 0.5, 10.0), (27.0, 0.5, 40.0)))).loc["pipeline"]
    assert (row["low"], row["high"]) == ("0", "10")


def test_one_end_beyond_the_horizon_bounds_the_swing() -> None:
    row = moved(area(270.0, 10.0)).loc["take_up"]  # 27 years; 33.75 with a fifth less
    assert np.isnan(row["start_by_low_year"]) and row["start_by_high_year"] == pytest.approx(BASE + 21.6 - 4)
    assert row["swing_years"] == pytest.approx(30 - 21.6) and row["bound"] == "yes"


@pytest.mark.parametrize("case", [area(100.0, 0.0), area(1000.0, 1.0)], ids=["no take-up", "large stock"])
def test_an_area_that_lasts_beyond_the_horizon_is_moved_by_nothing_known(case: Case) -> None:
    found = moved(case)
    assert found["swing_years"].isna().all() and found["rank"].isna().all()
    assert (found["bound"] == "yes").all()


def test_equal_swings_rank_in_the_order_of_the_list() -> None:
    found = moved(area(0.0, 25.0))  # run out already: only the lead time moves the start
    assert found["swing_years"].to_dict() == {"lead_time": 2.0, "take_up": 0.0, "pipeline": 0.0, "stock": 0.0}
    assert found["rank"].to_dict() == {"lead_time": 1, "take_up": 2, "pipeline": 3, "stock": 4}


def test_assumed_ranges_show_in_the_basis() -> None:
    assert moved(area(300.0, 30.0))["basis"].to_dict() == {
        "lead_time": "derived",
        "take_up": "assumed",
        "pipeline": "derived",
        "stock": "assumed",
    }
    assert (moved(area(300.0, 30.0), "synthetic")["basis"] == "synthetic").all()


def test_no_area_and_cancelling() -> None:
    options = {"base_year": BASE, "horizon_years": HORIZON, "lead_times_years": LEADS}
    assert sensitivity([], [], "pipeline", RANGES, **options).empty
    stopped = Progress(cancelled=lambda: True)
    with pytest.raises(CancelledError):
        sensitivity([area(1.0, 1.0)], ["derived"], "pipeline", RANGES, **options, progress=stopped)


def test_the_case_that_goes_in_is_left_as_it_was() -> None:
    case = area(300.0, 30.0, arrivals=projects((0.0, 0.5, 60.0)))
    moved(case)
    assert (case.stock_ha, case.take_up_ha.tolist()) == (300.0, [30.0])
    assert (case.arrivals.probability.tolist(), case.arrivals.lead_mode.tolist()) == ([0.5], [4.0])


HUNDREDTHS = st.integers(0, 6000).map(lambda hundredths: hundredths / 100)
CASES = st.builds(
    area,
    st.floats(0, 500),
    HUNDREDTHS,
    HUNDREDTHS,
    arrivals=st.one_of(
        st.just(NO_ARRIVALS),
        st.lists(st.tuples(st.floats(-3, 30), st.floats(0, 1), st.floats(0, 200)), min_size=1, max_size=4).map(
            lambda listed: projects(*listed)
        ),
    ),
)


@settings(max_examples=60, deadline=None)
@given(CASES)
def test_every_input_moves_the_start_the_way_it_must(case: Case) -> None:
    found = moved(case)
    low, high = (found[f"start_by_{end}_year"].fillna(np.inf) for end in ("low", "high"))
    tolerance = 1e-5  # an arrival that comes this little too late is still in time
    assert low["lead_time"] >= high["lead_time"] - tolerance
    assert low["take_up"] >= high["take_up"] - tolerance
    assert low["pipeline"] <= high["pipeline"] + tolerance
    assert low["stock"] <= high["stock"] + tolerance
    ranked = found.dropna(subset="swing_years").sort_values("rank")
    assert ranked["rank"].tolist() == list(range(1, len(ranked) + 1))
    assert (ranked["swing_years"] >= 0).all()
    assert (ranked["swing_years"].diff().dropna() <= 1e-8).all()
    assert found["rank"].isna().equals(found["swing_years"].isna())


@settings(max_examples=60, deadline=None)
@given(CASES, st.floats(0, 0.5), st.floats(0, 0.5))
def test_a_wider_range_never_swings_less(case: Case, share: float, more: float) -> None:
    narrow = Ranges(low_factor=1 - share, high_factor=1 + share, share=share, basis="assumed")
    wide = Ranges(low_factor=1 - share - more, high_factor=1 + share + more, share=share + more, basis="assumed")
    first, second = (moved(case, ranges=ranges).loc[["take_up", "stock"], "swing_years"] for ranges in (narrow, wide))
    known = first.notna()
    assert second[known].notna().all() and (second[known] >= first[known] - 1e-5).all()


def test_the_shipped_ranges_are_those_of_the_published_years() -> None:
    ranges = load_ranges()
    years = pd.read_csv(FOLDER / "statistics" / "take_up_national.csv").set_index("year")["area_ha"]
    mean, known = years.loc[2019:2023].mean(), years.loc[2016:2023]
    assert ranges.low_factor == pytest.approx(known.min() / mean, abs=0.005)
    assert ranges.high_factor == pytest.approx(known.max() / mean, abs=0.005)
    assert ranges.basis == "assumed"


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ('basis = "guess"', "basis = 'guess' is not allowed; use one of measured"),
        ('basis = "assumed"', "take_up.low_factor = None is not allowed; give a number from 0 to 1"),
        ('basis = "assumed"\ntake_up = 3', "take_up.low_factor = None"),
        ('basis = "assumed"\n[take_up]\nlow_factor = 1.5', "take_up.low_factor = 1.5"),
        ('basis = "assumed"\n[take_up]\nlow_factor = true', "take_up.low_factor = True"),
        ('basis = "assumed"\n[take_up]\nlow_factor = 1\nhigh_factor = 0.9', "give a number 1 or more"),
        ('basis = "assumed"\n[take_up]\nlow_factor = 1\nhigh_factor = 2\n[stock]\nshare = "a"', "stock.share = 'a'"),
        ("basis =", "is not valid TOML"),
    ],
)
def test_a_broken_range_names_file_and_key(tmp_path: Path, written: str, problem: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(written, encoding="utf-8")
    with pytest.raises(RuleError) as error:
        load_ranges(path)
    assert "own.toml" in str(error.value) and problem in str(error.value)
