# SPDX-License-Identifier: GPL-2.0-or-later
"""What is assumed of the take-up of an area where its own years do not say it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ...errors import RuleError
from ...provenance import ASSUMED, BASES
from ...resources import FOLDER, read_toml
from ...values import TABLE, TEXT, Check, between, check_table, one_of

SHIPPED = FOLDER / "rules" / "depletion" / "assumptions.toml"

_TABLES: dict[str, dict[str, Check]] = {
    "supply_limited": {"years": between(0, 100), "source": TEXT},
    "spread": {"coefficient_of_variation": between(0, 10), "source": TEXT},
}
_TOP: dict[str, Check] = {"basis": one_of(BASES), **dict.fromkeys(_TABLES, TABLE)}


@dataclass(frozen=True)
class TakeUpAssumptions:
    """Assumptions about take-up.

    Parameters
    ----------
    basis : str
        Basis of the figures, `assumed` unless a planner has measured them.
    supply_limited_years : float
        Stock of less than so many years of take-up may have held the take-up down.
    supply_limited_source : str
        Where that comes from.
    spread : float
        Coefficient of variation of the yearly take-up where an area has fewer than three years of its own.
    spread_source : str
        Where that comes from.
    """

    basis: str
    supply_limited_years: float
    supply_limited_source: str
    spread: float
    spread_source: str


def take_up_assumptions(path: Path = SHIPPED) -> TakeUpAssumptions:
    """Read the assumptions.

    Raises
    ------
    RuleError
        The file cannot be read, or a key is missing, unknown or of the wrong kind; the message names file and key.
    """
    data = read_toml(path, "file of assumptions", RuleError)
    check_table(path.name, data, _TOP, RuleError, required=list(_TABLES))
    for name, checks in _TABLES.items():
        check_table(f"{path.name}: [{name}]", data[name], checks, RuleError, required=list(checks))
    supply_limited, spread = data["supply_limited"], data["spread"]
    return TakeUpAssumptions(
        basis=data.get("basis", ASSUMED),
        supply_limited_years=float(supply_limited["years"]),
        supply_limited_source=supply_limited["source"],
        spread=float(spread["coefficient_of_variation"]),
        spread_source=spread["source"],
    )
