"""What others answer at servers of the Mastodon kind."""

from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.networks import context
from collective.socialterritory.networks.mastodon import network
from contract.base import caught
from contract.hearing import HearContract
from contract.hearing import MORNING

import pytest


WHO = {"id": "7", "acct": "asso"}
STATUS = {"id": "1", "created_at": "2026-01-01T00:00:00Z", "content": "<p>x</p>", "in_reply_to_id": "2", "account": WHO}


def find(server, id):
    return next(one for account in server.accounts for one in account.statuses if one["id"] == id)


class Answers:
    def answer(self, server, account, to, text, at):
        return server.say(account, text, at, in_reply_to_id=to)["id"]

    def change(self, server, id, text):
        status = find(server, id)
        status |= {"content": f"<p>{text}</p>", "edited_at": "2026-11-23T08:00:00.000Z"}

    def remove(self, server, id):
        for account in server.accounts:
            account.statuses[:] = [one for one in account.statuses if one["id"] != id]

    def among(self, said, row):
        return {**said, "descendants": [row, *said["descendants"]]}

    def facts(self, server, other):
        handle = f"@asso.example@{server.host}"
        return handle, "", handle, f"{server.url}/@asso.example"


class TestMastodonHears(Answers, HearContract):
    network = network
    hear_step = "context"
    senseless = [{}, {"ancestors": []}, {"descendants": None}, {"descendants": {}}, [], 5]
    odd = [
        *({**STATUS, name: None, "visibility": "public"} for name in STATUS),
        *({**STATUS, "created_at": at} for at in ("yesterday", 5)),
        *({**STATUS, "account": who} for who in ({}, 5, {"id": {}})),
        {**STATUS, "content": 5},
        *(None, 5, "x", [], {}),
    ]

    @pytest.fixture(params=["mastodon", "gotosocial"])
    def dialect(self, request):
        return request.param


@pytest.fixture
def out(publish):
    return publish()


@pytest.fixture
def hear(http, credentials, out):
    return lambda: network.hear(http, credentials, out.id)


@pytest.fixture
def say(server, out):
    other = server.account("asso")
    return lambda text="Merci", by=other, **more: server.say(by, text, MORNING, **{"in_reply_to_id": out.id, **more})


@pytest.mark.parametrize("dialect", ["closed"], indirect=True)
def test_a_server_that_shows_nothing_to_strangers(hear, say):
    say()
    assert [one.text for one in hear().replies] == ["Merci"]


@pytest.mark.parametrize("visibility", ["private", "direct", "mutuals_only", ""])
def test_what_is_not_for_everybody_is_not_heard(hear, say, visibility):
    """Also when its author hides it later on: it is gone for readers."""
    say("Discret", visibility="unlisted")
    say("Entre nous", visibility=visibility)
    assert ([one.text for one in hear().replies], hear().complete) == (["Discret"], True)


def test_whom_our_account_has_blocked_the_server_leaves_out(server, hear, say):
    troll = server.account("troll")
    say("Nul", by=troll)
    say()
    server.blocked.add(troll.id)
    assert ([one.text for one in hear().replies], hear().complete) == (["Merci"], True)


def test_who_answers(server, hear, say):
    other = server.account("asso")
    other.about |= {"display_name": " Asso\nde  X ", "acct": "asso@autre.example", "url": "https://autre.example/@asso"}
    say(by=other)
    author = hear().replies[0].author
    assert author.mention == "@asso@autre.example"
    assert (author.name, author.handle, author.url) == (
        "Asso de X",
        "@asso@autre.example",
        "https://autre.example/@asso",
    )


def test_little_is_told_of_who_answers(server, hear, say):
    other = server.account("asso")
    other.about |= {"display_name": None, "acct": None, "url": "javascript:alert(1)", "avatar_static": 5, "avatar": ""}
    say(by=other, url="javascript:alert(1)", uri="tag:a")
    (reply,) = hear().replies
    assert (reply.author.name, reply.author.handle, reply.author.avatar) == ("", "", "")
    assert reply.author.url.startswith(server.url) and reply.url.startswith(server.url)


def test_a_warning_and_what_goes_along(hear, say):
    say("Texte", spoiler_text="Accident", media_attachments=[{"type": "image", "preview_url": "https://m.example/p"}])
    say("Vote", poll={"id": "1"})
    first, second = hear().replies
    assert (first.text, first.attached) == ("Accident\n\nTexte", True)
    assert (second.text, second.attached) == ("Vote", True)


def test_when_it_was_edited(server, hear, say):
    Answers().change(server, say()["id"], "Non merci")
    assert f"{hear().replies[0].edited:%Y-%m-%d %H}" == "2026-11-23 08"


def test_a_list_that_the_server_has_cut_is_not_all(hear, say, monkeypatch):
    say()
    say()
    monkeypatch.setattr(context, "MOST", 2)
    assert not hear().complete
    monkeypatch.setattr(context, "MOST", 3)
    assert hear().complete


def test_one_that_is_listed_twice_is_heard_once(server, hear, say, monkeypatch):
    first = say()
    for account in server.accounts:
        if first in account.statuses:
            account.statuses.append(dict(first))
    assert len(hear().replies) == 1


def test_a_right_that_is_missing(server, http, account, out):
    few = server.credentials(account, ("read:accounts", "write:statuses"))
    assert caught(lambda: network.hear(http, few, out.id), Unauthorized).code == "scopes"


def test_all_questions_together_have_the_time_of_one(server, http, hear, out):
    server.accounts[0].statuses.clear()
    server.delay, http.deadline = 0.5, 0.9
    with pytest.raises(Exception) as info:
        hear()
    assert info.value.code in ("read_timeout", "connect_timeout")


def test_a_post_is_no_path(server, http, credentials):
    network.hear(http, credentials, "../accounts/verify_credentials?x=")
    assert server.calls["context"] == 1
