"""Two networks poorer than Bluesky, on the scripted server's plain API, to see delivery without its comforts."""

from collections.abc import Mapping
from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.errors import Transient
from collective.socialterritory.http import Http
from collective.socialterritory.networks.answers import content
from collective.socialterritory.networks.model import Credentials
from collective.socialterritory.networks.model import Limits
from collective.socialterritory.networks.model import Network
from collective.socialterritory.networks.model import Post
from collective.socialterritory.networks.model import Receipt
from collective.socialterritory.text import codepoints
from urllib.parse import quote


def _publish(http: Http, credentials: Credentials, body: Mapping[str, str]) -> Receipt:
    answer = http.post(f"{credentials['pds']}/posts", json=dict(body), headers=_signed(credentials))
    said = content(answer, dict, True, ("ExpiredToken",), [credentials["access"]])
    return Receipt(str(said["id"]), f"{credentials['pds']}/posts/{said['id']}")


def _signed(credentials: Credentials) -> dict[str, str]:
    return {"Authorization": f"Bearer {credentials['access']}"}


class FindsOnly(Network):
    """A repeat is a second post, but one can look. Credentials: pds, access."""

    id = "finds_only"
    title = "Finds only"
    limits = Limits(text=500, measure=codepoints)

    def publish(self, http: Http, credentials: Credentials, post: Post, key: str) -> Receipt:
        return _publish(http, credentials, {"key": key, "text": post.text})

    def find(self, http: Http, credentials: Credentials, post: Post, key: str) -> Receipt | None:
        try:
            answer = http.get(f"{credentials['pds']}/posts?key={quote(key, safe='')}", headers=_signed(credentials))
        except OutcomeUnknown as error:
            raise Transient(error.code, **error.params) from error
        found = content(answer, dict, False, ("ExpiredToken",), [credentials["access"]])["posts"]
        return Receipt(found[0]["id"], f"{credentials['pds']}/posts/{found[0]['id']}") if found else None


class Blind(Network):
    """A repeat is a second post and nobody can look: what is in doubt stays so until a person decides."""

    id = "blind"
    title = "Blind"
    limits = Limits(text=500, measure=codepoints)

    def publish(self, http: Http, credentials: Credentials, post: Post, key: str) -> Receipt:
        return _publish(http, credentials, {"text": post.text})
