# SPDX-License-Identifier: GPL-2.0-or-later
"""Where the data files that come with Yochi are, and how they are read."""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "resources"


@lru_cache
def code_list(name: str) -> tuple[dict[str, str], ...]:
    """Rows of `resources/codes/<name>.csv` as dictionaries; codes are text and keep their leading zeros."""
    with (FOLDER / "codes" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@lru_cache
def codes(name: str) -> tuple[str, ...]:
    """The values of the column `code` of a code list, in the file's order."""
    return tuple(row["code"] for row in code_list(name))
