"""Deciding in a browser without JavaScript: who may, what it does, and what is said when it cannot be."""

from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.planning import submit
from collective.socialterritory.crosspost.rules.states import step
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.interfaces import settings
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from deskwork import decisions
from deskwork import linked
from deskwork import news
from deskwork import post_of
from deskwork import press
from deskwork import stored
from deskwork import words
from plone import api
from urllib.parse import urlencode

import re
import transaction


def test_a_validator_finds_the_decision_and_approves(site, desk, delivery):
    browser = desk("camille")
    assert "Menu de la cantine" in words(browser)
    assert "To approve" in words(browser)
    assert "Written by Editor" in words(browser)
    press(browser, "approve")
    assert "Approved." in words(browser)
    assert "Nothing to approve." in words(browser)
    after = stored(site, delivery.id)
    assert after.state is State.QUEUED
    assert (after.approvals[0].by, after.approvals[0].fingerprint) == ("camille", delivery.fingerprint)


def test_an_author_is_told_that_somebody_else_must_approve(site, desk, delivery):
    browser = desk("editor", filter="planned")
    assert "somebody else must approve it" in words(browser)
    assert "approve" not in decisions(browser)


def test_the_server_refuses_self_approval(site, desk, delivery):
    api.user.grant_roles(username="editor", roles=["Social Validator"])
    transaction.commit()
    browser = desk("editor", filter="planned")
    token = browser._response.html.find("input", {"name": "_authenticator"})["value"]
    data = {"delivery": delivery.id, "decision": "approve", "fingerprint": delivery.fingerprint}
    browser.post(browser.url, urlencode({**data, "_authenticator": token}))
    assert "somebody else must approve it" in words(browser)
    assert stored(site, delivery.id).state is State.PENDING


def test_an_author_on_call_says_why_and_it_is_kept(site, desk, delivery):
    api.user.grant_roles(username="editor", roles=["Social Validator"])
    transaction.commit()
    browser = desk("editor", filter="planned")
    press(browser, "approve", override="   ")
    assert "Please give a reason" in words(browser)
    press(browser, "approve", override="Flood, alone on duty")
    after = stored(site, delivery.id)
    assert (after.state, after.log[-1].note) == (State.QUEUED, "Flood, alone on duty")


def test_nothing_is_written_without_an_authenticator_or_by_get(site, desk, delivery):
    browser = desk("camille")
    data = {"delivery": delivery.id, "decision": "approve", "fingerprint": delivery.fingerprint}
    browser.post(browser.url, urlencode(data))
    assert "403" in browser.headers["status"]
    browser = desk("camille", **data)
    assert stored(site, delivery.id) == delivery


def test_a_refusal_needs_a_reason_and_keeps_nothing_else(site, desk, delivery):
    browser = desk("camille")
    press(browser, "reject", note=" ")
    assert "Please give a reason" in words(browser)
    assert "Nothing to approve" not in words(browser)
    field = browser._response.html.find("textarea", class_="is-invalid")
    assert browser._response.html.find(id=field["aria-describedby"]).text.startswith("Please give a reason")
    press(browser, "reject", note="Wrong date")
    after = stored(site, delivery.id)
    assert (after.state, after.log[-1].note) == (State.REJECTED, "Wrong date")
    browser = desk("editor", filter="check")
    assert "Wrong date" in words(browser)
    assert "/edit#fieldset-social" in browser.getLink("Change the news item").url
    press(browser, "revise")
    assert stored(site, delivery.id).state is State.PENDING


def test_the_second_of_two_people_is_told_who_decided_and_when(site, desk, delivery):
    first, second = desk("camille"), desk("dominique")
    press(first, "approve")
    press(second, "reject", note="I typed a long reason")
    assert re.search(r"Camille has already approved, today at \d+:\d\d", words(second))
    assert stored(site, delivery.id).state is State.QUEUED


def test_a_refusal_that_came_to_nothing_leaves_the_others_in_their_place(site, desk, account):
    for n in range(2):
        news(site, f"Menu {n}")
    browser = desk("camille")
    press(browser, "reject", note=" ")
    soup = browser._response.html
    assert soup.find(id="social-first") is None
    assert len(soup.find(id="social-list").parent.find_all("article")) == 2


def test_what_was_mended_after_a_refusal_is_what_is_submitted_again(site, browse, desk, account):
    item = news(site)
    delivery = post_of(site, item)
    press(desk("camille"), "reject", note="Wrong day")
    api.user.grant_roles(username="dominique", roles=["Editor"])
    transaction.commit()
    for who, text in (("dominique", "On Monday"), ("editor", "On Thursday")):
        tab = browse(who)
        tab.open(f"{item.absolute_url()}/@@social-networks")
        tab.open(tab.getLink("Change the news item").url)
        tab.getControl(name="form.widgets.ISocialPosting.social_text").value = text
        tab.getControl("Save").click()
    tab.open(f"{item.absolute_url()}/@@social-networks")
    press(tab, "revise")
    assert "On Thursday" in words(tab)
    assert "somebody else must approve it" in words(desk("dominique", id=delivery.id))
    browser = desk("camille")
    assert "On Thursday" in words(browser)
    press(browser, "approve")
    after = stored(site, delivery.id)
    assert after.state is State.QUEUED
    assert "On Thursday" in after.rendition.text


