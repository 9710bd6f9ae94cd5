"""Each translation goes to the accounts of its language, and no account says the same news twice by accident."""

from collective.socialterritory.crosspost.content import facts
from collective.socialterritory.crosspost.planning import submit
from collective.socialterritory.crosspost.rules.states import step
from collective.socialterritory.crosspost.store import Outbox
from concurrent.futures import ThreadPoolExecutor
from follow import page
from plone import api
from plone.app.multilingual.api import translate
from plone.app.multilingual.interfaces import ITranslationManager
from plone.app.testing import applyProfile
from Testing.makerequest import makerequest
from ZODB.POSException import ConflictError
from zope.component.hooks import setSite
from zope.globalrequest import setRequest

import pytest
import transaction


@pytest.fixture
def bilingual(town):
    setRequest(town.functional["request"])
    with api.env.adopt_roles(["Manager"]):
        api.portal.set_registry_record("plone.available_languages", ["en", "fr"])
        applyProfile(town.site, "plone.app.multilingual:default")
        accounts = {
            title: town.speaks(title, languages=languages, validation="none").UID()
            for title, languages in {"Français": ["fr"], "English": ["en"], "Both": ["fr", "en"], "All": []}.items()
        }
        town.account.validation = "none"
    transaction.commit()
    return {uid: title for title, uid in accounts.items()} | {town.account.UID(): "Town"}


def translations(town):
    """News in French and its English translation, neither of them public."""
    with api.env.adopt_roles(["Manager"]):
        french = api.content.create(town.site["fr"], "News Item", title="Marché", language="fr")
        english = translate(french, "en") or ITranslationManager(french).get_translation("en")
        english.title = "Market"
    transaction.commit()
    return french, english


def publish(*items):
    with api.env.adopt_roles(["Manager"]):
        for item in items:
            api.content.transition(item, to_state="published")
    transaction.commit()


def said(town, bilingual, item):
    return sorted(bilingual[made.account] for made in town.stored(item))


def test_each_to_the_accounts_of_its_language_and_never_twice(town, bilingual):
    french, english = translations(town)
    publish(french, english)
    assert said(town, bilingual, french) == ["All", "Both", "Français", "Town"]
    assert said(town, bilingual, english) == ["Both", "English"]
    told = page(town.webmaster, f"en/{english.getId()}/@@social-networks").get_text()
    assert told.count("Another translation of this item is posted on this account") == 2


def test_what_was_cancelled_is_no_post(town, bilingual):
    french, english = translations(town)
    publish(french)
    outbox = Outbox(town.site)
    for made in town.stored(french):
        outbox.save(step(made, "cancel", made.created))
    publish(english)
    assert said(town, bilingual, english) == ["All", "Both", "English", "Town"]


class Request:
    """Another one at the same time, in a thread with a connection of its own."""

    def __init__(self, town):
        self.db = town.functional["app"]._p_jar.db()
        self.id = town.site.getId()
        self.thread = ThreadPoolExecutor(1)

    def plan(self, item):
        return self.thread.submit(self._plan, "/".join(item.getPhysicalPath())).result()

    def _plan(self, path):
        transaction.abort()
        app = makerequest(self.db.open().root()["Application"])
        setSite(app[self.id])
        setRequest(app.REQUEST)
        with api.env.adopt_roles(["Manager"]):
            return [made.account for made in submit(app.unrestrictedTraverse(path))]

    def commit(self):
        self.thread.submit(transaction.commit).result()

    def end(self):
        self.thread.submit(transaction.abort).result()
        self.thread.submit(setSite).result()
        self.thread.submit(setRequest, None).result()
        self.thread.shutdown()


@pytest.fixture
def request_beside(town, bilingual):
    request = Request(town)
    yield request
    request.end()


def test_two_translations_planned_at_once_do_not_both_go(town, bilingual, request_beside):
    french, english = translations(town)
    assert "All" in {bilingual[account] for account in request_beside.plan(english)}
    with api.env.adopt_roles(["Manager"]):
        submit(french)
    transaction.commit()
    with pytest.raises(ConflictError):
        request_beside.commit()
    # Zope runs the request again.
    assert [bilingual[account] for account in request_beside.plan(english)] == ["English", "Both"]
    request_beside.commit()
    assert said(town, bilingual, french) == ["All", "Both", "Français", "Town"]
    assert said(town, bilingual, english) == ["Both", "English"]


def test_other_news_planned_at_once_do_not_conflict(town, bilingual, request_beside):
    first, second = translations(town)[0], translations(town)[0]
    publish(*translations(town))  # so that something was planned before
    request_beside.plan(second)
    with api.env.adopt_roles(["Manager"]):
        submit(first)
    transaction.commit()
    request_beside.commit()
    assert said(town, bilingual, first) == said(town, bilingual, second)


def test_news_from_before_the_site_was_multilingual(town):
    old = town.news("Avant", publish=False)
    setRequest(town.functional["request"])
    applyProfile(town.site, "plone.app.multilingual:default")
    assert facts(old).told == frozenset()
