"""One damaged record, or one start that fails, costs nobody else's posts, and nothing is lost by it."""

from collective.socialterritory import clock
from collective.socialterritory import wake
from collective.socialterritory import worker as hands
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.crosspost.worker import Deliver
from collective.socialterritory.worker import Worker
from datetime import timedelta
from working import work
from zope.component.hooks import getSite
from zope.component.hooks import setSite

import pytest
import transaction


@pytest.fixture
def damaged(town):
    """An item whose post is in a state that nobody knows."""
    item = town.news("Damaged", social_at=clock.now().replace(tzinfo=None) + timedelta(days=2))
    (post,) = town.stored(item)
    Outbox(town.site)._find(post.id)["state"] = "gone"
    transaction.commit()
    wake.hints("/plone")
    return item


def test_others_are_listed_decided_and_sent(town, damaged, caplog):
    item = town.news()
    assert len(town.validator.listed()) == 1
    (post,) = town.stored(item)
    assert town.validator.decide({"id": post.id}, "approve", fingerprint=post.fingerprint).status_code == 200
    wake.hints("/plone")  # only a sweep can find it
    work(town.functional)
    assert town.stored(item)[0].state is State.DELIVERED
    assert f"{damaged.UID()}." in caplog.text


def test_its_item_can_be_changed(town, damaged):
    assert town.editor.patch(damaged.getId(), {"title": "Mended"}).status_code == 204
    assert town.stored(damaged) == []


def test_it_is_kept_and_exported_as_it_is(town, damaged):
    item = town.news()
    exported = {record["content"]: record["state"] for record in Outbox(town.site).export()}
    assert exported == {damaged.UID(): "gone", item.UID(): "pending"}


def test_one_in_the_history_hides_no_other(town):
    ids = []
    for title in ("Old", "Older"):
        (post,) = town.stored(town.news(title))
        town.validator.decide({"id": post.id}, "cancel")
        ids.append(post.id)
    outbox = Outbox(town.site)
    outbox.archive(clock.now() + timedelta(days=2))
    outbox._find(ids[0])["state"] = "gone"
    assert [delivery.id for delivery in outbox.history()] == ids[1:]
    assert {record["id"] for record in outbox.export()} == {*ids}


def test_nothing_leaves_before_what_is_overdue_was_looked_at(town, monkeypatch):
    failing, seen = [True], []
    start, step = Deliver.start, Deliver.step

    def stumbling(self, site, now):
        seen.append("start")
        if failing[0]:
            raise RuntimeError("for a while")
        start(self, site, now)

    def stepping(self, site, pool, now):
        seen.append("step")
        return step(self, site, pool, now)

    monkeypatch.setattr(Deliver, "start", stumbling)
    monkeypatch.setattr(Deliver, "step", stepping)
    monkeypatch.setattr(hands, "commit", lambda write, tries=1: write())
    site = getSite()
    worker = Worker(town.functional["app"]._p_jar.db())
    worker.turn()
    worker.turn()
    assert seen == ["start", "start"]
    failing[0] = False
    worker.turn()
    worker.turn()
    worker.leave()
    setSite(site)
    assert seen[2:] == ["start", "step", "step"]


def test_what_another_version_wrote_beside_is_passed_over(town):
    item = town.news()
    (stored,) = town.stored(item)
    Outbox(town.site)._find(stored.id)["unheard_of"] = True
    assert town.stored(item) == [stored]
