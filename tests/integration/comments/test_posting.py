"""How comments come in, and what keeps others out."""

from collective.socialterritory.comments import bans
from collective.socialterritory.comments import deciding
from collective.socialterritory.comments import facts
from collective.socialterritory.comments import posting
from collective.socialterritory.comments import visible
from collective.socialterritory.comments.catalogue import count
from collective.socialterritory.comments.installing import discussion
from collective.socialterritory.comments.model import Draft
from collective.socialterritory.comments.model import Refusal
from collective.socialterritory.comments.model import State
from collective.socialterritory.comments.model import Visitor
from collective.socialterritory.comments.settings import settings
from collective.socialterritory.comments.store import Comments
from collective.socialterritory.interfaces import settings as site_settings
from collective.socialterritory.messages import refusal_sentence
from collective.socialterritory.messages import rules_told
from collective.socialterritory.sentences.comments import REFUSALS
from commenting import news
from commenting import said
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from plone import api
from plone.app.testing import login
from plone.app.testing import logout
from zope.i18n import translate

import pytest


NOW = datetime.now(UTC)
TEXT = "Le nouveau parc est une très bonne idée."
MINUTE = timedelta(minutes=1)
THERE, ELSEWHERE = Visitor(network="93.184.216.0/24"), Visitor(network="8.8.8.0/24")
PAUL = Visitor("paul")


@pytest.fixture
def anybody(portal, page):
    logout()


@pytest.fixture
def paul(portal, page):
    with api.env.adopt_roles(["Manager"]):
        api.user.create(email="paul@town.example", username="paul", password="A-long-one-1")
    login(portal, "paul")


def post(page, text=TEXT, visitor=THERE, now=NOW, token=None, **typed):
    if token is None:
        token = "" if visitor.user else posting.form_token(page, now - MINUTE)
    return posting.submit(page, Draft(text, token=token, **{"name": "Jeanne", **typed}), visitor, now)


def refused(page, *args, **typed):
    with pytest.raises(Refusal) as refusal:
        post(page, *args, **typed)
    return refusal.value.code


def stored(answer):
    return deciding.find(answer.key)


def test_a_visitor_s_comment_waits_and_what_is_known_of_it_tells_nobody_who_it_was(portal, page, anybody):
    answer = post(page, email="Jeanne@ville.example")
    comment = stored(answer)
    known = facts.facts(comment)
    assert answer.waits and facts.state(comment) == State.WAITING
    assert (comment.text, comment.author_name, comment.author_email) == (TEXT, "Jeanne", "Jeanne@ville.example")
    assert known.author.startswith("mail:") and "jeanne" not in known.author
    day, _colon, mark = known.origin.partition(":")
    assert day == NOW.date().isoformat() and "93" not in mark[:2] and len(mark) == 24
    assert len(known.digest) == 24 and known.rules == ()


def test_a_member_s_first_ones_wait_and_then_they_pass(portal, page, paul):
    for number in range(3):
        answer = post(page, f"Avis {number}", PAUL, name="Un autre")
        assert answer.waits
        deciding.move(stored(answer), State.APPROVED, NOW, "")
    answer = post(page, "Avis 4", PAUL)
    comment = stored(answer)
    assert not answer.waits and facts.state(comment) == State.APPROVED
    assert (comment.author_name, comment.creator, comment.author_email) == ("paul", "paul", None)
    (event,) = Comments(portal).history(answer.key)
    assert (event.action, event.by) == ("approve", "")


def test_a_moderator_s_passes_and_is_never_slowed_down(portal, page, moderator):
    login(portal, moderator)
    settings().words = ["idée"]
    answers = [post(page, f"Une idée {number}", Visitor(moderator)) for number in range(9)]
    assert not any(answer.waits for answer in answers)


def test_a_replay_gets_the_answer_of_the_first_time(page, anybody):
    token = posting.form_token(page, NOW - MINUTE)
    first = post(page, token=token)
    again = post(page, token=token)
    assert again == replace(first, again=True)
    other = post(page, "Un autre texte, avec le même formulaire.", token=token)
    assert other.key != first.key
    assert count() == 2


def test_the_same_from_somebody_else_is_not_added_and_its_author_stays_unknown(page, anybody):
    post(page)
    assert refused(page, visitor=ELSEWHERE) == "said_here"
    assert refused(page, TEXT.upper(), visitor=ELSEWHERE) == "said_here"
    post(page, "Merci !")
    post(page, "Merci !", ELSEWHERE)
    assert count() == 3


