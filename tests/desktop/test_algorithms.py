# SPDX-License-Identifier: GPL-2.0-or-later
"""Each algorithm run in this process, with answers worked out by hand."""

from __future__ import annotations

from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely
from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsGeometry,
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingOutputLayerDefinition,
    QgsProject,
    QgsVectorLayer,
)

from yochi.plugin.core.errors import CancelledError
from yochi.processing.streams import told_when_cut_short

from .conftest import PLANE, Feedback

PREMISE = "premise/exclusive-industrial-zone"
IDS = ("readsource", "inventory", "screensoil", "depletion", "shortlist", "outlook", "prefecturesheets")


@pytest.fixture
def inventory(run, small, tmp_path):
    """The small estate, counted."""
    done = run(
        "inventory",
        SITES=[str(small / "sites.gpkg")],
        AREAS=str(small / "areas.gpkg"),
        OUTPUT=str(tmp_path / "counted.gpkg"),
        SUMMARY=str(tmp_path / "summary.csv"),
        OVERLAPS=QgsProcessing.TEMPORARY_OUTPUT,
        FIXLIST=QgsProcessing.TEMPORARY_OUTPUT,
    )
    assert done.ok, done.feedback.errors
    return done


@pytest.mark.parametrize("name", IDS)
def test_every_algorithm_explains_itself(provider, root, name):
    algorithm = QgsApplication.processingRegistry().algorithmById(f"yochi:{name}")
    assert algorithm.displayName() and algorithm.shortDescription() and algorithm.group()
    assert not algorithm.icon().isNull()
    assert "<p>" in algorithm.shortHelpString()
    for language in ("en", "ja"):
        assert (root / "resources" / "help" / f"{name}.{language}.html").is_file()
    assert [parameter.name() for parameter in algorithm.parameterDefinitions() if not parameter.help()] == []
    destinations = {parameter.name() for parameter in algorithm.destinationParameterDefinitions()}
    assert destinations == {output.name() for output in algorithm.outputDefinitions()}
    assert algorithm.createInstance().name() == name


def test_choices_are_those_of_the_core(provider):
    from yochi.plugin.core import contracts, depletion, screening, sources
    from yochi.processing import choices

    assert choices.FORMATS[0] == "auto"
    assert choices.FORMATS[1:] == sources.FORMATS
    assert choices.profile_ids() == list(screening.profiles())
    assert choices.scenario_ids() == list(depletion.scenarios())
    assert choices.TABLES == contracts.INPUT_TABLES


def test_readsource_reads_a_table(run, small, tmp_path):
    done = run(
        "readsource",
        INPUT=str(small / "take_up.csv"),
        TABLE="take_up",
        OUTPUT=str(tmp_path / "take_up.gpkg"),
        FIXLIST=QgsProcessing.TEMPORARY_OUTPUT,
    )
    assert done.ok, done.feedback.errors
    table = done.frame("OUTPUT")
    assert table["area_code"].tolist() == ["14", "14", "14"]
    assert table["take_up_ha"].tolist() == [20.0, 30.0, 40.0]
    assert any("3 rows read, 3 used" in info for info in done.feedback.infos)


def test_readsource_takes_a_layer_of_the_project(run, small, tmp_path):
    layer = QgsVectorLayer(str(small / "sites.gpkg"), "県の用地", "ogr")
    QgsProject.instance().addMapLayer(layer)
    done = run("readsource", INPUT="県の用地", TABLE="sites", OUTPUT=str(tmp_path / "sites.gpkg"))
    assert done.ok, done.feedback.errors
    assert done.frame("OUTPUT")["available_ha"].tolist() == [300.0]
    unsaid = run("readsource", INPUT=layer.id(), OUTPUT=str(tmp_path / "sites.gpkg"))
    assert not unsaid.ok
    assert "TABLE" in unsaid.feedback.errors[-1]
    QgsProject.instance().clear()


