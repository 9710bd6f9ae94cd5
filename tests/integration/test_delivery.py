"""From publication to the permalink, on the sandbox network, with a real worker."""

from collective.socialterritory.crosspost import notices
from collective.socialterritory.crosspost.content import facts
from collective.socialterritory.crosspost.content import find
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.interfaces import settings
from collective.socialterritory.mail import waiting
from hashlib import sha256
from plone import api
from plone.namedfile.file import NamedBlobImage
from working import work

import pytest
import transaction


pytest_plugins = ["editing"]


@pytest.fixture
def site(commune):
    return commune


@pytest.fixture
def account(feed):
    feed.validation = "none"
    transaction.commit()
    return feed


def test_published_item_is_delivered(functional, site, account):
    item = api.content.create(site, "News Item", title="Menu de la cantine")
    api.content.transition(item, to_state="published")
    transaction.commit()
    work(functional)
    (delivery,) = Outbox(site).of_item(item.UID())
    assert delivery.state is State.DELIVERED
    assert delivery.receipt_url.startswith("@@social-sandbox/")


def test_validators_are_asked_once_by_the_worker(functional, site, account):
    account.validation = "one"
    account.trusted = []
    api.user.create(email="camille@ville.example", username="camille", password="a-pass-of-mails")
    account.manage_setLocalRoles("camille", ["Social Validator"])
    transaction.commit()
    item = api.content.create(site, "News Item", title="Menu de la cantine")
    api.content.transition(item, to_state="published")
    transaction.commit()
    assert not list(waiting(site))
    settings().mail_to_page = True
    for _ in range(2):
        work(functional)
    ((_id, asked),) = waiting(site)
    assert asked["to"] == "camille@ville.example"
    (delivery,) = Outbox(site).of_item(item.UID())
    assert [event.name for event in delivery.log] == ["plan", "ask"]


def test_what_lost_its_item_behind_the_catalogue_is_cancelled(functional, site, account):
    account.validation = "one"
    account.trusted = []
    lost = published(site, "Lost")
    (delivery,) = Outbox(site).of_item(lost.UID())
    site._delOb(lost.getId())
    transaction.commit()
    work(functional)
    assert Outbox(site).get(delivery.id).state is State.CANCELLED


def test_another_item_of_that_name_above_is_not_taken_for_it(site):
    above = api.content.create(site, "News Item", "menu")
    below = api.content.create(api.content.create(site, "Folder", "archive"), "News Item", "menu")
    site["archive"]._delOb("menu")
    assert find(above.UID()) == above
    assert find(below.UID()) is None


def published(site, title):
    item = api.content.create(site, "News Item", title=title)
    api.content.transition(item, to_state="published")
    transaction.commit()
    return item


def test_one_damaged_delivery_does_not_stop_the_others(functional, site, account, monkeypatch):
    account.validation = "one"
    account.trusted = []
    posts = [Outbox(site).of_item(published(site, f"Menu {n}").UID())[0] for n in range(3)]
    damaged = posts[1].id
    ask = notices.ask

    def stumbling(site, delivery, now):
        ask(site, delivery, now)
        if delivery.id == damaged:
            raise ValueError(damaged)

    monkeypatch.setattr(notices, "ask", stumbling)
    api.user.create(email="camille@ville.example", username="camille", password="a-pass-of-mails")
    account.manage_setLocalRoles("camille", ["Social Validator"])
    transaction.commit()
    work(functional)
    names = {post.id: [event.name for event in Outbox(site).get(post.id).log] for post in posts}
    assert names == {post.id: ["plan"] if post.id == damaged else ["plan", "ask"] for post in posts}
    assert len([mail for _id, mail in waiting(site) if "Menu 1" in mail["subject"]]) == 0


def test_the_digest_follows_the_image(site):
    item = api.content.create(site, "News Item", title="Menu", image=NamedBlobImage(b"one", "image/jpeg", "a.jpg"))
    transaction.commit()
    first = facts(item).images[0].digest
    assert facts(item).images[0].digest == first == sha256(b"one").hexdigest()
    item.image._setData(b"other")
    assert facts(item).images[0].digest == sha256(b"other").hexdigest()
    transaction.commit()
    assert facts(item).images[0].digest == sha256(b"other").hexdigest()
    item.image._setData(b"third")
    transaction.abort()
    assert facts(item).images[0].digest == sha256(b"other").hexdigest()
