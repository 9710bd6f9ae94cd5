"""Who changed an account's template does not approve these words, whatever came in between."""

from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.crosspost import changes
from collective.socialterritory.crosspost import worker
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.crosspost.worker import Deliver
from collective.socialterritory.interfaces import settings
from collective.socialterritory.worker import Pool
from collective.socialterritory.worker import Senders
from dataclasses import replace
from datetime import datetime
from datetime import UTC
from transaction import TransactionManager
from working import work

import pytest
import transaction


@pytest.fixture
def rewrite(town):
    """`second`, who validates for the town, changes its template."""
    town.account.manage_addLocalRoles("second", ["Social Connector", "Site Administrator"])
    transaction.commit()

    def done(template="Nouveau : {title} {link}"):
        fields = {"template": template}
        assert town.second.patch(f"social-accounts/{town.account.getId()}", fields).status_code == 204

    return done


def refused(town, item):
    """Whether `second` may not approve what would be said now, and another may."""
    (post,) = town.stored(item)
    listed = {"id": post.id}
    town.second.decide(listed, "approve", fingerprint=post.fingerprint)  # perhaps stale, then the next look is fresh
    (post,) = town.stored(item)
    assert post.rendition.text.startswith("Nouveau")
    answers = [
        person.decide(listed, "approve", fingerprint=post.fingerprint) for person in (town.second, town.validator)
    ]
    return [answer.status_code for answer in answers] == [403, 200]


def remembered(town):
    return Accounts(town.site).get(town.account.UID()).rewriters


@pytest.mark.parametrize("state", [State.REJECTED, State.FAILED])
def test_a_post_that_comes_back_later(town, rewrite, state):
    item = town.news()
    (post,) = town.stored(item)
    Outbox(town.site).save(replace(post, state=state))
    transaction.commit()
    rewrite()
    work(town.functional)
    assert remembered(town) == ()
    name = "revise" if state is State.REJECTED else "resend"
    assert town.editor.decide({"id": post.id}, name).status_code == 200
    work(town.functional)
    assert refused(town, item)


def test_a_post_that_was_changed_at_the_same_time(town, rewrite, monkeypatch):
    monkeypatch.setattr(worker, "FOLLOWED", 1)
    items = [town.news("Une"), town.news("Deux")]
    rewrite()
    follow, met = changes.follow_account, []

    def meanwhile(site, outbox, account, id):
        follow(site, outbox, account, id)
        if not met:
            met.append(id)
            beside = site._p_jar.db().open(TransactionManager())
            beside.get(outbox._find(id)._p_oid)["item_title"] = "Autre"
            beside.transaction_manager.commit()
            beside.close()

    monkeypatch.setattr(changes, "follow_account", meanwhile)
    work(town.functional)
    assert remembered(town) == ("second",)
    work(town.functional)
    assert remembered(town) == ()
    assert [refused(town, item) for item in items] == [True, True]


def test_a_post_that_could_not_be_looked_at(town, rewrite, monkeypatch):
    items = [town.news("Une"), town.news("Deux")]
    rewrite()
    bad, follow = town.stored(items[0])[0].id, changes.follow_account

    def stumbling(site, outbox, account, id):
        if id == bad:
            raise RuntimeError("for a while")
        follow(site, outbox, account, id)

    with monkeypatch.context() as patched:
        patched.setattr(changes, "follow_account", stumbling)
        work(town.functional)
    assert remembered(town) == ("second",)
    assert "second" in town.stored(items[1])[0].authors
    work(town.functional)
    assert remembered(town) == ()
    assert [refused(town, item) for item in items] == [True, True]


def test_words_changed_once_more_by_the_same_person(town, rewrite, monkeypatch):
    """A post planned while the others followed the first change does not know of the second."""
    monkeypatch.setattr(worker, "FOLLOWED", 1)
    town.news("Une")
    town.news("Deux")
    rewrite("Essai : {title} {link}")
    job, pool = Deliver(), Pool(Senders(1))
    now = datetime.now(UTC)
    job.step(town.site, pool, now)
    late = town.news("Trois")
    rewrite()
    transaction.begin()
    job.step(town.site, pool, now)
    job.step(town.site, pool, now)
    assert remembered(town) == ("second",)
    assert refused(town, late)


def test_a_post_that_is_newer_than_the_change_has_its_own_authors(town, rewrite):
    rewrite()
    item = town.news()
    work(town.functional)
    (post,) = town.stored(item)
    assert (post.authors, remembered(town)) == (("editor",), ())


def test_a_copy_that_may_not_send_waits_in_peace(town, rewrite):
    town.news()
    rewrite()
    settings().deployment = "elsewhere"
    transaction.commit()
    assert Deliver().step(town.site, Pool(Senders(1)), datetime.now(UTC)) > 1
