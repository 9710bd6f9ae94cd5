"""Caches hear of what the worker stored: the ETags of pages change, and proxies are asked to forget."""

from collective.socialterritory.feeds import caching
from collective.socialterritory.feeds import content
from collective.socialterritory.interfaces import settings
from feeding import Feeding
from feeding import hurry
from feeding import rss
from hostile import hostile
from hostile import reply
from plone import api
from plone.app.testing import applyProfile
from plone.cachepurging.interfaces import IPurger
from working import work
from zope.component import getUtility
from zope.globalrequest import setRequest

import pytest
import time
import transaction


PROXIES = "plone.cachepurging.interfaces.ICachePurgingSettings."


@pytest.fixture
def feeding(town, monkeypatch):
    """A source that was looked at, on a site with caching."""
    applyProfile(town.site, "plone.app.caching:default")
    applyProfile(town.site, "plone.app.caching:without-caching-proxy")
    api.portal.set_registry_record("plone.caching.interfaces.ICacheSettings.enabled", True)
    settings().public_url = "https://www.town.example/ville"
    with Feeding() as server:
        monkeypatch.setenv("SOCIALTERRITORY_ALLOW", server.host)
        where = server.put("/feed.xml", rss({"title": "One"}))
        with api.env.adopt_roles(["Manager"]):
            fields = {"id": "news", "title": "News", "kind": "feed", "where": where}
            api.content.create(town.site[content.CONTAINER], content.SOURCE, **fields)
            page = api.content.create(town.site, "Document", id="page", title="Page")
            api.content.transition(page, to_state="published")
        transaction.commit()
        look(town)
        yield server


def look(town):
    work(town.functional)
    setRequest(town.functional["request"])


def test_the_etags_of_pages_change_when_the_worker_stored_something(town, feeding):
    def asked(known):
        headers = {"Accept": "text/html", "If-None-Match": known}
        return town.anonymous.session.get(f"{town.url}/page", headers=headers, timeout=30)

    known = asked("").headers["ETag"]
    assert asked(known).status_code == 304
    hurry(town)
    assert asked(known).status_code == 304, "nothing was new"
    feeding.put("/feed.xml", rss({"title": "Two"}))
    hurry(town)
    assert asked(known).status_code == 200 and asked(known).headers["ETag"] != known


def test_uninstalling_takes_our_part_out_of_the_etags(town, feeding):
    def parts():
        registry = town.site.portal_registry
        lists = [name for name in registry.records if name.startswith("plone.app.caching") and name.endswith(".etags")]
        return [name for name in lists if caching.ETAG in (registry[name] or ())]

    assert len(parts()) > 1
    town.site.portal_setup.runAllImportStepsFromProfile("collective.socialterritory:uninstall")
    assert parts() == []


def test_proxies_are_asked_to_forget_the_feed_when_it_changed_and_only_then(town, feeding):
    with hostile() as proxy:
        api.portal.set_registry_record(f"{PROXIES}enabled", True)
        api.portal.set_registry_record(f"{PROXIES}cachingProxies", (proxy.url,))
        transaction.commit()
        for path in ("/ville/social-feeds/news", "/ville/@social-feed/news"):
            proxy.answers[path] = reply(b"purged", 200, "Connection: close")
        hurry(town)  # nothing is new
        feeding.put("/feed.xml", rss({"title": "Two"}))
        hurry(town)
        assert asked(proxy, 2) == ["PURGE /ville/@social-feed/news", "PURGE /ville/social-feeds/news"]
        getUtility(IPurger).stopThreads(wait=True)


def asked(proxy, number):
    """All that it was asked, `number` requests at least."""
    until = time.monotonic() + 30
    while len(proxy.asked) < number and time.monotonic() < until:
        time.sleep(0.02)
    return sorted(request.split(b" HTTP")[0].decode() for request in proxy.asked)
