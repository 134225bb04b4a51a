"""`trueaccount demo` plays a whole course, and `learn` opens one without overwriting anything."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from trueaccount import report
from trueaccount.cli import main
from trueaccount.course import Course, CourseError, find
from trueaccount.serve import workplace

pytestmark = pytest.mark.pipeline


def test_a_whole_course(tiny: Course, monkeypatch, capsys, tmp_path: Path) -> None:
    monkeypatch.chdir(tiny.root)
    into = tmp_path / "my demo"  # with a space, as people have
    assert main(["demo", "--learners", "12", "--into", str(into)]) == 0
    told = capsys.readouterr()
    assert "Traceback" not in told.out + told.err
    assert f"trueaccount learn '{into / 'course'}'" in told.out
    course = find(into / "course")
    rows = {r.learner: r for r in report.report(course, "tiny", {})}
    count = Counter(r.status for r in rows.values())
    assert count[report.MISSING] == 1
    assert count[report.UNREADABLE] == 1
    assert count[report.GRADED] >= 3
    assert count[report.WAITS] >= 1
    assert [x for x, r in rows.items() if r.late] == ["learner-06"]
    points = [r.exercises for r in rows.values() if r.exercises is not None]
    assert min(points) < 15 < 35 < max(points)  # a cohort of varied skill
    for learner, row in rows.items():
        returned = list((into / "learners" / learner / "tiny").glob("feedback/*/tiny.html"))
        assert len(returned) == (row.status != report.MISSING)
    with (course.root / "gradebook" / "grades.csv").open() as file:
        exported = {line["student_id"]: line for line in csv.DictReader(file)}
    assert len(exported) == 12
    whole = next(r for r in rows.values() if r.status == report.GRADED)
    assert float(exported[whole.learner]["raw_score"]) == pytest.approx(whole.total)
    assert main(["demo", "--into", str(into)]) == 1
    assert "is not empty" in capsys.readouterr().err

    first = list(report.report(course, "tiny", {}))
    monkeypatch.chdir(course.root)
    assert main(["grade", "--all", "--again"]) == 1  # one of them cannot be read
    assert list(report.report(course, "tiny", {})) == first


def test_a_workplace_is_made_once_and_never_overwritten(tiny: Course) -> None:
    tiny.generate("tiny")
    tiny.publish("tiny")
    mine = workplace(tiny.root)
    assert mine == tiny.root / "learner"
    assert (mine / "lessons" / "1-tiny.ipynb").is_file()
    answers = mine / "tiny" / "answers"
    answers.mkdir()
    (answers / "seen.json").write_text("mine")
    lesson = mine / "lessons" / "1-tiny.ipynb"
    lesson.write_text("mine too")
    assert workplace(mine) == mine  # the folder itself may be named as well
    assert workplace(tiny.root) == mine
    assert (answers / "seen.json").read_text() == "mine"
    assert lesson.read_text() == "mine too"


def test_a_workplace_moves_with_its_course_and_says_so_without(
    tiny: Course, tmp_path: Path
) -> None:
    name = workplace(tiny.root).name
    moved = tiny.root.rename(tmp_path / "moved")
    assert workplace(moved / name) == moved / name
    alone = (moved / name).rename(tmp_path / "alone")
    with pytest.raises(CourseError, match="holds no course"):
        workplace(alone)
