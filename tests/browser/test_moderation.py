"""The moderation desk in a browser: by keyboard alone, without JavaScript, on a phone, in the dark."""

from axe_playwright_python.sync_playwright import Axe
from collective.socialterritory.comments import deciding
from collective.socialterritory.comments import facts
from collective.socialterritory.comments.model import Action
from collective.socialterritory.comments.model import State
from collective.socialterritory.comments.store import Comments
from datetime import datetime
from datetime import UTC
from moderation import busy
from moderation import PASSWORD as SECRET
from moderation import person
from plone import api
from plone.app.discussion.interfaces import IConversation

import pytest
import transaction


pytestmark = pytest.mark.browser

FOCUSED = "document.activeElement.id"


@pytest.fixture
def town(served):
    with api.env.adopt_roles(["Manager"]):
        person("camille", "Social Moderator")
    served.known = busy(served.site, "camille")
    transaction.commit()
    return served


@pytest.fixture
def camille(town, visitor):
    def make(**options):
        return visitor(**options).login("camille", SECRET)

    return make


def state(town, name):
    transaction.begin()
    return facts.state(town.known[name])


def test_a_queue_is_cleared_by_keyboard_alone(town, camille):
    somebody = camille()
    page = somebody.goto("@@social-moderation")
    keys = page.keyboard
    keys.press("?")
    assert page.locator("#social-keys").is_visible() and page.evaluate("document.activeElement.textContent").strip()
    keys.press("Escape")
    assert not page.locator("#social-keys").is_visible()
    keys.press("j")
    keys.press("j")
    keys.press("k")
    assert page.evaluate(FOCUSED) == "social-row-1"
    with page.expect_navigation():
        keys.press("a")
    assert state(town, "waiting") == State.APPROVED
    assert page.evaluate(FOCUSED) == "social-row-1", "the next one stands where the decided one stood"
    with page.expect_navigation():
        keys.press("u")
    assert state(town, "waiting") == State.WAITING
    keys.press("j")
    with page.expect_navigation():
        keys.press("s")
    assert state(town, "waiting") == State.SPAM
    keys.press("r")
    assert page.evaluate(FOCUSED) == "social-row-1-article"
    keys.press("a")
    keys.press("s")
    assert state(town, "linked") == State.WAITING, "in a field, keys are letters"
    page.select_option("#social-row-1-article", "advertising")
    page.focus("#social-row-1-note")
    with page.expect_navigation():
        keys.press("Enter")
    assert state(town, "linked") == State.REJECTED
    assert facts.facts(town.known["linked"]).reason == "advertising"
    keys.press("r")
    keys.press("Escape")
    assert page.evaluate(FOCUSED) == "social-row-1" and not page.locator("#social-row-1-article").is_visible()
    assert (somebody.complaints, somebody.outside) == ([], [])


def test_keys_leave_the_browser_s_own_alone(town, camille):
    page = camille().goto("@@social-moderation")
    page.keyboard.press("j")
    page.keyboard.press("Control+a")
    page.focus("#social-q")
    page.keyboard.type("sharks?")
    assert page.input_value("#social-q") == "sharks?" and not page.locator("#social-keys").is_visible()
    assert {state(town, name) for name in ("waiting", "linked", "evil")} == {State.WAITING}


def test_who_decides_on_several_sees_that_somebody_was_faster(town, camille):
    page = camille(size="phone").goto("@@social-moderation")
    for number in (1, 2):
        page.check(f"#social-row-{number}-choose")
    with api.env.adopt_roles(["Manager"]):
        deciding.decide(town.known["waiting"], Action.APPROVE, datetime.now(UTC))
    transaction.commit()
    with page.expect_navigation():
        page.click("#social-bulk button[value=spam]")
    told = page.locator(".portalMessage", has_text="ready")
    place = told.bounding_box()
    assert 0 <= place["y"] <= page.viewport_size["height"] - place["height"], "it is seen without scrolling"
    assert state(town, "waiting") == State.APPROVED and state(town, "linked") == State.SPAM


def test_a_ready_answer_is_found_by_typing_and_can_be_changed(town, camille):
    page = camille().goto("@@social-moderation")
    row = page.locator("#social-row-1")
    row.locator("summary").nth(1).click()
    row.locator("[name=ready]").fill("Horaires")
    field = row.locator("#social-row-1-answer")
    assert field.input_value() == "La mairie ouvre de 9 h à 17 h."
    field.fill("La mairie ouvre à 9 h.")
    with page.expect_navigation():
        row.locator("button[value=answer]").click()
    transaction.begin()
    said = [one.text for one in IConversation(town.site["bancs"]).values() if facts.facts(one).official]
    assert said == ["La mairie ouvre à 9 h."]


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_all_of_it_without_javascript(town, camille, size):
    page = camille(size=size, java_script_enabled=False).goto("@@social-moderation")
    row = page.locator("#social-row-1")
    row.locator("summary").first.click()
    row.locator("[name=article]").select_option("hate")
    row.locator("button[value=reject]").click()
    page.wait_for_url("**/@@social-moderation?done=*")
    assert state(town, "waiting") == State.REJECTED
    page.locator("[name=undo]").click()
    page.wait_for_load_state()
    assert state(town, "waiting") == State.WAITING
    for number in (1, 2):
        page.check(f"#social-row-{number}-choose")
    page.locator("button[name=bulk][value=spam]").click()
    page.wait_for_url("**/@@social-moderation?done=*")
    assert (state(town, "waiting"), state(town, "linked")) == (State.SPAM, State.SPAM)
    page.goto(f"{town.url}/@@social-moderated?id={facts.key(town.known['waiting'])}")
    assert page.locator("#social-log ~ ol li").count() == len(
        [event for event in Comments(town.site).history(facts.key(town.known["waiting"])) if event.action in Action]
    )


PAGES = (
    "@@social-moderation",
    "@@social-moderation?show=reported&age=day",
    "@@social-moderation?show=rejected&q=nothing",
    "@@social-moderation?show=decided",
    "@@social-moderated?id={edited}",
    "@@social-moderation-figures",
)


@pytest.mark.parametrize("size,scheme", [("desktop", "light"), ("phone", "dark")])
def test_pages_have_no_violation(town, camille, size, scheme):
    somebody, found = camille(size=size, color_scheme=scheme), {}
    for path in PAGES:
        page = somebody.goto(path.format(edited=facts.key(town.known["edited"])))
        if scheme == "dark":
            page.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
        page.evaluate("document.querySelectorAll('#content details').forEach((one) => (one.open = true))")
        problems = Axe().run(page, context="#content").response["violations"]
        found[path] = [(one["id"], [node["target"] for node in one["nodes"]][:3]) for one in problems]
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, path
    assert not any(found.values()), found
    assert (somebody.complaints, somebody.outside) == ([], [])
