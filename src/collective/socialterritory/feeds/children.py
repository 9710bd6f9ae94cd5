"""Feeds and pictures of others are read in child processes: what hangs, grows or crashes there harms nobody here.

A child is started when there is work and none is free, at most as many as there are cores, and is used again.
"""

from collections.abc import Mapping
from collective.socialterritory.errors import ConfigurationError
from collective.socialterritory.errors import ContentError
from collective.socialterritory.feeds import frames
from collective.socialterritory.images import Fitted
from collective.socialterritory.networks.entries import Feed
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import atexit
import os
import subprocess
import sys
import threading


AVATAR = 96
ENTRY = 640
"""Longest sides, in pixels, that pictures are scaled to"""

SECONDS = 20.0
"""A job's, by the clock. Its computing is bounded in the child; this ends what waits, or a platform without limits."""
STARTING = 60.0
JOBS = 200
"""After so many a child is replaced: what its libraries leak goes with it"""

# Not ours: what the programs themselves need to be found and started. Above all no keys.
_ENVIRON = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONHOME", "SYSTEMROOT")


class Child:
    """One process. Used by one thread at a time."""

    def __init__(self) -> None:
        """Raises ConfigurationError("no_reader")."""
        environ = {name: os.environ[name] for name in _ENVIRON if name in os.environ}
        environ["PYTHONPATH"] = os.pathsep.join(os.path.abspath(place) for place in sys.path if place)
        command = [sys.executable, "-P", "-m", "collective.socialterritory.feeds.child"]
        self.jobs = 0
        try:
            # In a session of its own Ctrl-C does not reach it: it ends when nobody can ask it any more.
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=environ,
                cwd=os.path.abspath(os.sep),
                start_new_session=True,
            )
        except OSError as error:
            raise ConfigurationError("no_reader") from error
        if self._said(STARTING) is None:
            self.end()
            raise ConfigurationError("no_reader")

    def do(self, head: Mapping[str, Any], body: bytes) -> tuple[dict[str, Any], bytes] | None:
        """The answer; None when there was none in time, and the child is of no more use."""
        self.jobs += 1
        return self._said(SECONDS, head, body)

    def _said(
        self, seconds: float, head: Mapping[str, Any] | None = None, body: bytes = b""
    ) -> tuple[dict[str, Any], bytes] | None:
        assert self._process.stdin and self._process.stdout
        watchdog = threading.Timer(seconds, self._process.kill)
        watchdog.daemon = True
        watchdog.start()
        try:
            if head is not None:
                frames.write(self._process.stdin, head, body)
            answer = frames.read(self._process.stdout)
        except (EOFError, OSError, ValueError):
            answer = None
        watchdog.cancel()
        watchdog.join()
        return answer

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                stream and stream.close()


class Children:
    """Those that wait for work; as many threads as `most` may have one each, others wait their turn."""

    def __init__(self, most: int) -> None:
        self._turns = threading.BoundedSemaphore(most)
        self._idle: list[Child] = []

    def do(self, head: Mapping[str, Any], body: bytes) -> tuple[dict[str, Any], bytes] | None:
        """The answer; None when the job ended its child. Raises ConfigurationError("no_reader")."""
        with self._turns:
            child = self._free() or Child()
            answer = None
            try:
                answer = child.do(head, body)
            finally:
                if answer is not None and child.jobs < JOBS and child.alive:
                    self._idle.append(child)
                else:
                    child.end()
            return answer

    def _free(self) -> Child | None:
        """One that is still alive. Appending to a list and taking from it need no lock."""
        with suppress(IndexError):
            while True:
                child = self._idle.pop()
                if child.alive:
                    return child
                child.end()
        return None

    def end(self) -> None:
        """Whoever comes later starts others."""
        while self._idle:
            self._idle.pop().end()


_children = Children(min(os.cpu_count() or 1, 4))
atexit.register(_children.end)


def parse(body: bytes, headers: Mapping[str, str], url: str) -> Feed:
    """Like feeds.rules.parse.parse(), which says what comes out, in a child.

    Raises ContentError: not_a_feed; feed_too_heavy where it takes too much time or memory. ConfigurationError:
    no_reader.
    """
    answer = _children.do({"job": "parse", "headers": dict(headers), "url": url}, body)
    if answer is None:
        raise ContentError("feed_too_heavy", host=urlsplit(url).hostname or "")
    return frames.told(_good(answer[0])["feed"])


def picture(data: bytes, side: int) -> Fitted:
    """The picture's bytes, MIME type, width and height, no side longer than `side`: a JPEG without anything but pixels.

    Raises ContentError: image_unfit, image_broken, image_too_large. ConfigurationError: no_reader.
    """
    answer = _children.do({"job": "picture", "side": side}, data)
    if answer is None:
        raise ContentError("image_too_large")
    head = _good(answer[0])
    return answer[1], head["mime"], head["width"], head["height"]


def _good(head: dict[str, Any]) -> dict[str, Any]:
    if code := head.get("code"):
        raise ContentError(code, **head["params"])
    return head


def end() -> None:
    """End the children that wait for work."""
    _children.end()
