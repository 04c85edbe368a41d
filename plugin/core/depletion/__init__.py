# SPDX-License-Identifier: GPL-2.0-or-later
"""When each area runs out of industrial land, and by when it must start the next estate."""

from .assumptions import Assumptions, load_assumptions
from .comparisons.backtest import backtest
from .comparisons.controls import controls
from .forecast import Forecast, forecast
from .scenarios import Conversion, Scenario, load_scenario, scenario_table, scenarios
from .settings import Settings

__all__ = [
    "Assumptions",
    "Conversion",
    "Forecast",
    "Scenario",
    "Settings",
    "backtest",
    "controls",
    "forecast",
    "load_assumptions",
    "load_scenario",
    "scenario_table",
    "scenarios",
]
