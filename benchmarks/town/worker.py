"""The add-on's worker in a thread of its own, as in life."""

from concurrent.futures import ThreadPoolExecutor


def finish(worker):
    """Let it go on until nothing is due and nothing under way."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(_turns, worker).result()


def _turns(worker):
    from collective.socialterritory import wake

    while True:
        pause = worker.turn()
        if worker.idle and pause > 0.01:
            return
        wake.wait(pause)
