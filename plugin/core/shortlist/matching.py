# SPDX-License-Identifier: GPL-2.0-or-later
"""Enquiries of firms held against the stock of sites, all of them at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..contracts import ANSWERS, ENQUIRIES, MATCHES, SITE_ENQUIRIES, SITES, UNMET, conform
from ..errors import ContractError
from ..progress import SILENT, Progress
from ..provenance import REPORTED, UNKNOWN, weakest
from .criteria import criteria_of
from .ranking import rank
from .requirements import Condition, Requirements, load_requirements, presets
from .sieve import OPEN, PASSES, Filter, States, sieve, standing
from .waterfall import relaxations

_BOUNDS = {
    "area": ("minimum_ha", "maximum_ha"),
    "ready_year": (None, "ready_by_year"),
    "price": (None, "price_yen_m2"),
    "distance_interchange": (None, "distance_interchange_m"),
    "distance_port": (None, "distance_port_m"),
    "distance_station": (None, "distance_station_m"),
    "distance_cluster": (None, "distance_cluster_m"),
    "industrial_water": ("industrial_water_m3_day", None),
    "power": ("power_kv", None),
}
"""Facts that an enquiry bounds, with its columns for the least and the greatest value."""

_LISTS = {"layer": "layers", "zone": "zones"}
SEVERAL = "several"


@dataclass(frozen=True)
class Matching:
    """Contract tables of the same names.

    Parameters
    ----------
    matches : DataFrame
        The shortlist of each enquiry; the enquiries of a site are its rows there.
    answers : DataFrame
        A row for each enquiry: how many sites fit, or what stands in the way.
    site_enquiries : DataFrame
        A row for each site that fits an enquiry.
    unmet : DataFrame
        Enquiries for which there is no land, by what stands in the way.
    """

    matches: pd.DataFrame
    answers: pd.DataFrame
    site_enquiries: pd.DataFrame
    unmet: pd.DataFrame


def match(
    enquiries: pd.DataFrame,
    sites: pd.DataFrame,
    *,
    verdicts: pd.DataFrame | None = None,
    own_presets: Path | None = None,
    progress: Progress = SILENT,
) -> Matching:
    """Hold enquiries against sites.

    Parameters
    ----------
    enquiries : DataFrame
        Contract `enquiries`. An enquiry without `firm_code` is anonymous and counts like any other.
    sites : DataFrame
        Contract `sites` with `counted_ha`; only released ones where the result leaves the office.
    verdicts : DataFrame or None
        Contract `verdicts`, for presets that ask for them.
    own_presets : Path or None
        A planner's own folder of presets.
    progress : Progress
        Where to report, and who may cancel.

    Raises
    ------
    ContractError
        An enquiry names a preset, layer or zone that there is not, or contradicts itself; the message names it.
    RuleError
        A preset file is malformed.
    """
    enquiries, sites = conform(enquiries, ENQUIRIES), conform(sites, SITES).reset_index(drop=True)
    files = presets(own_presets)
    named = {name: _preset(name, files) for name in enquiries["preset"].dropna().unique()}
    answers, matches = [], []
    for number, enquiry in enumerate(enquiries.to_dict("records"), 1):
        conditions = _requirements(enquiry, named).every_condition()
        filters = sieve(conditions, sites, verdicts)
        states = standing(filters, len(sites))
        matches.append(_matches(enquiry, conditions, sites[states == PASSES], verdicts))
        answers.append(_answer(enquiry, filters, states, sites))
        progress.report(number / len(enquiries))
    found = [one for one in matches if len(one)]
    listed = pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=MATCHES.column_names)
    answered = conform(pd.DataFrame(answers, columns=ANSWERS.column_names), ANSWERS)
    return Matching(conform(listed, MATCHES), answered, _by_site(listed, sites), _unmet(answered))


def _preset(name: str, files: Mapping[str, Path]) -> Requirements:
    if name not in files:
        raise ContractError(f"Table enquiries: preset {name!r} is unknown; use one of {', '.join(files)}.")
    return load_requirements(files[name])


def _requirements(enquiry: Mapping[str, Any], named: Mapping[str, Requirements]) -> Requirements:
    start = named.get(enquiry["preset"], Requirements())
    try:
        asked = start.overruled(_conditions(enquiry))
    except ContractError as reason:
        raise ContractError(f"Enquiry {enquiry['enquiry_id']}: {reason}") from reason
    if not enquiry["missing"]:
        return asked
    return replace(asked, conditions=tuple(replace(one, missing=enquiry["missing"]) for one in asked.conditions))


def _conditions(enquiry: Mapping[str, Any]) -> Iterator[Condition]:
    """The enquiry's own conditions."""
    for fact, column in _LISTS.items():
        if enquiry[column]:
            listed = tuple(code.strip() for code in enquiry[column].split("|"))
            yield Condition(fact, one_of=listed)
    for fact, (least, most) in _BOUNDS.items():
        at_least, at_most = (None if column is None else _number(enquiry[column]) for column in (least, most))
        if at_least is not None or at_most is not None:
            yield Condition(fact, at_least=at_least, at_most=at_most)


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _matches(
    enquiry: Mapping[str, Any], conditions: Sequence[Condition], chosen: pd.DataFrame, verdicts: pd.DataFrame | None
) -> pd.DataFrame:
    ranking = rank(criteria_of(conditions, chosen, verdicts))
    listed = pd.DataFrame(chosen[["site_id", "layer", "counted_ha", "basis"]]).assign(
        enquiry_id=enquiry["enquiry_id"], firm_code=enquiry["firm_code"], rank=ranking.rank, score=ranking.score
    )
    return listed.sort_values(["rank", "site_id"], ignore_index=True)[MATCHES.column_names]


