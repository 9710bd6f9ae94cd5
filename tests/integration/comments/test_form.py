"""The page on which people comment: by hand, as a browser without JavaScript does it."""

from bs4 import BeautifulSoup
from collective.socialterritory import clock
from collective.socialterritory.comments import facts
from collective.socialterritory.comments.model import State
from collective.socialterritory.comments.settings import settings
from collective.socialterritory.interfaces import settings as site_settings
from commenting import news
from commenting import said
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from plone import api
from plone.app.discussion.interfaces import IConversation

import pytest
import transaction


HTML = {"Accept": "text/html"}
TEXT = "Merci pour les bancs.\n\nBonne idée !"


@pytest.fixture
def bench(town):
    page = news(town.site)
    transaction.commit()
    return page


class Form:
    """Of one person: opened, filled in and sent. `ahead`: seconds that have passed since it was opened."""

    def __init__(self, town, who="anonymous", query=""):
        self.session = getattr(town, who).session
        self.url = f"{town.url}/bancs/@@social-comment"
        self.ahead = 0
        self._read("GET", self.url + query)

    def _read(self, method, url, **options):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(clock, "now", lambda now=clock.now: now() + timedelta(seconds=self.ahead))
            self.answer = self.session.request(method, url, headers=HTML, timeout=30, **options)
        transaction.begin()
        self.page = BeautifulSoup(self.answer.text, "html.parser")
        form = self.page.select_one("#social-comment-form form")
        self.fields = {
            one["name"]: one.get("value") or (one.text if one.name == "textarea" else "")
            for one in (form.select("[name]") if form else ())
            if one.name != "button" and (one.get("type") != "checkbox" or one.has_attr("checked"))
        }

    def send(self, after=4, **typed):
        """`after` seconds: people take some."""
        self.ahead += after
        self._read("POST", self.url, data={**self.fields, **typed})
        return self

    @property
    def said(self):
        return self.page.select_one("#social-comment-form").text

    @property
    def problem(self):
        found = self.page.select_one("#social-comment-problem")
        return found and found.text.strip()


def comments(page):
    transaction.begin()
    return list(IConversation(page).values())


def test_a_visitor_comments(town, bench):
    form = Form(town)
    assert form.answer.headers["Cache-Control"] == "private, no-store"
    assert form.page.select_one("h1").text == "Comment"
    form.send(text=TEXT, name="Jeanne", email="jeanne@home.example")
    assert "Thank you. Your comment waits for a moderator." in form.said
    (comment,) = comments(bench)
    assert (comment.text, comment.author_name, comment.author_email) == (TEXT, "Jeanne", "jeanne@home.example")
    assert facts.state(comment) == State.WAITING


@pytest.mark.parametrize("wants", [{}, {"notify": "1"}])
def test_who_wants_mails_about_answers_is_told_to_confirm_it(town, bench, wants):
    settings().notify_replies, site_settings().public_url = True, "https://www.town.example"
    api.portal.set_registry_record("plone.smtp_host", "localhost")
    api.portal.set_registry_record("plone.email_from_address", "mairie@town.example")
    transaction.commit()
    form = Form(town).send(text=TEXT, name="Jeanne", email="jeanne@home.example", **wants)
    assert ("confirm by its link" in form.said) == bool(wants)


def test_a_member_comments_under_their_own_name(town, bench):
    form = Form(town, "member")
    assert "name" not in form.fields and "email" not in form.fields
    assert "You comment as" in form.said and "Member" in form.said
    form.send(text=TEXT)
    (comment,) = comments(bench)
    assert (comment.author_name, facts.facts(comment).author) == ("Member", "user:member")


def test_who_may_pass_sees_it_at_once(town, bench):
    form = Form(town, "webmaster").send(text=TEXT)
    (comment,) = comments(bench)
    assert "Thank you. Your comment is on the page." in form.said
    (link,) = [link["href"] for link in form.page.select("#social-comment-form a.btn")]
    assert link == f"{town.url}/bancs?comment={comment.id}#comment-{comment.id}"


