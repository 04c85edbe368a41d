# SPDX-License-Identifier: GPL-2.0-or-later
"""Name, version and links of the plugin, read once from `metadata.txt`."""

from __future__ import annotations

from configparser import ConfigParser
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def _read_metadata() -> dict[str, str]:
    parser = ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # keys keep their capitals
    parser.read(ROOT / "metadata.txt", encoding="utf-8")
    return dict(parser["general"])


METADATA = _read_metadata()
NAME = METADATA["name"]
VERSION = METADATA["version"]
ICON = ROOT / METADATA["icon"]
