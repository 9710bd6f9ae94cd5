"""Replies at networks, from the moment somebody writes them there to the comment that visitors see, and back."""

from collective.socialterritory import clock
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.accounts.vault import Vault
from collective.socialterritory.accounts.worker import link
from collective.socialterritory.accounts.worker import network_of
from collective.socialterritory.comments import acting
from collective.socialterritory.comments import facts
from collective.socialterritory.comments import visible
from collective.socialterritory.comments.hearing import rules
from collective.socialterritory.comments.hearing import speaking
from collective.socialterritory.comments.hearing.store import Hearsay
from collective.socialterritory.comments.hearing.worker import Hear
from collective.socialterritory.comments.hearing.worker import listen_at_once
from collective.socialterritory.comments.hearing.worker import SHARE
from collective.socialterritory.comments.model import Action
from collective.socialterritory.comments.model import State
from collective.socialterritory.comments.settings import settings as comment_settings
from collective.socialterritory.crosspost import correcting
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.http import Http
from collective.socialterritory.interfaces import IJob
from collective.socialterritory.interfaces import settings
from collective.socialterritory.networks.model import Connection
from collective.socialterritory.networks.model import Identity
from collective.socialterritory.pause import Pause
from collective.socialterritory.senders import commit
from collective.socialterritory.worker import Worker
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from faults import Said
from follow import by_operation
from hostile import hostile
from hostile import reply as raw
from io import BytesIO
from PIL import Image
from plone import api
from plone.app.discussion.interfaces import IConversation
from plone.app.testing import applyProfile
from plone.cachepurging.interfaces import IPurger
from scripted import Scripted
from scripted_facebook import ScriptedFacebook
from scripted_facebook_oauth import SCOPES
from scripted_mastodon import ScriptedMastodon
from scripted_threads import ScriptedThreads
from working import work
from ZODB.POSException import ConflictError
from zope.component import getUtility
from zope.component.hooks import setSite
from zope.globalrequest import setRequest

import os
import pytest
import time
import transaction


MANY = 1000 if os.environ.get("CHAOS") == "full" else 120


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    """Whoever starts a worker need not wait for its first look, nor for the second one."""
    monkeypatch.setattr(getUtility(IJob, "replies"), "hurry", False)
    listen_at_once()
    monkeypatch.setattr(rules, "SECOND", timedelta(0))


@pytest.fixture
def account(town, server):
    """The body's account there, linked; what people answer to it is shown here."""
    setRequest(town.functional["request"])
    fields = {"id": "mairie", "title": "Mairie", "network": "mastodon", "validation": "none", "replies": True}
    with api.env.adopt_roles(["Manager"]):
        api.content.delete(town.account)
        made = api.content.create(town.site["social-accounts"], "SocialAccount", **fields)
    who = server.accounts[0]
    identity = Identity(who.id, "@mairie", f"{server.url}/@mairie")
    link(town.site, made.UID(), network_of("mastodon"), {}, Connection(identity, server.credentials(who)), clock.now())
    transaction.commit()
    return made


@pytest.fixture
def item(town, account):
    """News that was posted there."""
    item = town.news("Marché samedi à 8 h")
    work(town.functional)
    setRequest(town.functional["request"])
    return item


@pytest.fixture
def post(town, item):
    (post,) = by_operation(town, item, "post")
    assert post.receipt_id, post
    return post


@pytest.fixture
def reply(server, post):
    """Somebody else answers there; the status."""
    who = server.account("habitante")

    def reply(text="Et le soir ?", to="", **more):
        return server.say(who, text, in_reply_to_id=to or post.receipt_id, **more)

    return reply


@pytest.fixture
def hear(town):
    def hear():
        work(town.functional)
        setRequest(town.functional["request"])

    return hear


@pytest.fixture
def here(item):
    def here():
        transaction.begin()
        return list(IConversation(item).getComments())

    return here


def gone(server, id):
    """Who said it deletes it there."""
    for account in server.accounts:
        account.statuses[:] = [one for one in account.statuses if one["id"] != id]


