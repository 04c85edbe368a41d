# SPDX-License-Identifier: GPL-2.0-or-later
"""扇島 with the real files of Kawasaki: zoning and 臨港地区 are published, the 分区 are not."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from yochi.plugin.core import inventory, screening, sources

OGISHIMA = "1402400"
PORT = "川崎港臨港地区"


@pytest.fixture(scope="module")
def tables(real_data: Path) -> dict[str, pd.DataFrame]:
    names = [
        "boundaries/N03-21_14_210101.geojson",
        "ksj/L05-1-09_14-g_IndustrialComplex.geojson",
        "plateau/kawasaki/533915_urf_6668_yoto_op.gml",
        "plateau/kawasaki/533915_urf_6668_rinko_op.gml",
    ]
    read: dict[str, pd.DataFrame] = {}
    for name in names:
        read |= sources.read(real_data / name).tables
    stock = inventory.take_stock([read["sites"]], read["areas"])
    return read | {"sites": stock.sites[stock.sites["site_id"] == OGISHIMA]}


def screened(tables, profile, bans: str | None = None, **parameters: object) -> screening.Screening:
    table = pd.DataFrame({"port": [PORT], "bunku": ["unknown"], "bans_housing": [bans]}) if bans else None
    surroundings = screening.Surroundings(zones=tables["zones"], port_zones=tables["port_zones"], port_ordinances=table)
    return screening.screen(tables["sites"], surroundings, [profile], **parameters)


@pytest.fixture(scope="module")
def profile(make_profile) -> screening.Profile:
    return make_profile({"housing": {"kind": "housing_banned"}})


def test_without_the_bunku_it_is_undecidable(tables, profile) -> None:
    result = screened(tables, profile)
    verdict = result.verdicts.iloc[0]
    assert verdict["site_ha"] == pytest.approx(662.7, abs=0.05)
    assert verdict["met_ha"] == pytest.approx(0.06, abs=0.01)  # a strip of the zoning that the port zones leave out
    assert verdict["headline"] == "undecidable"
    open_ = result.evidence.query("reason == 'bunku_unknown'")
    assert open_["piece_ha"].sum() == pytest.approx(380.60, abs=0.02)
    assert set(open_["subject"]) == {PORT} and set(open_["result"]) == {"undecidable"}
    assert set(open_["data_set"]) == {"533915_urf_6668_rinko_op.gml"}
    assert verdict["missing"].startswith("housing:bunku_unknown:380.6")


@pytest.mark.parametrize(("bans", "met", "not_met"), [("yes", 380.66, 0.0), ("no", 0.06, 380.63)])
def test_the_ordinance_decides(tables, profile, bans, met, not_met) -> None:
    verdict = screened(tables, profile, bans).verdicts.iloc[0]
    assert verdict["met_ha"] == pytest.approx(met, abs=0.02)
    assert verdict["not_met_ha"] == pytest.approx(not_met, abs=0.02)
    assert verdict["headline"] == ("met" if bans == "yes" else "not_met")
    total = verdict[["met_ha", "not_met_ha", "undecidable_ha"]].sum()
    assert total == pytest.approx(662.72, abs=0.01)


def test_slivers_between_the_files_are_left_out_of_the_headline_alone(tables, profile) -> None:
    with_slivers, without = (screened(tables, profile, "yes", sliver_ha=size).verdicts.iloc[0] for size in (0.0, 1.0))
    columns = ["met_ha", "not_met_ha", "undecidable_ha", "headline"]
    assert with_slivers[columns].tolist() == without[columns].tolist()


def test_under_the_law_the_port_is_what_to_ask_about(tables) -> None:
    law = screening.load_profile(screening.profiles()["law/rinkaibu-tokurei-49-5"])
    result = screened(tables, law)
    assert result.verdicts["headline"].iloc[0] == "undecidable"
    facts = screening.find_next(result.evidence, result.pieces, result.sites, [law])
    assert PORT in set(facts.query("fact == 'bunku_unknown'")["subject"])
