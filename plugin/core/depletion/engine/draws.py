# SPDX-License-Identifier: GPL-2.0-or-later
"""What chance decides: take-up, lead times and completion, each drawn from a generator of its own.

A generator is made from the seed and the name of what is drawn, so that the draws of an area or a project are the same
in any order, in any part of the work and in every scenario.
"""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.random.bit_generator import ISeedSequence

from .cases import Array, Arrivals, Case

LeadTimes = tuple[float, float, float]
"""Shortest, likeliest and longest lead time, years."""

BOOTSTRAP_YEARS = 3
"""From so many years of its own on, an area's take-up is drawn from them; fewer say too little of how it varies."""


class _Hash(ISeedSequence):
    """A hash as a seed: as well mixed as what numpy would make of it, and made in a tenth of the time."""

    def __init__(self, *parts: object) -> None:
        self._words = hashlib.blake2b("\0".join(map(str, parts)).encode()).digest()

    def generate_state(self, n_words: int, dtype: Any = np.uint32) -> npt.NDArray[Any]:
        """As many words as a generator asks for; those here ask for 256 bits of 512."""
        return np.frombuffer(self._words, dtype, n_words)


def generator(seed: int, kind: str, key: str) -> np.random.Generator:
    """Generator of one kind of draws of one area or project."""
    words: Any = _Hash(seed, kind, key)  # numpy takes it, though its type hints do not say so
    return np.random.Generator(np.random.PCG64(words))


def take_up(case: Case, years: int, draws: int, seed: int) -> Array:
    """Hectares taken up in each year of each draw.

    Three or more years of the area's own are drawn from with replacement; one or two give the mean of a gamma
    distribution with the coefficient of variation that the case states.

    Returns
    -------
    array of (years, draws)
    """
    own = case.take_up_ha
    random = generator(seed, "take-up", case.key)
    if len(own) >= BOOTSTRAP_YEARS and np.ptp(own) > 0:
        drawn = own[random.integers(len(own), size=(years, draws), dtype=np.uint16)]
    elif len(own) < BOOTSTRAP_YEARS and case.spread > 0:
        variance = case.spread**2
        drawn = random.standard_gamma(1 / variance, (years, draws)) * (case.mean_take_up_ha * variance)
    else:
        drawn = np.full((years, draws), case.mean_take_up_ha)
    return drawn * case.growth_factors(years)[:, None] if case.growth else drawn


def area_lead_times(key: str, lead_times: LeadTimes, draws: int, seed: int) -> Array:
    """Lead time of a development that an area starts when it must, one a draw."""
    return triangular(generator(seed, "lead time", key).random(draws), *lead_times)


def start_lead_times(key: str, lead_times: LeadTimes, starts: int, draws: int, seed: int) -> Array:
    """Lead times of the developments that an area starts year by year: (starts, draws)."""
    return triangular(generator(seed, "starts", key).random((starts, draws)), *lead_times)


def readiness(projects: Arrivals, draws: int, seed: int) -> Array:
    """When each project becomes ready in each draw; infinite where it is not completed.

    Returns
    -------
    array of (projects, draws)
    """
    uniform = np.empty((2, len(projects.keys), draws))
    for position, key in enumerate(projects.keys):
        uniform[:, position] = generator(seed, "project", key).random((2, draws))
    leads = triangular(
        uniform[0], *(years[:, None] for years in (projects.lead_min, projects.lead_mode, projects.lead_max))
    )
    ready = projects.ready[:, None]
    times = np.where(np.isnan(ready), projects.start[:, None] + leads, ready)
    times[uniform[1] >= projects.probability[:, None]] = np.inf
    return times


def triangular(uniform: Array, shortest: float | Array, likeliest: float | Array, longest: float | Array) -> Array:
    """Triangular draws from uniform ones, by the inverse of the distribution function.

    A longer lead time is longer in every draw, so that what follows from it moves one way.
    """
    width = np.subtract(longest, shortest)
    early = shortest + np.sqrt(uniform * width * (likeliest - shortest))
    late = longest - np.sqrt((1 - uniform) * width * (longest - likeliest))
    return np.where(uniform * width < likeliest - shortest, early, late)
