# SPDX-License-Identifier: GPL-2.0-or-later
"""A ledger in which some sites must not leave the prefecture, each with a mark that would show if they did."""

from __future__ import annotations

import pandas as pd
import pytest
import shapely

from yochi.plugin.core.contracts import SITES, SOURCES, VERDICTS, conform

MARK = "秘匿用地"


@pytest.fixture
def ledger(make_sites):
    """Six released sites, one of them in part, and four that stay; s2 has given way to withheld s7."""
    shapes = [shapely.box(x, 0, x + 300, 300) for x in range(0, 5_000, 500)]
    count = len(shapes)
    sites = make_sites(
        shapes,
        name=[f"工業団地{n}" for n in range(1, 7)] + [f"{MARK}{n}" for n in range(7, 11)],
        area_code=["14101", "14101", "14101", "14102", "14102", "14102", "14101", "14102", "14102", "14102"],
        counted_ha=[8.0, 5.0, 9.0, 7.0, 6.0, 4.0, 3.25, 6.5, 2.75, 5.5],
        counted_basis="reported",
        available_ha=[8.0, 9.0, 9.0, 7.0, 6.0, 4.0, 3.25, 6.5, 2.75, 5.5],
        available_basis="reported",
        price_yen_m2=[10_000.0 * n for n in range(1, count + 1)],
        extension_ha=4.0,
        consent=["public"] * 3 + ["consented"] * 3 + [None, "internal", "consented", "public"],
        consent_date=[None, None, None, "2026-01-01", None, None, None, None, "2026-09-01", None],
        consent_until=[None, None, None, "2026-12-31", None, None, None, None, None, "2026-03-31"],
        released_fields=[None, None, None, None, None, "name|available_ha", None, None, None, None],
        note=[None] * 3 + [f"{MARK}8の隣"] + [None] * 6,
        infrastructure=[None, f"道路は{MARK}7と共用", None, "s10 line", "see s1", None, None, None, None, None],
        source_id=["public.csv"] * 6 + [f"{MARK}.csv"] * 4,
        source_row=range(2, 2 + count),
    )
    verdicts = pd.DataFrame(
        {"site_id": sites["site_id"], "profile_id": "law/x", "met_ha": 4.0, "not_met_ha": 5.0, "undecidable_ha": 0.0}
    ).assign(site_ha=9.0, basis="measured")
    sources = pd.DataFrame(
        {
            "source_id": ["public.csv", f"{MARK}.csv"],
            "title": ["工場適地調査", MARK],
            "file_name": ["/home/x/public.csv", f"{MARK}.csv"],
            "rows_read": [6, 4],
        }
    )
    overlaps = pd.DataFrame({"site_id": ["s2"], "kept_site_id": ["s7"], "overlap_ha": [4.0], "removed_ha": [4.0]})
    return {
        "sites": conform(sites, SITES),
        "verdicts": conform(verdicts, VERDICTS),
        "sources": conform(sources, SOURCES),
        "overlaps": overlaps,
        "areas": pd.DataFrame(
            {
                "area_code": ["14", "14101", "14102"],
                "name": ["県", "西区", "東区"],
                "level": ["prefecture", "municipality", "municipality"],
                "parent_code": [None, "14", "14"],
            }
        ),
        "outlook": pd.DataFrame({"area_code": ["14"], "stock_ha": [57.0]}),
    }
