"""What must be in place for comments to be written and moderated, point by point, each with where it is put right."""

from collective.socialterritory import _
from collective.socialterritory import mail
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.accounts.store import members
from collective.socialterritory.comments.catalogue import MODERATE
from collective.socialterritory.comments.hearing import telling
from collective.socialterritory.comments.installing import discussion
from collective.socialterritory.comments.installing import TYPE
from collective.socialterritory.comments.installing import WORKFLOW
from collective.socialterritory.comments.moderators import ALL
from collective.socialterritory.comments.moderators import moderator
from collective.socialterritory.comments.posting import place
from collective.socialterritory.comments.settings import active
from collective.socialterritory.comments.settings import settings
from collective.socialterritory.interfaces import settings as site_settings
from collective.socialterritory.messages import sentence
from dataclasses import dataclass
from plone import api
from typing import Any
from zope.i18nmessageid import Message


ADOPT = "@@social-comments-adopt"
PANEL = "@@social-comments-controlpanel"


@dataclass(frozen=True, slots=True)
class Point:
    """`link`: page that puts it right, below the site's address; `words`: of that link. Both "" where none does."""

    name: str
    """active, workflow, open, members, moderators, charter, proxy, mail, replies"""
    ok: bool
    text: Message
    link: str = ""
    words: Message | str = ""


def checklist(site: Any, request: Any) -> list[Point]:
    first = _active()
    if not first.ok:
        return [first]
    visitors = [*_members(), _moderators(site), _charter(), _proxy(request)]
    return [first, _workflow(), _open(), *visitors, _mail(), *_replies(site)]


def _active() -> Point:
    if active():
        return Point("active", True, _("Comments are moderated as set below."), ADOPT, _("Give them back to Plone"))
    text = _("This site had comments before. Nothing of them is changed until you say so.")
    return Point("active", False, text, ADOPT, _("See what would change"))


def _workflow() -> Point:
    bound = tuple(api.portal.get_tool("portal_workflow").getChainForPortalType(TYPE)) == (WORKFLOW,)
    if bound:
        return Point("workflow", True, _("Comments have the review workflow: what nobody approved is not public."))
    text = _("Somebody gave comments another workflow: they are public at once. Choose “Comment Review Workflow”.")
    return Point("workflow", False, text, "@@content-controlpanel?type_id=Discussion%20Item", _("Open the types"))


def _open() -> Point:
    types = api.portal.get_tool("portal_types").objectValues()
    titles = [api.portal.translate(type.title_or_id(), domain="plone") for type in types if _takes(type)]
    if not discussion().globally_enabled:
        text = _("Comments are switched off in Plone's own settings.")
        return Point("open", False, text, "@@discussion-controlpanel", _("Open Plone's settings of comments"))
    if not titles:
        text = _("No type of content takes comments by itself; editors can open them on an item.")
        return Point("open", True, text, "@@content-controlpanel", _("Open the types"))
    text = _("People can comment on: ${types}", mapping={"types": ", ".join(sorted(titles))})
    return Point("open", True, text, "@@content-controlpanel", _("Open the types"))


def _members() -> list[Point]:
    """Where nobody else can write: a site that had comments keeps that, and nothing else would tell."""
    if discussion().anonymous_comments:
        return []
    text = _("Only people with an account can comment: that is set in Plone's own settings, which Managers change.")
    return [Point("members", True, text, "@@discussion-controlpanel", _("Open Plone's settings of comments"))]


def _takes(type: Any) -> bool:
    return bool(type.hasProperty("allow_discussion") and type.getProperty("allow_discussion"))


def _moderators(site: Any) -> Point:
    """Of the whole site: those of one section come on top."""
    roles = {role["name"] for role in site.rolesOfPermission(MODERATE) if role["selected"]}
    assigned = site.acl_users.portal_role_manager.listAssignedPrincipals
    ids = members(site, {id for role in roles - ALL for id, _title in assigned(role)})
    told = [id for id in sorted(ids) if moderator(id)]
    page, words = "@@usergroup-userprefs", _("Open users and groups")
    if not ids:
        return Point("moderators", False, _("Nobody has the role Social Moderator yet."), page, words)
    if not told:
        text = _("Nobody of those who moderate has an e-mail address: nobody is told of what waits.")
        return Point("moderators", False, text, page, words)
    text = _("${count} people moderate and have an e-mail address.", mapping={"count": len(told)})
    if len(told) == 1:
        text = _("One person moderates and has an e-mail address.")
    return Point("moderators", True, text, page, words)


def _charter() -> Point:
    link = f"{PANEL}#form-widgets-charter_url"
    if settings().charter_url:
        return Point(
            "charter", True, _("The form links to the charter."), settings().charter_url, _("Read the charter")
        )
    text = _("No charter yet: a page that says what is published and what is not, and why.")
    return Point("charter", False, text, link, _("Set its address"))


def _proxy(request: Any) -> Point:
    """As this very request came in."""
    if place(request).hidden:
        text = _(
            "A proxy stands before this site and Zope does not know it, so all visitors seem to be one. Limits hold "
            "for all of them together. Ask for “trusted-proxy” in the server's configuration."
        )
        return Point("proxy", False, text)
    return Point("proxy", True, _("Visitors can be told apart: limits hold for each network."))


def _mail() -> Point:
    link, words = "@@mail-controlpanel", _("Set up mail")
    if site_settings().mail_to_page:
        text = _("Training: mails are shown on a page and sent to nobody.")
        return Point("mail", True, text, "@@social-mails", _("See the mails"))
    if not mail.mail_server():
        return Point("mail", False, sentence("no_mail"), link, words)
    return Point("mail", True, _("A mail server is set: moderators and authors are told."), link, words)


def _replies(site: Any) -> list[Point]:
    """One for each account whose replies are not read; nothing where nobody wants any."""
    heard = telling.heard(site)
    found = []
    for account, trouble in heard:
        if trouble:
            names = {"account": account.title, "why": telling.why(trouble)}
            text = _("Replies to the posts of ${account} are not read. ${why}", mapping=names)
            place = Accounts(site).object(account.uid)
            link = f"{'/'.join(place.getPhysicalPath()[len(site.getPhysicalPath()) :])}/@@connect"
            found.append(Point("replies", False, text, link, _("Open the account")))
    names = {"accounts": ", ".join(account.title for account, _trouble in heard)}
    good = Point("replies", True, _("Replies to the posts of these accounts are read: ${accounts}", mapping=names))
    return found or ([good] if heard else [])
