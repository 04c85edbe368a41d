# SPDX-License-Identifier: GPL-2.0-or-later
"""Every missing fact that the engine can name has words for people."""

from __future__ import annotations

import re
from pathlib import Path

from yochi.plugin.core.resources import codes

_MISSING = re.compile(r'"([a-z_]+(?:_unknown|_not_loaded|_unplaced|_reached|_zoning_data)|no_polygon)"')


def test_every_missing_fact_has_a_name(root: Path) -> None:
    files = (root / "plugin" / "core" / "screening").rglob("*.py")
    named = {name for path in files for name in _MISSING.findall(path.read_text(encoding="utf-8"))}
    answers = {f"{column}_unknown" for column in ("public_entry", "soil_leaves_site", "groundwater_as_exclusive")}
    assert named and named | answers <= set(codes("facts"))
