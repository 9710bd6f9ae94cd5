"""What an account says back to somebody who answered a post: validated, sent and on record as any post."""

from collective.socialterritory.crosspost import correcting
from collective.socialterritory.crosspost.model import Operation
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.errors import ContentError
from collective.socialterritory.errors import DecisionError
from collective.socialterritory.interfaces import IAnswering
from collective.socialterritory.interfaces import IOutbox
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from follow import by_operation
from follow import change
from follow import offered
from follow import page
from follow import published
from follow import said_yes
from follow import tab
from plone import api
from working import work
from zope.globalrequest import setRequest

import pytest
import transaction


TO, URL = "42", "https://reseau.example/@lectrice/42"


@pytest.fixture
def item(town):
    return published(town)


@pytest.fixture
def answer(town, item):
    """Somebody without any right on the account says something."""

    def answer(text="De rien", post="", to=TO, user="member"):
        setRequest(town.functional["request"])
        post = post or by_operation(town, item, "post")[0].id
        with api.env.adopt_user(user):
            id = IAnswering(town.site).answer(post, to, URL, text)
        transaction.commit()
        return id

    return answer


def the(town, item):
    (made,) = by_operation(town, item, "answer")
    return made


def test_it_leaves_when_a_validator_said_yes(town, item, answer):
    id = answer()
    made = the(town, item)
    assert (made.id, made.state, made.authors) == (id, State.PENDING, ("member", *made.authors[1:]))
    assert (made.target_id, made.target_url, made.rendition.text) == (TO, URL, "De rien")
    said_yes(town)
    made = the(town, item)
    assert made.state is State.DELIVERED and made.receipt_id
    assert "De rien" in page(town.validator, "@@social-register").get_text()


def test_to_ask_twice_is_to_ask_once(town, item, answer):
    assert answer() == answer() == answer("  De rien\u200e ")
    other = answer("Merci à vous")
    assert len({other, answer(), answer(to="43")}) == 3
    said_yes(town)
    assert len(by_operation(town, item, "answer")) == 3
    assert {made.state for made in by_operation(town, item, "answer")} == {State.DELIVERED}
    assert answer() in [made.id for made in by_operation(town, item, "answer")]


def test_what_was_refused_may_be_said_again(town, item, answer):
    first = answer()
    waiting = town.validator.listed(state="pending")[0]
    assert town.validator.decide(waiting, "reject", note="Non").status_code == 200
    transaction.begin()
    assert answer() != first


def test_an_account_without_validation_still_asks_for_one_for_strangers(town, item, answer):
    """Whoever may post there needs none."""
    town.account.validation = "none"
    transaction.commit()
    answer()
    assert the(town, item).state is State.PENDING
    answer("De rien !", user="editor")
    states = {made.rendition.text: made.state for made in by_operation(town, item, "answer")}
    assert states == {"De rien": State.PENDING, "De rien !": State.QUEUED}


def test_it_keeps_no_correction_from_the_post(town, item, answer):
    change(town, item, title="Marché samedi à 9 h")
    answer()
    assert "edit" in offered(tab(town.editor, item))
    said_yes(town)
    assert "edit" in offered(tab(town.editor, item))


def test_the_desk_says_what_it_is_and_where_it_goes(town, item, answer):
    answer()
    desk = page(town.validator, "@@social-desk")
    assert "Answer to a reader" in desk.get_text()
    assert desk.find("a", href=URL)
    assert "Leave the post as it is" not in desk.get_text()


def test_it_goes_with_its_post(town, item, answer):
    answer()
    said_yes(town)
    withdrawn(town, by_operation(town, item, "post")[0].id)
    said_yes(town)
    assert [made.state for made in by_operation(town, item, "delete")] == [State.DELIVERED] * 2


def test_a_post_that_is_out_no_more_is_not_answered_below(town, item, answer):
    post = by_operation(town, item, "post")[0].id
    answer("Attend encore")
    withdrawn(town, post)
    for waiting in town.validator.listed(state="pending"):
        if waiting["operation"] == "delete":
            town.validator.decide(waiting, "approve", fingerprint=waiting["fingerprint"])
    work(town.functional)
    with pytest.raises(DecisionError) as info:
        answer(post=post)
    assert info.value.code == "no_such_way"
    said_yes(town)
    assert the(town, item).state is State.CANCELLED


@pytest.mark.parametrize("post", ["", "x", "x.y"])
def test_no_such_post(town, item, answer, post):
    with pytest.raises(DecisionError), api.env.adopt_user("member"):
        IAnswering(town.site).answer(post, TO, URL, "De rien")


@pytest.mark.parametrize("text, code", [(" ", "text_needed"), ("é" * 301, "text_too_long")])
def test_texts_that_cannot_be_said(answer, text, code):
    with pytest.raises(ContentError) as info:
        answer(text)
    assert info.value.code == code


def withdrawn(town, id):
    """Somebody asks for a post to be taken away."""
    setRequest(town.functional["request"])
    with api.env.adopt_user("editor"):
        correcting.withdraw(town.site, id)
    transaction.commit()


# What went out


def test_posts_that_went_out_since(town, item, answer):
    outbox, now = IOutbox(town.site), datetime.now(UTC)
    answer()
    said_yes(town)
    post = by_operation(town, item, "post")[0]
    assert [one.id for one in outbox.posted(now - timedelta(hours=1))] == [post.id]
    assert list(outbox.posted(now + timedelta(hours=1))) == []
    outbox.archive(now + timedelta(days=2))
    assert list(outbox.live()) == []
    assert [one.id for one in outbox.posted(now - timedelta(hours=1))] == [post.id]
    assert post.operation is Operation.POST