def test_an_answer_says_what_it_answers(town, bench):
    first = said(bench, "Où sont-ils ?", name="Ali", state=State.APPROVED)
    transaction.commit()
    form = Form(town, query=f"?answer={first.id}")
    assert form.page.select_one("h1").text == "Answer to Ali"
    assert "Où sont-ils ?" in form.page.select_one("blockquote").text
    form.send(text="Au parc.", name="Jeanne")
    assert [comment.in_reply_to or None for comment in comments(bench)] == [None, int(first.id)]


def test_an_answer_to_nothing_is_a_comment(town, bench):
    for said_so in ("x", "12", "-1", "9" * 23):
        form = Form(town, query=f"?answer={said_so}")
        assert form.answer.status_code == 200 and "answer" not in form.fields, said_so


def test_nobody_reads_what_waits_by_answering_it(town, bench):
    first = said(bench, "Secret", name="Ali")
    transaction.commit()
    assert "Secret" not in Form(town, query=f"?answer={first.id}").answer.text


WRONG = [
    ({"text": ""}, "text", "Write something first."),
    ({"text": " \u200b\n"}, "text", "Write something first."),
    ({"text": "a" * 5001}, "text", "more than 5000 characters"),
    ({"name": ""}, "name", "Write a name"),
    ({"name": "J" * 101}, "name", "100 characters at most"),
    ({"email": "jeanne"}, "email", "not an e-mail address"),
]


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(town, bench):
    right = {"text": TEXT, "name": "Jeanne", "email": "j@home.example"}
    form = Form(town)
    for typed, field, words in WRONG:
        whole = {**right, **typed}
        form.send(**whole)
        assert {name: form.fields[name].strip() for name in whole} == {name: whole[name].strip() for name in whole}
        wrong = form.page.select_one(f"#social-comment-{field}")
        assert wrong["aria-invalid"] == "true"
        beside = form.page.select_one(f"#{wrong['aria-describedby'].split()[0]}")
        assert words in beside.text and words in form.problem
        summary = form.page.select_one("#social-comment-problem")
        assert summary.has_attr("autofocus") and summary.a["href"] == f"#social-comment-{field}"
        assert form.page.select("[aria-invalid]") == [wrong]
    form.send(**right)
    assert len(comments(bench)) == 1


def test_a_form_that_was_open_too_long_has_a_new_token_when_it_is_shown_again(town, bench):
    form = Form(town).send(after=8000, text=TEXT, name="Jeanne")
    assert "more than two hours" in form.problem and form.fields["text"] == TEXT
    assert form.page.select_one("#portal-logo, #portal-footer")
    form.send(after=1)
    assert [comment.text for comment in comments(bench)] == [TEXT]


@pytest.mark.parametrize("typed", [{"token": "x.y"}, {"token": ""}, {"website": "https://spam.example"}])
def test_what_machines_meet_is_drawn_without_the_site_around_and_loses_nothing(town, bench, typed):
    form = Form(town).send(text=TEXT, name="Jeanne", **typed)
    assert form.fields["text"] == TEXT and form.fields["name"] == "Jeanne"
    assert len(form.answer.content) < 15_000 and not form.page.select("#portal-footer")
    assert comments(bench) == []
    form.send(website="")
    assert len(comments(bench)) == 1


def test_a_machine_that_makes_other_mistakes_costs_no_more(town, bench):
    for typed in ({"text": ""}, {"text": "a" * 20_000}, {"name": ""}, {"email": "x"}):
        whole = {"text": TEXT, "name": "Jeanne", **typed}
        assert Form(town).send(**whole).page.select("#portal-footer")
        assert not Form(town).send(**whole, token="x.y").page.select("#portal-footer")


def test_who_is_too_fast_sends_it_again(town, bench):
    form = Form(town).send(after=0, text=TEXT, name="Jeanne")
    assert "very fast" in form.problem
    form.send()
    assert len(comments(bench)) == 1


def test_a_second_click_adds_nothing(town, bench):
    form = Form(town)
    fields = dict(form.fields, text=TEXT, name="Jeanne")
    form.send(**fields)
    form.fields = fields
    form.send()
    assert "Thank you" in form.said and len(comments(bench)) == 1


