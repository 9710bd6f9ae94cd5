"""Mails about answers: asked for, confirmed, told once, ended."""

from collective.socialterritory.comments import answering
from collective.socialterritory.comments import deciding
from collective.socialterritory.comments import facts
from collective.socialterritory.comments import subscriptions
from collective.socialterritory.comments.model import Action
from collective.socialterritory.comments.model import State
from collective.socialterritory.comments.rules.signing import read
from collective.socialterritory.comments.settings import settings
from collective.socialterritory.comments.store import Comments
from commenting import news
from commenting import NOW
from commenting import said
from datetime import timedelta
from letters import key
from letters import mails
from letters import with_mail
from plone import api

import pytest


JEANNE = "jeanne@town.example"
LATER = timedelta(minutes=11)


@pytest.fixture
def site(portal, page):
    return with_mail(portal)


def asks(comment, address=JEANNE, now=NOW):
    subscriptions.wanted(comment, address, now)
    return [id for id, one in subscriptions.of_page(api.portal.get(), facts.page(comment).UID()) if one.to == address]


def confirmed(comment, address=JEANNE):
    (id,) = asks(comment, address)
    subscriptions.confirm(api.portal.get(), id, NOW)
    return id


def answers(site, to=JEANNE, now=None):
    """What was mailed once everybody had time for second thoughts."""
    answering.tell(site, now or deciding_time() + LATER)
    return [one for one in mails(site, to) if "List-Unsubscribe" in one.get("headers", {})]


def deciding_time():
    from collective.socialterritory import clock

    return clock.now()


def test_only_a_question_goes_to_an_address_that_has_not_said_yes(site, page):
    comment = said(page, "Achetez <b>http://spam.example</b>", "Jeanne http://spam.example", state=State.APPROVED)
    (id,) = asks(comment)
    (mail,) = mails(site)
    assert mail["to"] == JEANNE
    assert "spam" not in mail["subject"] + mail["body"]
    assert read(Comments(site).secret, "confirm", key(mail, "social-confirm"), NOW) == (id,)
    said(page, "Oui", parent=comment, state=State.APPROVED)
    assert answers(site) == []


