# SPDX-License-Identifier: GPL-2.0-or-later
"""Each algorithm run once by the real `qgis_process`, and what it does with errors."""

from __future__ import annotations

import json

import pyogrio
import pytest

from yochi.plugin.bridge import ledger as ledgers
from yochi.plugin.core.exports import ledger as export

from .pdf_reading import Pdf
from .small_ledger import small_tables


@pytest.fixture(scope="module")
def batch(qgis_process):
    """Run an algorithm; every parameter is text, as in a shell."""

    def run_algorithm(name, **parameters):
        given = [f"{key}={value}" for key, value in parameters.items()]
        return qgis_process("run", f"yochi:{name}", "--", *given)

    return run_algorithm


def test_the_plugin_is_listed(qgis_process):
    assert "* yochi" in qgis_process("plugins").stdout
    listed = json.loads(qgis_process("--json", "list").stdout)["providers"]["yochi"]["algorithms"]
    expected = ("depletion", "inventory", "outlook", "prefecturesheets", "readsource", "screensoil", "shortlist")
    assert sorted(listed) == [f"yochi:{name}" for name in expected]


def test_the_four_stages(batch, small, tmp_path):
    steps = {
        "readsource": {"INPUT": small / "take_up.csv", "TABLE": "take_up", "OUTPUT": tmp_path / "take_up.gpkg"},
        "inventory": {
            "SITES": small / "sites.gpkg",
            "AREAS": small / "areas.gpkg",
            "OUTPUT": tmp_path / "counted.gpkg",
        },
        "screensoil": {
            "SITES": tmp_path / "counted.gpkg",
            "ZONES": small / "zones.gpkg",
            "PROFILES": "premise/exclusive-industrial-zone",
            "OUTPUT": tmp_path / "screened.gpkg",
        },
        "depletion": {
            "AREAS": small / "areas.gpkg",
            "SITES": tmp_path / "counted.gpkg",
            "TAKE_UP": tmp_path / "take_up.gpkg",
            "BASE_YEAR": "2024",
            "OUTPUT": tmp_path / "outlook.gpkg",
        },
        "shortlist": {"SITES": tmp_path / "counted.gpkg", "MINIMUM_HA": "5", "OUTPUT": tmp_path / "shortlist.gpkg"},
    }
    for name, parameters in steps.items():
        done = batch(name, **parameters)
        assert done.returncode == 0, f"{name}: {done.stderr}"
        assert f"OUTPUT:\t{parameters['OUTPUT']}" in done.stdout
    outlook = pyogrio.read_dataframe(tmp_path / "outlook.gpkg").set_index("scenario_id")
    assert outlook.loc["survey-2023", "depletion_year"] == pytest.approx(2034.0)


def test_outlook_of_the_sample(batch, tmp_path):
    done = batch(
        "outlook",
        LEDGER=tmp_path / "台帳 1.gpkg",
        REPORT=tmp_path / "report.html",
        MAP=tmp_path / "map.png",
        FIXLIST=tmp_path / "fixlist.csv",
    )
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["fixlist.csv", "map.png", "report.html", "台帳 1.gpkg"]
    study = ledgers.study_values(tmp_path / "台帳 1.gpkg")
    assert study["synthetic"] == "yes"
    assert len(ledgers.outlook_rows(tmp_path / "台帳 1.gpkg", study["headline_scenario"])) == 48  # the nation, too


def test_sheets_of_a_ledger(batch, tmp_path):
    export.write(small_tables(), tmp_path / "ledger.gpkg")
    done = batch("prefecturesheets", LEDGER=tmp_path / "ledger.gpkg", LANGUAGE="ja", OUTPUT=tmp_path / "シート.pdf")
    assert done.returncode == 0, done.stderr
    assert len(Pdf(tmp_path / "シート.pdf").pages()) == 3


@pytest.mark.parametrize(
    ("name", "parameters", "words"),
    [
        ("readsource", {"INPUT": "{folder}/nothing.geojson", "OUTPUT": "{folder}/out.gpkg"}, "nothing.geojson"),
        ("readsource", {"INPUT": "{folder}/broken.geojson", "OUTPUT": "{folder}/out.gpkg"}, "broken.geojson"),
        ("outlook", {"STUDY": "{folder}/wrong.toml", "LEDGER": "{folder}/old.gpkg"}, "wrong.toml"),
    ],
)
def test_errors_are_one_sentence_and_not_zero(batch, tmp_path, name, parameters, words):
    (tmp_path / "broken.geojson").write_text('{"type": "FeatureColl', encoding="utf-8")
    (tmp_path / "wrong.toml").write_text('[study]\nid = "x"\ncolour = "red"\n', encoding="utf-8")
    (tmp_path / "old.gpkg").write_bytes(b"the old ledger")
    done = batch(name, **{key: value.format(folder=tmp_path) for key, value in parameters.items()})
    assert done.returncode != 0
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert (tmp_path / "old.gpkg").read_bytes() == b"the old ledger"
    assert not (tmp_path / "out.gpkg").exists()