def _answer(
    enquiry: Mapping[str, Any], filters: Sequence[Filter], states: States, sites: pd.DataFrame
) -> dict[str, object]:
    fits, may_fit = int((states == PASSES).sum()), int((states == OPEN).sum())
    answer = {
        "enquiry_id": enquiry["enquiry_id"],
        "firm_code": enquiry["firm_code"],
        "state": "met" if fits else "to_ask" if may_fit else "unmet",
        "minimum_ha": enquiry["minimum_ha"],
        "sites": fits,
        "sites_to_ask": may_fit,
        "basis": enquiry["basis"] or REPORTED,
    }
    return answer if fits or may_fit else {**answer, **_reason(filters, sites)}


def _reason(filters: Sequence[Filter], sites: pd.DataFrame) -> dict[str, object]:
    """The filter without which most hectares of a layer would fit or may fit; `several` where none alone helps."""
    table = relaxations(filters, sites)
    hectares = table[["back_ha", "to_ask_ha"]].sum(axis=1)
    alone = table.assign(back_ha=hectares)[table["sites_back"] + table["sites_to_ask"] > 0]
    if alone.empty:
        return {"reason": SEVERAL}
    first = alone.sort_values(["back_ha", "step"], ascending=[False, True]).iloc[0]
    return {"reason": first["filter"], "back_ha": first["back_ha"]}


def _by_site(matches: pd.DataFrame, sites: pd.DataFrame) -> pd.DataFrame:
    """Contract `site_enquiries`, sites with most enquiries first."""
    groups = matches.groupby("site_id")
    table = pd.DataFrame(
        {
            "enquiries": groups["enquiry_id"].nunique(),
            "firms": groups["firm_code"].nunique(),
            "first_choice": (matches["rank"] == 1).groupby(matches["site_id"]).sum(),
        }
    ).reset_index()
    table = table.merge(pd.DataFrame(sites)[["site_id", "layer", "counted_ha", "basis"]], on="site_id", how="left")
    ordered = table.sort_values(["enquiries", "first_choice", "site_id"], ascending=[False, False, True])
    return conform(ordered.reset_index(drop=True), SITE_ENQUIRIES)


def _unmet(answers: pd.DataFrame) -> pd.DataFrame:
    """Contract `unmet`, the reason with most enquiries first."""
    rows = [
        {
            "reason": reason,
            "enquiries": len(group),
            "minimum_ha": group["minimum_ha"].sum(min_count=1),
            "enquiries_without_area": int(group["minimum_ha"].isna().sum()),
            "basis": weakest(group["basis"], default=UNKNOWN),
        }
        for reason, group in answers[answers["state"] == "unmet"].groupby("reason")
    ]
    table = pd.DataFrame(rows, columns=UNMET.column_names)
    return conform(table.sort_values(["enquiries", "reason"], ascending=[False, True], ignore_index=True), UNMET)
