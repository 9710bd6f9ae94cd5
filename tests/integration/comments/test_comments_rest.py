"""plone.restapi's @comments: the same way in as the form, and no more told than the page tells."""

from collective.socialterritory import clock
from collective.socialterritory.comments import deciding
from collective.socialterritory.comments import posting
from collective.socialterritory.comments.model import State
from collective.socialterritory.comments.settings import settings
from collective.socialterritory.comments.store import Comments
from commenting import news
from commenting import said
from datetime import timedelta
from rest import Client

import pytest
import transaction


TEXT = "Le nouveau parc est une très bonne idée."


@pytest.fixture
def page(town):
    page = news(town.site)
    transaction.commit()
    return page


@pytest.fixture
def visitor(town):
    return Client(town.site.absolute_url(), "")


@pytest.fixture
def member(town):
    return Client(town.site.absolute_url(), "member")


def typed(page, **said):
    token = posting.form_token(page, clock.now() - timedelta(minutes=1))
    return {"text": TEXT, "author_name": "Jeanne", "token": token, **said}


def test_anybody_posts_with_the_token_of_the_form(town, page, visitor):
    form = visitor.get("bancs/@comment-form")
    assert form.headers["Cache-Control"] == "private, no-store"
    told = form.json()
    assert told["open"] and told["not_before"] == 3 and told["longest"] == 5000
    young = visitor.post("bancs/@comments", {"text": TEXT, "author_name": "Jeanne", "token": told["token"]})
    assert (young.status_code, young.json()["error"]["code"]) == (400, "token_young")
    answer = visitor.post("bancs/@comments", typed(page))
    said = answer.json()
    assert answer.status_code == 201 and said["waits"] and answer.headers["Location"] == said["@id"]
    assert visitor.get("bancs/@comments").json()["items_total"] == 0
    assert visitor.get(f"bancs/@comments/{said['comment_id']}").status_code == 404


def test_a_replay_gets_the_same_answer(town, page, visitor):
    body = typed(page)
    first, again = (visitor.post("bancs/@comments", body) for _ in range(2))
    assert (again.status_code, again.json()["comment_id"]) == (200, first.json()["comment_id"])


def test_a_get_of_comments_never_carries_a_token(town, page, visitor):
    assert "token" not in visitor.get("bancs/@comments").text


