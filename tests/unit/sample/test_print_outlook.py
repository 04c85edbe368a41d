# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import pandas as pd
import pytest

from yochi.plugin.core import outlook
from yochi.plugin.core.errors import YochiError
from yochi.plugin.core.exports import ledger


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("出力 folder") / "ledger.gpkg"
    ledger.write(outlook.run(outlook.load_study(outlook.SAMPLE_STUDY)), path)
    return path


@pytest.fixture(scope="module")
def printer(script):
    return script("print_outlook")


def test_full_width_characters_take_two_columns(printer):
    assert printer.width("北海道 ha") == 9
    head, first, second = printer.aligned([["コード", "a", "b"], ["1", "北海道", "1.00"], ["2", "x", "10.00"]])
    assert printer.width(first) == printer.width(second)
    assert head.startswith("コード  ")


@pytest.mark.parametrize(("language", "synthetic"), [("ja", "合成データ"), ("en", "synthetic data")])
def test_table_is_printed_with_title_totals_and_marks(printer, path, capsys, language, synthetic):
    printer.show(path, language)
    lines = capsys.readouterr().out.splitlines()
    assert synthetic in lines[0]
    rules = [number for number, line in enumerate(lines) if line.startswith("---")]
    rows = lines[rules[0] + 1 : rules[1]]
    assert [row[:2] for row in rows] == [*(f"{number:02d}" for number in range(1, 48)), "JP"]
    assert "10,000.00 S" in lines[rules[1] + 1]
    assert "1,310.60 S" in lines[rules[1] + 1]
    assert not any("nan" in line or "None" in line for line in lines)


def test_unknown_is_said(printer, path, capsys):
    printer.show(path, "en")
    row = next(line for line in capsys.readouterr().out.splitlines() if "No data" in line)
    assert row.count("unknown ?") == 5


def test_ledger_that_is_not_there_is_named(printer, tmp_path):
    with pytest.raises(YochiError, match="is not there"):
        printer.show(tmp_path / "none.gpkg", "en")


def test_same_study_gives_equal_tables(path, tmp_path):
    ledger.write(outlook.run(outlook.load_study(outlook.SAMPLE_STUDY)), tmp_path / "ledger.gpkg")
    for name in ("sites", "outlook", "verdicts", "summary", "trajectory", "study"):
        again = ledger.read_table(tmp_path / "ledger.gpkg", name)
        pd.testing.assert_frame_equal(pd.DataFrame(again), pd.DataFrame(ledger.read_table(path, name)))
