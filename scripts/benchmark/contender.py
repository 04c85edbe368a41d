# SPDX-License-Identifier: GPL-2.0-or-later
"""Contenders of a row, each in a process of its own, so that its time and its memory are its own."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[1]
_KIB_A_MIB = 1024


@dataclass(frozen=True)
class Measured:
    """What a contender took: seconds of its steps, in order, those of processors, and the most memory of a process."""

    steps: dict[str, float]
    processor_seconds: float
    peak_mib: float

    @property
    def seconds(self) -> float:
        """Of all steps."""
        return sum(self.steps.values())


class Steps:
    """Times what lies between one call and the next."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def done(self, step: str) -> None:
        """Say that a step has ended."""
        now = time.perf_counter()
        self.seconds[step] = self.seconds.get(step, 0.0) + now - self._last
        self._last = now


class ContenderError(RuntimeError):
    """A contender ended without an answer; the message is its last words."""


def measure(module: str, *arguments: object) -> Measured:
    """Run a module of this package as a process of its own; it must end with `report`."""
    command = [sys.executable, "-m", f"{__package__}.{module}", *map(str, arguments)]
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(command, cwd=SCRIPTS, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise ContenderError(f"{module} ended with {done.returncode}: {done.stderr.strip()[-2_000:]}")
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


def timed(screen: Callable[[Path, Path, Steps], object], places: Sequence[str]) -> Steps:
    """Let a contender read its folder and write its file."""
    folder, output = map(Path, places)
    steps = Steps()
    screen(folder, output, steps)
    return steps


def report(steps: Steps) -> None:
    """Print what a contender took, as the last thing that its process does."""
    used = os.times()
    processors = used.user + used.system + used.children_user + used.children_system
    print(json.dumps({"steps": steps.seconds, "processor_seconds": processors, "peak_mib": peak_mib()}))


def peak_mib() -> float:
    """The most memory that this process, or one that it started, has held at a time."""
    started = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return max(_own_peak_kib(), started) / _KIB_A_MIB


def _own_peak_kib() -> int:
    # getrusage would count what the process that started this one held at that time
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
