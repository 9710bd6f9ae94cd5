"""Commenting in a browser: on a phone, by keyboard, without JavaScript; what is long, and what is much."""

from axe_playwright_python.sync_playwright import Axe
from chaos.world import share
from collective.socialterritory.comments import facts
from collective.socialterritory.comments.model import State
from collective.socialterritory.comments.rules import signing
from collective.socialterritory.comments.settings import settings
from collective.socialterritory.interfaces import settings as site_settings
from commenting import many
from commenting import news
from commenting import said
from datetime import timedelta
from plone.app.discussion.interfaces import IConversation

import pytest
import transaction


pytestmark = pytest.mark.browser

SIZES = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
LONG = "Dénonciation" * 30
RTL = "שלום לכולם, תודה על הספסלים"
LINK = f"https://town.example/{'chemin-tres-long' * 20}"
MINE = ":is(.social-comments, .social-comments-count, .social-comment-form)"
PEOPLE = 50
COLOURFUL = ("page", "form in page", "wrong", "warned", "bare")
"""Pages that have all the colours there are"""


@pytest.fixture
def bench(served, monkeypatch):
    """A page to comment on, for people who need no three seconds."""
    monkeypatch.setattr(signing, "YOUNG", timedelta(0))
    settings().per_network = settings().per_site = 10_000
    settings().charter_url = "https://www.town.example/charte"
    page = news(served.site)
    transaction.commit()
    return page


def comments(page):
    transaction.begin()
    return list(IConversation(page).values())


def approved(*args, **known):
    made = said(*args, state=State.APPROVED, **known)
    transaction.commit()
    return made


def tab_to(page, wanted, most=150):
    """With the Tab key alone, until what has focus is `wanted`; people see where they are."""
    for _ in range(most):
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            ring = "getComputedStyle(document.activeElement)"
            assert page.evaluate(f"{ring}.outlineStyle !== 'none' || {ring}.boxShadow !== 'none'"), wanted
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the Tab key does not lead to {wanted}")


def in_view(page, there, most=50):
    """After a smooth scroll."""
    for _ in range(most):
        if 0 <= there.bounding_box()["y"] < page.viewport_size["height"]:
            return True
        page.wait_for_timeout(100)
    return False


def write_by_keyboard(page, name, text):
    tab_to(page, "#social-comment-name")
    page.keyboard.type(name)
    tab_to(page, "#social-comment-text")
    page.keyboard.type(text)
    tab_to(page, "#social-comment-form button[type=submit]")
    page.keyboard.press("Enter")


def focused(page):
    return page.evaluate("document.activeElement.id || document.activeElement.className")


@pytest.mark.parametrize("script", [True, False])
def test_somebody_comments_on_a_phone_with_the_keyboard_alone(bench, visitor, script):
    somebody = visitor(size="phone", java_script_enabled=script)
    page = somebody.goto("bancs")
    tab_to(page, "a[data-social-comment='']")
    page.keyboard.press("Enter")
    page.wait_for_selector("#social-comment-form form")
    assert ("@@social-comment" in page.url) == (not script)
    write_by_keyboard(page, "", "Merci pour les bancs.")
    page.wait_for_selector("#social-comment-problem")
    assert focused(page) == "social-comment-problem"
    tab_to(page, "#social-comment-problem a")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.id === 'social-comment-name'")
    page.keyboard.type("Jeanne")
    assert page.input_value("#social-comment-text") == "Merci pour les bancs."
    tab_to(page, "#social-comment-form button[type=submit]")
    page.keyboard.press("Enter")
    page.wait_for_selector("#social-comment-form .alert-success")
    assert "alert-success" in focused(page)
    assert [(one.author_name, one.text) for one in comments(bench)] == [("Jeanne", "Merci pour les bancs.")]
    assert somebody.outside == [] and somebody.complaints == []


