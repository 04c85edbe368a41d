# SPDX-License-Identifier: GPL-2.0-or-later
"""Code that runs on Qt 5 and Qt 6: imports through `qgis.PyQt`, scoped enumerations, `exec()`."""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
QT_ENUM_OWNER = re.compile(r"^(Q[A-Z]\w+|Qt|Qgis)$")
CONSTANT = re.compile(r"^[A-Z][a-z]\w+$")


FOLDERS = ("plugin", "processing", "scripts", "tests")


def _python_files():
    return [ROOT / "__init__.py", *(path for name in FOLDERS for path in sorted((ROOT / name).rglob("*.py")))]


@lru_cache
def _tree(path):
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


FILES = _python_files()


def _is_class(owner, name):
    """Whether `owner.name` is a class, for instance an enumeration or a nested class, and so no member."""
    import qgis.core
    import qgis.gui
    from qgis.PyQt import QtCore, QtGui, QtWidgets

    for module in (QtCore, QtGui, QtWidgets, qgis.core, qgis.gui):
        if hasattr(module, owner):
            return not isinstance(getattr(getattr(module, owner), name, None), int)
    return True


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_runs_on_qt_5_and_qt_6(path):
    wrong = []
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
            wrong += [f"{node.lineno}: import of {name}" for name in names if re.match(r"PyQt[56]|PySide", name)]
        if isinstance(node, ast.Attribute) and node.attr == "exec" + "_":
            wrong.append(f"{node.lineno}: {node.attr}")
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and QT_ENUM_OWNER.match(node.value.id)
            and CONSTANT.match(node.attr)
            and not _is_class(node.value.id, node.attr)
        ):
            wrong.append(f"{node.lineno}: unscoped {node.value.id}.{node.attr}")
    assert wrong == []


def test_the_check_sees_files_and_faults():
    assert ROOT / "plugin" / "main.py" in FILES
    assert not _is_class("Qt", "AlignRight")
    assert _is_class("Qt", "AlignmentFlag")