def test_a_member_s_second_click_adds_nothing_and_the_same_answer_to_another_one_is_added(page, paul):
    parents = [said(page, f"Question {number}", state=State.APPROVED) for number in range(2)]
    first = post(page, "Oui", PAUL, parent=parents[0].id)
    assert post(page, "Oui", PAUL, parent=parents[0].id) == replace(first, again=True)
    assert post(page, "Oui", PAUL, parent=parents[1].id).key != first.key
    assert post(page, "Oui", PAUL, NOW + timedelta(hours=3), parent=parents[0].id).key != first.key


def test_forms_of_another_page_old_ones_and_forged_ones(portal, page, anybody):
    other = news(portal, "autre", "Autre page")
    assert refused(page, token="") == refused(page, token="x.y") == "token_forged"
    assert refused(page, token=posting.form_token(other, NOW - MINUTE)) == "token_forged"
    assert refused(page, token=posting.form_token(page, NOW)) == "token_young"
    assert refused(page, token=posting.form_token(page, NOW - timedelta(hours=3))) == "token_expired"
    assert refused(page, trap="x") == "trapped"
    assert count() == 0


def test_one_network_waits_and_others_do_not(page, anybody):
    codes = [post(page, f"Avis {number}").key for number in range(5)]
    assert len(set(codes)) == 5 and refused(page, "Avis 6") == "too_many"
    post(page, "Avis 6", ELSEWHERE)
    post(page, "Avis 7", now=NOW + timedelta(minutes=3))


def test_where_nobody_is_told_apart_the_site_s_limit_holds(page, anybody):
    settings().per_site = 12
    hidden = Visitor()
    for number in range(12):
        post(page, f"Avis {number}", hidden, NOW + timedelta(seconds=number))
    later = NOW + timedelta(seconds=20)
    assert refused(page, "Avis 12", hidden, later) == refused(page, "Avis 12", now=later) == "too_many"


def test_who_is_refused_for_the_network_takes_nothing_from_the_others(page, anybody):
    settings().per_site = 8
    for number in range(5):
        post(page, f"Avis {number}")
    for number in range(100):
        assert refused(page, f"Avis {number}") == "too_many"
    for number in range(3):
        post(page, f"Ici {number}", ELSEWHERE)
    assert refused(page, "Ici 3", ELSEWHERE) == "too_many"


def test_a_warning_first_then_it_waits_with_the_rules_that_hold_it(page, paul):
    settings().first_wait = 0
    settings().words = ["parc*"]
    with pytest.raises(Refusal) as warned:
        post(page, visitor=PAUL)
    assert (warned.value.code, warned.value.field, warned.value.rules) == ("would_wait", "text", ("word:parc*",))
    assert count() == 0
    answer = post(page, visitor=PAUL, anyway=True)
    assert answer.waits and facts.facts(stored(answer)).rules == ("word:parc*",)
    assert not post(page, "Une très bonne idée.", PAUL).waits


def test_the_same_on_many_pages_waits(portal, page, paul):
    settings().first_wait = 0
    pages = [news(portal, f"page-{number}") for number in range(3)]
    assert not any(post(there, visitor=PAUL).waits for there in pages)
    assert refused(page, visitor=PAUL) == "would_wait"
    assert post(page, visitor=PAUL, anyway=True).waits


def test_a_full_queue_takes_no_more_until_somebody_decided(page, anybody):
    settings().queue_most = 10
    settings().per_network = 100
    answers = [post(page, f"Avis {number}") for number in range(10)]
    later = NOW + MINUTE
    assert refused(page, "Avis 10", now=later) == "queue_full"
    deciding.move(stored(answers[0]), State.REJECTED, NOW, "")
    post(page, "Avis 10", now=later)


