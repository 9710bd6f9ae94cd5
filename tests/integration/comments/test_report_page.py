"""The page on which visitors report, with the same gate as posting."""

from collective.socialterritory.comments import deciding
from collective.socialterritory.comments import facts
from collective.socialterritory.comments import posting
from collective.socialterritory.comments import visible
from collective.socialterritory.comments.model import State
from collective.socialterritory.comments.rules import signing
from collective.socialterritory.comments.rules.limits import Place
from collective.socialterritory.comments.rules.reports import known
from collective.socialterritory.comments.store import Comments
from commenting import news
from commenting import said
from datetime import timedelta
from letters import mails
from letters import with_mail
from outsiders import Outsider
from rest import PASSWORD

import collective.socialterritory.clock as clock
import pytest
import transaction


PAGE = "@@social-report"
NOTICE = {
    "reason": "illegal",
    "text": "Appel à la violence, article 24",
    "name": "Jeanne Martin",
    "email": "jeanne@town.example",
    "sure": "1",
}


class Reporter(Outsider):
    def __init__(self, town, monkeypatch):
        super().__init__(town.url)
        self.site, self.network = with_mail(town.site), 1
        self.comment = said(news(town.site), state=State.APPROVED)
        transaction.commit()
        monkeypatch.setattr(posting, "place", lambda request: Place(f"192.0.{self.network}.0/24"))

    def open(self):
        return self.get(f"{PAGE}?comment={facts.key(self.comment)}")

    def send(self, token=None, **fields):
        """Half a minute after the form was opened."""
        form = self.open().form()
        return super().send(form=form, token=self.token() if token is None else token, **fields)

    def token(self, key="", age=timedelta(seconds=30), secret=b""):
        secret = secret or Comments(self.site).secret
        return signing.form_token(secret, f"report {key or facts.key(self.comment)}", "n", clock.now() - age)

    @property
    def reports(self):
        transaction.begin()
        return known(facts.facts(self.comment).reports)


@pytest.fixture
def reporter(town, monkeypatch):
    return Reporter(town, monkeypatch)


def test_a_visitor_reports_without_a_name(reporter):
    reporter.send(reason="insult", text="Il vise ma voisine")
    assert "Thank you" in reporter.text and "reference" not in reporter.text
    (report,) = reporter.reports
    assert (report.reason, report.text, report.email) == ("insult", "Il vise ma voisine", "")
    assert mails(reporter.site, NOTICE["email"]) == []


def test_illegal_content_gets_a_reference_number_on_screen_and_by_mail(reporter):
    reporter.send(**NOTICE)
    (report,) = reporter.reports
    assert report.id in reporter.text
    (mail,) = mails(reporter.site, NOTICE["email"])
    assert report.id in mail["subject"]


def test_what_is_missing_is_said_beside_the_field_and_nothing_typed_is_lost(reporter):
    reporter.send(**{**NOTICE, "text": " ", "email": "jeanne@", "sure": ""})
    assert reporter.reports == ()
    for name in ("text", "email", "sure"):
        assert reporter.page.get_element_by_id(f"social-{name}-error").text_content().strip()
        assert reporter.page.xpath(f"//a[contains(@href, '#social-{name}')]")
    assert not reporter.page.xpath("//*[@id='social-name-error']")
    form = reporter.form()
    assert (form.fields["name"], form.fields["email"], form.fields["reason"]) == ("Jeanne Martin", "jeanne@", "illegal")
    reporter.send()
    assert "Choose a reason" in reporter.text


def test_headers_cannot_be_smuggled_into_mails(reporter):
    for field in ("name", "email"):
        reporter.send(**{**NOTICE, field: f"{NOTICE[field]}\r\nBcc: all@town.example"})
    assert [one["to"] for one in mails(reporter.site) if "report" in one["subject"]] == [NOTICE["email"]]
    assert [one.name for one in reporter.reports] == ["Jeanne Martin Bcc: all@town.example"]


@pytest.mark.parametrize("case", ["none", "forged", "another comment", "expired", "young"])
def test_only_a_form_of_this_comment_that_somebody_had_time_to_read_is_taken(reporter, case):
    token = {
        "none": "",
        "forged": reporter.token(secret=b"x" * 32),
        "another comment": reporter.token(f"{facts.key(reporter.comment)}1"),
        "expired": reporter.token(age=timedelta(hours=3)),
        "young": reporter.token(age=timedelta(0)),
    }[case]
    reporter.send(token, reason="insult", text="Gardez mes mots")
    assert reporter.reports == ()
    assert reporter.form().fields["text"] == "Gardez mes mots"
    assert reporter.page.xpath("//*[@role='alert']")


def test_a_robot_that_fills_every_field_reports_nothing(reporter):
    reporter.send(reason="insult", website="http://spam.example")
    assert reporter.reports == () and reporter.form().fields["website"] in ("", None)


def test_a_replay_is_one_report_with_one_number(reporter):
    for _time in range(3):
        reporter.send(reporter.token(), **NOTICE)
    (report,) = reporter.reports
    assert report.id in reporter.text and len(mails(reporter.site, NOTICE["email"])) == 1


def test_a_flood_from_one_network_hides_nothing_and_is_held_off(reporter):
    held = 0
    for number in range(25):
        reporter.send(reason=("insult", "hate", "privacy", "other")[number % 4], text=f"no {number}")
        held += "try again" in reporter.text
    assert visible.visible(reporter.comment) and held
    assert {one.origin for one in reporter.reports} == {reporter.reports[0].origin}


def test_several_networks_hide_it_and_the_next_one_reads_so(reporter):
    for reporter.network in range(1, 4):
        reporter.send(reason="insult")
    transaction.begin()
    assert not visible.visible(reporter.comment)
    reporter.open()
    assert reporter.answer.status_code == 410 and "nothing left to report" in reporter.text


@pytest.mark.parametrize("case", ["waits", "gone", "no key", "markup"])
def test_what_nobody_sees_is_not_there_whatever_it_is(reporter, case):
    waiting = said(facts.page(reporter.comment), "Un secret")
    key = facts.key(waiting if case == "waits" else reporter.comment)
    if case == "gone":
        deciding.delete(reporter.comment)
    transaction.commit()
    key = {"no key": "", "markup": "<script>alert(1)</script>"}.get(case, key)
    for method in ("get", "post"):
        getattr(reporter, method)(f"{PAGE}?comment={key}")
        assert (reporter.answer.status_code, "Un secret" in reporter.answer.text) == (410, False)
        assert "<script>alert" not in reporter.answer.text


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_programs_that_follow_links_report_nothing(reporter, method):
    query = "&".join(f"{name}={value}" for name, value in {**NOTICE, "token": reporter.token()}.items())
    reporter.get(f"{PAGE}?comment={facts.key(reporter.comment)}&{query}", method)
    assert reporter.answer.status_code == 200 and reporter.reports == ()


def test_from_the_browser_of_a_member_another_site_reports_nothing(reporter):
    reporter.session.auth = ("member", PASSWORD)
    reporter.post(PAGE, comment=facts.key(reporter.comment), token=reporter.token(), reason="insult")
    assert (reporter.answer.status_code, reporter.reports) == (403, ())
    reporter.send(reason="insult")
    assert len(reporter.reports) == 1


def test_a_megabyte_of_marks_is_answered_and_not_kept(reporter):
    reporter.send(reason="insult", text="\u202e<b>" * 20_000, name="x" * 1000)
    assert reporter.reports == () and "2000 characters" in reporter.text
    reporter.send(reason="insult", text="\u202e<b>" * 100_000)
    assert (reporter.answer.status_code, reporter.reports) == (400, ())
