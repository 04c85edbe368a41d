# SPDX-License-Identifier: GPL-2.0-or-later
"""What a key of a data file may hold, and the words that ask for it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass


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


TEXT = Check(lambda value: isinstance(value, str), "a text")
THREE_YEARS = Check(
    lambda value: isinstance(value, list) and len(value) == 3 and all(map(is_number, value)),
    "three numbers of years: shortest, likeliest, longest",
)
