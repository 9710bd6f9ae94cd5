"""A feed's bytes in, what it says out, clean."""

from collections.abc import Mapping
from collective.socialterritory.errors import ContentError
from collective.socialterritory.feeds.rules import listing
from collective.socialterritory.feeds.rules import syndication
from collective.socialterritory.networks.entries import Feed
from urllib.parse import urlsplit


def parse(body: bytes, headers: Mapping[str, str], url: str) -> Feed:
    """RSS, Atom, RDF, JSON Feed or Dailymotion's listing, read from `url` with the answer's `headers`.

    At most normal.MOST entries of clean.LONGEST characters each; links lead to http and https alone, and are absolute.
    Raises ContentError("not_a_feed", host). It has no bound in time or memory: children.parse() has.
    """
    try:
        if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
            return listing.read(body, url)
        return syndication.read(body, headers, url)
    except (ContentError, MemoryError):
        raise
    except Exception as error:  # on hostile bytes the parsers raise nearly anything
        raise ContentError("not_a_feed", host=urlsplit(url).hostname or "") from error
