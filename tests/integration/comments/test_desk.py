"""The moderation desk as people use it, in a browser without JavaScript."""

from AccessControl.SpecialUsers import nobody
from collective.socialterritory.comments import deciding
from collective.socialterritory.comments import facts
from collective.socialterritory.comments.figures import figures
from collective.socialterritory.comments.hearing import speaking
from collective.socialterritory.comments.model import Action
from collective.socialterritory.comments.model import State
from collective.socialterritory.comments.settings import settings
from collective.socialterritory.interfaces import IBrowserLayer
from collective.socialterritory.messages import STATES
from datetime import datetime
from datetime import UTC
from moderation import busy
from moderation import PASSWORD
from moderation import person
from moderation import REMOTE
from moderation import report
from moderation import said
from plone import api
from plone.app.testing import setRoles
from plone.app.testing import TEST_USER_ID
from plone.testing.zope import Browser
from urllib.parse import urlencode
from zope.interface import alsoProvides

import pytest
import re
import transaction


@pytest.fixture
def site(functional):
    portal = functional["portal"]
    alsoProvides(functional["request"], IBrowserLayer)
    setRoles(portal, TEST_USER_ID, ["Manager"])
    portal.portal_workflow.setDefaultChain("simple_publication_workflow")
    person("camille", "Social Moderator")
    person("lou")
    transaction.commit()
    return portal


@pytest.fixture
def known(site):
    found = busy(site, "camille")
    transaction.commit()
    return found


@pytest.fixture
def browse(functional, site):
    def browser(user=""):
        found = Browser(functional["app"])
        found.handleErrors = True
        found.raiseHttpErrors = False
        if user:
            found.addHeader("Authorization", f"Basic {user}:{PASSWORD}")
        return found

    return browser


@pytest.fixture
def desk(browse, site):
    def opened(user="camille", query=""):
        found = browse(user)
        found.open(f"{site.absolute_url()}/@@social-moderation{query}")
        assert found.headers["status"].startswith("200")
        return found

    return opened


