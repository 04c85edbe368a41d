# SPDX-License-Identifier: GPL-2.0-or-later
"""The project inside the ledger: built, opened after moving, opened after renaming."""

from __future__ import annotations

import shutil
import sqlite3

import pytest
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsExpression,
    QgsExpressionContext,
    QgsExpressionContextUtils,
    QgsFeature,
    QgsMapRendererSequentialJob,
    QgsMapSettings,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
    QgsXmlUtils,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtXml import QDomDocument

from yochi.plugin.bridge import ledger as ledgers
from yochi.plugin.bridge import styling
from yochi.plugin.bridge.project import open_ledger, store_project
from yochi.plugin.core import outlook
from yochi.plugin.core.errors import SourceError
from yochi.plugin.core.exports import ledger as export

from .small_ledger import small_tables

SITE_LAYERS = ("整備済未利用地 · Idle prepared land", "新規造成 · New development in the pipeline")


@pytest.fixture(scope="module")
def made(qapp, tmp_path_factory):
    """The ledger of the sample with its project, made beside and moved into place as the algorithm does."""
    path = tmp_path_factory.mktemp("made") / "台帳.gpkg"
    with export.replace(path) as draft:
        export.write(outlook.run(outlook.load_study(outlook.SAMPLE_STUDY)), draft)
        store_project(draft)
    return path


@pytest.fixture(scope="module")
def nested(qapp, tmp_path_factory):
    """A ledger whose areas lie in each other: a city in its prefecture in the nation, and what is left of them."""
    path = tmp_path_factory.mktemp("nested") / "small.gpkg"
    export.write(small_tables(), path)
    store_project(path)
    return path


def stored_uri(path):
    return f"geopackage:{path}?projectName=yochi"


def assert_whole(project, path):
    """Every layer is valid, shows the ledger at `path`, and those for the map are styled."""
    layers = project.mapLayers().values()
    assert len(layers) >= 18
    assert [layer.name() for layer in layers if not layer.isValid()] == []
    assert {layer.source().partition("|")[0] for layer in layers} == {str(path)}
    by_table = {}
    for layer in layers:
        by_table.setdefault(layer.source().partition("layername=")[2].partition("|")[0], []).append(layer)
    assert len(by_table["sites"]) == 3
    assert {layer.renderer().type() for layer in by_table["sites"]} == {"singleSymbol"}
    assert {layer.renderer().type() for layer in by_table["outlook"]} == {"categorizedSymbol", "RuleRenderer"}
    assert by_table["pieces"][0].renderer().classAttribute() == "result"
    assert {layer.featureCount() for layer in by_table["outlook"] if "(prefecture)" in layer.name()} == {47}
    for layer in by_table["outlook"] + by_table["pieces"]:
        assert all("·" in item.label() for item in layer.renderer().legendSymbolItems())


def test_layer_tree(made):
    project = QgsProject()
    assert project.read(stored_uri(made))
    groups = [group.name().partition(" · ")[2] for group in project.layerTreeRoot().findGroups()]
    assert groups == [
        "Flags (screening, not a legal finding)",
        "Three layers of land",
        "Shortlist",
        "Outlook by prefecture",
        "Base map",
        "Tables",
    ]
    titles = [layer.name() for layer in project.mapLayers().values()]
    assert all(title in titles for title in SITE_LAYERS)
    assert "synthetic" in project.title()
    assert project.crs().authid().startswith("EPSG:66")
    tables = {layer.name() for layer in project.mapLayers().values() if not layer.isSpatial()}
    assert {"sources", "fixlist", "verdicts", "evidence", "waterfall", "study"} <= tables


def test_the_outlook_is_there_by_state_and_by_depletion_year(nested):
    """A pair of layers a level; of them the coarsest by state is shown. The nation is no layer."""
    project = QgsProject()
    assert project.read(stored_uri(nested))
    group = next(one for one in project.layerTreeRoot().findGroups() if one.name().startswith("見通し"))
    shown = {node.name().partition(" · ")[2]: node.itemVisibilityChecked() for node in group.findLayers()}
    levels = ("prefecture", "designated city", "remainder outside designated cities")
    assert list(shown) == [f"{style} ({level})" for level in levels for style in ("State", "Depletion year")]
    assert [title for title, visible in shown.items() if visible] == ["State (prefecture)"]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"state": "depleted", "years_to_depletion": 0.0}, "Depleted"),
        ({"state": "too_late", "years_to_depletion": 0.0}, "Less than 3 years"),
        ({"state": "too_late", "years_to_depletion": 2.99}, "Less than 3 years"),
        ({"state": "start_now", "years_to_depletion": 3.0}, "3 to 5 years"),
        ({"state": "time_left", "years_to_depletion": 5.0}, "5 to 10 years"),
        ({"state": "time_left", "years_to_depletion": 10.0}, "10 to 20 years"),
        ({"state": "time_left", "years_to_depletion": 29.9}, "20 years or more"),
        ({"state": "not_within_horizon"}, "Not within the horizon"),
        ({"state": "no_data"}, "No data"),
    ],
)
def test_every_answer_falls_into_one_class_of_depletion_years(nested, values, expected):
    layer = QgsVectorLayer(f"{nested}|layername=outlook", "outlook", "ogr")
    styling.apply(layer, "outlook_depletion_year")
    feature = QgsFeature(layer.fields())
    for name, value in values.items():
        feature[name] = value
    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    context.setFeature(feature)
    rules = layer.renderer().rootRule().children()
    hit = [rule.label() for rule in rules if QgsExpression(rule.filterExpression()).evaluate(context) == 1]
    assert [label.partition(" · ")[2] for label in hit] == [expected]


