"""A template or campaign that changes is a change of what is said: by whoever edits the account."""

from collective.socialterritory.crosspost import worker
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.worker import Deliver
from collective.socialterritory.mail import waiting
from collective.socialterritory.worker import Pool
from collective.socialterritory.worker import Senders
from datetime import datetime
from datetime import UTC
from working import work

import pytest
import transaction


@pytest.fixture
def writer(town):
    """`second` validates for the town and may change its account."""
    town.account.manage_addLocalRoles("second", ["Social Connector", "Site Administrator"])
    transaction.commit()
    return town.second


def edit(town, client, **fields):
    assert client.patch(f"social-accounts/{town.account.getId()}", fields).status_code == 204


@pytest.mark.parametrize("fields", [{"template": "Nouveau : {title} {link}"}, {"campaign": "utm_source=ville"}])
def test_open_posts_follow_and_their_approvals_go(town, writer, fields):
    waits, approved = town.news("Attend"), town.news("Approuvée")
    (post,) = town.stored(approved)
    listed = {"id": post.id}
    assert town.validator.decide(listed, "hold").status_code == 200
    assert town.validator.decide(listed, "approve", fingerprint=post.fingerprint).status_code == 200
    edit(town, writer, **fields)
    work(town.functional)
    for item, event in ((waits, "edit"), (approved, "void")):
        (after,) = town.stored(item)
        assert (after.state, after.authors) == (State.PENDING, ("editor", "second"))
        assert ("Nouveau" in after.rendition.text) or ("utm_source=ville" in after.rendition.link)
        assert (event, "second") in [(line.name, line.by) for line in after.log]
    told = {mail["to"] for _id, mail in waiting(town.site) if "withdrawn" in mail["subject"]}
    assert told == {"editor@town.example", "second@town.example"}


def test_before_the_worker_came_by_its_editor_does_not_approve_either(town, writer):
    item = town.news()
    edit(town, writer, template="Nouveau : {title} {link}")
    (stored,) = town.stored(item)
    post = {"id": stored.id}
    assert town.second.decide(post, "approve", fingerprint=stored.fingerprint).status_code == 409
    (now,) = town.stored(item)
    assert (now.rendition.text.split()[0], now.authors) == ("Nouveau", ("editor", "second"))
    assert town.second.decide(post, "approve", fingerprint=now.fingerprint).status_code == 403
    assert town.validator.decide(post, "approve", fingerprint=now.fingerprint).status_code == 200


def test_other_settings_and_other_accounts_change_nothing(town, writer):
    item = town.news()
    edit(town, writer, gap=5, title="Ville")
    work(town.functional)
    (after,) = town.stored(item)
    assert after.authors == ("editor",)
    assert "edit" not in [line.name for line in after.log]


def test_a_trusted_editor_s_change_stays_trusted(town):
    town.account.trusted = ["Reviewer", "Site Administrator"]
    item = town.news("Demain", social_at=datetime(2031, 5, 5, tzinfo=UTC))
    edit(town, town.webmaster, template="Nouveau : {title} {link}")
    work(town.functional)
    (after,) = town.stored(item)
    assert (after.state, after.rendition.text.split()[0]) == (State.QUEUED, "Nouveau")
    assert [(a.by, a.trusted) for a in after.approvals] == [("webmaster", True)]


def test_many_open_posts_follow_some_at_a_time(town, writer, monkeypatch):
    monkeypatch.setattr(worker, "FOLLOWED", 2)
    items = [town.news(f"Nouvelle {number}") for number in range(5)]
    edit(town, writer, template="Nouveau : {title}")
    job, followed = Deliver(), []
    for _turn in range(4):
        job.step(town.site, Pool(Senders(1)), datetime.now(UTC))
        followed.append(sum("second" in town.stored(item)[0].authors for item in items))
    assert followed == [2, 4, 5, 5]
