"""The calendar in a browser: what is planned is dragged to another day, and the keyboard goes on there."""

from collective.socialterritory import clock
from datetime import timedelta

import pytest


pytestmark = pytest.mark.browser


def test_a_post_is_dragged_to_another_day(served, visitor):
    far = clock.now() + timedelta(days=14)
    monday = (far - timedelta(days=far.weekday())).replace(hour=8, minute=30)
    item = served.news("Menu de la cantine", id="cantine", social_at=monday.replace(tzinfo=None))
    day, wednesday, week = (f"{monday + timedelta(days=n):%Y-%m-%d}" for n in (0, 2, 7))
    editor = visitor("editor")
    page = editor.goto(f"@@social-calendar?view=week&date={day}")
    entry = ".social-entry[draggable]"
    page.drag_and_drop(entry, f"[data-social-day='{day}'] h3")
    assert page.locator(".social-over, .social-dragged").count() == 0, "dropped where it was"
    with page.expect_navigation():
        page.drag_and_drop(entry, f"[data-social-day='{wednesday}']")
    assert "Moved to" in page.inner_text(".portalMessage, .statusmessage")
    assert page.evaluate("document.activeElement.textContent") == "Menu de la cantine"
    assert page.locator(f"[data-social-day='{wednesday}'] .social-entry").count() == 1
    (post,) = served.stored(item)
    assert f"{post.due:%Y-%m-%d}" == wednesday and f"{item.social_at:%H:%M}" == "08:30", "the time of day stays"
    page.click(".social-entry-move")
    page.wait_for_selector("#social-move-day:focus")
    page.fill("#social-move-day", week)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert week in page.url and "Moved to" in page.inner_text(".portalMessage, .statusmessage")
    assert (editor.complaints, editor.outside) == ([], [])
