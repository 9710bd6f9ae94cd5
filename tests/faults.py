"""A server on loopback that fails on order. What it is a server of, a subclass says with `method` and `carry_out`.

::

    server.script("putRecord", "reset_after")       # the next call of that method fails so, once
    server.chaos(0.35, seed=1)                      # from now on 35 % of the calls fail, repeatably
    server.down() ... server.up()                   # connections are refused meanwhile
    server.calls["putRecord"]                       # how often it was asked
    server.instead["putRecord"] = Said(200, b"{}")  # what is answered, and nothing carried out, from now on
"""

from collections import Counter
from collections import defaultdict
from collections import deque
from collections.abc import Iterable
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from typing import Any
from typing import Self

import http.client
import os
import random
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
CARRIED_OUT = frozenset({"reset_after", "500_after", "timeout_after", "html_200_after", "json_broken", "drip"})
SETTLED = "/settled"
HTML = b"<!DOCTYPE html><title>Portal</title><h1>Please log in</h1>"


@dataclass
class Said:
    """An answer."""

    status: int = 200
    body: bytes = b""
    kind: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


class Faulty:
    """`delay`: seconds before each answer. `hold`: seconds that a timeout or drip lasts: longer than clients wait.

    `port`: where it listens; 0, a free one, until it is up.
    """

    def __init__(self, delay: float = 0.0, hold: float = 1.5, retry_after: int = 1) -> None:
        self.delay, self.hold, self.retry_after = delay, hold, retry_after
        self.calls: Counter[str] = Counter()
        self.faulted: Counter[str] = Counter()
        self.instead: dict[str, Said] = {}
        self._scripts: dict[str, deque[str]] = defaultdict(deque)
        self._rate, self._random, self._faults = 0.0, random.Random(), FAULTS
        self._only: frozenset[str] | None = None
        self.lock = threading.RLock()
        self.port = 0
        self._server: _Server | None = None

    def method(self, verb: str, path: str) -> str:
        """What `script`, `chaos` and `calls` name a request."""
        raise NotImplementedError

    def named(self, verb: str, path: str, sent: bytes) -> str:
        """The same, where what is sent tells it."""
        return self.method(verb, path)

    def carry_out(self, verb: str, path: str, query: str, headers: Any, sent: bytes) -> Said:
        raise NotImplementedError

    def trouble(self, fault: str) -> Said:
        """The answer to a call that meets 500_…, 429 or expired."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        self.up()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.down()

    def up(self) -> None:
        server = _Server(("127.0.0.1", self.port), _Door)
        server.state = self
        self.port, self._server = server.server_address[1], server
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.005}, daemon=True).start()

    def down(self) -> None:
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    @property
    def url(self) -> str:
        return f"http://{self.host}"

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def asking(self) -> int:
        """How many requests are under way."""
        return self._server.open if self._server else 0

    def settled(self) -> None:
        """Waits until all that was asked is over: where a machine is busy a request outlives its client."""
        assert self._server
        with closing(http.client.HTTPConnection("127.0.0.1", self.port)) as connection:
            connection.request("GET", SETTLED)
            connection.getresponse().read()  # it was accepted after all the others
        while self._server.open:
            time.sleep(0.005)

    def script(self, method: str, *faults: str) -> None:
        """The next calls of a method fail so; "" is none."""
        assert all(not fault or fault in FAULTS for fault in faults), "unknown fault"
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
    state: Faulty
    open = 0

    def process_request(self, request: Any, client_address: Any) -> None:
        with self.state.lock:
            self.open += 1
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        super().shutdown_request(request)
        with self.state.lock:
            self.open -= 1


class _Door(BaseHTTPRequestHandler):
    server: _Server

    def log_message(self, *arguments: object) -> None:
        pass

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_PUT(self) -> None:
        self._serve()

    def do_DELETE(self) -> None:
        self._serve()

    def _serve(self) -> None:
        state = self.server.state
        sent = self.rfile.read(int(self.headers.get("content-length") or 0))
        path, _, query = self.path.partition("?")
        if path == SETTLED:
            return self._answer(state, "", Said())
        method = state.named(self.command, path, sent)
        fault = state.fault(method)
        time.sleep(state.delay)
        said = Said()
        if not fault or fault in CARRIED_OUT:
            with state.lock:
                said = state.instead.get(method) or state.carry_out(self.command, path, query, self.headers, sent)
        try:
            self._answer(state, fault, said)
        except OSError:
            self.close_connection = True  # the client has gone

    def _answer(self, state: Faulty, fault: str, said: Said) -> None:
        if fault.startswith("reset"):
            return self._reset()
        if fault.startswith("timeout") or (fault == "drip" and not said.body):
            time.sleep(state.hold)
            return self._reset()
        if fault.startswith("500") or fault in ("429", "expired"):
            said = state.trouble(fault)
        elif fault.startswith("html"):
            said = Said(502 if fault == "html_502" else 200, HTML, "text/html")
        elif fault == "json_broken":
            said = replace(said, body=said.body[:-1]) if said.body else Said(200, b"{")
        self.send_response(said.status)
        for name, value in {"Content-Type": said.kind, "Content-Length": str(len(said.body)), **said.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if fault == "drip":
            for index in range(len(said.body)):
                time.sleep(state.hold / len(said.body))
                self.wfile.write(said.body[index : index + 1])
        else:
            self.wfile.write(said.body)

    def _reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(self.connection.detach())
        self.close_connection = True
