# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import tomllib

import geopandas as gpd
import pandas as pd
import pytest
from geopandas.testing import assert_geodataframe_equal

from yochi.plugin.core import contracts, crs, outlook
from yochi.plugin.core.exports import ledger

LAYERS = {"prefectures.gpkg": ["areas"], "sample.gpkg": ["sites", "zones", "port_zones"]}
TEXT = dict.fromkeys(("area_code", "pref_code", "as_of"), "str")


@pytest.fixture(scope="module")
def tables(sample):
    """The sample as it is committed, by contract."""
    read = {name: ledger.read_table(sample / file, name) for file, names in LAYERS.items() for name in names}
    for name, contract in (("take_up", contracts.TAKE_UP), ("known_projects", contracts.SITES)):
        read[name] = contracts.conform(pd.read_csv(sample / f"{name}.csv", dtype=TEXT), contract)
    return read


@pytest.fixture(scope="module")
def all_sites(tables):
    return pd.concat(
        [pd.DataFrame(tables[name]).drop(columns="geometry", errors="ignore") for name in ("sites", "known_projects")]
    )


@pytest.fixture(scope="module")
def control(root):
    return pd.read_csv(root / "resources" / "statistics" / "control_totals.csv").set_index("id")["value"]


def test_sample_is_small(sample):
    assert sum(path.stat().st_size for path in sample.iterdir()) < 5_000_000


def test_making_it_again_gives_the_committed_files(sample, script, tmp_path):
    make_sample = script("make_sample")
    if not make_sample.WORLD_MAP.exists():
        pytest.skip("QGIS's world map is not installed")
    make_sample.write(make_sample.make(), tmp_path)
    for file, names in LAYERS.items():
        for name in names:
            made = ledger.read_table(tmp_path / file, name)
            assert_geodataframe_equal(made, ledger.read_table(sample / file, name), check_less_precise=True)
    for name in ("take_up.csv", "known_projects.csv"):
        assert (tmp_path / name).read_bytes() == (sample / name).read_bytes()


@pytest.mark.parametrize(
    ("layer", "total"), [("idle_prepared", "stock_idle_prepared"), ("former_heavy", "potential_former_heavy")]
)
def test_stocks_equal_the_control_totals(all_sites, control, layer, total):
    assert all_sites.loc[all_sites["layer"] == layer, "available_ha"].sum() == pytest.approx(control[total], abs=0.01)


def test_new_development_equals_the_control_total_every_year(all_sites, control):
    dated = all_sites[(all_sites["layer"] == "pipeline") & all_sites[["ready_year", "start_year"]].notna().any(axis=1)]
    ready = dated["ready_year"].fillna(dated["start_year"] + 4)
    by_year = dated.groupby(ready)["available_ha"].sum()
    assert list(by_year.index) == list(range(2025, 2034))
    assert by_year.to_numpy() == pytest.approx([control["flow_new_development"]] * 9, abs=0.01)


def test_about_six_hundred_estates(tables):
    assert 590 <= (tables["sites"]["layer"] == "idle_prepared").sum() <= 620


def test_drawn_land_is_synthetic_and_says_so(tables):
    for name in ("sites", "zones", "port_zones"):
        assert set(tables[name]["basis"]) == {"synthetic"}
    assert tables["sites"]["name"].str.startswith("合成 ").all()
    assert set(tables["sites"]["available_basis"]) == {"synthetic", "unknown"}


def test_real_projects_are_those_of_the_sources_and_undrawn(tables, root):
    known = pd.read_csv(root / "resources" / "statistics" / "known_projects.csv", dtype=TEXT)
    real = tables["known_projects"]
    assert list(real["available_ha"]) == list(known["area_ha"])
    assert list(real["name"]) == list(known["name_ja"])
    assert set(real["basis"]) == {"reported"}
    assert not isinstance(real, gpd.GeoDataFrame)


def test_take_up_of_2020_is_derived_from_the_real_cases(tables):
    taken = tables["take_up"].query("year == 2020")
    assert len(taken) == 47
    assert taken["cases"].sum() == 831
    assert set(taken["basis"]) == {"derived"}
    assert taken["note"].str.contains("2020").all()


