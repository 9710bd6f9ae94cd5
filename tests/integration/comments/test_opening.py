"""Contributors open and close comments: page by page, for a section, and what all doors then say."""

from collective.socialterritory.comments.opening import opening
from collective.socialterritory.comments.rules.opening import Why
from collective.socialterritory.comments.settings import settings
from commenting import news
from DateTime import DateTime
from looking import look
from plone import api

import pytest
import transaction


@pytest.fixture
def section(town):
    with api.env.adopt_roles(["Manager"]):
        made = api.content.create(town.site, "Folder", id="sport")
        api.content.transition(made, to_state="published")
    transaction.commit()
    return made


def choices(page):
    (select,) = page.select("#form-widgets-IAllowDiscussion-allow_discussion")
    return [option.text.strip() for option in select.select("option")], select


def test_a_section_s_word_holds_for_what_lies_below_it_and_the_nearest_counts(town, section):
    page = news(section)
    with api.env.adopt_roles(["Manager"]):
        below = api.content.create(section, "Folder", id="club")
        document = api.content.create(below, "Document", id="page")
    assert opening(page).open and opening(document).why == Why.TYPE
    section.allow_discussion = False
    assert opening(page).why == opening(document).why == Why.SECTION
    below.allow_discussion = True
    assert opening(document).open and not opening(page).open
    page.allow_discussion = True
    assert opening(page).open


def test_days_are_counted_from_publication(town):
    page = news(town.site)
    page.effective_date = DateTime() - 89
    assert opening(page).open
    page.effective_date = DateTime() - 91
    assert opening(page).why == Why.OVER
    settings().close_days = 0
    assert opening(page).open


def test_all_doors_agree(town, section):
    page = news(section)
    transaction.commit()
    for closed in (False, True):
        section.allow_discussion = False if closed else None
        transaction.commit()
        shown = look(town, "sport/bancs")
        assert bool(shown.select("a[data-social-comment]")) == (not closed)
        assert town.anonymous.get("sport/bancs").json()["allow_discussion"] == (not closed)
        view = api.content.get_view("conversation_view", page, town.functional["request"])
        assert view.enabled() == (not closed)


def test_a_program_opens_and_closes_a_page(town):
    page = news(town.site)
    transaction.commit()
    for sent, open in ((False, False), (True, True), (None, True)):
        assert town.editor.patch("bancs", {"allow_discussion": sent}).status_code == 204
        assert opening(page).open == open and page.allow_discussion is sent


def test_contributors_read_what_comes_of_each_choice(town, section):
    page = news(section)
    page.effective_date = DateTime("2026/11/20 12:00:00 UTC")
    settings().close_days = 9000
    said, select = choices(look(town, "sport/bancs/edit", "editor"))
    assert said[0].startswith("As the section says: open until") and "2051" in said[0]
    assert said[1:] == ["Open, without an end", "Closed: what was said stays"]
    assert "Comments" in select.find_parent(class_="field").label.text
    transaction.begin()
    settings().close_days = 1
    page.effective_date = DateTime("2020/11/20 12:00:00 UTC")
    transaction.commit()
    over = choices(look(town, "sport/bancs/edit", "editor"))[0][0]
    assert over.startswith("As the section says: closed since") and "2020" in over
    section.allow_discussion = False
    transaction.commit()
    assert choices(look(town, "sport/bancs/edit", "editor"))[0][0] == "As the section says: closed"
    assert choices(look(town, "sport/++add++News Item", "editor"))[0][0] == "As the section says: closed"
    assert choices(look(town, "++add++News Item", "editor"))[0][0] == "As the section says: open"
    assert choices(look(town, "++add++Document", "editor"))[0][0] == "As the section says: closed"
    assert "for what lies in it" in look(town, "sport/edit", "editor").text


def test_a_contributor_closes_a_page_in_its_form(town):
    page = news(town.site)
    form = look(town, "bancs/edit", "editor").select_one("form#form")
    fields = {one["name"]: one.get("value", "") for one in form.select("input[name]:not([type=submit])")}
    fields |= {one["name"]: one.text for one in form.select("textarea[name]")}
    fields |= {"form.widgets.IAllowDiscussion.allow_discussion:list": "False", "form.buttons.save": "Save"}
    answer = town.editor.session.post(form["action"], data=fields, headers={"Accept": "text/html"}, timeout=30)
    transaction.begin()
    assert answer.status_code == 200 and page.allow_discussion is False


def test_where_comments_are_not_ours_plone_s_own_field_stays(town):
    news(town.site)
    settings().active = False
    assert choices(look(town, "bancs/edit", "editor"))[0][1:] == ["Yes", "No"]
