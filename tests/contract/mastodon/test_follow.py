"""Accounts and hashtags of servers of the Mastodon kind, followed by whoever asks."""

from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.networks.entries import Image
from collective.socialterritory.networks.mastodon import network
from contract.base import caught
from contract.following import FollowContract
from contract.following import MORNING
from datetime import timedelta
from faults import Said

import json
import pytest


STATUS = {"id": "1", "created_at": "2026-01-01T00:00:00Z", "content": "<p>x</p>", "url": "https://m.example/@a/1"}


@pytest.fixture
def subject(server, account):
    return network.subject(f"{server.url}/@{account.name}")


@pytest.fixture
def follow(http, subject):
    return lambda limit=10: network.follow(http, subject, limit)


class TestMastodonFollows(FollowContract):
    network = network
    steps = ("lookup", "statuses")
    author = "@mairie@{host}"
    page = 40
    senseless = [
        *({}, None, {"error": "x"}, [1], [None], ["x"], [{}], [[]]),
        *([{name: value for name, value in STATUS.items() if name != left_out}] for left_out in STATUS),
        *([{**STATUS, "created_at": at}] for at in ("yesterday", 5, None)),
        *([{**STATUS, "content": content}] for content in (None, 5)),
        *([{**STATUS, "url": url, "uri": url}] for url in ("javascript:alert(1)", "tag:a", None)),
    ]
    subjects = {
        "https://mastodon.social/@Ville": "https://mastodon.social/@ville",
        "http://Mastodon.Social/@ville/?x=1#y": "https://mastodon.social/@ville",
        "https://m.example/@ville/with_replies": "https://m.example/@ville",
        "https://m.example/web/@ville": "https://m.example/@ville",
        "https://m.example/users/ville": "https://m.example/@ville",
        "https://m.example/@ville@other.example": "https://m.example/@ville@other.example",
        "https://m.example/%40saint-jean.v_2": "https://m.example/@saint-jean.v_2",
        "http://127.0.0.1:3000/@ville": "http://127.0.0.1:3000/@ville",
        "https://m.example/tags/F%C3%AAte2026/": "https://m.example/tags/F%C3%AAte2026",
        "https://m.example/tags/fête": "https://m.example/tags/f%C3%AAte",
    }
    others = (
        *("", "https://m.example/", "https://m.example/@ville/11500", "https://m.example/@", "https://m.example/tags/"),
        *("https://m.example/tags/2026", "https://m.example/tags/a/b", "https://m.example/@a@b@c", "@ville@m.example"),
        *("ftp://m.example/@ville", "https://me:pw@m.example/@ville", "https://[m/@ville", "https://m:x/@ville"),
        *("https:///@ville", "https://m.example/@ville/../admin", "javascript:/@ville", "http://m.example:99999/@v"),
    )


class TestKinFollows(TestMastodonFollows):
    """It writes links in another way."""

    @pytest.fixture
    def dialect(self):
        return "gotosocial"


def test_an_account_of_another_server(server, http, account):
    account.about["acct"] = "mairie@autre.example"
    server.say(account, "Menu")
    feed = network.follow(http, network.subject(f"{server.url}/@mairie@autre.example"), 10)
    assert [entry.author for entry in feed.entries] == ["@mairie@autre.example"]


def test_who_speaks(server, account, follow):
    account.about |= {"display_name": " Ville\nde  X 👨‍👩‍👧 ", "url": "https://m.example/@mairie"}
    server.say(account, "Menu")
    feed = follow()
    assert (feed.title, feed.url) == ("Ville de X 👨‍👩‍👧", "https://m.example/@mairie")
    assert feed.avatar == feed.entries[0].avatar == f"{server.url}/@mairie.png"


def test_nothing_is_told_of_who_speaks(server, account, subject, follow):
    account.about |= {"display_name": None, "url": "javascript:alert(1)", "avatar_static": None, "avatar": 5}
    feed = follow()
    assert (feed.title, feed.url, feed.avatar) == (f"@mairie@{server.host}", subject, "")


def test_a_repost_names_who_said_it(server, account, follow):
    other = server.account("asso")
    said = server.say(other, "Concert #jazz", MORNING - timedelta(days=3), language="fr")
    repost = server.say(account, "", MORNING, reblog=said)
    (entry,) = follow().entries
    assert (entry.id, entry.published, entry.is_repost) == (repost["id"], MORNING, True)
    assert (entry.text, entry.url, entry.author) == ("Concert #jazz", said["url"], f"@asso@{server.host}")
    assert (entry.language, entry.tags, entry.avatar) == ("fr", ("jazz",), f"{server.url}/@asso.png")


def test_a_reply_is_marked(server, account, follow):
    server.say(account, "Oui", in_reply_to_id="5")
    assert [entry.is_reply for entry in follow().entries] == [True]


