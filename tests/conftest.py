# SPDX-License-Identifier: GPL-2.0-or-later
"""Registers the checkout as the package `yochi`, whatever its folder is called.

The repository root is the plugin package, and its `processing` would hide QGIS's own if the root were on the
module path, which `python -m pytest` puts there.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def _register_package() -> None:
    sys.path[:] = [entry for entry in sys.path if Path(entry or ".").resolve() != ROOT]
    spec = importlib.util.spec_from_file_location("yochi", ROOT / "__init__.py", submodule_search_locations=[str(ROOT)])
    module = importlib.util.module_from_spec(spec)
    sys.modules["yochi"] = module
    spec.loader.exec_module(module)


_register_package()


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real sample files; tests that need it skip where none is named."""
    named = os.environ.get("YOCHI_REAL_DATA")
    if not named or not Path(named).is_dir():
        pytest.skip("no real sample files here: YOCHI_REAL_DATA names their folder")
    return Path(named)
