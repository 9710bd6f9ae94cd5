"""The only door to the outside: how it is reached, how long and how much is read, and what a failure means.

A name is resolved once, every answer must be a public address, and the connection goes to the very address that was
checked, so that a name cannot change its mind in between. No connection is kept: nothing is shared between threads.
"""

from collections.abc import Callable
from collections.abc import Mapping
from collective.socialterritory.environment import setting
from collective.socialterritory.errors import NetworkError
from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.errors import Transient
from collective.socialterritory.http.guard import public
from collective.socialterritory.http.guard import public_name
from collective.socialterritory.http.guard import Target
from collective.socialterritory.http.guard import target
from collective.socialterritory.http.wire import Answer
from collective.socialterritory.http.wire import packed
from collective.socialterritory.http.wire import proxy_login
from collective.socialterritory.http.wire import tunnel
from collective.socialterritory.http.wire import unpacked
from copy import copy
from functools import cached_property
from typing import Any
from urllib.parse import urljoin
from urllib.parse import urlsplit

import certifi
import http.client
import ipaddress
import math
import queue
import socket
import ssl
import threading
import time


__all__ = ["Answer", "Http"]

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS = 3


class _Watch:
    """Ends a connection when its time is over, however slowly the other side keeps dripping."""

    def __init__(self, seconds: float) -> None:
        self.fired = False
        self._until = time.monotonic() + seconds
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._fire)
        self._timer.daemon = True
        self._timer.start()

    def left(self) -> float:
        return max(self._until - time.monotonic(), 0.001)

    def hold(self, connected: socket.socket | None) -> None:
        """A duplicate is kept, because TLS takes the descriptor away from the plain socket."""
        with self._lock:
            if self._socket:
                self._socket.close()
            self._socket = connected.dup() if connected else None

    def _fire(self) -> None:
        with self._lock:
            self.fired = True
            if self._socket:
                try:
                    self._socket.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass  # the other side was faster

    def stop(self) -> None:
        self._timer.cancel()
        self.hold(None)


