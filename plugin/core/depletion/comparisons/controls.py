# SPDX-License-Identifier: GPL-2.0-or-later
"""The published national figures, what follows from them, and the same from a study of the whole country."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ...contracts import CONTROLS, conform
from ...errors import RuleError
from ...provenance import DERIVED, REPORTED, weakest
from ...resources import FOLDER, code_list, read_toml

_ANSWERED = ("prefecture", "designated_city")
"""Levels of the bodies that the survey of 2023 asked."""

_TONGUES = ("ja", "en")


@dataclass(frozen=True)
class _Figure:
    """A published figure, or one that follows from published ones."""

    value: float
    as_of: str
    source: str
    basis: str = REPORTED


def controls(outlook: pd.DataFrame, scenario_id: str) -> pd.DataFrame:
    """National figures as published, beside those of a study.

    Years are stock over take-up: gross with nothing developed any more, net with the published new development taken
    off the take-up. The figures come from `resources/statistics`, as `resources/rules/depletion/controls.toml` chooses.

    Parameters
    ----------
    outlook : DataFrame
        Contract `outlook`. The study has values only where there is a row of level `national`, and none where what the
        value is made of is unknown in part.
    scenario_id : str
        Scenario whose stock and take-up are shown.

    Returns
    -------
    DataFrame
        Contract `controls`: a row for each of `resources/codes/controls.csv`, with how it is reckoned in both
        languages.

    Raises
    ------
    RuleError
        `controls.toml` cannot be read.
    """
    choices = read_toml(FOLDER / "rules" / "depletion" / "controls.toml", "choice of controls", RuleError)
    published = _published(choices)
    study, study_basis = _of_study(outlook, scenario_id, published["new_development_ha_per_year"].value, choices)
    words = _words(published, choices)
    rows = []
    for text in code_list("controls"):
        figure = published[text["code"]]
        titles = {f"title_{tongue}": text[f"name_{tongue}"] for tongue in _TONGUES}
        reckoned = {name: text[name].format(**words) for name in (f"explanation_{tongue}" for tongue in _TONGUES)}
        value = study.get(text["code"], np.nan)
        basis = figure.basis if np.isnan(value) else weakest([figure.basis, study_basis])
        figures = {"published_value": figure.value, "study_value": value, "unit": text["unit"]}
        about = {"as_of": figure.as_of, "source": figure.source, "basis": basis}
        rows.append({"control_id": text["code"], **titles, **reckoned, **figures, **about})
    return conform(pd.DataFrame(rows), CONTROLS)


def _published(choices: Mapping[str, Any]) -> dict[str, _Figure]:
    totals = pd.read_csv(FOLDER / "statistics" / "control_totals.csv", dtype={"as_of": "str"}).set_index("id")

    def total(name: str) -> _Figure:
        row = totals.loc[name]
        return _Figure(float(row["value"]), row["as_of"], row["source"])

    stock, new_development = total(choices["stock"]), total(choices["new_development"])
    take_up = _mean_take_up(_chosen_years(choices))
    together = {"stock_ha": stock, "take_up_ha_per_year": take_up, "new_development_ha_per_year": new_development}
    return together | {
        "gross_years": _derived(_years(stock.value, take_up.value), stock, take_up),
        "net_years": _derived(
            _years(stock.value, take_up.value - new_development.value), stock, take_up, new_development
        ),
        "share_depleting_soon": total(choices["survey"]["share"]),
    }


def _chosen_years(choices: Mapping[str, Any]) -> pd.DataFrame:
    """The nation's years of take-up that the control takes."""
    yearly = pd.read_csv(FOLDER / "statistics" / "take_up_national.csv")
    return yearly[yearly["year"].between(choices["take_up"]["first_year"], choices["take_up"]["last_year"])]


def _mean_take_up(years: pd.DataFrame) -> _Figure:
    as_of = f"{years['year'].min()}-{years['year'].max()}"
    return _Figure(years["area_ha"].mean(), as_of, "; ".join(years["source"].unique()), DERIVED)


def _derived(value: float, *parts: _Figure) -> _Figure:
    as_of, source = (dict.fromkeys(getattr(part, name) for part in parts) for name in ("as_of", "source"))
    return _Figure(value, "; ".join(as_of), "; ".join(source), DERIVED)


def _years(stock_ha: float, falls_by_ha_per_year: float) -> float:
    """Years that a stock lasts; NaN where it does not fall."""
    return stock_ha / falls_by_ha_per_year if falls_by_ha_per_year > 0 else np.nan


def _of_study(
    outlook: pd.DataFrame, scenario_id: str, new_development_ha: float, choices: Mapping[str, Any]
) -> tuple[dict[str, float], str]:
    """What a study of the whole country has to set beside the published figures, and its basis."""
    national = outlook[(outlook["level"] == "national") & (outlook["scenario_id"] == scenario_id)]
    if national.empty:
        return {}, DERIVED
    nation = national.iloc[0]
    bounds = str(nation["reason"])
    stock = np.nan if "stock_partly_unknown" in bounds else nation["stock_ha"]
    take_up = np.nan if "take_up_partly_unknown" in bounds else nation["take_up_ha_per_year"]
    values = {
        "stock_ha": stock,
        "take_up_ha_per_year": take_up,
        "gross_years": _years(stock, take_up),
        "net_years": _years(stock, take_up - new_development_ha),
        "share_depleting_soon": _share(outlook, choices["survey"]["scenario"], choices["survey"]["within_years"]),
    }
    return values, weakest([nation["stock_basis"], nation["take_up_basis"], DERIVED])


def _share(outlook: pd.DataFrame, scenario_id: str, within_years: float) -> float:
    """Share of the bodies with an answer that run out in time; NaN where there is none."""
    asked = outlook["level"].isin(_ANSWERED) & (outlook["scenario_id"] == scenario_id)
    answers = outlook[asked & (outlook["state"] != "no_data")]["years_to_depletion"]
    return float((answers <= within_years).mean())


def _words(published: Mapping[str, _Figure], choices: Mapping[str, Any]) -> dict[str, float]:
    """The figures that the explanations name."""
    yearly = _chosen_years(choices)["area_ha"]
    names = ("stock_ha", "take_up_ha_per_year", "new_development_ha_per_year")
    stock, take_up, new_development = (published[name].value for name in names)
    return {
        "stock": stock,
        "take_up": take_up,
        "new_development": new_development,
        "difference": take_up - new_development,
        "covered": new_development / take_up,
        "gross": published["gross_years"].value,
        "net": published["net_years"].value,
        "least": yearly.min(),
        "most": yearly.max(),
        "net_of_least": _years(stock, yearly.min() - new_development),
        "net_of_most": _years(stock, yearly.max() - new_development),
        "share": published["share_depleting_soon"].value,
        "within_years": choices["survey"]["within_years"],
        **choices["take_up"],
    }
