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
    (
        error(200, message="API access deactivated. To reactivate, go to the app dashboard."),
        Unauthorized,
        "app_inactive",
    ),
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
]


STRANGE = [
    (400, error(7777), Rejected, "rejected"),
    (400, error(2500), Rejected, "rejected"),
    (400, error(None), Rejected, "rejected"),
    (400, error("0x2"), Rejected, "rejected"),
    (400, error(10**30), Rejected, "rejected"),
    (400, {"error": {}}, Rejected, "rejected"),
    (400, {"error": "invalid_request"}, Rejected, "rejected"),
    (401, error(None), Unauthorized, "unauthorized"),
    (401, PAGE, Unauthorized, "unauthorized"),
    (403, PAGE, Transient, "not_json"),
    (429, error(None), RateLimited, "rate_limited"),
    (429, PAGE, RateLimited, "rate_limited"),
    (302, b"", Transient, "not_json"),
    (200, error(7777), OutcomeUnknown, "server_error"),
    (200, error(None), OutcomeUnknown, "server_error"),
    (200, {"error": "no"}, OutcomeUnknown, "not_json"),
    (200, {"error": None}, OutcomeUnknown, "not_json"),
    (200, {"id": "\n"}, OutcomeUnknown, "not_json"),
    (200, {"id": None}, OutcomeUnknown, "not_json"),
    (200, [1], OutcomeUnknown, "not_json"),
    (500, error(190), OutcomeUnknown, "server_error"),
    (500, error(4), OutcomeUnknown, "server_error"),
    (503, PAGE, OutcomeUnknown, "server_error"),
]


@pytest.mark.parametrize("status", [200, 400, 403])
@pytest.mark.parametrize("body, kind, code", REFUSALS, ids=lambda value: str(value)[:60])
def test_what_graph_means(server, publish, status, body, kind, code):
    refused(server, status, body)
    assert caught(publish, kind).code == code


@pytest.mark.parametrize("body, kind, code", REFUSALS, ids=lambda value: str(value)[:60])
def test_where_nothing_can_be_published_nothing_is_in_doubt(server, publish, body, kind, code):
    refused(server, 400, body, "photos")
    raised = raised_by(lambda: publish(Post("a", NOW, pictures=(picture(),))))
    doubted = kind is OutcomeUnknown
    assert type(raised) is {"duplicate": Rejected}.get(code, Transient if doubted else kind)
    assert raised.code == code


def raised_by(call):
    with pytest.raises(NetworkError) as info:
        call()
    return info.value


@pytest.mark.parametrize("status, body, kind, code", STRANGE, ids=lambda value: str(value)[:60])
def test_strange_refusals(server, publish, status, body, kind, code):
    refused(server, status, body)
    assert caught(publish, kind).code == code


def test_the_reason_is_the_networks_in_the_words_for_people(server, publish):
    refused(server, 400, error(100, message="(#100) Invalid parameter"))
    raised = caught(publish, Rejected)
    assert raised.params == {"host": "127.0.0.1", "status": 400, "reason": "(#100) Invalid parameter"}
    refused(server, 400, error(100, message="(#100) Invalid parameter", error_user_msg="Choisissez\n autre chose."))
    assert caught(publish, Rejected).params["reason"] == "Choisissez autre chose."


@pytest.mark.parametrize("name", ["token", "app_secret"])
@pytest.mark.parametrize("part", [slice(None), slice(0, 60), slice(3, None)], ids=str)
def test_no_part_of_a_secret_that_facebook_quotes_is_told(server, publish, credentials, name, part):
    quoted = credentials[name][part]
    for words in ({"message": f"Malformed access token {quoted}"}, {"error_user_msg": f"Non : {quoted}"}):
        refused(server, 400, error(190, **words))
        assert quoted[:30] not in shown(caught(publish, Unauthorized))


# Limits


@pytest.mark.parametrize(
    "headers, seconds",
    [
        ({}, None),
        ({"retry-after": "5"}, 5),
        ({"x-business-use-case-usage": '{"1": [{"estimated_time_to_regain_access": 19}]}'}, 1140),
        ({"x-business-use-case-usage": '{"1": [{"estimated_time_to_regain_access": 0}]}', "retry-after": "5"}, 5),
        ({"x-business-use-case-usage": '{"1": [{"estimated_time_to_regain_access": 1}], "2": [{}, 5, {"a": 1}]}'}, 60),
        (
            {"x-business-use-case-usage": '{"1": [%s, %s]}' % (('{"estimated_time_to_regain_access": 2}',) * 2)},
            120,
        ),
        ({"x-business-use-case-usage": '{"1": [{"estimated_time_to_regain_access": 99999}]}'}, 86400),
        ({"x-business-use-case-usage": '{"1": [{"estimated_time_to_regain_access": "19"}]}'}, None),
        ({"x-business-use-case-usage": '{"1": [{"estimated_time_to_regain_access": true}]}'}, None),
        ({"x-business-use-case-usage": "[" * 30_000}, None),
        ({"x-business-use-case-usage": '{"1": 5}'}, None),
        ({"x-business-use-case-usage": "[]"}, None),
    ],
)
def test_how_long_to_wait(server, publish, headers, seconds):
    refused(server, 400, error(32), headers=headers)
    assert caught(publish, RateLimited).retry_after == seconds


def test_a_page_that_is_asked_too_often(server, publish, find, at_once):
    server.limits["feed"] = 1
    publish(Post("1", NOW))
    assert caught(lambda: publish(Post("2", NOW)), RateLimited).retry_after == 19 * 60
    assert find(Post("2", NOW)) is None
    server.limits.clear()
    publish(Post("2", NOW))
    assert server.posts() == ["1", "2"]


