"""What people read of a try that did not go well: what is known, what the site does next, and what they can do."""

from collective.socialterritory.accounts import rules
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.crosspost import notices
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.rules import departure
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.errors import RateLimited
from collective.socialterritory.errors import Transient
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.local import time_zone
from collective.socialterritory.local import written
from collective.socialterritory.mail import waiting
from collective.socialterritory.networks.sandbox import Sandbox
from dataclasses import replace
from plone import api
from working import work
from zope.globalrequest import setRequest

import html
import pytest
import re
import transaction


def tried(town, monkeypatch, error, count=1):
    """Items whose posts were approved, where the network answers with `error`."""

    def publish(*args):
        raise error

    monkeypatch.setattr(Sandbox, "publish", publish)
    items = [town.news(f"Menu {number}") for number in range(count)]
    for post in town.validator.listed(state="pending"):
        assert town.validator.decide(post, "approve", fingerprint=post["fingerprint"]).status_code == 200
    work(town.functional, seconds=3)
    return items


def page(client, url):
    text = client.session.get(url, headers={"Accept": "text/html"}, timeout=30).text
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def tab(town, item):
    """What stands above a post's history."""
    return page(town.editor, f"{town.url}/{item.getId()}/@@social-networks").partition("History")[0]


def told(town):
    (post,) = town.editor.listed()
    return post["error"]["message"]


def test_nobody_is_told_to_look_for_what_surely_did_not_arrive(town, monkeypatch):
    (item,) = tried(town, monkeypatch, Transient("server_error", host="net.example"))
    said = "net.example did not answer as expected. Nothing was published; the site tries again."
    assert told(town) == said
    assert said in tab(town, item) and "may be published" not in tab(town, item)


def test_nobody_is_told_to_look_before_the_site_has(town, monkeypatch):
    monkeypatch.setattr(Sandbox, "settle", 60.0)
    (item,) = tried(town, monkeypatch, OutcomeUnknown("server_error", host="net.example"))
    assert "The site looks there before it sends again." in told(town)
    assert told(town) in tab(town, item) and "Send again" not in tab(town, item)


@pytest.mark.parametrize(
    ("network", "error", "said"),
    [
        ("bluesky", "server_error", "The site looks there before it sends again."),
        ("linkedin", "duplicate", "change one of them."),
        ("webhook", "server_error", "The site sends it again, from which no second post comes."),
    ],
)
def test_what_is_done_about_a_doubt_is_told_as_each_network_allows(town, network, error, said):
    (post,) = town.stored(town.news())
    Outbox(town.site).save(replace(post, network=network, state=State.QUEUED, error=error, doubt=True))
    transaction.commit()
    assert told(town).endswith(said)


def test_all_posts_of_an_account_tell_why_it_must_be_reconnected(town, monkeypatch):
    items = tried(town, monkeypatch, Unauthorized("clock", host="net.example"), count=2)
    for item in items:
        said = tab(town, item)
        assert said.count("The clock of this server is wrong") == 1
        assert "no longer accepts our credentials" not in said
    assert "The clock of this server is wrong" in page(town.webmaster, town.account.absolute_url())
    mails = [mail["body"] for _id, mail in waiting(town.site) if "Reconnect the account" in mail["subject"]]
    assert mails and all("set the clock" in body for body in mails)


def test_later_posts_of_an_account_tell_until_when_its_network_asked_to_wait(town, monkeypatch):
    tried(town, monkeypatch, RateLimited("blocked", retry_after=6 * 3600, host="net.example", reason="368"))
    setRequest(town.functional["request"])
    urgent = town.news("Fuite d'eau", social_urgent=True)
    leaves = Accounts(town.site).get(town.account.UID()).rests.astimezone(time_zone())
    time = f"{leaves.hour}:{leaves.minute:02}"
    said = rf"It leaves (today|tomorrow) at {time}\. Training network asked the site to wait until then\."
    assert re.search(said, page(town.validator, f"{town.url}/@@social-desk"))
    (post,) = town.validator.listed(state="pending")
    assert town.validator.decide(post, "approve", fingerprint=post["fingerprint"]).status_code == 200
    assert re.search(said, tab(town, urgent)) and "within a minute" not in tab(town, urgent)
    Accounts(town.site).mark(town.account.UID(), **rules.DISCONNECTED)
    Accounts(town.site).mark(town.account.UID(), link="connected", network="sandbox")
    transaction.commit()
    assert "It leaves within a minute." in tab(town, urgent)


def test_what_was_refused_is_past_once_the_account_is_linked_again(town, monkeypatch):
    (item,) = tried(town, monkeypatch, Unauthorized("unauthorized", host="net.example"))
    Accounts(town.site).mark(town.account.UID(), link="connected", session="ok", error="")
    transaction.commit()
    assert "no longer accepts our credentials" not in tab(town, item)


@pytest.mark.parametrize(("language", "said"), [("fr", "22/11/2026 10:12"), ("en", "Nov 22, 2026 10:12 AM")])
def test_times_in_mails_are_in_the_language_of_the_site(town, language, said):
    api.portal.set_registry_record("plone.available_languages", ["en", "fr"])
    api.portal.set_registry_record("plone.default_language", language)
    setRequest(town.functional["request"].clone())  # nobody's: the worker has no browser
    try:
        assert written("2026-11-22T10:12:00+00:00") == said
    finally:
        setRequest(town.functional["request"])


def test_a_sentence_on_an_address_names_it_in_json_and_in_mails(town):
    api.portal.set_registry_record("collective.socialterritory.public_url", "http://10.0.0.5")
    (post,) = town.stored(town.news())
    held = departure.held(post, "internal_address", post.created)
    Outbox(town.site).save(held)
    notices.held(town.site, held, post.created)
    transaction.commit()
    said = "http://10.0.0.5 is known inside your network only"
    (told,) = town.editor.listed()
    assert told["held"]["message"].startswith(said)
    assert told["log"][-1]["note"].startswith(said)
    assert any(said in mail["body"] for _id, mail in waiting(town.site) if mail["subject"].startswith("On hold"))
    api.portal.set_registry_record("collective.socialterritory.public_url", "https://www.town.example")
    transaction.commit()
    (told,) = town.editor.listed()
    assert told["held"]["code"] == "internal_address"
    assert "is mended: a validator decides" in told["held"]["message"]
    assert told["log"][-1]["note"].startswith("The address set then is known inside your network only")
    desk = page(town.editor, f"{town.url}/@@social-desk?id={post.id}")
    assert "is mended: a validator decides" in desk and "www.town.example is known" not in desk


def test_what_nobody_could_find_out_names_the_network_and_leads_to_the_account(town):
    (post,) = town.stored(town.news())
    told = {"error": "reset", "error_params": {"host": "shard.host.example"}, "doubt": True}
    lost = replace(post, state=State.UNCONFIRMED, **told)
    Outbox(town.site).save(lost)
    notices.problem(town.site, lost, post.created)
    transaction.commit()
    said = "Training network did not confirm. The post may be published: look at the account there"
    html = town.editor.session.get(f"{town.url}/@@social-desk?id={post.id}", timeout=30).text
    account = Accounts(town.site).get(post.account)
    assert f'<a href="{account.identity_url}">' in html
    assert account.identity in page(town.editor, f"{town.url}/@@social-desk?id={post.id}")
    assert town.editor.listed()[0]["error"]["message"].startswith(said)
    assert any(said in mail["body"] for _id, mail in waiting(town.site) if mail["subject"].startswith("Please look"))