def test_take_up_of_other_years_is_synthetic_and_adds_up_to_the_published_nation(tables, root):
    taken = tables["take_up"]
    national = pd.read_csv(root / "resources" / "statistics" / "take_up_national.csv").set_index("year")["area_ha"]
    by_year = taken.groupby("year")["take_up_ha"].sum()
    assert by_year.index.tolist() == [2019, 2020, 2021, 2022, 2023]
    assert by_year.to_numpy() == pytest.approx(national.loc[2019:2023].to_numpy(), abs=0.01)
    assert set(taken.query("year != 2020")["basis"]) == {"synthetic"}


def test_projects_say_their_stage_and_some_their_partner(tables):
    projects = tables["sites"].query("layer == 'pipeline'")
    assert set(projects["stage"]) == {"concept", "planned", "land_acquisition", "under_development"}
    assert projects["stage_entered_year"].notna().all()
    assert projects["partner"].isna().any()
    assert projects["partner"].dropna().str.startswith("合成 ").all()
    real = tables["known_projects"].set_index("site_id").loc["REAL-41-2"]
    assert (real["stage"], real["developer"]) == ("planned", "鳥栖市")


def test_sites_lie_in_their_prefecture(tables):
    joined = gpd.sjoin(tables["sites"], tables["areas"][["area_code", "geometry"]], predicate="within")
    assert len(joined) == len(tables["sites"])
    assert (joined["area_code_left"] == joined["area_code_right"]).all()


def test_former_works_lie_by_the_sea(tables):
    works = tables["sites"].query("layer == 'former_heavy'").to_crs(6675)
    coast = tables["areas"].to_crs(6675).union_all().boundary
    assert works.distance(coast).max() < 3_000


def test_drawn_area_is_the_stated_area(tables):
    measured = crs.area_ha(tables["sites"])
    assert (measured / tables["sites"]["gross_ha"] - 1).abs().max() < 0.002


def test_only_the_deliberate_overlaps(tables):
    sites = tables["sites"]
    first, second = sites.sindex.query(sites.geometry, predicate="intersects")
    layers = sites["layer"].to_numpy()
    pairs = sorted(tuple(sorted((layers[a], layers[b]))) for a, b in zip(first, second, strict=True) if a < b)
    assert pairs == [("former_heavy", "idle_prepared")] * 3 + [("former_heavy", "pipeline")] * 2


def test_zoning_makes_every_answer_possible(tables):
    assert {"exclusive_industrial", "industrial", "quasi_industrial"} <= set(tables["zones"]["zone"])
    works = tables["sites"].query("layer == 'former_heavy'")
    covered = works.intersects(tables["zones"].union_all())
    assert covered.any()
    assert not covered.all()


def test_consent_is_mixed_and_sometimes_missing(tables):
    consent = tables["sites"]["consent"]
    assert set(consent.dropna()) == {"public", "consented", "internal"}
    assert consent.isna().any()


def test_study_names_the_files_and_their_terms(sample):
    study = tomllib.loads((sample / "study.toml").read_text(encoding="utf-8"))
    named = {one["path"] for one in study["inputs"]}
    assert named == {path.name for path in sample.iterdir()} - {"study.toml"}
    assert all(one[key] for one in study["inputs"] for key in ("title", "publisher", "edition", "licence", "basis"))


def test_every_state_occurs(sample):
    tables = outlook.run(outlook.load_study(sample / "study.toml"))
    headline = tables["outlook"].query("scenario_id == 'pipeline'")
    assert sorted(headline["level"]) == ["national", *["prefecture"] * 47]
    assert set(headline["state"]) == {"depleted", "too_late", "start_now", "time_left", "not_within_horizon", "no_data"}
    assert set(tables["verdicts"]["headline"]) == {"met", "not_met", "undecidable"}
    assert len(tables["overlaps"]) == 5
    assert tables["fixlist"].empty
