"""Comments as visitors see them: those of one page are loaded, however many there are."""

from collective.socialterritory import _
from collective.socialterritory import clock
from collective.socialterritory.assets import asset
from collective.socialterritory.comments import visible
from collective.socialterritory.comments.catalogue import count
from collective.socialterritory.comments.catalogue import found
from collective.socialterritory.comments.catalogue import may_moderate
from collective.socialterritory.comments.facts import facts
from collective.socialterritory.comments.model import Facts
from collective.socialterritory.comments.model import SITE
from collective.socialterritory.comments.model import State
from collective.socialterritory.comments.opening import opening
from collective.socialterritory.comments.rules import threads
from collective.socialterritory.comments.rules.drawing import drawn
from collective.socialterritory.comments.rules.drawing import Shown
from collective.socialterritory.comments.rules.drawing import thread
from collective.socialterritory.comments.rules.drawing import Words
from collective.socialterritory.comments.settings import settings
from collective.socialterritory.icons import icon
from collective.socialterritory.interfaces import INetwork
from collective.socialterritory.interfaces import network_title
from collective.socialterritory.local import me
from collective.socialterritory.local import way_of_writing
from collective.socialterritory.local import written
from collective.socialterritory.sentences.comments import CLOSED
from collective.socialterritory.sentences.comments import GONE
from functools import cached_property
from functools import lru_cache
from plone import api
from plone.app.discussion.interfaces import IConversation
from plone.registry.interfaces import IRegistry
from plone.uuid.interfaces import IUUID
from typing import Any
from zope.component import getUtility
from zope.component import queryUtility
from zope.i18n import translate
from zope.i18nmessageid import Message


NAME = "{name}"
SIZE, DEPTH = 20, 3
MINE = 20
"""Own comments that wait are shown up to that number"""

kept = lru_cache(maxsize=2000)(drawn)
"""A comment looks the same on page after page"""


@lru_cache(maxsize=4000)
def said_on(iso: str, _way: tuple[str, ...]) -> str:
    """A time as people write it. `_way`: what else that depends on."""
    return written(iso)


def counted(number: int, language: str) -> Message:
    """ "3 comments". In French 0 is singular as 1 is."""
    french = language.startswith("fr")
    shown = f"{number:,}".replace(",", "\N{NARROW NO-BREAK SPACE}" if french else ",")
    one = number == 1 or (french and not number)
    said = _("${number} comment", mapping={"number": shown})
    return said if one else _("${number} comments", mapping={"number": shown})


def page_address(item: Any) -> str:
    """Where visitors see the item with its comments: of images and files, Plone shows the bare file otherwise."""
    bare = getUtility(IRegistry).get("plone.types_use_view_action_in_listings") or ()
    return f"{item.absolute_url()}/view" if item.portal_type in bare else str(item.absolute_url())