def test_inventory_counts(inventory):
    sites = inventory.frame("OUTPUT")
    assert sites["counted_ha"].tolist() == [300.0]
    assert sites["area_code"].tolist() == ["14"]
    assert sites["geom_ha"].iloc[0] == pytest.approx(300.0, abs=0.1)
    assert inventory.frame("SUMMARY")["counted_ha"].astype(float).max() == pytest.approx(300.0)


def test_screensoil_cuts(run, small, inventory, tmp_path):
    outputs = {name: str(tmp_path / f"{name}.gpkg") for name in ("OUTPUT", "EVIDENCE", "PIECES", "VERDICTS")}
    zones = str(small / "zones.gpkg")
    done = run("screensoil", SITES=inventory.results["OUTPUT"], ZONES=zones, PROFILES=[PREMISE], **outputs)
    assert done.ok, done.feedback.errors
    verdict = done.frame("VERDICTS").iloc[0]
    assert verdict["met_ha"] == pytest.approx(200.0, abs=0.1)
    assert verdict["not_met_ha"] == pytest.approx(50.0, abs=0.1)
    assert verdict["undecidable_ha"] == pytest.approx(50.0, abs=0.1)
    assert done.frame("PIECES")["piece_ha"].sum() == pytest.approx(verdict["site_ha"], abs=0.01)
    assert len(done.frame("EVIDENCE")) == len(done.frame("PIECES"))


def test_screensoil_with_ports_coast_and_elevation(run, small, inventory, tmp_path):
    """The estate lies in a port of unknown 分区; the ground falls to a coast 500 m south, and the ordinance answers."""
    district = [shapely.box(0, -50_000, 2_000, -49_000)]
    port = gpd.GeoDataFrame({"port_zone_id": ["p"], "port": ["港"]}, geometry=district, crs=PLANE)
    port.to_file(tmp_path / "ports.gpkg")
    coast = shapely.LineString([(-9_000, -50_010), (9_000, -50_010)])
    gpd.GeoDataFrame({"coastline_id": ["c"]}, geometry=[coast], crs=PLANE).to_file(tmp_path / "coast.gpkg")
    heights = np.linspace(100, 0, 300, dtype="float32")[:, None].repeat(400, axis=1)
    place = rasterio.transform.from_origin(-500, -48_500, 10, 10)
    profile = {"driver": "GTiff", "height": 300, "width": 400, "count": 1, "dtype": "float32", "crs": PLANE}
    with rasterio.open(tmp_path / "dem.tif", "w", transform=place, **profile) as raster:
        raster.write(heights, 1)
    rule = "law/rinkaibu-tokurei-49-5"
    asked = ("OUTPUT", "EVIDENCE", "VERDICTS", "FIND_NEXT", "COMPARISON")
    given = {
        "SITES": inventory.results["OUTPUT"],
        "ZONES": str(small / "zones.gpkg"),
        "PORT_ZONES": str(tmp_path / "ports.gpkg"),
        "COASTLINE": str(tmp_path / "coast.gpkg"),
        "DEM": str(tmp_path / "dem.tif"),
        "AREAS": str(small / "areas.gpkg"),
        "PROFILES": [rule],
    }
    done = run("screensoil", **given, **{name: str(tmp_path / f"1{name}.gpkg") for name in asked})
    assert done.ok, done.feedback.errors
    assert done.frame("VERDICTS")["met_ha"].iloc[0] == 0
    first = done.frame("FIND_NEXT").set_index("rank").loc[1]
    assert (first["fact"], first["subject"]) == ("bunku_unknown", "港")
    assert first["decides_ha"] == pytest.approx(200.0, abs=0.1)
    evidence = done.frame("EVIDENCE").query("criterion_id == 'corridor'")
    assert set(evidence["value"]) == {"flow_direction"}
    answer = "port,bunku,bans_housing\n港,unknown,yes\n"
    (tmp_path / "answers.csv").write_text(answer, encoding="utf-8")
    answers = {"PORT_ORDINANCES": str(tmp_path / "answers.csv")}
    done = run("screensoil", **given, **answers, **{name: str(tmp_path / f"2{name}.gpkg") for name in asked})
    assert done.ok, done.feedback.errors
    assert done.frame("COMPARISON").set_index("area_code").loc["14", "met_ha"] == pytest.approx(200.0, abs=0.1)


