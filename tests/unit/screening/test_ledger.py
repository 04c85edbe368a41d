# SPDX-License-Identifier: GPL-2.0-or-later
"""How lots are read as people write them."""

from __future__ import annotations

import pytest
import shapely

from yochi.plugin.core.screening.ledger import normal, place, read_lots


@pytest.mark.parametrize(
    ("text", "lots"),
    [
        ("扇島1番1", [("扇島", "1-1", "whole")]),
        ("扇島１番地の１", [("扇島", "1-1", "whole")]),
        ("扇島 1－1", [("扇島", "1-1", "whole")]),
        ("扇島1-1番地", [("扇島", "1-1", "whole")]),
        ("浅野町一丁目２番３", [("浅野町1丁目", "2-3", "whole")]),
        ("浅野町十二丁目5番", [("浅野町12丁目", "5", "whole")]),
        ("扇島1番1の一部", [("扇島", "1-1", "part")]),
        ("扇島1番1（一部）", [("扇島", "1-1", "part")]),
        ("扇島1番1、2番及び水江町3番", [("扇島", "1-1", "whole"), ("扇島", "2", "whole"), ("水江町", "3", "whole")]),
        ("扇島1番1ほか3筆", [("", "", "part"), ("扇島", "1-1", "whole")]),
        ("扇島1番1から1番5まで", [("", "", "part")]),
        ("外神田1番2", [("外神田", "1-2", "whole")]),
        ("扇島地先", [("", "", "part")]),
        (None, []),
    ],
)
def test_lots(text, lots) -> None:
    assert read_lots(text) == lots


def test_one_spelling_of_an_address() -> None:
    assert normal("扇町 三丁目１ー２") == "扇町3丁目1-2"


def test_what_fits_two_municipalities_is_a_part_of_either(frame) -> None:
    parcels = frame(
        [shapely.box(x, 0, x + 9, 9) for x in (0, 50, 90)],
        parcel_id=["a", "b", "c"],
        muni_code=["14131", "14103", "14131"],
        district=["本町", "本町", "上本町"],
        lot=["1", "1", "1"],
    )
    entries = frame([None, None], designation_id=["d1", "d2"], kind="action_required", lots=["本町1番", "上本町1番"])
    ledger = place(entries, parcels)
    found = ledger.placed.sort_values("designation_id")
    assert found["designation_id"].tolist() == ["d1", "d1", "d2"]
    assert found["extent"].tolist() == ["part", "part", "whole"]  # 上本町 fits more of the name than 本町
    assert ledger.unplaced.empty


def test_an_entry_of_which_one_lot_has_no_place_is_both(frame) -> None:
    parcels = frame([shapely.box(0, 0, 9, 9)], parcel_id="a", muni_code="14131", district="扇島", lot="1番1")
    entries = frame([None], designation_id=["d1"], kind="action_required", lots=["扇島1番1、9番9"])
    ledger = place(entries, parcels)
    assert ledger.placed["designation_id"].tolist() == ledger.unplaced["designation_id"].tolist() == ["d1"]
