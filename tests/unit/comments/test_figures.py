"""Numbers of moderation, by month and by article of the charter."""

from collective.socialterritory.comments.model import Action
from collective.socialterritory.comments.model import Event
from collective.socialterritory.comments.rules.figures import months
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from zoneinfo import ZoneInfo


PARIS = ZoneInfo("Europe/Paris")


def line(day, action, comment="1", by="camille", reason=""):
    return Event(datetime(2026, 10, 1, 12, tzinfo=UTC) + timedelta(days=day), by, action, "u", comment, reason=reason)


def test_months_and_reasons():
    november, october = months(
        [
            line(0, Action.APPROVE),
            line(1, Action.REJECT, "2", reason="insult"),
            line(2, Action.FORWARD, "2"),
            line(40, Action.REJECT, "3", reason="insult"),
            line(41, Action.REJECT, "4", reason="hate"),
            line(42, Action.SPAM, "5"),
        ],
        UTC,
    )
    assert (november.month, october.month) == ("2026-11", "2026-10")
    assert november.actions == {Action.REJECT: 2, Action.SPAM: 1} and november.reasons == {"insult": 1, "hate": 1}
    assert october.actions == {Action.APPROVE: 1, Action.REJECT: 1}


def test_what_was_undone_was_not_decided_and_an_appeal_undoes_nothing():
    undone = [line(0, Action.REJECT, reason="hate"), line(1, Action.RECALL), line(2, Action.RECALL, "9")]
    assert months(undone, UTC) == []
    approved = [line(0, Action.APPROVE), line(1, Action.RECALL)]
    assert months(approved, UTC) == []
    (month,) = months([line(0, Action.REJECT, reason="hate"), line(1, Action.RECALL, by="author")], UTC)
    assert month.reasons == {"hate": 1}


def test_a_month_begins_at_the_site_s_midnight():
    late = Event(datetime(2026, 10, 31, 23, 30, tzinfo=UTC), "camille", Action.SPAM, "u", "1")
    assert [one.month for one in months([late], PARIS)] == ["2026-11"]
