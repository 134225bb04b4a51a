"""Answer files as no page would write them: refused by name, or worth no more than the rule gives.

The files are near to right ones, and made of the exercise's own ids, so that many of them read.
"""

import json
import math
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trueaccount import answers
from trueaccount.exercise import Exercise, Scheme
from trueaccount.kinds import KINDS
from trueaccount.kinds.base import Samples, Unreadable
from trueaccount.words import words

POINTS = 8.0
SCRIPT = "<script>alert(1)</script>"
ODD = [
    "", " ", "__class__", "__proto__", "constructor", SCRIPT, "\x00", "\u202e", "NaN", "null", "é",
    None, True, False, 0, 1, -1, 2**53 + 1, 10**30, 0.5, -0.0, 1e308, 5e-324, [], {}, [[]], {"": 1},
]  # fmt: skip
SAMPLES = {name: kind.samples() for name, kind in KINDS.items()}

# What is right, said once more and not by the kinds themselves, where that can be said in a line.
RIGHT: dict[str, Callable[[Any, Any], bool]] = {
    "sort": lambda answer, key: answer == key,
    "match": lambda answer, key: answer == key,
    "order": lambda answer, key: answer == key,
    "choose": lambda answer, key: set(answer) == set(key),
    "mark": lambda answer, key: set(answer) == set(key),
    "number": lambda answer, key: (
        answer is not None and abs(answer - key["value"]) <= key.get("tolerance", 0)
    ),
}

fuzz = settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(params=sorted(KINDS))
def name(request: pytest.FixtureRequest) -> str:
    return request.param


def right_ones(sample: Samples) -> list[Any]:
    """Return answers that can be read, of all worths."""
    known = [answer for answer, _ in sample.shares.values()]
    return [*known, *sample.kind.sweeps(), sample.kind.empty(), sample.kind.model(sample.key)]


def atoms(value: Any) -> list[Any]:
    """Return every id, key and figure in an answer."""
    if isinstance(value, dict):
        return [*value, *(x for inner in value.values() for x in atoms(inner))]
    if isinstance(value, list):
        return [x for inner in value for x in atoms(inner)]
    return [value]


def near(sample: Samples) -> st.SearchStrategy[Any]:
    """Return answers like those of the sample: their shapes and ids, put together anyhow."""
    rights = right_ones(sample)
    one = st.sampled_from([x for right in rights for x in atoms(right)] or [0]) | st.sampled_from(
        ODD
    )
    key = one.map(str)
    inner = st.recursive(
        one, lambda x: st.lists(x, max_size=9) | st.dictionaries(key, x, max_size=9), max_leaves=12
    )
    return st.tuples(
        st.sampled_from(rights), st.lists(st.tuples(key, inner), max_size=3), inner
    ).map(lambda parts: changed(*parts))


def changed(right: Any, changes: list[tuple[str, Any]], other: Any) -> Any:
    """Return a right answer with some of it replaced, or another one, if none of it can be."""
    if isinstance(right, dict):
        return right | dict(changes)
    if isinstance(right, list):
        out = list(right)
        for where, value in changes:
            out.insert(len(where) % (len(out) + 1), value)
            out = out[len(where) % 2 :]
        return out
    return other


def file_of(name: str, answer: Any, **more: Any) -> dict[str, Any]:
    return {"format": 1, "exercise": "x", "kind": name, "answer": answer, "saved_at": ""} | more


