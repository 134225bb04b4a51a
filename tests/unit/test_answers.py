"""Answers survive, and what is no answer is named."""

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import trueaccount as ta
from trueaccount import answers
from trueaccount.exercise import Exercise
from trueaccount.kinds import KINDS
from trueaccount.kinds.base import Unreadable
from trueaccount.words import words


@pytest.fixture
def exercise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Exercise:
    monkeypatch.chdir(tmp_path)
    return ta.choose("x", prompt="?", options={"a": "A", "b": "B", "c": "C"}, most=2)


def test_the_file_is_as_documented(exercise: Exercise) -> None:
    exercise.save(["a"], 7)
    content = json.loads(exercise.path.read_text("utf-8"))
    at = content.pop("saved_at")
    about = {"format": 1, "exercise": "x", "kind": "choose"}
    assert content == about | {"answer": ["a"], "answered": True, "change": 7}
    assert at.endswith("+00:00")
    assert exercise.path.stat().st_mode & 0o777 == 0o644  # or collect could not read it
    assert (exercise.read().answer, exercise.read().change) == (["a"], 7)
    for strange in ("x", None, True, 1.5):
        exercise.path.write_text(json.dumps(content | {"saved_at": at, "change": strange}))
        assert exercise.read().change == 0


def test_creating_an_exercise_writes_nothing(exercise: Exercise) -> None:
    assert exercise.read() == answers.Saved([], "")
    assert not exercise.path.parent.exists()


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "JSON"),
        (b"\xff\xfe", "cannot be read"),
        (b"[1, 2", "JSON"),
        (b'"text"', "no answer file"),
        (b'{"format": 2}', "no answer file"),
        (b"[" * 100_000, "JSON"),
        (b'{"format": 1, "answer": ' + b"[" * 50 + b"]" * 50 + b"}", "deeply"),
        (b'{"format": 1, "format": 1}', "twice"),
        (b'{"format": 1, "answer": NaN}', "NaN"),
        (b'{"format": 1, "answer": Infinity}', "Infinity"),
        (b'{"format": 1, "answer": ' + b"9" * 6000 + b"}", "cannot be read"),
        (b'{"format": 1, "answer": "\\ud800"}', "cannot be read"),
        (b"x" * 1_000_001, "larger"),
        (b'{"format": 1, "exercise": "y", "kind": "choose"}', "belongs to the exercise 'y'"),
        (b'{"format": 1, "exercise": "x", "kind": "sort"}', "belongs to the kind 'sort'"),
        (b'{"format": 1, "exercise": "x", "kind": "choose"}', "lacks"),
        (
            b'{"format":1,"exercise":"x","kind":"choose","answer":["z"],"saved_at":""}',
            "'z' is not in this exercise",
        ),
    ],
)
def test_what_is_no_answer_is_named_and_kept(exercise: Exercise, raw: bytes, says: str) -> None:
    exercise.path.parent.mkdir()
    exercise.path.write_bytes(raw)
    with pytest.raises(Unreadable, match=says) as caught:
        exercise.read()
    assert "answers/x.json" in str(caught.value)
    exercise.save(["b"])
    assert exercise.read().answer == ["b"]
    assert exercise.path.with_name("x.json.kept-1").read_bytes() == raw


def test_links_pipes_and_folders_are_refused(exercise: Exercise, tmp_path: Path) -> None:
    exercise.path.parent.mkdir()
    exercise.path.symlink_to("/etc/passwd")
    with pytest.raises(Unreadable, match="cannot be opened"):
        exercise.read()
    exercise.path.unlink()
    os.mkfifo(exercise.path)
    with pytest.raises(Unreadable, match="plain file"):
        exercise.read()
    exercise.path.unlink()
    exercise.path.mkdir()
    with pytest.raises(Unreadable):
        exercise.read()


def test_a_refused_answer_changes_nothing(exercise: Exercise) -> None:
    exercise.save(["a"])
    before = exercise.path.read_bytes()
    for raw in (["a", "b", "c"], ["z"], "a", None, {"a": 1}):
        with pytest.raises(Unreadable):
            exercise.save(raw)
    assert exercise.path.read_bytes() == before


def test_a_full_disk_leaves_the_old_answer(exercise: Exercise, monkeypatch) -> None:
    exercise.save(["a"])

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        exercise.save(["b"])
    assert exercise.read().answer == ["a"]
    assert [p.name for p in exercise.path.parent.iterdir()] == ["x.json"]


def test_a_private_text_is_never_in_what_is_handed_in(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    private = ta.write("mine", prompt="?", private=True)
    private.save("When Leo rings, I ask first.")
    assert private.read().answer is True
    assert private.seen(private.read())[0] == "When Leo rings, I ask first."
    handed_in = "".join(p.read_text() for p in tmp_path.rglob("*") if p.is_file())
    assert "Leo" not in handed_in
    private.save("  ")
    assert private.read().answer is False


KILLED = """
import sys
from pathlib import Path
from trueaccount import answers
path = Path(sys.argv[1])
for n in range(1_000_000):
    answers.save(path, "x", "write", f"{n} " + "y" * 5000)
    print(n, flush=True)
"""


@pytest.mark.parametrize("after", [1, 7, 23])
def test_kill_at_any_moment_loses_nothing_acknowledged(tmp_path: Path, after: int) -> None:
    path = tmp_path / "answers" / "x.json"
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(after)]
    process.kill()
    rest, _ = process.communicate()
    told = int(([*lines, *rest.splitlines()])[-1])
    saved = answers.read(path, "x", "write")
    assert saved is not None
    assert int(saved.answer.split()[0]) in (told, told + 1)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(raw=ANYTHING, name=st.sampled_from(sorted(KINDS)))
def test_rubbish_is_unreadable_or_earns_no_more_than_the_rule_gives(raw, name) -> None:
    sample = KINDS[name].samples()
    try:
        answer = sample.kind.read_answer(raw)
    except Unreadable:
        return
    mark = sample.kind.mark(answer, sample.key, sample.why, words("en"))
    assert 0 <= mark.share <= 1
    if sample.kind.graded and mark.share == 1:
        assert all(item.holds for item in mark.items)


@settings(max_examples=150, deadline=None)
@given(raw=st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    with contextlib.suppress(Unreadable):
        answers.parse(raw)
