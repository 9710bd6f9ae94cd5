"""Which URLs and addresses may be asked at all."""

from collective.socialterritory.errors import Transient
from dataclasses import dataclass
from urllib.parse import quote
from urllib.parse import urlsplit

import idna
import ipaddress
import re


_NAME = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]{0,251}[a-z0-9_])?\.?")
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")
_PORTS = {"http": 80, "https": 443}
_KEPT = "/%:@!$&'()*+,;=~"
_GLOBAL_6 = ipaddress.ip_network("2000::/3")
# Python 3.11's is_global passes these: protocol assignments and the 6to4 relay; 6to4, Teredo and kin, documentation.
_NEVER = tuple(
    ipaddress.ip_network(net) for net in ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2002::/16", "3fff::/20")
)
_LOCAL_SUFFIXES = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "arpa", "invalid", "test")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a URL leads. `name` is what goes into the request line, `authority` into the Host header."""

    scheme: str
    host: str
    """ASCII, lower case, without brackets"""
    port: int
    name: str
    allowed: bool
    """The person who runs the server lets it be private"""

    @property
    def authority(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> tuple[str, str, int]:
        return self.scheme, self.host, self.port


def target(url: str, allow: frozenset[str] = frozenset()) -> Target:
    """Raises Transient: bad_address (not http/https, user and password, odd characters) or forbidden_port."""
    host = ""
    try:
        parts = urlsplit(url)
        host = _host(parts.hostname or "")
        if ("[" in parts.netloc) != (":" in host):
            raise ValueError
        if parts.scheme not in _PORTS or "@" in parts.netloc or _UNSAFE.search(url) or not host:
            raise ValueError
        port = parts.port if parts.port is not None else _PORTS[parts.scheme]
    except ValueError:
        raise Transient("bad_address", host=host) from None
    shown = f"[{host}]" if ":" in host else host
    allowed = f"{shown}:{port}" in allow
    if not allowed and port not in _PORTS.values():
        raise Transient("forbidden_port", host=host, port=port)
    name = quote(parts.path or "/", safe=_KEPT) + (f"?{quote(parts.query, safe=_KEPT + '?')}" if parts.query else "")
    return Target(parts.scheme, host, port, name, allowed)


def _host(host: str) -> str:
    """The host in ASCII, "" when it is neither a name nor an address. Raises ValueError."""
    if ":" in host:
        return "" if "%" in host else str(ipaddress.IPv6Address(host))
    if not host.isascii():
        host = idna.encode(host, uts46=True).decode()  # IDNAError is a ValueError
    return host if _NAME.fullmatch(host) else ""


def public(address: str) -> bool:
    """Whether an IP address is one that anybody on the Internet may own."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped:
            return public(str(ip.ipv4_mapped))
        if ip not in _GLOBAL_6:  # all unicast is of 2000::/3: leaves out NAT64, IPv4-compatible, site-local
            return False
    return ip.is_global and not ip.is_multicast and not any(ip in net for net in _NEVER if net.version == ip.version)


def public_name(host: str) -> bool:
    """Whether a name that only a proxy can resolve looks like one of the Internet."""
    labels = host.rstrip(".").split(".")
    return len(labels) > 1 and labels[-1] not in _LOCAL_SUFFIXES and not labels[-1].isdigit()
