"""A worker's turns, as many as there is something to do."""

from collective.socialterritory.worker import Worker

import time
import transaction


def work(functional, seconds=20):
    worker = Worker(functional["app"]._p_jar.db())
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        pause = worker.turn()
        if worker.idle and pause > 0.2:
            break
        time.sleep(0.02)
    worker.leave()
    transaction.begin()
