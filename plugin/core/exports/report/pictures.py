# SPDX-License-Identifier: GPL-2.0-or-later
"""The pictures: all areas in one chart, the maps, and the fan chart of each area."""

from __future__ import annotations

import pandas as pd

from .. import charts, figures
from .. import maps as map_pictures
from ..charts import canvas
from ..charts.overview import MOST_AREAS, urgent_first
from ..figures import Tables
from ..map_classes import By
from ..markup import Html, paragraphs, section
from ..wording import Language, phrase
from .parts import drawing, left_out, picture

MOST_FANS = 100
"""Fan charts in a report: with these it stays well below 10 MB."""

_MAP_DPI = 90
_MAPS: tuple[By, ...] = ("state", "depletion_year")


def overview(tables: Tables, language: Language) -> Html:
    """Every area in one chart, under the headline scenario."""
    scenario_id = figures.study_values(tables)["headline_scenario"]
    areas = urgent_first(tables["outlook"], scenario_id)
    chart = charts.overview(tables, scenario_id, language)
    notes = left_out(len(areas) - MOST_AREAS, language)
    return section(phrase("chart_overview", language), drawing(chart, "overview"), paragraphs(*notes))


def maps(tables: Tables, language: Language) -> Html:
    """The maps by state and by depletion year; nothing where no area has a shape."""
    outlook = tables["outlook"]
    if "geometry" not in outlook.columns or outlook["geometry"].isna().all():
        return Html("")
    spoken = canvas.drawable(language)
    drawn = {by: map_pictures.draw(tables, spoken, by=by) for by in _MAPS}
    return section(
        phrase("maps", language),
        *(picture(canvas.png(one, dpi=_MAP_DPI), phrase(f"map_title_{by}", language)) for by, one in drawn.items()),
    )


def areas(tables: Tables, language: Language) -> Html:
    """The fan chart of each area that has a forecast, the most urgent first, then remainders and the nation."""
    scenario_id = figures.study_values(tables)["headline_scenario"]
    outlook = tables["outlook"]
    sums = outlook[(outlook["scenario_id"] == scenario_id) & ~figures.is_own_area(outlook)]
    ordered = pd.concat([urgent_first(outlook, scenario_id), sums.sort_values("area_code")])
    forecast = set(tables["trajectory"]["area_code"])
    codes = [code for code in ordered["area_code"] if code in forecast]
    fans = [drawing(charts.fan(tables, code, scenario_id, language), f"fan-{code}") for code in codes[:MOST_FANS]]
    notes = [phrase("areas_note", language), *left_out(len(codes) - MOST_FANS, language)]
    return section(phrase("areas_charts", language), paragraphs(*notes), *fans)
