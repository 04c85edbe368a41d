# SPDX-License-Identifier: GPL-2.0-or-later
"""What a row of the benchmark is."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

TURNS = 5


@dataclass(frozen=True)
class Row:
    """One measurement: what it is, its value as printed, its goal, and whether the goal is met."""

    title: str
    value: str
    goal: str = ""
    met: bool = True

    def __str__(self) -> str:
        goal = f"goal {self.goal}" if self.goal else ""
        return f"{self.title:<48} {self.value:<28} {goal:<12} {'' if self.met else 'MISSED'}".rstrip()


def in_turns(*functions: Callable[[], object]) -> list[float]:
    """Median seconds of each function, after one turn to warm up."""
    seconds: list[list[float]] = [[] for _ in functions]
    for turn in range(TURNS + 1):
        for function, times in zip(functions, seconds, strict=True):
            start = time.perf_counter()
            function()
            if turn:
                times.append(time.perf_counter() - start)
    return [statistics.median(times) for times in seconds]
