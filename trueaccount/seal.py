"""The course's seal: one key pair, and pages with a signature over every byte of themselves.

The signature covers the page as it stands, not only the data in it. So nothing that a page shows
can be changed unnoticed, and what an older version of this program sealed still holds.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import tempfile
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from trueaccount.files import plain_bytes

KEY_FILE = 10_000  # bytes; a key file of ours has about 120
OPEN = '<script type="text/plain" id="seal">'
CLOSE = "</script>"
SLOT = OPEN + CLOSE
_FILLED = re.compile(re.escape(OPEN.encode()) + rb"([0-9a-f]{128})" + re.escape(CLOSE.encode()))


class SealError(ValueError):
    """A key that is none, or a page whose seal does not hold. The text says what is wrong."""


def own(path: Path) -> Ed25519PrivateKey:
    """Return the private key in `path`, made there on first use. Raises SealError or OSError."""
    if not path.exists():
        _make(path)
    os.chmod(path, 0o600)
    try:
        key = load_pem_private_key(plain_bytes(path, KEY_FILE), None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as problem:
        key = None
        cause: Exception | None = problem
    else:
        cause = None
    if not isinstance(key, Ed25519PrivateKey):
        raise SealError(
            f"{path} is no Ed25519 private key; put the file back from your backup "
            f"(with a new key, certificates that were issued before can no longer be verified)"
        ) from cause
    return key


def _make(path: Path) -> None:
    """Write a new key whole, or not at all, and never over one that another has just written."""
    text = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, new = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")  # 0600 by itself
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(new, path)
    finally:
        Path(new).unlink(missing_ok=True)


def public_text(key: Ed25519PrivateKey) -> str:
    """Return the public half of a key, as the text of a PEM file."""
    return (
        key.public_key()
        .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        .decode("ascii")
    )


def read_public(path: Path) -> Ed25519PublicKey:
    """Return the public key in a PEM file. Raises SealError or OSError."""
    try:
        key = load_pem_public_key(plain_bytes(path, KEY_FILE))
    except (ValueError, UnsupportedAlgorithm) as problem:
        raise SealError(f"{path} is no public key file") from problem
    if not isinstance(key, Ed25519PublicKey):
        raise SealError(f"{path} holds a key of another kind, not an Ed25519 public key")
    return key


def fingerprint(key: Ed25519PublicKey) -> str:
    """Return a key's fingerprint: the first half of its SHA-256, to be read out and compared."""
    raw = key.public_bytes(Encoding.Raw, PublicFormat.Raw)
    text = hashlib.sha256(raw).hexdigest()[:32]
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def seal(page: str, key: Ed25519PrivateKey) -> bytes:
    """Return the page, which holds `SLOT` once, with its signature in the slot."""
    if page.count(SLOT) != 1:
        raise ValueError("the page needs exactly one slot for its signature")
    signature = key.sign(page.encode()).hex()
    return page.replace(SLOT, f"{OPEN}{signature}{CLOSE}").encode()


def is_sealed(raw: bytes) -> bool:
    """Whether this is a page with one signature in it; not, whether that holds."""
    return len(_FILLED.findall(raw)) == 1


def opened(raw: bytes, key: Ed25519PublicKey) -> str:
    """Return a sealed page as it was before it was signed. Raises SealError unless it holds."""
    if not is_sealed(raw):
        raise SealError("it carries no signature of a certificate, or not one whole one")
    found = _FILLED.search(raw)
    assert found  # noqa: S101  (is_sealed has just seen it)
    page = raw[: found.start()] + SLOT.encode() + raw[found.end() :]
    try:
        key.verify(bytes.fromhex(found[1].decode("ascii")), page)
        return page.decode()
    except InvalidSignature as problem:
        raise SealError("it was changed after it was issued, or the key is another") from problem
    except UnicodeDecodeError as problem:
        raise SealError("it is signed, but it is no page") from problem
