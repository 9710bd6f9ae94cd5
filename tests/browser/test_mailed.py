"""The page behind the links of a moderator's mail, as people see it: on a phone, without JavaScript, in French."""

from axe_playwright_python.sync_playwright import Axe
from collective.socialterritory import clock
from collective.socialterritory.comments import facts
from collective.socialterritory.comments import links
from collective.socialterritory.comments.deciding import find
from collective.socialterritory.comments.model import Action
from collective.socialterritory.comments.model import State
from commenting import news
from commenting import said
from datetime import timedelta
from pathlib import Path
from plone import api

import os
import pytest
import transaction


pytestmark = pytest.mark.browser

SHOTS = os.environ.get("SOCIALTERRITORY_SHOTS", "")
LONG = "Merci pour les nouveaux bancs !\n\nMais https://exemple.example/une-tres-longue-adresse/" + "sans-fin-" * 30


@pytest.fixture
def comment(served):
    """Key of an answer that waits; camille moderates."""
    with api.env.adopt_roles(["Manager"]):
        api.portal.set_registry_record("plone.available_languages", ["en", "fr"])
        api.portal.set_registry_record("plone.default_language", "fr")
        api.user.create("camille@town.example", "camille", "A-long-one-1", properties={"fullname": "Camille Durand"})
        api.user.grant_roles(username="camille", roles=["Member", "Social Moderator"])
    page = news(served.site)
    first = said(page, "Où sont-ils ?", "Ahmed", state=State.APPROVED)
    answer = said(page, LONG, parent=first)
    answer.author_email = "jeanne@example.org"
    key = facts.key(answer)
    transaction.commit()
    return key


def link(served, key, action, days=3):
    transaction.begin()
    until = clock.now() + timedelta(days=days)
    return f"@@social-decide/{links.token(served.site, 'camille', find(key), action, until)}"


def good(page, name):
    """No violation, no sideways scrolling."""
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)
    found = Axe().run(page, context="#content").response["violations"]
    assert not [(one["id"], [node["html"] for node in one["nodes"]]) for one in found], name
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name


def test_a_moderator_refuses_on_a_phone_and_undoes(served, visitor, comment):
    camille = visitor(size="phone")
    page = camille.goto(link(served, comment, Action.REJECT))
    good(page, "reject")
    button = page.locator("#content-core button[type=submit]")
    button.click()  # the browser asks for the article
    assert page.locator("#social-reason:invalid").count() == 1
    page.select_option("#social-reason", "off-topic")
    button.click()
    page.wait_for_selector("[role=status]")
    good(page, "rejected")
    transaction.begin()
    assert facts.state(find(comment)) == State.REJECTED
    page.locator("#content-core button[type=submit]").click()
    page.wait_for_selector("#content-core form:nth-of-type(3)")
    good(page, "undone")
    transaction.begin()
    assert facts.state(find(comment)) == State.WAITING
    assert (camille.outside, camille.complaints) == ([], [])


def test_it_works_without_javascript_and_by_keyboard(served, visitor, comment):
    camille = visitor(java_script_enabled=False)
    page = camille.goto(link(served, comment, Action.APPROVE))
    page.locator("#content-core button[type=submit]").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=status]")
    transaction.begin()
    assert facts.state(find(comment)) == State.APPROVED


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_every_answer_of_the_page_is_accessible(served, visitor, comment, size):
    camille = visitor(size=size, color_scheme="dark" if size == "phone" else "light")
    spam = link(served, comment, Action.SPAM)
    for name, path in {
        "spam": spam,
        "expired": link(served, comment, Action.APPROVE, -1),
        "forged": "@@social-decide/nonsense",
    }.items():
        camille.page.goto(f"{served.url}/{path}")
        good(camille.page, f"{name}-{size}")
    assert camille.outside == []
