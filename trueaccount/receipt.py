"""A certificate: the receipt of what a learner has passed, and the page that shows it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from jinja2 import Environment, FileSystemLoader, Template, select_autoescape
from markupsafe import Markup

from trueaccount import page, seal
from trueaccount.answers import parse
from trueaccount.seal import SealError
from trueaccount.words import Words, words

FORMAT = 1
LARGEST = 1_000_000  # bytes of a file that may be a certificate; ours have about 10,000
LONGEST = 120  # characters of a name that still stands on the page
PASS = 0.7  # the share of the automatically marked points that passes a module
_DATA = '<script type="application/json" id="receipt">'


@dataclass(frozen=True)
class Passed:
    """One module that was passed. `handed_in` is ISO 8601 in UTC, "" if nobody knows."""

    module: str
    title: str
    score: float
    of: float
    handed_in: str


@dataclass(frozen=True)
class Receipt:
    """Who passed which course, when and how. `key` is the fingerprint of the key that seals it."""

    course: str
    language: str
    name: str
    modules: tuple[Passed, ...]
    issued: str  # ISO 8601, in UTC
    key: str

    @property
    def number(self) -> str:
        """The number to quote. It follows from all the rest, so it fits no other receipt."""
        text = base64.b32encode(hashlib.sha256(_canonical(asdict(self)).encode()).digest())[:16]
        return "-".join(text[at : at + 4].decode() for at in range(0, 16, 4))


def make(receipt: Receipt, key: Ed25519PrivateKey) -> bytes:
    """Return the receipt's page, sealed: one HTML file that needs nothing else."""
    say = words(receipt.language)
    data = _canonical({"format": FORMAT, "number": receipt.number, **asdict(receipt)})
    html = _template().render(
        say=say,
        language=say.language,
        receipt=receipt,
        issued=_day(receipt.issued, say),
        days=[_day(one.handed_in, say) for one in receipt.modules],
        share=f"{PASS * 100:g}",
        style=Markup(page.asset("certificate.css")),  # noqa: S704  (ours)
        data=Markup(f"{_DATA}{_inert(data)}</script>"),  # noqa: S704  (escaped here)
        slot=Markup(seal.SLOT),  # noqa: S704  (ours)
    )
    return seal.seal(html, key)


def read(raw: bytes, key: Ed25519PublicKey) -> Receipt:
    """Return the receipt in a sealed page. Raises SealError, with the reason, if it is none."""
    try:
        html = seal.opened(raw, key)
    except SealError as problem:
        mine, other = seal.fingerprint(key), _claimed_key(raw)
        if other and other != mine:
            raise SealError(
                f"it says that it was signed with the key {other}, but the key here is {mine}"
            ) from problem
        raise
    # The seal holds, so this is as its owner wrote it; the owner may be another than we think.
    try:
        found = parse(html.partition(_DATA)[2].partition("</script>")[0].encode())
        version, number = found.pop("format"), found.pop("number")
        modules = tuple(Passed(**one) for one in found.pop("modules"))
        receipt = Receipt(modules=modules, **found)
        fits = version == FORMAT and number == receipt.number
    except (ValueError, KeyError, TypeError, AttributeError):
        fits = False
    if not fits:
        raise SealError("it is signed, but it is no certificate that this version can read")
    return receipt


def _claimed_key(raw: bytes) -> str:
    """Return the fingerprint that a page claims, if that is one: nothing else is repeated."""
    found = re.search(rb'"key":"((?:[0-9a-f]{4} ){7}[0-9a-f]{4})"', raw)
    return found[1].decode() if found else ""


def _canonical(value: Any) -> str:
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def _inert(text: str) -> str:
    """Return JSON that cannot end the element it stands in, nor begin another."""
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _day(at: str, say: Words) -> str:
    if not at:
        return ""
    when = datetime.fromisoformat(at)
    month = say("month_names").split()[when.month - 1]
    return say("day_told", day=when.day, month=month, year=when.year)


@cache
def _template() -> Template:
    loader = FileSystemLoader(page.FRONT)
    environment = Environment(
        loader=loader, autoescape=select_autoescape(["j2"]), trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("certificate.html.j2")