def test_screensoil_takes_a_profile_of_ones_own(run, small, inventory, tmp_path, root):
    shipped = root / "resources" / "rules" / "premise" / "exclusive-industrial-zone.toml"
    own = tmp_path / "own.toml"
    text = shipped.read_text(encoding="utf-8").replace(PREMISE, "own")
    own.write_text(text.replace('["exclusive_industrial"]', '["industrial"]'), encoding="utf-8")
    done = run(
        "screensoil",
        SITES=inventory.results["OUTPUT"],
        ZONES=str(small / "zones.gpkg"),
        PROFILES=[PREMISE],
        PROFILE_FILE=str(own),
        OUTPUT=QgsProcessing.TEMPORARY_OUTPUT,
        VERDICTS=str(tmp_path / "verdicts.gpkg"),
    )
    assert done.ok, done.feedback.errors
    met = done.frame("VERDICTS").set_index("profile_id")["met_ha"]
    assert met["own"] == pytest.approx(50.0, abs=0.1)
    assert met[PREMISE] == pytest.approx(200.0, abs=0.1)


@pytest.mark.parametrize("base_year", [2024, "2024"])
def test_depletion_runs_down(run, small, inventory, tmp_path, base_year):
    done = run(
        "depletion",
        AREAS=str(small / "areas.gpkg"),
        SITES=inventory.results["OUTPUT"],
        TAKE_UP=str(small / "take_up.csv"),
        BASE_YEAR=base_year,
        DRAWS=200,
        OUTPUT=str(tmp_path / "outlook.gpkg"),
        TRAJECTORY=str(tmp_path / "trajectory.csv"),
        DEMAND=str(tmp_path / "demand.csv"),
        GAINS=str(tmp_path / "gains.csv"),
        SENSITIVITY=str(tmp_path / "sensitivity.csv"),
        REPORT=str(tmp_path / "report.html"),
    )
    assert done.ok, done.feedback.errors
    report = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "2034.0" in report and "No new estates developed" in report
    rows = done.frame("OUTPUT").set_index("scenario_id")
    outlook = rows.loc["survey-2023"]
    assert outlook["depletion_year"] == pytest.approx(2034.0)
    assert outlook["start_by_5_year"] == pytest.approx(2029.0)
    assert outlook["state"] == "time_left"
    assert outlook["depletion_p10_year"] <= 2034.0 <= outlook["depletion_p90_year"]
    assert rows.index[-1] == "pipeline" and rows.loc["pipeline", "required_starts_ha_per_year"] > 0
    assert done.frame("DEMAND")["used"].tolist() == ["yes"] * 3
    assert done.frame("GAINS")["against_scenario_id"].unique().tolist() == ["pipeline"]
    assert sorted(done.frame("SENSITIVITY")["rank"].astype(int)) == [1, 2, 3, 4]


def test_depletion_takes_a_scenario_of_ones_own_and_no_draws(run, small, inventory, tmp_path):
    own = tmp_path / "私の場合.toml"
    text = (
        'id = "double"\ntitle_ja = "倍"\ntitle_en = "Double"\nsource = "mine"\npipeline = false\n[take_up]\nfactor = 2'
    )
    own.write_text(text, encoding="utf-8")
    done = run(
        "depletion",
        AREAS=str(small / "areas.gpkg"),
        SITES=inventory.results["OUTPUT"],
        TAKE_UP=str(small / "take_up.csv"),
        SCENARIOS=["survey-2023"],
        SCENARIO_FILE=str(own),
        BASE_YEAR=2024,
        DRAWS=0,
        OUTPUT=str(tmp_path / "outlook.gpkg"),
    )
    assert done.ok, done.feedback.errors
    rows = done.frame("OUTPUT").set_index("scenario_id")
    assert rows["depletion_year"].to_dict() == pytest.approx({"survey-2023": 2034.0, "double": 2029.0})
    assert rows["depletion_p50_year"].isna().all()


