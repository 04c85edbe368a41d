# SPDX-License-Identifier: GPL-2.0-or-later
"""What can be chosen in the toolbox, listed without importing the analysis packages."""

from __future__ import annotations

from ..plugin.core.resources import FOLDER, codes

FORMATS = (
    *("auto", "ksj-l05", "ksj-n03", "plateau-urf", "qgis-world-map"),
    *("estat-location-survey", "yochi-statistics", "yochi", "table"),
)
TABLES = (
    *("sites", "areas", "take_up", "zones", "port_zones", "port_ordinances", "designations"),
    *("coastline", "reclaimed", "wells", "parcels"),
)


def profile_ids() -> list[str]:
    """Rule profiles that come with Yochi."""
    return sorted(f"{status}/{name}" for status in codes("profile_statuses") for name in _rule_names(status))


def scenario_ids() -> list[str]:
    """Scenarios that come with Yochi."""
    return _rule_names("scenarios")


def preset_ids() -> list[str]:
    """Requirements of industries that come with Yochi."""
    return sorted(path.stem for path in (FOLDER / "presets").glob("*.toml"))


def take_up_series() -> list[str]:
    """Series of take-up, the whole survey first."""
    return list(codes("take_up_series"))


def _rule_names(folder: str) -> list[str]:
    return sorted(path.stem for path in (FOLDER / "rules" / folder).glob("*.toml"))
