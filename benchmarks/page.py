"""A news page with share bar, metadata and a feed of 20 entries, for a visitor, against the page without the add-on.

Both are sites of one database in one process, one with the add-on's profile, one without, and take turns. Both show
the same news item with an image and three paragraphs; ours has below it the copy of a feed whose entries have
avatar, image and links. Timed is the whole request through the publisher. No request may write to the database or
open a socket.

Then the same page of ours while a worker of this process looks at sources that are all dead or slow: their servers
refuse, or say nothing as long as it lasts; against the page while no worker works, in blocks that take turns.

Told beside, and no goal: the page of the site without the add-on, with Plone's own RSS portlet, that reads a feed whose
server answers after two seconds.
"""

from contextlib import contextmanager
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from io import BytesIO
from PIL import Image
from statistics import median
from town import news
from town import town
from town.figures import in_turn
from town.figures import ratio
from town.figures import tell
from town.sources import sources
from urllib.parse import urlsplit

import os
import sys
import threading
import time


GOAL = 1.15
DISTURBED = 1.05
ROUNDS = 150
WARM = 10
BLOCKS = 16
BLOCK = 15
ENTRIES = 20
SLOW, DEAD = 8, 16
DAY = datetime(2026, 11, 22, 10, tzinfo=UTC)
TEXT = "La circulation sera interdite de 8 h à 17 h 30, sauf pour les riverains et les véhicules de secours. " * 2


class Page:
    def __init__(self, town, name, needed):
        self.town, self.path, self.needed = town, f"/{name}/news", needed
        self.watched, self.sockets = 0, []
        sys.addaudithook(self._watch)

    def _watch(self, event, args):
        if event.startswith("socket.") and self.watched == threading.get_ident():
            self.sockets.append(event)

    def __call__(self):
        """Wall and CPU seconds of one request of a visitor."""
        self.watched = threading.get_ident()
        start, cpu = time.perf_counter(), time.thread_time()
        status, body = self.town.get(self.path, None)
        took = time.perf_counter() - start, time.thread_time() - cpu
        self.watched = 0
        assert status == 200 and [body.count(what) for what in self.needed] == [*self.needed.values()]
        return took

    def block(self):
        return median(self()[0] for _ in range(BLOCK))


def prepared(town, name, addon=True, **fields):
    import transaction

    town.site(name, addon)
    with town.opened(name) as site:
        from plone import api
        from plone.app.textfield.value import RichTextValue

        text = RichTextValue(f"<p>{TEXT}</p>" * 3, "text/html", "text/x-html-safe")
        if addon:
            known = site.portal_types["News Item"]
            known.manage_changeProperties(behaviors=(*known.behaviors, "collective.socialterritory.feed"))
        made = {"social_feed": feed(site), "social_feed_size": ENTRIES} if addon else {}
        item = news(site, "News", picture(1200, 800, "navy"), text=text, **made)
        api.content.transition(item, to_state="published")
        transaction.commit()


def picture(width, height, colour):
    out = BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "JPEG")
    return out.getvalue()


def feed(site):
    """UID of a source that has its copy."""
    from collective.socialterritory.feeds.model import Kept
    from collective.socialterritory.feeds.rules import pictures
    from collective.socialterritory.feeds.store import Feeds
    from collective.socialterritory.networks.entries import Feed
    from plone.uuid.interfaces import IUUID

    kept = [Kept(picture(640, 480, colour), "image/jpeg", 640, 480) for colour in ("teal", "orange")]
    new = {pictures.name(one): one for one in kept}
    entries = tuple(entry(number, *new) for number in range(ENTRIES))
    uid = IUUID(source(site, "https://mastodon.example/@ville"))
    Feeds(site).keep(uid, Feed("Ville", "https://mastodon.example/@ville", entries), dict.fromkeys(new, ""), new, DAY)
    return uid