def test_the_map_opens_on_the_sites(made):
    """The stored project notes a view, as QGIS does from an open window, and it holds every site."""
    project, seen = QgsProject(), []
    project.readProject.connect(lambda document: seen.append(document.toString()))
    assert project.read(stored_uri(made))
    assert '<mapcanvas name="theMapCanvas">' in seen[0]
    document = QDomDocument()
    document.setContent(seen[0])
    view = QgsXmlUtils.readRectangle(document.elementsByTagName("mapcanvas").at(0).firstChildElement("extent"))
    drawn = export.read_table(made, "sites").total_bounds
    transform = QgsCoordinateTransform(QgsCoordinateReferenceSystem("EPSG:6668"), project.crs(), project)
    assert view.contains(transform.transformBoundingBox(QgsRectangle(*drawn)))
    assert view.width() < 3_000_000  # not as far as the outlying islands


def test_moved_ledger_opens_as_it_is(made, tmp_path):
    moved = tmp_path / "別の場所" / made.name
    moved.parent.mkdir()
    shutil.copy(made, moved)
    project = QgsProject()
    assert project.read(stored_uri(moved))
    assert_whole(project, moved)


def test_a_namesake_in_the_working_folder_is_not_taken_for_the_ledger(made, tmp_path, monkeypatch):
    (tmp_path / "work").mkdir()
    shutil.copy(made, tmp_path / "work" / made.name)
    monkeypatch.chdir(tmp_path / "work")
    other = tmp_path / made.name
    shutil.copy(made, other)
    store_project(other)
    project = QgsProject()
    assert project.read(stored_uri(other))
    assert_whole(project, other)


def test_renamed_ledger_opens_through_the_plugin(made, tmp_path):
    renamed = tmp_path / "令和 6 年 ledger.gpkg"
    shutil.copy(made, renamed)
    project = QgsProject()
    open_ledger(renamed, project)
    assert_whole(project, renamed)


def test_renamed_ledger_stays_whole_when_saved_and_opened_again(made, tmp_path):
    renamed = tmp_path / "second.gpkg"
    shutil.copy(made, renamed)
    project = QgsProject()
    open_ledger(renamed, project)
    assert project.write()
    again = QgsProject()
    assert again.read(stored_uri(renamed))
    assert_whole(again, renamed)
    project.clear()
    again.clear()
    third = tmp_path / "third.gpkg"
    shutil.copy(renamed, third)
    open_ledger(third, again)
    assert_whole(again, third)


def test_renamed_ledger_beside_the_old_one_shows_itself(made):
    copy = made.with_name("copy.gpkg")
    shutil.copy(made, copy)
    project = QgsProject()
    open_ledger(copy, project)
    assert_whole(project, copy)


def test_single_tables_come_with_a_style(made):
    for table in ("sites", "pieces", "outlook"):
        layer = QgsVectorLayer(f"{made}|layername={table}", table, "ogr")
        assert layer.renderer().type() == "categorizedSymbol"


def test_the_file_alone_is_the_whole_ledger(made):
    assert [path.name for path in made.parent.iterdir() if path.name.startswith(made.name)] == [made.name]
    with sqlite3.connect(made) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("SELECT count(*) FROM qgis_projects").fetchone() == (1,)
        assert connection.execute("SELECT DISTINCT useAsDefault FROM layer_styles").fetchall() == [(1,)]


def test_the_map_shows_something(made):
    project = QgsProject()
    project.read(stored_uri(made))
    settings = QgsMapSettings()
    settings.setLayers(project.layerTreeRoot().checkedLayers())
    settings.setDestinationCrs(project.crs())
    settings.setOutputSize(QSize(300, 300))
    settings.setExtent(QgsRectangle(-900_000, -700_000, 900_000, 1_100_000))
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    colours = {image.pixel(x, y) for x in range(0, 300, 5) for y in range(0, 300, 5)}
    assert len(colours) > 5
    assert job.errors() == []


@pytest.mark.parametrize("content", [None, b"no data base", "foreign"])
def test_what_is_no_ledger_is_named_in_one_sentence(small, tmp_path, content):
    path = tmp_path / "not_a_ledger.gpkg"
    if content == "foreign":
        shutil.copy(small / "sites.gpkg", path)
    elif content is not None:
        path.write_bytes(content)
    with pytest.raises(SourceError, match=r"not_a_ledger\.gpkg"):
        open_ledger(path, QgsProject())


def test_rows_for_the_dock(made):
    study = ledgers.study_values(made)
    rows = ledgers.outlook_rows(made, study["headline_scenario"])
    assert [row["area_code"] for row in rows] == [*(f"{number:02d}" for number in range(1, 48)), "JP"]
    assert "geom" not in rows[0]
    assert sorted(ledgers.outlook_levels(made)) == ["national", "prefecture"]
