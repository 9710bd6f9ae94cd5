"""Claiming a delivery with 100,000 deliveries in the history, against 1,000.

Two sites of one database take turns. A claim is all that the worker does for one delivery before a byte leaves: look
into the record, read the item, decide, compose, write and commit to the disk. The histories are written straight into
the structures of the store, eight deliveries an item, as publishing and archiving leave them. Each claim is made on a
connection that was just opened, as the worker's turns do. CPU time counts: waiting for the disk is the same for both;
wall time is told beside it.
"""

from statistics import median
from town import connected
from town import news
from town import town
from town.figures import in_turn
from town.figures import ratio
from town.figures import tell

import random
import time


GOAL = 1.2
ROUNDS = 100
WARM = 5
BATCH = 5000


class NoSender:
    """Takes what is claimed and sends nothing."""

    full = False

    def busy(self, lane):
        return False

    def submit(self, *args):
        pass


class Claiming:
    def __init__(self, town, name, history):
        import transaction

        self.town, self.name = town, name
        town.site(name)
        with town.opened(name) as site:
            self.account = connected(site, "Town", validation="none")
            transaction.commit()
            for number in range(ROUNDS + WARM):
                publish(news(site, f"News {number}"))
            transaction.commit()
            fill(site, history)
            self.waiting = [(delivery.id, delivery.due) for delivery in outbox(site).live()]

    def __call__(self):
        """CPU and wall seconds of one claim."""
        from collective.socialterritory import clock
        from collective.socialterritory.crosspost.lane import Agenda
        from collective.socialterritory.crosspost.lane import Lane
        from collective.socialterritory.crosspost.model import State

        id, due = self.waiting.pop()
        agenda = Agenda(looks={self.account: {id: due}})
        with self.town.opened(self.name) as site:
            lane = Lane(site, NoSender(), agenda, self.account, clock.now())
            start, cpu = time.perf_counter(), time.process_time()
            lane.serve()
            figures = time.process_time() - cpu, time.perf_counter() - start
            assert outbox(site).get(id).state is State.SENDING
        return figures


def publish(item):
    from plone import api

    api.content.transition(item, to_state="published")


def outbox(site):
    from collective.socialterritory.crosspost.store import Outbox

    return Outbox(site)


def fill(site, count):
    """Finished deliveries, eight an item, with the texts and the log of a real one."""
    from collective.socialterritory.crosspost.model import Operation
    from collective.socialterritory.crosspost.store import delivery_id
    from collective.socialterritory.crosspost.stored import dump
    from persistent.mapping import PersistentMapping

    import transaction

    store = outbox(site)
    sample = dump(next(store.live())) | {"state": "delivered"}
    chance = random.Random(1)
    for number in range(count):
        if number % 8 == 0:
            item = f"{chance.getrandbits(128):032x}"
        id = delivery_id(item, f"account-{number % 8}", Operation.POST, 1)
        store._shard("history", id)[id] = PersistentMapping({**sample, "id": id, "content": item})
        store._root["timeline"][f"{number:018d}.{id}"] = id
        if number % BATCH == BATCH - 1:
            transaction.commit()
            site._p_jar.cacheMinimize()
    transaction.commit()


def main():
    with town() as place:
        large, small = Claiming(place, "large", 100_000), Claiming(place, "small", 1_000)
        in_turn(WARM, large, small)
        columns = [list(zip(*figures, strict=True)) for figures in in_turn(ROUNDS, large, small)]
    cpu, wall = (ratio(one, other) for one, other in zip(*columns, strict=True))
    took = [median(figures[0]) * 1000 for figures in columns]
    tell(
        "claim",
        cpu <= GOAL,
        f"{cpu:.2f} times the CPU time ({took[0]:.2f} against {took[1]:.2f} ms; wall {wall:.2f}), goal {GOAL}",
        f"One claim with 100,000 deliveries in the history against 1,000, FileStorage, {ROUNDS} of each in turn.",
    )


if __name__ == "__main__":
    main()