def entry(number, avatar, image):
    from collective.socialterritory.networks.entries import Entry
    from collective.socialterritory.networks.entries import Image as Shown

    url = f"https://mastodon.example/@ville/{number}"
    html = f'<p>{TEXT} <a href="{url}/x" rel="nofollow noopener">#travaux</a></p>'
    when, images = DAY - timedelta(hours=number), (Shown(image, "La place de la mairie"),)
    return Entry(url, url, when, f"{TEXT}{number}", "Ville", "fr", images=images, html=html, avatar=avatar)


def source(site, url):
    from collective.socialterritory.feeds import content
    from plone import api

    return api.content.create(site[content.CONTAINER], content.SOURCE, title=url, kind="feed", where=url)


@contextmanager
def looking():
    """A worker that has looked at every source: what refuses has refused, the senders of the others are held."""
    from collective.socialterritory.feeds.worker import look_at_all
    from collective.socialterritory.worker import Worker

    import Zope2

    look_at_all()
    worker = Worker(Zope2.DB)
    thread = threading.Thread(target=worker.run, daemon=True)
    thread.start()
    time.sleep(2)
    assert not worker.idle
    yield
    assert not worker.idle
    worker.stop()
    thread.join()


def while_looking(page):
    with looking():
        return page.block()


def with_plones_portlet(place, name, url):
    """Seconds of the page that reads the feed."""
    from plone.app.portlets.portlets import rss
    from plone.portlets.interfaces import IPortletAssignmentMapping
    from plone.portlets.interfaces import IPortletManager
    from zope.component import getMultiAdapter
    from zope.component import getUtility

    import transaction

    rss._rss_feed_url_validator = lambda url: None  # it takes no address of this machine
    with place.opened(name) as site:
        column = getUtility(IPortletManager, name="plone.rightcolumn")
        getMultiAdapter((site, column), IPortletAssignmentMapping)["rss"] = rss.Assignment(count=ENTRIES, url=url)
        transaction.commit()
    return Page(place, name, {b"Travaux": ENTRIES})()[0]


def last(place):
    with place.opened() as app:
        return app._p_jar.db().lastTransaction()


def main():
    with sources(600, SLOW, 1) as silent, sources(2, 1, ENTRIES) as slow:
        with town(SOCIALTERRITORY_ALLOW=",".join(urlsplit(url).netloc for url in silent) + ",127.2.0.1") as place:
            prepared(place, "ours")
            prepared(place, "theirs", False)
            shown = {b'class="social-entry"': ENTRIES, b'class="social-share': 1, b"application/ld+json": 1}
            ours, theirs = Page(place, "ours", shown), Page(place, "theirs", dict.fromkeys(shown, 0))
            in_turn(WARM, ours, theirs)
            before = last(place)
            columns = in_turn(ROUNDS, ours, theirs)
            written = last(place) != before
            dead(place, silent)
            calm, disturbed = in_turn(BLOCKS, ours.block, lambda: while_looking(ours))
            waits = with_plones_portlet(place, "theirs", *slow)
    wall, cpu = (ratio(*pair) for pair in zip(*(zip(*column, strict=True) for column in columns), strict=True))
    took = " against ".join(f"{median(wall for wall, _cpu in column) * 1000:.1f}" for column in columns)
    more = ratio(disturbed, calm)
    tell(
        "page",
        wall <= GOAL and more <= DISTURBED and not written and not ours.sockets,
        f"{wall:.2f} times as long ({took} ms; CPU {cpu:.2f}), goal {GOAL}; {more:.3f} times that while all sources "
        f"are dead or slow, goal {DISTURBED}; {'written to' if written else '0 writes'}, {len(ours.sockets)} sockets; "
        f"Plone's own RSS portlet with a slow feed: {waits:.1f} s",
        f"A news page with share bar, metadata and {ENTRIES} entries for a visitor, {ROUNDS} requests of each in turn; "
        f"then {BLOCKS} blocks of {BLOCK} while {SLOW} servers say nothing and {DEAD} refuse.",
    )


def dead(place, silent):
    import transaction

    with place.opened("ours") as site:
        for url in (*silent, *(f"http://127.2.0.1/{number}" for number in range(DEAD))):
            source(site, url)
        transaction.commit()


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    os._exit(0)  # without waiting for the senders that the silent servers hold
