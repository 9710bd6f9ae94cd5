"""What is written to a connection and read from it: bodies, their encodings and their caps."""

from collections.abc import Mapping
from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.errors import Transient
from collective.socialterritory.http.guard import Target
from dataclasses import dataclass
from dataclasses import field
from typing import Any
from typing import Protocol
from urllib.parse import unquote
from urllib.parse import urlencode
from urllib.parse import urlsplit

import base64
import http.client
import json as jsonlib
import re
import secrets
import zlib


_CHUNK = 65536
_MIME = re.compile(r"[a-z0-9.+-]+/[a-z0-9.+-]+", re.IGNORECASE)


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


def multipart(
    fields: Mapping[str, str], name: str, filename: str, mime: str, data: bytes, boundary: str = ""
) -> tuple[bytes, str]:
    """Body and content type of a form of `fields` and one file, which is called `name` in it.

    As browsers write it: https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data
    """
    boundary = boundary or secrets.token_hex(16)
    mime = mime if _MIME.fullmatch(mime) else "application/octet-stream"
    parts = [(f'name="{_escaped(field)}"', value.encode()) for field, value in fields.items()]
    parts.append((f'name="{_escaped(name)}"; filename="{_escaped(filename)}"\r\nContent-Type: {mime}', data))
    body = b"".join(
        f"--{boundary}\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + content + b"\r\n"
        for head, content in parts
    )
    return body + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


def _escaped(name: str) -> str:
    return name.replace("\r", "%0D").replace("\n", "%0A").replace('"', "%22")


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


def tunnel(link: Any, where: Target, proxy: str) -> None:
    """Asks the proxy to lead the socket `link` on. Raises Transient("proxy")."""
    authority = f"{where.authority}:443" if where.port == 443 else where.authority
    lines = [f"CONNECT {authority} HTTP/1.1", f"Host: {authority}"]
    lines += [f"{name}: {value}" for name, value in proxy_login(proxy).items()]
    link.sendall("\r\n".join([*lines, "", ""]).encode())
    answer = http.client.HTTPResponse(link, method="CONNECT")
    try:
        answer.begin()
    except http.client.HTTPException as error:
        raise Transient("proxy", host=where.host) from error
    finally:
        answer.close()
    if answer.status != 200:
        raise Transient("proxy", host=where.host, status=answer.status)
