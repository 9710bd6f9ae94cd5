"""What can be done on Mastodon and its kin to a post that is out: changed, deleted, answered."""

from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.errors import RateLimited
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.networks.mastodon import network
from collective.socialterritory.networks.model import Post
from collective.socialterritory.plain import shown
from contract.base import caught
from contract.base import picture
from contract.follow_up import FollowUpContract
from contract.follow_up import See
from contract.follow_up_failures import FollowUpFailures
from contract.mastodon.dialects import DIALECTS
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from faults import Said

import json
import pytest


NOW = datetime.now(UTC)
LINK = "https://www.ville.example/a"


@pytest.fixture
def read(server):
    def read(id):
        for status in (status for account in server.accounts for status in account.statuses if status["id"] == id):
            _, links = shown(status["content"])
            pictures = [one["description"] for one in status["media_attachments"]]
            return See(status["said"], links, pictures, status["in_reply_to_id"] or "")

    return read


class TestMastodonFollowUp(FollowUpFailures):
    network = network
    deeds = {"edit": "edit", "delete": "delete", "reply": "post"}
    questions = {"status": "reply", "media": "pictured edit"}

    @pytest.fixture(params=["mastodon", "gotosocial"])
    def dialect(self, request):
        return request.param


class TestOtherDialects(FollowUpContract):
    network = network

    @pytest.fixture(params=["plain", "closed"])
    def dialect(self, request):
        return request.param


@pytest.fixture
def out(publish, post):
    return publish()


@pytest.fixture
def edit(http, credentials, out):
    return lambda text="Bonsoir": network.edit(http, credentials, out.id, Post(text, NOW))


@pytest.fixture
def delete(http, credentials, out):
    return lambda: network.delete(http, credentials, out.id)


@pytest.fixture
def reply(http, credentials, out):
    return lambda text="Merci": network.reply(http, credentials, out.id, Post(text, NOW, answers=out.id), "k2")


# What is sent


def test_what_an_edit_sends(server, http, credentials, out, monkeypatch):
    """No picture is said as well, or servers keep the old one or drop it as they please."""
    sent = []
    request = http.request
    monkeypatch.setattr(http, "request", lambda *args, **how: sent.append((args, how)) or request(*args, **how))
    network.edit(http, credentials, out.id, Post("Bonsoir", NOW, language="fr"))
    ((method, url), how), *others = sent
    assert (method, url, others) == ("PUT", f"{server.url}/api/v1/statuses/{out.id}", [])
    assert how["json"] == {"status": "Bonsoir", "language": "fr", "media_ids": []}


def test_what_a_reply_sends(server, http, credentials, out, monkeypatch):
    sent = []
    request = http.request
    monkeypatch.setattr(http, "request", lambda *args, **how: sent.append(how) or request(*args, **how))
    network.reply(http, credentials, out.id, Post("Merci", NOW, answers=out.id), "k2")
    assert sent[-1]["json"] == {"status": "Merci", "visibility": "public", "in_reply_to_id": out.id}
    assert sent[-1]["headers"]["Idempotency-Key"] == "k2"


def test_pictures_are_deleted_with_the_post(server, publish, http, credentials):
    out = publish(Post("Avec image", NOW, pictures=(picture(),)), "k3")
    assert server.media
    network.delete(http, credentials, out.id)
    assert server.media == {}


# Servers that cannot edit, posts that are gone


@pytest.mark.parametrize("dialect", DIALECTS, indirect=True)
@pytest.mark.parametrize("status", [404, 405, 501])
def test_a_server_that_cannot_edit(server, post, edit, delete, status):
    server.no_edits = status
    raised = caught(edit, Rejected)
    assert (raised.code, raised.params) == ("no_edits", {"host": "127.0.0.1"})
    assert server.posts() == [post.text]
    delete()
    assert caught(edit, Rejected).code == "post_gone"


