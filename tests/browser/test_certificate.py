"""A certificate on the screen and on paper."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from harness import LOOKS, axe
from playwright.sync_api import Page

from trueaccount import receipt, seal
from trueaccount.receipt import LONGEST, Passed, Receipt

TITLES = ("Facts and stories", "Ask the customer", "The box", "One promise", "Key-account plan",
          "Keep it alive", "Your own account, with as long a title as there is")  # fmt: skip
NAMES = ("Ada Lovelace", ("Wolfeschlegelsteinhausenbergerdorff " * 9)[:LONGEST], "M" * LONGEST)


@pytest.fixture(params=NAMES, ids=["short", "long", "unbroken"])
def certificate(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    key = seal.own(tmp_path / "key.pem")
    modules = tuple(
        Passed(title.lower(), title, 31.67, 40, f"2026-{n + 3:02}-12T09:30:00+00:00")
        for n, title in enumerate(TITLES)
    )
    one = Receipt("true-account", "en", request.param, modules, "2026-11-28T10:00:00+00:00",
                  seal.fingerprint(key.public_key()))  # fmt: skip
    path = tmp_path / "certificate.html"
    path.write_bytes(receipt.make(one, key))
    return path


def test_it_prints_on_one_page(certificate: Path, page: Page) -> None:
    page.goto(certificate.as_uri())
    page.emulate_media(color_scheme="dark")  # paper stays white
    printed = page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    width, height = map(float, re.search(rb"/MediaBox \[0 0 (\S+) (\S+)\]", printed).groups())
    assert (round(width / 72 * 25.4), round(height / 72 * 25.4)) == (210, 297)


@pytest.mark.parametrize(("theme", "width"), LOOKS)
def test_it_looks_well(certificate: Path, page: Page, theme: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=theme)
    page.goto(certificate.as_uri())
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    assert axe(page, "main")["violations"] == []
