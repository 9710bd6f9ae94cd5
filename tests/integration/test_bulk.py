"""Posting several items: what would happen is seen first, just that is done, once, and by who may."""

from bs4 import BeautifulSoup
from collective.socialterritory.accounts.content import BEHAVIOUR
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.interfaces import settings
from DateTime import DateTime
from datetime import datetime
from datetime import timedelta
from follow import HTML
from follow import page
from naming import id_of
from plone import api
from plone.app.multilingual.api import translate
from plone.app.multilingual.interfaces import ITranslationManager
from plone.app.testing import applyProfile
from urllib.parse import urlencode
from working import work
from zope.globalrequest import setRequest

import pytest
import transaction


BULK = "@@social-bulk"
OLD = DateTime("2020/03/12 09:00:00")


@pytest.fixture
def old(town):
    """News from before the add-on, by title; `make` gives more."""

    def make(*titles, folder=None, **fields):
        setRequest(town.functional["request"])
        items = []
        for title in titles:
            place = folder or town.site
            with api.env.adopt_user(username="editor"):
                named = {"id": id_of(title, place), "title": title}
                item = api.content.create(place, "News Item", description="Résumé", **named)
                item.effective_date = OLD
                for name, value in fields.items():
                    setattr(item, name, value)
                api.content.transition(item, to_state="published")
                item.reindexObject()
            items.append(item)
        transaction.commit()
        assert [town.stored(item) for item in items] == [[] for item in items]
        return items

    return make


def listed(client, path=BULK, **params):
    soup = page(client, f"{path}?{urlencode(params)}")
    return [label.get_text(strip=True) for label in soup.select(".list-group label")]


def foreseen(client, *items, path=BULK, **params):
    query = [("items", item.UID()) for item in items] + [("look", "1"), *params.items()]
    return page(client, f"{path}?{urlencode(query)}")


def confirmed(client, soup, **changes):
    """The page after what was foreseen was confirmed."""
    form = soup.find("h2", id="social-confirm").find_parent("section").find("form")
    data = [(field["name"], field["value"]) for field in form.find_all("input")]
    data = [(name, changes.get(name, value)) for name, value in data if changes.get(name, value) is not None]
    answer = client.session.post(form["action"], data=data, headers=HTML, timeout=30)
    transaction.begin()
    return answer


def words(answer):
    return " ".join(BeautifulSoup(answer.text, "html.parser").get_text(" ").split())


def test_what_was_not_posted_is_listed_seen_and_planned(town, old):
    first, second = old("Un", "Deux")
    town.news("Publiée et prévue")
    assert sorted(listed(town.editor)) == ["Deux", "Un"]
    assert len(listed(town.editor, show="all")) == 3
    soup = foreseen(town.editor, first, second)
    assert town.stored(first) == []
    text = " ".join(soup.get_text(" ").split())
    assert "Posts to plan: 2. To be approved first: 2." in text
    assert "Résumé" in text or "Un" in text
    assert "Planned: 2." in words(confirmed(town.editor, soup))
    for item in (first, second):
        (made,) = town.stored(item)
        assert (made.state, made.needed, made.apart) == (State.PENDING, 1, True)
        assert "editor" in made.authors
        assert town.editor.decide({"id": made.id}, "approve", fingerprint=made.fingerprint).status_code == 403
        assert town.validator.decide({"id": made.id}, "approve", fingerprint=made.fingerprint).status_code == 200
    work(town.functional)
    assert [town.stored(item)[0].state for item in (first, second)] == [State.DELIVERED] * 2
    assert listed(town.editor) == []


def test_confirming_twice_plans_once(town, old):
    (item,) = old("Un")
    soup = foreseen(town.editor, item)
    confirmed(town.editor, soup)
    again = words(confirmed(town.editor, soup))
    assert "Planned: 0. Not planned: 1. It is there already" in again
    assert len(town.stored(item)) == 1
    text = foreseen(town.editor, item).get_text(" ")
    assert "There already, not posted again:" in text and "Nothing of this would be posted." in text


def test_what_changed_after_the_look_is_not_planned(town, old):
    (item,) = old("Un")
    soup = foreseen(town.editor, item)
    assert town.editor.patch(item.getId(), {"title": "Autre"}).status_code == 204
    assert "It changed since you looked" in words(confirmed(town.editor, soup))
    assert town.stored(item) == []


