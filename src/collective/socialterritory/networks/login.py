"""Facebook's login, which pages and the Instagram accounts that belong to them are linked by: an app, a person, pages.

Facts: https://developers.facebook.com/docs/facebook-login/guides/access-tokens/get-long-lived,
https://developers.facebook.com/docs/pages-api/overview and /docs/graph-api/reference/user/accounts. Errors of all
calls: those of `graph.call`.
"""

from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from collective.socialterritory.environment import setting
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.http import Http
from collective.socialterritory.networks import graph
from collective.socialterritory.networks.answers import part
from collective.socialterritory.networks.answers import word
from collective.socialterritory.networks.model import Client
from collective.socialterritory.networks.model import Field
from typing import Any


PAGE = "https://www.facebook.com"
APP_FIELDS = (Field("app_id"), Field("app_secret", secret=True))
TASKS = frozenset({"CREATE_CONTENT", "PROFILE_PLUS_CREATE_CONTENT", "PROFILE_PLUS_FULL_CONTROL"})
"""Who has one of them may post; the latter on newer pages"""


def app(answers: Mapping[str, str]) -> tuple[str, str]:
    """Id and secret that were typed. Raises Rejected("app_id_invalid")."""
    id, secret = (answers.get(field.name, "").strip() for field in APP_FIELDS)
    if not id.isascii() or not id.isdecimal():
        raise Rejected("app_id_invalid")
    return id, secret


def client(answers: Mapping[str, str]) -> Client:
    """Codes: app_id_invalid. With `rerequest` a person is asked again for what they once refused."""
    id, secret = app(answers)
    page = setting("SOCIALTERRITORY_GRAPH") or PAGE
    dialog = f"{page}/{graph.version()}/dialog/oauth?auth_type=rerequest"
    return Client(id, secret, dialog, f"{graph.base()}/{graph.version()}/oauth/access_token")


def pages(
    http: Http, client: Client, tokens: Mapping[str, str], scopes: Sequence[str], fields: str
) -> Iterator[tuple[Any, dict[str, str]]]:
    """What Facebook says of each page where the person has one of the TASKS, with the app's secret and its own token.

    Codes of its own: scopes_missing. A page's token has no end, as the person's is exchanged for one of 60 days before.
    """
    person = _lasting(http, client.id, graph.Key(tokens["access_token"], client.secret))
    if missing := _lacking(http, person, scopes):
        raise Rejected("scopes_missing", names=", ".join(missing))
    query = {"fields": f"{fields},access_token,tasks", "limit": "100"}
    for row in graph.gathered(http, person, "/me/accounts", query)[0]:
        tasks, token = part(row, "tasks"), word(part(row, "access_token"))
        if token.isascii() and token and isinstance(tasks, list) and not TASKS.isdisjoint(map(str, tasks)):
            yield row, {"app_secret": client.secret, "token": token}


def _lasting(http: Http, app: str, key: graph.Key) -> graph.Key:
    form = {"grant_type": "fb_exchange_token", "client_id": app, "client_secret": key.secret}
    form["fb_exchange_token"] = key.token
    said = graph.call(http, key, "/oauth/access_token", form=form, signed=False)
    token = word(said.get("access_token"))
    if not token or not token.isascii():
        raise Transient("not_json", host=graph.host())
    return graph.Key(token, key.secret)


def _lacking(http: Http, key: graph.Key, scopes: Sequence[str]) -> list[str]:
    """The rights that the person did not give, or has taken back."""
    listed = graph.listed(http, key, "/me/permissions", {})
    given = {word(part(row, "permission")) for rows in listed for row in rows if part(row, "status") == "granted"}
    return [scope for scope in scopes if scope not in given]
