# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from yochi.plugin.core import contracts
from yochi.plugin.core.errors import ReconciliationError
from yochi.plugin.core.exports import report

_VOID = {"meta", "br", "img"}
_OUTSIDE = r'(?:src|href)="(?!data:|#)|url\((?!#)|@import|https?://(?!www\.w3\.org/)'


class Balanced(HTMLParser):
    """Fails on a tag that is closed out of order."""

    def __init__(self):
        super().__init__()
        self.open = []

    def handle_starttag(self, tag, attributes):
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def words(page):
    return re.sub(r"<[^>]+>", " ", page.partition("</style>")[2])


def test_report_is_one_wellformed_file_without_network(tables, tmp_path):
    path = tmp_path / "報告 report.html"
    report.write(tables, path)
    page = path.read_text(encoding="utf-8")
    checker = Balanced()
    checker.feed(page)
    assert checker.open == []
    assert not re.search(_OUTSIDE, page)
    assert list(tmp_path.iterdir()) == [path]


def test_texts_are_escaped(tables):
    page = report.render(tables)
    assert "Small &lt;study&gt;" in page
    assert "工業用地 &lt;b&gt;&amp;&lt;/b&gt;" in page
    assert "<b>" not in page


def test_unknown_is_said_and_never_nan(tables):
    text = words(report.render(tables, "en"))
    assert "unknown" in text
    assert not re.search(r"\b(nan|None|NaT)\b|<NA>", text)


@pytest.mark.parametrize("language", ["both", "ja", "en"])
def test_synthetic_parts_are_announced(tables, language):
    banner = '<p class="banner">'
    assert banner in report.render(tables, language)
    for name in ("sites", "summary"):
        tables[name]["basis"] = "reported"
    assert banner not in report.render(tables, language)


def test_screening_is_said_to_be_no_legal_finding(tables):
    page = report.render(tables)
    assert "規則に基づくスクリーニングであり法的判断ではありません" in page
    assert "rule-based screening, not a legal finding" in page


def test_layers_have_totals_of_their_own_and_no_sum(tables):
    text = words(report.render(tables, "en"))
    assert "222.00" in text
    assert "20.01" in text
    assert "242.01" not in text


def test_total_of_the_outlook_counts_a_city_once(tables):
    foot = re.search(r"<tfoot>.*?</tfoot>", report.render(tables, "en"), re.DOTALL)[0]
    assert "48.65" in foot  # 19.46 + 29.19, without the city's 5.00
    assert "unknown (not in total): 1" in foot


def test_verdict_that_does_not_add_up_is_refused(tables):
    tables["verdicts"].loc[0, "met_ha"] = 6.0
    with pytest.raises(ReconciliationError, match="工業専用地域内"):
        report.render(tables)


def test_refused_report_leaves_the_old_one(tables, tmp_path):
    path = tmp_path / "report.html"
    path.write_text("old", encoding="utf-8")
    tables["sites"].loc[0, "counted_ha"] = 1.0
    with pytest.raises(ReconciliationError):
        report.write(tables, path)
    assert path.read_text(encoding="utf-8") == "old"


def test_study_with_hardly_any_results_can_be_reported(tables):
    for name in ("outlook", "verdicts", "overlaps", "fixlist", "sources"):
        tables[name] = contracts.empty(contracts.TABLES[name])
    assert "none" in words(report.render(tables, "en"))


def test_what_a_profile_assumes_and_the_tolerance_are_printed(tables):
    page = report.render(tables, "en")
    assert "In the zone – assumptions: 海岸線から1,000 m" in page
    assert "slivers that do not count for a headline (ha): 1.5" in page
