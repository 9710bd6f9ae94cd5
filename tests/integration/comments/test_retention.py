"""The worker forgets what is past its days, a part at a time, and the catalogue with it."""

from collective.socialterritory.comments import deciding
from collective.socialterritory.comments import facts
from collective.socialterritory.comments import retention
from collective.socialterritory.comments import salts
from collective.socialterritory.comments import visible
from collective.socialterritory.comments.catalogue import found
from collective.socialterritory.comments.model import Action
from collective.socialterritory.comments.model import State
from collective.socialterritory.comments.rules import keeping
from collective.socialterritory.comments.rules.people import of_address
from collective.socialterritory.comments.settings import settings
from collective.socialterritory.comments.store import Comments
from commenting import said
from datetime import timedelta
from plone import api

import pytest


def later(comment, days, **more):
    return comment.creation_date + timedelta(days=days, **more)


def written(portal, page, email="jeanne@example.org", **known):
    """By somebody who left an address, as its facts say."""
    comment = said(page, author=of_address(Comments(portal).secret, email), **known)
    comment.author_email = email
    comment.reindexObject()
    return comment


def run(portal, now):
    retention.retain(portal, now)


def test_an_address_is_forgotten_and_with_it_what_stood_for_it(portal, page):
    comment = written(portal, page, state=State.APPROVED)
    token = f"address:{of_address(Comments(portal).secret, 'jeanne@example.org')}"
    run(portal, later(comment, 365, seconds=-1))
    assert comment.author_email == "jeanne@example.org"
    assert len(found([token])) == len(found([facts.facts(comment).author.join(("author:", ""))])) == 1
    run(portal, later(comment, 365, hours=1))
    assert (comment.author_email, facts.facts(comment).author) == (None, "")
    assert not found([token]) and not found([keeping.ADDRESS])
    assert comment.text == "Merci pour les nouveaux bancs." and len(visible.ids(page)) == 1


def test_the_trace_of_a_network_and_its_salt_go_together(portal, page):
    comment = said(page)
    day = salts.today(comment.creation_date)
    salts.salt(portal, day)
    facts.keep(comment, origin=f"{day}:abc", reports=({"at": later(comment, 0).isoformat(), "origin": f"{day}:def"},))
    comment.reindexObject()
    run(portal, later(comment, 7))
    assert facts.facts(comment).origin and salts.known(portal, day)
    run(portal, later(comment, 8))
    assert facts.facts(comment).origin == "" and salts.known(portal, day) is None
    assert "origin" not in facts.facts(comment).reports[0] and not found([keeping.TRACE])


@pytest.mark.parametrize("state", State)
def test_what_was_refused_is_deleted_days_after_the_decision(portal, page, state):
    comment = said(page)
    decided = later(comment, 100)
    if state != State.WAITING:
        deciding.move(comment, state, decided, "")
    key = facts.key(comment)
    run(portal, decided + timedelta(days=180, seconds=-1))
    assert deciding.find(key) is not None
    run(portal, decided + timedelta(days=180, hours=1))
    gone = state in (State.REJECTED, State.SPAM)
    assert (deciding.find(key) is None) == gone == (not found())
    if gone:
        last = Comments(portal).latest(key)
        assert (last.action, last.by) == (Action.WITHDRAW, "")


def test_what_was_refused_and_has_answers_is_emptied_once(portal, page):
    first = said(page, state=State.APPROVED)
    answer = said(page, "Oui.", parent=first, state=State.APPROVED)
    deciding.move(first, State.REJECTED, later(first, 0), "")
    run(portal, later(first, 200))
    assert first.text == "" and answer.text == "Oui." and deciding.find(facts.key(answer)) is not None
    lines = len(Comments(portal).history(facts.key(first)))
    run(portal, later(first, 201))
    assert len(Comments(portal).history(facts.key(first))) == lines


def test_originals_go_with_what_was_refused_and_the_log_when_its_days_are_over(portal, page, moderator):
    comment = said(page)
    now = later(comment, 0)
    with api.env.adopt_user(username=moderator):
        deciding.edit(comment, "Merci.", now, note="un nom")
        deciding.decide(comment, Action.APPROVE, now + timedelta(days=1))
    store, key = Comments(portal), facts.key(comment)
    run(portal, now + timedelta(days=179))
    assert store.history(key)[0].original
    run(portal, now + timedelta(days=180, hours=2))
    assert store.history(key)[0].original == "" and store.history(key)[0].note == "un nom"
    run(portal, now + timedelta(days=1095, hours=3))
    assert [event.action for event in store.log()] == [Action.APPROVE]
    run(portal, now + timedelta(days=1097))
    assert list(store.log()) == [] and store.latest(key) is None


def test_a_turn_does_some_and_the_next_turn_goes_on(portal, page, monkeypatch):
    monkeypatch.setattr(retention, "MOST", 2)
    comments = [written(portal, page) for _ in range(5)]
    now = later(comments[-1], 366)
    kept = []
    for minute in range(4):
        run(portal, now + timedelta(minutes=minute))
        kept.append(sum(bool(comment.author_email) for comment in comments))
    assert kept == [3, 1, 0, 0]
    late = written(portal, page)
    run(portal, now + timedelta(minutes=5))
    assert late.author_email, "nothing was left, so it looks again in an hour"
    run(portal, now + timedelta(minutes=70))
    assert late.author_email is None


def test_a_thread_of_refused_comments_goes_in_one_turn(portal, page):
    first = said(page)
    said(page, "Deux", parent=said(page, "Un", parent=first, state=State.SPAM), state=State.SPAM)
    deciding.move(first, State.SPAM, later(first, 0), "")
    for day in range(3):
        run(portal, later(first, 181 + day))
    assert not [brain for brain in found() if brain._unrestrictedGetObject().text]


def test_days_are_those_of_the_settings(portal, page):
    comment = written(portal, page)
    settings().keep_email = 10
    run(portal, later(comment, 10))
    assert comment.author_email is None
