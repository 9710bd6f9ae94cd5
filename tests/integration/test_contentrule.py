"""The content-rule action "Post to social networks": the same plan as ever, and no way around a validator."""

from bs4 import BeautifulSoup
from collective.socialterritory.crosspost.contentrule import NAME
from collective.socialterritory.crosspost.contentrule import PostAction
from collective.socialterritory.crosspost.model import State
from DateTime import DateTime
from follow import page
from follow import tab
from plone import api
from plone.app.contentrules.api import assign_rule
from plone.app.contentrules.rule import Rule
from plone.contentrules.engine.interfaces import IRuleAssignmentManager
from plone.contentrules.engine.interfaces import IRuleStorage
from plone.contentrules.rule.interfaces import IRuleAction
from Products.CMFCore.interfaces import IActionSucceededEvent
from working import work
from zope.component import getUtility
from zope.globalrequest import setRequest
from zope.lifecycleevent.interfaces import IObjectAddedEvent
from zope.lifecycleevent.interfaces import IObjectCopiedEvent
from zope.lifecycleevent.interfaces import IObjectModifiedEvent
from zope.lifecycleevent.interfaces import IObjectRemovedEvent

import pytest
import transaction


HTML = {"Accept": "text/html"}
RULE = "++rule++rule-IActionSucceededEvent"
EVENTS = (IObjectAddedEvent, IObjectModifiedEvent, IObjectCopiedEvent, IObjectRemovedEvent, IActionSucceededEvent)


@pytest.fixture
def rule(town):
    """A rule for the whole site, by default for each change of state, with the action for all accounts."""

    def make(event=IActionSucceededEvent, accounts=()):
        action = PostAction()
        action.accounts = list(accounts)
        rule = Rule()
        rule.title = "Post"
        rule.event = event
        rule.actions.append(action)
        name = f"rule-{event.__name__}"
        getUtility(IRuleStorage)[name] = rule
        assign_rule(town.site, name, enabled=True, bubbles=True)
        transaction.commit()
        return rule

    return make


@pytest.fixture
def on_request(town):
    """The town's account does not post by itself; somebody who trusts nobody validates it."""
    town.account.by_itself = False
    transaction.commit()


def act(client, item, transition):
    answer = client.post(f"{item.getId()}/@workflow/{transition}")
    assert answer.status_code == 200, answer.text


def change(client, item, **fields):
    answer = client.patch(item.getId(), fields)
    assert answer.status_code == 204, answer.text


def test_an_account_that_does_not_post_by_itself_posts_what_a_rule_asks_for(town, rule, on_request):
    silent = town.news("Sans règle")
    assert town.stored(silent) == []
    rule()
    item = town.news(publish=False)
    act(town.editor, item, "publish")
    (made,) = town.stored(item)
    assert (made.state, made.needed, made.apart) == (State.PENDING, 1, True)
    assert made.authors == ("editor",)
    work(town.functional)
    (made,) = town.stored(item)
    assert made.state is State.PENDING


def test_what_is_not_public_is_planned_and_waits_until_it_is(town, rule):
    rule()
    item = town.news(publish=False)
    act(town.editor, item, "submit")
    (made,) = town.stored(item)
    answer = town.validator.decide({"id": made.id}, "approve", fingerprint=made.fingerprint)
    assert answer.status_code == 200
    work(town.functional)
    assert town.stored(item)[0].state is State.QUEUED
    act(town.editor, item, "publish")
    work(town.functional)
    assert [delivery.state for delivery in town.stored(item)] == [State.DELIVERED]


def test_it_runs_again_and_again_and_posts_once(town, rule, on_request):
    rule(IObjectModifiedEvent)
    item = town.news()
    for title in ("Un", "Deux", "Trois"):
        change(town.editor, item, title=title)
    (made,) = town.stored(item)
    assert made.rendition.text.startswith("Trois")
    town.validator.decide({"id": made.id}, "approve", fingerprint=made.fingerprint)
    work(town.functional)
    change(town.editor, item, title="Quatre")
    work(town.functional)
    assert [delivery.state for delivery in town.stored(item)] == [State.DELIVERED]


