# SPDX-License-Identifier: GPL-2.0-or-later
"""The arrows of the house: who may import whom, read from the imports themselves."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE_FOLDERS = ("plugin", "processing")

FOUNDATION = {
    f"plugin.core.{name}"
    for name in (
        *("contracts", "tables", "errors", "progress", "provenance", "crs", "resources", "years", "area_tree"),
        *("geometry", "reconcile", "values", "bounds", "columns", "site_facts"),
        *("input_contracts", "result_contracts", "depletion_contracts", "shortlist_contracts"),
    )
}
FACE = {"plugin.about", "plugin.dependencies", "plugin.i18n", "plugin.settings"}
CORE_STAGES = ("sources", "inventory", "screening", "depletion", "shortlist", "exports")
# A room and the rooms that it may know; every stage also knows the foundation, and every room itself.
MAY_IMPORT = {
    **{f"plugin.core.{stage}": set() for stage in CORE_STAGES},
    "plugin.core.depletion": {"plugin.core.depletion.engine"},
    "plugin.core.depletion.engine": set(),
    "plugin.core.study": set(),
    "plugin.dependencies": {"plugin.i18n"},
    "plugin.core.study_inputs": {"plugin.core.sources", "plugin.core.study"},
    "plugin.core.outlook": {f"plugin.core.{stage}" for stage in CORE_STAGES if stage != "exports"}
    | {"plugin.core.study", "plugin.core.study_inputs"},
    "plugin.bridge": {"plugin.core", "plugin.about", "plugin.i18n"},
    "processing": {"plugin.core", "plugin.bridge", *FACE},
    "plugin.gui": {"plugin.core", "plugin.bridge", "processing", *FACE},
    "plugin.main": {"plugin.gui", "processing", *FACE},
}
QGIS_NAMES = {"qgis", "PyQt5", "PyQt6", "processing", "osgeo"}


def modules() -> dict[str, ast.Module]:
    """Every module of the package by dotted name below the root, parsed."""
    found = {}
    for folder in PACKAGE_FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            found[name] = ast.parse(path.read_text(encoding="utf-8"))
    return found


MODULES = modules()


def is_package(name: str) -> bool:
    return (ROOT.joinpath(*name.split(".")) / "__init__.py").exists()


def imports(name: str) -> set[str]:
    """Modules of the package that a module imports, dotted below the root; foreign ones keep their name after `!`."""
    found: set[str] = set()
    for node in ast.walk(MODULES[name]):
        if isinstance(node, ast.Import):
            found |= {"!" + alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add("!" + (node.module or ""))
        elif isinstance(node, ast.ImportFrom):
            found |= resolved(name, node)
    return found


def resolved(name: str, node: ast.ImportFrom) -> set[str]:
    package = name.split(".") if is_package(name) else name.split(".")[:-1]
    base = package[: len(package) - (node.level - 1)] + (node.module.split(".") if node.module else [])
    targets = {".".join([*base, alias.name]) for alias in node.names}
    return {target if target in MODULES else ".".join(base) for target in targets}


def room(name: str) -> str:
    """The room that a module belongs to."""
    fitting = [one for one in MAY_IMPORT if name == one or name.startswith(one + ".")]
    return max(fitting, key=len, default=name)


def test_modules_were_found() -> None:
    assert "plugin.core.contracts" in MODULES and "plugin.core.inventory.stocktaking" in MODULES


@pytest.mark.parametrize("name", [name for name in MODULES if name.startswith("plugin.core")])
def test_core_knows_no_qgis(name: str) -> None:
    foreign = {one[1:].split(".")[0] for one in imports(name) if one.startswith("!")}
    assert not foreign & QGIS_NAMES


@pytest.mark.parametrize("name", list(MODULES))
def test_arrows_point_one_way(name: str) -> None:
    here = room(name)
    if here not in MAY_IMPORT:
        here_may: set[str] = set()
    else:
        here_may = MAY_IMPORT[here] | (FOUNDATION if here.startswith("plugin.core") else set())
    for target in {one for one in imports(name) if not one.startswith("!") and one}:
        if name in FOUNDATION or room(target) == here:
            assert name not in FOUNDATION or target in FOUNDATION, f"{name} is foundation and imports {target}"
            continue
        allowed = any(target == one or target.startswith(one + ".") for one in here_may)
        assert allowed, f"{name} must not import {target}"


def test_no_circles() -> None:
    graph = {name: {one for one in imports(name) if one in MODULES and one != name} for name in MODULES}
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, "circle: " + " -> ".join([*path, name])
        if name not in done:
            for target in sorted(graph[name]):
                if not name.startswith(target + "."):  # a module in a package does not import its __init__
                    visit(target, (*path, name))
            done.add(name)

    for name in graph:
        visit(name, ())


def test_imports_inside_the_package_are_relative() -> None:
    for name in MODULES:
        assert not {one for one in imports(name) if one.startswith(("!yochi", "!plugin"))}, name
