"""What others answer on Bluesky, as the index knows it."""

from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.networks import thread
from collective.socialterritory.networks.bluesky import network
from collective.socialterritory.networks.model import Post
from contract.base import caught
from contract.hearing import HearContract
from contract.hearing import MORNING
from dataclasses import replace
from faults import Said

import json
import pytest


KEY, SECOND = "3n2uoitxhrhun", "3n2uoitxhrhuo"
PROFILE = "https://bsky.app/profile"
OTHER = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa"
RECORD = {"text": "x", "createdAt": "2026-01-01T00:00:00Z", "reply": {"parent": {"uri": "at://a/b/c"}}}
POST = {"uri": f"at://{OTHER}/app.bsky.feed.post/3k", "author": {"did": OTHER}, "record": RECORD}


def place(uri):
    return uri.split("/")[2], uri.split("/")[-1]


class TestBlueskyHears(HearContract):
    network = network
    hear_step = "getPostThread"
    senseless = [
        *({}, [], {"thread": None}, {"thread": {}}, {"thread": {"post": {"uri": "at://a/b/c"}}}),
        {"thread": {"$type": "app.bsky.feed.defs#blockedPost", "uri": "at://a/b/c", "blocked": True}},
    ]
    odd = [
        *({"post": {**POST, name: value}} for name in POST for value in (5, {}, "x")),
        *({"post": {**POST, "record": {**RECORD, name: None}}} for name in RECORD),
        *({"post": {**POST, "uri": uri}} for uri in ("at://did:plc:b/app.bsky.feed.post/3k", "javascript:x")),
        {"post": 5},
    ]

    def answer(self, server, account, to, text, at):
        return server.answer(account, to, text, at)

    def change(self, server, id, text):
        server.records[place(id)] = {**server.records[place(id)], "text": text}

    def remove(self, server, id):
        del server.records[place(id)]

    def among(self, said, row):
        said["thread"].setdefault("replies", []).append(row)
        return said

    def facts(self, server, other):
        return other.did, "", "@asso.example", f"{PROFILE}/{other.did}"

    def revoke(self, server, account):
        server.revoke(account)


@pytest.fixture
def out(publish):
    return publish(key=KEY)


@pytest.fixture
def hear(http, credentials, out):
    return lambda known=(): network.hear(http, credentials, out.id, known)


@pytest.fixture
def other(server):
    return server.account("asso.example")


@pytest.fixture
def say(server, out, other):
    return lambda text="Merci", by=other, to=out.id, **more: server.answer(by, to, text, MORNING, **more)


def test_who_answers(server, other, hear, say):
    say()
    server.profiles[other.did] = {"displayName": " Asso\nde X "}
    author = hear().replies[0].author
    assert (author.name, author.handle) == ("Asso de X", "@asso.example")
    other.handle = "handle.invalid"
    assert hear().replies[0].author.handle == ""


def test_links_are_in_full_and_what_goes_along_is_told(hear, say):
    feature = {"$type": "app.bsky.richtext.facet#link", "uri": "https://ville.example/a"}
    facet = {"index": {"byteStart": 5, "byteEnd": 8}, "features": [feature]}
    say("Voir ici", facets=[facet], embed={"$type": "app.bsky.embed.images", "images": []})
    (reply,) = hear().replies
    assert (reply.text, reply.attached) == ("Voir ici (https://ville.example/a)", True)


@pytest.mark.parametrize(
    "created, told", [("2038-01-01T00:00:00Z", "08:00"), ("x", "08:00"), ("2026-11-23T07:00:00Z", "07:00")]
)
def test_nobody_answers_later_than_it_was_seen(server, hear, say, monkeypatch, created, told):
    id, carry_out = say(), server.carry_out
    server.records[place(id)]["createdAt"] = created

    def seen(*call):
        said = carry_out(*call)
        body = json.loads(said.body)
        if "thread" in body:
            body["thread"]["replies"][0]["post"]["indexedAt"] = "2026-11-23T08:00:00Z"
        return replace(said, body=json.dumps(body).encode())

    monkeypatch.setattr(server, "carry_out", seen)
    assert f"{hear().replies[0].published:%H:%M}" == told


# Who is not heard


@pytest.mark.parametrize("name", ["blocking", "blockedBy", "blockingByList"])
def test_whom_our_account_has_blocked(server, other, hear, say, name):
    """The index leaves a stub, and what others answered to it is not there either."""
    say("Bravo", by=server.account("club.example"))
    say("Oui", by=server.account("lecteur.example"), to=say("Nul"))
    server.viewers[other.did] = {name: "at://did:plc:x/app.bsky.graph.block/1"}
    assert [one.text for one in hear().replies] == ["Bravo"]


@pytest.mark.parametrize("name", ["muted", "mutedByList"])
def test_whom_our_account_has_muted(server, other, hear, say, name):
    say("Nul")
    server.viewers[other.did] = {name: True}
    assert [one.barred for one in hear().replies] == [True]


def test_what_our_account_has_hidden(server, hear, say):
    hidden = say("Nul")
    say()
    server.threadgate = {"uri": "at://x/y/z", "record": {"hiddenReplies": [hidden, 5]}}
    assert {one.text: one.barred for one in hear().replies} == {"Nul": True, "Merci": False}


def test_what_the_index_hides(server, other, hear, say):
    say()
    server.profiles[other.did] = {"seen_labels": [{"val": "!hide"}, {"val": "porn"}]}
    assert hear().replies[0].barred
    server.profiles[other.did] = {"seen_labels": [{"val": "!hide", "neg": True}, 5, None]}
    assert not hear().replies[0].barred


