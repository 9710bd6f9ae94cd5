"""What runs in a child process: parse a feed or scale a picture, job after job, within limits, until the parent goes.

A job that needs more memory or time than it may have ends the process; the parent sees that and starts another.
"""

from collections.abc import Callable
from collective.socialterritory import images
from collective.socialterritory.errors import ContentError
from collective.socialterritory.feeds import frames
from collective.socialterritory.feeds.rules.parse import parse
from collective.socialterritory.networks.model import Limits
from contextlib import suppress
from io import BytesIO
from typing import Any
from typing import BinaryIO

import os
import sys
import threading
import time


MEMORY = 600_000_000
"""Bytes: Python and the libraries take 50 MB of it, the largest picture that is accepted 150 MB"""
SECONDS = 5
"""Of computing, a job"""
PIXELS = 40_000_000
PICTURE_BYTES = 200_000


def work(head: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
    """The answer to one frame. Raises MemoryError."""
    try:
        if head["job"] == "parse":
            return {"feed": frames.record(parse(body, head["headers"], head["url"]))}, b""
        data, mime, width, height = picture(body, head["side"])
        return {"mime": mime, "width": width, "height": height}, data
    except ContentError as error:
        return {"code": error.code, "params": error.params}, b""


def picture(data: bytes, side: int) -> images.Fitted:
    """Like images.fit(), for a box of `side` pixels. Raises ContentError like it, image_too_large from PIXELS on."""
    _, width, height = images.describe(BytesIO(data))
    if width * height > PIXELS:
        raise ContentError("image_too_large", width=width, height=height)
    return images.fit(BytesIO(data), Limits(0, len, image_bytes=PICTURE_BYTES, image_side=side))


def serve(questions: BinaryIO, answers: BinaryIO, prepare: Callable[[], None]) -> None:
    """Answer until the other side has gone, or a job wants more memory than there may be."""
    with suppress(BrokenPipeError, EOFError, MemoryError):
        frames.write(answers, {})
        while True:
            head, body = frames.read(questions)
            prepare()
            frames.write(answers, *work(head, body))


def limit(name: str, most: int) -> None:
    """As far as the platform has it: macOS knows no bound for memory, others no bounds at all."""
    with suppress(AttributeError, ImportError, OSError, ValueError):
        import resource

        which = getattr(resource, name)
        resource.setrlimit(which, (most, resource.getrlimit(which)[1]))


if __name__ == "__main__":
    parent = os.getppid()

    def leave() -> None:
        """Whoever is busy does not hear that nobody waits for the answer."""
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    def limit_computing() -> None:
        times = os.times()
        limit("RLIMIT_CPU", int(times.user + times.system) + SECONDS)

    threading.Thread(target=leave, daemon=True).start()
    # Whatever a library prints must not get between the frames.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    os.nice(5)
    limit("RLIMIT_AS", MEMORY)
    serve(sys.stdin.buffer, answers, limit_computing)
