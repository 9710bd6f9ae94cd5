"""How often, and from where: in memory alone, by the network of the visitor and for the whole site."""

from collections import OrderedDict
from collections.abc import Sequence
from collective.socialterritory.address import problem
from ipaddress import ip_address
from ipaddress import ip_network
from ipaddress import IPv4Address
from ipaddress import IPv6Address
from threading import Lock
from typing import NamedTuple

import hashlib
import hmac


class Window(NamedTuple):
    """At most so many times in `seconds`; when it is full, one more after each `seconds / most`."""

    most: int
    seconds: float


TEN_MINUTES = 600
DAY = 86_400
BUSY = 12
"""Times as much as in ten minutes may be in a day"""
RUSH = 10
"""What all may send in five seconds, at least"""
MOST = 20_000
"""Keys that are remembered; those that were seen longest ago are forgotten first"""

Times = tuple[float, ...]
"""Of a key, one a window: when it is empty again"""


class Place(NamedTuple):
    """Where a visitor comes from."""

    network: str
    """Such as 192.0.2.0/24 or 2001:db8::/64; "" where visitors cannot be told apart"""
    hidden: bool = False
    """Whether a proxy stands before us whose word is not taken, so that all visitors seem to come from it"""


def windows(most: int) -> tuple[Window, ...]:
    """`most`: in ten minutes, which is what webmasters set."""
    return (Window(most, TEN_MINUTES), Window(most * BUSY, DAY))


def together(most: int) -> tuple[Window, ...]:
    """Of all visitors: in a few seconds as well, for who writes at one time with others is in their way."""
    return (*windows(most), Window(max(RUSH, most // 20), 5))


def after(times: Times, windows: Sequence[Window], now: float) -> tuple[float, Times]:
    """Seconds to wait, 0.0 when it may be now, and the times then. Who has to wait is not made to wait longer for it.

    `times`: of this key, () for one that is new. `now`: seconds on any clock.
    """
    last = times or (0.0,) * len(windows)
    steps = [window.seconds / window.most for window in windows]
    # No time that was written is later than this, unless the clock was put back.
    begins = [min(max(time, now), now + window.seconds) for time, window in zip(last, windows, strict=True)]
    waits = [begin + step - window.seconds - now for begin, step, window in zip(begins, steps, windows, strict=True)]
    if (wait := max(waits)) > 1e-6:
        return wait, tuple(begins)
    return 0.0, tuple(begin + step for begin, step in zip(begins, steps, strict=True))


class Limiter:
    """Remembers times by key; any number of threads may ask it."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._times: OrderedDict[str, Times] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._times)

    def wait(self, key: str, windows: Sequence[Window], now: float) -> float:
        """Seconds to wait; 0.0 when it may be now, which counts as once more."""
        with self._lock:
            wait, self._times[key] = after(self._times.get(key, ()), windows, now)
            self._times.move_to_end(key)
            if len(self._times) > self._most:
                self._times.popitem(last=False)
            return wait


def network(address: str) -> str:
    """The /24 or /64 of an address; "" for what is none."""
    ip = _ip(address)
    if ip is None or ip.version == 6:
        return str(ip_network(f"{ip}/64", strict=False)) if ip else ""
    return f"{str(ip).rpartition('.')[0]}.0/24"


def place(remote: str, client: str, forwarded: str, url: str) -> Place:
    """Where a request comes from.

    `remote`: who spoke to us; `client`: who Zope takes it to come from, which differs when `remote` is a trusted proxy;
    `forwarded`: the header X-Forwarded-For, or ""; `url`: the address that visitors use.

    The header is believed through Zope alone, since anybody can send one: from an address of the Internet it changes
    nothing. An address of the house that nobody explains is that of a proxy whose word is not taken (waitress drops its
    header before Zope sees it), and to refuse one visitor would be to refuse all of them.
    """
    ip = _ip(client)
    if ip and (remote != client or ip.is_global):
        return Place(network(client))
    return Place("", bool(forwarded) or not problem(url))


def mark(salt: bytes, network: str) -> str:
    """What is kept in place of a network: without `salt`, which is destroyed, nothing of it can be told."""
    return hmac.new(salt, network.encode(), hashlib.sha256).hexdigest()[:24]


def _ip(address: str) -> IPv4Address | IPv6Address | None:
    try:
        ip = ip_address(address.partition("%")[0].strip("[] "))
    except ValueError:
        return None
    return getattr(ip, "ipv4_mapped", None) or ip
