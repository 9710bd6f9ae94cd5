"""The training network: posts stay on this site, on a page drawn from the delivery records."""

from collections.abc import Mapping
from collective.socialterritory.http import Http
from collective.socialterritory.networks.model import Connection
from collective.socialterritory.networks.model import Credentials
from collective.socialterritory.networks.model import Field
from collective.socialterritory.networks.model import Identity
from collective.socialterritory.networks.model import Limits
from collective.socialterritory.networks.model import Network
from collective.socialterritory.networks.model import Post
from collective.socialterritory.networks.model import Receipt
from collective.socialterritory.text import graphemes


PAGE = "@@social-sandbox"


class Sandbox(Network):
    """Publishing is deterministic and keeps nothing, so that it always arrives and a repeat is the same post.

    Addresses have no scheme: they are relative to the site's root.
    """

    id = "sandbox"
    title = "Sandbox"
    limits = Limits(text=300, measure=graphemes, text_bytes=3000, images=4, chain=True)
    local = True
    replays = float("inf")
    rewrites = frozenset({"text", "picture", "link"})
    fields: tuple[Field, ...] = ()

    def connect(self, http: Http, answers: Mapping[str, str]) -> Connection:
        return Connection(self.whoami(http, {}), {})

    def whoami(self, http: Http, credentials: Credentials) -> Identity:
        return Identity("sandbox", "@sandbox", PAGE)

    def publish(self, http: Http, credentials: Credentials, post: Post, key: str) -> Receipt:
        return Receipt(key, f"{PAGE}/{key}")

    def edit(self, http: Http, credentials: Credentials, id: str, post: Post) -> Receipt:
        return Receipt(id, f"{PAGE}/{id}")

    def delete(self, http: Http, credentials: Credentials, id: str) -> None:
        """The page is drawn from the records, which tell."""

    def reply(self, http: Http, credentials: Credentials, to: str, post: Post, key: str) -> Receipt:
        return self.publish(http, credentials, post, key)

    def find(self, http: Http, credentials: Credentials, post: Post, key: str) -> Receipt | None:
        return self.publish(http, credentials, post, key)


network = Sandbox()
