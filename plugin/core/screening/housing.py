# SPDX-License-Identifier: GPL-2.0-or-later
"""工業専用地域等: land on which the buildings of 建築基準法 別表第二(わ)項 are banned (規則49条の5 一号).

Land in 工業専用地域, and in a 分区 only where its ordinance bans them, since 港湾法58条1項 switches the zoning off
there; and land of a 工業港区 outside 工業専用地域 whose ordinance (港湾法40条1項) bans them.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from .evidence import Findings, Integers, Mask, Origin, Text, findings, first_that_holds, where
from .layers import Layer
from .logic import MET, NOT_MET, UNDECIDABLE, Results


def ordinance_answers(ports: pd.DataFrame, ordinances: pd.DataFrame | None) -> pd.DataFrame:
    """Whether the ordinance bans housing in each port zone (`bans`), and the data set that says so (`bans_source`).

    What the zone says itself comes first, else what the table says.
    """
    own = ports["ordinance_bans_housing"].where(ports["ordinance_bans_housing"].isin(["yes", "no"]))
    answers = pd.DataFrame({"bans": own, "bans_source": ports["source_id"]})
    if ordinances is not None:
        keys = pd.MultiIndex.from_arrays([ports["port"], ports["bunku"].fillna("unknown")])
        listed = (
            ordinances.set_index(["port", "bunku"])[["bans_housing", "source_id"]].reindex(keys).set_axis(ports.index)
        )
        answered = own.isna() & listed["bans_housing"].notna()
        answers = answers.mask(answered, listed.set_axis(["bans", "bans_source"], axis=1))
    return answers.fillna({"bans": "unknown"})


def housing_banned(zones: Layer, ports: Layer, zone_rows: Integers, port_rows: Integers) -> Findings:
    """Whether housing is banned on land in given rows of the zones and the port zones (-1: in none).

    Every combination of what is unknown is thought of: the answer is met or not met where all of them agree.
    """
    zone, bunku = zones.take("zone", zone_rows), ports.take("bunku", port_rows)
    bans = ports.take("bans", port_rows)
    in_port = port_rows >= 0
    outside, no_zone = zone_rows < 0, zone == "unknown"
    exclusive = _three(zone == "exclusive_industrial", outside | no_zone)
    port = _three(in_port, ~in_port & _no_word_of_ports(zones, ports, zone_rows))
    no_bunku = in_port & (pd.isna(bunku) | (bunku == "unknown"))
    industrial = _three(bunku == "industrial", no_bunku | ~in_port)
    ordinance = _three(bans == "yes", (bans != "yes") & (bans != "no"))
    ordered = np.minimum(np.minimum(port, ordinance), np.maximum(exclusive, industrial))
    result = np.maximum(ordered, np.minimum(exclusive, -port))
    open_ = result == UNDECIDABLE
    reason = first_that_holds(
        [
            (open_ & outside, UNDECIDABLE, "outside_zoning_data"),
            (open_ & no_zone, UNDECIDABLE, "zone_unknown"),
            (open_ & ~in_port, UNDECIDABLE, "port_zones_not_loaded"),
            (open_ & no_bunku, UNDECIDABLE, "bunku_unknown"),
            (open_, UNDECIDABLE, "ordinance_unknown"),
            ((result == MET) & in_port, MET, "ordinance_bans_housing"),
            (result == MET, MET, "zone_bans_housing"),
            (in_port & (ordinance == NOT_MET), NOT_MET, "ordinance_allows_housing"),
            (in_port, NOT_MET, "no_industrial_port_zone"),
        ],
        (NOT_MET, "zone_allows_housing"),
    )[1]
    by_port = in_port & (reason != "outside_zoning_data") & (reason != "zone_unknown")
    zone_origin, port_origin = zones.origin(zone_rows, "valid_from"), ports.origin(port_rows, "valid_from")
    by_answer = np.isin(reason, ("ordinance_bans_housing", "ordinance_allows_housing"))
    port_data_set = where(by_answer, ports.take("bans_source", port_rows), port_origin.data_set)
    origin = Origin(
        where(by_port, port_data_set, zone_origin.data_set),
        where(by_port, port_origin.edition, zone_origin.edition),
        np.maximum(zone_origin.basis, port_origin.basis),
    )
    subject = _subjects(zones, ports, zone_rows, port_rows, reason)
    return findings(result, reason, value=where(by_port, bunku, zone), origin=origin, subject=subject)


def _no_word_of_ports(zones: Layer, ports: Layer, zone_rows: Integers) -> Mask:
    """Whether the port zones say nothing of land: none is loaded, or only those of other municipalities.

    Where the zoning or the port zones name no municipality, the port zones are taken as complete.
    """
    if not ports.loaded:
        return np.ones(len(zone_rows), dtype=bool)
    municipality = zones.take("muni_code", zone_rows)
    covered = set(ports.table["muni_code"]) if ports.table["muni_code"].notna().all() else None
    if covered is None:
        return np.zeros(len(zone_rows), dtype=bool)
    return pd.notna(municipality) & ~pd.Series(municipality).isin(covered).to_numpy()


def _three(yes: Mask, unknown: Mask) -> Results:
    return np.where(unknown, UNDECIDABLE, np.where(yes, MET, NOT_MET)).astype("int8")


def port_names(ports: Layer, port_rows: Integers) -> Text:
    """Name of the port, or the identifier of the polygon where it has none."""
    names = ports.take("port", port_rows)
    return where(pd.isna(names), ports.take("port_zone_id", port_rows), names)


def _subjects(zones: Layer, ports: Layer, zone_rows: Integers, port_rows: Integers, reason: Text) -> Text:
    """What would have to be asked about; None where it is the place itself."""
    subject = where(reason == "zone_unknown", zones.take("zone_id", zone_rows), None)
    missing = reason == "port_zones_not_loaded"
    municipality = zones.take("muni_code", zone_rows)
    subject[missing] = where(pd.isna(municipality), "port_zones", municipality)[missing]
    names = port_names(ports, port_rows)
    subject = where(reason == "bunku_unknown", names, subject)
    of_ordinance = reason == "ordinance_unknown"
    subject[of_ordinance] = names[of_ordinance] + " / " + ports.take("bunku", port_rows[of_ordinance])
    return subject
