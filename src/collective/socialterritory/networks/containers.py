"""What Instagram and Threads publish in two steps: a container, which nobody sees and which lasts a day, and the post.

Facts: https://developers.facebook.com/docs/instagram-platform/content-publishing and
https://developers.facebook.com/docs/threads/posts. Whoever publishes has its container's id, so after a doubt Meta is
asked how that stands. Errors of all calls: those of `graph.call`.
"""

from collections.abc import Mapping
from collections.abc import Sequence
from collective.socialterritory.errors import NetworkError
from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.errors import RateLimited
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.http import Http
from collective.socialterritory.networks import finding
from collective.socialterritory.networks import graph
from collective.socialterritory.networks.answers import address
from collective.socialterritory.networks.answers import moment
from collective.socialterritory.networks.answers import part
from collective.socialterritory.networks.answers import rows
from collective.socialterritory.networks.answers import word
from collective.socialterritory.networks.meanings import QUOTA
from collective.socialterritory.networks.model import Post
from collective.socialterritory.networks.model import Receipt
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any


ASKED = 50
"""Posts that are asked for at once where one is looked for"""


@dataclass(frozen=True, slots=True)
class Account:
    """Whose containers they are, and what its network calls what both have."""

    key: graph.Key
    id: str
    page: str
    """Where people read what the account says: the address of a post that does not tell its own"""
    made: str
    published: str
    quota: str
    status: str
    why: str
    """The field that says why a container is in error"""
    text: str

    def path(self, edge: str) -> str:
        return graph.node(self.id, edge)


def allowed(http: Http, account: Account, kind: str = "") -> None:
    """Raises RateLimited("daily_limit") where the posts of a day, or those of a `kind` such as "reply_", are used up.

    It is not told when the oldest of them no longer counts. What is not understood forbids nothing.
    """
    fields = f"{kind}quota_usage,{'reply_config' if kind else 'config'}"
    said = graph.call(http, account.key, account.path(account.quota), query={"fields": fields})
    for row in rows(said.get("data")):
        used, most = part(row, f"{kind}quota_usage"), part(part(row, fields.partition(",")[2]), "quota_total")
        if isinstance(used, int) and isinstance(most, int) and used >= most > 0:
            raise RateLimited("daily_limit", QUOTA, host=account.key.host)


def make(http: Http, account: Account, form: Mapping[str, str]) -> str:
    """The id of a container. A picture is fetched by Meta meanwhile, from the address in the form."""
    said = graph.call(http, account.key, account.path(account.made), form=form)
    if id := word(said.get("id")):
        return id
    raise Transient("not_json", host=account.key.host)


def pictured(http: Http, account: Account, pictures: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """What a form says of its `pictures`, themselves forms: of several, each has a container of its own."""
    if len(pictures) == 1:
        return dict(pictures[0])
    ids = [make(http, account, {**form, "is_carousel_item": "true"}) for form in pictures]
    return {"media_type": "CAROUSEL", "children": ",".join(ids)}


def publish(http: Http, account: Account, post: Post, id: str, edge: str) -> Receipt:
    """Once, however often it is called. Codes of its own: not_ready, prepared_over (it must be prepared anew)."""
    stands, why = _standing(http, account, id)
    if stands == "PUBLISHED":
        return _published_before(http, account, post, edge)
    if stands == "IN_PROGRESS":
        raise Transient("not_ready", host=account.key.host)
    if stands != "FINISHED":
        raise Transient("prepared_over", host=account.key.host, reason=why)
    try:
        said = graph.call(http, account.key, account.path(account.published), writes=True, form={"creation_id": id})
    except NetworkError as error:
        if error.code != "prepared_over" and not isinstance(error, Rejected):
            raise
        return _refused(http, account, post, id, edge, error)
    if out := word(said.get("id")):
        return Receipt(out, _permalink(http, account, out))
    raise OutcomeUnknown("not_json", host=account.key.host)


def _refused(http: Http, account: Account, post: Post, id: str, edge: str, error: NetworkError) -> Receipt:
    """What is refused may be what an earlier try is publishing just now: then nothing may be prepared anew."""
    try:
        stands, _ = _standing(http, account, id)
    except NetworkError as other:
        raise OutcomeUnknown("not_yet_sure", host=account.key.host) from other
    if stands == "PUBLISHED":
        return _published_before(http, account, post, edge)
    if stands == "FINISHED" and error.code == "prepared_over":
        raise Transient("not_ready", host=account.key.host) from error
    raise error


def _published_before(http: Http, account: Account, post: Post, edge: str) -> Receipt:
    """It is out, so nothing that happens while it is looked for may have it prepared anew."""
    try:
        receipt = _listed(http, account, post, edge)
    except NetworkError as error:
        raise OutcomeUnknown("not_yet_sure", host=account.key.host) from error
    if receipt is None:
        raise OutcomeUnknown("not_yet_sure", host=account.key.host)
    return receipt


def find(http: Http, account: Account, post: Post, id: str, edge: str) -> Receipt | None:
    """The post that became of a container; its id is not told, so it is known by its words. See `Prepares`.

    `edge`: the list it is in. Codes of its own: not_ready, not_yet_sure, too_many_posts.
    """
    if not id:
        return None
    stands, _ = _standing(http, account, id)
    if stands == "IN_PROGRESS":
        raise Transient("not_ready", host=account.key.host)
    if stands in ("FINISHED", "EXPIRED", "ERROR"):
        return None
    receipt = _listed(http, account, post, edge)
    if receipt is None and (stands == "PUBLISHED" or not finding.sure(post)):
        raise Transient("not_yet_sure", host=account.key.host)
    return receipt


def _standing(http: Http, account: Account, id: str) -> tuple[str, str]:
    """EXPIRED, ERROR, FINISHED, IN_PROGRESS or PUBLISHED, and the reason of an error; "" where it is gone."""
    query = {"fields": ",".join(dict.fromkeys((account.status, account.why)))}
    try:
        said = graph.call(http, account.key, graph.node(id), query=query)
    except Unauthorized as error:
        if error.code != "page_gone":
            raise
        return "", ""
    stands = word(said.get(account.status))
    if stands not in ("EXPIRED", "ERROR", "FINISHED", "IN_PROGRESS", "PUBLISHED"):
        raise Transient("not_json", host=account.key.host)
    return stands, word(said.get(account.why))


def _listed(http: Http, account: Account, post: Post, edge: str) -> Receipt | None:
    query = {"fields": f"id,{account.text},permalink,timestamp", "limit": str(ASKED)}
    if post.answers:
        query["fields"] += ",replied_to"
    pages = graph.listed(http, account.key, account.path(edge), query)
    for row in finding.lately(pages, partial(_at, account), post):
        answered = word(part(part(row, "replied_to"), "id")) if post.answers else ""
        said = str(part(row, account.text) or "")
        if answered == post.answers and finding.bare(said) == finding.bare(post.text):
            return Receipt(word(part(row, "id")), address(part(row, "permalink")) or account.page)
    return None


def _at(account: Account, row: Any) -> datetime:
    at = moment(part(row, "timestamp"))
    if not word(part(row, "id")) or at is None:
        raise Transient("not_json", host=account.key.host)
    return at


def _permalink(http: Http, account: Account, id: str) -> str:
    """The post is there: whatever becomes of this question, it has an address."""
    try:
        query = {"fields": "permalink"}
        said = graph.call(http, account.key, graph.node(id), query=query, timeout=5)
    except NetworkError:
        said = {}
    return address(said.get("permalink")) or account.page
