"""The news changes after its post went out: what is offered, who must say yes, and what the record keeps."""

from collective.socialterritory.crosspost.actions import SUBMIT
from collective.socialterritory.crosspost.correcting import correct
from collective.socialterritory.crosspost.correcting import withdraw
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.rules.states import step
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.errors import NotAllowed
from follow import by_operation
from follow import change
from follow import offered
from follow import page
from follow import press
from follow import published
from follow import said_yes
from follow import tab
from plone import api
from working import work

import pytest
import transaction


OLD, NEW = "Marché samedi à 8 h", "Marché samedi à 9 h"


@pytest.fixture
def item(town):
    return published(town)


def seen(town):
    """What readers of the training network read."""
    soup = page(town.anonymous, "@@social-sandbox")
    return [post.get_text() for post in soup.find_all(class_="social-said")]


def test_nothing_is_offered_while_the_post_says_what_the_news_says(town, item):
    assert offered(tab(town.editor, item)) == {"withdraw"}
    assert "say something else" not in page(town.editor, item.getId()).get_text()


def test_the_author_is_shown_what_can_be_done(town, item):
    change(town, item, title=NEW)
    assert "Posts that say something else than this news item: 1" in page(town.editor, item.getId()).get_text()
    soup = tab(town.editor, item)
    assert offered(soup) == {"edit", "replace", "reply", "by_hand", "withdraw"}
    assert [change.get_text() for change in soup.select(".social-follow del, .social-follow ins")]


def test_others_are_offered_nothing(town, item):
    change(town, item, title=NEW)
    assert town.member.session.get(f"{town.url}/{item.getId()}/@@social-networks").status_code in (401, 403)
    form = {"delivery": town.stored(item)[0].id, "correct": "edit"}
    for client in (town.member, town.anonymous):
        client.session.post(f"{town.url}/{item.getId()}/@@social-networks", data=form)
    assert len(town.stored(item)) == 1


def test_who_may_not_post_corrects_and_takes_away_nothing(town, item):
    change(town, item, title=NEW)
    town.site.manage_permission(SUBMIT, ["Manager"])
    transaction.commit()
    assert offered(tab(town.editor, item)) == set()
    id = town.stored(item)[0].id
    with api.env.adopt_user("editor"):
        with pytest.raises(NotAllowed):
            correct(town.site, id, "edit")
        with pytest.raises(NotAllowed):
            withdraw(town.site, id)
    with api.env.adopt_user("member"), pytest.raises(KeyError):
        correct(town.site, id, "edit")


def test_a_form_from_elsewhere_does_nothing(town, item):
    change(town, item, title=NEW)
    form = {"delivery": town.stored(item)[0].id, "correct": "withdraw"}
    answer = town.editor.session.post(f"{town.url}/{item.getId()}/@@social-networks", data=form)
    assert answer.status_code == 403
    assert len(town.stored(item)) == 1


def test_in_place_after_validation(town, item):
    change(town, item, title=NEW)
    press(town.editor, item, "edit")
    work(town.functional)
    (made,) = by_operation(town, item, "edit")
    assert made.state is State.PENDING
    assert OLD in "".join(seen(town))
    assert offered(tab(town.editor, item)) == set()
    said_yes(town)
    (text,) = seen(town)
    assert NEW in text and OLD not in text
    (made,) = by_operation(town, item, "edit")
    assert made.state is State.DELIVERED
    assert OLD in made.before and NEW in made.rendition.text and made.finished
    assert offered(tab(town.editor, item)) == {"withdraw"}


def test_the_line_above_the_news_says_when_its_posts_were_taken_away(town, item):
    press(town.editor, item, "withdraw")
    said_yes(town)
    work(town.functional)
    assert seen(town) == []
    told = page(town.editor, item.getId()).get_text()
    assert "Its posts were taken away from the networks." in told and "Nothing was posted" not in told


def test_who_wrote_it_does_not_approve_it(town, item):
    change(town, item, title=NEW)
    press(town.editor, item, "edit")
    (made,) = by_operation(town, item, "edit")
    assert "editor" in made.authors


def test_a_correction_that_waits_follows_the_news(town, item):
    change(town, item, title="Marché samedi à 10 h")
    press(town.editor, item, "edit")
    change(town, item, title=NEW)
    said_yes(town)
    assert NEW in "".join(seen(town))


def test_deleted_and_posted_again(town, item):
    change(town, item, title=NEW)
    press(town.editor, item, "replace")
    work(town.functional)
    assert OLD in "".join(seen(town))  # nobody said yes to the new one
    said_yes(town)
    work(town.functional)
    (text,) = seen(town)
    assert NEW in text
    assert [made.state for made in by_operation(town, item, "delete")] == [State.DELIVERED]
    assert [made.edition for made in by_operation(town, item, "post")] == [2, 1]


