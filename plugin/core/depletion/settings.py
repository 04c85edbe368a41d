# SPDX-License-Identifier: GPL-2.0-or-later
"""What a forecast is asked for for."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import ContractError
from ..values import is_number

LeadTimes = tuple[float, float, float]

DEFAULT_LEAD_TIMES_YEARS: LeadTimes = (3.0, 4.0, 5.0)
"""「産業用地の整備には時間を要する（一般に約3～5年）」, METI paper of December 2024; the middle is assumed."""

DEFAULT_DRAWS = 2_000


@dataclass(frozen=True)
class Settings:
    """What a forecast is asked for.

    Parameters
    ----------
    base_year : float
        Year at whose beginning the stock is what the sites say.
    horizon_years : float
        How far to look.
    lead_times_years : (float, float, float)
        Shortest, likeliest and longest lead time of new development. A project that states its own keeps it.
    draws : int
        Draws of the simulation; 0 for none.
    seed : int
        Seed of the draws, 0 or more.
    series : tuple of str
        Series of take-up that are added up.
    losses : bool
        Whether land that is lost to other uses runs the stock down as well.
    headline : str
        Scenario whose sensitivity and required starts are told; the last one where it is empty.

    Raises
    ------
    ContractError
        The base year or the horizon is no number, the horizon or a lead time not above 0, the lead times are not in
        order, or the draws or the seed are no whole numbers of 0 or more.
    """

    base_year: float
    horizon_years: float = 30.0
    lead_times_years: LeadTimes = DEFAULT_LEAD_TIMES_YEARS
    draws: int = DEFAULT_DRAWS
    seed: int = 1
    series: tuple[str, ...] = ("surveyed",)
    losses: bool = True
    headline: str = ""

    def __post_init__(self) -> None:
        if not is_number(self.base_year):
            raise ContractError(f"base_year = {self.base_year!r} is not allowed; give a year.")
        if not is_number(self.horizon_years) or self.horizon_years <= 0:
            raise ContractError(f"horizon_years = {self.horizon_years!r} is not allowed; give years above 0.")
        shortest, likeliest, longest = self.lead_times_years
        if not (0 < shortest <= likeliest <= longest and is_number(longest)):
            raise ContractError(f"Lead times must be positive and in order; {self.lead_times_years} are not.")
        for name in ("draws", "seed"):
            value = getattr(self, name)
            if not is_number(value) or value != int(value) or value < 0:
                raise ContractError(f"{name} = {value!r} is not allowed; give a whole number of 0 or more.")
