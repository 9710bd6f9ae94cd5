"""What the catalogue knows of comments: who may see and who may moderate each, and the words the desk filters by."""

from AccessControl import getSecurityManager
from AccessControl.PermissionRole import rolesForPermissionOn
from collections import Counter
from collections.abc import Collection
from collective.socialterritory.comments import visible
from collective.socialterritory.comments.facts import facts
from collective.socialterritory.comments.facts import page
from collective.socialterritory.comments.rules.keeping import words
from collective.socialterritory.comments.rules.tokens import tokens
from collective.socialterritory.comments.settings import active
from collective.socialterritory.comments.store import secret
from collective.socialterritory.comments.visible import below_hidden
from plone import api
from plone.app.discussion import catalog as core
from plone.app.discussion.interfaces import IComment
from plone.app.discussion.interfaces import IConversation
from plone.base.interfaces import IPloneCatalogTool
from plone.indexer import indexer
from plone.uuid.interfaces import IUUID
from Products.CMFCore.interfaces import IContentish
from Products.CMFPlone.CatalogTool import allowedRolesAndUsers as by_view
from Products.ZCatalog.interfaces import IZCatalog
from typing import Any


MODERATE = "Review comments"
TYPE = "Discussion Item"


@indexer(IComment, IZCatalog)
def social_comment(comment: Any) -> list[tuple[str]]:
    known, mail = facts(comment), comment.author_email or ""
    about = tokens(known, IUUID(page(comment), ""), comment.author_name or "")
    return sealed([*about, *words(known, mail, secret(api.portal.get()))])


@indexer(IComment, IZCatalog)
def allowed_roles_and_users(comment: Any) -> list[str]:
    """Who may see it, and as `moderate:<role>` and `moderate:user:<id>` who may decide about it.

    Plone brings this index up to date whenever local roles change or content moves, so both stay true. Where nobody
    asked us to look after comments it is as Plone has it.
    """
    if not active():
        return by_view(comment)()
    moderators = holders(comment, MODERATE)
    seen = moderators if facts(comment).hidden or below_hidden(comment) else by_view(comment)()
    return [*seen, *(f"moderate:{one}" for one in moderators)]


@indexer(IComment, IPloneCatalogTool)
def description(comment: Any) -> str:
    """Plone turns a text into text by way of HTML, thrice: that takes longer than all else that is indexed."""
    if comment.mime_type != "text/plain":
        return str(core.description(comment)())
    said = (comment.text or "").split()
    return " ".join(said[: core.MAX_DESCRIPTION]) + (" [...]" if len(said) > core.MAX_DESCRIPTION else "")


@indexer(IComment, IPloneCatalogTool)
def searchable_text(comment: Any) -> str:
    plain = comment.mime_type == "text/plain"
    return (comment.text or "") if plain else str(core.searchable_text(comment)())


@indexer(IContentish, IPloneCatalogTool)
def total_comments(item: Any) -> int | None:
    """How many visitors see: Plone loads each of them for that."""
    return len(visible.ids(item)) if ours(item) else core.total_comments(item)()


@indexer(IContentish, IPloneCatalogTool)
def last_comment_date(item: Any) -> Any:
    if not ours(item):
        return core.last_comment_date(item)()
    seen = visible.ids(item)
    return IConversation(item)[max(seen)].creation_date if seen else None


@indexer(IContentish, IPloneCatalogTool)
def commentators(item: Any) -> Any:
    if not ours(item):
        return core.commentators(item)()
    conversation = IConversation(item)
    return tuple({conversation[id].author_username for id in visible.ids(item)} - {None})


def ours(item: Any) -> bool:
    """Whether comments below it are ours to look after."""
    return active() and IUUID(item, None) is not None and IConversation(item, None) is not None


def holders(obj: Any, permission: str) -> list[str]:
    """Roles, and people and groups by local role as user:<id>, that hold `permission` on it."""
    roles = set(rolesForPermissionOn(permission, obj)) - {"Owner"}
    local = api.portal.get_tool("acl_users")._getAllLocalRoles(obj)
    return [*roles, *(f"user:{one}" for one, held in local.items() if roles & set(held))]


def moderated(**query: Any) -> Any:
    """Brains of the comments that the current user may decide about; `query` as the catalogue takes it.

    `words`: all of these words of `social_comment` are asked for.
    """
    user = getSecurityManager().getUser()
    catalogue = api.portal.get_tool("portal_catalog")
    mine = [f"moderate:{one}" for one in catalogue._listAllowedRolesAndUsers(user)]
    return found(allowedRolesAndUsers=mine, **query)


def sealed(words: Collection[str]) -> list[tuple[str]]:
    """As the index keeps them. Anybody may search by an index, and no request can spell tuples."""
    return [(word,) for word in words]


def found(words: Collection[str] = (), without: str = "", **query: Any) -> Any:
    """Brains of comments with all of `words` and not `without`, whoever asks: for the room's own reckoning."""
    asked: dict[str, Any] = {"query": sealed(words), "operator": "and"} if words else {}
    if without:
        asked["not"] = sealed([without])
    if asked:
        query["social_comment"] = asked
    return api.portal.get_tool("portal_catalog").unrestrictedSearchResults(portal_type=TYPE, **query)


def count(words: Collection[str] = (), **query: Any) -> int:
    """How many, without loading any."""
    return len(found(words, **query))


def states(word: str) -> Counter[str]:
    """How many comments with this word of `social_comment` are in which state.

    Read from the indexes themselves: a query each for the authors of a page of comments takes longer than the page.
    """
    catalogue = api.portal.get_tool("portal_catalog")._catalog
    ids = catalogue.getIndex("social_comment")._index.get((word,), ())
    known = catalogue.getIndex("review_state").documentToKeyMap()
    return Counter(known.get(id, "") for id in ([ids] if isinstance(ids, int) else ids))


def may_moderate(obj: Any) -> bool:
    """Whether the current user may decide about this comment, or about those of this page or section."""
    return bool(getSecurityManager().checkPermission(MODERATE, obj))


def moderates() -> bool:
    """Whether the current user moderates anything at all: the whole site, or a section that has comments."""
    return may_moderate(api.portal.get()) or bool(moderated(sort_limit=1))