def test_an_answer_is_written_below_what_it_answers_and_can_be_given_up(bench, visitor):
    first = approved(bench, "Où sont-ils ?", name="Ali")
    other = approved(bench, "Bravo", name="Zoé")
    page = visitor(size="phone").goto("bancs")
    page.click(f"a[data-social-comment='{first.id}']")
    page.wait_for_selector(f"#comment-{first.id} + #social-comment-form")
    assert page.evaluate("document.activeElement.textContent") == "Answer to Ali"
    page.fill("#social-comment-text", "Au parc.")
    page.click(f"a[data-social-comment='{other.id}']")
    page.wait_for_selector(f"#comment-{other.id} + #social-comment-form")
    assert page.input_value("#social-comment-text") == "Au parc." and page.locator("#social-comment-form").count() == 1
    assert "4992 characters left" in page.inner_text("#social-comment-text-hint")
    page.click("[data-cancel]")
    assert page.locator("#social-comment-form").count() == 0
    assert page.evaluate("document.activeElement.dataset.socialComment") == other.id


def test_without_a_connection_the_form_is_a_page_of_its_own(bench, visitor):
    page = visitor().goto("bancs")
    page.route("**/*fragment=1*", lambda route: route.abort())
    page.click("a[data-social-comment='']")
    page.wait_for_url("**/@@social-comment")
    page.fill("#social-comment-text", "Merci")
    assert "4995 characters left" in page.inner_text("#social-comment-text-hint")


def test_a_site_that_cannot_be_reached_takes_nothing_away_that_was_typed(bench, visitor):
    first = approved(bench, "Où sont-ils ?", name="Ali")
    page = visitor(size="phone").goto("bancs")
    page.click("a[data-social-comment='']")
    page.wait_for_selector("#social-comment-text")
    assert page.locator("[data-unsent]").is_hidden()
    page.fill("#social-comment-name", "Jeanne")
    page.fill("#social-comment-text", "Merci pour les bancs.")
    page.context.set_offline(True)
    for press in (f"a[data-social-comment='{first.id}']", "#social-comment-form button[type=submit]"):
        page.click(press)
        page.wait_for_function("document.activeElement.matches('[data-unsent]')")
        assert page.input_value("#social-comment-text") == "Merci pour les bancs."
        page.focus("#social-comment-text")
    page.context.set_offline(False)
    page.click("#social-comment-form button[type=submit]")
    page.wait_for_selector("#social-comment-form .alert-success")
    assert [one.author_name for one in comments(bench)] == ["Ali", "Jeanne"]


def pages(bench):
    """Name, path and what to do there, of every page that we draw."""
    first = approved(bench, f"{LONG} {LINK}", name=LONG[:90])
    answer = approved(bench, RTL, name=RTL, parent=first)
    deep = approved(bench, "Oui", name="Zoé", parent=approved(bench, "Non", parent=answer))
    approved(bench, "Réponse de la mairie", official=True, edited="2026-11-23T09:00:00+00:00", parent=deep)
    remote = {"id": "1", "url": "https://m.example/1", "author_url": "https://m.example/@a", "avatar": ""}
    approved(bench, LONG, name="@a@m.example", source="mastodon", remote=remote)
    gone = approved(bench, "", name="", gone="author")
    approved(bench, "Toujours là", parent=gone)
    said(bench, "À moi", author="user:member")
    settings().words = ["casino"]
    settings().page_size = 5
    transaction.commit()
    yield "page", "bancs", None
    yield "second page", "bancs?comments=2", None
    yield "missing", "bancs?comment=1", None
    yield "form in page", "bancs", lambda page: page.click(f"a[data-social-comment='{first.id}']")
    yield "form", f"bancs/@@social-comment?answer={answer.id}", None
    yield "wrong", "bancs/@@social-comment", lambda page: send(page, "")
    yield "warned", "bancs/@@social-comment", lambda page: send(page, "casino")
    yield "done", "bancs/@@social-comment", lambda page: send(page, "Merci")
    yield "bare", "bancs/@@social-comment", lambda page: send(page, "Merci", token="x")


