"""How long posts take while another network is dead: its server accepts connections and never answers.

Eight accounts on one server of the tests' scripted Bluesky, which answers after 200 ms, and sixteen on another, as many
as the worker has senders. A news item for all of them is published every two seconds for a minute, while the worker
works as in a serving process. What is told of a run is the delay of the first eight accounts, from when a post is due
to when it is recorded as delivered. In the other run the second server answers like the first, and all the rest is the
same. Each run has a process of its own, so that what the dead network leaves behind troubles no other.

A server that refuses connections is a lesser evil: its senders are free again at once.
"""

from contextlib import ExitStack
from statistics import median
from statistics import quantiles
from subprocess import run
from town import connected
from town import news
from town import town
from town.figures import in_turn
from town.figures import tell
from town.network import network

import os
import socket
import sys
import threading
import time


GOAL = 5.0
"""Seconds that the 95th percentile may be longer"""
ROUNDS = 2
ACCOUNTS = 8
OTHERS = 16
ITEMS = 30
PACE = 2.0
PATIENCE = 60
"""Seconds after the last publication; what has not arrived by then took so long at least"""
SITE = "site"


def measure(state):
    """Publish and print the delays, in seconds, of the accounts of the first server; `state`: well or dead."""
    with ExitStack() as stack:
        healthy, other = (stack.enter_context(network(0.2, number)) for number in (ACCOUNTS, OTHERS))
        if state == "dead":
            other = dead(stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=1000)), other)
        hosts = ",".join(one["environ"]["SOCIALTERRITORY_ALLOW"] for one in (healthy, other))
        place = stack.enter_context(town(**healthy["environ"] | {"SOCIALTERRITORY_ALLOW": hosts}))
        first, second = prepare(place, healthy["credentials"], other["credentials"])
        stop = working()
        for number in range(ITEMS):
            start = time.monotonic()
            publish(place, f"news-{number}")
            time.sleep(max(0.0, start + PACE - time.monotonic()))
        taken = wait(place, first)
        stop()
        check(place, second, state)
        print(*taken)


def dead(listening, known):
    """The same accounts on a server that accepts, as the kernel does for it, and never answers."""
    host = f"127.0.0.1:{listening.getsockname()[1]}"
    credentials = [{**one, "pds": f"http://{host}"} for one in known["credentials"]]
    return {"environ": {"SOCIALTERRITORY_ALLOW": host}, "credentials": credentials}


def prepare(place, *servers):
    """The UIDs of the accounts of the first server, and of the second."""
    import transaction

    place.site(SITE)
    with place.opened(SITE) as site:
        uids = [
            connected(site, f"Account {number}", credentials=known, validation="none")
            for number, known in enumerate(sum(servers, []))
        ]
        for number in range(ITEMS):
            news(site, f"News {number}")
        transaction.commit()
    return uids[:ACCOUNTS], uids[ACCOUNTS:]


def working():
    """Start the worker; a function that stops it."""
    from collective.socialterritory.worker import Worker

    import Zope2

    worker = Worker(Zope2.DB)
    thread = threading.Thread(target=worker.run, daemon=True)
    thread.start()

    def stop():
        worker.stop()
        thread.join()

    return stop


def publish(place, name):
    from plone import api
    from ZODB.POSException import ConflictError

    import transaction

    for _ in range(3):  # as the publisher does
        with place.opened(SITE) as site:
            try:
                api.content.transition(site[name], to_state="published")
                transaction.commit()
                return
            except ConflictError:
                continue
    raise AssertionError("the worker conflicts with every publication")


def wait(place, accounts):
    """The delays, once all have arrived or patience is over."""
    until = time.monotonic() + PATIENCE
    while len(found := delays(place, accounts)) < ITEMS * ACCOUNTS and time.monotonic() < until:
        time.sleep(0.5)
    return found + [float(PATIENCE)] * (ITEMS * ACCOUNTS - len(found))


def delays(place, accounts):
    return [(post.finished - post.due).total_seconds() for post in posts(place, accounts) if post.finished]


def posts(place, accounts):
    from collective.socialterritory.crosspost.store import Outbox

    with place.opened(SITE) as site:
        found = [post for number in range(ITEMS) for post in Outbox(site).of_item(site[f"news-{number}"].UID())]
    return [post for post in found if post.account in accounts]


def check(place, accounts, state):
    """Whether the second server was as it should be: dead, and tried for each of its accounts."""
    tried = [post for post in posts(place, accounts) if post.attempts]
    assert {post.account for post in tried} == set(accounts)
    assert any(post.finished for post in tried) == (state == "well")


def figures(state):
    """The median and the 95th percentile, in seconds, of a run in a process of its own."""
    done = run([sys.executable, __file__, state], check=True, capture_output=True, text=True)
    taken = [float(word) for word in done.stdout.split()[-ITEMS * ACCOUNTS :]]
    return median(taken), quantiles(taken, n=20)[-1]


def main():
    columns = in_turn(ROUNDS, lambda: figures("dead"), lambda: figures("well"))
    (middle, late), (usual_middle, usual) = ([median(column) for column in zip(*runs, strict=True)] for runs in columns)
    more = median(one[1] - other[1] for one, other in zip(*columns, strict=True))
    tell(
        "outage",
        more <= GOAL,
        f"the 95th percentile of the others' delay is {more:+.2f} s ({late:.2f} against {usual:.2f} s; median "
        f"{middle:.2f} against {usual_middle:.2f} s), goal +{GOAL} s",
        f"{ITEMS} posts for each of {ACCOUNTS} accounts of a server that answers, while another with {OTHERS} "
        f"accounts does not answer or does; {ROUNDS} runs of each in turn.",
    )


if __name__ == "__main__":
    if sys.argv[1:]:
        measure(sys.argv[1])
        sys.stdout.flush()
        os._exit(0)  # without waiting for the senders that the dead server holds
    main()
