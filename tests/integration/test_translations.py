"""Each translation goes to the accounts of its language, and no account says the same news twice by accident."""

from collective.socialterritory.crosspost.rules.states import step
from collective.socialterritory.crosspost.store import Outbox
from follow import page
from plone import api
from plone.app.multilingual.api import translate
from plone.app.multilingual.interfaces import ITranslationManager
from plone.app.testing import applyProfile
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
