"""When posts are asked about, and what of what others say there comes in."""

from collective.socialterritory.comments.hearing import rules
from collective.socialterritory.comments.hearing.fetching import listen
from collective.socialterritory.comments.hearing.model import Kept
from collective.socialterritory.comments.hearing.model import Task
from collective.socialterritory.errors import ContentError
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.http import Http
from collective.socialterritory.networks.entries import Author
from collective.socialterritory.networks.entries import Hearing
from collective.socialterritory.networks.entries import Reply
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from datetime import UTC

import pytest


NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
WHO = Author("7", "Jeanne", "@jeanne@m.example", "https://m.example/@jeanne", "https://m.example/a.png")
REPLY = Reply("1", "https://m.example/1", NOW, "Merci", WHO, "0")


def ago(**parts):
    return timedelta(**parts)


@pytest.mark.parametrize(
    "age, every",
    [
        (ago(minutes=-5), ago(minutes=2)),
        (ago(minutes=0), ago(minutes=2)),
        (ago(minutes=59), ago(minutes=2)),
        (ago(minutes=60), ago(minutes=10)),
        (ago(hours=7), ago(minutes=30)),
        (ago(days=2), ago(hours=2)),
        (ago(days=3), ago(hours=6)),
        (ago(days=29), ago(hours=6)),
    ],
)
def test_an_older_post_is_asked_about_less_often(age, every):
    assert rules.pace(age) == every
    assert rules.following(NOW - age, NOW) == NOW + every


def test_after_a_start_posts_are_spread_out():
    times = [rules.first(f"post {number}", NOW - ago(days=10), NOW) for number in range(50)]
    assert len(set(times)) > 20
    assert all(NOW <= when < NOW + ago(hours=6) for when in times)
    assert times == [rules.first(f"post {number}", NOW - ago(days=10), NOW) for number in range(50)]


def test_failures_make_it_slower_and_what_the_network_asks_for_wins():
    waits = [rules.following(NOW, NOW, failures) - NOW for failures in (1, 2, 3, 20, 10**6)]
    assert waits == [ago(minutes=4), ago(minutes=8), ago(minutes=16), ago(hours=6), ago(hours=6)]
    assert rules.following(NOW, NOW, 1, 3600.0) == NOW + ago(hours=1)
    assert rules.following(NOW, NOW, 1, 1.0) == NOW + ago(minutes=4)