def test_the_old_post_stays_where_the_new_one_is_not_wanted(town, item):
    change(town, item, title=NEW)
    press(town.editor, item, "replace")
    (new,) = town.validator.listed(state="pending")
    town.validator.decide(new, "cancel")
    work(town.functional)
    assert OLD in "".join(seen(town))
    assert {made.state for made in town.stored(item)} == {State.DELIVERED, State.CANCELLED}


def test_an_answer_says_what_a_person_wrote(town, item):
    change(town, item, title=NEW)
    press(town.editor, item, "reply", note="Erratum : 9 h et non 8 h")
    change(town, item, title="Marché dimanche")  # the answer does not follow
    said_yes(town)
    assert any("Erratum : 9 h et non 8 h" in text for text in seen(town))
    (made,) = by_operation(town, item, "reply")
    assert made.target == by_operation(town, item, "post")[0].id and made.target_id


@pytest.mark.parametrize(
    ("text", "said"), [("  ", "Please write what the answer says"), ("e" * 301, "301 characters; 300")]
)
def test_an_answer_that_cannot_be_sent_is_kept_in_the_form(town, item, text, said):
    change(town, item, title=NEW)
    soup = press(town.editor, item, "reply", note=text)
    assert said in soup.get_text()
    assert soup.find("textarea", {"name": "note"}).get_text().strip() == (text.strip() or "Correction: " + NEW)
    assert len(town.stored(item)) == 1


def test_an_answer_begins_in_the_language_of_the_news(town, item):
    api.portal.set_registry_record("plone.available_languages", ["en", "fr"])
    transaction.commit()
    change(town, item, title=NEW, language="fr")
    area = tab(town.editor, item).find("textarea", {"name": "note"})
    assert area.get_text().strip() == "Correction\u202f: " + NEW


def test_by_hand_is_on_the_record_with_both_texts(town, item):
    change(town, item, title=NEW)
    press(town.editor, item, "by_hand")
    said_yes(town)
    (made,) = by_operation(town, item, "edit")
    assert made.state is State.UNCONFIRMED and made.error == "do_by_hand"
    soup = tab(town.editor, item)
    decisions = {button["value"]: button.get_text() for button in soup.find_all("button", {"name": "decision"})}
    assert "It is done" in decisions["confirm"] and "resend" not in decisions
    (shown,) = town.editor.listed(state="unconfirmed")
    assert town.editor.decide(shown, "confirm").status_code == 200
    (made,) = by_operation(town, item, "edit")
    assert made.state is State.DELIVERED and OLD in made.before and NEW in made.rendition.text
    assert offered(tab(town.editor, item)) == {"withdraw"}


def test_a_new_template_is_no_new_news(town, item):
    town.account.template = "Bonjour ! {title} {link}"
    transaction.commit()
    assert offered(tab(town.editor, item)) == {"withdraw"}


def test_pressed_twice_is_corrected_once(town, item):
    change(town, item, title=NEW)
    soup = tab(town.editor, item)
    form = soup.find("button", {"value": "edit"}).find_parent("form")
    fields = {field["name"]: field["value"] for field in form.find_all("input")} | {"correct": "edit"}
    for _turn in range(2):
        answer = town.editor.session.post(form["action"], data=fields, headers={"Accept": "text/html"})
    assert "somebody was faster" in answer.text
    assert len(by_operation(town, item, "edit")) == 1


def test_a_trusted_person_s_correction_leaves_at_once(town, item):
    town.account.trusted = ["Editor"]
    transaction.commit()
    change(town, item, title=NEW)
    press(town.editor, item, "edit")
    work(town.functional)
    assert NEW in "".join(seen(town))


@pytest.mark.parametrize("way", ["edit", "withdraw"])
def test_a_server_that_was_killed_meanwhile_tries_again_without_asking_anybody(town, item, way):
    town.account.trusted = ["Editor"]
    transaction.commit()
    change(town, item, title=NEW)
    press(town.editor, item, way)
    (made,) = by_operation(town, item, {"withdraw": "delete"}.get(way, way))
    assert made.state is State.QUEUED
    claimed = step(made, "claim", made.created, token="lost", lease=made.created, attempts=1, sent_at=made.created)
    Outbox(town.site).save(claimed)
    transaction.commit()
    work(town.functional)
    (made,) = by_operation(town, item, made.operation)
    assert made.state is State.DELIVERED and not made.doubt
    assert [event.name for event in made.log][-3:] == ["retry", "claim", "deliver"]
