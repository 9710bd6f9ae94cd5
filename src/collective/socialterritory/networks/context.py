"""What others answered to a status at a server of the Mastodon kind, and how often they passed it on and liked it.

Answers are the part of its context that comes after it. It is asked with our token: strangers get 60 answers at most,
and to us the server shows nobody whom our account has blocked or muted. Facts:
https://docs.joinmastodon.org/methods/statuses/#context and /entities/Status. Errors: those of `fediverse.call`.
"""

from collections.abc import Sequence
from collective.socialterritory.errors import Transient
from collective.socialterritory.http import Http
from collective.socialterritory.networks import fediverse
from collective.socialterritory.networks.answers import address
from collective.socialterritory.networks.answers import count
from collective.socialterritory.networks.answers import line
from collective.socialterritory.networks.answers import LONGEST_ADDRESS
from collective.socialterritory.networks.answers import moment
from collective.socialterritory.networks.answers import oldest
from collective.socialterritory.networks.answers import part
from collective.socialterritory.networks.answers import rows
from collective.socialterritory.networks.answers import total
from collective.socialterritory.networks.answers import word
from collective.socialterritory.networks.entries import Author
from collective.socialterritory.networks.entries import Counts
from collective.socialterritory.networks.entries import Hearing
from collective.socialterritory.networks.entries import Reply
from collective.socialterritory.networks.model import Credentials
from collective.socialterritory.networks.toots import avatar_of
from collective.socialterritory.networks.toots import is_public
from collective.socialterritory.networks.toots import name_of
from collective.socialterritory.plain import paragraphs
from typing import Any
from urllib.parse import quote


MOST = 4096
"""Answers that a server tells whoever is logged in: https://docs.joinmastodon.org/methods/statuses/#context"""


def hear(http: Http, credentials: Credentials, id: str) -> Hearing:
    """Of a status that cannot be read the others are told, and it is not said that this is all."""
    http = http.within(http.deadline)
    answer = fediverse.ask(http, credentials, f"{fediverse.status(id)}/context")
    if answer.status in fediverse.GONE and not fediverse.is_there(http, credentials, id):
        return Hearing(gone=True)
    listed = fediverse.understood(credentials, answer, dict).get("descendants")
    if not isinstance(listed, list):
        raise Transient("not_json", host=fediverse.host(credentials))
    public = [status for status in listed if is_public(status)]
    replies = [reply for status in public if (reply := _reply(credentials, status))]
    return Hearing(oldest(replies), complete=len(replies) == len(public) and len(listed) < MOST)


def measure(http: Http, credentials: Credentials, ids: Sequence[str]) -> dict[str, Counts]:
    """One after the other: not every server tells of several at once. `quotes_count` came with Mastodon 4.5."""
    http = http.within(http.deadline)
    found = {}
    for id in ids:
        answer = fediverse.ask(http, credentials, fediverse.status(id))
        if answer.status in fediverse.GONE and not fediverse.is_there(http, credentials, id):
            continue
        said = fediverse.understood(credentials, answer, dict)
        if word(said.get("id")) != id:
            raise Transient("not_json", host=fediverse.host(credentials))
        reposts = total(count(said.get("reblogs_count")), count(said.get("quotes_count")))
        found[id] = Counts(count(said.get("favourites_count")), reposts, count(said.get("replies_count")))
    return found


def _reply(credentials: Credentials, status: Any) -> Reply | None:
    id, published, content = word(part(status, "id")), moment(part(status, "created_at")), part(status, "content")
    author, parent = part(status, "account"), word(part(status, "in_reply_to_id"))
    who = word(part(author, "id"))
    if not id or published is None or not isinstance(content, str) or not who or not parent:
        return None
    text, _ = paragraphs(content)
    warning, name = line(part(status, "spoiler_text")), name_of(credentials, author).removesuffix("@")
    there, acct = f"{credentials['origin']}/{quote(name, safe='@')}", word(part(author, "acct"))
    return Reply(
        id=id,
        url=_address(status, "url") or _address(status, "uri") or f"{there}/{quote(id, safe='')}",
        published=published,
        text=f"{warning}\n\n{text}".strip(),
        author=Author(
            id=name or who,
            name=line(part(author, "display_name")),
            handle=name,
            url=_address(author, "url") or there,
            avatar=avatar_of(author),
            mention=f"@{acct}" if acct else "",
        ),
        parent=parent,
        edited=moment(part(status, "edited_at")),
        attached=bool(rows(part(status, "media_attachments")) or part(status, "poll")),
        ours=who == credentials["account"],
    )


def _address(said: Any, name: str) -> str:
    return address(part(said, name), LONGEST_ADDRESS)
