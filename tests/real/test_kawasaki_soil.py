# SPDX-License-Identifier: GPL-2.0-or-later
"""扇島 under the location test of 規則49条の5, over real files: undecidable for want of 分区, and decided by an answer.

The outline of the prefecture stands in for the coastline; on this shore nothing else bounds it.
"""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from yochi.plugin.core import crs, inventory, screening, sources

RULE = "law/rinkaibu-tokurei-49-5"
PORT = "川崎港臨港地区"


@pytest.fixture(scope="module")
def ogishima(real_data: Path) -> gpd.GeoDataFrame:
    sites = sources.read(real_data / "ksj" / "L05-1-09_14-g_IndustrialComplex.geojson").tables["sites"]
    areas = sources.read(real_data / "boundaries" / "N03-21_14_210101.geojson").tables["areas"]
    counted = inventory.take_stock([sites], areas).sites
    return counted[counted["name"] == "扇島工業地区"]


@pytest.fixture(scope="module")
def around(real_data: Path) -> dict[str, pd.DataFrame]:
    kawasaki = real_data / "plateau" / "kawasaki"
    areas = sources.read(real_data / "boundaries" / "N03-21_14_210101.geojson").tables["areas"]
    outline = crs.in_jgd2011(areas[areas["area_code"] == "14"]).geometry.boundary
    return {
        **sources.read(kawasaki / "533915_urf_6668_yoto_op.gml").tables,
        **sources.read(kawasaki / "533915_urf_6668_rinko_op.gml").tables,
        "coastline": gpd.GeoDataFrame({"coastline_id": ["n03"]}, geometry=outline.to_numpy(), crs=crs.JGD2011),
    }


def screened(ogishima, around, answer: str | None) -> tuple[screening.Screening, pd.DataFrame]:
    answers = pd.DataFrame({"port": [PORT], "bunku": ["unknown"], "bans_housing": [answer]}) if answer else None
    profiles = [screening.load_profile(screening.profiles()[RULE])]
    result = screening.screen(ogishima, screening.Surroundings(**around, port_ordinances=answers), profiles)
    return result, screening.find_next(result.evidence, result.pieces, result.sites, profiles)


def test_without_bunku_the_kawasaki_part_is_undecidable(ogishima, around) -> None:
    result, facts = screened(ogishima, around, None)
    verdict = result.verdicts.iloc[0]
    assert (verdict["met_ha"], verdict["not_met_ha"]) == (0.0, 0.0)
    assert verdict["undecidable_ha"] == pytest.approx(662.72, abs=0.01)
    assert verdict["headline"] == "undecidable"
    in_port = result.evidence.query("criterion_id == 'housing_banned' and reason == 'bunku_unknown'")
    assert in_port["piece_ha"].sum() == pytest.approx(380.60, abs=0.01)
    assert in_port["subject"].unique().tolist() == [PORT]
    first = facts[facts["rank"] == 1].iloc[0]
    assert (first["fact"], first["subject"], first["sites"]) == ("bunku_unknown", PORT, 1)
    assert first["decides_ha"] == pytest.approx(380.60, abs=0.01)


@pytest.mark.parametrize(("answer", "headline"), [("yes", "met"), ("no", "not_met")])
def test_the_answer_of_the_ordinance_decides_it(ogishima, around, answer, headline) -> None:
    result, facts = screened(ogishima, around, answer)
    verdict = result.verdicts.iloc[0]
    assert verdict["headline"] == headline
    assert verdict[f"{headline}_ha"] == pytest.approx(380.61, abs=0.03)
    assert verdict["undecidable_ha"] == pytest.approx(282.10, abs=0.03)
    assert "bunku_unknown" not in set(facts["fact"])


def test_an_unknown_ordinance_leaves_it_open(ogishima, around) -> None:
    result, facts = screened(ogishima, around, "unknown")
    assert result.verdicts["headline"].tolist() == ["undecidable"]
    assert facts.loc[facts["rank"] == 1, "decides_ha"].iloc[0] == pytest.approx(380.60, abs=0.01)


def test_strips_between_the_data_sets_do_not_flip_the_verdict(ogishima, around) -> None:
    """Zoning and port zones differ by strips of some ares along the edge; the headline does not stand on them."""
    result, _ = screened(ogishima, around, "yes")
    strips = result.pieces[result.pieces["piece_ha"] < 1.0]
    assert 0 < strips["piece_ha"].sum() < 0.6
    assert result.verdicts["headline"].tolist() == ["met"]
    assert result.evidence.query("criterion_id == 'corridor' and piece == 1")["result"].tolist() == ["met"]


def test_an_urbanization_area_without_its_districts_is_undecidable(ogishima, real_data) -> None:
    """市街化区域 always has use districts: where only its outline is loaded, the district is unknown and not absent."""
    outline = sources.read(real_data / "plateau" / "kawasaki" / "533915_urf_6668_kuiki_op.gml").tables["zones"]
    profiles = [screening.load_profile(screening.profiles()["premise/exclusive-industrial-zone"])]
    verdict = screening.screen(ogishima, screening.Surroundings(zones=outline), profiles).verdicts.iloc[0]
    assert (verdict["met_ha"], verdict["not_met_ha"]) == (0.0, 0.0)
    both = pd.concat(
        [outline, sources.read(real_data / "plateau" / "kawasaki" / "533915_urf_6668_yoto_op.gml").tables["zones"]]
    )
    verdict = screening.screen(ogishima, screening.Surroundings(zones=both), profiles).verdicts.iloc[0]
    assert verdict["met_ha"] == pytest.approx(380.66, abs=0.05)