def decide(town, comment, action, **more):
    with api.env.adopt_roles(["Manager"]):
        (outcome,) = acting.act(town.site, [facts.key(comment)], action, datetime.now(UTC), **more)
    transaction.commit()
    assert outcome.result is acting.Result.DONE, outcome
    return outcome


def test_from_the_network_to_the_page_and_away_again(town, server, item, reply, hear, here):
    said = reply()
    hear()
    (comment,) = here()
    assert (comment.text, facts.state(comment)) == ("Et le soir ?", State.WAITING)
    decide(town, comment, Action.APPROVE)
    page = town.anonymous.session.get(f"{town.url}/{item.getId()}", headers={"Accept": "text/html"}).text
    assert "Et le soir ?" in page and said["url"] in page
    said["content"] = "<p>Et le <b>goûter</b> ?</p>"
    hear()
    (comment,) = here()
    assert (comment.text, facts.state(comment)) == ("Et le goûter ?", State.WAITING)
    gone(server, said["id"])
    hear()
    hear()
    assert here() == [] or facts.facts(here()[0]).gone == "source"
    assert list(visible.ids(item)) == []


def test_nothing_is_asked_where_replies_are_not_wanted(town, server, account, post, reply, hear, here):
    account.replies = False
    transaction.commit()
    reply()
    hear()
    assert here() == [] and server.calls["context"] == 0


def test_a_second_look_finds_nothing_new(server, reply, hear, here):
    reply()
    for _ in range(3):
        hear()
    assert len(here()) == 1 and server.calls["context"] == 3


def test_avatars_come_from_here(town, server, item, reply, hear, here):
    data = BytesIO()
    Image.new("RGB", (400, 400), "red").save(data, "PNG")
    server.instead["/@habitante.png"] = Said(200, data.getvalue(), "image/png")
    reply()
    hear()
    (comment,) = here()
    name = facts.facts(comment).remote["avatar"]
    answer = town.anonymous.session.get(f"{town.url}/@@social-avatar/{name}", timeout=20)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg")
    with Image.open(BytesIO(answer.content)) as image:
        assert image.size == (96, 96)
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    for wrong in ("", "x", f"{name}/x", "../x"):
        assert town.anonymous.session.get(f"{town.url}/@@social-avatar/{wrong}", timeout=20).status_code == 404
    decide(town, comment, Action.APPROVE)
    page = town.anonymous.session.get(f"{town.url}/{item.getId()}", headers={"Accept": "text/html"}).text
    assert f"@@social-avatar/{name}" in page and f"{server.url}/@habitante.png" not in page


def test_proxies_forget_the_page_when_a_visible_one_is_gone_there(town, server, item, reply, hear, here):
    said = reply()
    hear()
    decide(town, here()[0], Action.APPROVE)
    with hostile() as proxy:
        applyProfile(town.site, "plone.app.caching:default")
        prefix = "plone.cachepurging.interfaces.ICachePurgingSettings."
        api.portal.set_registry_record(f"{prefix}enabled", True)
        api.portal.set_registry_record(f"{prefix}cachingProxies", (proxy.url,))
        transaction.commit()
        for path in (f"/{item.getId()}", f"/{item.getId()}/@comments"):
            proxy.answers[path] = raw(b"purged", 200, "Connection: close")
        hear()
        gone(server, said["id"])
        hear()
        hear()
        until = time.monotonic() + 20
        while len(proxy.asked) < 2 and time.monotonic() < until:
            time.sleep(0.02)
        assert {request.split(b" ")[0] for request in proxy.asked} == {b"PURGE"}
        assert {request.split(b" ")[1].decode() for request in proxy.asked} == set(proxy.answers)
        getUtility(IPurger).stopThreads(wait=True)


# When nothing is asked


