"""The desk and the item's tab in a browser without JavaScript: who sees what, who may decide, and what goes wrong."""

from collective.socialterritory.accounts.worker import connect
from collective.socialterritory.crosspost import actions
from collective.socialterritory.crosspost.model import Event
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.rules.states import step
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.interfaces import IBrowserLayer
from collective.socialterritory.interfaces import settings
from dataclasses import replace
from DateTime import DateTime
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from PIL import Image
from plone import api
from plone.app.testing import setRoles
from plone.app.testing import TEST_USER_ID
from plone.namedfile.file import NamedBlobImage
from plone.testing.zope import Browser
from urllib.parse import urlencode
from zope.interface import alsoProvides

import io
import pytest
import re
import transaction


PASSWORD = "correct horse battery"
EVIL = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'
PEOPLE = {
    "editor": ["Member", "Contributor", "Editor"],
    "camille": ["Member", "Social Validator"],
    "dominique": ["Member", "Social Validator"],
    "visitor": ["Member"],
}


@pytest.fixture
def site(functional):
    portal = functional["portal"]
    alsoProvides(functional["request"], IBrowserLayer)
    setRoles(portal, TEST_USER_ID, ["Manager"])
    portal.portal_workflow.setDefaultChain("simple_publication_workflow")
    for name, roles in PEOPLE.items():
        properties = {"fullname": name.title()}
        api.user.create(email=f"{name}@town.example", username=name, password=PASSWORD, properties=properties)
        api.user.grant_roles(username=name, roles=roles)
    transaction.commit()
    return portal


def linked(site, title="Sandbox", since=timedelta(days=-1), **settings):
    obj = api.content.create(
        site["social-accounts"], "SocialAccount", title=title, network="sandbox", **{"validation": "other", **settings}
    )
    connect(site, obj.UID(), {}, datetime.now(UTC) + since)
    return obj


@pytest.fixture
def account(site):
    return linked(site)


def news(site, title="Menu de la cantine", **fields):
    """Made and published by the editor, unless `public` is False."""
    public = fields.pop("public", True)
    dates = {name: fields.pop(name) for name in list(fields) if name.endswith("_date")}
    with api.env.adopt_user("editor"):
        item = api.content.create(site, "News Item", title=title, **fields)
    vars(item).update(dates)
    if public:
        api.content.transition(item, to_state="published")
    transaction.commit()
    return item


@pytest.fixture
def delivery(site, account):
    return post_of(site, news(site))


def post_of(site, item):
    (found,) = Outbox(site).of_item(item.UID())
    return found


def stored(site, id):
    transaction.begin()
    return Outbox(site).get(id)


@pytest.fixture
def browse(functional, site):
    def browser(user=None):
        found = Browser(functional["app"])
        found.handleErrors = True
        found.raiseHttpErrors = False
        if user:
            found.addHeader("Authorization", f"Basic {user}:{PASSWORD}")
        return found

    return browser


@pytest.fixture
def desk(site, browse):
    def page(user, **query):
        browser = browse(user)
        browser.open(f"{site.absolute_url()}/@@social-desk?{urlencode(query)}")
        return browser

    return page


