"""A certificate holds only as it was issued: every byte of it, with the key that sealed it."""

import json
import os
import re
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trueaccount import certificates, receipt, seal
from trueaccount.receipt import Passed, Receipt
from trueaccount.seal import SealError

NAME = 'Ada "O’Hara" </script><script>alert(1)</script> & Co'


@pytest.fixture(scope="module")
def key(tmp_path_factory):
    return seal.own(tmp_path_factory.mktemp("gradebook") / "key.pem")


@pytest.fixture(scope="module")
def given_receipt(key) -> Receipt:
    modules = (
        Passed("the-box", "The box", 28, 40, "2026-11-02T08:00:00+00:00"),
        Passed("one-promise", "One promise <b>", 40, 40, ""),
    )
    issued = "2026-11-28T10:00:00+00:00"
    at = seal.fingerprint(key.public_key())
    return Receipt("true-account", "en", NAME, modules, issued, at)


@pytest.fixture(scope="module")
def made(key, given_receipt) -> bytes:
    return receipt.make(given_receipt, key)


def holds(page: str, key) -> bool:
    try:
        receipt.read(page.encode(), key.public_key())
    except SealError:
        return False
    return True


def test_it_is_read_as_it_was_made(key, given_receipt, made) -> None:
    assert receipt.read(made, key.public_key()) == given_receipt
    page = made.decode()
    assert "28 of 40" in page
    assert "2 November 2026" in page
    assert given_receipt.number in page
    assert given_receipt.key in page
    assert "<script>alert" not in page
    assert "<b>" not in page
    assert page.count("<script") == 2  # data, which no browser runs
    for outside in ("http://", "https://", "src=", "@import", "url("):
        assert outside not in page


def test_a_number_fits_one_receipt_only(given_receipt) -> None:
    assert re.fullmatch(r"([A-Z2-7]{4}-){3}[A-Z2-7]{4}", given_receipt.number)
    changed = [
        replace(given_receipt, name="Ada"),
        replace(given_receipt, issued="2026-11-28T10:00:01+00:00"),
        replace(given_receipt, modules=given_receipt.modules[:1]),
    ]
    assert len({one.number for one in [given_receipt, *changed]}) == 4


@given(data=st.data())
def test_no_byte_can_be_changed(data, key, made) -> None:
    at = data.draw(st.integers(0, len(made) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda b: b != made[at]))
    with pytest.raises(SealError):
        receipt.read(made[:at] + bytes([other]) + made[at + 1 :], key.public_key())


def test_what_people_would_try(key, given_receipt, made, tmp_path) -> None:
    other_key = seal.own(tmp_path / "other.pem")
    theirs = replace(given_receipt, name="Bob", key=seal.fingerprint(other_key.public_key()))
    page, slot = made.decode(), re.escape(seal.OPEN) + "([0-9a-f]+)"
    signature = re.search(slot, page)[1]
    bobs = receipt.make(theirs, other_key).decode()
    second = receipt.make(replace(given_receipt, name="Eve"), key).decode()
    tried = {
        "what is seen": page.replace("<h1", "<h1 data-x").replace("28 of 40", "39 of 40"),
        "the data": page.replace('"score":28', '"score":39'),
        "both": page.replace("28 of 40", "39 of 40").replace('"score":28', '"score":39'),
        "another's signature": page.replace(signature, re.search(slot, second)[1]),
        "another key's signature": page.replace(signature, re.search(slot, bobs)[1]),
        "capitals": page.replace(signature, signature.upper()),
        "signed twice": page.replace(seal.OPEN, f"{seal.OPEN}{signature}</script>{seal.OPEN}"),
        "no signature": page.replace(signature, ""),
        "something after it": page + "\n",
        "something before it": " " + page,
        "other ends of lines": page.replace("\n", "\r\n"),
        "half of it": page[: len(page) // 2],
        "all but the end": page[:-1],
        "nothing": "",
    }
    assert holds(page, key)
    for what, text in tried.items():
        assert text != page, what
        assert not holds(text, key), what
    with pytest.raises(SealError, match=theirs.key):
        receipt.read(bobs.encode(), key.public_key())


@given(st.binary(max_size=300))
def test_rubbish_is_refused(key, raw) -> None:
    with pytest.raises(SealError):
        receipt.read(raw, key.public_key())


@pytest.mark.parametrize(
    "data",
    ["", "[]", "{}", '{"format": 9}', "[" * 100_000, '{"format": NaN}', '{"a": "\\ud800"}',
     '{"format":1,"number":"","modules":[3]}', '{"format":1,"number":"","modules":[],"x":1}'],
)  # fmt: skip
def test_what_a_strange_key_has_sealed_is_refused_too(key, data) -> None:
    page = f'<script type="application/json" id="receipt">{data}</script>{seal.SLOT}'
    with pytest.raises(SealError, match="no certificate that this version can read"):
        receipt.read(seal.seal(page, key), key.public_key())


def test_files_that_are_none(key, made, tmp_path: Path) -> None:
    good = tmp_path / "good.html"
    good.write_bytes(made)
    assert certificates.verify(good, key.public_key()).name == NAME
    link, pipe, huge = tmp_path / "link", tmp_path / "pipe", tmp_path / "huge"
    link.symlink_to(good)
    os.mkfifo(pipe)
    with huge.open("wb") as file:
        file.truncate(100_000_000)
    for path, why in [(link, "is a link"), (pipe, "plain file"), (huge, "larger than"),
                      (tmp_path, "plain file"), (tmp_path / "none", "No such file")]:  # fmt: skip
        with pytest.raises(SealError, match=why):
            certificates.verify(path, key.public_key())


def test_the_private_key_is_private_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "gradebook" / "key.pem"
    key = seal.own(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert seal.public_text(seal.own(path)) == seal.public_text(key)
    assert list(path.parent.iterdir()) == [path]
    before = path.read_bytes()
    path.write_bytes(before[:60])
    with pytest.raises(SealError, match="backup"):
        seal.own(path)
    assert path.read_bytes() == before[:60]  # never made anew over what was there


def test_public_keys_that_are_none(key, tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    for content in (
        b"",
        b"\xff" * 50,
        b"-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----",
    ):
        path.write_bytes(content)
        with pytest.raises(SealError, match="no public key file"):
            seal.read_public(path)
    path.write_text(seal.public_text(key))
    assert seal.fingerprint(seal.read_public(path)) == seal.fingerprint(key.public_key())


def test_names_show_as_they_are() -> None:
    assert certificates.shown("  Ada\n\x1b[31m Lovelace\u202e ") == "Ada [31m Lovelace"
    assert certificates.shown("علی\u200cرضا") == "علی\u200cرضا"


def test_the_data_is_canonical(made) -> None:
    data = made.decode().partition('id="receipt">')[2].partition("</script>")[0]
    read = json.loads(data)
    assert list(read) == sorted(read)
    assert read["name"] == NAME