def test_an_answer_is_told_once_with_its_text_and_a_way_out(site, page, moderator):
    comment = said(page, state=State.APPROVED)
    id = confirmed(comment)
    answer = said(page, "Et les poubelles ?", "Paul", parent=comment, state=State.APPROVED)
    answering.tell(site, deciding_time())
    assert len(mails(site)) == 1, "a decision can still be undone"
    (mail,) = answers(site)
    assert "Et les poubelles ?" in mail["body"] and "Paul" in mail["body"]
    assert f"https://www.town.example/bancs?comment={answer.id}#comment-{answer.id}" in mail["body"]
    leave = subscriptions.unsubscribe_link(site, id)
    assert leave in mail["body"]
    assert mail["headers"] == {
        "List-Unsubscribe": f"<{leave}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    with api.env.adopt_user(username=moderator):
        deciding.decide(answer, Action.REJECT, NOW)
        deciding.decide(answer, Action.APPROVE, NOW)
    assert len(answers(site)) == 1


def test_nobody_takes_over_what_the_owner_of_an_address_confirmed(site, page):
    id = confirmed(said(page, author="mail:jeanne", state=State.APPROVED))
    asks(said(page, author="user:eve", state=State.APPROVED))
    assert subscriptions.get(site, id).author == "mail:jeanne"


def test_what_is_hidden_again_is_not_told_until_it_is_back(site, page):
    comment = said(page, state=State.APPROVED)
    confirmed(comment)
    answer = said(page, "Oui", parent=comment, state=State.APPROVED)
    deciding.hide(answer, True, NOW, "")
    assert answers(site) == []
    deciding.hide(answer, False, NOW, "")
    assert len(answers(site)) == 1


def test_an_answer_below_a_refused_one_is_told_when_both_are_seen(site, page, moderator):
    comment = said(page, state=State.APPROVED)
    confirmed(comment)
    between = said(page, "Non", parent=comment)
    said(page, "Si", parent=between, state=State.APPROVED)
    assert answers(site) == []
    with api.env.adopt_user(username=moderator):
        deciding.decide(between, Action.APPROVE, NOW)
    assert len(answers(site)) == 2


def test_nobody_is_told_of_their_own_words_of_other_threads_or_of_what_was_there_before(site, page):
    elsewhere = said(page, "Autre chose", state=State.APPROVED)
    comment = said(page, state=State.APPROVED, author="mail:1")
    said(page, "Avant", parent=comment, state=State.APPROVED)
    second = said(page, "Moi encore", parent=comment, state=State.APPROVED, author="mail:1")
    confirmed(second)
    said(page, "Encore moi", parent=second, state=State.APPROVED, author="mail:1")
    said(page, "Ailleurs", parent=elsewhere, state=State.APPROVED)
    assert answers(site) == []
    said(page, "Dans le fil", parent=comment, state=State.APPROVED)
    assert [one["body"].count("Dans le fil") for one in answers(site)] == [1]


def test_no_mailbox_is_flooded_by_what_others_type(site, page, portal):
    comments = [said(page, f"Numéro {number}") for number in range(5)]
    for comment in comments:
        asks(comment)
    assert len(mails(site)) == 1, "one question about one page"
    for number in range(6):
        asks(said(news(portal, f"page-{number}")))
    assert len(mails(site)) == 3, "and a few a day in all"
    asks(comments[0], now=NOW + timedelta(hours=25))
    assert len(mails(site)) == 4
    assert {one["to"] for one in mails(site)} == {JEANNE}


@pytest.mark.parametrize("address", ["", "no", "a@b", "a@b.example\r\nBcc: c@d.example", "a@b.example, c@d.example"])
def test_what_is_no_address_gets_no_mail(site, page, address):
    assert asks(said(page), address) == [] and mails(site) == []


def test_nothing_is_kept_where_mails_cannot_be_asked_for(site, page):
    settings().notify_replies = False
    asks(said(page))
    settings().notify_replies = True
    api.portal.set_registry_record("plone.smtp_host", "")
    asks(said(page))
    assert mails(site) == [] and not Comments(site).subscriptions


def test_who_ends_it_gets_no_more(site, page):
    comment = said(page, state=State.APPROVED)
    id = confirmed(comment)
    said(page, "Oui", parent=comment, state=State.APPROVED)
    subscriptions.end(site, id)
    subscriptions.end(site, id)
    assert answers(site) == []


def kept(site):
    """Addresses of which anything is kept."""
    return {one["to"] for one in Comments(site).subscriptions.values() if isinstance(one, dict)}


def test_an_address_goes_with_the_comment_or_the_page(site, page, portal):
    for way in ("comment", "withdrawn", "page"):
        item = news(portal, f"page-{way}")
        comment = said(item, state=State.APPROVED)
        confirmed(comment, f"{way}@town.example")
        if way == "comment":
            deciding.delete(comment)
        elif way == "withdrawn":
            said(item, "Oui", parent=comment, state=State.APPROVED)
            deciding.withdraw(comment, NOW, deciding.AUTHOR, "author")
        else:
            with api.env.adopt_roles(["Manager"]):
                api.content.delete(item)
        assert kept(site) == set(), way


def test_addresses_are_kept_as_long_as_they_are_needed(site, page):
    asks(said(page))
    confirmed(said(page), "paul@town.example")
    subscriptions.prune(site, NOW + timedelta(days=2))
    assert kept(site) == {JEANNE, "paul@town.example"}
    subscriptions.prune(site, NOW + timedelta(days=4))
    assert kept(site) == {"paul@town.example"}
    subscriptions.prune(site, NOW + timedelta(days=settings().keep_email + 1))
    assert len(Comments(site).subscriptions) == 0


def test_a_page_of_an_adopted_site_tells_nothing_old(site, page):
    old = said(page, "Avant", state=State.APPROVED)
    said(page, "Réponse d'avant", parent=old, state=State.APPROVED)
    Comments(site).forget(page.UID())
    mine = said(page, "Moi", parent=old, state=State.APPROVED)
    confirmed(mine)
    said(page, "Après", parent=mine, state=State.APPROVED)
    assert [one["body"].count("Après") for one in answers(site)] == [1]
