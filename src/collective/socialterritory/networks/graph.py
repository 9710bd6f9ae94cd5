"""Meta's Graph, for the networks that stand on it: how it is asked, and which version answers.

Facts: https://developers.facebook.com/docs/graph-api/guides/secure-requests and /guides/versioning.
"""

from collections.abc import Iterator
from collections.abc import Mapping
from collective.socialterritory.environment import setting
from collective.socialterritory.errors import NetworkError
from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.http import Answer
from collective.socialterritory.http import Http
from collective.socialterritory.http.wire import multipart
from collective.socialterritory.networks.answers import content
from collective.socialterritory.networks.answers import part
from collective.socialterritory.networks.answers import word
from collective.socialterritory.networks.meanings import refusal
from collective.socialterritory.networks.model import Picture
from dataclasses import dataclass
from dataclasses import field
from typing import Any
from urllib.parse import quote
from urllib.parse import urlencode
from urllib.parse import urlsplit

import hashlib
import hmac
import re


HOST = "https://graph.facebook.com"
VERSION = "v26.0"
PAGES = 5
UNSEEN = ("page_gone", "scopes")
"""What Graph says of a post that is gone: that it does not exist, or may not be seen"""

_VERSION = re.compile(r"v(\d+)\.(\d+)")


@dataclass(frozen=True, slots=True)
class Key:
    """What calls are signed with: a person's or a page's token, and the secret of the app that it was given to.

    `secret`: "" where calls are not to prove that they know it. `root`: where is asked; "": Facebook's Graph.
    """

    token: str = field(repr=False)
    secret: str = field(repr=False)
    root: str = ""

    @property
    def there(self) -> str:
        return self.root or f"{base()}/{version()}"

    @property
    def host(self) -> str:
        return urlsplit(self.there).hostname or ""

    @property
    def proof(self) -> str:
        return hmac.new(self.secret.encode(), self.token.encode(), hashlib.sha256).hexdigest()

    @property
    def hidden(self) -> tuple[str, str, str]:
        return self.token, self.secret, self.proof


def base() -> str:
    """SOCIALTERRITORY_GRAPH is asked instead, for tests."""
    return setting("SOCIALTERRITORY_GRAPH") or HOST


def host() -> str:
    return urlsplit(base()).hostname or ""


def version() -> str:
    """SOCIALTERRITORY_GRAPH_VERSION, because each version is served for about two years."""
    return setting("SOCIALTERRITORY_GRAPH_VERSION") or VERSION


def overtaken(answer: Answer) -> str:
    """The newer version that answered in place of ours, which has ended; "" when ours did, or nobody said.

    https://developers.facebook.com/docs/graph-api/guides/versioning: calls to an ended version go to the oldest one.
    """
    ours, theirs = version(), answer.headers.get("facebook-api-version", "").strip()
    return theirs if _VERSION.fullmatch(theirs) and _number(theirs) > _number(ours) else ""


def _number(version: str) -> tuple[int, ...]:
    match = _VERSION.fullmatch(version)
    return tuple(map(int, match.groups())) if match else ()


def node(id: str, edge: str = "") -> str:
    """The path of a thing, or of an edge of it: what Graph calls a list that belongs to a thing."""
    return f"/{quote(id, safe='')}" + (f"/{edge}" if edge else "")


def ask(
    http: Http,
    key: Key,
    path: str,
    query: Mapping[str, str] | None = None,
    form: Mapping[str, str] | None = None,
    picture: Picture | None = None,
    writes: bool = False,
    signed: bool = True,
    method: str = "",
    **options: Any,
) -> Answer:
    """A `form` has the `picture` as its "source". No token goes into an address, which is logged.

    `writes`: only where readers may see a difference is a lost answer a doubt. `method`: POST by default where there
    is a `form`, else GET. Raises the errors of `Http` and of `refusal`.
    """
    headers = {"Authorization": f"Bearer {key.token}"} if signed else {}
    asked = {**(form or query or {}), **({"appsecret_proof": key.proof} if signed and key.secret else {})}
    url = f"{key.there}{path}"
    body: bytes | dict[str, str] | None = asked
    if form is None:
        url, body = f"{url}?{urlencode(asked)}", None
    elif picture:
        name = f"image.{picture.mime.removeprefix('image/')}"
        body, headers["Content-Type"] = multipart(asked, "source", name, picture.mime, picture.data)
    try:
        method = method or ("GET" if form is None else "POST")
        answer = http.request(method, url, data=body, headers=headers, **options)
    except OutcomeUnknown as error:
        if writes:
            raise
        raise Transient(error.code, **error.params) from error
    if refused := refusal(answer, writes, key.hidden, version()):
        raise refused
    return answer


def call(http: Http, key: Key, path: str, writes: bool = False, **options: Any) -> dict[str, Any]:
    return content(ask(http, key, path, writes=writes, **options), dict, writes, (), key.hidden)


def listed(http: Http, key: Key, path: str, query: Mapping[str, str]) -> Iterator[list[Any]]:
    """Page after page. The address of the next one is not followed, because there is a token in it: only its cursor.

    Raises Transient("too_many_posts") when there are more than PAGES.
    """
    asked = dict(query)
    for _ in range(PAGES):
        said = call(http, key, path, query=asked)
        rows, paging = said.get("data"), said.get("paging")
        if not isinstance(rows, list):
            raise Transient("not_json", host=key.host)
        yield rows
        if not part(paging, "next"):
            return
        after = word(part(part(paging, "cursors"), "after"))
        if not after or after == asked.get("after"):
            raise Transient("not_json", host=key.host)
        asked["after"] = after
    raise Transient("too_many_posts", host=key.host)


def gathered(http: Http, key: Key, path: str, query: Mapping[str, str]) -> tuple[list[Any], bool]:
    """What PAGES pages have, and whether that is all."""
    found: list[Any] = []
    try:
        for rows in listed(http, key, path, query):
            found += rows
    except Transient as error:
        if error.code != "too_many_posts":
            raise
        return found, False
    return found, True


def is_there(http: Http, key: Key, id: str, own: str) -> bool:
    """Whether our post `id` is. What Graph says of one that is gone it also says when the account or a right is: then
    the list of what the account said, at the path `own`, is not given either.
    """
    try:
        call(http, key, node(id), query={"fields": "id"})
    except Unauthorized as error:
        if error.code not in UNSEEN:
            raise
        next(listed(http, key, own, {"fields": "id", "limit": "1"}))
        return False
    return True


def is_gone(http: Http, key: Key, id: str, own: str, error: NetworkError) -> bool:
    """Whether our post `id` is gone, as `error` may mean. `own`: as above."""
    return (isinstance(error, Rejected) or error.code in UNSEEN) and not is_there(http, key, id, own)
