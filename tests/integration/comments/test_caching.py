"""What browsers and proxies keep of a page goes when its comments change, and holds nothing of one person."""

from collective.socialterritory.comments import deciding
from collective.socialterritory.comments.caching import ETAG
from collective.socialterritory.comments.model import State
from commenting import news
from commenting import NOW
from commenting import said
from plone import api
from plone.app.testing import applyProfile
from z3c.caching.interfaces import IPurgeEvent
from zope.component import adapter
from zope.component import getGlobalSiteManager
from zope.component import provideHandler

import pytest
import transaction


@pytest.fixture
def bench(town):
    applyProfile(town.site, "plone.app.caching:default")
    applyProfile(town.site, "plone.app.caching:without-caching-proxy")
    api.portal.set_registry_record("plone.caching.interfaces.ICacheSettings.enabled", True)
    page = news(town.site)
    transaction.commit()
    return page


def asked(town, known="", who="anonymous"):
    transaction.commit()
    headers = {"Accept": "text/html", "If-None-Match": known}
    return getattr(town, who).session.get(f"{town.url}/bancs", headers=headers, timeout=30)


def test_the_etag_of_a_page_changes_with_its_comments_and_not_without(town, bench):
    known = asked(town).headers["ETag"]
    assert asked(town, known).status_code == 304
    comment = said(bench, "Un")
    deciding.move(comment, State.APPROVED, NOW, "")
    known = changed(town, known)
    deciding.rewrite(comment, "Deux", NOW, "")
    known = changed(town, known)
    deciding.hide(comment, True, NOW, "")
    known = changed(town, known)
    bench.allow_discussion = False
    known = changed(town, known)
    assert asked(town, known).status_code == 304


def changed(town, known):
    answer = asked(town, known)
    assert answer.status_code == 200
    return answer.headers["ETag"]


def test_visitors_are_not_told_that_something_waits(town, bench):
    known = asked(town).headers["ETag"]
    said(bench, "Attend")
    assert asked(town).headers["ETag"].split("|")[-2] == known.split("|")[-2]


def test_a_member_who_just_commented_sees_it(town, bench):
    known = asked(town, who="member").headers["ETag"]
    said(bench, "À moi", author="user:member")
    assert "À moi" in asked(town, known, "member").text


def test_nothing_on_a_page_for_visitors_is_of_one_of_them(town, bench):
    said(bench, "Un", state=State.APPROVED)
    first, second = asked(town), asked(town)
    assert first.text == second.text and "Set-Cookie" not in first.headers
    assert "token" not in first.text.partition('id="social-comments"')[2].partition("</section>")[0]


def test_proxies_are_asked_to_forget_the_page(portal, page):
    purged = []
    handler = adapter(IPurgeEvent)(lambda event: purged.append(event.object.getId()))
    provideHandler(handler)
    comment = said(page, "Un")
    assert purged == []
    deciding.move(comment, State.APPROVED, NOW, "")
    deciding.rewrite(comment, "Deux", NOW, "")
    deciding.hide(comment, True, NOW, "")
    getGlobalSiteManager().unregisterHandler(handler)
    assert purged == ["bancs"] * 3


def test_uninstalling_takes_our_part_out_of_the_etags(town, bench):
    applyProfile(town.site, "collective.socialterritory:default")

    def parts():
        registry = town.site.portal_registry
        lists = [name for name in registry.records if name.startswith("plone.app.caching") and name.endswith(".etags")]
        return [name for name in lists if ETAG in (registry[name] or ())]

    assert len(parts()) > 1
    town.site.portal_setup.runAllImportStepsFromProfile("collective.socialterritory:uninstall")
    assert parts() == []
