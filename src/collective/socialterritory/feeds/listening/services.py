"""The JSON door of listening, to read."""

from collective.socialterritory.feeds.listening.rules import address
from collective.socialterritory.feeds.listening.views import Heard
from collective.socialterritory.feeds.listening.views import SIZE
from collective.socialterritory.feeds.views import number
from collective.socialterritory.networks.entries import UNDATED
from plone.restapi.services import Service
from typing import Any


class ListeningGet(Service):
    """GET <site>/@social-listening?show=all&watch=&b_start=&b_size=: what was found, newest first; unread by itself."""

    def reply(self) -> dict[str, Any]:
        self.request.response.setHeader("Cache-Control", "private, no-store")
        heard = Heard(self.context, self.request)
        size = min(number(heard.given("b_size"), SIZE), 100)
        rows = heard.found[heard.start : heard.start + size]
        return {
            "@id": f"{self.context.absolute_url()}/@social-listening",
            "watches": [{"id": watch.id, "title": watch.title, "terms": list(watch.terms)} for watch in heard.watches],
            "items": [
                {
                    "id": match.id,
                    "url": address(match.url, self.context.absolute_url()),
                    "title": match.title,
                    "text": match.text,
                    "author": match.author,
                    "source": match.source,
                    "published": None if match.published == UNDATED else match.published.isoformat(),
                    "found": match.found.isoformat(),
                    "watches": {id: list(terms) for id, terms in match.watches.items()},
                    "read": bool(match.read_by),
                    "forwards": [
                        {"at": one.at.isoformat(), "by": one.by, "department": one.department, "note": one.note}
                        for one in match.forwards
                    ],
                }
                for match in rows
            ],
            "items_total": len(heard.found),
        }