def test_who_asks_to_be_shown_to_members_only_is_not_told(server, other, hear, say):
    say()
    server.profiles[other.did] = {"seen_labels": [{"val": "!no-unauthenticated"}]}
    assert (hear().replies, hear().complete) == ((), True)


# What the index does not list


def test_what_was_heard_before_is_asked_for_by_its_id(server, hear, say):
    ids = [say(f"Réponse {number}") for number in range(40)]
    server.widest = 5
    hearing = hear(ids)
    assert (len(hearing.replies), hearing.complete, server.calls["getPosts"]) == (40, True, 2)
    del server.records[place(ids[30])]
    hearing = hear([*ids, "no address"])
    assert ({one.id for one in hearing.replies}, hearing.complete) == ({*ids[:30], *ids[31:]}, True)


def test_what_is_asked_for_is_not_without_end(server, hear, say, monkeypatch):
    ids = [say(f"Réponse {number}") for number in range(20)]
    server.widest = 5
    monkeypatch.setattr(thread, "AT_ONCE", 5)
    monkeypatch.setattr(thread, "QUESTIONS", 2)
    assert not hear(ids).complete
    assert server.calls["getPosts"] == 2
    assert hear(ids[:15]).complete


def test_nobody_is_asked_for_what_is_listed(server, hear, say):
    hear([say()])
    assert server.calls["getPosts"] == 0


def test_a_conversation_deeper_than_is_asked_for(server, hear, say, monkeypatch):
    monkeypatch.setattr(thread, "DEPTH", 3)
    ids = [say()]
    for _ in range(5):
        ids.append(say(to=ids[-1]))
    assert [one.id for one in hear().replies] == ids[:3]
    assert [one.id for one in hear(ids).replies] == ids


def test_a_very_deep_conversation_breaks_nothing(hear, say):
    ids = [say()]
    for _ in range(120):
        ids.append(say(to=ids[-1]))
    assert [one.id for one in hear().replies] == ids[: thread.DEPTH]


@pytest.mark.parametrize("said", [{}, {"posts": None}, {"posts": 5}, []])
def test_posts_by_id_that_make_no_sense(server, hear, say, said):
    ids = [say(), say()]
    server.widest = 1
    server.instead["getPosts"] = Said(200, json.dumps(said).encode())
    assert caught(lambda: hear(ids), Transient).code == "not_json"


# Posts that the index does not know


def test_a_post_that_is_not_in_the_index_yet(server, out, hear):
    server.unindexed.add(out.id)
    hearing = hear()
    assert (hearing.replies, hearing.complete, hearing.gone) == ((), False, False)


def test_a_post_that_only_the_index_calls_gone(server, hear):
    server.instead["getPostThread"] = Said(200, b'{"thread": {"notFound": true}}')
    assert not hear().gone


def test_a_refusal_is_no_answer(server, hear):
    server.instead["getPostThread"] = Said(400, b'{"error": "InvalidRequest", "message": "No"}')
    assert caught(hear, Rejected).code == "rejected"


@pytest.mark.parametrize("status", [501, 502])
def test_a_server_that_asks_no_index(server, hear, status):
    server.instead["getPostThread"] = Said(status, b'{"error": "MethodNotImplemented"}')
    assert caught(hear, Transient).code == "server_error"


# Answers to what others said


def reply(http, credentials, to):
    return network.reply(http, credentials, to, Post("De rien", MORNING, answers=to), SECOND)


def test_root_and_parent_of_an_answer_to_what_others_said(server, http, credentials, out, say, monkeypatch):
    seen, carry_out = [], server.carry_out
    to = say("Et le soir ?")
    monkeypatch.setattr(server, "carry_out", lambda *call: seen.append(call) or carry_out(*call))
    made = reply(http, credentials, to)
    said = server.records[place(made.id)]["reply"]
    assert (said["root"]["uri"], said["parent"]["uri"]) == (out.id, to)
    read = next(call for call in seen if "getRecord" in call[1])
    assert not read[3].get("authorization")


@pytest.mark.parametrize("root", [None, 5, {}, {"uri": "at://x/y/z"}, {"uri": 5, "cid": {}}])
def test_a_root_that_makes_no_sense_is_not_said_again(server, http, credentials, say, root):
    to = say()
    server.records[place(to)]["reply"] = {"root": root, "parent": {}}
    said = server.records[place(reply(http, credentials, to).id)]["reply"]
    assert said["root"] == said["parent"]


def test_an_author_who_has_left(server, http, credentials, other, say):
    to = say()
    server.leave(other)
    assert caught(lambda: reply(http, credentials, to), Rejected).code == "post_gone"


@pytest.mark.parametrize("to", ["", "x", "at://", "at://elsewhere/app.bsky.feed.post/3k", "https://evil.example/a"])
def test_an_id_that_is_none(server, http, credentials, to):
    with pytest.raises(Rejected):
        reply(http, credentials, to)
    assert server.calls["putRecord"] == 0


def test_nobody_is_asked_where_the_connection_is_not_secure(server, http, credentials, other, say):
    to = say()
    document = {"id": other.did, "service": [{"id": "#atproto_pds", "serviceEndpoint": "http://evil.example"}]}
    server.instead[f"/{other.did}"] = Said(200, json.dumps(document).encode())
    assert caught(lambda: reply(http, credentials, to), Rejected).code == "pds_insecure"
