# SPDX-License-Identifier: GPL-2.0-or-later
"""Words of reports, pictures and printed tables, in Japanese, English or both; they are data, not code."""

from __future__ import annotations

import csv
from functools import lru_cache
from typing import Literal

from ..resources import FOLDER, code_list

Language = Literal["ja", "en", "both"]
LAYOUTS = FOLDER / "layouts"


def phrase(key: str, language: Language = "both") -> str:
    """A phrase of `resources/layouts/wording.csv`."""
    return join(*_phrases()[key], language)


def code_name(code_list_name: str, code: str, language: Language = "both") -> str:
    """Name of a code for people."""
    return join(*_names(code_list_name)[code], language)


def join(japanese: str, english: str, language: Language = "both") -> str:
    """One or both of two texts that say the same."""
    if language == "both" and japanese != english:
        return f"{japanese} / {english}"
    return japanese if language == "ja" else english


@lru_cache
def _phrases() -> dict[str, tuple[str, str]]:
    with (LAYOUTS / "wording.csv").open(encoding="utf-8", newline="") as file:
        return {row["key"]: (row["ja"], row["en"]) for row in csv.DictReader(file)}


@lru_cache
def _names(code_list_name: str) -> dict[str, tuple[str, str]]:
    return {row["code"]: (row["name_ja"], row["name_en"]) for row in code_list(code_list_name)}
