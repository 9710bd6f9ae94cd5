"""Pages of people without an account: accessible, and of use with the keyboard alone and without JavaScript."""

from axe_playwright_python.sync_playwright import Axe
from collective.socialterritory.comments import deciding
from collective.socialterritory.comments import facts
from collective.socialterritory.comments import private
from collective.socialterritory.comments import subscriptions
from collective.socialterritory.comments.model import Action
from collective.socialterritory.comments.model import State
from collective.socialterritory.comments.rules import signing
from collective.socialterritory.comments.rules.reports import known
from collective.socialterritory.comments.settings import settings
from collective.socialterritory.comments.store import Comments
from commenting import news
from commenting import said
from letters import with_mail
from plone import api

import collective.socialterritory.clock as clock
import pytest
import transaction


pytestmark = pytest.mark.browser

SIZES = {"desktop": (1280, 900), "phone": (390, 844)}
TEXT = "Merci pour les bancs. " * 8 + "Un-mot-sans-fin-" * 20


@pytest.fixture
def town(served):
    site = with_mail(served.site)
    settings().charter_url = f"{served.url}/charte"
    settings().words = ["casino"]
    served.page = news(site)
    served.shown = said(served.page, TEXT, state=State.APPROVED, author="user:member")
    served.waits, served.refused = (said(served.page, TEXT, author="user:member") for _time in range(2))
    with api.env.adopt_roles(["Manager"]):
        deciding.decide(served.refused, Action.REJECT, clock.now(), reason="off-topic", note="Écrivez-nous.")
    subscriptions.wanted(served.shown, "jeanne@town.example", clock.now())
    transaction.commit()
    return served


def pages(town):
    now, secret = clock.now(), Comments(town.site).secret
    ((id, _one),) = subscriptions.of_page(town.site, town.page.UID())
    links = {name: private.path(getattr(town, name), now) for name in ("shown", "waits", "refused")}
    return {
        **links,
        "withdraw": f"{links['waits']}&ask=1",
        "forged": "@@social-my-comment?key=x",
        "confirm": f"@@social-confirm?key={signing.sign(secret, 'confirm', (id,))}",
        "unsubscribe": f"@@social-unsubscribe?key={signing.sign(secret, 'unsubscribe', (id,))}",
        "report": f"@@social-report?comment={facts.key(town.shown)}",
        "report_gone": "@@social-report?comment=x.1",
    }


def test_pages_have_no_violation(town, visitor):
    axe, found = Axe(), {}
    anybody, member = visitor(), visitor("member")
    seen = [(anybody, name, path) for name, path in pages(town).items()]
    for person, name, path in [*seen, (member, "list", "@@social-my-comments")]:
        person.page.goto(f"{town.url}/{path}")
        look(axe, person.page, name, found)
        if name == "report":
            person.page.check("#social-reason-illegal")
            person.page.wait_for_timeout(3100)
            person.page.click("#content-core button[type=submit]")
            person.page.wait_for_selector("#social-name-error")
            look(axe, person.page, "report_refused", found)
        if name == "waits":
            person.page.fill("#social-text", "Au casino")
            person.page.click("button[name=change]")
            person.page.wait_for_selector("button[name=anyway]")
            look(axe, person.page, "warned", found)
    assert {name: problems for name, problems in found.items() if problems} == {}
    assert anybody.outside == member.outside == []
    assert [text for text in anybody.complaints if "404" not in text and "410" not in text] == []


def look(axe, page, name, found):
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        results = axe.run(page, context="#content")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        seen = [f"{v['id']}: {[n['html'][:160] for n in v['nodes']]}" for v in results.response["violations"]]
        found[f"{name} {size}"] = [*seen, *([f"scrolls sideways by {wide} px"] if wide > 0 else [])]


def reach(page, selector):
    """By the Tab key."""
    for _step in range(80):
        page.keyboard.press("Tab")
        if page.locator(f"{selector}:focus").count():
            return
    raise AssertionError(f"nobody reaches {selector} with the keyboard")


def test_a_comment_is_reported_by_keyboard_alone_without_javascript(town, visitor):
    page = visitor("", "phone", java_script_enabled=False).page
    page.goto(f"{town.url}/@@social-report?comment={facts.key(town.shown)}")
    reach(page, "#social-reason-insult")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    reach(page, "#social-text")
    page.keyboard.type("Cela vise ma voisine.")
    page.wait_for_timeout(3100)
    reach(page, "button[type=submit]:has-text('Send')")
    page.keyboard.press("Enter")
    page.wait_for_selector(".alert-success")
    transaction.begin()
    (report,) = known(facts.facts(town.shown).reports)
    assert (report.reason, report.text) == ("hate", "Cela vise ma voisine.")


def test_a_comment_is_changed_and_withdrawn_by_keyboard_alone_without_javascript(town, visitor):
    page = visitor("", "phone", java_script_enabled=False).page
    page.goto(f"{town.url}/{private.path(town.waits, clock.now())}")
    reach(page, "#social-text")
    page.keyboard.press("Control+a")
    page.keyboard.type("  ")
    reach(page, "button[name=change]")
    page.keyboard.press("Enter")
    page.wait_for_selector("#social-text-error")
    assert page.locator("[role=alert]:focus").count() == 1
    reach(page, "#social-text")
    page.keyboard.press("Control+a")
    page.keyboard.type("Merci !")
    reach(page, "button[name=change]")
    page.keyboard.press("Enter")
    page.wait_for_selector(".portalMessage")
    transaction.begin()
    assert town.waits.text == "Merci !"
    key = facts.key(town.waits)
    reach(page, "a[href*='ask=1']")
    page.keyboard.press("Enter")
    page.wait_for_selector("button[name=withdraw]:focus")
    page.keyboard.press("Enter")
    page.wait_for_selector(".alert-success")
    transaction.begin()
    assert deciding.find(key) is None
