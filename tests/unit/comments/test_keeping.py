"""Data about people is kept for its days, no day less and none more."""

from collective.socialterritory.comments.model import Facts
from collective.socialterritory.comments.model import State
from collective.socialterritory.comments.rules import keeping
from collective.socialterritory.comments.rules.people import of_address
from datetime import datetime
from datetime import timedelta
from datetime import UTC

import pytest


NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DAYS = keeping.Days(email=365, origin=7, rejected=180, log=1095)
SECRET = b"secret"
MOMENT = timedelta(seconds=1)


def before(days):
    return NOW - timedelta(days=days)


def report(email="paul@example.org", days=0, origin=""):
    said = {"id": "1", "at": before(days).isoformat(), "reason": "insult", "text": "Voyez", "email": email}
    return {**said, "name": "Paul", "origin": origin}


def test_the_name_of_an_address_goes_with_the_address():
    known = Facts(author=of_address(SECRET, "jeanne@example.org"))
    assert keeping.forgotten(known, before(365) + MOMENT, NOW, DAYS) == {}
    assert keeping.forgotten(known, before(365), NOW, DAYS) == {"author": ""}


@pytest.mark.parametrize("author", ["user:jeanne", "net:mastodon:https://social.example/users/a", ""])
def test_members_and_network_authors_keep_their_name(author):
    assert keeping.forgotten(Facts(author=author), before(5000), NOW, DAYS) == {}


@pytest.mark.parametrize(("day", "goes"), [("2026-11-16", False), ("2026-11-15", True)])
def test_the_trace_of_a_network_goes_with_the_salt_of_its_day(day, goes):
    found = keeping.forgotten(Facts(origin=f"{day}:abc"), before(1), NOW, DAYS)
    assert found == ({"origin": ""} if goes else {})


def test_a_report_is_kept_and_who_sent_it_is_forgotten():
    old, young = report(days=365, origin="2025-11-23:abc"), report(days=364, origin="2026-11-20:abc")
    (first, second) = keeping.forgotten(Facts(reports=(old, young)), before(400), NOW, DAYS)["reports"]
    assert first == {"id": "1", "at": old["at"], "reason": "insult"}
    assert second == young
    assert keeping.forgotten(Facts(reports=(first, second)), before(400), NOW, DAYS) == {}


@pytest.mark.parametrize("state", State)
def test_only_what_is_refused_goes_altogether_and_only_once(state):
    refused = state in (State.REJECTED, State.SPAM)
    assert keeping.refuse(state, Facts(), before(180), NOW, DAYS) is refused
    assert not keeping.refuse(state, Facts(), before(180) + MOMENT, NOW, DAYS)
    assert not keeping.refuse(state, Facts(gone="erased"), before(180), NOW, DAYS)


def test_words_find_a_person_s_comments_and_reports_and_tell_no_address():
    known = Facts(origin="2026-11-23:abc", reports=(report(),))
    words = keeping.words(known, "jeanne@example.org", SECRET)
    assert words == [
        f"address:{of_address(SECRET, 'jeanne@example.org')}",
        f"reporter:{of_address(SECRET, 'paul@example.org')}",
        keeping.ADDRESS,
        keeping.TRACE,
    ]
    assert "example.org" not in " ".join(words)
    assert keeping.words(Facts(author="user:jeanne"), "", SECRET) == []
    assert keeping.words(Facts(reports=(report(email=""),)), "", SECRET) == [keeping.ADDRESS]
    assert keeping.words(Facts(reports=({"origin": "2026-11-23:abc"},)), "", SECRET) == [keeping.TRACE]


def test_a_reporter_is_forgotten_and_the_others_are_not():
    known = Facts(reports=(report(), report("other@example.org")))
    first, second = keeping.anonymous(known, of_address(SECRET, "paul@example.org"), SECRET)
    assert set(first) == {"id", "at", "reason"}
    assert second["email"] == "other@example.org"
