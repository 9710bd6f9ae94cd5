"""Who a shared page names as its author at the networks."""

from collections.abc import Iterable
from collective.socialterritory.accounts.model import Account


SITE = "twitter:site"
"""Its place is the whole site's account at the network whose authors are in `AUTHOR`."""
AUTHOR = "twitter:creator"


def handle(identity: str) -> str:
    """@town, @town@server.example; made of the page's address for an account by hand, "" where that tells no name."""
    if identity.startswith("@"):
        return identity
    server, _, name = identity.partition("/")
    if not name or "/" in name:
        return ""
    return f"{name}@{server}" if name.startswith("@") else f"@{name}"


def credits(speaking: Iterable[tuple[str, Account]], site: str) -> tuple[tuple[str, str], ...]:
    """The name of each tag and who stands in it; of several accounts, the first of those for a section only.

    `speaking`: names of tags and the accounts that speak for the page. `site`: the handle that the site's own
    settings name, "" for none; then an account without sections stands there.
    """
    chosen: dict[str, Account] = {}
    whole = ""
    for tag, account in speaking:
        known = chosen.get(tag)
        if known is None or (account.sections and not known.sections):
            chosen[tag] = account
        if tag == AUTHOR and not account.sections:
            whole = whole or handle(account.identity)
    found = {tag: handle(account.identity) for tag, account in chosen.items()}
    if site or whole:
        found[SITE] = site or whole
    return tuple((tag, who) for tag, who in sorted(found.items()) if who)