def words(browser):
    """What a reader reads, without markup."""
    text = re.sub(r"<(script|style|svg)\b.*?</\1>", "", browser.contents, flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", text))


def press(browser, decision, **fields):
    form = form_of(browser, decision)
    for name, value in fields.items():
        form.getControl(name=name).value = value
    form.submit(name="decision")


def form_of(browser, decision, nth=0):
    soup = browser._response.html
    forms = soup.find_all("form")
    index = [n for n, form in enumerate(forms) if form.find("button", {"name": "decision", "value": decision})][nth]
    return browser.getForm(index=index)


def decisions(browser):
    return {button["value"] for button in browser._response.html.find_all("button", {"name": "decision"})}


def test_the_desk_needs_a_log_in(site, browse):
    browser = browse()
    browser.open(f"{site.absolute_url()}/@@social-desk?id=x.y")
    assert "/login" in browser.url or "401" in browser.headers["status"]
    assert "came_from" in browser.url or "401" in browser.headers["status"]


def test_a_validator_finds_the_decision_and_approves(site, desk, delivery):
    browser = desk("camille")
    assert "Menu de la cantine" in words(browser)
    assert "To approve" in words(browser)
    press(browser, "approve")
    assert "Approved." in words(browser)
    assert "Nothing to approve." in words(browser)
    after = stored(site, delivery.id)
    assert after.state is State.QUEUED
    assert (after.approvals[0].by, after.approvals[0].fingerprint) == ("camille", delivery.fingerprint)


def test_a_reader_without_a_role_sees_nothing_and_decides_nothing(site, desk, delivery):
    browser = desk("visitor", id=delivery.id)
    assert "Menu de la cantine" not in browser._response.html.find(id="content-core").text
    assert "not for you" in words(browser)
    assert not decisions(desk("visitor"))


def test_a_role_on_one_account_shows_the_posts_of_that_account_only(site, desk):
    mine, other = linked(site, "Town hall"), linked(site, "Library")
    api.user.grant_roles(username="visitor", roles=["Social Validator"], obj=mine)
    mine.reindexObjectSecurity()
    news(site)
    text = words(desk("visitor"))
    assert "Town hall" in text
    assert "Library" not in text
    assert other.title == "Library"


def test_an_author_is_told_that_somebody_else_must_approve(site, desk, delivery):
    browser = desk("editor", filter="planned")
    assert "somebody else must approve it" in words(browser)
    assert "approve" not in decisions(browser)


def test_the_server_refuses_self_approval(site, desk, delivery):
    api.user.grant_roles(username="editor", roles=["Social Validator"])
    transaction.commit()
    browser = desk("editor", filter="planned")
    token = browser._response.html.find("input", {"name": "_authenticator"})["value"]
    data = {"delivery": delivery.id, "decision": "approve", "fingerprint": delivery.fingerprint}
    browser.post(browser.url, urlencode({**data, "_authenticator": token}))
    assert "somebody else must approve it" in words(browser)
    assert stored(site, delivery.id).state is State.PENDING


def test_an_author_on_call_says_why_and_it_is_kept(site, desk, delivery):
    api.user.grant_roles(username="editor", roles=["Social Validator"])
    transaction.commit()
    browser = desk("editor", filter="planned")
    press(browser, "approve", override="   ")
    assert "Please give a reason" in words(browser)
    press(browser, "approve", override="Flood, alone on duty")
    after = stored(site, delivery.id)
    assert (after.state, after.log[-1].note) == (State.QUEUED, "Flood, alone on duty")


def test_nothing_is_written_without_an_authenticator_or_by_get(site, desk, delivery):
    browser = desk("camille")
    data = {"delivery": delivery.id, "decision": "approve", "fingerprint": delivery.fingerprint}
    browser.post(browser.url, urlencode(data))
    assert "403" in browser.headers["status"]
    browser = desk("camille", **data)
    assert stored(site, delivery.id) == delivery


def test_a_refusal_needs_a_reason_and_keeps_nothing_else(site, desk, delivery):
    browser = desk("camille")
    press(browser, "reject", note=" ")
    assert "Please give a reason" in words(browser)
    assert "Nothing to approve" not in words(browser)
    field = browser._response.html.find("textarea", class_="is-invalid")
    assert browser._response.html.find(id=field["aria-describedby"]).text.startswith("Please give a reason")
    press(browser, "reject", note="Wrong date")
    after = stored(site, delivery.id)
    assert (after.state, after.log[-1].note) == (State.REJECTED, "Wrong date")
    browser = desk("editor", filter="check")
    assert "Wrong date" in words(browser)
    assert "/edit#fieldset-social" in browser.getLink("Change the news item").url
    press(browser, "revise")
    assert stored(site, delivery.id).state is State.PENDING


def test_the_second_of_two_people_is_told_who_decided_and_when(site, desk, delivery):
    first, second = desk("camille"), desk("dominique")
    press(first, "approve")
    press(second, "reject", note="I typed a long reason")
    assert re.search(r"Camille has already approved, today at \d+:\d\d", words(second))
    assert stored(site, delivery.id).state is State.QUEUED


def test_a_refusal_that_came_to_nothing_leaves_the_others_in_their_place(site, desk, account):
    for n in range(2):
        news(site, f"Menu {n}")
    browser = desk("camille")
    press(browser, "reject", note=" ")
    soup = browser._response.html
    assert soup.find(id="social-first") is None
    assert len(soup.find(id="social-list").parent.find_all("article")) == 2


def test_what_was_mended_after_a_refusal_is_what_is_submitted_again(site, browse, desk, account):
    item = news(site)
    delivery = post_of(site, item)
    press(desk("camille"), "reject", note="Wrong day")
    api.user.grant_roles(username="dominique", roles=["Editor"])
    transaction.commit()
    for who, text in (("dominique", "On Monday"), ("editor", "On Thursday")):
        tab = browse(who)
        tab.open(f"{item.absolute_url()}/@@social-networks")
        tab.open(tab.getLink("Change the news item").url)
        tab.getControl(name="form.widgets.ISocialPosting.social_text").value = text
        tab.getControl("Save").click()
    tab.open(f"{item.absolute_url()}/@@social-networks")
    press(tab, "revise")
    assert "On Thursday" in words(tab)
    assert "somebody else must approve it" in words(desk("dominique", id=delivery.id))
    browser = desk("camille")
    assert "On Thursday" in words(browser)
    press(browser, "approve")
    after = stored(site, delivery.id)
    assert after.state is State.QUEUED
    assert "On Thursday" in after.rendition.text


def test_a_pause_that_is_over_is_not_said_to_be_in_force(site, desk, delivery):
    press(desk("camille"), "approve")
    settings().pause_start = datetime.now(UTC).replace(tzinfo=None) - timedelta(minutes=9)
    transaction.commit()
    assert "A pause is in force" in words(desk("camille", filter="planned"))
    settings().pause_until = datetime.now(UTC).replace(tzinfo=None)
    transaction.commit()
    text = words(desk("camille", filter="planned"))
    assert "The pause is over" in text and "in force" not in text


def test_what_changed_since_it_was_seen_is_not_approved_and_the_difference_is_shown(site, desk, account):
    item = news(site)
    delivery = post_of(site, item)
    press(desk("camille"), "reject", note="Wrong day")
    press(desk("editor", filter="check"), "revise")
    browser = desk("camille")
    with api.env.adopt_user("editor"):
        api.content.get(UID=item.UID()).title = "Menu du jeudi"
    transaction.commit()
    press(browser, "approve")
    assert "changed since you looked" in words(browser)
    assert stored(site, delivery.id).state is State.PENDING
    changed = browser._response.html.find(class_="social-changes")
    assert changed.find("ins") and changed.find("del")
    press(browser, "approve")
    assert stored(site, delivery.id).state is State.QUEUED


def test_an_illegal_transition_is_a_sentence(site, desk, delivery):
    browser = desk("camille")
    token = browser._response.html.find("input", {"name": "_authenticator"})["value"]
    browser.post(browser.url, urlencode({"delivery": delivery.id, "decision": "confirm", "_authenticator": token}))
    assert "no longer possible" in words(browser)
    browser.post(browser.url, urlencode({"delivery": "no.such", "decision": "confirm", "_authenticator": token}))
    assert "not there any more" in words(browser)


def test_two_validators(site, desk):
    linked(site, validation="two")
    delivery = post_of(site, news(site))
    press(desk("camille"), "approve")
    text = words(desk("camille", id=delivery.id))
    assert "One more person must approve" in text
    assert "Nothing to approve" in text
    press(desk("dominique"), "approve")
    assert stored(site, delivery.id).state is State.QUEUED


def bulk(browser, name, note="", all=True):
    soup = browser._response.html
    chosen = [box["value"] for box in soup.find_all("input", {"name": "chosen"})] if all else []
    token = soup.find("form", id="social-bulk").find("input", {"name": "_authenticator"})["value"]
    fields = [("bulk", name), ("note", note), ("_authenticator", token), *(("chosen:list", value) for value in chosen)]
    browser.post(browser.url, urlencode(fields))


def test_bulk(site, desk, account):
    posts = [post_of(site, news(site, f"Menu {n}")) for n in range(3)]
    browser, late = desk("camille"), desk("dominique")
    bulk(browser, "approve", all=False)
    assert "Choose at least one post." in words(browser)
    bulk(browser, "reject")
    assert "Please give a reason" in words(browser)
    assert len(browser._response.html.find_all("input", {"name": "chosen", "checked": True})) == 3
    bulk(browser, "approve")
    assert "3 approved." in words(browser)
    assert {stored(site, post.id).state for post in posts} == {State.QUEUED}
    bulk(late, "approve")
    assert "0 approved." in words(late)
    assert "Camille has already approved" in words(late)


def test_filters_accounts_and_pages(site, desk, account, monkeypatch):
    other = linked(site, "Library", sections=[api.content.create(site, "Folder", "library").UID()])
    monkeypatch.setattr("collective.socialterritory.crosspost.desk.SIZE", 2)
    posts = [post_of(site, news(site, f"Menu {n}")) for n in range(3)]
    browser = desk("camille")
    assert browser._response.html.find("a", class_="active").find(class_="badge").text == "3"
    assert len(browser._response.html.find_all("article", class_="social-row")) == 2
    browser.getLink("Next").click()
    assert len(browser._response.html.find_all("article", class_="social-row")) == 1
    browser.getLink("Previous").click()
    assert "Nothing to approve." in words(desk("camille", account=other.UID()))
    press(browser, "approve")
    assert "Menu 0" in words(desk("camille", filter="planned"))
    put(site, posts[1], State.UNCONFIRMED, error="read_timeout")
    browser = desk("camille", filter="check")
    assert "To check" in words(browser)
    assert decisions(browser) >= {"confirm", "resend", "cancel"}
    press(browser, "confirm")
    assert "Menu 1" in words(desk("camille", filter="published"))
    Outbox(site).archive(datetime.now(UTC) + timedelta(days=2))
    transaction.commit()
    assert "Menu 1" in words(desk("camille", filter="published"))
    assert "Nothing was cancelled." in words(desk("camille", filter="cancelled", b_start="x"))


@pytest.mark.parametrize(
    "query",
    ["b_start=" + "9" * 5000, "filter=a&filter=b", "filter=%ff&account=%ff&id=%ff", "id=a&id=b", "b_start:int=1"],
    ids=lambda query: query[:20],
)
def test_addresses_that_make_no_sense(site, browse, delivery, query):
    browser = browse("camille")
    browser.open(f"{site.absolute_url()}/@@social-desk?{query}")
    assert "200" in browser.headers["status"]


@pytest.mark.parametrize(
    "chosen", ["chosen:int=3", "chosen:list:int=3", "chosen:tuple=a", "chosen.a:record=b", "chosen=%ff"]
)
def test_what_is_chosen_may_make_no_sense(site, desk, delivery, chosen):
    browser = desk("camille")
    token = browser._response.html.find("input", {"name": "_authenticator"})["value"]
    browser.post(browser.url, f"bulk=approve&_authenticator={token}&{chosen}")
    assert "0 approved." in words(browser)
    assert "not there any more" in words(browser)


def test_bytes_that_are_no_text_are_not_kept_in_a_note(site, desk, delivery):
    browser = desk("camille")
    token = browser._response.html.find("input", {"name": "_authenticator"})["value"]
    fields = urlencode({"delivery": delivery.id, "decision": "hold", "_authenticator": token})
    browser.post(browser.url, f"{fields}&note=%ff!")
    assert stored(site, delivery.id).held == "?!"


def put(site, delivery, state, **changes):
    event = Event(datetime.now(UTC), "lose", note=changes.get("error", ""))
    Outbox(site).save(replace(delivery, state=state, log=(*delivery.log, event), **changes))
    transaction.commit()


def test_the_empty_desk_says_when_the_next_post_leaves(site, desk, account):
    delivery = post_of(site, news(site))
    press(desk("camille"), "approve")
    approved = stored(site, delivery.id)
    Outbox(site).save(replace(approved, due=datetime.now(UTC) + timedelta(days=1)))
    transaction.commit()
    assert re.search(r"Nothing to approve\. Next post: tomorrow at \d+:\d\d\.", words(desk("camille")))
    assert re.search(r"It leaves tomorrow at \d+:\d\d\.", words(desk("camille", filter="planned")))


def test_what_a_mail_links_to_comes_first(site, desk, account):
    news(site, "Another one")
    delivery = post_of(site, news(site, "The one of the mail"))
    browser = desk("camille", id=delivery.id)
    titles = [heading.text.strip() for heading in browser._response.html.find_all("h3") if "social" not in heading.text]
    assert titles[0] == "The one of the mail"
    assert titles.count("The one of the mail") == 1
    press(browser, "approve")
    assert delivery.id in browser.url


def test_markup_in_titles_texts_and_reasons_is_text(site, desk, account):
    item = news(site, EVIL, social_text=EVIL)
    browser = desk("camille")
    press(browser, "reject", note=EVIL)
    pages = [browser, desk("camille", filter="check"), desk("camille", account=EVIL)]
    tab = desk("camille")
    tab.open(f"{item.absolute_url()}/@@social-networks")
    for page in [*pages, tab]:
        soup = page._response.html
        assert not soup.find_all("img", {"src": "x"})
        assert not [script for script in soup.find_all("script") if "alert(" in script.text]
        assert not soup.find_all(onerror=True)
    assert EVIL in words_of(tab)


def words_of(browser):
    return browser._response.html.get_text()


def test_the_tab_says_what_will_happen_and_asks_for_validation(site, browse, account):
    item = news(site, public=False)
    browser = browse("editor")
    browser.open(f"{item.absolute_url()}/@@social-networks")
    text = words(browser)
    assert "At publication" in text
    assert "One person must approve it." in text
    assert "Menu de la cantine" in text
    assert re.search(r"\d+ of 300 characters", text)
    browser.getControl("Ask for validation now").click()
    assert "Validation asked for." in words(browser)
    assert "The news item is not public" in words(browser)
    assert post_of(site, item).state is State.PENDING


@pytest.mark.parametrize(
    "fields, why",
    [
        ({"social_post": False}, "is switched off"),
        ({"effective_date": DateTime("2020/01/01")}, "too old"),
        ({"expiration_date": DateTime("2020/01/01")}, "expired"),
    ],
)
def test_the_tab_says_why_there_is_no_post(site, browse, account, fields, why):
    item = news(site, public=False, **fields)
    browser = browse("editor")
    browser.open(f"{item.absolute_url()}/@@social-networks")
    assert why in words(browser)
    assert "Nothing of this item goes to social networks." in words(browser)


def test_accounts_that_cannot_post_are_named_with_the_reason(site, browse):
    linked(site, "Elsewhere", types=["Event"])
    linked(site, "Later", since=timedelta(days=1))
    api.content.create(site["social-accounts"], "SocialAccount", title="Unlinked", network="sandbox")
    item = news(site)
    browser = browse("editor")
    browser.open(f"{item.absolute_url()}/@@social-networks")
    text = words(browser)
    assert "does not speak for such items" in text
    assert "was linked after" in text
    assert "not connected yet" in text


def test_the_tab_is_for_those_who_may_change_the_item_and_for_validators(site, browse, account):
    item = news(site, public=False)
    url = f"{item.absolute_url()}/@@social-networks"
    for user, seen in (("editor", True), ("camille", False), ("visitor", False), (None, False)):
        browser = browse(user)
        browser.open(url)
        assert ("At publication" in words(browser)) is seen
    with api.env.adopt_user("editor"):
        actions.submit(item)
    transaction.commit()
    for user, seen in (("camille", True), ("visitor", False), (None, False)):
        browser = browse(user)
        browser.open(url)
        assert ("Waits for approval." in words(browser)) is seen
    browser = browse("visitor")
    browser.open(url)
    browser.post(url, urlencode({"submit": "1"}))
    assert browser.url.endswith("insufficient-privileges")


def test_the_picture_is_small_and_only_for_those_who_see_the_post(site, browse, desk, account):
    stream = io.BytesIO()
    Image.new("RGB", (1600, 900), "navy").save(stream, "PNG")
    picture = NamedBlobImage(stream.getvalue(), "image/png", "navy.png")
    item = news(site, image=picture, image_caption="A blue field")
    soup = desk("camille")._response.html
    shown = soup.find("article").find("img")
    assert shown["alt"] == "A blue field"
    browser = browse("camille")
    browser.open(shown["src"])
    assert browser.headers["Content-Type"] == "image/jpeg"
    assert Image.open(io.BytesIO(browser._response.body)).size == (640, 360)
    browser.open(f"{item.absolute_url()}/@@social-image?v=other")
    assert "404" in browser.headers["status"]
    api.content.transition(item, to_state="private")
    transaction.commit()
    for user in ("visitor", None):
        browser = browse(user)
        browser.open(shown["src"])
        assert browser.headers.get("Content-Type") != "image/jpeg"


def test_a_published_post_has_its_permalink_and_its_history(site, desk, delivery):
    press(desk("camille"), "approve")
    now = datetime.now(UTC)
    sending = step(stored(site, delivery.id), "claim", now)
    Outbox(site).save(step(sending, "deliver", now, receipt_url=f"@@social-sandbox/{delivery.id}"))
    transaction.commit()
    browser = desk("camille", filter="published")
    link = browser._response.html.find("a", string=lambda text: text and "See the post" in text)
    link = link or browser._response.html.find("a", href=re.compile("social-sandbox"))
    assert link["href"] == f"{site.absolute_url()}/@@social-sandbox/{delivery.id}"
    text = words(browser)
    assert "Approved, Camille" in text
    assert "Published today at" in text
    Outbox(site).save(replace(stored(site, delivery.id), receipt_url="javascript:alert(1)"))
    transaction.commit()
    assert "javascript:" not in desk("camille", filter="published").contents


def test_on_hold_and_released(site, desk, delivery):
    press(desk("camille"), "approve")
    browser = desk("camille", filter="planned")
    press(browser, "hold", note="Wait for the mayor")
    browser = desk("camille", filter="check")
    assert "On hold: Wait for the mayor" in words(browser)
    press(browser, "release")
    assert stored(site, delivery.id).held == ""


def test_a_draft_cannot_be_asked_for_by_get(site, browse, account):
    item = news(site, public=False)
    browser = browse("editor")
    browser.open(f"{item.absolute_url()}/@@social-networks?submit=1")
    assert not Outbox(site).of_item(item.UID())
