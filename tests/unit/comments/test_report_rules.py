"""Reports of visitors: what they must hold, which ones hide."""

from collective.socialterritory.comments.rules.reports import again
from collective.socialterritory.comments.rules.reports import due
from collective.socialterritory.comments.rules.reports import good_address
from collective.socialterritory.comments.rules.reports import hides
from collective.socialterritory.comments.rules.reports import known
from collective.socialterritory.comments.rules.reports import LONGEST
from collective.socialterritory.comments.rules.reports import name
from collective.socialterritory.comments.rules.reports import origin
from collective.socialterritory.comments.rules.reports import problems
from collective.socialterritory.comments.rules.reports import reference
from collective.socialterritory.comments.rules.reports import Report
from collective.socialterritory.comments.rules.reports import stored
from datetime import date

import pytest


REASONS = ("insult", "other")


def report(reason="insult", origin="d:1", **more):
    return Report("1", "2026-11-23T09:00:00+00:00", reason, origin, **more)


def notice(**more):
    said = {"text": "Incite à la haine", "name": "Jeanne", "email": "jeanne@town.example", **more}
    return report("illegal", **said)


def test_of_the_charter_s_reasons_one_is_enough():
    assert problems(report(), REASONS, sure=False) == {}
    assert problems(report("hate"), REASONS, sure=False) == {"reason": "report_reason"}
    assert problems(report(email="no", text="x" * (LONGEST + 1)), REASONS, False) == {
        "email": "email_bad",
        "text": "report_long",
    }


def test_a_notice_of_illegal_content_says_who_where_and_why():
    assert problems(notice(), REASONS, sure=True) == {}
    assert problems(report("illegal", text=" "), REASONS, sure=False) == {
        "text": "report_text",
        "email": "report_email",
        "name": "report_name",
        "sure": "report_sure",
    }


def test_abuse_of_children_is_reported_without_a_name():
    assert problems(report("minors", text="…"), REASONS, sure=True) == {}
    assert set(problems(report("minors"), REASONS, sure=True)) == {"text"}


@pytest.mark.parametrize(
    "address",
    ["", "no", "a@b", "a b@c.example", "a@c.example\nBcc: d@e.example", "a@c.example,d@e.example", f"{'a' * 200}@c.fr"],
)
def test_an_address_says_nothing_else_to_a_mail_server(address):
    assert not good_address(address)
    assert good_address("jeanne.martin+ville@mairie.town.example")


def test_a_name_is_one_line():
    assert name("Jeanne\r\nBcc: x@y.example" + "x" * 200) == ("Jeanne Bcc: x@y.example" + "x" * 200)[:100]


def test_networks_hide_together_and_none_alone():
    flood = [report(reason, "d:1") for reason in (*REASONS, "illegal") * 5]
    assert not hides(flood, 3)
    three = [report(origin=f"d:{number}") for number in range(3)]
    assert hides(three, 3) and not hides(three, 4) and not hides(three, 0)
    assert not hides([report(origin="")] * 9, 2)


def test_what_a_moderator_let_stand_is_hidden_for_that_reason_no_more():
    looked = report(settled="2026-11-23", upheld="no")
    others = [report(origin=f"d:{number}") for number in range(3)]
    assert not hides([looked, *others], 3)
    assert hides([looked, *(report("other", f"d:{number}") for number in range(3))], 3)


def test_settled_reports_are_not_counted():
    settled = [report(origin=f"d:{number}", settled="2026-11-23", upheld="yes") for number in range(3)]
    assert not hides([*settled, report(origin="d:9")], 3)


def test_the_same_network_says_it_once_until_somebody_has_looked():
    first = report()
    assert again([first], report()) is first
    assert again([first], report("other")) is None
    assert again([first], report(origin="d:2")) is None
    assert again([report(settled="2026-11-23", upheld="no")], report()) is None


def test_a_notice_is_the_same_when_it_is_of_the_same_person():
    first = notice()
    assert again([first], notice(email="Jeanne@town.example")) is first
    assert again([first], notice(email="paul@town.example")) is None


def test_a_network_keeps_its_first_trace():
    assert origin([report(origin="monday:1")], ["tuesday:7", "monday:1"]) == "monday:1"
    assert origin([report(origin="monday:2")], ["tuesday:7", "monday:1"]) == "tuesday:7"


def test_reports_are_kept_as_mappings():
    said = notice()
    assert known([{**said.stored(), "later": "x"}]) == (said,)
    assert "settled" not in said.stored() and said.legal and not report().legal


def test_who_reported_is_told_once_a_decision_stands():
    settled = notice(settled="2026-11-23T09:00:00+00:00", upheld="yes")
    assert due(settled, "2026-11-23T09:00:00+00:00") and not due(settled, "2026-11-23T08:59:00+00:00")
    assert not due(notice(), "2027") and not due(report(settled="2026"), "2027")
    assert stored([settled]) == (settled.stored(),)


def test_a_reference_can_be_told_on_the_telephone():
    assert reference(date(2026, 11, 23), lambda letters: letters[0]) == "20261123-222222"
