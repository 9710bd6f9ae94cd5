"""What accounts and hashtags say at servers of the Mastodon kind, as anybody may read it.

Facts: https://docs.joinmastodon.org/methods/accounts/#lookup, /methods/accounts/#statuses, /methods/timelines/#tag and
/entities/Status. Errors of all calls: those of `fediverse.call`, and Rejected: profile_gone, anonymous_refused.
"""

from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.http import Http
from collective.socialterritory.networks import fediverse
from collective.socialterritory.networks.answers import address
from collective.socialterritory.networks.answers import Kind
from collective.socialterritory.networks.answers import line
from collective.socialterritory.networks.answers import LONGEST_ADDRESS
from collective.socialterritory.networks.answers import moment
from collective.socialterritory.networks.answers import newest
from collective.socialterritory.networks.answers import part
from collective.socialterritory.networks.answers import rows
from collective.socialterritory.networks.answers import size
from collective.socialterritory.networks.answers import word
from collective.socialterritory.networks.entries import Entry
from collective.socialterritory.networks.entries import Feed
from collective.socialterritory.networks.entries import Image
from collective.socialterritory.networks.model import Credentials
from collective.socialterritory.plain import paragraphs
from collective.socialterritory.plain import whole
from typing import Any
from urllib.parse import quote
from urllib.parse import unquote
from urllib.parse import urlencode
from urllib.parse import urlsplit

import re


MOST = 40
"""Statuses that a server lists at once"""

_ACCOUNT = re.compile(r"/(?:web/)?(?:@|users/)(\w[\w.-]*(?:@[\w.-]+(?::\d+)?)?)(?:/with_replies|/media|/featured)?/?")
_HASHTAG = re.compile(r"/tags/(\w*[^\W\d]\w*)/?")
_PUBLIC = ("public", "unlisted")
_CLOSED = (401, 403, 422)
"""What is answered where reading needs a log-in; 422 by servers before 4.3"""


def subject(url: str) -> str:
    """https://host/@name, https://host/@name@host or https://host/tags/name; "" for another form of address."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        return ""
    origin, path = f"{parts.scheme if port else 'https'}://{parts.netloc.lower()}", unquote(parts.path)
    if found := _ACCOUNT.fullmatch(path):
        return f"{origin}/@{quote(found[1].lower(), safe='@:')}"
    found = _HASHTAG.fullmatch(path)
    return f"{origin}/tags/{quote(found[1])}" if found else ""


def read(http: Http, subject: str, limit: int) -> Feed:
    """All questions together have the time of one."""
    http, parts = http.within(http.deadline), urlsplit(subject)
    server = {"origin": f"{parts.scheme}://{parts.netloc}"}
    name = unquote(parts.path.rpartition("/")[2])
    query = urlencode({"limit": min(limit, MOST)})
    if parts.path.startswith("/tags/"):
        path = f"/api/v1/timelines/tag/{quote(name, safe='')}?{query}"
        said = _asked(http, server, path, list, f"#{name}")
        return Feed(f"#{name}", subject, _entries(server, said, limit))
    who = _asked(http, server, f"/api/v1/accounts/lookup?{urlencode({'acct': name[1:]})}", dict, name)
    id = word(who.get("id"))
    if who.get("suspended") is True:
        raise Rejected("profile_gone", host=fediverse.host(server), name=name)
    if not id:
        raise Transient("not_json", host=fediverse.host(server))
    said = _asked(http, server, f"/api/v1/accounts/{quote(id, safe='')}/statuses?{query}", list, name)
    title = line(who.get("display_name")) or name_of(server, who)
    return Feed(title, address(who.get("url")) or subject, _entries(server, said, limit), avatar_of(who))


def _asked(http: Http, server: dict[str, str], path: str, kind: type[Kind], name: str) -> Kind:
    told = {"host": fediverse.host(server), "name": name}
    try:
        return fediverse.call(http, server, path, kind)
    except Unauthorized as error:
        raise Rejected("anonymous_refused", **told) from error
    except Rejected as error:
        if error.params.get("status") in fediverse.GONE:
            raise Rejected("profile_gone", **told) from error
        if error.params.get("status") in _CLOSED:
            raise Rejected("anonymous_refused", **told) from error
        raise


def _entries(server: dict[str, str], said: list[Any], limit: int) -> tuple[Entry, ...]:
    return newest((_entry(server, status) for status in said if is_public(status)), limit)


def is_public(status: Any) -> bool:
    """Of a server that says nothing of it, what strangers are shown is public."""
    shown = [status, part(status, "reblog")]
    return all(part(one, "visibility") in (None, *_PUBLIC) for one in shown)


def _entry(server: dict[str, str], status: Any) -> Entry:
    """A repost has its own id and time; all else is of what is reposted."""
    id, published = word(part(status, "id")), moment(part(status, "created_at"))
    said = part(status, "reblog") or status
    url = address(part(said, "url"), LONGEST_ADDRESS) or address(part(said, "uri"), LONGEST_ADDRESS)
    content, author = part(said, "content"), part(said, "account")
    if not id or published is None or not url or not isinstance(content, str):
        raise Transient("not_json", host=fediverse.host(server))
    text, links = paragraphs(content)
    warning = line(part(said, "spoiler_text"))
    hidden = bool(warning or part(said, "sensitive"))
    card = address(part(part(said, "card"), "url"), LONGEST_ADDRESS)
    links = [address(link, LONGEST_ADDRESS) for link in links]
    return Entry(
        id=id,
        url=url,
        published=published,
        text=text,
        author=name_of(server, author),
        language=word(part(said, "language")),
        link=card or next(filter(None, links), ""),
        images=() if hidden else tuple(filter(None, map(_image, rows(part(said, "media_attachments"))))),
        is_reply=bool(part(said, "in_reply_to_id")),
        is_repost=said is not status,
        title=warning,
        avatar=avatar_of(author),
        tags=tuple(filter(None, (word(part(tag, "name")) for tag in rows(part(said, "tags"))))),
    )


def name_of(server: Credentials, account: Any) -> str:
    """In full, @name@host: a page shows what accounts of several servers say."""
    name = word(part(account, "acct"))
    return f"@{name}" if "@" in name or not name else f"@{name}@{urlsplit(server['origin']).netloc}"


def avatar_of(account: Any) -> str:
    """The one that does not move."""
    return address(part(account, "avatar_static"), LONGEST_ADDRESS) or address(part(account, "avatar"), LONGEST_ADDRESS)


def _image(attached: Any) -> Image | None:
    """A picture, or of a film its first one, as a preview of some hundred pixels."""
    where, alt = address(part(attached, "preview_url"), LONGEST_ADDRESS), part(attached, "description")
    if not where:
        return None
    small = part(part(attached, "meta"), "small")
    alt = whole(alt) if isinstance(alt, str) else ""
    return Image(where, alt, size(part(small, "width")), size(part(small, "height")))