def send(page, text, token=None):
    if page.locator("#social-comment-name").count():
        page.fill("#social-comment-name", "Jeanne")
    page.fill("#social-comment-text", text)
    if token:
        page.evaluate("token => document.querySelector('[name=token]').value = token", token)
    with page.expect_navigation():
        page.click("#social-comment-form button[type=submit]")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_have_no_violation_and_ask_nobody_else(bench, visitor, scheme):
    people = {"visitor": visitor(color_scheme=scheme), "member": visitor("member", color_scheme=scheme)}
    axe, found = Axe(), {}
    for name, path, do in pages(bench):
        for who, somebody in people.items():
            if who == "member" and name not in ("page", "form"):
                continue
            if scheme == "dark" and name not in COLOURFUL:
                continue
            page = somebody.goto(path)
            page.evaluate(f"document.documentElement.dataset.bsTheme = '{scheme}'")
            if do:
                do(page)
                page.wait_for_selector("#social-comment-form")
                page.evaluate(f"document.documentElement.dataset.bsTheme = '{scheme}'")
            page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
            for size, viewport in SIZES.items():
                if size == "desktop" and (scheme == "dark" or name not in ("page", "form in page")):
                    continue
                page.set_viewport_size(viewport)
                found[f"{name} {who} {size}"] = problems(axe, page)
    assert {name: seen for name, seen in found.items() if seen} == {}
    for somebody in people.values():
        assert somebody.outside == [] and somebody.complaints == []


def problems(axe, page):
    results = axe.run(page, context=MINE)
    seen = [f"{v['id']}: {[n['html'][:160] for n in v['nodes']]}" for v in results.response["violations"]]
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [*seen, f"scrolls sideways by {wide} px"] if wide > 0 else seen


def test_a_thousand_comments_come_in_pages_and_each_has_an_address(bench, visitor):
    ids = many(bench, 1000)
    transaction.commit()
    somebody = visitor(size="phone", java_script_enabled=False)
    page = somebody.goto("bancs")
    assert page.inner_text(".social-comments-count").strip() == "1,000 comments"
    assert page.locator("article.social-comment").count() == 20
    page.click("a[rel=next]")
    assert "Numéro 20." in page.inner_text(".social-comment >> nth=0")
    page = somebody.goto(f"bancs?comment={ids[777]}#comment-{ids[777]}")
    assert page.locator("article.social-comment").count() == 20
    there = page.locator(f"#comment-{ids[777]}")
    assert "Numéro 777." in there.inner_text() and there.evaluate("one => one.matches(':target')")
    assert in_view(page, there)
    assert page.inner_text(".social-comments-pages [aria-current]").split()[-1] == "39"


def test_everybody_can_comment_by_keyboard_and_without_javascript(bench, visitor):
    """Row C2 of the scorecard: half of them with JavaScript, on phones and at desks; all use the keyboard alone."""
    wanted = share(PEOPLE, 2)
    for number in range(wanted):
        somebody = visitor(size=["phone", "desktop"][number // 2 % 2], java_script_enabled=bool(number % 2))
        page = somebody.goto("bancs")
        tab_to(page, "a[data-social-comment='']")
        page.keyboard.press("Enter")
        page.wait_for_selector("#social-comment-form form")
        write_by_keyboard(page, f"Personne {number}", f"Je viens dire ceci, pour la fois {number}.")
        page.wait_for_selector("#social-comment-form .alert-success")
        assert somebody.complaints == []
        somebody.context.close()
    made = comments(bench)
    assert [one.author_name for one in made] == [f"Personne {number}" for number in range(wanted)]
    assert {facts.state(one) for one in made} == {State.WAITING}


def test_a_paused_site_shows_what_was_said_and_asks_for_nothing(bench, visitor):
    approved(bench, "Un")
    site_settings().pause_start = bench.created().asdatetime().replace(tzinfo=None) - timedelta(days=2)
    transaction.commit()
    page = visitor(size="phone").goto("bancs")
    assert "paused" in page.inner_text(".social-comments-closed")
    assert page.locator("a[data-social-comment]").count() == 0 and page.locator("article.social-comment").count() == 1