def test_the_chosen_accounts_alone_and_none_when_they_are_gone(town, rule, on_request):
    setRequest(town.functional["request"])
    with api.env.adopt_roles(["Manager"]):
        sports = town.speaks("Sports", "second", validation="one", by_itself=False)
    chosen = rule(accounts=[sports.UID()])
    item = town.news(publish=False)
    act(town.editor, item, "publish")
    assert [made.account_title for made in town.stored(item)] == ["Sports"]
    assert str(chosen.actions[0].summary.mapping["accounts"]) == "Sports"
    with api.env.adopt_roles(["Manager"]):
        api.content.delete(sports)
    transaction.commit()
    other = town.news("Autre", publish=False)
    act(town.editor, other, "publish")
    assert town.stored(other) == []


@pytest.mark.parametrize("fields", [{"social_post": False}, {"effective": "2020-01-01T08:00:00"}])
def test_a_rule_does_not_overrule_the_editor_nor_post_old_news(town, rule, on_request, fields):
    rule(IObjectModifiedEvent)
    item = town.news()
    change(town.editor, item, **fields)
    assert town.stored(item) == []


@pytest.mark.parametrize("public, posts", [(True, 0), (False, 1)])
def test_what_has_no_date_is_as_old_as_it_is_and_an_old_draft_is_news(town, rule, on_request, public, posts):
    rule(IObjectModifiedEvent)
    item = town.news(publish=public)
    item.effective_date = None
    item.creation_date = DateTime("2020/01/01")
    transaction.commit()
    change(town.editor, item, title="Autre")
    assert len(town.stored(item)) == posts


def test_the_person_who_sets_it_off_needs_the_right_to_post(town, rule, on_request):
    rule()
    item = town.news(publish=False)
    town.site.manage_permission("collective.socialterritory: Submit posts", ["Manager"])
    transaction.commit()
    act(town.editor, item, "publish")
    assert town.stored(item) == []


def test_nobody_approves_their_own_words_because_a_rule_asked(town, rule, place, on_request):
    """`second` validates for the town and edits here; the rule runs in the name of the editor."""
    rule(IObjectModifiedEvent)
    with api.env.adopt_user(username="editor"):
        item = api.content.create(place, "News Item", title="Menu", id="menu")
    transaction.commit()
    path = "/".join(item.getPhysicalPath()[2:])
    assert town.second.patch(path, {"title": "Mon menu"}).status_code == 204
    (made,) = town.stored(item)
    assert set(made.authors) == {"editor", "second"}
    answer = town.second.decide({"id": made.id}, "approve", fingerprint=made.fingerprint)
    assert (answer.status_code, town.stored(item)[0].state) == (403, State.PENDING)


def test_who_only_published_is_no_author(town, rule, on_request):
    rule(IObjectModifiedEvent)
    item = town.news(publish=False)
    with api.env.adopt_roles(["Manager"]):
        item.manage_setLocalRoles("second", ["Reader", "Reviewer"])
    transaction.commit()
    act(town.second, item, "publish")
    change(town.editor, item, title="Autre menu")
    (made,) = town.stored(item)
    assert made.authors == ("editor",)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_copies_removals_and_other_content_post_nothing(town, rule, on_request, event):
    item = town.news()
    with api.env.adopt_user(username="editor"):
        folder = api.content.create(town.site, "Folder", id="dossier", title="Dossier")
    transaction.commit()
    rule(event)
    assert town.editor.post(f"{folder.getId()}/@copy", {"source": item.absolute_url()}).status_code == 200
    (copy,) = folder.objectValues()
    assert town.stored(copy) == []
    change(town.editor, folder, title="Autre")
    assert town.webmaster._done("DELETE", item.getId()).status_code == 204
    assert town.stored(item) == town.stored(folder) == []


