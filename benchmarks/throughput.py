"""How many posts the worker gets out, against a bare loop of `requests` with the same parallelism.

The server is the tests' scripted Bluesky in a process of its own; it answers after 200 ms, and for information at
once. Both send the same putRecord calls for eight accounts, one at a time each: the loop from eight threads that do
nothing else, the worker with its eight lanes, where every post is claimed, decided, composed, sent, recorded and
committed to the disk twice. The two take turns. The worker's time begins when its lanes are loaded.
"""

from concurrent.futures import ThreadPoolExecutor
from statistics import median
from town import connected
from town import news
from town import town
from town.figures import in_turn
from town.figures import ratio
from town.figures import tell
from town.network import network
from town.worker import finish

import os
import requests
import time


GOAL = 0.8
ROUNDS = 4
ITEMS = 12
"""A round is so many posts for each of the accounts."""
ACCOUNTS = 8


class Working:
    """Publishes the next items, without being timed, and lets the worker send them."""

    def __init__(self, town, name, credentials):
        import transaction

        self.town, self.name = town, name
        self.number = 0
        town.site(name)
        with town.opened(name) as site:
            for number, known in enumerate(credentials):
                connected(site, f"Account {number}", credentials=known, validation="none", template="{title} {link}")
            for number in range(ITEMS * (ROUNDS + 1)):
                news(site, f"News {number}")
            transaction.commit()

    def __call__(self):
        """Posts a second."""
        from collective.socialterritory.worker import Worker

        import Zope2

        ids = self._publish()
        worker = Worker(Zope2.DB, senders=2 * ACCOUNTS)  # one server has half of them
        start = time.perf_counter()
        finish(worker)
        took = time.perf_counter() - start
        worker.leave()
        self._check(ids)
        return len(ids) / took

    def _publish(self):
        from collective.socialterritory.crosspost.store import Outbox
        from plone import api

        import transaction

        with self.town.opened(self.name) as site:
            items = [site[f"news-{self.number + number}"] for number in range(ITEMS)]
            self.number += ITEMS
            for item in items:
                api.content.transition(item, to_state="published")
            transaction.commit()
            return [delivery.id for item in items for delivery in Outbox(site).of_item(item.UID())]

    def _check(self, ids):
        from collective.socialterritory.crosspost.model import State
        from collective.socialterritory.crosspost.store import Outbox

        with self.town.opened(self.name) as site:
            states = {Outbox(site).get(id).state for id in ids}
        assert len(ids) == ITEMS * ACCOUNTS and states == {State.DELIVERED}, (len(ids), states)


class Bare:
    def __init__(self, credentials):
        self.credentials = credentials

    def __call__(self):
        """Posts a second."""
        start = time.perf_counter()
        with ThreadPoolExecutor(ACCOUNTS) as threads:
            list(threads.map(self._lane, self.credentials))
        return ITEMS * ACCOUNTS / (time.perf_counter() - start)

    def _lane(self, known):
        from collective.socialterritory.networks.bluesky import network as bluesky
        from datetime import datetime
        from datetime import UTC

        for number in range(ITEMS):
            now = datetime.now(UTC)
            record = {
                "$type": "app.bsky.feed.post",
                "text": f"News {number} https://www.ville.fr/news-{number}",
                "createdAt": now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            }
            key = bluesky.key(f"{known['did']}{number}{now}", now)
            body = {"repo": known["did"], "collection": "app.bsky.feed.post", "rkey": key, "record": record}
            said = requests.post(
                f"{known['pds']}/xrpc/com.atproto.repo.putRecord",
                json=body,
                headers={"Authorization": f"Bearer {known['access']}"},
                timeout=20,
            )
            assert said.status_code == 200, said.text


def measured(place, name, delay):
    """(ratio, posts a second of the worker, of the loop)"""
    with network(delay, ACCOUNTS) as server:
        os.environ.update(server["environ"])
        working, bare = Working(place, name, server["credentials"]), Bare(server["credentials"])
        in_turn(1, working, bare)
        ours, theirs = in_turn(ROUNDS, working, bare)
        return ratio(ours, theirs), median(ours), median(theirs)


def main():
    with town() as place:
        slow, quick = measured(place, "slow", 0.2), measured(place, "quick", 0.0)
    tell(
        "throughput",
        slow[0] >= GOAL,
        "{:.2f} of a bare loop ({:.0f} against {:.0f} posts/s) where answers take 200 ms, goal {}; "
        "{:.2f} ({:.0f} against {:.0f}) where they come at once".format(*slow, GOAL, *quick),
        f"{ITEMS * ACCOUNTS} posts for {ACCOUNTS} accounts a round, {ROUNDS} rounds of each in turn.",
    )


if __name__ == "__main__":
    main()
