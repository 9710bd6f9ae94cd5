"""In-process wake-ups for the worker: a hint that saves waiting, never the truth; a lost one costs a minute."""

from collections import deque

import threading


_ids: deque[tuple[str, str]] = deque(maxlen=100_000)
_event = threading.Event()


def wake(site: str, delivery: str = "") -> None:
    """Tell the worker of this process, if there is one, to look at a delivery of the site at this path."""
    if delivery:
        _ids.append((site, delivery))
    _event.set()


def hints() -> list[tuple[str, str]]:
    """The (site path, delivery id) pairs since the last call."""
    found = []
    while _ids:
        found.append(_ids.popleft())
    return found


def wait(seconds: float) -> None:
    _event.wait(seconds)
    _event.clear()
