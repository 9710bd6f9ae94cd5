"""One look at a post: what was answered, and the avatars that are new; in a sender thread, touching no ZODB object."""

from collective.socialterritory.comments.hearing import rules
from collective.socialterritory.comments.hearing.model import Heard
from collective.socialterritory.comments.hearing.model import Task
from collective.socialterritory.errors import NetworkError
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import SocialError
from collective.socialterritory.http import Http
from collective.socialterritory.images import Fitted
from copy import copy
from typing import Any
from urllib.parse import urlsplit


DEADLINE = 60.0
"""Seconds for a whole look, with its pictures"""
MOST_BYTES = 16_000_000
"""Of what a network tells of a long conversation"""
SIDE = 96
"""Longest side of an avatar in pixels, twice what is shown"""
LOST = 3
"""Servers of pictures that do not answer, after which a look asks no more of them"""


def listen(http: Http, task: Task, pictures: Any) -> Heard:
    """Raises what the network raises. Avatars that cannot be had are no error; `pictures`: an IPictures, or None."""
    http = http.within(DEADLINE)
    wide = copy(http)
    wide.max_bytes = MOST_BYTES
    hearing = task.network.hear(wide, task.credentials, task.there, task.known)
    found: dict[str, Fitted | None] = {}
    lost = 0
    for url in rules.faces(hearing.replies, task.faces) if pictures else ():
        if lost == LOST:
            break
        try:
            found[rules.mark(url)] = pictures.fetch(_door(http, task, url), url, SIDE)
        except SocialError as error:
            if isinstance(error, NetworkError) and not isinstance(error, Rejected):
                lost += 1  # it may be there tomorrow
            else:
                found[rules.mark(url)] = None
    return Heard(hearing, found)


def _door(http: Http, task: Task, url: str) -> Http:
    """What is allowed though private is so for the account's own server, not for where a stranger's picture lies."""
    if urlsplit(url).netloc in task.ours:
        return http
    door = copy(http)
    door.allow = frozenset()
    return door
