# SPDX-License-Identifier: GPL-2.0-or-later
"""A study of Kanagawa over real files: true numbers, checked against what the files are known to hold."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from yochi.plugin.core import contracts, crs, outlook

OGISHIMA = "1402400"
PREMISE = "premise/exclusive-industrial-zone"


@pytest.fixture(scope="module")
def study_file(tmp_path_factory: pytest.TempPathFactory, real_data: Path) -> Path:
    """The study beside this file, with `{data}` replaced by the folder of real files."""
    folder = tmp_path_factory.mktemp("神奈川 study")
    template = (Path(__file__).parent / "kanagawa.toml").read_text(encoding="utf-8")
    path = folder / "kanagawa.toml"
    path.write_text(template.replace("{data}", real_data.as_posix()), encoding="utf-8")
    (folder / "take_up.csv").write_bytes((Path(__file__).parent / "take_up.csv").read_bytes())
    return path


@pytest.fixture(scope="module")
def tables(study_file: Path) -> dict[str, pd.DataFrame]:
    return outlook.run(outlook.load_study(study_file))


def test_every_table_keeps_its_contract(tables) -> None:
    for name, table in contracts.TABLES.items():
        contracts.validate(tables[name], table)


def test_ogishima(tables) -> None:
    site = tables["sites"].set_index("site_id").loc[OGISHIMA]
    assert site["name"] == "扇島工業地区"
    assert site["geom_ha"] == pytest.approx(662.7, abs=0.05)
    assert np.isnan(site["gross_ha"]) and np.isnan(site["available_ha"])  # "0" in the file is unknown
    verdict = tables["verdicts"].set_index(["site_id", "profile_id"]).loc[(OGISHIMA, PREMISE)]
    assert verdict["met_ha"] == pytest.approx(380.66, abs=0.05)
    assert verdict["not_met_ha"] == 0
    assert verdict["undecidable_ha"] == pytest.approx(662.72 - 380.66, abs=0.05)
    assert verdict["missing"] == "zone:outside_zoning_data:282.06 ha"
    assert verdict["headline"] == "met"
    assert site["muni_code_stated"] == "14101" and site["muni_code"] == "14131"
    assert "muni_code_disagrees" in site["note"]


def test_the_repeated_site_counts_once(tables) -> None:
    sites = tables["sites"]
    assert (sites["site_id"] == "1402900").sum() == 1
    assert len(sites) == 38
    source = tables["sources"].set_index("source_id")
    rows = source.loc[source["format"] == "ksj-l05"].iloc[0]
    assert (rows["rows_read"], rows["rows_used"], rows["rows_rejected"]) == (40, 40, 0)


def test_every_row_is_accounted_for(tables) -> None:
    sources = tables["sources"]
    assert (sources["rows_read"] == sources["rows_used"] + sources["rows_rejected"]).all()
    rejected = tables["fixlist"].query("severity == 'rejected'").groupby("source_id").size()
    counted = sources.set_index("source_id")["rows_rejected"]
    assert counted[counted > 0].to_dict() == rejected.to_dict()


def test_hectares_add_up(tables) -> None:
    verdicts = tables["verdicts"].set_index("site_id")
    parts = verdicts[["met_ha", "not_met_ha", "undecidable_ha"]].sum(axis=1)
    measured = tables["sites"].set_index("site_id")["geom_ha"].reindex(parts.index)
    np.testing.assert_allclose(parts, measured, atol=0.01)
    summary = tables["summary"].set_index(["area_code", "layer"])
    by_municipality = summary[summary.index.get_level_values("area_code").str.len() == 5]
    cities = ["14100", "14130", "14150"]
    leaves = by_municipality[~by_municipality.index.get_level_values("area_code").isin(cities)]
    assert leaves["counted_ha"].sum() == pytest.approx(summary.loc[("14", "idle_prepared"), "counted_ha"], abs=0.01)
    assert leaves["sites"].sum() == 38


def test_cities_lie_inside_the_prefecture(tables) -> None:
    areas = tables["areas"].set_index("area_code")
    assert areas.loc["14131", "parent_code"] == "14130"
    assert areas.loc["14130", ["parent_code", "level"]].tolist() == ["14", "designated_city"]
    assert areas.loc["14201", "parent_code"] == "14"


def test_the_outlook_says_that_its_stock_is_a_bound(tables) -> None:
    row = tables["outlook"].set_index(["area_code", "scenario_id"]).loc[("14", "survey-2023")]
    assert row["stock_ha"] == pytest.approx(28.5, abs=0.01)
    assert (row["stock_unknown_sites"], row["reason"]) == (32, "stock_partly_unknown")
    assert row["take_up_basis"] == "derived"
    assert row["depletion_year"] == pytest.approx(2024 + 28.5 / row["take_up_ha_per_year"], abs=1e-6)
    cities = tables["outlook"].set_index(["area_code", "scenario_id"])
    assert cities.loc[("14130", "pipeline"), "state"] == "no_data"


def test_cities_and_remainder_make_the_prefecture(tables) -> None:
    rows = tables["outlook"].query("scenario_id == 'pipeline'").set_index("area_code")
    assert set(rows.index) == {"14", "14100", "14130", "14150", "14-remainder"}
    parts = rows.drop(index="14")
    assert parts["stock_ha"].sum() == pytest.approx(rows.loc["14", "stock_ha"], abs=0.01)
    assert parts["stock_sites"].sum() == rows.loc["14", "stock_sites"] == 38
    ground = crs.area_ha(rows)
    assert ground.drop("14").sum() == pytest.approx(ground["14"], rel=1e-4)
    assert rows.loc["14-remainder", ["state", "reason"]].tolist() == ["no_data", "part_unknown"]


def test_flagged_hectares_are_those_of_the_zoning(tables) -> None:
    row = tables["outlook"].set_index(["area_code", "scenario_id"]).loc[("14", "pipeline")]
    assert row["flagged_met_ha"] == pytest.approx(380.66 + 46.73, abs=0.1)


def test_port_zones_are_read_without_inventing_a_bunku(tables) -> None:
    ports = tables["port_zones"]
    assert ports["port"].tolist() == ["川崎港臨港地区"] * 2
    assert ports["bunku"].tolist() == ports["ordinance_bans_housing"].tolist() == ["unknown"] * 2


def test_nothing_is_called_synthetic(tables) -> None:
    about = tables["study"].set_index("key")["value"]
    assert about["synthetic"] == "no"


def test_the_same_study_twice_gives_equal_tables(study_file, tables) -> None:
    again = outlook.run(outlook.load_study(study_file))
    assert list(again) == list(tables)
    for name, table in tables.items():
        pd.testing.assert_frame_equal(pd.DataFrame(table), pd.DataFrame(again[name]))