class Http:
    """Requests under guard.

    `allow`: "host:port" that may be reached though private, on any port and past the proxy; not by a redirect from
    elsewhere. `proxy`: "http://[user:password@]host:port" or "". `deadline`: seconds for a whole request, with its
    redirects. `max_bytes`: most bytes of a body, packed and unpacked.

    Errors carry the host alone in `params`. Transient (nothing left): bad_address, bad_request, forbidden_address,
    forbidden_port, dns, refused_connection, unreachable, connect_timeout, tls, proxy, bad_redirect. OutcomeUnknown
    (the request left; for GET as well): read_timeout, reset, bad_answer, too_large.
    """

    def __init__(
        self,
        allow: frozenset[str] = frozenset(),
        proxy: str = "",
        deadline: float = 20.0,
        max_bytes: int = 2_000_000,
        resolve: Callable[..., Any] = socket.getaddrinfo,
    ) -> None:
        self.allow = allow
        self._proxy = proxy
        self.deadline = deadline
        self.max_bytes = max_bytes
        self._resolve = resolve
        self._until = math.inf

    @classmethod
    def from_environment(cls) -> "Http":
        """With SOCIALTERRITORY_ALLOW (comma-separated) and SOCIALTERRITORY_PROXY; no other proxy variable counts."""
        allow = setting("SOCIALTERRITORY_ALLOW").lower().replace(",", " ").split()
        return cls(frozenset(allow), setting("SOCIALTERRITORY_PROXY"))

    def within(self, seconds: float) -> "Http":
        """The same door for several requests: together they may last `seconds` from now."""
        door = copy(self)
        door._until = min(self._until, time.monotonic() + seconds)
        return door

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        context = ssl.create_default_context()  # the system's authorities: an inspecting proxy's is there
        context.load_verify_locations(certifi.where())
        return context

    def get(self, url: str, **options: Any) -> Answer:
        return self.request("GET", url, **options)

    def post(self, url: str, **options: Any) -> Answer:
        return self.request("POST", url, **options)

    def request(
        self,
        method: str,
        url: str,
        *,
        json: Any = None,
        data: bytes | Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
    ) -> Answer:
        """One answer of any status, after at most 3 redirects of a GET. `timeout` replaces `deadline`."""
        sent = {"User-Agent": "collective.socialterritory", "Accept-Encoding": "gzip", "Connection": "close"}
        body = packed(json, data, sent)
        sent.update(headers or {})
        where = target(url, self.allow)
        if not all(value.isascii() and value.isprintable() for value in sent.values()):
            raise Transient("bad_request", host=where.host)  # http.client would quote the value, which may be a token
        seconds = min(self.deadline if timeout is None else timeout, self._until - time.monotonic())
        if seconds <= 0:
            raise Transient("connect_timeout", host=where.host)
        watch = _Watch(seconds)
        try:
            for _ in range(_MOST_REDIRECTS + 1):
                answer = self._exchange(method, url, where, body, sent, watch)
                location = answer.headers.get("location", "")
                if method != "GET" or answer.status not in _REDIRECTS or not location:
                    return answer
                url, where, sent = self._redirected(url, where, location, sent)
            raise Transient("bad_redirect", host=where.host)
        finally:
            watch.stop()

    def _redirected(
        self, url: str, where: Target, location: str, sent: dict[str, str]
    ) -> tuple[str, Target, dict[str, str]]:
        try:
            url = urljoin(url, location)
        except ValueError:
            raise Transient("bad_redirect", host=where.host) from None
        there = target(url, self.allow)
        if where.scheme == "https" and there.scheme == "http":
            raise Transient("bad_redirect", host=there.host)
        if there.origin != where.origin:
            there = target(url)  # `allow` is for what we ask, not for where others send us
            sent = {name: value for name, value in sent.items() if name.lower() not in ("authorization", "cookie")}
        return url, there, sent

    def _exchange(
        self, method: str, url: str, where: Target, body: bytes | None, headers: Mapping[str, str], watch: _Watch
    ) -> Answer:
        link = self._connect(where, watch)
        try:
            link.settimeout(watch.left())
            connection = http.client.HTTPConnection(where.host, where.port)
            connection.sock = link
            connection.auto_open = 0
            name = where.name
            if where.scheme == "http" and self._proxied(where):
                name = f"http://{where.authority}{name}"
                headers = {**headers, **proxy_login(self._proxy)}
            connection.request(method, name, body, {"Host": where.authority, **headers})
            response = connection.getresponse()
            body = unpacked(response, where.host, self.max_bytes)
            if watch.fired:
                raise TimeoutError  # a body without a length looks complete when the watch closes it
            fields = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, fields, body, url)
        except (OSError, http.client.HTTPException) as error:
            raise _after_sending(error, where.host, watch.fired) from error
        finally:
            link.close()

    def _proxied(self, where: Target) -> bool:
        return bool(self._proxy) and not where.allowed

    def _connect(self, where: Target, watch: _Watch) -> socket.socket:
        """A connected socket, under TLS for https. Raises Transient alone."""
        try:
            link = self._open(where, watch)
            watch.hold(link)
            if where.scheme == "http":
                return link
            link.settimeout(watch.left())
            if self._proxied(where):
                tunnel(link, where, self._proxy)
            secured = self._tls.wrap_socket(link, server_hostname=where.host)
            if secured.version() is None:  # cut off already, which Python takes for "to be connected later"
                secured.close()
                raise TimeoutError if watch.fired else ConnectionResetError
            return secured
        except NetworkError:
            raise
        except TimeoutError as error:
            raise Transient("connect_timeout", host=where.host) from error
        except ConnectionRefusedError as error:
            raise Transient("refused_connection", host=where.host) from error
        except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
            code = "connect_timeout" if watch.fired else "tls" if isinstance(error, ssl.SSLError) else "unreachable"
            raise Transient(code, host=where.host) from error

    def _open(self, where: Target, watch: _Watch) -> socket.socket:
        """Tries the checked addresses in turn, sharing what is left of the time."""
        addresses = self._addresses(where, watch)
        failure: Exception = Transient("dns", host=where.host)
        for index, (family, address) in enumerate(addresses):
            link = socket.socket(family, socket.SOCK_STREAM)
            try:
                link.settimeout(watch.left() / (len(addresses) - index))
                link.connect(address)
                if ipaddress.ip_address(link.getpeername()[0]) != ipaddress.ip_address(address[0]):
                    raise Transient("forbidden_address", host=where.host)
                link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                return link
            except (OSError, Transient) as error:
                link.close()
                failure = error
        raise failure

    def _addresses(self, where: Target, watch: _Watch) -> list[tuple[int, tuple[Any, ...]]]:
        """Families and socket addresses to connect to, all of them checked."""
        if not self._proxied(where):
            found = self._lookup(where.host, where.port, watch)
            if not where.allowed and not all(public(address[0]) for _, address in found):
                raise Transient("forbidden_address", host=where.host)
            return found
        try:
            known = self._lookup(where.host, where.port, watch)
        except Transient:
            # Behind many a proxy no foreign name resolves: the proxy decides then.
            if not public_name(where.host):
                raise Transient("forbidden_address", host=where.host) from None
            known = []
        if not all(public(address[0]) for _, address in known):
            raise Transient("forbidden_address", host=where.host)
        proxy = urlsplit(self._proxy)
        return self._lookup(proxy.hostname or "", proxy.port or 3128, watch)

    def _lookup(self, host: str, port: int, watch: _Watch) -> list[tuple[int, tuple[Any, ...]]]:
        """In a thread of its own, because nothing else bounds the time of a name server."""
        try:
            literal = ipaddress.ip_address(host)
            return [(socket.AF_INET if literal.version == 4 else socket.AF_INET6, (host, port))]
        except ValueError:
            pass
        answers: queue.SimpleQueue[Any] = queue.SimpleQueue()

        def ask() -> None:
            try:
                answers.put([(row[0], row[4]) for row in self._resolve(host, port, type=socket.SOCK_STREAM)])
            except (OSError, ValueError):
                answers.put([])

        threading.Thread(target=ask, daemon=True).start()
        try:
            found = answers.get(timeout=watch.left())
        except queue.Empty:
            found = []
        if not found:
            raise Transient("dns", host=host)
        return list(found)


def _after_sending(error: Exception, host: str, late: bool) -> OutcomeUnknown:
    if late or isinstance(error, TimeoutError):
        return OutcomeUnknown("read_timeout", host=host)
    if isinstance(error, OSError | http.client.IncompleteRead):
        return OutcomeUnknown("reset", host=host)
    return OutcomeUnknown("bad_answer", host=host)
