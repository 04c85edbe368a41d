# SPDX-License-Identifier: GPL-2.0-or-later
"""Sites held against requirements: a ranked list, and for the others the reasons why they are not on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd

from ..contracts import SHORTLIST, SITES, conform
from ..errors import ContractError
from ..progress import SILENT, Progress
from . import consent as consents
from . import waterfall as steps
from .criteria import criteria_of
from .facts import Floats
from .ranking import Ranking, Stability, in_order, likeness, rank, top_share
from .requirements import Condition, Requirements
from .scores import score_table
from .sieve import FAILS, PASSES, Filter, sieve, standing


@dataclass(frozen=True)
class Selection:
    """Contract tables of the same names: the ranked sites and how they were chosen.

    Parameters
    ----------
    shortlist : GeoDataFrame or DataFrame
        The sites that pass, ranked.
    waterfall : DataFrame
        What each filter removes; an empty shortlist has its reasons there.
    scores : DataFrame
        What each criterion adds to the score of a site.
    relaxations : DataFrame
        What would come back if a filter were given up.
    to_ask : DataFrame
        Facts to be found out about sites that fit as far as is known.
    """

    shortlist: gpd.GeoDataFrame
    waterfall: pd.DataFrame
    scores: pd.DataFrame
    relaxations: pd.DataFrame
    to_ask: pd.DataFrame


def select(
    sites: gpd.GeoDataFrame,
    requirements: Requirements,
    *,
    verdicts: pd.DataFrame | None = None,
    target: str | None = None,
    stability: Stability | None = None,
    consent_on: date | None = None,
    progress: Progress = SILENT,
) -> Selection:
    """Select the sites that fit and rank them.

    Parameters
    ----------
    sites : GeoDataFrame or DataFrame
        Contract `sites` with `counted_ha`.
    requirements : Requirements
        Conditions on facts of a site. A site whose fact is missing is kept, dropped or set aside, as each condition
        says; those set aside are in `to_ask`, not in the shortlist.
    verdicts : DataFrame or None
        Contract `verdicts`, for conditions on land that meets a rule profile.
    target : str or None
        A site that the others are compared with, on the criteria of the ranking; it need not fit itself.
    stability : Stability or None
        How rank stability under random weights is drawn; None where it is not asked for.
    consent_on : date or None
        The day on which the consent of each site is held against its terms, as the last filter; None for a list that
        stays in the office.
    progress : Progress
        Where to report, and who may cancel.

    Returns
    -------
    Selection
        The waterfall has a line for each filter and layer, since layers are never added up; the first is all sites.

    Raises
    ------
    ContractError
        The requirements contradict themselves, ask for verdicts that are not there, or the target is no site.
    """
    conditions = requirements.every_condition()
    sites = conform(sites, SITES).reset_index(drop=True)
    filters = sieve(conditions, sites, verdicts)
    consent = None if consent_on is None else _consent(sites, consent_on)
    progress.report(0.3, "sites held against the filters")
    passing = standing([*filters, *([] if consent is None else [consent])], len(sites)) == PASSES
    chosen = sites[passing].reset_index(drop=True)
    criteria = criteria_of(conditions, chosen, verdicts)
    ranking = rank(criteria)
    order = in_order(ranking, chosen["site_id"])
    shares = top_share(criteria, stability) if stability is not None else np.full(len(chosen), np.nan)
    alike = _alike(target, conditions, sites, chosen, verdicts)
    listed = chosen.assign(**_columns(ranking), top_share=shares, likeness=alike[0], likeness_best=alike[1])
    progress.report(0.7, "shortlist ranked")
    names = [*SHORTLIST.column_names, *(["geometry"] if isinstance(sites, gpd.GeoDataFrame) else [])]
    selection = Selection(
        shortlist=conform(listed.iloc[order].reset_index(drop=True)[names], SHORTLIST),
        waterfall=steps.waterfall(filters, sites, consent),
        scores=score_table(criteria, ranking, chosen, order, verdicts),
        relaxations=steps.relaxations(filters, sites, consent),
        to_ask=steps.to_ask(filters, sites),
    )
    progress.report(1.0, "waterfall drawn up")
    return selection


def _consent(sites: pd.DataFrame, on: date) -> Filter:
    released = consents.standing_on(sites, on)["released"].to_numpy(dtype=bool)
    states = np.where(released, PASSES, FAILS).astype("int8")
    return Filter("consent", on.isoformat(), None, states, np.zeros(len(sites), dtype=bool))


def _columns(ranking: Ranking) -> dict[str, object]:
    names = ("score", "score_best", "rank", "rank_best", "rank_worst")
    return {name: getattr(ranking, name) for name in names}


def _alike(
    target: str | None,
    conditions: Sequence[Condition],
    sites: pd.DataFrame,
    chosen: pd.DataFrame,
    verdicts: pd.DataFrame | None,
) -> tuple[Floats, Floats]:
    """Least and greatest likeness of the chosen sites to the target; NaN where none is named."""
    if target is None:
        return np.full(len(chosen), np.nan), np.full(len(chosen), np.nan)
    pointed_at = sites[sites["site_id"] == target]
    if pointed_at.empty:
        raise ContractError(f"The target site {target!r} is not among the sites; give the site_id of one that is.")
    others = chosen[chosen["site_id"] != target]
    together = pd.concat([pointed_at, others]) if len(others) else pointed_at
    least, greatest = likeness(criteria_of(conditions, together, verdicts), 0)
    found = pd.DataFrame({"least": least, "greatest": greatest}, index=together["site_id"]).reindex(chosen["site_id"])
    return found["least"].to_numpy(), found["greatest"].to_numpy()
