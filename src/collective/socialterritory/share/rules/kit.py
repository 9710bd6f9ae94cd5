"""What ambassadors find in a news item's kit: whether there is one, and the text for each network."""

from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Mapping
from collective.socialterritory.plain import one_line
from collective.socialterritory.share.model import Page
from collective.socialterritory.share.model import Ready
from collective.socialterritory.share.model import ShareLink
from collective.socialterritory.share.model import Target
from collective.socialterritory.share.rules import links
from collective.socialterritory.text import cut
from dataclasses import replace
from datetime import datetime


YES_SAID = frozenset({"queued", "sending", "unconfirmed", "failed"})
"""States of a post that is not out, but that nobody has to approve any more"""
_WHY = {"pending": "kit_waits", "queued": "kit_held", "delivered": "kit_withdrawn", "rejected": "kit_refused"}


def absence(
    public: bool,
    since: datetime | None,
    until: datetime | None,
    now: datetime,
    validated: bool,
    states: Collection[str],
) -> str:
    """The code of why an item has no kit; "" when it has one.

    `since` and `until`: when it is to be read. `validated`: whether a post of it is out or may leave. `states`: those
    of all its posts.
    """
    if not public:
        return "kit_not_public"
    if until and until <= now:
        return "kit_expired"
    if since and since > now:
        return "kit_not_yet"
    return "" if validated else next((code for state, code in _WHY.items() if state in states), "kit_nothing")


def texts(
    page: Page, said: Mapping[str, str], known: Mapping[str, Target], wanted: Iterable[str], shared: bool
) -> list[Ready]:
    """Those of `said`, by network, then title and link for the others of `wanted` that are in `known`; each text once.

    `said`: what was validated, with the page's own address. `shared`: whether the page may have share links.
    """
    others = [id for id in wanted if id in known and not known[id].script and id != "qr"]
    found: dict[str, list[Target]] = {}
    for id in dict.fromkeys([*said, *others]):
        text = _within(said.get(id) or one_line(page.title), page.url, known[id])
        found.setdefault(text, []).append(known[id])
    return [
        Ready(text, tuple(targets), tuple(_links(page, text, targets)) if shared else ())
        for text, targets in found.items()
    ]


def _within(text: str, url: str, target: Target) -> str:
    """With the link, in the target's limit; an editor's own words may have it without the campaign."""
    return text if url.partition("?")[0] in text else cut(text, target.limit, target.measure, keep=f"\n{url}")


def _links(page: Page, text: str, targets: Iterable[Target]) -> list[ShareLink]:
    before = text.removesuffix(page.url).strip()
    # What follows the link would come before it in a share link: there the title does.
    said = replace(page, title=page.title if page.url in before else before)
    there = {target.id: target for target in targets if target.template}
    return links.links(there, there, said)