def test_what_is_behind_a_warning_has_it_as_its_title_and_no_pictures(server, account, follow):
    picture = {"type": "image", "preview_url": "https://m.example/p.jpg", "description": "x"}
    server.say(account, "Texte", MORNING, spoiler_text="Accident", sensitive=True, media_attachments=[picture])
    server.say(account, "Photo", sensitive=True, media_attachments=[picture])
    photo, accident = follow().entries
    assert (accident.title, accident.text, accident.images) == ("Accident", "Texte", ())
    assert (photo.title, photo.text, photo.images) == ("", "Photo", ())


def test_pictures_films_and_sounds(server, account, follow):
    media = [
        {
            "type": "video",
            "preview_url": "https://m.example/p.jpg",
            "description": None,
            "meta": {"small": {"width": 9}},
        },
        {"type": "audio", "preview_url": None, "description": "x"},
        {"type": "unknown", "preview_url": "javascript:alert(1)"},
    ]
    server.say(account, "Film", media_attachments=media)
    assert follow().entries[0].images == (Image("https://m.example/p.jpg", "", 9, 0),)


@pytest.mark.parametrize("visibility", ["private", "direct", "mutuals_only", ""])
def test_what_is_not_for_everybody_is_not_read(server, account, follow, visibility):
    server.say(account, "Public", MORNING)
    server.say(account, "Discret", MORNING + timedelta(minutes=1), visibility="unlisted")
    hidden = server.say(server.account("asso"), "Caché", visibility=visibility)
    server.say(account, "Pas pour tous", visibility=visibility)
    server.say(account, "", reblog=hidden)
    assert [entry.text for entry in follow().entries] == ["Discret", "Public"]


def test_the_link_of_the_card_comes_first(server, account, follow):
    card = {"url": "https://ville.example/une", "title": "Une"}
    server.say(account, "Voir https://ville.example/deux et https://ville.example/trois", MORNING)
    server.say(account, "Voir https://ville.example/deux", card=card)
    server.say(account, "Voir", card={"url": "javascript:alert(1)"})
    assert [entry.link for entry in follow().entries] == ["", card["url"], "https://ville.example/deux"]


def test_a_link_is_one_that_can_be_followed(server, account, follow):
    content = '<p><a href="javascript:alert(1)">ici</a> <a href="https://a.example/%s">x</a></p>' % ("x" * 3000)
    server.say(account, "x", content=content)
    assert follow().entries[0].link == ""


# Hashtags


def test_a_hashtag_is_followed(server, http, account):
    other = server.account("asso")
    server.say(account, "Menu", MORNING)
    server.say(account, "Ce soir #Fête", MORNING)
    server.say(other, "Demain #fête", MORNING + timedelta(minutes=1))
    subject = network.subject(f"{server.url}/tags/Fête")
    feed = network.follow(http, subject, 10)
    assert (feed.title, feed.url, feed.avatar) == ("#Fête", subject, "")
    told = [(entry.text, entry.author) for entry in feed.entries]
    assert told == [("Demain #fête", f"@asso@{server.host}"), ("Ce soir #Fête", f"@mairie@{server.host}")]
    assert len(network.follow(http, subject, 1).entries) == 1


def test_a_hashtag_that_nobody_used(server, http):
    assert network.follow(http, f"{server.url}/tags/rien", 10).entries == ()


# Refusals


@pytest.mark.parametrize("dialect", ["closed"], indirect=True)
@pytest.mark.parametrize("path", ["/@mairie", "/tags/x"])
def test_a_server_that_shows_nothing_to_strangers(server, http, account, path):
    raised = caught(lambda: network.follow(http, f"{server.url}{path}", 10), Rejected)
    assert raised.code == "anonymous_refused"


def test_older_servers_say_422(server, follow):
    server.instead["statuses"] = Said(422, b'{"error": "This method requires an authenticated user"}')
    assert caught(follow, Rejected).code == "anonymous_refused"


@pytest.mark.parametrize("status", [404, 410])
def test_an_account_that_is_gone(server, follow, status):
    server.instead["lookup"] = Said(status, b'{"error": "Record not found"}')
    raised = caught(follow, Rejected)
    assert (raised.code, raised.params) == ("profile_gone", {"host": "127.0.0.1", "name": "@mairie"})


def test_an_account_that_is_suspended(account, follow):
    account.about["suspended"] = True
    assert caught(follow, Rejected).code == "profile_gone"


def test_a_page_in_place_of_the_account_is_none_that_is_gone(server, follow):
    server.instead["lookup"] = Said(404, b"<h1>Not found</h1>", "text/html")
    assert caught(follow, Transient).code == "not_json"


def test_another_refusal_stays_what_it_is(server, follow):
    server.instead["lookup"] = Said(400, b'{"error": "acct is odd"}')
    assert caught(follow, Rejected).code == "rejected"


@pytest.mark.parametrize("said", [{}, {"id": None}, {"id": {}}])
def test_an_account_without_an_id(server, follow, said):
    server.instead["lookup"] = Said(200, json.dumps(said).encode())
    assert caught(follow, Transient).code == "not_json"


def test_all_questions_together_have_the_time_of_one(server, http, account, subject):
    server.delay, http.deadline = 0.5, 0.8
    assert caught(lambda: network.follow(http, subject, 10), Transient).code == "read_timeout"
