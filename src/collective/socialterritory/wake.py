"""In-process wake-ups for the worker: a hint that saves waiting, never the truth; a lost one costs a minute."""

from collections import defaultdict
from collections import deque

import threading


_hints: defaultdict[str, deque[str]] = defaultdict(lambda: deque(maxlen=100_000))
_event = threading.Event()


def wake(site: str = "", hint: str = "") -> None:
    """Wake the worker of this process, if there is one. `hint`: id of a delivery of the site at path `site`."""
    if hint:
        _hints[site].append(hint)
    _event.set()


def hints(site: str) -> list[str]:
    """The hints for a site since the last call."""
    waiting = _hints[site]
    return [waiting.popleft() for _ in range(len(waiting))]


def wait(seconds: float) -> None:
    _event.wait(seconds)
    _event.clear()