def save(client, soup, **typed):
    """The page after the form was sent."""
    form = soup.find("button", {"name": "form.buttons.save"}).find_parent("form")
    fields = {field["name"]: field["value"] for field in form.find_all("input", {"type": "hidden"})}
    data = {**fields, **typed, "form.buttons.save": "Save"}
    answer = client.session.post(form["action"], data=data, headers=HTML, timeout=30)
    transaction.begin()
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "html.parser")


def edit_form(client, soup):
    link = soup.find("a", href=lambda href: href and "++action++0/edit" in href)["href"]
    return page(client, link.removeprefix(f"{client.url}/"))


def test_a_webmaster_adds_and_changes_the_action(town, rule):
    made = rule()
    made.actions[:] = []
    transaction.commit()
    add = page(town.webmaster, f"{RULE}/+action/{NAME}")
    assert "Town" in [label.get_text(strip=True) for label in add.find_all("label")]
    elements = save(town.webmaster, add)
    assert "Posts on every account that speaks for the item" in elements.get_text()
    assert [action.accounts for action in made.actions] == [[]]
    elements = save(
        town.webmaster,
        edit_form(town.webmaster, elements),
        **{"form.widgets.accounts": town.account.UID()},
    )
    assert "Posts on: Town" in elements.get_text()
    assert made.actions[0].accounts == [town.account.UID()]
    with api.env.adopt_roles(["Manager"]):
        api.content.delete(town.account)
    transaction.commit()
    elements = page(town.webmaster, f"{RULE}/@@manage-elements")
    assert "Posts on: ?" in elements.get_text()
    assert "Posts on every account" in save(town.webmaster, edit_form(town.webmaster, elements)).get_text()


def test_its_name_is_translated_where_plone_lists_actions(portal):
    action = getUtility(IRuleAction, name=NAME)
    assert action.title.domain == action.description.domain == "collective.socialterritory"


def test_content_rules_are_for_those_whom_plone_lets_manage_them(town, rule):
    rule()
    for path in (f"+action/{NAME}", "++action++0/edit"):
        for client in (town.editor, town.validator, town.anonymous):
            answer = client.get(f"{RULE}/{path}")
            assert answer.status_code in (401, 403), (path, client.user)


def test_the_person_is_told(town, rule, on_request, toolbar):
    rule()
    item = town.news(publish=False)
    soup = page(town.editor, item.getId())
    link = soup.find("a", id="workflow-transition-publish")["href"]
    answer = town.editor.session.get(link, headers=HTML, timeout=30)
    assert "Planned on social networks: Town." in BeautifulSoup(answer.text, "html.parser").get_text()


def test_the_tab_of_an_item_tells_of_an_account_that_waits_to_be_asked(town, on_request):
    item = town.news()
    shown = tab(town.editor, item)
    assert "This account posts only what a content rule or a person asks for." in shown.get_text()
    button = shown.find("button", {"name": "submit"})
    fields = {field["name"]: field["value"] for field in button.find_parent("form").find_all("input")}
    town.editor.session.post(
        f"{item.absolute_url()}/@@social-networks", data={**fields, "submit": "1"}, headers=HTML, timeout=30
    )
    assert [made.state for made in town.stored(item)] == [State.PENDING]


def test_uninstalling_takes_the_action_out_of_rules_and_leaves_the_rules(town, rule):
    made = rule()
    other = rule(IObjectAddedEvent)
    setRequest(town.functional["request"])
    town.site.portal_setup.runAllImportStepsFromProfile("collective.socialterritory:uninstall")
    transaction.commit()
    assert list(made.actions) == list(other.actions) == []
    assert set(getUtility(IRuleStorage)) == {"rule-IActionSucceededEvent", "rule-IObjectAddedEvent"}
    assert list(IRuleAssignmentManager(town.site)) == ["rule-IActionSucceededEvent", "rule-IObjectAddedEvent"]
