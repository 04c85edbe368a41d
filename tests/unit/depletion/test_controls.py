# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from yochi.plugin.core.depletion.comparisons.controls import controls
from yochi.plugin.core.depletion.engine.rundown import run_down
from yochi.plugin.core.resources import codes

COLUMNS = [
    *("level", "scenario_id", "stock_ha", "take_up_ha_per_year", "years_to_depletion"),
    *("state", "reason", "stock_basis", "take_up_basis"),
]


def study(*rows: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame(rows).reindex(columns=COLUMNS)


def nation(**row: object) -> dict[str, object]:
    figures = {"stock_ha": 9000.0, "take_up_ha_per_year": 1500.0, "years_to_depletion": 6.0, "state": "time_left"}
    bases = {"stock_basis": "reported", "take_up_basis": "derived"}
    return {"level": "national", "scenario_id": "pipeline", **figures, **bases, **row}


def body(years: float | None, state: str = "time_left", level: str = "prefecture") -> dict[str, object]:
    return {"level": level, "scenario_id": "survey-2023", "years_to_depletion": years, "state": state}


def table(*rows: dict[str, object]) -> pd.DataFrame:
    return controls(study(*rows), "pipeline").set_index("control_id")


def test_published_figures_give_gross_and_net_years() -> None:
    published = table()["published_value"]
    assert published["take_up_ha_per_year"] == pytest.approx((1291 + 1155 + 1283 + 1280 + 1544) / 5)
    assert (published["stock_ha"], published["new_development_ha_per_year"]) == (10_000, 1_000)
    assert published["gross_years"] == pytest.approx(7.63, abs=0.005)
    assert published["net_years"] == pytest.approx(32.2, abs=0.05)
    assert published["share_depleting_soon"] == 0.8


def test_the_years_are_those_of_the_engine() -> None:
    published = table()["published_value"]
    stock, take_up = published["stock_ha"], published["take_up_ha_per_year"]
    assert published["gross_years"] == pytest.approx(run_down(stock, take_up, [], 50).depletion, abs=1e-9)
    net = take_up - published["new_development_ha_per_year"]
    assert published["net_years"] == pytest.approx(run_down(stock, net, [], 50).depletion, abs=1e-9)


def test_both_languages_say_how_the_years_come_about_and_why_they_differ() -> None:
    rows = table()
    for tongue, because in (("ja", "補"), ("en", "makes good 76%")):
        gross, net = rows.loc["gross_years", f"explanation_{tongue}"], rows.loc["net_years", f"explanation_{tongue}"]
        for explanation in (gross, net):
            assert all(figure in explanation for figure in ("10,000", "1,310.6", "7.6", "32", because))
        assert all(figure in net for figure in ("1,000", "310.6", "1,155", "1,544", "65", "18"))


def test_every_control_is_told_in_both_languages_with_its_source() -> None:
    rows = table()
    assert rows.index.tolist() == list(codes("controls"))
    words = rows[["title_ja", "title_en", "explanation_ja", "explanation_en", "source", "as_of", "unit"]]
    assert words.notna().all(axis=None) and (words != "").all(axis=None)
    assert not words.agg(" ".join, axis=1).str.contains(r"[{}]|\bnan\b", regex=True).any()
    assert rows["basis"].to_dict() == {
        "stock_ha": "reported",
        "take_up_ha_per_year": "derived",
        "new_development_ha_per_year": "reported",
        "gross_years": "derived",
        "net_years": "derived",
        "share_depleting_soon": "reported",
    }
    assert "産業用地ガイド" in rows.loc["net_years", "source"] and "国土利用計画" in rows.loc["net_years", "source"]
    assert rows.loc["take_up_ha_per_year", "as_of"] == "2019-2023"


def test_a_study_of_the_country_stands_beside() -> None:
    own = table(nation())["study_value"]
    assert (own["stock_ha"], own["take_up_ha_per_year"]) == (9000.0, 1500.0)
    assert (own["gross_years"], own["net_years"]) == pytest.approx((6.0, 18.0))
    assert np.isnan(own["new_development_ha_per_year"])


def test_a_study_of_a_part_of_the_country_has_no_value() -> None:
    assert table(body(4.0))["study_value"].isna().all()
    assert table({**nation(), "scenario_id": "rationalised"})["study_value"].isna().all()


@pytest.mark.parametrize(
    ("reason", "known"),
    [
        ("stock_partly_unknown", {"take_up_ha_per_year"}),
        ("take_up_partly_unknown; pipeline_partly_unknown", {"stock_ha"}),
        ("pipeline_partly_unknown", {"stock_ha", "take_up_ha_per_year", "gross_years", "net_years"}),
    ],
)
def test_a_bound_is_no_value(reason: str, known: set[str]) -> None:
    own = table(nation(reason=reason))["study_value"].dropna()
    assert set(own.index) == known


@pytest.mark.parametrize(("take_up", "known"), [(0.0, set()), (900.0, {"gross_years"}), (np.nan, set())])
def test_a_stock_that_does_not_fall_has_no_years(take_up: float, known: set[str]) -> None:
    own = table(nation(take_up_ha_per_year=take_up))["study_value"].dropna()
    assert set(own.index) & {"gross_years", "net_years"} == known


def test_a_synthetic_study_shows() -> None:
    rows = table(nation(stock_basis="synthetic"))
    assert rows["basis"][rows["study_value"].notna()].eq("synthetic").all()
    assert rows["basis"]["new_development_ha_per_year"] == "reported"


def test_the_share_is_of_the_bodies_with_an_answer() -> None:
    bodies = [
        body(2.0),
        body(5.0, level="designated_city"),
        body(5.1),
        body(None, "not_within_horizon"),
        body(None, "no_data"),
        body(1.0, level="remainder"),
        {**body(1.0), "scenario_id": "pipeline"},
    ]
    assert table(nation(), *bodies)["study_value"]["share_depleting_soon"] == pytest.approx(2 / 4)