@pytest.mark.parametrize(
    "text, said",
    [
        ("Merci", "Merci"),
        ("  a\u202eb\u0007\u200f\r\nc\n\n\n\nd ", "ab\nc\n\nd"),
        ("\ud83d", "?"),
        ("a" + "\u0301" * 50, "á\u0301\u0301\u0301"),
        ("x" * 100, "x" * 100),
        ("x" * 101, "x" * 99 + "…"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("\u202e\u200f", ""),
    ],
)
def test_what_it_says_here(text, said):
    assert rules.text(replace(REPLY, text=text), 100) == said


def test_pictures_without_words():
    assert rules.text(replace(REPLY, text=" ", attached=True), 100) == "🖼"
    assert rules.text(replace(REPLY, text="Voir", attached=True), 100) == "Voir"


@pytest.mark.parametrize(
    "name, handle, called",
    [
        ("Jeanne", "@jeanne@m.example", "Jeanne"),
        (" \u202eJ\nB ", "", "J B"),
        ("", "@jeanne@m.example", "@jeanne@m.example"),
        ("\u202e", "", "…"),
        ("x" * 500, "", "x" * 100),
        ("", "@" + "x" * 500, "@" + "x" * 99),
    ],
)
def test_how_its_author_is_called(name, handle, called):
    assert rules.name(replace(REPLY, author=replace(WHO, name=name, handle=handle))) == called


def test_who_comes_in():
    assert rules.comes_in(REPLY)
    assert not rules.comes_in(replace(REPLY, ours=True))
    assert not rules.comes_in(replace(REPLY, barred=True))
    assert not rules.comes_in(REPLY, {"7"})
    assert rules.comes_in(REPLY, {"8"})
    assert not rules.comes_in(replace(REPLY, text=" \u202e"))


def test_what_it_stands_below():
    ours = replace(REPLY, id="2", parent="1", ours=True)
    later = replace(REPLY, id="3", parent="2")
    listed = {one.id: one for one in (REPLY, ours, later)}
    assert rules.above(REPLY, listed, {"1"}) == ""
    assert rules.above(later, listed, {"1"}) == "1"
    assert rules.above(later, listed, {"1", "2"}) == "2"
    assert rules.above(later, listed, ()) == ""
    assert rules.above(replace(REPLY, parent="nobody"), listed, {"1"}) == ""


def test_answers_that_go_round_in_circles():
    first, second = replace(REPLY, id="1", parent="2"), replace(REPLY, id="2", parent="1")
    assert rules.above(first, {"1": first, "2": second}, ()) == ""
    assert rules.above(first, {"1": replace(first, parent="1")}, ()) == ""


@pytest.mark.parametrize(
    "published, at",
    [
        (NOW, NOW),
        (NOW + ago(days=9), NOW),
        (NOW - ago(days=9), NOW - ago(hours=3)),
        (datetime.min.replace(tzinfo=UTC), NOW - ago(hours=3)),
    ],
)
def test_when_it_was_said(published, at):
    assert rules.said_at(replace(REPLY, published=published), NOW - ago(hours=3), NOW) == at


def test_keys_tell_nobody():
    assert rules.key("mastodon", "1") != rules.key("bluesky", "1")
    assert len(rules.key("mastodon", "\ud83d")) == 32
    assert rules.digest("a") == rules.digest("a") != rules.digest("b")


# What becomes of those that are here


KEPT = Kept("post", "1", "12", "digest")
LONG_AGO = (NOW - ago(minutes=5)).isoformat()


@pytest.mark.parametrize(
    "listed, hearing, missed, fate",
    [
        ([REPLY], Hearing(), "", "keep"),
        ([REPLY], Hearing(complete=False), LONG_AGO, "keep"),
        ([replace(REPLY, barred=True)], Hearing(complete=False), "", "go"),
        ([], Hearing(), "", "miss"),
        ([], Hearing(), LONG_AGO, "go"),
        ([], Hearing(), NOW.isoformat(), ""),
        ([], Hearing(complete=False), LONG_AGO, ""),
        ([], Hearing(complete=False), "", ""),
        ([], Hearing(gone=True), LONG_AGO, ""),
    ],
)
def test_only_what_is_missing_twice_in_a_whole_list_goes(listed, hearing, missed, fate):
    reply = next(iter(listed), None)
    assert rules.fate(replace(KEPT, missed=missed), hearing, reply, NOW) == fate


# Avatars


def test_which_avatars_are_fetched():
    others = [replace(REPLY, author=replace(WHO, avatar=f"https://m.example/{n}.png")) for n in range(30)]
    assert rules.faces([REPLY, REPLY], ()) == [WHO.avatar]
    assert rules.faces([REPLY], {rules.mark(WHO.avatar)}) == []
    assert rules.faces([replace(REPLY, barred=True), replace(REPLY, author=replace(WHO, avatar=""))], ()) == []
    assert len(rules.faces(others, ())) == rules.FACES


class Told:
    """A network that hears this, and remembers through which door."""

    def __init__(self, *replies):
        self.replies = replies

    def hear(self, http, credentials, id, known):
        self.asked = (http.max_bytes, id, known)
        return Hearing(self.replies)


class Pictures:
    def __init__(self, **outcomes):
        self.outcomes, self.asked = outcomes, []

    def fetch(self, http, url, side):
        self.asked.append((url, http.allow))
        found = self.outcomes.get(url.rpartition("/")[2], (b"x", "image/jpeg", side, side))
        if isinstance(found, Exception):
            raise found
        return found


def face(name, host="m.example"):
    return replace(REPLY, author=replace(WHO, avatar=f"https://{host}/{name}"))


def test_a_look_brings_replies_and_new_avatars():
    network, pictures, http = Told(face("a")), Pictures(), Http(frozenset({"m.example"}))
    heard = listen(http, Task(network, {}, "0", ("1",), ours=frozenset({"m.example"})), pictures)
    assert network.asked == (16_000_000, "0", ("1",)) and http.max_bytes == 2_000_000
    assert heard.hearing.replies == network.replies
    assert heard.faces == {rules.mark("https://m.example/a"): (b"x", "image/jpeg", 96, 96)}


def test_what_may_be_reached_is_so_for_our_own_server_alone():
    pictures, http = Pictures(), Http(frozenset({"m.example", "10.0.0.1"}))
    task = Task(Told(face("a"), face("b", "10.0.0.1")), {}, "0", ours=frozenset({"m.example"}))
    listen(http, task, pictures)
    assert pictures.asked == [("https://m.example/a", http.allow), ("https://10.0.0.1/b", frozenset())]


def test_avatars_that_cannot_be_had():
    broken, refused, slow = ContentError("image_broken"), Rejected("feed_gone"), Transient("dns")
    pictures = Pictures(a=broken, b=refused, c=slow)
    heard = listen(Http(), Task(Told(face("a"), face("b"), face("c"), face("d")), {}, "0"), pictures)
    told = {url: heard.faces.get(rules.mark(f"https://m.example/{url}"), "later") for url in "abcd"}
    assert told == {"a": None, "b": None, "c": "later", "d": (b"x", "image/jpeg", 96, 96)}


def test_dead_servers_of_pictures_hold_nothing_up():
    pictures = Pictures(**{name: Transient("connect_timeout") for name in "abcdef"})
    heard = listen(Http(), Task(Told(*map(face, "abcdef")), {}, "0"), pictures)
    assert (heard.faces, len(pictures.asked)) == ({}, 3)


def test_nobody_lends_pictures():
    assert listen(Http(), Task(Told(face("a")), {}, "0"), None).faces == {}
