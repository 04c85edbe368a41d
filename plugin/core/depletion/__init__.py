# SPDX-License-Identifier: GPL-2.0-or-later
"""When each area runs out of industrial land, and by when it must start the next estate."""

from .forecast import Forecast, forecast
from .scenarios import Scenario, load_scenario, scenario_table, scenarios

__all__ = ["Forecast", "Scenario", "forecast", "load_scenario", "scenario_table", "scenarios"]
