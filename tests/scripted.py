"""A strict server with a memory, which fails on order: AT protocol for Bluesky, and a plain JSON API for test networks.

::

    with Scripted() as server:
        account = server.account("mairie.example")     # .credentials for Bluesky, .did, .password
        server.script("putRecord", "reset_after")       # the next call of that method fails so, once
        server.chaos(0.35, seed=1)                      # from now on 35 % of the calls fail, repeatably
        server.down() ... server.up()                   # connections are refused meanwhile
        server.posts()                                  # what readers would see: a list of texts
        server.calls["putRecord"]                       # how often it was asked
"""

from collections import Counter
from collections import defaultdict
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from scripted_methods import Methods
from scripted_methods import Reply
from scripted_records import check
from scripted_records import Invalid
from typing import Any
from urllib.parse import parse_qs
from urllib.parse import urlsplit

import base64
import hashlib
import json
import os
import random
import secrets
import socket
import struct
import threading
import time


FAULTS = (
    "reset_before",
    "reset_after",
    "500_before",
    "500_after",
    "429",
    "timeout_before",
    "timeout_after",
    "html_200",
    "html_200_after",
    "html_502",
    "json_broken",
    "expired",
    "drip",
)
"""`_after`, json_broken and drip: the call was carried out, and the answer is spoilt. All others: it was not."""
_CARRIED_OUT = frozenset({"reset_after", "500_after", "timeout_after", "html_200_after", "json_broken", "drip"})
HTML = b"<!DOCTYPE html><title>Portal</title><h1>Please log in</h1>"


@dataclass
class ScriptedAccount:
    handle: str
    did: str
    password: str = field(repr=False)
    credentials: dict[str, str] = field(default_factory=dict, repr=False)


class Scripted:
    """`delay`: seconds before each answer. `hold`: seconds that a timeout or drip lasts: longer than clients wait."""

    def __init__(self, delay: float = 0.0, hold: float = 1.5, retry_after: int = 1) -> None:
        self.delay, self.hold, self.retry_after = delay, hold, retry_after
        self.calls: Counter[str] = Counter()
        self.faulted: Counter[str] = Counter()
        self.records: dict[tuple[str, str], dict[str, Any]] = {}
        self.plain: list[dict[str, Any]] = []
        self.commits = 0
        self.accounts: dict[str, ScriptedAccount] = {}
        self.blobs: dict[str, bytes] = {}
        self.tokens: dict[str, tuple[str, str]] = {}
        self._scripts: dict[str, deque[str]] = defaultdict(deque)
        self._rate, self._random, self._faults = 0.0, random.Random(), FAULTS
        self._only: frozenset[str] | None = None
        self.lock = threading.RLock()
        self._port = 0
        self._server: ThreadingHTTPServer | None = None

    def __enter__(self) -> "Scripted":
        self.up()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.down()

    def up(self) -> None:
        server = _Server(("127.0.0.1", self._port), _Door)
        server.state = self
        self._port, self._server = server.server_address[1], server
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def down(self) -> None:
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._port}"

    @property
    def environ(self) -> dict[str, str]:
        return {
            "SOCIALTERRITORY_ALLOW": self.host,
            "SOCIALTERRITORY_PLC": self.url,
            "SOCIALTERRITORY_RESOLVER": self.url,
        }

    def account(self, handle: str) -> ScriptedAccount:
        """A new account, logged in."""
        did = "did:plc:" + base64.b32encode(hashlib.sha256(handle.encode()).digest()).decode().lower()[:24]
        made = ScriptedAccount(handle, did, "-".join(secrets.token_hex(2) for _ in range(4)))
        self.accounts[handle] = made
        made.credentials = {"did": did, "handle": handle, "pds": self.url, "app_password": made.password}
        made.credentials |= self.session(made)
        return made

    def session(self, account: ScriptedAccount) -> dict[str, str]:
        made = {kind: f"{kind}.{secrets.token_hex(8)}" for kind in ("access", "refresh")}
        with self.lock:
            self.tokens.update({token: (account.did, kind) for kind, token in made.items()})
        return made

    def expire(self, kinds: Iterable[str] = ("access",)) -> None:
        """No token of these kinds is good any more: ("access", "refresh") leaves only the password."""
        with self.lock:
            self.tokens = {token: who for token, who in self.tokens.items() if who[1] not in kinds}

    def revoke(self, account: ScriptedAccount) -> None:
        """As when the owner deletes the app password."""
        account.password = secrets.token_hex(8)
        self.expire(("access", "refresh"))

    def script(self, method: str, *faults: str) -> None:
        """The next calls of a method (last part of its name, or posts.create, posts.find) fail so; "" is none."""
        check(all(not fault or fault in FAULTS for fault in faults), "unknown fault")
        self._scripts[method].extend(faults)

    def chaos(
        self,
        rate: float,
        seed: int = 0,
        faults: tuple[str, ...] = FAULTS,
        only: Iterable[str] | None = None,
    ) -> None:
        """From now on each call (of the methods `only`) fails at this rate, in an order that `seed` fixes."""
        self._rate, self._random, self._faults = rate, random.Random(seed), faults
        self._only = None if only is None else frozenset(only)

    def posts(self) -> list[str]:
        with self.lock:
            return [r["text"] for r in self.records.values()] + [post["text"] for post in self.plain]

    def fault(self, method: str) -> str:
        with self.lock:
            self.calls[method] += 1
            if self._scripts[method]:
                fault = self._scripts[method].popleft()
            elif (self._only is None or method in self._only) and self._random.random() < self._rate:
                fault = self._random.choice(self._faults)
            else:
                fault = ""
            if fault:
                self.faulted[fault] += 1
            return fault


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128
    block_on_close = False
    state: Scripted


