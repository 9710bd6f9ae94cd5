"""A server on loopback that misbehaves by path, plain or under TLS, and remembers what it was asked."""

from collections.abc import Callable
from collections.abc import Iterator
from collective.socialterritory.errors import NetworkError
from contextlib import contextmanager
from contextlib import suppress
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from pathlib import Path

import pytest
import re
import socket
import socketserver
import ssl
import struct
import threading
import time


class Hostile(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    block_on_close = False

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Door)
        self.context = context
        self.asked: list[bytes] = []
        self.answers: dict[str, bytes | Callable[[socket.socket], None]] = {}
        self.port = self.server_address[1]

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"http://{self.host}"


class _Door(socketserver.BaseRequestHandler):
    server: Hostile

    def handle(self) -> None:
        link = self.request
        with suppress(OSError):
            if self.server.context:
                link = self.server.context.wrap_socket(link, server_side=True)
            asked = b""
            while b"\r\n\r\n" not in asked and (more := link.recv(65536)):
                asked += more
            if not asked:  # somebody looked in and left
                return
            head, _, body = asked.partition(b"\r\n\r\n")
            length = int(dict(re.findall(rb"(?im)^(content-length): *(\d+)", head)).get(b"Content-Length", 0))
            while len(body) < length and (more := link.recv(65536)):
                body += more
            asked = head + b"\r\n\r\n" + body
            self.server.asked.append(asked)
            path = asked.split(b" ")[1].decode() if b" " in asked else ""
            answer = self.server.answers.get(path, reply(b"not found", 404))
            if callable(answer):
                answer(link)
            else:
                link.sendall(answer)
            link.close()


@contextmanager
def hostile(context: ssl.SSLContext | None = None) -> Iterator[Hostile]:
    with Hostile(context) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.005}, daemon=True).start()
        yield server
        server.shutdown()


def reply(body: bytes = b"", status: int = 200, *headers: str, length: int | None = None) -> bytes:
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body) if length is None else length}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def reset(link: socket.socket) -> None:
    link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def drip(start: bytes, every: float = 0.05) -> Callable[[socket.socket], None]:
    def answer(link: socket.socket) -> None:
        link.sendall(start)
        for _ in range(200):
            time.sleep(every)
            link.sendall(b"x")

    return answer


def certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, Path]:
    """A server's context for `name`, and the file of the authority that vouches for it (itself)."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM) + key.private_bytes(serialization.Encoding.PEM, *form)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context, path


INSIDE = """http://127.0.0.1/ http://127.1/ http://2130706433/ http://0x7f000001/ http://0177.0.0.1/ http://0/ http://[::1]/
http://[::]/ http://[::ffff:127.0.0.1]/ http://[::ffff:7f00:1]/ http://[64:ff9b::7f00:1]/ http://[2002:7f00:1::]/
http://[fe80::1]/ http://[fc00::1]/ http://[ff02::1]/ http://224.0.0.1/ http://169.254.169.254/latest/meta-data/
http://10.0.0.1/ http://192.168.0.1/ http://172.16.0.1/ http://100.64.0.1/ http://0.0.0.0/ http://localhost/
http://localhost./ http://LOCALHOST/ https://127.0.0.1/ http://①②⑦.0.0.1/ http://127。0。0。1/
http://[::127.0.0.1]/ http://255.255.255.255/ http://192.0.0.1/ http://192.88.99.1/ http://[fd12:3456::1]/""".split()
"""Addresses that lead to this machine or its neighbours, however they are written"""

DRIPPING = {
    "headers": b"HTTP/1.1 200 OK\r\nX: ",
    "status": b"HTTP/1.1 ",
    "body": b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n",
    "endless": b"HTTP/1.1 200 OK\r\n\r\n",
    "chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5",
    "continue": b"HTTP/1.1 100 Continue\r\n\r\n",
}


def connections(monkeypatch: pytest.MonkeyPatch, *open: int) -> list[tuple[str, int]]:
    """The addresses that anything tries to connect to from now on. They lead nowhere, but on the ports `open`."""
    tried = []

    class Socket(socket.socket):
        def connect(self, address):
            tried.append(address[:2])
            if address[1] not in open:
                raise ConnectionRefusedError
            super().connect(address)

    monkeypatch.setattr(socket, "socket", Socket)
    return tried


def row(address, port=80):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return (family, socket.SOCK_STREAM, 6, "", (address, port))


def resolving(*addresses):
    return lambda host, port, **options: [row(address, port) for address in addresses]


def code_of(call, error=NetworkError):
    with pytest.raises(error) as caught:
        call()
    assert type(caught.value) is error or error is NetworkError
    return caught.value.code


def to(location, status=302):
    return reply(b"", status, f"Location: {location}")
