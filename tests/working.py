"""A worker's turns, as many as there is something to do."""

from collective.socialterritory.worker import Worker
from zope.component.hooks import getSite
from zope.component.hooks import setSite

import time
import transaction


def work(functional, seconds=20):
    site = getSite()
    worker = Worker(functional["app"]._p_jar.db())
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        pause = worker.turn()
        if worker.idle and pause > 0.2:
            break
        time.sleep(0.02)
    worker.leave()
    setSite(site)
    transaction.begin()