@pytest.mark.parametrize("body, status, code", [
    ({"token": ""}, 400, "token_forged"),
    ({"text": " "}, 400, "text_empty"),
    ({"text": "x" * 1_000_000}, 400, "text_long"),
    ({"text": None}, 400, "text_empty"),
    ({"text": ["x"]}, 400, "bad_request"),
    ({"text": {"data": "x"}}, 400, "bad_request"),
    ({"author_name": ""}, 400, "name_missing"),
    ({"author_email": "x"}, 400, "email_invalid"),
    ({"in_reply_to": "123"}, 400, "parent_gone"),
    ({"in_reply_to": [1]}, 400, "parent_gone"),
    ({"trap": "x"}, 400, "trapped"),
    ({"text": "\ud800 viagra"}, 409, "would_wait"),
    ([1], 400, "bad_request"),
    ("x", 400, "bad_request"),
])  # fmt: skip
def test_bad_input_gets_a_clear_answer_and_writes_nothing(town, page, visitor, body, status, code):
    settings().words = ["viagra"]
    transaction.commit()
    before = page._p_jar.db().lastTransaction()
    answer = visitor.post("bancs/@comments", typed(page, **body) if isinstance(body, dict) else body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert page._p_jar.db().lastTransaction() == before


def test_a_member_needs_no_token_and_others_cannot_make_their_browser_post(town, page, member):
    assert member.post("bancs/@comments", {"text": TEXT}).status_code == 201
    browser = Client(member.url, "")
    login = {"__ac_name": "member", "__ac_password": "A-long-one-1", "buttons.login": "1"}
    browser.session.post(f"{member.url}/login", data=login, headers={"Accept": "text/html"})
    assert browser.session.cookies.get("__ac")
    for kind in ("text/plain", "application/x-www-form-urlencoded"):
        answer = browser.post("bancs/@comments", data=f'{{"text": "{kind}"}}', headers={"Content-Type": kind})
        assert answer.status_code == 415
    assert browser.post("bancs/@comments", {"text": "Par JSON"}).status_code == 201


def test_limits_hold_here_too(town, page, visitor):
    settings().per_site = 5
    transaction.commit()
    answers = [visitor.post("bancs/@comments", typed(page, text=f"Avis {number}")) for number in range(6)]
    assert [answer.status_code for answer in answers] == [201] * 5 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_a_forged_header_neither_evades_limits_nor_bans_others(town, page, visitor):
    settings().per_site = 5
    transaction.commit()
    codes = []
    for number in range(6):
        visitor.session.headers["X-Forwarded-For"] = f"93.184.{number}.1"
        codes.append(visitor.post("bancs/@comments", typed(page, text=f"Avis {number}")).status_code)
    assert codes == [201] * 5 + [429]


def test_batches_count_and_hold_what_the_caller_may_see(town, page, visitor):
    for number in range(7):
        said(page, f"Avis {number}", state=State.APPROVED)
    said(page, "Attend")
    transaction.commit()
    answer = visitor.get("bancs/@comments", b_size=3).json()
    assert (answer["items_total"], len(answer["items"])) == (7, 3) and "next" in answer["batching"]
    told = town.webmaster.get("bancs/@comments")
    assert told.json()["items_total"] == 8 and told.headers["Cache-Control"] == "private, no-store"
    assert len(visitor.get("bancs/@comments", b_size=1000).json()["items"]) == 7
    assert visitor.get("bancs/@comments", b_size="x", b_start="-4").status_code in (200, 400)


def test_states_are_told_to_those_who_may_see_them(town, page, visitor, member):
    shown = said(page, state=State.APPROVED)
    transaction.commit()
    member.post("bancs/@comments", {"text": "De moi"})
    items = member.get("bancs/@comments").json()["items"]
    assert [item.get("review_state") for item in items] == [None, "pending"]
    assert "rules" not in items[1]
    items = town.webmaster.get("bancs/@comments").json()["items"]
    assert [(item["review_state"], item["visible"]) for item in items] == [("published", True), ("pending", False)]
    (item,) = visitor.get("bancs/@comments").json()["items"]
    assert item["comment_id"] == shown.id and not {"review_state", "rules", "hidden", "revision"} & set(item)
    assert not {"token", "author_email", "origin"} & set(item)
    assert not item["is_editable"] and not item["is_deletable"]


def test_moderators_change_and_delete_and_the_log_knows(town, page, visitor, member):
    comment = said(page, state=State.APPROVED)
    transaction.commit()
    where = f"bancs/@comments/{comment.id}"
    for client in (visitor, member):
        assert client.patch(where, {"text": "Autre"}).status_code == 401
        assert client.session.delete(f"{client.url}/{where}").status_code == 401
    assert town.webmaster.patch(where, {"text": "Autre", "revision": 99}).status_code == 409
    assert town.webmaster.patch(where, {"text": "Autre"}).status_code == 204
    assert visitor.get(where).json()["text"]["data"] == "Autre"
    assert town.webmaster.session.delete(f"{visitor.url}/{where}").status_code == 204
    transaction.begin()
    key = f"{page.UID()}.{comment.id}"
    assert [event.action for event in Comments(town.site).history(key)][-2:] == ["edit", "delete"]
    assert deciding.find(key) is None


def test_a_member_s_change_of_what_was_approved_waits_again_and_the_original_is_kept(town, page, visitor, member):
    settings().first_wait = 0
    transaction.commit()
    said = member.post("bancs/@comments", {"text": TEXT}).json()
    where = f"bancs/@comments/{said['comment_id']}"
    assert not said["waits"] and visitor.get(where).status_code == 200
    assert Client(member.url, "second").patch(where, {"text": "Pirate"}).status_code == 401
    assert member.patch(where, {"text": "Une mauvaise idée."}).status_code == 204
    assert visitor.get(where).status_code == 404
    mine = member.get(where).json()
    assert mine["review_state"] == "pending" and mine["is_editable"] and mine["is_deletable"]
    transaction.begin()
    key = f"{page.UID()}.{said['comment_id']}"
    assert TEXT in [event.original for event in Comments(town.site).history(key)]
    settings().grace = 0
    transaction.commit()
    late = member.patch(where, {"text": "Trop tard"})
    assert (late.status_code, late.json()["error"]["code"]) == (403, "too_late")


def test_a_member_takes_a_comment_back_and_answers_stay(town, page, visitor, member):
    settings().first_wait = 0
    transaction.commit()
    first = member.post("bancs/@comments", {"text": TEXT}).json()["comment_id"]
    member.post(f"bancs/@comments/{first}", {"text": "Et encore"})
    assert member.session.delete(f"{member.url}/bancs/@comments/{first}").status_code == 204
    items = visitor.get("bancs/@comments").json()["items"]
    assert [(item["gone"], item["text"]["data"]) for item in items] == [("author", ""), (None, "Et encore")]
    assert member.post(f"bancs/@comments/{first}", {"text": "Plus rien"}).json()["error"]["code"] == "parent_gone"


def test_where_comments_are_not_ours_the_service_is_as_it_was(town, page, member):
    settings().active = False
    page.allow_discussion = True
    transaction.commit()
    answer = member.post("bancs/@comments", {"text": TEXT})
    assert answer.status_code == 204, answer.text
    answer = member.get("bancs/@comments").json()
    assert "source" not in (answer["items"] or [{}])[0]
