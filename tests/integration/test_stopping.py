"""A process that is stopped gives its leases back, so that the next one is at work at once."""

from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.worker import leave_when_stopped
from collective.socialterritory.worker import Worker

import os
import pytest
import signal
import threading
import time
import transaction


pytest_plugins = ["editing"]


class Stopped(Exception):
    """What the process did before when it got the signal"""


@pytest.fixture
def handlers():
    def handle(number, frame):
        raise Stopped(number)

    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, handle) for number in numbers}
    yield lambda: {signal.getsignal(number) for number in numbers} == {handle}
    for number, handler in before.items():
        signal.signal(number, handler)


def owner(commune):
    transaction.begin()
    return Outbox(commune).worker.get("owner")


@pytest.fixture
def started(functional, commune):
    """A worker at work in its thread."""
    transaction.commit()
    worker = Worker(functional["app"]._p_jar.db())
    thread = threading.Thread(target=worker.run, daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while owner(commune) != worker.owner and time.monotonic() < until:
        time.sleep(0.05)
    yield worker, thread
    worker.stop()
    thread.join(20)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_next_worker_begins_at_once(functional, commune, started, handlers, number):
    worker, thread = started
    leave_when_stopped(worker, thread)
    assert owner(commune) == worker.owner
    with pytest.raises(Stopped):
        signal.raise_signal(number)
    assert not thread.is_alive() and handlers()
    assert owner(commune) == ""
    following = Worker(functional["app"]._p_jar.db())
    following.turn()
    assert not following.refused
    following.leave()


def test_a_signal_that_comes_twice_cuts_no_farewell_short(handlers):
    worker, left = Worker(None), []

    def leave():
        worker.stopping.wait(5)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(0.3)
        left.append(True)

    thread = threading.Thread(target=leave, daemon=True)
    thread.start()
    leave_when_stopped(worker, thread)
    with pytest.raises(Stopped):
        signal.raise_signal(signal.SIGTERM)
    assert left and handlers()


def test_a_worker_that_is_stuck_does_not_keep_the_process(handlers, monkeypatch):
    monkeypatch.setattr("collective.socialterritory.worker.FAREWELL", 0.05)
    stuck = threading.Event()
    thread = threading.Thread(target=stuck.wait, daemon=True)
    thread.start()
    leave_when_stopped(Worker(None), thread)
    with pytest.raises(Stopped):
        signal.raise_signal(signal.SIGTERM)
    assert thread.is_alive() and handlers()
    stuck.set()


def test_a_signal_that_is_ignored_stays_ignored_and_other_threads_set_none(handlers):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    before = signal.getsignal(signal.SIGTERM)
    other = threading.Thread(target=leave_when_stopped, args=(Worker(None), threading.current_thread()))
    other.start()
    other.join()
    assert signal.getsignal(signal.SIGTERM) is before
    leave_when_stopped(Worker(None), other)
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    assert signal.getsignal(signal.SIGTERM) is not before
