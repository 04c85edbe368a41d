# SPDX-License-Identifier: GPL-2.0-or-later
"""The scripts that make and print the sample, as modules."""

from __future__ import annotations

import importlib

import pytest


@pytest.fixture(scope="session")
def script():
    """Import a script of the folder `scripts` by name; scripts import one another as when run."""

    def load(name):
        return importlib.import_module(name)

    return load


@pytest.fixture(scope="session")
def sample(root):
    """The folder of the embedded sample."""
    return root / "resources" / "sample"
