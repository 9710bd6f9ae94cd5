"""The control panel of comments, the question before anything changes, and the way back."""

from collective.socialterritory.comments import installing
from collective.socialterritory.comments.checklist import checklist
from collective.socialterritory.comments.settings import active
from collective.socialterritory.comments.settings import ICommentOptions
from collective.socialterritory.comments.settings import PREFIX
from collective.socialterritory.comments.settings import settings
from collective.socialterritory.comments.store import Comments
from collective.socialterritory.interfaces import settings as site_settings
from commenting import news
from commenting import said
from plone import api
from plone.app.discussion.interfaces import IDiscussionSettings
from plone.app.testing import applyProfile
from plone.registry.interfaces import IRegistry
from zope.component import getUtility
from zope.i18n import translate
from zope.schema import getFieldNames

import html
import pytest
import re
import transaction


PANEL = "@@social-comments-controlpanel"
ADOPT = "@@social-comments-adopt"
PAGES = (PANEL, ADOPT)


def words(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", html))


def stored(name):
    """The registry remembers what it read in one request, which a test is."""
    return getUtility(IRegistry).records._values[name]


def adopted():
    return stored(f"{PREFIX}.active")


def points(portal):
    found = checklist(portal, portal.REQUEST)
    return {point.name: (point.ok, translate(point.text)) for point in found}


@pytest.fixture
def former(town):
    """A served site that had comments before the add-on."""
    applyProfile(town.site, "collective.socialterritory:uninstall")
    page = news(town.site)
    installing.discussion().user_notification_enabled = True
    said(page, "Avant", state="published")
    applyProfile(town.site, "collective.socialterritory:default")
    transaction.commit()
    return page


def test_the_checklist_says_what_is_missing(portal):
    said = points(portal)
    assert {name for name, (ok, _text) in said.items() if not ok} == {"moderators", "charter", "mail"}
    assert said["open"] == (True, "People can comment on: News Item")
    portal.portal_workflow.setChainForPortalTypes(("Discussion Item",), ("comment_one_state_workflow",))
    installing.discussion().globally_enabled = False
    settings().charter_url = "https://www.town.example/charte"
    site_settings().mail_to_page = True
    said = points(portal)
    assert not said["workflow"][0] and not said["open"][0]
    assert said["charter"][0] and said["mail"] == (True, "Training: mails are shown on a page and sent to nobody.")


def test_where_visitors_without_an_account_cannot_write_it_is_told(portal):
    assert "members" not in points(portal)
    installing.discussion().anonymous_comments = False
    ok, text = points(portal)["members"]
    assert ok and "Only people with an account can comment" in text


def test_moderators_need_an_address(portal, moderator):
    assert points(portal)["moderators"] == (True, "One person moderates and has an e-mail address.")
    api.user.get(userid=moderator).setMemberProperties({"email": ""})
    ok, text = points(portal)["moderators"]
    assert not ok and "has an e-mail address" in text


def test_a_proxy_that_nobody_named_is_told(portal):
    assert points(portal)["proxy"][0]
    portal.REQUEST.environ.update(REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="192.0.2.7")
    portal.REQUEST._client_addr = "10.0.0.1"
    ok, text = points(portal)["proxy"]
    assert not ok and "trusted-proxy" in text


HTML = {"Accept": "text/html"}


def read(client, path):
    answer = client.session.get(f"{client.url}/{path}", headers=HTML, timeout=60)
    transaction.begin()
    return html.unescape(answer.text)


def send(client, path, form=None, token=True, url=""):
    """As the browser of this person would send the form of a page."""
    fields = dict(form or {})
    if token:
        found = re.search(r'name="_authenticator" value="(\w+)"', read(client, path))
        fields["_authenticator"] = found[1]
    answer = client.session.post(f"{client.url}/{url or path}", data=fields, headers=HTML, timeout=60)
    transaction.begin()
    return answer


def test_nothing_changes_before_somebody_has_read_what_would(town, former):
    known = installing.plan(town.site)
    assert "Nothing of them is changed until you say so." in read(town.webmaster, PANEL)
    page = words(read(town.webmaster, ADOPT))
    assert "go on seeing: 1." in page and "Single State Workflow" in page
    assert "Plone's own mails about new comments are switched off" in page
    assert not active() and installing.plan(town.site) == known


def test_a_workflow_that_stays_is_not_told_as_a_change(town, former):
    town.site.portal_workflow.setChainForPortalTypes(("Discussion Item",), (installing.WORKFLOW,))
    transaction.commit()
    page = words(read(town.webmaster, ADOPT))
    assert "go on seeing" in page and "in place of" not in page


def test_there_by_a_button_and_back_by_another(town, former):
    answer = send(town.webmaster, ADOPT, {"do": "adopt"})
    assert adopted() and "Comments are moderated from now on." in html.unescape(answer.text)
    assert town.site.portal_workflow.getChainForPortalType("Discussion Item") == (installing.WORKFLOW,)
    said(former, "En attente")
    transaction.commit()
    assert "Comments that visitors do not see now: 1." in words(read(town.webmaster, ADOPT))
    secret = Comments(town.site).secret
    # Again, from a page that was open before.
    assert "it was done already" in html.unescape(send(town.webmaster, ADOPT, {"do": "adopt"}).text)
    answer = send(town.webmaster, ADOPT, {"do": "release"})
    assert not adopted() and stored(f"{IDiscussionSettings.__identifier__}.user_notification_enabled")
    assert town.site.portal_workflow.getChainForPortalType("Discussion Item") == ("comment_one_state_workflow",)
    assert Comments(town.site).secret != secret
    (file,) = (obj for id, obj in town.site.objectItems() if id.startswith("social-comments-"))
    assert "En attente" in file.file.data.decode()
    assert town.anonymous.get(file.getId()).status_code == 401


def test_changing_wants_a_post_with_an_authenticator(town, former):
    send(town.webmaster, ADOPT, {"do": "adopt"}, token=False)
    assert not adopted()
    town.webmaster.get(f"{ADOPT}?do=adopt")
    assert not adopted()


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_for_those_who_manage(town, page):
    with api.env.adopt_roles(["Manager"]):
        api.user.grant_roles(username="second", roles=["Social Moderator"])
    transaction.commit()
    for client in (town.anonymous, town.member, town.editor, town.second):
        answer = client.session.get(f"{town.url}/{page}", headers=HTML, allow_redirects=False, timeout=60)
        assert answer.status_code == 302 and "/require_login?" in answer.headers["Location"]
        answer = send(client, page, {"do": "release"}, token=False)
        assert adopted()
    assert town.member.get("@controlpanels/social-comments").status_code == 401


def test_the_form_keeps_what_is_good_and_refuses_what_is_not(town):
    page = read(town.webmaster, PANEL)
    assert page.index("Checklist") < page.index("Days that e-mail addresses are kept")
    assert "Once a day" in page and 'value="digest"' in page
    names = re.findall(r'<(?:input|textarea|select)[^>]*name="(form[^"]+)"', page)
    assert "form.widgets.keep_origin" in names
    rest = town.webmaster
    assert rest.patch("@controlpanels/social-comments", {"keep_email": 30, "active": False}).status_code == 204
    transaction.begin()
    assert settings().keep_email == 30 and adopted()
    assert rest.patch("@controlpanels/social-comments", {"keep_origin": 31}).status_code == 400
    assert rest.patch("@controlpanels/social-comments", {"reasons": ["insult"]}).status_code == 400
    assert rest.patch("@controlpanels/social-comments", {"mail_moderators": "hourly"}).status_code == 400


def test_rest_tells_every_option_and_no_more(town):
    data = town.webmaster.get("@controlpanels/social-comments").json()["data"]
    assert set(data) == set(getFieldNames(ICommentOptions))


def test_the_panel_stands_beside_the_other_one_and_goes_with_it(portal):
    known = {action.getId() for action in portal.portal_controlpanel.listActions()}
    assert {"social-territory", "social-comments"} <= known
    applyProfile(portal, "collective.socialterritory:uninstall")
    assert "social-comments" not in {action.getId() for action in portal.portal_controlpanel.listActions()}
