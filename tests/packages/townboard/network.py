"""The notice board of the town's app: a JSON API with a token."""

from collections.abc import Mapping
from collective.socialterritory.http import Http
from collective.socialterritory.networks.answers import content
from collective.socialterritory.networks.model import Connection
from collective.socialterritory.networks.model import Credentials
from collective.socialterritory.networks.model import Field
from collective.socialterritory.networks.model import Identity
from collective.socialterritory.networks.model import Limits
from collective.socialterritory.networks.model import Network
from collective.socialterritory.networks.model import Post
from collective.socialterritory.networks.model import Receipt
from collective.socialterritory.text import codepoints
from urllib.parse import quote


class TownBoard(Network):
    """Publishes, Finds, Connects."""

    id = "townboard"
    title = "Town board"
    limits = Limits(text=500, measure=codepoints, card=False)
    fields = (
        Field("board", title="Address of the board", description="For example https://board.town.example."),
        Field("board_token", secret=True, title="Token", description="On the board, under “For other sites”."),
    )

    def origins(self, credentials: Credentials) -> list[str]:
        return [credentials["board"]] if credentials else []

    def connect(self, http: Http, answers: Mapping[str, str]) -> Connection:
        credentials = {"board": answers["board"].rstrip("/"), "token": answers["board_token"]}
        return Connection(self.whoami(http, credentials), credentials)

    def whoami(self, http: Http, credentials: Credentials) -> Identity:
        self._asked(http, credentials, "?key=who")  # refused where the token is wrong
        return Identity(credentials["board"], "Town board", credentials["board"])

    def publish(self, http: Http, credentials: Credentials, post: Post, key: str) -> Receipt:
        said = {"key": key, "text": post.text}
        answer = http.post(f"{credentials['board']}/posts", json=said, headers=_as(credentials))
        return _receipt(credentials, content(answer, dict, writes=True, secrets=[credentials["token"]]))

    def find(self, http: Http, credentials: Credentials, post: Post, key: str) -> Receipt | None:
        found = self._asked(http, credentials, f"?key={quote(key, safe='')}")
        return _receipt(credentials, found["posts"][0]) if found["posts"] else None

    def _asked(self, http: Http, credentials: Credentials, query: str) -> dict:
        answer = http.get(f"{credentials['board']}/posts{query}", headers=_as(credentials))
        return content(answer, dict, writes=False, secrets=[credentials["token"]])


def _as(credentials: Credentials) -> dict[str, str]:
    return {"Authorization": f"Bearer {credentials['token']}"}


def _receipt(credentials: Credentials, said: dict) -> Receipt:
    return Receipt(str(said["id"]), f"{credentials['board']}/posts/{said['id']}")


network = TownBoard()
