"""Any name of an entry in the exchange is read, passed by or refused; what is read is safe."""

import warnings
from datetime import UTC, datetime, timedelta
from pathlib import PurePosixPath

from hypothesis import given, settings
from hypothesis import strategies as st

from trueaccount.exchange import Refused, read_claim

TIME = st.datetimes().map(str) | st.sampled_from(
    ["2026-01-01 10:00:00.000001 UTC", "2026-01-01", "now", "NaN", "1e9", "9" * 99, "0", "-1", "10"]
)
MANGLED = st.tuples(TIME, st.text(max_size=9), st.integers(0, 30)).map(
    lambda x: x[0][: x[2]] + x[1] + x[0][x[2] :]
)
LEARNER = st.text(max_size=20) | st.sampled_from(["ann", "..", ".", "a+b", "ann@x.org", "é", "-rf"])
NAME = st.text(max_size=60) | st.tuples(
    LEARNER, st.sampled_from(["tiny", "other", ""]), TIME | MANGLED, st.text(max_size=9)
).map("+".join)


@settings(max_examples=600, deadline=None)
@given(NAME)
def test_any_name(name: str) -> None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # dateutil's, of a time zone that nobody knows
            claim = read_claim(name, "tiny")
    except Refused:
        return
    if claim is None:
        return
    assert len(PurePosixPath(claim.learner).parts) == 1
    assert not claim.learner.startswith(".")
    assert claim.learner.isprintable()
    assert claim.stamp.isprintable()
    assert claim.at <= datetime.now(UTC).replace(tzinfo=None) + timedelta(minutes=6)
