# SPDX-License-Identifier: GPL-2.0-or-later
"""Which site passes which filter: yes, no, or not before something has been found out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from .facts import Codes, Floats, Numbers, values
from .requirements import Condition

FAILS, OPEN, PASSES = -1, 0, 1
_IF_MISSING = {"keep": PASSES, "drop": FAILS, "ask": OPEN}

States = npt.NDArray[np.int8]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Filter:
    """A filter held against every site.

    Parameters
    ----------
    code : str
        Code in `filters.csv`.
    wording, missing : str or None
        What it asks, and what it does where the fact is missing.
    states : array of int8
        `PASSES`, `FAILS` or `OPEN` for each site.
    unanswered : array of bool
        Whether the fact is missing, or not known well enough to tell.
    nearness : array of float or None
        The bound at which a site would pass, for those that fail by a number; NaN for others.
    """

    code: str
    wording: str | None
    missing: str | None
    states: States
    unanswered: Mask
    condition: Condition | None = None
    nearness: Floats | None = None


def sieve(
    conditions: Sequence[Condition], sites: pd.DataFrame, verdicts: pd.DataFrame | None = None
) -> tuple[Filter, ...]:
    """Hold the conditions that filter against sites, in their order.

    Raises
    ------
    ContractError
        A condition asks for a verdict that is not there.
    """
    return tuple(_filter(one, sites, verdicts) for one in conditions if one.is_filter)


def _filter(condition: Condition, sites: pd.DataFrame, verdicts: pd.DataFrame | None) -> Filter:
    found = values(condition.known, sites, verdicts, condition.profile)
    told = _bounded(condition, found) if isinstance(found, Numbers) else _listed(condition, found)
    unanswered = told == OPEN
    states = np.where(unanswered, np.int8(_IF_MISSING[condition.missing]), told)
    nearness = _nearness(condition, found, states) if isinstance(found, Numbers) else None
    return Filter(condition.fact, condition.wording, condition.missing, states, unanswered, condition, nearness)


def _bounded(condition: Condition, found: Numbers) -> States:
    least = -np.inf if condition.at_least is None else condition.at_least
    most = np.inf if condition.at_most is None else condition.at_most
    passes = found.known & (found.low >= least) & (found.high <= most)
    fails = (found.high < least) | (found.low > most)
    return np.where(passes, PASSES, np.where(fails, FAILS, OPEN)).astype("int8")


def _listed(condition: Condition, found: Codes) -> States:
    missing = pd.isna(found)
    passes = np.isin(found.astype(str), condition.one_of) & ~missing
    return np.where(missing, OPEN, np.where(passes, PASSES, FAILS)).astype("int8")


def _nearness(condition: Condition, found: Numbers, states: States) -> Floats:
    too_small = condition.at_least is not None and np.greater(condition.at_least, found.high)
    too_large = condition.at_most is not None and np.less(condition.at_most, found.low)
    bound = np.where(too_small, found.high, np.where(too_large, found.low, np.nan))
    return np.where((states == FAILS) & np.isfinite(bound), bound, np.nan)


def standing(filters: Sequence[Filter], count: int) -> States:
    """`FAILS` where a filter drops the site, else `OPEN` where something has to be asked, else `PASSES`."""
    everything = np.full(count, PASSES, dtype="int8")
    return np.minimum.reduce([everything, *(one.states for one in filters)])