def test_a_page_that_is_blocked_is_left_alone_for_hours(server, publish):
    refused(server, 400, error(368), headers={"retry-after": "5"})
    raised = caught(publish, RateLimited)
    assert (raised.code, raised.retry_after) == ("blocked", 6 * 3600)


# Rights and tokens


@pytest.mark.parametrize(
    "subcode, code",
    [
        (458, "app_removed"),
        (459, "checkpoint"),
        (460, "password_changed"),
        (463, "expired"),
        (464, "checkpoint"),
        (467, "unauthorized"),
        (492, "role_lost"),
    ],
)
def test_why_a_token_is_void(server, publish, find, whoami, subcode, code):
    server.revoke(subcode)
    assert [caught(call, Unauthorized).code for call in (publish, find, whoami)] == [code] * 3
    assert server.posts() == []


def test_a_role_that_is_taken_away(server, account, publish, whoami):
    server.person.tasks[account.id].remove("CREATE_CONTENT")
    assert caught(publish, Unauthorized).code == "scopes"
    del server.person.tasks[account.id]
    assert [caught(call, Unauthorized).code for call in (publish, whoami)] == ["role_lost"] * 2


def test_a_right_that_is_taken_back(server, credentials, publish, find, whoami):
    (rights,) = server.person.granted.values()
    rights["pages_manage_posts"] = "declined"
    assert caught(publish, Unauthorized).code == "scopes"
    rights["pages_read_engagement"] = "declined"
    assert caught(find, Unauthorized).code == "scopes"
    assert whoami().name == "Ville"


def test_an_app_whose_secret_was_changed(server, http, credentials, post):
    wrong = credentials | {"app_secret": "0" * 32}
    calls = [
        lambda: network.publish(http, wrong, post, "k"),
        lambda: network.find(http, wrong, post, "k"),
        lambda: network.whoami(http, wrong),
    ]
    assert [caught(call, Unauthorized).code for call in calls] == ["app_secret"] * 3


def test_a_page_that_is_gone_or_another(server, http, credentials, account, post):
    other = credentials | {"account": server.account("Autre").id}
    assert caught(lambda: network.publish(http, other, post, "k"), Unauthorized).code == "scopes"
    assert caught(lambda: network.whoami(http, other), Unauthorized).code == "page_gone"
    del server.pages[account.id]
    assert caught(lambda: network.publish(http, credentials, post, "k"), Unauthorized).code == "page_gone"
    assert caught(lambda: network.find(http, credentials, post, "k"), Unauthorized).code == "page_gone"
    assert server.posts() == []


def test_a_page_is_no_path(server, http, credentials, post):
    odd = credentials | {"account": "../me?x=1#"}
    assert caught(lambda: network.publish(http, odd, post, "k"), Unauthorized).code == "page_gone"


@pytest.mark.parametrize(
    "image, code",
    [
        (Picture(b"junk", "image/jpeg", 4, 3, "a"), "image_refused"),
        (Picture(picture(kind="PNG").data + b"x" * 10_000_000, "image/png", 4, 3, "a"), "image_refused"),
    ],
    ids=["junk", "large"],
)
def test_pictures_that_are_refused(server, http, publish, image, code):
    http.deadline = 10
    assert caught(lambda: publish(Post("a", NOW, pictures=(image,))), Rejected).code == code
    assert server.posts() == []


def test_a_link_that_is_refused(server, publish):
    assert caught(lambda: publish(Post("a", NOW, link="http://localhost/")), Rejected).code == "link_refused"


@pytest.mark.parametrize("said", [b"{}", b'{"id": null}', b'{"id": []}'])
def test_a_picture_without_an_id(server, publish, said):
    server.instead["photos"] = Said(200, said)
    assert caught(lambda: publish(Post("a", NOW, pictures=(picture(),))), Transient).code == "not_json"


@pytest.mark.parametrize("said", [b"{}", b'{"data": 1}', b'{"id": "1"}', b'{"name": "a"}'])
def test_nobody(server, whoami, said):
    server.instead["me"] = Said(200, said)
    assert caught(whoami, Transient).code == "not_json"


# Versions


def test_a_version_that_has_ended_and_is_answered_by_a_newer_one(server, publish, find, whoami, monkeypatch, at_once):
    monkeypatch.setenv("SOCIALTERRITORY_GRAPH_VERSION", "v9.0")
    raised = caught(whoami, Transient)
    assert raised.code == "graph_version_over"
    assert raised.params == {"host": "127.0.0.1", "version": "v9.0", "newer": "v20.0"}
    assert publish() == find()


def test_a_version_that_has_ended_and_is_refused(server, publish, find, whoami, monkeypatch):
    server.ended = "refused"
    monkeypatch.setenv("SOCIALTERRITORY_GRAPH_VERSION", "v9.0")
    for call in (publish, find, whoami):
        raised = caught(call, Transient)
        assert (raised.code, raised.params["version"]) == ("graph_version", "v9.0")


@pytest.mark.parametrize("version", ["v99.0", "26.0", "latest"])
def test_a_version_that_never_was(server, publish, whoami, monkeypatch, version):
    monkeypatch.setenv("SOCIALTERRITORY_GRAPH_VERSION", version)
    for call in (publish, whoami):
        raised = caught(call, Transient)
        assert (raised.code, raised.params["version"]) == ("graph_version", version)


@pytest.mark.parametrize("told", ["", "v26.0", "v19.0", "v100", "new", "v26.0, v27.0"])
def test_a_version_that_is_as_asked_or_nonsense_is_no_trouble(server, whoami, account, told):
    body = json.dumps({"id": account.id, "name": "Ville"}).encode()
    server.instead["me"] = Said(200, body, headers={"facebook-api-version": told})
    assert whoami().url == f"https://www.facebook.com/{account.id}"
