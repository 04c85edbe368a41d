# SPDX-License-Identifier: GPL-2.0-or-later
"""What a key of a data file may hold, and the words that ask for it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .errors import YochiError


@dataclass(frozen=True)
class Check:
    """A test of a value and, for the message, what is wanted instead."""

    accepts: Callable[[object], bool]
    wanted: str


def is_number(value: object) -> bool:
    """Whether a value is a finite number; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def between(least: float, greatest: float) -> Check:
    """A number from `least` to `greatest`."""
    return Check(
        lambda value: is_number(value) and least <= value <= greatest,  # type: ignore[operator]
        f"a number from {least:g} to {greatest:g}",
    )


def texts(allowed: Sequence[str] | None = None) -> Check:
    """A list of texts, each once; of these where they are named."""

    def accepts(value: object) -> bool:
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            return False
        return len(set(value)) == len(value) and (allowed is None or set(value) <= set(allowed))

    return Check(accepts, "a list of different texts" + (f" out of {', '.join(allowed)}" if allowed else ""))


def check_table(
    where: str,
    table: object,
    checks: Mapping[str, Check],
    error: type[YochiError],
    *,
    required: Sequence[str] = (),
) -> dict[str, Any]:
    """A table of a data file, whose keys and values are allowed and of which none is missing.

    Parameters
    ----------
    where : str
        File and table, for the message.
    table : object
        What was read; anything but a table is refused.
    checks : mapping of str to Check
        The keys that there may be.
    error : type of YochiError
        Raised where a key is unknown, missing or holds something else than is wanted.
    required : sequence of str
        The keys that there must be.
    """
    if not isinstance(table, dict):
        raise error(f"{where} is {table!r}; write a table with the keys {', '.join(checks)}.")
    for key, value in table.items():
        if key not in checks:
            raise error(f"{where} has the unknown key {key}; use one of {', '.join(checks)}.")
        if not checks[key].accepts(value):
            raise error(f"{where} {key} = {value!r} is not allowed; give {checks[key].wanted}.")
    for key in required:
        if key not in table:
            raise error(f"{where} {key} is missing; give {checks[key].wanted}.")
    return table


TEXT = Check(lambda value: isinstance(value, str), "a text")
IDENTIFIER = Check(
    lambda value: isinstance(value, str) and re.fullmatch(r"[\w./-]+", value) is not None,
    "letters, digits and . / - _ without a space",
)
THREE_YEARS = Check(
    lambda value: isinstance(value, list) and len(value) == 3 and all(map(is_number, value)),
    "three numbers of years: shortest, likeliest, longest",
)
TRUE_OR_FALSE = Check(lambda value: isinstance(value, bool), "true or false")
TABLE = Check(lambda value: isinstance(value, dict), "a table")


def whole_number(least: int, greatest: int) -> Check:
    """A whole number from `least` to `greatest`."""
    within = between(least, greatest)
    return Check(
        lambda value: within.accepts(value) and isinstance(value, int),
        f"a whole number from {least} to {greatest}",
    )


def one_of(allowed: Sequence[str]) -> Check:
    """One of these texts."""
    return Check(lambda value: value in allowed, f"one of {', '.join(allowed)}")
