"""What is written to a connection and read from it: bodies, their encodings and their caps."""

from collections.abc import Mapping
from collective.socialterritory.errors import OutcomeUnknown
from dataclasses import dataclass
from dataclasses import field
from typing import Any
from typing import Protocol
from urllib.parse import unquote
from urllib.parse import urlencode
from urllib.parse import urlsplit

import base64
import json as jsonlib
import zlib


_CHUNK = 65536


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whatever the status. Header names in lower case; `url` after redirects."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    url: str = field(repr=False)

    def json(self) -> Any:
        """The body as JSON. Raises ValueError when it is something else."""
        try:
            return jsonlib.loads(self.body)
        except RecursionError as error:
            raise ValueError("nested too deeply") from error


def packed(json: Any, data: bytes | Mapping[str, str] | None, headers: dict[str, str]) -> bytes | None:
    if json is not None:
        headers["Content-Type"] = "application/json"
        return jsonlib.dumps(json, ensure_ascii=False).encode()
    if isinstance(data, Mapping):
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        return urlencode(data).encode()
    return data


class Response(Protocol):
    """The part of http.client.HTTPResponse that is used. `length`: bytes still to come, None when nobody said."""

    length: int | None

    def getheader(self, name: str) -> str | None: ...

    def read(self, amount: int) -> bytes: ...


def unpacked(response: Response, host: str, most: int) -> bytes:
    """The body, neither packed nor unpacked larger than `most` bytes.

    Raises OutcomeUnknown: too_large, bad_answer (not packed as it says); ConnectionResetError when a part is missing.
    """
    coding = (response.getheader("content-encoding") or "identity").strip().lower()
    if coding not in ("identity", "gzip", "x-gzip"):
        raise OutcomeUnknown("bad_answer", host=host)
    inflate = None if coding == "identity" else zlib.decompressobj(31)
    body, wire = bytearray(), 0
    while chunk := response.read(_CHUNK):
        wire += len(chunk)
        try:
            body += inflate.decompress(chunk, most + 1 - len(body)) if inflate else chunk
        except zlib.error as error:
            raise OutcomeUnknown("bad_answer", host=host) from error
        if max(wire, len(body)) > most:
            raise OutcomeUnknown("too_large", host=host)
    if response.length or (wire and inflate and not inflate.eof):
        raise ConnectionResetError("a part of the body is missing")
    return bytes(body)


def proxy_login(proxy: str) -> dict[str, str]:
    parts = urlsplit(proxy)
    if not parts.username:
        return {}
    login = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return {"Proxy-Authorization": f"Basic {base64.b64encode(login.encode()).decode()}"}
