# SPDX-License-Identifier: GPL-2.0-or-later
"""Where the data files that come with Yochi are, and how they are read."""

from __future__ import annotations

import csv
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from .errors import SourceError, YochiError

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


def statistics_file(name: str) -> Path:
    """A table of published figures that comes with Yochi, by its file name: `take_up_national.csv`.

    Raises
    ------
    SourceError
        There is none of that name; the message lists those that there are.
    """
    shipped = {path.name: path for path in sorted((FOLDER / "statistics").glob("*.csv"))}
    if name not in shipped:
        raise SourceError(f"{name!r} does not come with Yochi; use one of {', '.join(shipped)}.")
    return shipped[name]


def read_toml(path: Path, what: str, error: type[YochiError]) -> dict[str, Any]:
    """Read a file of settings or rules.

    Parameters
    ----------
    path : Path
        TOML in UTF-8, with or without a byte order mark.
    what : str
        What the file is, for the sentence that says what is wrong with it: "mapping", "study", ...
    error : type of YochiError
        Raised where the file cannot be read or is no TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as reason:
        raise error(f"{path}: the {what} cannot be read ({reason.strerror}).") from reason
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as reason:
        raise error(f"{path}: the {what} is not valid TOML: {reason}.") from reason
