# SPDX-License-Identifier: GPL-2.0-or-later
"""Loading, unloading, loading again; what loading costs; what happens where the analysis packages are missing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap

import pytest
from qgis.core import QgsApplication
from qgis.PyQt.QtWidgets import QMainWindow

HEAVY = ("geopandas", "pandas", "shapely", "rasterio", "matplotlib", "pyogrio")

# a process that has QGIS and the plugin as a package, and whatever QGIS itself has imported by then
PREAMBLE = """
import json, sys
from qgis.core import *
application = QgsApplication([], False)
application.initQgis()
before = set(sys.modules)
"""


class Iface:
    """As much of QgisInterface as the plugin asks for."""

    def __init__(self):
        self.window = QMainWindow()
        self.toolbar = self.window.addToolBar("plugins")
        self.menu = self.window.menuBar().addMenu("plugins")

    def mainWindow(self):  # noqa: N802
        return self.window

    def addToolBarIcon(self, action):  # noqa: N802
        self.toolbar.addAction(action)

    def removeToolBarIcon(self, action):  # noqa: N802
        self.toolbar.removeAction(action)

    def addPluginToMenu(self, name, action):  # noqa: N802
        self.menu.addAction(action)

    def removePluginMenu(self, name, action):  # noqa: N802
        self.menu.removeAction(action)

    def addDockWidget(self, area, dock):  # noqa: N802
        self.window.addDockWidget(area, dock)

    def removeDockWidget(self, dock):  # noqa: N802
        self.window.removeDockWidget(dock)


@pytest.fixture
def iface(qapp, qtbot):
    iface = Iface()
    qtbot.addWidget(iface.window)
    return iface


def run_python(root, body, *arguments):
    """Run a script in a fresh process in which `yochi` is a package, and give what it prints as JSON."""
    package = f"""
import importlib.util
root = {str(root)!r}
spec = importlib.util.spec_from_file_location("yochi", root + "/__init__.py", submodule_search_locations=[root])
sys.modules["yochi"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(sys.modules["yochi"])
"""
    done = subprocess.run(
        [sys.executable, "-c", PREAMBLE + package + textwrap.dedent(body), *arguments],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_loads_unloads_and_loads_again(iface):
    from yochi import classFactory

    registry = QgsApplication.processingRegistry()
    for _ in range(2):
        plugin = classFactory(iface)
        plugin.initGui()
        assert len(registry.providerById("yochi").algorithms()) == 7
        assert len(iface.toolbar.actions()) == len(iface.menu.actions()) == 1
        iface.toolbar.actions()[0].trigger()
        assert plugin.dock.isVisibleTo(iface.window)
        plugin.unload()
        assert registry.providerById("yochi") is None
        assert iface.toolbar.actions() == iface.menu.actions() == []
        assert plugin.dock is None


def test_processing_alone_needs_no_window(qapp):
    from yochi import classFactory

    plugin = classFactory(None)
    plugin.initProcessing()
    assert QgsApplication.processingRegistry().providerById("yochi") is not None
    plugin.unload()
    assert QgsApplication.processingRegistry().providerById("yochi") is None


def test_loading_the_provider_imports_no_analysis_package(root):
    body = """
    from yochi import classFactory
    plugin = classFactory(None)
    plugin.initProcessing()
    names = [algorithm.shortHelpString() and algorithm.id() for algorithm in plugin.provider.algorithms()]
    print(json.dumps([names, sorted(set(sys.modules) - before)]))
    """
    names, loaded = run_python(root, body)
    assert len(names) == 7
    assert [name for name in loaded if name.partition(".")[0] in HEAVY] == []


BLOCKER = """
class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "geopandas":
            raise ModuleNotFoundError(name)
import importlib.util
real_find_spec = importlib.util.find_spec
importlib.util.find_spec = lambda name, package=None: None if name == "geopandas" else real_find_spec(name, package)
sys.meta_path.insert(0, Blocker())
"""


def test_without_geopandas_the_plugin_loads_and_says_what_to_install(root):
    body = (
        BLOCKER
        + """
from yochi import classFactory
plugin = classFactory(None)
plugin.initProcessing()
answers = []
for algorithm in plugin.provider.algorithms():
    can_run, advice = algorithm.canExecute()
    errors = []
    class Feedback(QgsProcessingFeedback):
        def reportError(self, error, fatal=False):
            errors.append(error)
    results, ok = algorithm.create().run({}, QgsProcessingContext(), Feedback())
    answers.append([algorithm.name(), can_run, advice, ok, errors])
print(json.dumps(answers))
"""
    )
    answers = run_python(root, body)
    assert len(answers) == 7
    for name, can_run, advice, ok, errors in answers:
        assert not can_run, name
        assert not ok, name
        assert "geopandas>=1" in advice
        assert "OSGeo4W" in advice
        assert errors == [advice]


@pytest.mark.parametrize(("language", "words"), [("en", "Yochi needs"), ("ja", "が必要")])
def test_advice_is_one_sentence_in_the_language_of_qgis(monkeypatch, language, words):
    from yochi.plugin import dependencies

    monkeypatch.setattr(dependencies, "language", lambda: language)
    advice = dependencies.advice(["geopandas>=1", "pyogrio"])
    assert words in advice
    assert '"geopandas>=1" "pyogrio"' in advice
    assert "Debian" in advice
    assert advice.count("。") == (1 if language == "ja" else 0)
    assert dependencies.advice([]) == ""


def test_a_package_that_is_too_old_counts_as_missing(monkeypatch):
    from yochi.plugin import dependencies

    monkeypatch.setattr(dependencies, "version", lambda package: "0.12.2")
    assert "geopandas>=1" in dependencies.missing()
    assert "pyproj" not in dependencies.missing()


def test_settings_come_back(qapp):
    from yochi.plugin.settings import Settings

    Settings(study="/調査/study.toml", ledger="/台帳.gpkg").save()
    assert Settings.load() == Settings("/調査/study.toml", "/台帳.gpkg")
    Settings().save()
    assert Settings.load() == Settings()