def words(browser):
    text = re.sub(r"<(script|style|svg)\b.*?</\1>", "", browser.contents, flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", text))


def form_of(browser, action, comment):
    """The form of the row of this comment that has this button."""
    value = f"{facts.key(comment)} "
    for index, form in enumerate(browser._response.html.find_all("form")):
        field = form.find("input", {"name": "comment"})
        if field and field["value"].startswith(value) and form.find("button", {"name": "act", "value": action}):
            return browser.getForm(index=index)
    raise LookupError(action)


def press(browser, action, comment, **fields):
    form = form_of(browser, action, comment)
    for name, value in fields.items():
        control = form.getControl(name=name)
        control.value = [value] if name in ("article", "to") else value
    form.submit(name="act")
    transaction.begin()


def state(comment):
    return facts.state(comment)


def listed(browser):
    """Texts of the rows."""
    return [one.get_text() for one in browser._response.html.select(".social-comment-text, .social-changes")]


def test_each_filter_lists_what_it_says_with_what_a_moderator_needs(desk, known):
    told = words(desk())
    for part in (
        "To moderate 6",
        "Reported 1",
        "1 approved, 0 refused",
        "First comment here",
        "In answer to Jeanne Très bien.",
        "Mastodon",
        "Sport ·",
        "[removed:]le 06 12 34 56 78,[end of removed][added:]la mairie,[end of added]",
    ):
        assert part in told, part
    assert len(listed(desk())) == 6
    reported = words(desk(query="?show=reported"))
    assert "Mon voisin triche." in reported and "Insult or attack on a person, today at" in reported
    assert "C'est mon voisin" in reported
    refused = words(desk(query="?show=rejected"))
    assert "Insulte" in refused and "Insult or attack on a person" in refused
    assert listed(desk(query="?show=spam")) == ["Casino"]
    decided = words(desk(query="?show=decided"))
    assert "Refused by Camille, today at" in decided and "Marked as spam by Camille" in decided


@pytest.mark.parametrize(
    "query,texts",
    [
        ("?q=banc", ["Merci pour les nouveaux bancs."]),
        ("?q=%28%22*+AND", []),
        ("?q=<spam>%E2%80%AE", []),
        ("?source=mastodon", ["Bravo !"]),
        ("?author=mail:jeanne", ["Merci pour les nouveaux bancs."]),
        ("?author=luc", ["Pas d'accord avec vous."]),
        ("?author=luc@town.example", []),
        ("?show=rejected&reason=insult", ["Insulte"]),
        ("?show=rejected&reason=hate", []),
        ("?show=reported&reason=insult", ["Mon voisin triche."]),
        ("?age=old", []),
        ("?show=spam&age=day", ["Casino"]),
        ("?b_start=20", []),
    ],
)
def test_filters_narrow_the_list(desk, known, query, texts):
    browser = desk(query=query)
    assert listed(browser) == texts
    if not texts:
        assert "Nothing is found with these filters." in words(browser)


@pytest.mark.parametrize("query,unfolded", [("?q=banc", False), ("?source=mastodon", True), ("?q=banc&age=day", True)])
def test_filters_in_force_are_seen_and_words_push_no_result_away(desk, known, query, unfolded):
    fold = desk(query=query)._response.html.select_one(".social-search details")
    assert fold.has_attr("open") is unfolded


@pytest.mark.parametrize("query", ["?show=all", "?b_start=-1", "?b_start=x", "?section=/none", "?age=1", "?done=x"])
def test_what_an_address_says_wrongly_is_left_out(desk, known, query):
    assert len(listed(desk(query=query))) == 6


def test_a_section_is_a_filter(desk, known, site):
    site.portal_workflow.doActionFor(site["sport"], "publish")
    transaction.commit()
    assert len(listed(desk(query="?section=/sport"))) == 1


def test_nothing_that_visitors_wrote_is_markup(desk, known):
    html = desk().contents
    assert "alert(1)</script>" not in html and "<img src=x" not in html
    assert '<a href="https://example.com/a?b=1&amp;c=2" rel="nofollow noopener ugc">' in html


def test_deciding_and_undoing(desk, known):
    browser = desk()
    press(browser, "approve", known["waiting"])
    assert state(known["waiting"]) == State.APPROVED
    assert "Approved. Nouveaux bancs au parc Undo" in words(browser)
    undo(browser)
    assert state(known["waiting"]) == State.WAITING
    assert "Undone: it is as it was before." in words(browser)
    press(browser, "spam", known["waiting"])
    assert state(known["waiting"]) == State.SPAM
    browser = desk(query="?show=decided")
    press(browser, "recall", known["waiting"])
    assert state(known["waiting"]) == State.WAITING


def test_a_refusal_without_a_reason_stays_on_the_page_with_what_was_typed(desk, known):
    browser = desk()
    press(browser, "reject", known["waiting"], note="Vu deux fois")
    assert "Choose the article of the charter" in words(browser) and 'value="Vu deux fois"' in browser.contents
    problem = browser._response.html.find(attrs={"role": "alert", "autofocus": True})
    assert "Choose the article" in problem.text, "the browser goes there, however far down it stands"
    assert state(known["waiting"]) == State.WAITING
    press(browser, "reject", known["waiting"], article="hate")
    assert state(known["waiting"]) == State.REJECTED
    assert facts.facts(known["waiting"]).reason == "hate"


def test_the_second_of_two_moderators_is_told_what_the_first_did(desk, known, site):
    person("alix", "Social Moderator")
    transaction.commit()
    first, second = desk(), desk("alix")
    press(first, "approve", known["waiting"])
    press(second, "reject", known["waiting"], article="insult")
    assert re.search(r"Camille has already approved, today at \d+:\d\d\.", words(second))
    assert state(known["waiting"]) == State.APPROVED


@pytest.mark.parametrize(("action", "typed"), [("answer", {"text": "À 16 h."}), ("forward", {"note": "Vu deux fois"})])
@pytest.mark.parametrize("first", ["approve", "delete"])
@pytest.mark.parametrize("own_page", [False, True])
def test_what_the_second_of_two_moderators_typed_is_there_to_copy(desk, known, site, own_page, first, action, typed):
    person("alix", "Social Moderator")
    transaction.commit()
    browser, second, comment = desk(), desk("alix"), known["waiting"]
    if own_page:
        second.open(f"{site.absolute_url()}/@@social-moderated?{urlencode({'id': facts.key(comment)})}")
    press(browser, first, comment)
    press(second, action, comment, **typed)
    (words_typed,) = typed.values()
    assert "What you wrote, to copy" in words(second) and f">{words_typed}</textarea>" in second.contents
    assert ("Camille has already approved" if first == "approve" else "not there any more") in words(second)


def test_answering_with_a_ready_answer(desk, known, site):
    browser = desk()
    press(browser, "answer", known["waiting"], ready="Horaires")
    assert "The answer is published." in words(browser)
    replies = [one.text for one in known["waiting"].__parent__.values() if facts.facts(one).official]
    assert replies == ["La mairie ouvre de 9 h à 17 h."]


def test_changing_forwarding_closing_and_deleting(desk, known, site):
    browser = desk()
    press(browser, "edit", known["waiting"], text="Merci.")
    assert known["waiting"].text == "Merci." and "The original is kept." in words(browser)
    press(browser, "forward", known["waiting"], to="Voirie", note="Pour vous")
    assert "Forwarded." in words(browser)
    press(browser, "close", known["waiting"])
    assert site["bancs"].allow_discussion is False
    press(browser, "delete", known["linked"])
    assert "Deleted." in words(browser) and len(listed(browser)) == 5


def test_several_at_once(desk, known):
    browser = desk(query="?tick=all")
    keys = [known[name] for name in ("waiting", "linked", "evil", "remote", "answer", "edited")]
    bulk(browser, "reject")
    assert "Choose the article of the charter" in words(browser)
    bulk(browser, "reject", article="advertising")
    assert {state(one) for one in keys} == {State.REJECTED}
    assert "6 comments refused. Undo" in words(browser)
    undo(browser)
    assert {state(one) for one in keys} == {State.WAITING}
    assert "6 comments are as they were before" in words(browser)


def test_the_log_of_what_was_deleted_is_read_by_whoever_moderates_its_page(desk, browse, known, site):
    link = f"{site.absolute_url()}/@@social-moderated?id={facts.key(known['edited'])}"
    press(desk(), "delete", known["edited"])
    for user, told in (("camille", True), ("lou", False)):
        browser = browse(user)
        browser.open(link)
        assert ("Deleted by Camille" in words(browser)) is told
        assert "06 12" not in browser.contents
    assert "not yours to moderate" in words(browser)


def test_the_words_below_a_name_lead_to_a_list_that_holds_something(desk, known):
    link = {a.text: a["href"] for a in desk()._response.html.select(".social-what a")}
    assert "show=approved" in link["1 approved, 0 refused"], "one of Jeanne's waits, the other one is approved"
    assert "First comment here" not in link, "it would lead to an empty list"


def test_what_was_reported_is_kept_or_refused_several_at_once(desk, known):
    other = known["approved"]
    report(other)
    transaction.commit()
    browser = desk(query="?show=reported&tick=all")
    assert not browser._response.html.find("button", {"name": "bulk", "value": "approve"})
    bulk(browser, "settle")
    assert "2 comments kept: their reports are settled. Undo" in words(browser)
    both = (known["reported"], other)
    assert not any(facts.facts(one).reported for one in both)
    undo(browser)
    assert all(facts.facts(one).reported for one in both)


def test_what_was_kept_stands_among_what_was_decided_and_can_be_undone_there(desk, known):
    press(desk(query="?show=reported"), "settle", known["reported"])
    press(desk(query="?show=decided"), "recall", known["reported"])
    assert facts.facts(known["reported"]).reported


def test_what_was_said_back_at_a_network_stands_in_the_row(desk, known, monkeypatch):
    said = ("@paul <b>Merci</b>", STATES["pending"], "")
    monkeypatch.setattr(speaking, "answers", lambda comment: [said] if comment.text == "Bravo !" else [])
    assert words(desk()).count("Answer of the body (To approve) @paul &lt;b&gt;Merci&lt;/b&gt;") == 1


def bulk(browser, name, **fields):
    """The test browser knows no fields outside of their form."""
    html = browser._response.html
    form = html.find("form", id="social-bulk")
    assert form.find("button", {"name": "bulk", "value": name})
    boxes = html.find_all("input", {"name": "chosen", "form": "social-bulk"})
    chosen = [box["value"] for box in boxes if box.has_attr("checked")]
    hidden = [(field["name"], field["value"]) for field in form.find_all("input", {"type": "hidden"})]
    data = [*hidden, *(("chosen", one) for one in chosen), ("bulk", name), *fields.items()]
    browser.post(form["action"], urlencode(data))
    transaction.begin()


def undo(browser):
    forms = browser._response.html.find_all("form")
    number = next(number for number, form in enumerate(forms) if form.find("button", {"name": "undo"}))
    browser.getForm(index=number).submit(name="undo")
    transaction.begin()


def test_several_at_once_with_none_chosen(desk, known):
    browser = desk()
    bulk(browser, "approve")
    assert "Choose at least one comment." in words(browser)


def test_the_log_of_a_comment_and_who_may_read_what_was_replaced(desk, browse, known, site):
    browser = desk()
    link = f"{site.absolute_url()}/@@social-moderated?id={facts.key(known['edited'])}"
    browser.open(link)
    assert "Text changed by Camille" in words(browser)
    assert "Before: Appelez le 06 12 34 56 78, merci." in words(browser)
    site.manage_permission("collective.socialterritory: See originals", ["Manager"], acquire=False)
    transaction.commit()
    browser.open(link)
    assert "06 12" not in browser.contents and "The text before is sealed." in words(browser)
    assert "06 12" not in desk().contents
    press(browser, "approve", known["edited"])
    assert "Approved by Camille" in words(browser) and "Undo" in words(browser)


def test_a_page_that_was_removed_while_its_comments_wait(desk, known, site):
    browser = desk()
    site.manage_delObjects(["bancs"])
    transaction.commit()
    key = browser._response.html.find("input", {"name": "comment"})["value"]
    browser.getForm(index=index_of(browser, key, "approve")).submit(name="act")
    assert "The comment is not there any more." in words(browser)
    assert len(listed(browser)) == 1


def index_of(browser, value, action):
    forms = browser._response.html.find_all("form")
    return next(
        number
        for number, form in enumerate(forms)
        if (field := form.find("input", {"name": "comment"})) and field["value"] == value
        if form.find("button", {"value": action})
    )


def test_a_moderator_of_one_section_sees_and_decides_there_alone(desk, browse, known, site):
    site["sport"].manage_setLocalRoles("lou", ["Social Moderator"])
    site["sport"].reindexObjectSecurity()
    transaction.commit()
    browser = desk("lou")
    assert len(listed(browser)) == 1 and "Le match de dimanche" in words(browser)
    press(browser, "spam", known["evil"])
    assert state(known["evil"]) == State.SPAM
    browser.open(f"{site.absolute_url()}/@@social-moderated?id={facts.key(known['waiting'])}")
    assert "it is not yours to moderate" in words(browser) and "nouveaux bancs" not in words(browser)
    token = desk("lou", "?show=spam")._response.html.find("input", {"name": "_authenticator"})["value"]
    fields = f"_authenticator={token}&act=approve&comment={facts.key(known['waiting'])}"
    browser.post(f"{site.absolute_url()}/@@social-moderation", fields)
    transaction.begin()
    assert "This comment is not yours to moderate." in words(browser)
    assert state(known["waiting"]) == State.WAITING


def test_who_moderates_nothing_finds_nothing(desk, browse, known, site):
    browser = desk("lou")
    assert "You moderate no comments." in words(browser) and listed(browser) == []
    stranger = browse()
    stranger.open(f"{site.absolute_url()}/@@social-moderation")
    assert "nouveaux bancs" not in stranger.contents and "/login" in stranger.url


@pytest.mark.parametrize("fields", ["act=approve", "undo=2026-11-23T09:00:00%2B00:00", "bulk=spam&all=1"])
def test_a_write_needs_the_page_s_own_form(desk, known, site, fields):
    browser = desk()
    browser.post(f"{site.absolute_url()}/@@social-moderation", f"{fields}&comment={facts.key(known['waiting'])}")
    transaction.begin()
    assert browser.headers["status"].startswith("403")
    assert state(known["waiting"]) == State.WAITING


def test_a_get_changes_nothing(desk, known):
    desk(query=f"?act=approve&comment={facts.key(known['waiting'])}&bulk=spam&all=1&undo=x")
    transaction.begin()
    assert state(known["waiting"]) == State.WAITING


@pytest.mark.parametrize(
    "fields", ["act=dance", "act=withdraw", "act=", "bulk=delete", "undo=never", "bulk=spam&all=1"]
)
def test_what_no_button_says_is_refused(desk, known, site, fields):
    browser = desk()
    token = browser._response.html.find("input", {"name": "_authenticator"})["value"]
    browser.post(f"{site.absolute_url()}/@@social-moderation", f"_authenticator={token}&{fields}")
    assert browser.headers["status"].startswith("400")


def test_figures_count_what_moderators_decided_and_no_one_else(known, site):
    (before,) = figures(site)
    with api.env.adopt_user(user=nobody):
        deciding.move(known["waiting"], State.APPROVED, datetime.now(UTC), "")
    deciding.rewrite(known["answer"], "Pas d'accord.", datetime.now(UTC), deciding.AUTHOR)
    (after,) = figures(site)
    assert after.actions == before.actions and after.actions[Action.REJECT] == 1


def test_figures_are_numbers_for_staff_and_for_all_where_the_site_says_so(browse, known, site):
    url = f"{site.absolute_url()}/@@social-moderation-figures"
    staff, anybody = browse("camille"), browse()
    staff.open(url)
    assert "Insult or attack on a person 1" in words(staff) and "Insulte" not in staff.contents
    assert "Approved Refused Spam" in words(staff)
    staff.open(f"{url}?format=csv")
    assert staff.headers["content-type"].startswith("text/csv")
    head, month = staff.contents.splitlines()
    assert head.endswith("Insult or attack on a person") and month.endswith(";1"), "as all sheets, for Excel in French"
    anybody.open(url)
    assert "Insult or attack" not in anybody.contents
    settings().figures_public = True
    transaction.commit()
    anybody.open(url)
    assert "Insult or attack on a person 1" in words(anybody) and '@@social-moderation"' not in anybody.contents


def test_who_moderates_finds_the_desk_in_the_menu_and_plone_s_own_no_more(browse, known, site):
    for user, found in (("camille", True), ("lou", False)):
        browser = browse(user)
        browser.open(site.absolute_url())
        assert ('/@@social-moderation"' in browser.contents) == found, user
        assert "moderate-comments" not in browser.contents
    settings().active = False
    transaction.commit()
    browser = browse("camille")
    browser.open(site.absolute_url())
    assert '/@@social-moderation"' not in browser.contents and "moderate-comments" in browser.contents


def test_a_refusal_has_words_for_the_author_who_may_be_kept_from_them(desk, known):
    known["waiting"].author_email = "jeanne@home.example"
    transaction.commit()
    browser = desk()
    form = form_of(browser, "reject", known["waiting"])
    form.getControl(name="article").value = ["insult"]
    form.getControl(name="text").value = "Restez courtois, merci."
    form.getControl(name="tell").value = []
    form.submit(name="act")
    transaction.begin()
    after = facts.facts(known["waiting"])
    assert (after.words, after.quiet, after.reason) == ("Restez courtois, merci.", True, "insult")
    press(browser, "reject", known["linked"], article="advertising")
    assert not facts.facts(known["linked"]).quiet


def test_all_that_the_filters_find_is_what_was_there_when_the_page_was_shown(desk, known, site, monkeypatch):
    monkeypatch.setattr("collective.socialterritory.comments.desk.SIZE", 2)
    monkeypatch.setattr("collective.socialterritory.comments.desk.MOST", 3)
    browser = desk()
    assert len(listed(browser)) == 2 and "The first 3 that these filters find" in words(browser)
    bulk(browser, "spam", all="1")
    assert [state(known[name]) for name in ("waiting", "linked", "evil", "remote")] == [State.SPAM] * 3 + [
        State.WAITING
    ]
    assert "3 comments marked as spam. Undo" in words(browser)
    browser, shown = desk(query="?source=mastodon&show=waiting"), datetime.now(UTC).isoformat()
    later = said(site["bancs"], "Plus tard", source="mastodon", remote=REMOTE)
    said(site["bancs"], "Encore", source="mastodon", remote=REMOTE)
    transaction.commit()
    html = browser._response.html
    fields = {"_authenticator": html.find("input", {"name": "_authenticator"})["value"], "all": "1", "bulk": "spam"}
    browser.post(browser.url, urlencode({**fields, "until": shown}))
    transaction.begin()
    assert (state(known["remote"]), state(later)) == (State.SPAM, State.WAITING)


def test_where_nobody_asked_us_to_look_after_comments_nothing_is_decided(desk, known, site):
    browser = desk()
    token = browser._response.html.find("input", {"name": "_authenticator"})["value"]
    settings().active = False
    transaction.commit()
    assert "they are not moderated here yet" in words(desk()) and listed(desk()) == []
    for fields in (f"act=approve&comment={facts.key(known['waiting'])}", "bulk=spam&all=1"):
        browser.post(f"{site.absolute_url()}/@@social-moderation", f"_authenticator={token}&{fields}")
        assert browser.headers["status"].startswith("400")
    transaction.begin()
    assert state(known["waiting"]) == State.WAITING