def test_a_later_day_is_told_beside_what_else_keeps_the_post(site, desk, account):
    item = news(site, public=False, social_at=datetime(2199, 12, 1, 8))
    with api.env.adopt_user("editor"):
        submit(item)
    transaction.commit()
    text = words(desk("camille"))
    assert "The news item is not public" in text
    assert re.search(r"It does not leave before .*2199", text)
    press(desk("camille"), "approve")
    transaction.begin()
    api.content.transition(item, to_state="published")
    settings().pause_start = datetime.now(UTC).replace(tzinfo=None) - timedelta(minutes=9)
    transaction.commit()
    assert "A pause is in force" in words(desk("camille", filter="planned"))


def test_a_note_that_is_too_long_is_not_kept(site, desk, delivery):
    browser = desk("camille")
    press(browser, "hold", note="N" * 5001)
    assert "5000 characters at most" in words(browser)
    assert stored(site, delivery.id) == delivery


def test_a_pause_that_is_over_is_not_said_to_be_in_force(site, desk, delivery):
    press(desk("camille"), "approve")
    settings().pause_start = datetime.now(UTC).replace(tzinfo=None) - timedelta(minutes=9)
    transaction.commit()
    assert "A pause is in force" in words(desk("camille", filter="planned"))
    settings().pause_until = datetime.now(UTC).replace(tzinfo=None)
    transaction.commit()
    text = words(desk("camille", filter="planned"))
    assert "The pause is over" in text and "in force" not in text


def test_what_a_pause_holds_is_told_so_while_it_lasts(site, desk, delivery):
    press(desk("camille"), "approve")
    Outbox(site).save(replace(stored(site, delivery.id), held="pause"))
    settings().pause_start = datetime.now(UTC).replace(tzinfo=None) - timedelta(minutes=9)
    transaction.commit()
    assert "On hold: A pause is in force" in words(desk("camille", filter="check"))
    settings().pause_until = datetime.now(UTC).replace(tzinfo=None)
    transaction.commit()
    assert "On hold: It should have left during a pause" in words(desk("camille", filter="check"))


def test_what_changed_since_it_was_seen_is_not_approved_and_the_difference_is_shown(site, desk, account):
    item = news(site)
    delivery = post_of(site, item)
    press(desk("camille"), "reject", note="Wrong day")
    press(desk("editor", filter="check"), "revise")
    browser = desk("camille")
    with api.env.adopt_user("editor"):
        api.content.get(UID=item.UID()).title = "Menu du jeudi"
    transaction.commit()
    press(browser, "approve")
    assert "changed since you looked" in words(browser)
    assert stored(site, delivery.id).state is State.PENDING
    changed = browser._response.html.find(class_="social-changes")
    assert changed.find("ins") and changed.find("del")
    press(browser, "approve")
    assert stored(site, delivery.id).state is State.QUEUED


def test_an_illegal_transition_is_a_sentence(site, desk, delivery):
    browser = desk("camille")
    token = browser._response.html.find("input", {"name": "_authenticator"})["value"]
    browser.post(browser.url, urlencode({"delivery": delivery.id, "decision": "confirm", "_authenticator": token}))
    assert "no longer possible" in words(browser)
    browser.post(browser.url, urlencode({"delivery": "no.such", "decision": "confirm", "_authenticator": token}))
    assert "not there any more" in words(browser)


def test_two_validators(site, desk):
    linked(site, validation="two")
    delivery = post_of(site, news(site))
    press(desk("camille"), "approve")
    text = words(desk("camille", id=delivery.id))
    assert "One more person must approve" in text
    assert "Nothing to approve" in text
    press(desk("dominique"), "approve")
    assert stored(site, delivery.id).state is State.QUEUED


def test_bytes_that_are_no_text_are_not_kept_in_a_note(site, desk, delivery):
    browser = desk("camille")
    token = browser._response.html.find("input", {"name": "_authenticator"})["value"]
    fields = urlencode({"delivery": delivery.id, "decision": "hold", "_authenticator": token})
    browser.post(browser.url, f"{fields}&note=%ff!")
    assert stored(site, delivery.id).held == "?!"


def test_a_published_post_has_its_permalink_and_its_history(site, desk, delivery):
    press(desk("camille"), "approve")
    now = datetime.now(UTC)
    sending = step(stored(site, delivery.id), "claim", now)
    Outbox(site).save(step(sending, "deliver", now, receipt_url=f"@@social-sandbox/{delivery.id}"))
    transaction.commit()
    browser = desk("camille", filter="published")
    link = browser._response.html.find("a", string=lambda text: text and "See the post" in text)
    link = link or browser._response.html.find("a", href=re.compile("social-sandbox"))
    assert link["href"] == f"{site.absolute_url()}/@@social-sandbox/{delivery.id}"
    text = words(browser)
    assert "Approved, Camille" in text
    assert "Published today at" in text
    Outbox(site).save(replace(stored(site, delivery.id), receipt_url="javascript:alert(1)"))
    transaction.commit()
    assert "javascript:" not in desk("camille", filter="published").contents


def test_on_hold_and_released(site, desk, delivery):
    press(desk("camille"), "approve")
    browser = desk("camille", filter="planned")
    press(browser, "hold", note="Wait for the mayor")
    browser = desk("camille", filter="check")
    assert "On hold: Wait for the mayor" in words(browser)
    press(browser, "release")
    assert stored(site, delivery.id).held == ""
