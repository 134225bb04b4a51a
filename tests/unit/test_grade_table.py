"""The grade table on the screen: every row whole, nothing wider than the screen."""

import csv
from datetime import datetime
from pathlib import Path

import pytest
from rich.cells import cell_len

from trueaccount import report
from trueaccount.report import Row, lines

AT = datetime(2026, 11, 20, 10, 15)
WHY = "answers/seen.json: is not JSON (Expecting value: line 1 column 1 (char 0)); " * 3
ROWS = [
    Row("ann", report.GRADED, 40.0, 7.0, 50.0, AT, True, ""),
    Row("learner-" * 16, report.WAITS, 5.333, None, 50.0, AT, False, ""),
    Row("日本語", report.UNREADABLE, None, None, 50.0, None, False, WHY),
    Row("eve", report.MISSING, None, None, 50.0, None, False, ""),
]


@pytest.mark.parametrize("width", [72, 80, 160, 400])
def test_it_fits_and_nothing_is_lost(width: int) -> None:
    told = list(lines(ROWS, width))
    assert max(map(cell_len, told)) <= width
    first, *rest = told[3].split()
    assert rest == ["needs", "a", "person", "5.33", "50", "2026-11-20", "10:15"]
    folded = [line for line in told[4:] if line.startswith(("l", "e", "a", "r", "n", "-"))]
    assert "".join([first, *folded]).startswith("learner-" * 16)
    note = [line.strip() for line in told if line.startswith("    ")]
    assert " ".join(note) == WHY.strip()
    for row in (ROWS[0], ROWS[2], ROWS[3]):
        assert sum(line.startswith(f"{row.learner} ") for line in told) == 1


def test_figures_stand_below_each_other() -> None:
    head, _, first, *_ = lines(ROWS[:1], 160)
    assert first.split() == ["ann", "graded", "40", "7", "47", "50", "2026-11-20", "10:15", "late"]
    for column, text in (("exercises", "40"), ("total", "47"), ("of ", "50 ")):
        assert head.index(column) + len(column) == first.index(text) + len(text)


def test_without_learners_there_is_only_a_head() -> None:
    assert next(line.split() for line in lines([], 80)) == [
        "learner", "status", "exercises", "task", "total", "of", "handed", "in", "late",
    ]  # fmt: skip


def test_a_spreadsheet_computes_nothing_and_an_empty_cell_is_empty(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    report.write([Row("=1+1", report.MISSING, None, None, 50.0, None, False, "")], table)
    (row,) = csv.DictReader(table.open(encoding="utf-8", newline=""))
    assert row["learner"] == "'=1+1"
    assert row["total"] == row["late"] == row["receipt"] == row["note"] == ""