@pytest.mark.parametrize("fields, why", [
    ({"social_post": False}, "is switched off for this item"),
    ({"social_accounts": ["other"]}, "was not chosen for this item"),
    ({"expiration_date": DateTime() - 1}, "has expired"),
])  # fmt: skip
def test_the_look_says_why_something_is_not_posted(town, old, fields, why):
    (item,) = old("Un", **fields)
    assert listed(town.editor) == []
    assert why in foreseen(town.editor, item).get_text(" ")


def test_what_is_not_public_is_not_posted(town):
    draft = town.news("Brouillon", publish=False)
    assert listed(town.editor, show="all") == []
    soup = foreseen(town.editor, draft)
    assert "nothing of it can be posted now" in soup.get_text(" ")
    assert soup.find("input", {"name": "chosen"}) is None


def test_an_account_that_was_linked_later_gets_what_others_have(town, old):
    item = town.news("Publiée")
    setRequest(town.functional["request"])
    with api.env.adopt_roles(["Manager"]):
        town.speaks("Sports", validation="none")
    transaction.commit()
    sports = town.site["social-accounts"]["sports"].UID()
    assert listed(town.editor, account=town.account.UID()) == []
    assert listed(town.editor, account=sports) == ["Publiée"]
    soup = foreseen(town.editor, item, account=sports)
    assert "Planned: 1." in words(confirmed(town.editor, soup))
    made = {delivery.account_title: delivery.state for delivery in town.stored(item)}
    assert made == {"Town": State.PENDING, "Sports": State.QUEUED}


def test_posts_follow_each_other_at_the_accounts_pace_the_oldest_first(town, old):
    town.account.validation = "none"
    town.account.gap = 60
    transaction.commit()
    (newer,) = old("Récent", effective_date=OLD + 30)
    oldest, other = old("Ancien", "Autre")
    other.effective_date = OLD + 1
    transaction.commit()
    soup = foreseen(town.editor, newer, other, oldest)
    assert "at the earliest" in soup.get_text(" ")
    assert "no least minutes" not in soup.get_text(" ")
    confirmed(town.editor, soup)
    dues = [town.stored(item)[0].due for item in (oldest, other, newer)]
    assert [later - dues[0] for later in dues] == [timedelta(0), timedelta(hours=1), timedelta(hours=2)]
    work(town.functional)
    assert [town.stored(item)[0].state for item in (oldest, other, newer)] == [
        State.DELIVERED,
        State.QUEUED,
        State.QUEUED,
    ]


def test_an_account_without_a_rhythm_is_told_of(town, old):
    assert "no least minutes between two posts" in foreseen(town.editor, *old("Un", "Deux", "Trois")).get_text(" ")


def test_of_two_translations_one_goes_to_an_account_without_languages(town):
    setRequest(town.functional["request"])
    with api.env.adopt_roles(["Manager"]):
        api.portal.set_registry_record("plone.available_languages", ["en", "fr"])
        applyProfile(town.site, "plone.app.multilingual:default")
        french = api.content.create(town.site["fr"], "News Item", title="Marché", language="fr")
        english = translate(french, "en") or ITranslationManager(french).get_translation("en")
        for item in (french, english):
            item.effective_date = OLD
            api.content.transition(item, to_state="published")
    transaction.commit()
    soup = foreseen(town.webmaster, french, english)
    assert soup.get_text(" ").count("Another translation of this item is posted on this account") == 1
    assert "Planned: 1." in words(confirmed(town.webmaster, soup))
    assert len(town.stored(french)) + len(town.stored(english)) == 1


def test_folders_collections_and_filters(town, old):
    with api.env.adopt_user(username="editor"):
        folder = api.content.create(town.site, "Folder", id="rubrique", title="Rubrique")
        api.content.transition(folder, to_state="published")
    (inside,) = old("Dedans", folder=folder)
    old("Dehors (fête)")
    with api.env.adopt_roles(["Manager"]):
        query = [{"i": "Title", "o": "plone.app.querystring.operation.string.contains", "v": "Dehors"}]
        api.content.create(town.site, "Collection", id="choix", title="Choix", query=query)
    transaction.commit()
    assert listed(town.webmaster, f"rubrique/{BULK}") == ["Dedans"]
    assert listed(town.webmaster, f"choix/{BULK}") == ["Dehors (fête)"]
    assert listed(town.editor, q="dehors (") == ["Dehors (fête)"]
    assert listed(town.editor, q='"*(') == []
    assert listed(town.editor, **{"from": "2020-03-12", "to": "2020-03-12", "type": "News Item"})
    assert listed(town.editor, **{"from": "2020-03-13"}) == listed(town.editor, to="2020-03-11") == []
    assert "Please give a day" in page(town.editor, f"{BULK}?from=hier").get_text()
    soup = page(town.editor, f"rubrique/{BULK}?tick=all")
    assert [box["value"] for box in soup.select("input[name=items][checked]")] == [inside.UID()]
    assert "Choose at least one item." in page(town.editor, f"{BULK}?look=1").get_text()


