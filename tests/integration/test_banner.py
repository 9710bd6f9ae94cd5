"""What staff read on every page when something keeps posts back, and the line above a news item."""

from collective.socialterritory import clock
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.interfaces import settings
from datetime import datetime
from plone import api
from plone.testing.zope import Browser

import transaction


pytest_plugins = ["editing"]


def beat(commune):
    Outbox(commune).worker.update(beat=clock.now().isoformat())
    transaction.commit()


def test_the_banner_tells_staff_what_keeps_posts_from_leaving(commune, staff, feed, monkeypatch):
    beat(commune)
    staff.open(commune.absolute_url())
    assert "social-banner" not in staff.contents
    feed.title = "Town <i>feed</i>"
    Accounts(commune).mark(feed.UID(), link="reconnect")
    settings().pause_reason, settings().pause_by = "Crue", "Camille"
    settings().pause_start = datetime(2020, 1, 1)
    monkeypatch.delenv("SOCIALTERRITORY_KEYS")
    transaction.commit()
    staff.open(commune.absolute_url())
    assert "Town &lt;i&gt;feed&lt;/i&gt; must be reconnected" in staff.contents
    assert f"{feed.absolute_url()}/@@connect" in staff.contents
    assert "Everything is paused by Camille: Crue. It ends when somebody resumes." in staff.contents
    assert "No key is set" in staff.contents


def test_the_banner_tells_of_another_deployment_and_a_silent_worker(commune, staff, feed):
    staff.open(commune.absolute_url())
    assert "has not run yet" in staff.contents
    settings().deployment = "elsewhere"
    transaction.commit()
    staff.open(commune.absolute_url())
    assert "not the one that may send" in staff.contents


def test_the_banner_names_an_account_that_is_paused(commune, staff, feed):
    beat(commune)
    pause = {"pause_start": "2020-01-01T00:00:00+00:00", "pause_reason": "Travaux.", "pause_by": "Camille"}
    Accounts(commune).mark(feed.UID(), **pause)
    transaction.commit()
    staff.open(commune.absolute_url())
    assert "Town feed is paused by Camille: Travaux. Its posts are kept." in staff.contents
    Accounts(commune).mark(feed.UID(), pause_until="2020-01-02T00:00:00+00:00")
    transaction.commit()
    staff.open(commune.absolute_url())
    assert "social-banner" not in staff.contents


def test_others_see_no_banner(functional, commune, stranger, feed):
    Accounts(commune).mark(feed.UID(), link="reconnect")
    transaction.commit()
    for browser in (stranger, Browser(functional["app"])):
        browser.open(commune.absolute_url())
        assert "social-banner" not in browser.contents
        assert "social-summary" not in browser.contents


def test_the_summary_before_and_after_publication(functional, commune, staff, feed, news):
    feed.trusted = []
    feed.title = "<i>Town</i>"
    transaction.commit()
    staff.open(news.absolute_url())
    assert "At publication: &lt;i&gt;Town&lt;/i&gt;." in staff.contents
    api.content.transition(news, to_state="published")
    transaction.commit()
    staff.open(news.absolute_url())
    assert "News item published." in staff.contents
    assert f"{news.absolute_url()}/@@social-networks" in staff.contents
    visitor = Browser(functional["app"])
    visitor.open(news.absolute_url())
    assert "social-summary" not in visitor.contents
    assert "social.css" not in visitor.contents and "social.js" not in visitor.contents
