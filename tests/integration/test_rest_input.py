"""What strangers and clumsy clients send to the JSON doors: a plain refusal, nothing changed, never a 500."""

from collective.socialterritory.crosspost.model import State
from plone import api
from rest import authenticator
from rest import PASSWORD

import json
import pytest
import transaction


@pytest.fixture
def told(town):
    town.news()
    return town.validator.delivery()


@pytest.fixture
def browser(town):
    """The validator as a browser: logged in by cookie, and nothing else."""
    client = town.validator
    form = {"__ac_name": "validator", "__ac_password": PASSWORD, "buttons.login": "Log in"}
    client.session.auth = None
    client.session.post(f"{town.url}/login", data=form, headers={"Accept": "text/html"}, timeout=30)
    assert client.session.cookies.get("__ac")
    assert client.get("@social-deliveries").status_code == 200
    return client


def state(town):
    return town.stored(town.site["menu-de-la-cantine"])[0].state


FORGED = (
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "text/plain; application/json",
    "",
)


@pytest.mark.parametrize("kind", FORGED)
def test_a_form_of_another_site_decides_nothing(town, told, browser, kind):
    path = f"@social-deliveries/{told['id']}/approve"
    body = json.dumps({"fingerprint": told["fingerprint"]})
    if "multipart" in kind:
        part = 'Content-Disposition: form-data; name="fingerprint"'
        body = f"--x\r\n{part}\r\n\r\n{told['fingerprint']}\r\n--x--\r\n"
    headers = {"Content-Type": kind}
    for sent in (path, f"++api++/{path}"):
        assert browser.post(sent, data=body, headers=headers).status_code == 415
        # A link may carry user:password@, and a browser sends it along with its cookies.
        answer = browser.post(sent, data=body, headers={**headers, "Authorization": "Basic eDp5"})
        assert answer.status_code == 415
    assert state(town) is State.PENDING


def test_json_or_an_authenticator_is_what_scripts_of_ours_send(town, told, browser):
    path = f"@social-deliveries/{told['id']}/hold"
    assert browser.post(path, {}).status_code == 200
    token = authenticator("validator")
    path = f"@social-deliveries/{told['id']}/release?_authenticator="
    headers = {"Content-Type": "text/plain"}
    assert browser.post(path + "wrong", data="{}", headers=headers).status_code == 415
    assert browser.post(path + token, data="{}", headers=headers).status_code == 200


def test_basic_needs_neither(town, told):
    path = f"@social-deliveries/{told['id']}/hold"
    assert town.validator.post(path, data="{}", headers={"Content-Type": "text/plain"}).status_code == 200


BODIES = (
    b"{",
    b"[]",
    b'"approve"',
    b"\xff\xfe",
    b'{"note": ["a"]}',
    b'{"fingerprint": 7}',
    b'{"override": true}',
    b'{"note": "' + b"x" * 6000 + b'"}',
    b'{"note": "\\ud800"}',
    b'{"override": "\\udcff!"}',
)


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body[:20].decode("latin-1"))
def test_bodies_that_are_not_understood(town, told, body):
    headers = {"Content-Type": "application/json"}
    answer = town.validator.post(f"@social-deliveries/{told['id']}/approve", data=body, headers=headers)
    assert answer.status_code == 400, answer.text[-3000:]
    assert answer.json()["error"]["code"] == "bad_request"
    assert state(town) is State.PENDING


@pytest.mark.parametrize(
    "params",
    [
        {"state": "nonsense"},
        {"state": ["pending", "<script>"]},
        {"b_size": "0"},
        {"b_size": "-1"},
        {"b_size": "many"},
        {"b_size": "1e3"},
        {"b_size": "٣"},
        {"b_start": "-1"},
        {"b_start": "NaN"},
    ],
)
def test_parameters_that_are_not_understood(town, told, params):
    answer = town.validator.get("@social-deliveries", **params)
    assert answer.status_code == 400
    assert answer.json()["error"]["message"]


