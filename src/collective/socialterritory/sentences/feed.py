"""What keeps a feed from being read."""

from collections.abc import Mapping
from collective.socialterritory import _
from zope.i18nmessageid import Message


FEED: Mapping[str, Message] = {
    "not_a_feed": _(
        "${host} answered with something that is not a feed. What was read there before stays shown. Open the address "
        "in a browser: a feed is RSS, Atom or JSON Feed, and the page that people read is none."
    ),
    "feed_too_heavy": _(
        "Reading what ${host} sent takes too much time or memory, so it was given up. What was read there before stays "
        "shown. Ask those who run ${host} for a feed with fewer or shorter entries."
    ),
    "no_reader": _(
        "The server could not start the process that reads feeds. What was read before stays shown. The reason is in "
        "the server's log: tell the person who runs it."
    ),
}