@pytest.mark.parametrize(
    "how", ["site", "account", "elsewhere", "inactive", "reconnect", "somebody else", "rests", "over"]
)
def test_who_may_not_ask_does_not(town, server, account, post, reply, hear, here, how, monkeypatch):
    reply()
    now = datetime.now(UTC)
    accounts = Accounts(town.site)
    if how == "site":
        settings().pause_reason, settings().pause_start = "Crise", datetime.now()
    elif how == "account":
        accounts.pause(account.UID(), Pause("Élections", "webmaster", now))
    elif how == "elsewhere":
        monkeypatch.setenv("SOCIALTERRITORY_DEPLOYMENT", "staging")
    elif how == "inactive":
        comment_settings().active = False
    elif how == "reconnect":
        accounts.mark(account.UID(), link="reconnect")
    elif how == "somebody else":
        accounts.mark(account.UID(), identity_id="another")
    elif how == "rests":
        accounts.mark(account.UID(), rests=(now + timedelta(hours=1)).isoformat())
    else:
        comment_settings().replies_days = 1
        outbox = Outbox(town.site)
        outbox.save(replace(outbox.get(post.id), finished=now - timedelta(days=2)))
    transaction.commit()
    hear()
    assert here() == [] and server.calls["context"] == 0


@pytest.mark.parametrize("how", ["withdrawn", "not public", "deleted", "closed"])
def test_what_is_not_to_be_seen_is_not_asked_about(town, server, item, post, reply, hear, how):
    reply()
    calls = 0
    if how == "withdrawn":
        with api.env.adopt_user("editor"):
            correcting.withdraw(town.site, post.id)
        transaction.commit()
        hear()
        calls = server.calls["context"]
        assert Outbox(town.site).post(item.UID(), post.id) is None
    elif how == "not public":
        with api.env.adopt_user("editor"):
            api.content.transition(item, to_state="private")
    elif how == "deleted":
        with api.env.adopt_user("editor"):
            api.content.delete(item)
    else:
        item.allow_discussion = False
    transaction.commit()
    hear()
    assert server.calls["context"] == calls


# What goes wrong


def test_a_network_that_asks_to_wait_is_left_alone_after_a_restart_too(town, server, account, reply, hear, here):
    reply()
    server.retry_after = 3600
    server.script("context", "429")
    hear()
    hear()
    assert server.calls["context"] == 1 and here() == []
    store = Hearsay(town.site)
    assert store.trouble(account.UID()).code == "rate_limited"
    assert store.rests(account.UID()) > datetime.now(UTC) + timedelta(minutes=55)


@pytest.mark.parametrize("status, body, code", [(403, b'{"error": "outside the authorized scopes"}', "scopes")])
def test_people_can_be_told_why_replies_are_not_read(town, server, account, reply, hear, here, status, body, code):
    reply()
    server.instead["context"] = Said(status, body)
    hear()
    assert Hearsay(town.site).trouble(account.UID()).code == code
    assert Accounts(town.site).runtime(account.UID())["link"] == "connected"  # posts leave all the same
    (told,) = town.webmaster.get("@social-status").json()["replies"]
    assert told["account"]["title"] == "Mairie" and told["error"]["code"] == code
    assert "A right to read replies is missing" in told["error"]["message"]
    page = town.webmaster.session.get(f"{town.url}/@@social-comments-controlpanel", headers={"Accept": "text/html"})
    assert "Replies to the posts of Mairie are not read." in page.text
    assert f"{town.url}/social-accounts/mairie/@@connect" in page.text
    del server.instead["context"]
    hear()
    assert len(here()) == 1 and Hearsay(town.site).trouble(account.UID()) is None


def test_people_are_told_of_networks_that_give_no_replies(town, account):
    account.network = "x"
    transaction.commit()
    (told,) = town.webmaster.get("@social-status").json()["replies"]
    assert told["error"]["code"] == "cannot_hear"


def test_replies_that_are_not_wanted_any_more_from_one_moment_to_the_next(town, account, post, reply):
    """Nor, once they are wanted again, is what was said meanwhile lost."""
    job, pool, now = Hear(), Later(), datetime.now(UTC)
    job.hurry = True
    reply()
    turn(town, pool, job, now)
    account.replies = False
    other = linked(town, "mastodon", {}, "1", "Autre")
    transaction.commit()
    pool.calls.clear()
    (looks,) = job._looks.values()
    looks.due[post.id] = now
    turn(town, pool, job, now + timedelta(seconds=30))
    assert pool.calls == [] and other
    account.replies = True
    transaction.commit()
    turn(town, pool, job, now + timedelta(seconds=95))
    assert len(pool.calls) == 1