class _Door(BaseHTTPRequestHandler):
    server: _Server

    def log_message(self, *arguments: object) -> None:
        pass

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def _serve(self) -> None:
        state = self.server.state
        sent = self.rfile.read(int(self.headers.get("content-length") or 0))
        parts = urlsplit(self.path)
        method = parts.path.rpartition(".")[2] if parts.path.startswith("/xrpc/") else parts.path
        if parts.path == "/posts":
            method = "posts.create" if self.command == "POST" else "posts.find"
        fault = state.fault(method)
        time.sleep(state.delay)
        status, body, headers = 200, b"", {}
        if not fault or fault in _CARRIED_OUT:
            status, body, headers = self._carry_out(state, method, sent, dict(parse_qs(parts.query)))
        try:
            self._answer(state, fault, status, body, headers)
        except OSError:
            self.close_connection = True  # the client has gone

    def _carry_out(
        self, state: Scripted, method: str, sent: bytes, query: dict[str, list[str]]
    ) -> tuple[int, bytes, dict[str, str]]:
        values = {name: found[0] for name, found in query.items()}
        try:
            with state.lock:
                said = Methods(state, self.headers, self.command, sent, values).run(method)
            return 200, json.dumps(said).encode() if not isinstance(said, bytes) else said, {}
        except Reply as reply:
            return reply.status, json.dumps(reply.body).encode(), reply.headers
        except (Invalid, KeyError, TypeError, ValueError) as error:
            return 400, json.dumps({"error": "InvalidRequest", "message": str(error)}).encode(), {}

    def _answer(self, state: Scripted, fault: str, status: int, body: bytes, headers: dict[str, str]) -> None:
        kind = "application/json"
        if fault.startswith("reset"):
            return self._reset()
        if fault.startswith("timeout"):
            time.sleep(state.hold)
            return self._reset()
        if fault.startswith("500"):
            status, body = 500, b'{"error":"InternalServerError","message":"Internal Server Error"}'
        elif fault == "429":
            status, body = 429, b'{"error":"RateLimitExceeded","message":"Rate Limit Exceeded"}'
            headers = {"Retry-After": str(state.retry_after)}
        elif fault.startswith("html"):
            status, body, kind = (502 if fault == "html_502" else 200), HTML, "text/html"
        elif fault == "json_broken":
            body = body[:-1] or b"{"
        elif fault == "expired":
            status, body = 400, b'{"error":"ExpiredToken","message":"Token has expired"}'
        self.send_response(status)
        for name, value in {**headers, "Content-Type": kind, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if fault == "drip":
            for index in range(len(body)):
                time.sleep(state.hold / len(body))
                self.wfile.write(body[index : index + 1])
        else:
            self.wfile.write(body)

    def _reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(self.connection.detach())
        self.close_connection = True
