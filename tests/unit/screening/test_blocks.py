# SPDX-License-Identifier: GPL-2.0-or-later
"""Sites screened block by block and by several threads: the answers are those of one run, and a cancel is heard."""

from __future__ import annotations

import threading
import time

import pandas as pd
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal

from yochi.plugin.core.errors import CancelledError, ContractError
from yochi.plugin.core.progress import SILENT, Progress
from yochi.plugin.core.screening import Surroundings, find_next, screen, screen_blocks, sum_facts
from yochi.plugin.core.screening.crew import Crew

SIDE_M = 100


@pytest.fixture
def sites(make_sites):
    """Sites of which many cross the line between zoning and nothing, in no order; two are not drawn."""
    shapes = [shapely.box(x, 0, x + 150, SIDE_M) for x in range(0, 3_000, 100)]
    shapes[4] = shapes[11] = None
    stated = [None if shape else 2.0 for shape in shapes]
    return make_sites(shapes, pref_code="14", available_ha=stated).sample(frac=1, random_state=3)


@pytest.fixture
def profile(make_profile):
    return make_profile({"zone": {"kind": "zone_is_one_of", "zones": ["exclusive_industrial"]}})


@pytest.fixture
def around(frame):
    strips = [shapely.box(x, -50, x + 200, 60) for x in range(0, 3_000, 300)]
    zones = frame(strips, zone_id=[f"Z{n}" for n in range(10)], zone=["exclusive_industrial", "unknown"] * 5)
    return Surroundings(zones=zones)


def test_blocks_are_the_parts_of_the_whole(sites, around, profile):
    whole = screen(sites, around, [profile])
    blocks = [block for block, _ in screen_blocks(sites, around, [profile], size=7)]
    assert [len(block.sites) for block in blocks] == [7, 7, 7, 7, 2]
    assert_geodataframe_equal(pd.concat([block.sites for block in blocks]), whole.sites)
    for name in ("verdicts", "evidence"):
        together = pd.concat([getattr(block, name) for block in blocks], ignore_index=True)
        pd.testing.assert_frame_equal(together, getattr(whole, name))
    pieces = pd.concat([block.pieces for block in blocks], ignore_index=True)
    assert_geodataframe_equal(pieces, whole.pieces)


def test_facts_of_blocks_make_one_ranking(sites, around, profile):
    whole = screen(sites, around, [profile])
    expected = find_next(whole.evidence, whole.pieces, whole.sites, [profile])
    found = [
        find_next(one.evidence, one.pieces, one.sites, [profile])
        for one, _ in screen_blocks(sites, around, [profile], size=7)
    ]
    assert len(expected) > 1
    pd.testing.assert_frame_equal(sum_facts(found), expected)
    assert sum_facts([]).empty


def test_faults_are_told_before_the_first_block(sites, around, profile):
    repeated = pd.concat([sites, sites.iloc[:1]])
    with pytest.raises(ContractError, match="stands twice"):
        next(screen_blocks(repeated, around, [profile], size=7))
    wrong = sites.assign(layer=["idle_prepared"] * (len(sites) - 1) + ["nothing"])
    with pytest.raises(ContractError, match="unknown code 'nothing'"):
        next(screen_blocks(wrong, around, [profile], size=7))


def test_no_sites_are_one_empty_block(sites, around, profile):
    blocks = [block for block, _ in screen_blocks(sites.iloc[:0], around, [profile])]
    assert [len(block.sites) for block in blocks] == [0]


def test_a_crew_keeps_the_order_of_its_items():
    def work(number, _):
        time.sleep(0.02 if number % 2 == 0 else 0.0)
        return -number

    with Crew(work) as crew:
        assert list(crew.each(range(12), SILENT)) == [-number for number in range(12)]


def test_a_cancel_stops_work_that_is_under_way():
    """The work never ends by itself, and the cancel comes while the calling thread waits for it."""
    started = threading.Event()

    def work(_, between):
        started.set()
        while True:
            between()
            time.sleep(0.001)

    with pytest.raises(CancelledError), Crew(work) as crew:
        list(crew.each(range(8), Progress(cancelled=started.is_set)))


def test_an_error_in_a_thread_is_raised_where_it_is_waited_for():
    def work(number, _):
        return 1 // number

    with pytest.raises(ZeroDivisionError), Crew(work) as crew:
        list(crew.each([1, 0], SILENT))