def test_one_failure_is_nothing_to_tell(town, server, account, reply, hear, here):
    reply()
    server.script("context", "500_before")
    hear()
    assert Hearsay(town.site).trouble(account.UID()) is None
    hear()
    assert len(here()) == 1


def test_a_post_that_is_gone_there_is_asked_about_no_more_and_its_replies_stay(town, server, post, reply, hear, here):
    reply()
    hear()
    gone(server, post.receipt_id)
    hear()
    assert len(here()) == 1


# Crashes and races


def turn(town, pool, job, now=None):
    """One step of the job and what came of it, as the worker's thread does it."""
    transaction.begin()
    job.step(town.site, pool, now or datetime.now(UTC))


class Later:
    """A pool whose calls end when somebody says so."""

    def __init__(self):
        self.calls = []

    def room(self, lane, server):
        return True

    def busy(self, lane):
        return any(one[0] == lane for one in self.calls)

    def submit(self, lane, done, function, *args):
        self.calls.append((lane, done, function, args))

    def results(self):
        return [(done, function(*args)) for _lane, done, function, args in self.calls]


def test_a_crash_between_asking_and_writing_loses_and_doubles_nothing(town, post, reply, hear, here):
    reply()
    job, pool = Hear(), Later()
    job.hurry = True
    turn(town, pool, job)
    ((_done, heard),) = pool.results()  # and here the process ends
    assert len(heard.hearing.replies) == 1
    transaction.abort()
    hear()
    assert len(here()) == 1
    hear()
    assert len(here()) == 1


def test_what_is_written_twice_is_there_once(town, post, reply, here):
    """As when a commit failed after it was stored."""
    reply()
    job, pool = Hear(), Later()
    job.hurry = True
    turn(town, pool, job)
    ((done, heard),) = pool.results()
    for _ in range(2):
        done(town.site, heard)
        transaction.commit()
    assert len(here()) == 1


def test_two_workers_at_once(town, item, post, reply, here):
    """The second one's commit conflicts, and is done again with what the first one wrote."""
    reply()
    job, pool = Hear(), Later()
    job.hurry = True
    turn(town, pool, job)
    ((done, heard),) = pool.results()
    database = town.site._p_jar.db()
    manager = transaction.TransactionManager()
    other = database.open(manager)
    try:
        theirs = other.root()["Application"][town.site.getId()]
        done(town.site, heard)
        manager.begin()
        assert Hearsay(theirs).reply(post.content, "x") is None  # as the database was before the first one's commit
        transaction.commit()
        key = rules.key(post.account, heard.hearing.replies[0].id)
        tree = Hearsay(theirs)._made(post.content)
        tree[key] = {"post": post.id}
        with pytest.raises(ConflictError):
            manager.commit()
    finally:
        manager.abort()
        other.close()
    commit(lambda: done(town.site, heard))
    assert len(here()) == 1


def test_a_page_deleted_while_its_replies_are_asked_for(town, item, post, reply):
    reply()
    job, pool = Hear(), Later()
    job.hurry = True
    turn(town, pool, job)
    ((done, heard),) = pool.results()
    with api.env.adopt_roles(["Manager"]):
        api.content.delete(item)
    transaction.commit()
    done(town.site, heard)
    transaction.commit()
    assert Hearsay(town.site).replies(post.content, post.id) == []


def test_lanes_and_paces(town, post, reply):
    """One look at a time for each account; a fresh post is looked at again after two minutes."""
    job, pool, now = Hear(), Later(), datetime.now(UTC)
    job.hurry = True
    turn(town, pool, job, now)
    assert [lane for lane, *_ in pool.calls] == [f"{SHARE} {post.account}"]
    ((done, heard),) = pool.results()
    done(town.site, heard)
    transaction.commit()
    pool.calls.clear()
    turn(town, pool, job, now + timedelta(minutes=1))
    assert pool.calls == []
    turn(town, pool, job, now + timedelta(minutes=3))
    assert len(pool.calls) == 1


