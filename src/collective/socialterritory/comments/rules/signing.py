"""Tokens that only this site can have made, each for one purpose: form, private links, one-action links, unsubscribing.

A token is its parts, readable, and their seal: it hides nothing, so no part may be a secret.
"""

from base64 import urlsafe_b64decode
from base64 import urlsafe_b64encode
from collective.socialterritory.errors import DecisionError
from collective.socialterritory.plain import whole
from datetime import datetime
from datetime import timedelta
from datetime import UTC

import hashlib
import hmac
import json


FORM = "form"
YOUNG = timedelta(seconds=3)
"""Nobody reads a form and writes in it in less"""
OLD = timedelta(hours=2)
LONGEST = 1000
"""Characters of a token; a longer one is not even looked at"""

_SEAL = 16


class BadToken(DecisionError):
    """`code`: token_forged, which is also one for another purpose, site or page; token_expired; token_young."""


def sign(secret: bytes, purpose: str, parts: tuple[str, ...], until: datetime | None = None) -> str:
    """Of letters, digits, "-", "_" and one "."; `until`: aware, None for a token without an end."""
    said = json.dumps([int(until.timestamp()) if until else 0, *parts], separators=(",", ":"))
    content = _written(said.encode())
    return f"{content}.{_seal(secret, purpose, content)}"


def read(secret: bytes, purpose: str, token: str, now: datetime) -> tuple[str, ...]:
    """The parts. Raises BadToken, which has expired ones as `parts` in its params."""
    content, _dot, seal = token[:LONGEST].partition(".")
    # As bytes: text beyond ASCII cannot be compared in constant time.
    if not hmac.compare_digest(whole(seal).encode(), _seal(secret, purpose, content).encode()):
        raise BadToken("token_forged")
    until, *parts = json.loads(urlsafe_b64decode(f"{content}=="))
    if until and now.timestamp() >= until:
        raise BadToken("token_expired", parts=tuple(parts))
    return tuple(parts)


def form_token(secret: bytes, page: str, nonce: str, now: datetime) -> str:
    """For one form on one page, whose UID `page` is; `nonce` tells it from all others."""
    return sign(secret, FORM, (page, nonce, str(now.timestamp())), now + OLD)


def read_form(secret: bytes, page: str, token: str, now: datetime) -> str:
    """The nonce. Raises BadToken also for a form of another page and for one that was made a moment ago."""
    of, nonce, made = read(secret, FORM, token, now)
    if of != page:
        raise BadToken("token_forged")
    if now - datetime.fromtimestamp(float(made), UTC) < YOUNG:
        raise BadToken("token_young")
    return nonce


def _seal(secret: bytes, purpose: str, content: str) -> str:
    sealed = whole(f"{len(purpose)}:{purpose}:{content}").encode()
    return _written(hmac.new(secret, sealed, hashlib.sha256).digest()[:_SEAL])


def _written(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")