def test_depletion_refuses_series_that_count_land_twice(run, small, inventory, tmp_path):
    done = run(
        "depletion",
        AREAS=str(small / "areas.gpkg"),
        SITES=inventory.results["OUTPUT"],
        TAKE_UP=str(small / "take_up.csv"),
        SERIES=["surveyed", "power"],
        OUTPUT=str(tmp_path / "outlook.gpkg"),
    )
    assert not done.ok and "power is counted twice" in done.feedback.errors[-1]


@pytest.mark.parametrize(("sink", "words"), [(None, "nothing was written"), ("open", "hold only the rows")])
def test_a_cancel_says_whether_outputs_hold_a_part(sink, words):
    with pytest.raises(CancelledError, match=words), told_when_cut_short([SimpleNamespace(sink=sink)]):
        raise CancelledError("The run was cancelled; nothing was written.")


def test_shortlist_filters_with_numbers_as_text(run, inventory, tmp_path):
    done = run(
        "shortlist",
        SITES=inventory.results["OUTPUT"],
        MINIMUM_HA="301",
        LAYERS=["idle_prepared"],
        OUTPUT=str(tmp_path / "shortlist.gpkg"),
        WATERFALL=str(tmp_path / "waterfall.gpkg"),
    )
    assert done.ok, done.feedback.errors
    assert done.frame("OUTPUT").empty
    assert any("0 of 1 sites pass" in info for info in done.feedback.infos)
    assert done.frame("WATERFALL")["sites_left"].tolist() == [1, 1, 0]
    everything = run("shortlist", SITES=inventory.results["OUTPUT"], OUTPUT=str(tmp_path / "all.gpkg"))
    assert everything.frame("OUTPUT")["rank"].tolist() == [1]


def test_shortlist_by_a_preset_sets_aside_what_is_unknown(run, inventory, tmp_path):
    outputs = ("OUTPUT", "WATERFALL", "SCORES", "RELAXATIONS", "TO_ASK")
    places = {name: str(tmp_path / f"{name.lower()}.gpkg") for name in outputs}
    done = run("shortlist", SITES=inventory.results["OUTPUT"], PRESET="automotive", **places)
    assert done.ok, done.feedback.errors
    assert done.frame("OUTPUT").empty
    assert "distance_cluster" in set(done.frame("TO_ASK")["fact"])
    assert {"area", "distance_cluster", "to_ask"} <= set(done.frame("WATERFALL")["filter"])


def test_requirements_of_a_planners_own_name_their_mistake(run, inventory, tmp_path):
    own = tmp_path / "own.toml"
    own.write_text('id = "own"\n[[conditions]]\nfact = "beauty"\nat_least = 1\n', encoding="utf-8")
    output = str(tmp_path / "none.gpkg")
    done = run("shortlist", SITES=inventory.results["OUTPUT"], REQUIREMENTS=str(own), OUTPUT=output)
    assert not done.ok and "own.toml" in done.feedback.errors[-1]


def test_progress_grows_to_the_end(run, inventory):
    reported = inventory.feedback.reported
    assert reported == sorted(reported)
    assert reported[-1] > 50


def test_cancel_ends_the_run(run, small, tmp_path):
    feedback = Feedback()
    feedback.cancel()
    done = run(
        "inventory",
        feedback=feedback,
        SITES=[str(small / "sites.gpkg")],
        AREAS=str(small / "areas.gpkg"),
        OUTPUT=str(tmp_path / "out.gpkg"),
    )
    assert not done.ok
    assert "cancelled" in feedback.errors[-1]


