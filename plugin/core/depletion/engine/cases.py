# SPDX-License-Identifier: GPL-2.0-or-later
"""What the engine is asked: areas under scenarios, as arrays.

Times are years from the base year, amounts hectares.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ...errors import ContractError

Array = npt.NDArray[np.float64]

_NOTHING: Array = np.empty(0)


@dataclass(frozen=True, eq=False)
class Arrivals:
    """Projects that may become ready; all arrays have one entry a project.

    Parameters
    ----------
    keys : tuple of str
        `site_id`. What is drawn for a project depends on its key alone, whatever area or scenario it is in.
    ready : array
        Stated time of readiness; NaN where it is to be reckoned.
    start : array
        From when the lead time is reckoned, perhaps before the base year; NaN where `ready` is stated.
    lead_min, lead_mode, lead_max : array
        Shortest, likeliest and longest lead time, years; not used where `ready` is stated.
    probability : array
        Chance of completion, 0 to 1.
    hectares : array
        What arrives when the project is completed.

    Raises
    ------
    ContractError
        The arrays differ in length, or a project has no time, no order in its lead times, or no hectares.
    """

    keys: tuple[str, ...] = ()
    ready: Array = field(default_factory=_NOTHING.copy)
    start: Array = field(default_factory=_NOTHING.copy)
    lead_min: Array = field(default_factory=_NOTHING.copy)
    lead_mode: Array = field(default_factory=_NOTHING.copy)
    lead_max: Array = field(default_factory=_NOTHING.copy)
    probability: Array = field(default_factory=_NOTHING.copy)
    hectares: Array = field(default_factory=_NOTHING.copy)

    def __post_init__(self) -> None:
        if any(len(values) != len(self.keys) for values in vars(self).values()):
            raise ContractError("Every array of arrivals must have one entry a project; give arrays of one length.")
        in_order = (self.lead_min >= 0) & (self.lead_min <= self.lead_mode) & (self.lead_mode <= self.lead_max)
        dated = np.isfinite(self.ready) | (np.isfinite(self.start) & in_order & np.isfinite(self.lead_max))
        known = dated & (self.probability >= 0) & (self.probability <= 1) & (self.hectares >= 0)
        if not known.all():
            key = self.keys[int(np.argmin(known))]
            raise ContractError(
                f"Project {key} cannot arrive: it takes a ready year or a start with lead times in order, "
                "a probability from 0 to 1 and hectares of 0 or more."
            )

    @property
    def likeliest(self) -> Array:
        """When each project becomes ready: as stated, else its start and its likeliest lead time."""
        return np.where(np.isnan(self.ready), self.start + self.lead_mode, self.ready)


NO_ARRIVALS = Arrivals()


@dataclass(frozen=True, eq=False)
class Case:
    """An area under a scenario.

    Parameters
    ----------
    key : str
        `area_code`. Draws of take-up and of lead times depend on it alone, so that scenarios of an area differ by what
        they assume and not by chance (common random numbers).
    stock_ha : float
        Stock above the reserve at the base year.
    take_up_ha : array
        The area's own years, one or more, with losses and the scenario's factor in them.
    spread : float
        Coefficient of variation of the take-up where there are fewer than three years; 0 for none.
    growth : float
        Growth of the take-up a year: year `k` of the run takes `(1 + growth) ** k` times what is drawn.
    arrivals : Arrivals
        Projects, and land that the scenario converts.

    Raises
    ------
    ContractError
        The stock or a year of the take-up is unknown or negative, or there is no year: nothing can be reckoned.
    """

    key: str
    stock_ha: float
    take_up_ha: Array
    spread: float = 0.0
    growth: float = 0.0
    arrivals: Arrivals = NO_ARRIVALS

    def __post_init__(self) -> None:
        years = self.take_up_ha
        if not (np.isfinite(self.stock_ha) and len(years) and np.isfinite(years).all() and (years >= 0).all()):
            raise ContractError(f"Area {self.key}: stock and take-up must be known, and the take-up 0 or more.")

    @property
    def mean_take_up_ha(self) -> float:
        """Mean of the area's own years."""
        return float(self.take_up_ha.mean())

    def growth_factors(self, years: int) -> Array:
        """By what the take-up is multiplied in each year of the run."""
        factors: Array = (1.0 + self.growth) ** np.arange(years)
        return factors
