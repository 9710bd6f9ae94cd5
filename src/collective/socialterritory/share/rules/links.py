"""Which links a page has, what they say, and which server a visitor means."""

from collections import Counter
from collections.abc import Iterable
from collections.abc import Mapping
from collective.socialterritory import address
from collective.socialterritory.networks.model import Network
from collective.socialterritory.plain import one_line
from collective.socialterritory.share.model import Page
from collective.socialterritory.share.model import Profile
from collective.socialterritory.share.model import ShareLink
from collective.socialterritory.share.model import Target
from collective.socialterritory.share.model import TARGETS
from collective.socialterritory.text import cut
from dataclasses import replace
from urllib.parse import quote

import re


ASKED = "{host}"
_AROUND_SERVER = re.compile(r"^\s*(https?://)?(@?[\w.-]*@)?|[/?#].*|\s+$", re.DOTALL | re.IGNORECASE)
_SERVER = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])")


def targets(networks: Iterable[Network]) -> dict[str, Target]:
    """By id: the networks that have a share link, by title, then what is no network of ours."""
    found = [target(net) for net in sorted(networks, key=lambda net: net.title) if net.share_template]
    return {target.id: target for target in (*found, *TARGETS)}


def target(net: Network) -> Target:
    return Target(net.id, net.title, net.share_template, net.icon, net.limits.text, net.limits.measure)


def links(known: Mapping[str, Target], wanted: Iterable[str], page: Page) -> list[ShareLink]:
    """In the order of `wanted`; what is not known any more is left out."""
    return [_link(known[id], page) for id in dict.fromkeys(wanted) if id in known]


def _link(target: Target, page: Page) -> ShareLink:
    url = filled(target, page)
    if ASKED in url:
        return ShareLink(target.id, target.title, f"{page.here}/@@social-share-{target.id}", target.icon, url)
    return ShareLink(target.id, target.title, url, target.icon)


def filled(target: Target, page: Page, host: str = ASKED) -> str:
    """The target's address for this page, its title cut so that link and title are no longer than the target takes."""
    link = f" {page.url}"
    title = one_line(page.title)
    if target.limit:
        title = cut(title, target.limit, target.measure, keep=link).removesuffix(link)
    values = {"url": page.url, "title": title, "text": f"{title}{link}"}
    encoded = {name: quote(value, safe="") for name, value in values.items() if f"{{{name}}}" in target.template}
    return target.template.format(here=page.here, host=host, **encoded)


def server(typed: str) -> str:
    """The host that is meant by mastodon.social, https://mastodon.social/@me or @me@mastodon.social; "" for none.

    No port, no address in numbers, nothing of an internal network.
    """
    try:
        host = _AROUND_SERVER.sub("", typed[:300]).lower().encode("idna").decode("ascii")
    except UnicodeError:
        return ""
    known = address.problem(f"https://{host}") in ("", "edit_address")
    return host if known and _SERVER.fullmatch(host) else ""


def within(path: str, sections: Iterable[str]) -> bool:
    """Whether the content at `path` lies in one of the sections; none means the whole site."""
    known = list(sections)
    return not known or any(f"{path}/".startswith(f"{section.rstrip('/')}/") for section in known)


def labelled(profiles: Iterable[Profile]) -> list[Profile]:
    """Each with a label: its network's name, and who we are there where a network has several."""
    known = list(profiles)
    several = Counter(profile.network for profile in known)
    return [
        replace(
            one,
            label=f"{one.network_title} {one.name}" if several[one.network] > 1 else one.network_title,
        )
        for one in known
    ]
