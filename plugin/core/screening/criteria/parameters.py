# SPDX-License-Identifier: GPL-2.0-or-later
"""What the parameters of a criterion may be; each says what is allowed where a value is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from ...resources import codes


class Parameter(Protocol):
    """A parameter: `read` gives the value as the criterion takes it and raises ValueError with what is allowed."""

    @property
    def default(self) -> Any:
        """The value where the profile has none; `REQUIRED` where it must have one."""

    def read(self, value: Any) -> Any:
        """Return the value, checked."""


REQUIRED = object()


@dataclass(frozen=True)
class Codes:
    """A list of codes of a code list under `resources/codes/`."""

    code_list: str
    default: Any = REQUIRED

    def read(self, value: Any) -> list[str]:
        """Return the codes."""
        allowed = codes(self.code_list)
        if not isinstance(value, list) or not value or not set(map(str, value)) <= set(allowed):
            raise ValueError(f"list some of {', '.join(allowed)}")
        return [str(one) for one in value]


@dataclass(frozen=True)
class Choice:
    """One of a few words."""

    allowed: Sequence[str]
    default: Any = REQUIRED

    def read(self, value: Any) -> str:
        """Return the word."""
        if value not in self.allowed:
            raise ValueError(f"use one of {', '.join(self.allowed)}")
        return str(value)


@dataclass(frozen=True)
class Number:
    """A number within bounds."""

    minimum: float = 0.0
    maximum: float = float("inf")
    default: Any = REQUIRED

    def read(self, value: Any) -> float:
        """Return the number."""
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not self.minimum <= value <= self.maximum:
            upper = "" if self.maximum == float("inf") else f" to {self.maximum:g}"
            raise ValueError(f"use a number from {self.minimum:g}{upper or ' upwards'}")
        return float(value)


@dataclass(frozen=True)
class Flag:
    """True or false, or left out."""

    default: Any = None

    def read(self, value: Any) -> bool:
        """Return the flag."""
        if not isinstance(value, bool):
            raise ValueError("use true or false")
        return value


@dataclass(frozen=True)
class Day:
    """A date, or left out."""

    default: Any = None

    def read(self, value: Any) -> str:
        """Return the date as ISO 8601 text."""
        try:
            return date.fromisoformat(str(value)).isoformat()
        except ValueError as error:
            raise ValueError("use a date such as 1977-03-15") from error