def test_a_worker_without_any_work_rests(town):
    worker = Worker(town.functional["app"]._p_jar.db(), only=frozenset({"replies"}))
    assert worker.turn() > 10
    worker.leave()
    setSite(town.site)


# Answers


def test_a_moderator_answers_through_the_account(town, server, item, post, reply, hear, here):
    said = reply()
    hear()
    (comment,) = here()
    decide(town, comment, Action.ANSWER, text="À 18 h")
    assert facts.state(here()[0]) == State.WAITING
    setRequest(town.functional["request"])
    assert speaking.answers(here()[0]) == [("@habitante À 18 h", "Scheduled", "")]
    (planned,) = by_operation(town, item, "answer")
    assert (planned.target_id, planned.state) == (said["id"], "queued")  # a manager may post there anyway
    hear()
    told = [one for one in server.accounts[0].statuses if one["in_reply_to_id"] == said["id"]]
    assert [one["said"] for one in told] == ["@habitante À 18 h"]
    assert speaking.answers(here()[0]) == [("@habitante À 18 h", "Published", told[0]["url"])]
    hear()
    assert len(here()) == 1  # what we say ourselves does not come back as a comment


# Other networks, and a server that somebody else wrote


def linked(town, network, credentials, identity, title="Mairie"):
    with api.env.adopt_roles(["Manager"]):
        fields = {"title": title, "network": network, "validation": "none", "replies": True}
        made = api.content.create(town.site["social-accounts"], "SocialAccount", **fields)
    who = Identity(identity, "@mairie", "https://reseau.example/mairie")
    link(town.site, made.UID(), network_of(network), {}, Connection(who, credentials), clock.now())
    return made


@pytest.fixture
def alone(town):
    """A town without the account that its tests have."""
    setRequest(town.functional["request"])
    with api.env.adopt_roles(["Manager"]):
        api.content.delete(town.account)
    transaction.commit()
    return town


def posted(town):
    item = town.news("Menu de la cantine")
    work(town.functional)
    setRequest(town.functional["request"])
    (post,) = by_operation(town, item, "post")
    return item, post.receipt_id


def comments(item):
    transaction.begin()
    return list(IConversation(item).getComments())


def test_on_the_mastodon_mock(alone, mastodon_mock, monkeypatch, hear):
    """Written there, approved through the desk's service, edited and deleted there."""
    for name, value in mastodon_mock.environ.items():
        monkeypatch.setenv(name, value)
    body, reader = mastodon_mock.person("mairie_a"), mastodon_mock.person("lectrice_a")
    known = {"origin": mastodon_mock.url, "client_id": "", "client_secret": "", "token": body.token}
    id = network_of("mastodon").whoami(Http.from_environment(), known).id
    linked(alone, "mastodon", {**known, "account": id.partition("@")[0]}, id)
    item, there = posted(alone)
    said = reader.say("Et le goûter ?", there)
    hear()
    (comment,) = comments(item)
    assert (comment.author_name, facts.state(comment)) == ("lectrice_a", State.WAITING)
    decide(alone, comment, Action.APPROVE)
    assert len(visible.ids(item)) == 1
    decide(alone, comments(item)[0], Action.ANSWER, text="À 16 h")
    hear()
    answers = [one for one in mastodon_mock.statuses(body.token, known_id(id)) if one["in_reply_to_id"] == said]
    assert len(answers) == 1 and "À 16 h" in answers[0]["content"]
    assert [mention["acct"].partition("@")[0] for mention in answers[0]["mentions"]] == ["lectrice_a"]
    reader.edit(said, "Et le dessert ?")
    hear()
    (comment,) = comments(item)
    assert (comment.text, facts.state(comment)) == ("Et le dessert ?", State.WAITING)
    decide(alone, comment, Action.APPROVE)
    reader.delete(said)
    hear()
    hear()
    assert comments(item) == [] and list(visible.ids(item)) == []


