"""What visitors report: counted by network, hiding, settled and answered."""

from AccessControl import Unauthorized
from collective.socialterritory.comments import acting
from collective.socialterritory.comments import deciding
from collective.socialterritory.comments import facts
from collective.socialterritory.comments import report_letters
from collective.socialterritory.comments import reports
from collective.socialterritory.comments import salts
from collective.socialterritory.comments import visible
from collective.socialterritory.comments.catalogue import found
from collective.socialterritory.comments.catalogue import moderated
from collective.socialterritory.comments.model import Action
from collective.socialterritory.comments.model import Decided
from collective.socialterritory.comments.model import Refusal
from collective.socialterritory.comments.model import State
from collective.socialterritory.comments.rules.reports import known
from collective.socialterritory.comments.rules.reports import MOST
from collective.socialterritory.comments.rules.reports import Report
from collective.socialterritory.comments.settings import settings
from collective.socialterritory.comments.store import Comments
from commenting import news
from commenting import NOW
from commenting import said
from datetime import timedelta
from letters import mails
from letters import with_mail
from plone import api
from plone.app.testing import logout

import pytest


SOON = NOW + timedelta(hours=1)
WHY = "Incite à la violence, article 24"
JEANNE = "jeanne@town.example"


@pytest.fixture
def site(portal, page):
    return with_mail(portal)


@pytest.fixture
def comment(site, page):
    return said(page, state=State.APPROVED)


def report(comment, network=1, reason="insult", now=NOW, **more):
    return reports.submit(comment, Report("", "", reason, **more), f"192.0.{network}.0/24" if network else "", now)


def notice(comment, network=1, email=JEANNE, **more):
    return report(comment, network, "illegal", name="Jeanne Martin", email=email, text=WHY, **more)


def of(comment):
    return known(facts.facts(comment).reports)


def seen(comment):
    logout()
    return visible.visible(comment) and bool(api.content.find(portal_type="Discussion Item"))


def test_enough_networks_hide_it_until_somebody_has_looked(comment, moderator):
    for network in range(settings().hide_reports - 1):
        report(comment, network + 1)
    assert seen(comment)
    report(comment, 9)
    assert not seen(comment)
    assert [event.action for event in Comments(api.portal.get()).history(facts.key(comment))][-1] == Action.HIDE
    with api.env.adopt_user(username=moderator):
        assert len(moderated(words=["reported", "hidden"])) == 1
        reports.settle_all(comment, False, NOW, moderator)
        assert not moderated(words=["reported"]) and not moderated(words=["hidden"])
    assert seen(comment)
    for network in range(20, 30):
        report(comment, network)
    assert seen(comment), "somebody looked at that reason"
    for network in range(30, 33):
        report(comment, network, "privacy")
    assert not seen(comment)


def test_one_network_hides_nothing_by_itself_whatever_it_says_and_on_whichever_day(comment):
    for day in range(4):
        now = NOW + timedelta(days=day)
        for reason in ("insult", "hate", "privacy", "off-topic"):
            report(comment, reason=reason, now=now)
        for number in range(4):
            notice(comment, email=f"p{number}@town.example", now=now)
    assert seen(comment)
    assert len({one.origin for one in of(comment)}) == 1 and len(of(comment)) == 8


def test_who_cannot_be_told_apart_counts_as_one(comment):
    for _time in range(9):
        report(comment, 0)
        report(comment, 0, "hate")
    assert seen(comment) and len(of(comment)) == 2


def test_no_network_is_kept(comment):
    report(comment)
    (one,) = of(comment)
    assert "192.0" not in str(facts.facts(comment).reports)
    assert one.origin.startswith(f"{NOW.date()}:")
    salts.expire(api.portal.get(), NOW + timedelta(days=30), 7)
    report(comment, now=NOW + timedelta(days=30))
    assert len(of(comment)) == 1 or of(comment)[0].origin != of(comment)[1].origin


def test_never_where_the_settings_say_so(comment):
    settings().hide_reports = 0
    for network in range(9):
        report(comment, network + 1)
    assert seen(comment)


def test_an_answer_of_the_body_is_hidden_by_nobody_but_reported_all_the_same(comment, page):
    answer = said(page, "La mairie répond.", parent=comment, state=State.APPROVED, official=True)
    for network in range(1, 6):
        report(answer, network)
    assert visible.visible(answer) and facts.facts(answer).reported


def test_a_notice_is_acknowledged_and_answered(site, comment, moderator):
    sent = notice(comment)
    assert sent.id.startswith("20261123-")
    assert notice(comment, network=2) == sent, "sent twice"
    (mail,) = mails(site, JEANNE)
    assert sent.id in mail["subject"] and "Jeanne" not in mail["body"] and WHY not in mail["body"]
    with api.env.adopt_user(username=moderator):
        deciding.decide(comment, Action.REJECT, NOW, reason="hate")
        reports.settle(comment, sent.id, True, SOON, moderator, "Vous aviez raison.")
        with pytest.raises(Decided):
            reports.settle(comment, sent.id, False, NOW, moderator)
    assert len(mails(site, JEANNE)) == 1, "it can still be undone"
    report_letters.answer(site, SOON + timedelta(minutes=11))
    report_letters.answer(site, SOON + timedelta(minutes=12))
    _received, mail = mails(site, JEANNE)
    assert "not shown any more" in mail["body"]
    assert "Vous aviez raison." in mail["body"] and "Hateful" in mail["body"]
    (kept,) = of(comment)
    assert not found(["to-answer"])
    assert (kept.name, kept.email, kept.upheld, kept.by, bool(kept.settled)) == ("", "", "yes", moderator, True)
    event = deciding.latest(comment)
    assert (event.action, event.by, event.note) == (Action.SETTLE, moderator, "Vous aviez raison.")


