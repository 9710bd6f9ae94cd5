"""What a visitor's link begins with and what may follow it, and which addresses must never be posted."""

from ipaddress import ip_address
from ipaddress import ip_network
from ipaddress import IPv4Address
from ipaddress import IPv6Address
from urllib.parse import quote
from urllib.parse import urlsplit

import re


PROBLEMS = frozenset(("no_address", "malformed_address", "local_address", "internal_address", "edit_address"))
"""Codes of what `problem` may find"""
LOCAL_ENDINGS = ("localhost", "localdomain")
INTERNAL_ENDINGS = ("local", "lan", "internal", "intranet", "corp", "home", "home.arpa", "test", "invalid")
"""Names that mean nothing outside: RFC 6761, RFC 6762, RFC 8375, ICANN's .internal, and habits of town halls."""

EDIT_LABELS = frozenset(
    "edit edition editor redaction gestion admin backoffice back bo cms contrib preprod preproduction staging stage "
    "recette test dev intranet".split()
)
"""First labels of hosts where people write, such as edit.town.example; preprod2 counts as preprod."""

# Python 3.11's is_global passes these: they carry an IPv4 address that may be anything.
TUNNELS = tuple(ip_network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"))

_CAMPAIGN = re.compile(r"[\w.~%+-]+=[\w.~%+-]*(?:&[\w.~%+-]+=[\w.~%+-]*)*", re.ASCII)


def problem(url: str) -> str:
    """Why visitors could not follow links that begin with `url`; "" when they can.

    no_address: none. malformed_address: no link can begin so. local_address: this machine. internal_address: a private
    network. edit_address: looks like the host where editors work.
    """
    if not url:
        return "no_address"
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
        parts.port  # noqa: B018 a port that is no number raises
    except ValueError:
        return "malformed_address"
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc or set("?#") & set(url):
        return "malformed_address"
    if any(char.isspace() or not char.isprintable() for char in url):
        return "malformed_address"
    try:
        return _ip_problem(ip_address(host))
    except ValueError:
        return _name_problem(host)


def _ip_problem(ip: IPv4Address | IPv6Address) -> str:
    ip = getattr(ip, "ipv4_mapped", None) or ip
    if ip.is_loopback or ip.is_unspecified:
        return "local_address"
    if not ip.is_global or ip.is_multicast or any(ip in net for net in TUNNELS):
        return "internal_address"
    return ""


def _name_problem(host: str) -> str:
    if _ends(host, LOCAL_ENDINGS):
        return "local_address"
    labels = host.split(".")
    # No top-level domain begins with a digit: 127.1 and 0x7f.1 are addresses in disguise.
    if len(labels) == 1 or labels[-1][:1].isdigit() or _ends(host, INTERNAL_ENDINGS):
        return "internal_address"
    # In edition.example the first label is the name itself.
    if len(labels) > 2 and labels[0].rstrip("0123456789") in EDIT_LABELS:
        return "edit_address"
    return ""


def _ends(host: str, endings: tuple[str, ...]) -> bool:
    return any(host == ending or host.endswith(f".{ending}") for ending in endings)


def item_url(public: str, site_path: str, item_path: str) -> str:
    """The item's address for visitors; "" when the site has no public address or the item is elsewhere."""
    base, inside = site_path.rstrip("/"), item_path.rstrip("/")
    if not public or not f"{inside}/".startswith(f"{base}/"):
        return ""
    return public.rstrip("/") + quote(inside[len(base) :], safe="/@+~!$&'()*,;=:")


def tracked(url: str, campaign: str) -> str:
    """`url` with the campaign's parameters behind those it has, before the fragment."""
    extra = quote(campaign.strip().strip("?&"), safe="=&%+-._~!*'()$,;:@/?")
    if not url or not extra:
        return url
    parts = urlsplit(url)
    return parts._replace(query=f"{parts.query}&{extra}" if parts.query else extra).geturl()


def campaign_problem(campaign: str) -> str:
    return "" if not campaign or _CAMPAIGN.fullmatch(campaign) else "bad_campaign"


def told_apart(form: str, url: str) -> str:
    """What tells a post's address from others: the group `post` of its form, a regular expression, or all of it."""
    found = re.fullmatch(form, url)
    part = found and found.groupdict().get("post")
    return part or url.partition("#")[0].rstrip("/")
