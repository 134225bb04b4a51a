"""Charts: escaped, the same every time, right in words, and drawn inside their frame."""

import re
from typing import Any

import pandas as pd
import pytest

from trueaccount.chart import Chart, figure
from trueaccount.words import words

EN = words("en")
MONTHS = pd.date_range("2024-01-01", periods=30, freq="MS").strftime("%b %Y")


def chart(**changed: Any) -> Chart:
    given: dict[str, Any] = {
        "title": "Express lines",
        "labels": MONTHS,
        "series": {"Motorbarn": [*range(29), -3.5], "Others, taken together": [4.0] * 30},
        "unit": "lines",
    }
    return Chart(**(given | changed))


def test_the_same_input_gives_the_same_text() -> None:
    assert chart().html(EN) == chart().html(EN)


def test_what_an_author_writes_is_escaped() -> None:
    evil = "<script>\"'&"
    for form in ("lines", "bars"):
        html = chart(
            title=evil, labels=[evil], series={evil: [1], "b": [2]}, unit=evil, form=form
        ).html(EN)
        assert "<script" not in html
        assert html.count("&lt;script&gt;") > 4


def test_it_is_said_in_words() -> None:
    said = chart().in_words(EN).replace("\u00a0", " ")
    assert "Motorbarn: from 0 lines (Jan 2024) to −3.5 lines (Jun 2026)" in said
    assert "highest 28 lines (May 2026), lowest −3.5 lines (Jun 2026)" in said
    bars = chart(labels=["A", "B"], series={"Rate": [3, 9]}, form="bars", unit="%")
    assert "highest 9\u00a0% (B), lowest 3\u00a0% (A)" in bars.in_words(EN)
    assert chart().html(EN).count("role='img' aria-label=") == 2


@pytest.mark.parametrize("form", ["lines", "bars"])
@pytest.mark.parametrize(
    "values", [[0, 0], [1e6, 2], [-3, -1], [0.001, 0.002], [None, 5], [7, float("nan")], [5, 5]]
)
def test_everything_is_drawn_inside_the_frame(form: str, values: list[float]) -> None:
    html = chart(labels=["First", "Second"], series={"A": values, "B": [1, 2]}, form=form).html(EN)
    for width, height, inside in re.findall(r"viewBox='0 0 (\d+) (\d+)'(.*?)</svg>", html):
        assert "nan" not in inside.replace("<tspan", "")
        for x in re.findall(r" (?:x|x1|x2|cx)='([-\d.]+)'", inside):
            assert 0 <= float(x) <= float(width)
        for y in re.findall(r" (?:y|y1|y2|cy)='([-\d.]+)'", inside):
            assert 0 <= float(y) <= float(height)


def test_a_gap_breaks_the_line() -> None:
    html = chart(labels=list("abcd"), series={"A": [1, 2, None, 4], "B": [1, 1, 1, 1]}).html(EN)
    paths = re.findall(r"<path d='(M[^']*)' fill='none'", html)
    assert any(path.count("M") == 2 for path in paths)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"form": "pie"}, "lines or bars"),
        ({"series": {}}, "1 to 4 series"),
        ({"series": {n: [1] * 30 for n in "abcde"}}, "1 to 4 series"),
        ({"series": {"A": [1]}}, "1 numbers for 30 labels"),
        ({"series": {"A": [None] * 30}}, "no number"),
    ],
)
def test_what_cannot_be_drawn_is_named(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        chart(**changed)


def test_a_data_frame_is_a_set_of_series() -> None:
    frame = pd.DataFrame({"A": [1, 2], "B": [3.5, float("nan")]}, index=["x", "y"])
    drawn = chart(labels=frame.index, series=frame)
    assert drawn.series == {"A": (1.0, 2.0), "B": (3.5, None)}


def test_figures_are_written_as_the_language_does() -> None:
    written = [figure(v, EN) for v in (1234567, -0.001, 2.5, 3.14159, -1200)]
    assert written == ["1,234,567", "0", "2.5", "3.14", "−1,200"]
