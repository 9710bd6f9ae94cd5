"""Facebook when things go wrong: each code of Graph, limits, versions, rights and tokens that are gone."""

from collective.socialterritory.errors import NetworkError
from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.errors import RateLimited
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.networks.facebook import network
from collective.socialterritory.networks.model import Picture
from collective.socialterritory.networks.model import Post
from contract.base import caught
from contract.base import picture
from contract.base import shown
from datetime import datetime
from datetime import UTC
from faults import Said

import json
import pytest


NOW = datetime.now(UTC)
PAGE = b"<!DOCTYPE html><title>Attention required</title><h1>Blocked</h1>"
DELETED = "Error validating application. Application has been deleted."
POSTED = "You've already posted this. Posting the same content repeatedly on Facebook isn't allowed."


@pytest.fixture
def whoami(http, credentials):
    return lambda: network.whoami(http, credentials)


def refused(server, status, body, step="feed", headers=None):
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    server.instead[step] = Said(status, body, headers=headers or {})


def error(code, subcode=None, message="No", **more):
    return {"error": {"message": message, "type": "OAuthException", "code": code, "error_subcode": subcode, **more}}


REFUSALS = [
    (error(-1), OutcomeUnknown, "server_error"),
    (error(1), OutcomeUnknown, "server_error"),
    (error(2), OutcomeUnknown, "server_error"),
    (error("2"), OutcomeUnknown, "server_error"),
    (error(2, is_transient=False), OutcomeUnknown, "server_error"),
    (error(7777, is_transient=True), OutcomeUnknown, "server_error"),
    (error(1, message="Error validating client secret."), Unauthorized, "app_secret"),
    (error(100, message="Invalid appsecret_proof provided in the API argument"), Unauthorized, "app_secret"),
    (error(100, message="API calls from the server require an appsecret_proof"), Unauthorized, "app_secret"),
    (error(3, message="Application does not have the capability"), Unauthorized, "app_inactive"),
    (error(101), Unauthorized, "app_inactive"),
    (error(190, message=DELETED), Unauthorized, "app_inactive"),
    (error(200, message="API access blocked."), Unauthorized, "app_inactive"),
    (error(200, message="API access deactivated. To reactivate, go to the app dashboard."), Unauthorized, "app_inactive"),
    (error(10, message="(#10) Your app is in development mode"), Unauthorized, "app_inactive"),
    *((error(code), RateLimited, "rate_limited") for code in (4, 17, 32, 341, 613, 80001, 80002)),
    (error(10), Unauthorized, "scopes"),
    *((error(code), Unauthorized, "scopes") for code in (200, 210, 283, 299)),
    (error(102), Unauthorized, "unauthorized"),
    (error(190), Unauthorized, "unauthorized"),
    (error(102, 463), Unauthorized, "expired"),
    (error(190, 458), Unauthorized, "app_removed"),
    (error(190, 459), Unauthorized, "checkpoint"),
    (error(190, 460), Unauthorized, "password_changed"),
    (error(190, 461), Unauthorized, "unauthorized"),
    (error(190, 463), Unauthorized, "expired"),
    (error(190, 464), Unauthorized, "checkpoint"),
    (error(190, 467), Unauthorized, "unauthorized"),
    (error(190, 468), Unauthorized, "expired"),
    (error(190, 492), Unauthorized, "role_lost"),
    (error(100, 33), Unauthorized, "page_gone"),
    (error(803), Unauthorized, "page_gone"),
    (error(100), Rejected, "rejected"),
    (error(100, 463), Rejected, "rejected"),
    (error(300), Rejected, "rejected"),
    (error(1500), Rejected, "link_refused"),
    (error(1609005), Rejected, "link_refused"),
    (error(100, 1609005), Rejected, "link_refused"),
    (error(324, 2069019), Rejected, "image_refused"),
    (error(1, 1366046), Rejected, "image_refused"),
    (error(506, 1455006), OutcomeUnknown, "duplicate"),
    (error(368, message=POSTED), OutcomeUnknown, "duplicate"),
    (error(368), RateLimited, "blocked"),
    (error(2635), Transient, "graph_version"),
    (error(2500, message="Unknown path components: /me"), Transient, "graph_version"),
    (error(2500), Rejected, "rejected"),
]


@pytest.mark.parametrize("status", [200, 400, 403])
@pytest.mark.parametrize("body, kind, code", REFUSALS, ids=lambda value: str(value)[:60])
def test_what_graph_means(server, publish, status, body, kind, code):
    refused(server, status, body)
    if status == 200 and code == "rejected":  # a refusal that we do not know, in an answer that says all is well
        kind, code = (OutcomeUnknown, "server_error") if body["error"]["code"] not in (100,) else (kind, code)
    assert caught(publish, kind).code == code


@pytest.mark.parametrize("body, kind, code", REFUSALS, ids=lambda value: str(value)[:60])
def test_what_it_means_where_nothing_is_published(server, publish, body, kind, code):
    refused(server, 400, body, "photos")
    raised = caught(lambda: publish(Post("a", NOW, picture=picture())), Exception.__class__ and NetworkError)
    assert not isinstance(raised, OutcomeUnknown)