class Thread:
    """The comments of a page for whoever looks at it. `number`: which page of them; `comment`: id of one to be seen."""

    asset = staticmethod(asset)

    def __init__(self, item: Any, request: Any, number: int = 1, comment: int = 0) -> None:
        self.item, self.request = item, request
        self._number, self._comment = number, comment
        self.way = way_of_writing()

    @cached_property
    def seen(self) -> Any:
        return visible.ids(self.item)

    @cached_property
    def total(self) -> int:
        return len(self.seen)

    @property
    def counted(self) -> str:
        return self._translated(counted(self.total, self.way[0]))

    @cached_property
    def opening(self) -> Any:
        return opening(self.item, clock.now())

    @property
    def closed(self) -> str:
        """Why nobody can comment any more; "" where people can."""
        if self.opening.open:
            return ""
        until = self.opening.until
        said = CLOSED[self.opening.why]
        return self._translated(Message(said, mapping={"when": until and self._written(until.isoformat())}))

    @cached_property
    def anonymous(self) -> bool:
        return not me()

    @cached_property
    def may(self) -> bool:
        """Whether who looks may comment here, once it is open."""
        if self.anonymous:
            return bool(api.portal.get_registry_record(ANONYMOUS, default=False))
        return bool(api.user.has_permission("Reply to item", obj=self.item))

    @property
    def form(self) -> str:
        return f"{self.item.absolute_url()}/@@social-comment"

    @property
    def login(self) -> str:
        return f"{api.portal.get().absolute_url()}/login?came_from={self.form}"

    @cached_property
    def address(self) -> str:
        return page_address(self.item)

    @cached_property
    def _conversation(self) -> Any:
        return IConversation(self.item)

    @cached_property
    def _rows(self) -> list[threads.Row]:
        # Plone's own ways to the answers load the comments that they answer.
        children = self._conversation._children
        return threads.ordered(lambda id: children.get(id, ()), self.seen, _set(settings().depth, DEPTH))

    @cached_property
    def _starts(self) -> list[int]:
        return threads.starts(self._rows, _set(settings().page_size, SIZE))

    @property
    def pages(self) -> int:
        return len(self._starts)

    @cached_property
    def number(self) -> int:
        found = threads.page_of(self._rows, self._starts, self._comment) if self._comment else 0
        return found or min(max(self._number, 1), self.pages)

    @property
    def missing(self) -> bool:
        """Whether somebody came for a comment that visitors do not see."""
        return bool(self._comment) and self._comment not in self.seen

    def page(self, number: int) -> str:
        """Address of a page of comments."""
        query = f"?comments={number}" if number > 1 else ""
        return f"{self.address}{query}#social-comments"

    @property
    def html(self) -> str:
        rows = threads.page(self._rows, self._starts, self.number)
        return thread((row.level, kept(self._shown(row), self._words)) for row in rows)

    @cached_property
    def mine(self) -> str:
        """Those of the member who looks that wait; "" for visitors, who have a private link."""
        if self.anonymous or not len(self._conversation):
            return ""
        words = [f"author:user:{me()}", f"item:{IUUID(self.item)}"]
        brains = found(words, review_state=str(State.WAITING), sort_on="created", sort_limit=MINE)
        comments = [self._conversation.get(brain.getId) for brain in brains]
        return thread((0, drawn(self._own(comment), self._words)) for comment in comments if comment is not None)

    @cached_property
    def waiting(self) -> int:
        """How many wait here for whoever looks; 0 for those who do not moderate."""
        if self.anonymous or not len(self._conversation) or not may_moderate(self.item):
            return 0
        return count([f"item:{IUUID(self.item)}"], review_state=str(State.WAITING))

    @property
    def desk(self) -> str:
        return f"{api.portal.get().absolute_url()}/@@social-moderation"

    def _own(self, comment: Any) -> Shown:
        return self._drawable(comment)._replace(waits=True, answers=self._answered(int(comment.in_reply_to or 0)))

    def _shown(self, row: threads.Row) -> Shown:
        takes = self.opening.open and self.may
        answers = self._answered(row.parent) if row.flat else None
        return self._drawable(self._conversation[row.id])._replace(takes=takes, answers=answers)

    def _answered(self, id: int) -> tuple[int, str] | None:
        above = self._conversation.get(id) if id else None
        return None if above is None else (id, above.author_name or "")

    def _drawable(self, comment: Any) -> Shown:
        known = facts(comment)
        iso = comment.creation_date.isoformat()
        shown = Shown(
            int(comment.id),
            comment.author_name or "",
            comment.text or "",
            said_on(iso, self.way),
            iso,
            gone=known.gone and self._translated(GONE[known.gone]),
            official=known.official,
            edited=known.edited and said_on(known.edited, self.way),
        )
        return shown if known.source == SITE else shown._replace(**self._remote(known))

    def _remote(self, known: Facts) -> dict[str, str]:
        """What is known of a reply at a network."""
        network = queryUtility(INetwork, name=known.source)
        key = known.remote.get("avatar", "")
        return {
            "source": self._translated(network_title(known.source)),
            "icon": icon(self.item, self.request, getattr(network, "icon", "") or "chat-left"),
            "url": known.remote.get("url", ""),
            "author_url": known.remote.get("author_url", ""),
            "avatar": key and f"{api.portal.get().absolute_url()}/@@social-avatar/{key}",
        }

    @cached_property
    def _words(self) -> Words:
        return Words(
            here=self.address,
            form=self.form,
            report_page=f"{api.portal.get().absolute_url()}/@@social-report?comment={IUUID(self.item)}",
            anonymous=self._translated(_("Anonymous")),
            answer=self._translated(_("Answer")),
            answer_to=self._translated(_("to ${name}", mapping={"name": NAME})),
            edited=self._translated(_("edited")),
            in_answer_to=self._translated(_("In answer to ${name}", mapping={"name": NAME})),
            official=self._translated(_("Official answer")),
            report=self._translated(_("Report")),
            report_of=self._translated(_("the comment of ${name}", mapping={"name": NAME})),
            said_on=self._translated(_("Said on ${network}", mapping={"network": NAME})),
            waits=self._translated(_("Waits for a moderator: only you see it")),
            answer_icon=icon(self.item, self.request, "reply"),
            official_icon=icon(self.item, self.request, "patch-check"),
            report_icon=icon(self.item, self.request, "flag"),
            waits_icon=icon(self.item, self.request, "hourglass-split"),
        )

    def _written(self, iso: str) -> str:
        return said_on(iso, self.way)

    def _translated(self, text: Any) -> str:
        return str(translate(text, context=self.request))


ANONYMOUS = "plone.app.discussion.interfaces.IDiscussionSettings.anonymous_comments"


def _set(value: int | None, default: int) -> int:
    return default if value is None else value
