"""Looking at 500 sources that answer after 200 ms, against a bare loop of `requests` with the same parallelism.

Each source is a feed on a local host of its own, served by another process, and has news every time: the worker parses
each answer in a child process, makes it clean, and commits the copy to the disk. The loop only fetches, with as many
threads as the worker has senders for feeds. The two take turns. After each turn of the worker every source must have
been looked at and kept once, and memory is read once garbage was collected and free pages given back; ZODB keeps so
few objects that its cache is full before the first figure. Needs Linux' /proc and 127.0.0.0/8.
"""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from town import town
from town.figures import in_turn
from town.figures import ratio
from town.figures import tell
from town.memory import resident
from town.sources import sources
from town.worker import finish
from urllib.parse import urlsplit

import requests
import time


GOAL = 0.7
GROWTH = 1.02
ROUNDS = 4
SOURCES = 500
ENTRIES = 10
DELAY = 0.2
CACHE = 1000
SITE = "site"


class Refreshing:
    """`memory`: MB after each call."""

    def __init__(self, town, addresses):
        import transaction

        self.town, self.memory, self.copies = town, [], {}
        town.site(SITE)
        with town.opened(SITE) as site:
            from collective.socialterritory.feeds import content
            from plone import api

            for number, url in enumerate(addresses):
                api.content.create(site[content.CONTAINER], content.SOURCE, title=f"{number}", kind="feed", where=url)
            transaction.commit()

    def __call__(self):
        """Sources a second."""
        from collective.socialterritory.feeds.worker import look_at_all
        from collective.socialterritory.worker import Worker

        import Zope2

        worker = Worker(Zope2.DB)
        look_at_all()
        start = time.perf_counter()
        finish(worker)
        took = time.perf_counter() - start
        worker.leave()
        self._check()
        self.memory.append(resident())
        return SOURCES / took

    def _check(self):
        """Every source has another copy than before, whole and without an error."""
        from collective.socialterritory.feeds.store import Feeds

        with self.town.opened(SITE) as site:
            known = Feeds(site)
            copies = {uid: known.feed(uid).entries[0].title for uid in known.uids()}
            whole = Counter((known.health(uid).error, len(known.feed(uid).entries)) for uid in copies)
        assert whole == {("", ENTRIES): SOURCES}, whole
        assert not self.copies.items() & copies.items()
        self.copies = copies


class Bare:
    def __init__(self, addresses):
        self.addresses = addresses

    def __call__(self):
        """Sources a second."""
        from collective.socialterritory.worker import SENDERS

        start = time.perf_counter()
        with ThreadPoolExecutor(SENDERS // 2) as threads:
            assert all(threads.map(self._fetch, self.addresses))
        return len(self.addresses) / (time.perf_counter() - start)

    def _fetch(self, url):
        said = requests.get(url, timeout=20)
        return said.status_code == 200 and said.content


def main():
    with sources(DELAY, SOURCES, ENTRIES) as addresses:
        allow = ",".join(urlsplit(url).netloc for url in addresses)
        with town(cache=CACHE, SOCIALTERRITORY_ALLOW=allow) as place:
            refreshing, bare = Refreshing(place, addresses), Bare(addresses)
            in_turn(1, refreshing, bare)
            ours, theirs = in_turn(ROUNDS, refreshing, bare)
    speed, memory = ratio(ours, theirs), refreshing.memory
    early, late = median(memory[1:4]), median(memory[-3:])
    tell(
        "refresh",
        speed >= GOAL and late / early <= GROWTH,
        f"{speed:.2f} of a bare loop ({median(ours):.1f} against {median(theirs):.1f} sources/s), goal {GOAL}; "
        f"{late / early:.3f} times the memory in the last rounds as in the first ({late:.1f} against {early:.1f} MB), "
        f"goal {GROWTH}; each source looked at once a round",
        f"{SOURCES} sources of {ENTRIES} entries that answer after {DELAY * 1000:.0f} ms, {ROUNDS} rounds of each in "
        f"turn. After each: {' '.join(f'{mb:.1f}' for mb in memory)} MB.",
    )


if __name__ == "__main__":
    main()