def test_output_layers_get_a_style(provider, small):
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    opened = QgsProcessingOutputLayerDefinition(QgsProcessing.TEMPORARY_OUTPUT, QgsProject.instance())
    parameters = {"SITES": [str(small / "sites.gpkg")], "AREAS": str(small / "areas.gpkg"), "OUTPUT": opened}
    algorithm = QgsApplication.processingRegistry().createAlgorithmById("yochi:inventory")
    results, ok = algorithm.run(parameters, context, Feedback())
    assert ok
    del algorithm  # QGIS styles the layer when the algorithm is gone
    layer = context.takeResultLayer(results["OUTPUT"])
    context.layerToLoadOnCompletionDetails(results["OUTPUT"]).postProcessor().postProcessLayer(layer, context, None)
    assert layer.renderer().type() == "categorizedSymbol"
    categories = [category.value() for category in layer.renderer().categories()]
    assert categories == ["idle_prepared", "former_heavy", "pipeline"]


def _memory_layer(uri, name, *, crs="EPSG:6677", shape="POLYGON((0 0,100 0,100 100,0 100,0 0))"):
    layer = QgsVectorLayer(uri, name, "memory")
    layer.setCrs(QgsCoordinateReferenceSystem(crs) if crs else QgsCoordinateReferenceSystem())
    if shape:
        feature = QgsFeature(layer.fields())
        feature.setGeometry(QgsGeometry.fromWkt(shape))
        layer.dataProvider().addFeatures([feature])
    return layer


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        ({"crs": None}, ("無題", "no coordinate reference system")),
        ({"shape": None}, ("無題", "no features")),
        ({}, ("無題", "site_id", "is missing")),
    ],
)
def test_bad_layers_get_one_sentence_with_their_name(run, small, qapp, layer, words):
    bad = _memory_layer("Polygon?field=n:integer", "無題", **layer)
    done = run("inventory", SITES=[bad], AREAS=str(small / "areas.gpkg"), OUTPUT=QgsProcessing.TEMPORARY_OUTPUT)
    assert not done.ok
    assert len(done.feedback.errors) == 1
    assert all(word in done.feedback.errors[0] for word in words), done.feedback.errors


@pytest.mark.parametrize("name", ["REPORT", "FIXLIST"])
def test_outlook_leaves_the_old_ledger_where_another_output_fails(run, tmp_path, name):
    ledger = tmp_path / "old.gpkg"
    ledger.write_bytes(b"the old ledger")
    done = run("outlook", LEDGER=str(ledger), **{name: str(tmp_path / "nowhere" / "x.csv")})
    assert not done.ok
    assert ledger.read_bytes() == b"the old ledger"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["old.gpkg"]


def test_outlook_tells_of_a_missing_folder_before_it_works(run, tmp_path):
    done = run("outlook", LEDGER=str(tmp_path / "nowhere" / "x.gpkg"))
    assert not done.ok
    assert "nowhere" in " ".join(done.feedback.errors) and not done.feedback.infos


def test_a_local_reference_system_is_refused_in_a_sentence(run, small, tmp_path):
    local = 'LOCAL_CS["site",LOCAL_DATUM["site",0],UNIT["metre",1],AXIS["x",EAST],AXIS["y",NORTH]]'
    sites = gpd.GeoDataFrame(
        {"site_id": ["A"], "layer": ["idle_prepared"]}, geometry=[shapely.box(0, 0, 100, 100)], crs=local
    )
    sites.to_file(tmp_path / "local.gpkg", layer="sites")
    areas = str(small / "areas.gpkg")
    done = run("inventory", SITES=[str(tmp_path / "local.gpkg")], AREAS=areas, OUTPUT=str(tmp_path / "o.gpkg"))
    assert not done.ok
    assert any("reference system" in error and "Traceback" not in error for error in done.feedback.errors)


def test_a_source_without_a_row_that_can_be_used_is_an_error(run, tmp_path):
    (tmp_path / "bad.csv").write_text("site_id,layer,available_ha\na,swamp,1\n", encoding="utf-8")
    outputs = {name: str(tmp_path / f"{name}.gpkg") for name in ("OUTPUT", "FIXLIST")}
    done = run("readsource", INPUT=str(tmp_path / "bad.csv"), TABLE="sites", **outputs)
    assert not done.ok
    assert "No row of bad.csv can be used: row 2, layer" in " ".join(done.feedback.errors)
    assert (tmp_path / "FIXLIST.gpkg").exists()