def test_who_is_banned_is_told_until_when(page, moderator):
    logout()
    first = post(page, email="jeanne@ville.example")
    made = bans.ban(stored(first), NOW, moderator)
    assert [one.network for one in made] == [False, True]
    assert refused(page, "Encore", ELSEWHERE, email=" JEANNE@ville.example") == "banned"
    assert refused(page, "Encore") == "banned"
    post(page, "Encore", ELSEWHERE)
    post(page, "Et encore", now=NOW + timedelta(days=8))
    assert refused(page, "Et", now=NOW + timedelta(days=8), email="jeanne@ville.example") == "banned"
    post(page, "Et", now=NOW + timedelta(days=31), email="jeanne@ville.example")
    assert bans.lift(made[0].of, NOW, moderator) and not bans.lift(made[0].of, NOW, moderator)
    post(page, "Me voici", ELSEWHERE, email="jeanne@ville.example")
    bans.expire(api.portal.get(), NOW + timedelta(days=8))
    assert not list(bans.entries(NOW))


def test_a_member_s_ban_is_no_ban_of_the_house_they_live_in(page, paul):
    made = bans.ban(stored(post(page, visitor=replace(PAUL, network=THERE.network))), NOW, "")
    assert [one.of for one in made] == ["user:paul"]
    assert refused(page, "Encore", PAUL) == "banned"
    logout()
    post(page, "Encore")


def test_a_thread_does_not_become_deeper_than_moderators_can_bear(page, anybody, monkeypatch):
    monkeypatch.setattr(visible, "DEEPEST", 3)
    thread = [said(page, state=State.APPROVED)]
    for number in range(1, 6):
        answer = stored(post(page, f"Une réponse de plus, numéro {number}", parent=thread[-1].id))
        deciding.move(answer, State.APPROVED, NOW, "")
        thread.append(answer)
    numbers = {int(one.id): number for number, one in enumerate(thread)}
    assert [numbers.get(one.in_reply_to) for one in thread] == [None, 0, 1, 2, 2, 2]


def test_answers_to_what_is_not_there(portal, page, anybody):
    settings().per_network = 100
    other = news(portal, "autre", "Autre page")
    waiting, gone = said(page), said(page, "Parti", state=State.APPROVED)
    elsewhere = said(other, state=State.APPROVED)
    below = said(page, parent=waiting, state=State.APPROVED)
    deciding.delete(gone)
    for parent in (waiting.id, gone.id, elsewhere.id, below.id, "0", "x", "-1", "9" * 30, "٣"):
        assert refused(page, parent=parent) == "parent_gone"
    fine = said(page, "Oui", state=State.APPROVED)
    answer = stored(post(page, parent=fine.id))
    assert answer.in_reply_to == int(fine.id)


def test_pages_that_take_no_comments(portal, page, anybody):
    page.allow_discussion = False
    assert refused(page) == "closed"
    page.allow_discussion = True
    site_settings().pause_start = (NOW - MINUTE).replace(tzinfo=None)
    assert refused(page) == "comments_paused"
    site_settings().pause_start = None
    discussion().anonymous_comments = False
    assert refused(page) == "log_in"
    discussion().anonymous_comments = True
    with api.env.adopt_roles(["Manager"]):
        api.content.transition(page, to_state="private")
    assert refused(page) == "item_gone"
    with pytest.raises(Refusal):
        posting.submit(None, Draft(TEXT), THERE, NOW)


def test_each_refusal_says_what_happened_in_both_languages(portal):
    told = {"longest": 5000, "minutes": 3, "until": NOW}
    rules = ("word:parc*", "host:bad.example", "links", "repeated")
    for code in REFUSALS:
        for language in ("en", "fr"):
            said = translate(refusal_sentence(code, told), target_language=language)
            assert "${" not in said and "…" not in said, said
    held = [translate(rule) for rule in rules_told(rules)]
    assert len(held) == 4 and "parc*" in held[0] and "bad.example" in held[1]


def test_what_another_add_on_lets_in_waits_too(portal, page, paul):
    comment = said(page)
    assert facts.state(comment) == State.WAITING
    portal.portal_workflow.comment_review_workflow.initial_state = "published"
    comment = said(page)
    assert facts.state(comment) == State.WAITING
    portal.portal_workflow.setChainForPortalTypes(("Discussion Item",), ("comment_one_state_workflow",))
    comment = said(page, state=State.APPROVED)
    assert facts.facts(comment).hidden
    assert list(visible.ids(page)) == []
    logout()
    assert not api.content.find(portal_type="Discussion Item")


def test_a_moderator_s_own_needs_nobody_whichever_way_it_comes(portal, page, moderator):
    login(portal, moderator)
    comment = said(page, state=State.APPROVED)
    assert list(visible.ids(page)) == [int(comment.id)]