def test_parameters_that_are_too_large_or_unknown_do_no_harm(town, told):
    answer = town.validator.get("@social-deliveries", b_size="9" * 5000).json()
    assert len(answer["items"]) == 1 and "b_size=100" in answer["batching"]["@id"]
    assert town.validator.listed(b_start="9" * 5000) == []
    assert town.validator.listed(account="nobody") == []
    assert len(town.validator.listed(stat="pending", b_size="", state="")) == 1


IDS = (
    "nothing",
    "..",
    "%2e%2e",
    "../social-accounts",
    "%2e%2e%2fsocial-accounts",
    "..%5c..%5cetc",
    "%00",
    "é",
    "_root",
    "__class__",
    "acl_users",
    "@@edit",
    "index_html",
    "' OR 1=1",
    "x" * 3000,
)


@pytest.mark.parametrize("id", IDS)
def test_ids_that_are_none(town, told, id):
    for answer in (
        town.validator.get(f"@social-deliveries/{id}/"),
        town.validator.get(f"@social-deliveries/{told['id']}/{id}"),
        town.validator.post(f"@social-deliveries/{id}/approve", {"fingerprint": told["fingerprint"]}),
        town.validator.post(f"@social-deliveries/{told['id']}/{id}", {"fingerprint": told["fingerprint"]}),
        town.validator.post(f"@social-deliveries/{told['id']}/approve/{id}", {"fingerprint": told["fingerprint"]}),
    ):
        assert 400 <= answer.status_code < 500 or answer.request.method == "GET" and answer.status_code == 200
        assert "Traceback" not in answer.text
    assert state(town) is State.PENDING


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD", "GET"])
def test_other_methods_decide_nothing(town, told, method):
    url = f"{town.url}/@social-deliveries/{told['id']}/approve"
    answer = town.validator.session.request(method, url, json={"fingerprint": told["fingerprint"]}, timeout=30)
    assert 400 <= answer.status_code < 500
    assert state(town) is State.PENDING


def test_reading_writes_nothing(town, told):
    before = town.functional["app"]._p_jar.db().lastTransaction()
    for path in ("@social-deliveries", f"@social-deliveries/{told['id']}", "@social-status", "@social-accounts"):
        assert town.webmaster.get(path).status_code == 200
    for path in ("menu-de-la-cantine/@social-deliveries", "menu-de-la-cantine/@social-preview"):
        assert town.webmaster.get(path).status_code == 200
    assert town.functional["app"]._p_jar.db().lastTransaction() == before


def test_bytes_that_are_no_text_in_an_address(town, told):
    assert town.validator.get("@social-deliveries?account=%ff&b_size=1").json()["items"] == []


def test_half_a_character_in_a_title_is_a_question_mark_in_posts(town):
    item = town.news("Menu", publish=False)
    body = '{"title": "Menu \\ud800", "social_text": "Frites \\udfff"}'
    headers = {"Content-Type": "application/json"}
    answer = town.editor.session.patch(item.absolute_url(), data=body, headers=headers, timeout=30)
    assert answer.status_code == 204
    transaction.begin()
    with api.env.adopt_user(username="editor"):
        api.content.transition(item, to_state="published")
    transaction.commit()
    told = town.validator.delivery()
    assert (told["item"]["title"], told["text"].splitlines()[0]) == ("Menu ?", "Frites ?")


def test_a_note_is_kept_as_it_was_written(town, told):
    note = '<script>alert("x")</script> l’été 🎉'
    answer = town.validator.decide(told, "reject", note=note)
    assert answer.json()["log"][-1]["note"] == note
    assert answer.headers["Content-Type"].startswith("application/json")


def test_the_item_is_gone(town, told):
    with api.env.adopt_roles(["Manager"]):
        api.content.delete(town.site["menu-de-la-cantine"])
    transaction.commit()
    answer = town.validator.decide(told, "approve", fingerprint=told["fingerprint"])
    assert answer.status_code == 409
    assert answer.json()["error"]["code"] == "item_deleted"
    assert answer.json()["delivery"]["item"]["@id"] is None


def test_the_item_is_gone_and_the_catalogue_does_not_know(town, told):
    town.site._delOb("menu-de-la-cantine")
    transaction.commit()
    assert town.validator.listed()[0]["item"]["@id"] is None
    assert town.validator.get("@@social-desk").status_code == 200