def check(name: str, folder: Path, raw: bytes) -> None:
    """Read `raw` as an answer file and mark it: Unreadable with a reason, or within the rule."""
    sample = SAMPLES[name]
    exercise = Exercise("x", sample.kind)
    path = answers.path_of(folder, "x")
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(raw)
    reason = ""
    try:
        answer = exercise.read(folder).answer
    except Unreadable as problem:
        reason = str(problem)
    if reason:
        assert reason.startswith("answers/x.json: ")
        assert reason.isprintable()
        assert len(reason) < 400
        return
    assert sample.kind.read_answer(json.loads(json.dumps(answer, allow_nan=False))) == answer
    assert min(sample.kind.progress(answer)) >= 0
    assert SCRIPT not in exercise.record(answer)
    json.dumps(sample.kind.view(answer, words("en")), allow_nan=False)
    if not sample.kind.graded:
        return
    scheme = Scheme(exercise, POINTS, sample.kind.read_key(sample.key), sample.why)
    mark, score = scheme.mark(answer), scheme.score(answer, tell=True)
    assert 0 <= mark.share <= 1
    assert 0 <= score <= POINTS
    assert float(repr(score)) == score == round(mark.share * POINTS, 2)
    assert math.isfinite(score)
    assert SCRIPT not in score.html
    if mark.share == 1:
        assert all(item.holds for item in mark.items)
    if right := RIGHT.get(name):
        assert (mark.share == 1) == right(answer, sample.key)


@fuzz
@given(data=st.data())
def test_answers_near_to_right_ones(name: str, tmp_path: Path, data: st.DataObject) -> None:
    answer = data.draw(near(SAMPLES[name]))
    check(name, tmp_path, json.dumps(file_of(name, answer)).encode())


@fuzz
@given(data=st.data())
def test_fields_of_other_types(name: str, tmp_path: Path, data: st.DataObject) -> None:
    content = file_of(name, data.draw(st.sampled_from(right_ones(SAMPLES[name]))))
    odd = st.sampled_from(ODD)
    more = data.draw(st.dictionaries(st.sampled_from([*content, "points", "key"]), odd, max_size=3))
    check(name, tmp_path, json.dumps(content | more).encode())


@fuzz
@given(data=st.data())
def test_files_with_bytes_changed(name: str, tmp_path: Path, data: st.DataObject) -> None:
    answer = data.draw(st.sampled_from(right_ones(SAMPLES[name])))
    raw = bytearray(
        json.dumps(file_of(name, answer), ensure_ascii=data.draw(st.booleans())).encode()
    )
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw)))
        cut = data.draw(st.integers(0, 12))
        put = st.binary(max_size=3) | st.sampled_from(
            [b"{", b"}", b"[", b'"', b",", b"1e999", b"NaN"]
        )
        raw[at : at + cut] = data.draw(put)
    check(name, tmp_path, bytes(raw))


TOKENS = [
    "{", "}", "[", "]", ":", ",", '"a"', '"format"', "1", "-", "1e999", "-1e999", "NaN", "Infinity",
    "true", "null", '"\\ud800"', '"\\udfff\\ud800"', '"\\uD83D\\uDE00"', "9" * 5000, "0.1e", " ",
    "\ufeff", "\x00", '"\\', "//", "[" * 2000, '{"a":' * 2000,
]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(TOKENS), max_size=14).map("".join))
def test_json_put_together_anyhow(text: str) -> None:
    try:
        content = answers.parse(text.encode())
    except Unreadable:
        return
    json.dumps(content, ensure_ascii=False).encode()  # all of it can be written again


def tags(html: str) -> list[str]:
    """Return the elements that a browser would make of it, line breaks aside."""
    found: list[str] = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, _: found.append(tag)
    parser.handle_endtag = lambda tag: found.append(f"/{tag}")
    parser.handle_comment = found.append
    parser.feed(html)
    parser.close()
    return [tag for tag in found if tag != "br"]


@settings(max_examples=200, deadline=None)
@given(
    text=st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60),
    tag=st.sampled_from(
        ["<script>", "<img src=x onerror=", "</table>", "'\"><svg/onload=", "<!--"]
    ),
)
def test_no_text_becomes_markup(text: str, tag: str) -> None:
    kind = KINDS["write"].samples().kind
    record = Exercise("x", kind).record
    assert tags(record(kind.read_answer(f"{text}{tag}{text}"))) == tags(record("x"))