def known_id(identity):
    return identity.partition("@")[0]


def test_on_bluesky(alone, monkeypatch, hear):
    """With a thread, an answer that goes under it, and a session that its lane must renew first."""
    with Scripted() as server:
        for name, value in server.environ.items():
            monkeypatch.setenv(name, value)
        body, reader = server.account("mairie.example"), server.account("lectrice.example")
        linked(alone, "bluesky", body.credentials, body.did)
        item, there = posted(alone)
        first = server.answer(reader, there, "Et le goûter ?")
        server.answer(server.account("autre.example"), first, "Bonne question")
        server.expire()
        hear()
        hear()
        one, two = comments(item)
        assert (one.text, two.text, two.in_reply_to) == ("Et le goûter ?", "Bonne question", int(one.id))
        assert facts.facts(one).author == f"net:bluesky:{reader.did}"
        decide(alone, one, Action.ANSWER, text="À 16 h")
        hear()
        record = next(value for (did, _key), value in server.records.items() if value["text"] == "À 16 h")
        assert (record["reply"]["root"]["uri"], record["reply"]["parent"]["uri"]) == (there, first)
        assert len(comments(item)) == 2


def test_on_facebook(alone, monkeypatch, hear):
    with ScriptedFacebook() as server:
        for name, value in server.environ.items():
            monkeypatch.setenv(name, value)
        page, reader = server.account("Ville"), server.account("Lectrice")
        account = linked(alone, "facebook", server.credentials(page), page.id)
        item, there = posted(alone)
        server.comment(reader, there, "Et le goûter ?", datetime.now(UTC))
        hear()
        assert comments(item) == []
        assert Hearsay(alone.site).trouble(account.UID()).code == "scopes"
        more = server.credentials(page, (*SCOPES, "pages_read_user_content"))
        Vault(alone.site).seal(account.UID(), more)
        transaction.commit()
        hear()
        (comment,) = comments(item)
        assert (comment.text, comment.author_name) == ("Et le goûter ?", "Lectrice")
        decide(alone, comment, Action.ANSWER, text="À 16 h")
        hear()
        (given,) = by_operation(alone, item, "answer")
        assert (given.state, given.by_hand) == ("unconfirmed", True)  # a person says it there


def test_on_threads(alone, monkeypatch, hear):
    with ScriptedThreads() as server:
        for name, value in server.environ.items():
            monkeypatch.setenv(name, value)
        body, reader = server.account("ville"), server.account("lectrice")
        linked(alone, "threads", server.credentials(body), body.id)
        item, there = posted(alone)
        first = server.say(reader, "Et le goûter ?", to=there)["id"]
        server.say(reader, "Nul", to=there, hide_status="HIDDEN")
        hear()
        (comment,) = comments(item)
        assert (comment.text, facts.facts(comment).author) == ("Et le goûter ?", "net:threads:lectrice")
        decide(alone, comment, Action.ANSWER, text="À 16 h")
        hear()
        (answer,) = [post for post in body.posts if post["said"] == "À 16 h"]
        assert answer["replied_to"] == {"id": first}
        assert len(comments(item)) == 1


def test_very_many_replies(alone, monkeypatch, hear):
    """They come in part by part, and a look at all of them that finds nothing new is quick."""
    with ScriptedMastodon() as server:
        for name, value in server.environ.items():
            monkeypatch.setenv(name, value)
        body, reader = server.account("mairie"), server.account("lectrice")
        linked(alone, "mastodon", server.credentials(body), body.id)
        item, there = posted(alone)
        for number in range(MANY):
            server.say(reader, f"Réponse {number}", in_reply_to_id=there)
        work(alone.functional, seconds=120)
        setRequest(alone.functional["request"])
        assert len(comments(item)) == MANY
        began = time.monotonic()
        hear()
        assert time.monotonic() - began < 10
        assert len(comments(item)) == MANY