@pytest.mark.parametrize("body", [b"<h1>Not found</h1>", b'{"error": "Not found"}'])
def test_a_firewall_is_not_believed_that_a_post_is_gone(server, delete, edit, reply, body):
    """Whatever it does not find: the post, or the way to ask who we are."""
    for step in ("delete", "edit", "post", "status", "verify_credentials"):
        server.instead[step] = Said(404, body)
    for call in (delete, edit, reply):
        with pytest.raises((Transient, Rejected)) as info:
            call()
        assert info.value.code in ("not_json", "rejected")


def test_a_post_that_is_there_but_not_ours_to_delete(server, http, account, delete):
    server.accounts.append(other := server.account("autre"))
    other.statuses, account.statuses = account.statuses, []
    assert caught(delete, Rejected).params["reason"] == "Record not found"


@pytest.mark.parametrize("dialect", DIALECTS, indirect=True)
def test_nothing_is_said_to_a_post_that_is_gone_where_the_server_would_let_us(server, delete, reply):
    server.orphans = True
    delete()
    assert caught(reply, Rejected).code == "post_gone"
    assert server.posts() == []


@pytest.mark.parametrize("status, code", [(404, "post_gone"), (410, "post_gone"), (422, "rejected")])
def test_a_post_that_goes_while_it_is_answered(server, out, reply, status, code):
    server.instead["post"] = Said(status, b'{"error": "The post you are trying to reply to does not appear to exist."}')
    assert caught(reply, Rejected).code == code


# Limits and rights


def test_deletions_are_limited(server, http, credentials, publish):
    """https://docs.joinmastodon.org/api/rate-limits: 30 in 30 minutes."""
    receipts = [publish(Post(f"Post {number}", NOW), f"k{number}") for number in range(31)]
    for receipt in receipts[:30]:
        network.delete(http, credentials, receipt.id)
    raised = caught(lambda: network.delete(http, credentials, receipts[30].id), RateLimited)
    assert 5 < raised.retry_after <= 7
    assert server.posts() == ["Post 30"]
    server.now = lambda: datetime.now(UTC) + timedelta(minutes=31)
    network.delete(http, credentials, receipts[30].id)
    assert server.posts() == []


def test_too_few_rights(server, http, account, out):
    few = server.credentials(account, ("read:accounts", "read:statuses"))
    for call in (
        lambda: network.edit(http, few, out.id, Post("Bonsoir", NOW)),
        lambda: network.delete(http, few, out.id),
        lambda: network.reply(http, few, out.id, Post("Merci", NOW), "k2"),
    ):
        assert caught(call, Unauthorized).code == "scopes"
    assert len(server.posts()) == 1


def test_an_edit_that_is_too_long(server, edit, post):
    assert caught(lambda: edit("é" * 501), Rejected).code == "rejected"
    assert server.posts() == [post.text]


@pytest.mark.parametrize("said", [{}, {"id": "\n"}, {"error": "no id"}])
def test_an_edit_without_an_id_is_a_doubt(server, edit, said):
    server.instead["edit"] = Said(200, json.dumps(said).encode())
    assert caught(edit, OutcomeUnknown).code == "not_json"


# Which post is which


def test_a_reply_is_found_by_its_words_whoever_forgets_what_it_answers(http, credentials, reply):
    receipt = reply("Merci")
    assert network.find(http, credentials, Post("Merci", NOW), "k2") == receipt


def test_a_reply_with_the_same_link_is_not_the_post(server, account, out, find):
    server.say(account, f"Voir aussi {LINK}", in_reply_to_id=out.id)
    assert find(Post(f"Fête : {LINK}", NOW, link=LINK)) is None
    said = server.say(account, f"Fête, {LINK}")
    assert find(Post(f"Fête : {LINK}", NOW, link=LINK)).id == said["id"]


def test_a_reply_is_found_by_its_link(server, account, out, find):
    said = server.say(account, f"Autrement dit {LINK}", in_reply_to_id=out.id)
    assert find(Post(f"Correction : {LINK}", NOW, link=LINK, answers=out.id)).id == said["id"]
