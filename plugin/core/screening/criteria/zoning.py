# SPDX-License-Identifier: GPL-2.0-or-later
"""Use districts (用途地域, 都市計画法8条1項1号) and port zones (分区, 港湾法39条1項)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from ..evidence import Findings, findings, first_that_holds, where
from ..housing import housing_banned, port_names
from ..land import Land
from ..logic import MET, NOT_MET, UNDECIDABLE
from .kind import Kind
from .parameters import Codes


def _zone_is_one_of(land: Land, parameters: Mapping[str, Any]) -> Findings:
    """Whether land lies in one of the use districts; inside the data without a district it does not."""
    zones, row = land.ground.zones, land.row("zones")
    zone = zones.take("zone", row)
    result, reason = first_that_holds(
        [
            (row < 0, UNDECIDABLE, "outside_zoning_data"),
            (zone == "unknown", UNDECIDABLE, "zone_unknown"),
            (pd.Series(zone).isin(parameters["zones"]).to_numpy(), MET, "zone_in_list"),
        ],
        (NOT_MET, "zone_not_in_list"),
    )
    subject = where(row < 0, None, zones.take("zone_id", row))
    return findings(result, reason, value=zone, origin=zones.origin(row, "valid_from"), subject=subject)


def _housing_banned(land: Land, _: Mapping[str, Any]) -> Findings:
    """Whether land is 工業専用地域等."""
    ground = land.ground
    return housing_banned(ground.zones, ground.port_zones, land.row("zones"), land.row("port_zones"))


def _port_bunku_is_one_of(land: Land, parameters: Mapping[str, Any]) -> Findings:
    """Whether land lies in one of the 分区."""
    ports, row = land.ground.port_zones, land.row("port_zones")
    bunku = ports.take("bunku", row)
    result, reason = first_that_holds(
        [
            (np.full(len(row), not ports.loaded), UNDECIDABLE, "port_zones_not_loaded"),
            (row < 0, NOT_MET, "outside_port_zones"),
            (pd.isna(bunku) | (bunku == "unknown"), UNDECIDABLE, "bunku_unknown"),
            (pd.Series(bunku).isin(parameters["bunku"]).to_numpy(), MET, "bunku_in_list"),
        ],
        (NOT_MET, "bunku_not_in_list"),
    )
    subject = port_names(ports, row) if ports.loaded else "port_zones"
    return findings(result, reason, value=bunku, origin=ports.origin(row, "valid_from"), subject=subject)


KINDS = {
    "zone_is_one_of": Kind(_zone_is_one_of, {"zones": Codes("zones")}, layers=("zones",)),
    "housing_banned": Kind(_housing_banned, layers=("zones", "port_zones")),
    "port_bunku_is_one_of": Kind(_port_bunku_is_one_of, {"bunku": Codes("bunku")}, layers=("port_zones",)),
}
