# SPDX-License-Identifier: GPL-2.0-or-later
"""The QGIS project of a ledger, stored inside the ledger's own GeoPackage.

QGIS stores the sources of such a project relative to the GeoPackage and with its file name in them. So a ledger that
was moved opens as it is, and one that was renamed opens through `open_ledger`, which puts the sources right.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import shapely
from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsLayerTreeGroup,
    QgsPathResolver,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
    QgsXmlUtils,
)
from qgis.PyQt.QtXml import QDomDocument

from ..core import crs
from ..core.errors import SourceError
from ..core.resources import code_list
from . import ledger as ledgers
from . import styling
from .ledger_layers import open_table

PROJECT_NAME = "yochi"
_SCOPE, _LEDGER_ENTRY = "yochi", "ledger"
_SITES = "sites"
_NATION, _REMAINDER = "national", "remainder"
_STATE_STYLE = "outlook"
_OUTLOOK_STYLES = ((_STATE_STYLE, "状態", "State"), ("outlook_depletion_year", "枯渇年", "Depletion year"))
_MARGIN_M = 20_000.0


@dataclass(frozen=True)
class _Leaf:
    """A layer of the tree: a table of the ledger, perhaps a part of it, with its title and style."""

    table: str
    title: str
    style: str | None = None
    subset: str = ""
    visible: bool = True


@dataclass(frozen=True)
class _Branch:
    """A group of the tree."""

    title: str
    leaves: tuple[_Leaf, ...]
    visible: bool = True
    expanded: bool = True


def store_project(ledger: Path) -> None:
    """Build the project of a ledger and store it, with the layers' styles, in the same file.

    Parameters
    ----------
    ledger : Path
        A GeoPackage that holds the tables of an outlook. Its file name must be the final one.

    Raises
    ------
    SourceError
        The file is no ledger, or QGIS cannot store the project in it.
    """
    study = ledgers.study_values(ledger)
    project = QgsProject()
    project.setFilePathStorage(Qgis.FilePathType.Relative)
    project.setTitle(_project_title(study))
    for branch in _branches(ledger, study):
        _grow(project, project.layerTreeRoot(), branch, ledger)
    project.setCrs(_map_crs(project))
    project.writeProject.connect(lambda document: _write_view(document, project, ledger))
    project.writeEntry(_SCOPE, _LEDGER_ENTRY, ledger.name)
    with _sources_beside(ledger):
        if not project.write(_project_uri(ledger)):
            raise SourceError(f"QGIS cannot store its project in {ledger}: {project.error()}.")
    project.clear()
    _store_default_styles(ledger)
    ledgers.bring_home_journal(ledger)


def open_ledger(ledger: Path, project: QgsProject) -> None:
    """Open the project of a ledger, whatever the file is called by now.

    Parameters
    ----------
    ledger : Path
        A GeoPackage that `store_project` was applied to, in any folder and under any name.
    project : QgsProject
        The project that it is read into; in QGIS the current one.

    Raises
    ------
    SourceError
        The file is no ledger, or holds no project.
    """
    stored_name = _stored_name(ledger)
    resolver = QgsPathResolver.setPathPreprocessor(lambda source: _renamed(source, stored_name, ledger.name))
    try:
        if not project.read(_project_uri(ledger)):
            raise SourceError(f"QGIS cannot open the project in {ledger}: {project.error()}.")
    finally:
        QgsPathResolver.removePathPreprocessor(resolver)
    project.writeEntry(_SCOPE, _LEDGER_ENTRY, ledger.name)


@contextmanager
def _sources_beside(ledger: Path) -> Iterator[None]:
    """Have QGIS write the layers' sources relative to the ledger, even where the working folder holds a namesake.

    QGIS makes each source relative twice, and takes the result of the first time for a file of the working folder.
    """

    def absolute(source: str) -> str:
        path, mark, rest = source.partition("|")
        return f"{ledger}{mark}{rest}" if path == f"./{ledger.name}" else source

    writer = QgsPathResolver.setPathWriter(absolute)
    try:
        yield
    finally:
        QgsPathResolver.removePathWriter(writer)


def _project_uri(ledger: Path) -> str:
    return f"geopackage:{ledger.resolve().as_posix()}?projectName={PROJECT_NAME}"


def _stored_name(ledger: Path) -> str:
    """File name that the ledger had when its project was stored."""
    ledgers.study_values(ledger)  # tells in one sentence where the file is missing or no ledger
    glance = QgsProject()
    flags = Qgis.ProjectReadFlag.DontResolveLayers | Qgis.ProjectReadFlag.DontLoadLayouts
    if not glance.read(_project_uri(ledger), flags):
        raise SourceError(f"{ledger} holds no project of Yochi; run the outlook again to store one.")
    return glance.readEntry(_SCOPE, _LEDGER_ENTRY, ledger.name)[0]


def _renamed(source: str, stored_name: str, name: str) -> str:
    path, mark, rest = source.partition("|")
    folder, slash, file_name = path.rpartition("/")
    return f"{folder}{slash}{name}{mark}{rest}" if file_name == stored_name else source


def _project_title(study: dict[str, str]) -> str:
    title = f"{study.get('title_ja', '')} / {study.get('title_en', '')}"
    return f"{title} [合成データ synthetic data]" if study.get("synthetic") == "yes" else title


def _branches(ledger: Path, study: dict[str, str]) -> Iterator[_Branch]:
    """The tree from top to bottom: what is small lies above what it lies in, and flags are hatched over sites."""
    yield _Branch(
        "土壌法スクリーニング（法的判断ではない） · Flags (screening, not a legal finding)",
        tuple(_profile_leaves(ledger, study.get("headline_profile", ""))),
    )
    yield _Branch(
        "産業用地の三層 · Three layers of land",
        tuple(
            _Leaf(_SITES, _bilingual(row), f"sites_{row['code']}", f"\"layer\" = '{row['code']}'")
            for row in code_list("layers")
        ),
    )
    yield _Branch(
        "候補地 · Shortlist", (_Leaf("shortlist", "候補地 · Shortlist", "shortlist"),), visible=False, expanded=False
    )
    scenario = study.get("headline_scenario", "")
    yield _Branch("見通し · Outlook by prefecture", tuple(_outlook_leaves(ledger, scenario)))
    yield _Branch("背景図 · Base map", (_Leaf("areas", "計画区域 · Planning areas", "areas"),))
    shown = {"sites", "pieces", "shortlist", "outlook", "areas"}
    rest = sorted(set(ledgers.layer_names(ledger)) - shown - {"layer_styles", "qgis_projects"})
    yield _Branch("表 · Tables", tuple(_Leaf(name, name) for name in rest), visible=False, expanded=False)


def _profile_leaves(ledger: Path, headline: str) -> Iterator[_Leaf]:
    """Pieces by result, a layer a profile, with the status and date of its rule in the title."""
    statuses = {row["code"]: _bilingual(row) for row in code_list("profile_statuses")}
    for row in ledgers.profiles(ledger):
        identifier = row["profile_id"]
        title = f"[{statuses[row['status']]}, {row['date']}] {row['title_ja']} · {row['title_en']}"
        yield _Leaf("pieces", title, "pieces", f"\"profile_id\" = '{identifier}'", visible=identifier == headline)


def _outlook_leaves(ledger: Path, scenario: str) -> Iterator[_Leaf]:
    """Areas by state and by depletion year, a pair of layers a level; the coarsest one by state is shown.

    The nation would hide everything else, and remainders are no areas that somebody plans for.
    """
    present = ledgers.outlook_levels(ledger)
    levels = [row for row in code_list("area_levels") if row["code"] in present and row["code"] != _NATION]
    shown = next((row["code"] for row in levels if row["code"] != _REMAINDER), None)
    for row in levels:
        subset = f"\"scenario_id\" = '{scenario}' AND \"level\" = '{row['code']}'"
        for style, name_ja, name_en in _OUTLOOK_STYLES:
            title = f"{name_ja}（{row['name_ja']}） · {name_en} ({row['name_en'].lower()})"
            yield _Leaf("outlook", title, style, subset, visible=row["code"] == shown and style == _STATE_STYLE)


def _bilingual(row: dict[str, str]) -> str:
    return f"{row['name_ja']} · {row['name_en']}"


def _grow(project: QgsProject, root: QgsLayerTreeGroup, branch: _Branch, ledger: Path) -> None:
    group = root.addGroup(branch.title)
    group.setExpanded(branch.expanded)
    group.setItemVisibilityChecked(branch.visible)
    for leaf in branch.leaves:
        layer = open_table(ledger, leaf.table, leaf.title, leaf.subset)
        if leaf.style is not None:
            styling.apply(layer, leaf.style)
        project.addMapLayer(layer, False)
        node = group.addLayer(layer)
        node.setItemVisibilityChecked(leaf.visible)
        node.setExpanded(leaf.visible)


def _map_crs(project: QgsProject) -> QgsCoordinateReferenceSystem:
    """The plane-rectangular zone in the middle of the areas: conformal, and with north up there."""
    areas = next(layer for layer in project.mapLayers().values() if _table_of(layer) == "areas")
    middle = areas.extent().center()
    point = gpd.GeoDataFrame(geometry=[shapely.Point(middle.x(), middle.y())], crs=crs.JGD2011)
    return QgsCoordinateReferenceSystem(f"EPSG:{crs.plane_zones(point).iloc[0]}")


def _write_view(document: QDomDocument, project: QgsProject, ledger: Path) -> None:
    """Have the map show all sites when the project opens; QGIS itself notes the view only from an open window.

    Sites, because areas reach out to islands that would leave the rest of the country small.
    """
    bounds = ledgers.extent(ledger, _SITES) or ledgers.extent(ledger, "areas")
    if bounds is None:
        return
    to_map = QgsCoordinateTransform(QgsCoordinateReferenceSystem(crs.JGD2011), project.crs(), project)
    view = to_map.transformBoundingBox(QgsRectangle(*bounds)).buffered(_MARGIN_M)
    canvas = document.createElement("mapcanvas")
    canvas.setAttribute("name", "theMapCanvas")
    canvas.appendChild(QgsXmlUtils.writeRectangle(view, document, "extent"))
    system = document.createElement("destinationsrs")
    project.crs().writeXml(system, document)
    canvas.appendChild(system)
    document.documentElement().appendChild(canvas)


def _table_of(layer: QgsVectorLayer) -> str:
    return layer.source().partition("layername=")[2].partition("|")[0]


def _store_default_styles(ledger: Path) -> None:
    """Styles for those who open single tables of the ledger without its project."""
    for table in ("sites", "pieces", "shortlist", "outlook", "areas"):
        layer = open_table(ledger, table, table)
        styling.apply(layer, table)
        message = layer.saveStyleToDatabase(table, f"Yochi: {table}", True, "")
        if message:
            raise SourceError(f"The style of {table} cannot be stored in {ledger}: {message}.")