def test_many_are_shown_in_pages(town, old):
    old(*[f"Actualité {number:02}" for number in range(23)])
    first = page(town.editor, BULK)
    assert len(first.select(".list-group label")) == 20
    following = first.find("a", rel="next")["href"].removeprefix(f"{town.url}/")
    assert len(page(town.editor, following).select(".list-group label")) == 3


def test_nobody_sees_or_plans_what_is_not_theirs(town, old, place):
    (item,) = old("Un")
    assert town.anonymous.get(BULK).status_code in (401, 403)
    seen = foreseen(town.editor, item)
    for client in (town.member, town.validator, town.second):
        assert listed(client, show="all") == []
        assert "Choose at least one item." in foreseen(client, item).get_text()
        assert confirmed(client, seen).status_code == 403  # the authenticator is the editor's
    assert town.stored(item) == []


def test_a_person_with_a_right_elsewhere_plans_nothing_here(town, old, place):
    """`second` is an editor in a section alone; what they send names an item of another one."""
    (here,) = old("Ici", folder=place)
    (other,) = old("Ailleurs")
    soup = foreseen(town.second, here)
    (value,) = [field["value"] for field in soup.find_all("input", {"name": "chosen"})]
    forged = value.replace(here.UID(), other.UID())
    assert "Planned: 0. Not planned: 1. It is gone, or it is not yours to post." in words(
        confirmed(town.second, soup, chosen=forged)
    )
    assert town.stored(other) == []
    assert "Planned: 1." in words(confirmed(town.second, soup))


def test_no_other_site_can_confirm(town, old):
    (item,) = old("Un")
    soup = foreseen(town.editor, item)
    for token in (None, "", "wrong"):
        assert confirmed(town.editor, soup, _authenticator=token).status_code == 403
    chosen = urlencode({"chosen": soup.find("input", {"name": "chosen"})["value"]})
    page(town.editor, f"{BULK}?{chosen}")
    assert town.stored(item) == []


@pytest.mark.parametrize("value", ["", " ", "x", "x y", "x y z", "../.. a b", "\x00 é 𝒳"])
def test_nonsense_is_no_error(town, old, value):
    (item,) = old("Un")
    answer = confirmed(town.editor, foreseen(town.editor, item), chosen=value)
    assert answer.status_code == 200 and "Planned: 0." in words(answer)
    assert page(town.editor, f"{BULK}?{urlencode({'items': value, 'look': value or '1', 'account': value})}")
    assert town.stored(item) == []


def test_what_keeps_a_post_is_told_before(town, old):
    town.account.validation = "none"
    settings().pause_start = datetime(2020, 1, 1)
    settings().pause_reason = "Réserve"
    transaction.commit()
    (item,) = old("Un")
    soup = foreseen(town.editor, item)
    assert "paused" in soup.get_text(" ")
    confirmed(town.editor, soup)
    work(town.functional)
    assert town.stored(item)[0].state is State.QUEUED


def test_the_desk_and_folders_lead_there(town, place, toolbar):
    for client, path, there in (
        (town.editor, "@@social-desk", True),
        (town.member, "@@social-desk", False),
        (town.editor, "rubrique", True),
        (town.webmaster, "social-accounts", False),
    ):
        links = page(client, path).find_all("a", href=lambda href: href and BULK in href)
        assert bool(links) is there, path


def test_types_with_the_behaviour_can_be_chosen(town, old):
    fti = town.site.portal_types["Event"]
    fti.manage_changeProperties(behaviors=(*fti.behaviors, BEHAVIOUR))
    transaction.commit()
    soup = page(town.editor, BULK)
    assert [option["value"] for option in soup.select("#social-type option")] == ["", "Event", "News Item"]
