"""Where a certificate waits for its learner: the course's folder in the exchange."""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from trueaccount import files, receipt, seal
from trueaccount.receipt import LARGEST
from trueaccount.seal import SealError

FOLDER = "certificates"  # in gradebook/, by learner; in the exchange, by a name only they can find
MINE = "certificate.html"  # in a learner's own folder
PUBLIC = "certificate-key.pem"  # in the exchange, in the course's folder
_SECRET = re.compile(r"[0-9a-f]{16,256}")


def published_key(shelf: Path) -> Ed25519PublicKey:
    """Return the key in the course's folder in the exchange. Raises SealError or OSError."""
    if not (shelf / PUBLIC).exists():
        raise SealError("no certificate was issued here yet, so there is no key; name one by --key")
    return seal.read_public(shelf / PUBLIC)


def fetch(shelf: Path, mine: Path) -> Path | None:
    """Put a learner's certificate into their folder `mine`; return its path, None if there is none.

    `shelf` is the course's folder in the exchange. `mine` holds `.nbgrader`, where what was handed
    in is kept, with the secrets. A certificate that does not hold is not taken. Raises nothing.
    """
    handed_in = list(mine.glob(f".nbgrader/{shelf.name}/*/submission_secret.txt"))
    latest = sorted(handed_in, key=lambda p: p.parent.name.rpartition("+")[2], reverse=True)
    for path in latest:
        with suppress(OSError, SealError):
            raw = files.plain_bytes(shelf / FOLDER / hidden_name(path), LARGEST)
            receipt.read(raw, published_key(shelf))
            files.replace(mine / MINE, raw.decode())
            return mine / MINE
    return None


def hidden_name(secret: Path) -> str:
    """Return the file name that follows from a submission's secret. Raises OSError or SealError."""
    text = files.plain_bytes(secret, 1000).decode("ascii", "replace").strip()
    if not _SECRET.fullmatch(text):
        raise SealError(f"{secret} holds no secret")
    return f"{hashlib.sha256(f'certificate {text}'.encode()).hexdigest()}.html"
