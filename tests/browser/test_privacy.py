"""Settings of comments and a person's data, in a browser: on a phone, without JavaScript, dark; axe finds nothing."""

from axe_playwright_python.sync_playwright import Axe
from browser.test_accessible import problems
from collective.socialterritory import clock
from collective.socialterritory import mail
from collective.socialterritory.comments import asking
from collective.socialterritory.comments import deciding
from collective.socialterritory.comments import facts
from collective.socialterritory.comments.model import State
from collective.socialterritory.comments.rules.people import of_address
from collective.socialterritory.comments.store import Comments
from collective.socialterritory.interfaces import settings as site_settings
from commenting import news
from commenting import said

import pytest
import re
import transaction


pytestmark = pytest.mark.browser

JEANNE = "jeanne.dupre@example.org"
STAFF = ("@@social-comments-controlpanel", "@@social-comments-adopt", "@@social-comments-privacy")


@pytest.fixture
def comment(served):
    page = news(served.site)
    comment = said(page, state=State.APPROVED, author=of_address(Comments(served.site).secret, JEANNE))
    comment.author_email = JEANNE
    comment.reindexObject()
    site_settings().public_url = served.url
    transaction.commit()
    return comment


def key(served):
    transaction.begin()
    person = asking.persons.by_address(served.site, JEANNE)
    return asking.key(served.site, person, clock.now())


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_pages_are_for_everybody(served, visitor, comment, size):
    axe, found = Axe(), {}
    for scheme in ("light", "dark"):
        staff = visitor("webmaster", size=size, color_scheme=scheme)
        for path in STAFF:
            page = staff.goto(path)
            found[f"{path} {scheme}"] = problems(axe, page)
        page.goto(f"{served.url}/@@social-comments-privacy")
        for summary in page.locator("#content-core summary").all():
            summary.click()
        page.fill("#social-who", JEANNE)
        for button in ("look", "erase"):
            with page.expect_navigation():
                page.click(f"button[value={button}]")
        found[f"person {scheme}"] = problems(axe, page)
        somebody = visitor(size=size, color_scheme=scheme)
        found[f"ask {scheme}"] = problems(axe, somebody.goto("@@social-my-data"))
        page = somebody.goto(f"@@social-my-data?key={key(served)}")
        with page.expect_navigation():
            page.click("button[value=erase]")
        found[f"link {scheme}"] = problems(axe, page)
        assert somebody.outside == staff.outside == []
    assert {name: seen for name, seen in found.items() if seen} == {}


def test_somebody_on_a_phone_without_javascript_erases_their_data(served, visitor, comment):
    somebody = visitor(size="phone", java_script_enabled=False)
    page = somebody.goto("@@social-my-data")
    page.fill("#social-address", JEANNE)
    page.keyboard.press("Enter")
    page.wait_for_selector(".alert-success")
    transaction.begin()
    asking.answer(served.site, clock.now())
    ((_id, one),) = mail.waiting(served.site)
    transaction.commit()
    page.goto(re.search(r"http\S+", one["body"])[0])
    page.check("#social-sure")
    page.click("button[value=erase]")
    page.wait_for_selector(".alert-success")
    transaction.begin()
    assert deciding.find(facts.key(comment)) is None


def test_what_is_wrong_with_an_address_is_read_where_it_was_typed(served, visitor):
    somebody = visitor(java_script_enabled=False)
    page = somebody.goto("@@social-my-data")
    page.fill("#social-address", "jeanne@nowhere")
    page.keyboard.press("Enter")
    page.wait_for_selector("#social-problem")
    field = page.locator("#social-address")
    assert field.get_attribute("aria-describedby") == "social-problem"
    assert field.input_value() == "jeanne@nowhere"
    assert page.evaluate("document.activeElement.id") == "social-address"