def test_what_stands_is_answered_too(site, comment, moderator):
    sent = notice(comment)
    with api.env.adopt_user(username=moderator):
        reports.settle(comment, sent.id, False, SOON, moderator, "Opinion, et non injure.")
    report_letters.answer(site, SOON + timedelta(minutes=11))
    mail = mails(site, JEANNE)[-1]
    assert "not shown" not in mail["body"]
    assert "Opinion, et non injure." in mail["body"]
    assert seen(comment)


def test_who_decides_and_undoes_it_has_settled_nothing(site, comment, moderator):
    sent = notice(comment)
    for network in range(2, 4):
        report(comment, network)
    with api.env.adopt_user(username=moderator):
        for action in (Action.REJECT, Action.RECALL):
            acting.act(site, [facts.key(comment)], action, NOW, reason="hate")
    report_letters.answer(site, NOW + timedelta(minutes=11))
    assert len(mails(site, JEANNE)) == 1
    assert [one.settled for one in of(comment)] == [""] * 3 and not visible.visible(comment)
    with api.env.adopt_user(username=moderator):
        acting.act(site, [facts.key(comment)], Action.REJECT, SOON, reason="hate")
        deciding.remove(comment, SOON)
    assert [("Hateful" in one["body"], sent.id in one["subject"]) for one in mails(site, JEANNE)][1:] == [(True, True)]


def test_only_moderators_settle(comment, moderator):
    sent = report(comment)
    logout()
    with pytest.raises(Unauthorized):
        reports.settle(comment, sent.id, True, NOW, "")
    with api.env.adopt_user(username=moderator), pytest.raises(Refusal):
        reports.settle(comment, "20261123-NOTHIN", True, NOW, moderator)


@pytest.mark.parametrize("way", ["delete", "withdraw", "withdraw_alone", "page"])
def test_whoever_waits_for_an_answer_hears_that_it_is_gone(site, page, way):
    comment = said(page, state=State.APPROVED)
    if way == "withdraw":
        said(page, "Oui", parent=comment, state=State.APPROVED)
    sent = notice(comment)
    if way == "delete":
        deciding.delete(comment)
    elif way == "page":
        with api.env.adopt_roles(["Manager"]):
            api.content.delete(page)
    else:
        deciding.withdraw(comment, NOW, deciding.AUTHOR, "author")
    bodies = [one["body"] for one in mails(site, JEANNE) if sent.id in one["subject"]]
    assert sum("not there any more" in body for body in bodies) == 1 and len(bodies) == 2


def test_what_nobody_sees_cannot_be_reported(site, page, comment):
    waiting = said(page)
    below = said(page, parent=waiting, state=State.APPROVED)
    for one in (waiting, below):
        with pytest.raises(Refusal) as refused:
            report(one)
        assert refused.value.code == "report_gone"


def test_a_withdrawn_and_reported_comment_keeps_nobody_s_answers_hidden(site, page, comment):
    answer = said(page, "Oui", parent=comment, state=State.APPROVED)
    for network in range(1, 4):
        report(comment, network)
    assert not seen(answer)
    deciding.withdraw(comment, NOW, deciding.AUTHOR, "author")
    assert seen(answer) and of(comment) == ()


def test_a_flood_is_bounded(site, comment):
    settings().hide_reports = 0
    with pytest.raises(Refusal):
        for network in range(MOST + 1):
            report(comment, network + 1)
    assert len(of(comment)) == MOST


def test_what_moderators_have_looked_at_leaves_room_for_others(comment, moderator):
    settings().hide_reports = 0
    for number in range(MOST):
        report(comment, number + 1)
    with api.env.adopt_user(username=moderator):
        reports.settle_all(comment, False, NOW, moderator)
    notice(comment, 200)
    assert len(of(comment)) == MOST and of(comment)[-1].reason == "illegal"


def test_no_mailbox_is_flooded_through_notices(site, page):
    for number in range(6):
        notice(said(page, state=State.APPROVED), number)
    assert len(mails(site, JEANNE)) == 3


def test_a_report_keeps_no_moderator_from_deciding(comment, moderator):
    revision = facts.facts(comment).revision
    report(comment)
    with api.env.adopt_user(username=moderator):
        deciding.decide(comment, Action.REJECT, NOW, revision, "insult")


def test_no_address_and_no_words_reach_the_catalogue_or_the_log(site, comment):
    notice(comment)
    (brain,) = found()
    catalogue = site.portal_catalog
    stored = str(catalogue.getIndexDataForRID(brain.getRID())) + str(catalogue.getMetadataForRID(brain.getRID()))
    assert "reported" in stored
    for secret in (JEANNE, "Martin", WHY):
        assert secret not in stored + str(list(Comments(site).log()))


def test_a_page_elsewhere_is_not_concerned(site, portal, comment):
    other = said(news(portal, "autre"), state=State.APPROVED)
    for network in range(1, 4):
        report(comment, network)
    assert visible.visible(other) and of(other) == ()