def test_somebody_is_warned_before_it_waits_and_may_send_it_anyway(town, bench):
    settings().words = ["casino*"]
    settings().anonymous_wait = False
    transaction.commit()
    form = Form(town).send(text="Un casino ?", name="Jeanne")
    assert "a moderator looks at it more closely before it is shown" in form.problem
    assert "casino" in form.page.select_one("#social-comment-problem li").text
    assert form.page.select("[aria-invalid]") == [] and comments(bench) == []
    button = form.page.select_one("button[name=anyway]")
    form.send(after=1, anyway=button["value"])
    assert "waits for a moderator" in form.said and len(comments(bench)) == 1


@pytest.mark.parametrize("how", ["closed", "paused"])
def test_what_was_typed_can_be_copied_where_it_closed_meanwhile(town, bench, how):
    form = Form(town)
    if how == "closed":
        bench.allow_discussion = False
    else:
        site_settings().pause_start = datetime.now(UTC).replace(tzinfo=None) - timedelta(hours=1)
    transaction.commit()
    form.send(text=TEXT, name="Jeanne")
    area = form.page.select_one("textarea")
    assert area.text == TEXT and area.has_attr("readonly")
    assert form.page.select("button") == [] or not form.page.select("#social-comment-form button")
    assert comments(bench) == []
    assert form.problem


def test_an_answer_to_what_is_gone_can_be_said_to_all(town, bench):
    first = said(bench, "Un", state=State.APPROVED)
    transaction.commit()
    form = Form(town, query=f"?answer={first.id}")
    del IConversation(bench)[first.id]
    transaction.commit()
    form.send(text=TEXT, name="Jeanne")
    assert "no longer here" in form.problem and form.fields["text"] == TEXT and "answer" not in form.fields
    form.send()
    assert [comment.in_reply_to or None for comment in comments(bench)] == [None]


def test_a_full_queue_keeps_what_was_typed(town, bench):
    settings().queue_most = 10
    for number in range(10):
        said(bench, f"Attend {number}")
    transaction.commit()
    form = Form(town).send(text=TEXT, name="Jeanne")
    assert "Very many comments wait" in form.problem and form.fields["text"] == TEXT


def test_a_member_s_browser_is_not_made_to_comment_by_another_site(town, bench):
    form = Form(town, "member")
    form.send(text=TEXT, _authenticator="forged")
    assert comments(bench) == [] and form.fields["text"] == TEXT
    form.send()
    assert len(comments(bench)) == 1


def test_who_logs_in_meanwhile_sends_it_again_under_their_own_name(town, bench):
    form = Form(town)
    form.session = town.member.session
    form.send(text=TEXT, name="Jeanne")
    assert "You are logged in now." in form.problem and form.fields["text"] == TEXT and "name" not in form.fields
    form.send()
    assert [comment.author_name for comment in comments(bench)] == ["Member"]


def test_where_visitors_may_not_comment_they_are_led_to_the_log_in(town, bench):
    api.portal.set_registry_record("plone.app.discussion.interfaces.IDiscussionSettings.anonymous_comments", False)
    transaction.commit()
    form = Form(town)
    assert "/login?came_from=" in form.answer.url or form.page.select("#__ac_name")


def test_a_closed_page_says_so_and_has_no_form(town, bench):
    bench.allow_discussion = False
    transaction.commit()
    form = Form(town)
    assert "Comments are closed." in form.said and form.fields == {}


def test_the_form_says_what_becomes_of_what_is_typed(town, bench):
    settings().charter_url = "https://www.town.example/charte"
    transaction.commit()
    form = Form(town)
    assert form.page.select_one('a[href="https://www.town.example/charte"]')
    assert "Your e-mail address is optional" in form.page.select_one("details").text
    assert "It will not be published." in form.said and "5000 characters" in form.said


def test_a_script_gets_the_form_alone(town, bench):
    form = Form(town, query="?fragment=1")
    assert form.page.select("#social-comment-form form") and not form.page.select("#portal-footer, body > div > nav")
    form.send(fragment="1", text=TEXT, name="Jeanne")
    assert "Thank you" in form.said and not form.page.select("#portal-footer")


def test_where_comments_are_not_ours_there_is_no_such_page(town, bench):
    settings().active = False
    transaction.commit()
    assert Form(town).answer.status_code == 404
