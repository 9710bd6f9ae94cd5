"""Memory after each hundred of 1,000 posts with images: what a process keeps of every post would show.

Ten accounts of the tests' scripted Bluesky server, which is in another process. A hundred times a news item with an
image of its own, a photograph of 960 by 720, is made and published, and the worker delivers it for each account, image
scaled and uploaded every time. After every hundred posts: resident memory once garbage was collected and free pages
given back.

ZODB keeps objects to read them again, as many as zope.conf says. With the usual 30,000 that cache would grow all the
time, which is Plone's and hides what is ours, so here it has 3,000 and is full before the first post. The median after
800, 900 and 1,000 posts may be little above that after 300, 400 and 500. The size of the image bounds the time to some
minutes.
"""

from io import BytesIO
from PIL import Image
from statistics import linear_regression
from statistics import median
from town import connected
from town import news
from town import town
from town.figures import tell
from town.memory import resident
from town.network import network
from town.worker import finish

import os
import sys


GOAL = 1.02
CACHE = 3000
ACCOUNTS = 10
ITEMS = 10
"""So many items for each account are a hundred posts"""
HUNDREDS = 10
SITE = "site"


def main():
    import transaction

    with network(0, ACCOUNTS) as server, town(cache=CACHE, **server["environ"]) as place:
        from collective.socialterritory.worker import Worker

        import Zope2

        place.site(SITE)
        with place.opened(SITE) as site:
            for number, known in enumerate(server["credentials"]):
                connected(site, f"Account {number}", credentials=known, validation="none")
            transaction.commit()
        worker = Worker(Zope2.DB)
        figures = [after_hundred(place, worker) for _ in range(HUNDREDS)]
        worker.leave()
    early, late = median(figures[2:5]), median(figures[-3:])
    growth = linear_regression(range(6), figures[-6:]).slope
    tell(
        "steady",
        late / early <= GOAL,
        f"{late / early:.3f} times the memory after 800 to 1,000 posts with images as after 300 to 500 "
        f"({late:.1f} against {early:.1f} MB), goal {GOAL}",
        f"After each hundred: {' '.join(f'{mb:.1f}' for mb in figures)} MB; in the second half {growth * 10:+.1f} kB a "
        "post.",
    )


def after_hundred(place, worker):
    """MB after a hundred more posts, all of which have arrived."""
    from collective.socialterritory.crosspost.store import Outbox
    from plone import api

    import transaction

    with place.opened(SITE) as site:
        items = [news(site, f"News {os.urandom(4).hex()}", photograph()) for _ in range(ITEMS)]
        transaction.commit()
        for item in items:
            api.content.transition(item, to_state="published")
        transaction.commit()
        uids = [item.UID() for item in items]
    finish(worker)
    with place.opened(SITE) as site:
        sent = [delivery for uid in uids for delivery in Outbox(site).of_item(uid)]
        assert [one.state for one in sent] == ["delivered"] * ITEMS * ACCOUNTS and all(one.images for one in sent), sent
    del sent
    return resident()


def photograph():
    """A JPEG, every one another."""
    noise = Image.frombytes("RGB", (240, 180), os.urandom(240 * 180 * 3)).resize((960, 720))
    out = BytesIO()
    noise.save(out, "JPEG", quality=90)
    return out.getvalue()


if __name__ == "__main__":
    main()
    sys.stdout.flush()
