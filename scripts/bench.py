# SPDX-License-Identifier: GPL-2.0-or-later
"""Measures what Yochi promises about speed, and prints each row with its goal.

    scripts/run.sh python scripts/bench.py [ROW ...] [--parcels 20000] [--million]

The rows are in the folder `benchmark`, a file a subject. Both sides of a ratio are measured in the same run, because
machines and their load differ.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator

from benchmark import depletion, layer_reading, provider_load, screening
from benchmark.prefecture import PARCELS
from benchmark.rows import Row

SUBJECTS: dict[str, Callable[[argparse.Namespace], Iterator[Row]]] = {
    "depletion": lambda _: depletion.rows(),
    "layers": lambda _: layer_reading.rows(),
    "provider": lambda _: provider_load.rows(),
    "screening": lambda asked: screening.rows(asked.parcels, million=asked.million),
}


def main() -> int:
    """Print every row as it is measured; 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"{', '.join(SUBJECTS)}; all where none is named")
    parser.add_argument("--parcels", type=int, default=PARCELS, help="parcels to screen (%(default)s)")
    parser.add_argument("--million", action="store_true", help="screen a million parcels besides")
    asked = parser.parse_args()
    if unknown := set(asked.rows) - set(SUBJECTS):
        parser.error(f"there is no row {', '.join(sorted(unknown))}; choose from {', '.join(SUBJECTS)}")
    missed = 0
    for name in asked.rows or SUBJECTS:
        for row in SUBJECTS[name](asked):
            print(row, flush=True)
            missed += not row.met
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
