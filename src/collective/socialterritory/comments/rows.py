"""A comment as a moderator reads it: what it is about, who wrote it, why it waits, and what can be done."""

from AccessControl import getSecurityManager
from collections import Counter
from collective.socialterritory import _
from collective.socialterritory import diff
from collective.socialterritory.comments import acting
from collective.socialterritory.comments import deciding
from collective.socialterritory.comments import facts
from collective.socialterritory.comments import telling
from collective.socialterritory.comments.catalogue import states
from collective.socialterritory.comments.deciding import AUTHOR
from collective.socialterritory.comments.hearing import speaking
from collective.socialterritory.comments.model import Action
from collective.socialterritory.comments.model import Event
from collective.socialterritory.comments.model import Facts
from collective.socialterritory.comments.model import REFUSED
from collective.socialterritory.comments.model import SITE
from collective.socialterritory.comments.model import State
from collective.socialterritory.comments.moderating import Typed
from collective.socialterritory.comments.rules.drawing import address
from collective.socialterritory.comments.rules.filters import STATES as LISTS
from collective.socialterritory.comments.settings import settings
from collective.socialterritory.comments.showing import page_address
from collective.socialterritory.comments.store import Comments
from collective.socialterritory.comments.words import BAD
from collective.socialterritory.comments.words import GOOD
from collective.socialterritory.comments.words import RARE
from collective.socialterritory.comments.words import STATES
from collective.socialterritory.comments.words import Words
from collective.socialterritory.icons import icon
from collective.socialterritory.markup import linked
from collective.socialterritory.messages import rules_told
from collective.socialterritory.text import codepoints
from collective.socialterritory.text import cut
from datetime import datetime
from functools import cached_property
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from typing import Any


ORIGINALS = "collective.socialterritory: See originals"
LONGEST_PARENT = 300
"""Characters of the comment that it answers"""
REL = "nofollow noopener ugc"


class Row:
    """`desk`: the page; `number`: its place there, from 1 on."""

    index = ViewPageTemplateFile("templates/moderation_row.pt")
    actions = ViewPageTemplateFile("templates/moderation_actions.pt")
    more = ViewPageTemplateFile("templates/moderation_more.pt")

    def __init__(self, desk: Any, comment: Any, number: int = 1, bulk: bool = False) -> None:
        self.desk, self.comment, self.number, self.bulk = desk, comment, number, bulk
        self.context, self.request = desk.context, desk.request
        self.words: Words = desk.words

    def html(self) -> str:
        return str(self.index())

    def icon(self, name: str) -> str:
        return icon(self.context, self.request, name)

    @cached_property
    def known(self) -> Facts:
        return facts.facts(self.comment)

    @cached_property
    def key(self) -> str:
        return facts.key(self.comment)

    @property
    def value(self) -> str:
        """Which comment, as it was seen."""
        return f"{self.key} {self.known.revision}"

    @property
    def dom(self) -> str:
        return f"social-row-{self.number}"

    @property
    def checked(self) -> bool:
        return self.value in self.desk.chosen

    @cached_property
    def item(self) -> Any:
        return facts.page(self.comment)

    @property
    def title(self) -> str:
        return str(self.item.Title()) or self.words.say(_("Without a title"))

    @property
    def item_url(self) -> str:
        """Where it stands, or would."""
        return address(page_address(self.item), int(self.comment.id))

    @property
    def section(self) -> str:
        """Title of the folder that the page lies in; "" below the site itself."""
        folder = self.item.__parent__
        return "" if folder == self.desk.site else str(folder.Title())

    @cached_property
    def where(self) -> State:
        return facts.state(self.comment)

    @property
    def state(self) -> dict[str, Any]:
        word, icon, colour = STATES[self.where]
        return {"word": word, "icon": self.icon(icon), "colour": colour}

    @property
    def marks(self) -> list[tuple[Any, str]]:
        """(word, icon) of what else is to be known at once."""
        here = {
            (_("Reported"), "flag"): self.known.reported,
            (_("Hidden from visitors"), "eye-slash"): self.known.hidden,
            (_("Appeal of its author"), "arrow-return-left"): bool(self.known.appeal),
            (_("Answer of the body"), "patch-check"): self.known.official,
            (_("Text taken back"), "eraser"): bool(self.known.gone),
        }
        return [(word, self.icon(name)) for (word, name), holds in here.items() if holds]

    @property
    def source(self) -> str:
        return self.words.source(self.known.source)

    @property
    def remote(self) -> bool:
        return self.known.source != SITE

    @property
    def url(self) -> str:
        """Where it was said, on a network."""
        return _web(self.known.remote.get("url", ""))

    @property
    def author(self) -> str:
        return self.comment.author_name or self.words.say(_("Anonymous"))

    @property
    def author_url(self) -> str:
        return _web(self.known.remote.get("author_url", ""))

    @property
    def when(self) -> str:
        return self.words.at(self.comment.creation_date)

    @cached_property
    def fates(self) -> Counter[str]:
        """What became of all that this author wrote here, by state; nothing where nobody knows who it is."""
        return states(f"author:{self.known.author}") if self.known.author and not self.known.official else Counter()

    @property
    def history(self) -> str:
        if self.fates.total() == 1:
            return self.words.say(_("First comment here"))
        good, bad = self.fates[State.APPROVED], sum(self.fates[state] for state in REFUSED)
        return f"{self.words.several(GOOD, good)}, {self.words.several(BAD, bad)}" if self.fates else ""

    @property
    def history_url(self) -> str:
        """The first list that holds something of this author which was decided; "" where nothing was."""
        show = next((show for show, at in LISTS.items() if at is not State.WAITING and self.fates[at]), None)
        return str(self.desk.of_author(self.known.author, show)) if show else ""

    @property
    def text(self) -> str:
        """As visitors would see it."""
        return linked(self.comment.text or "", REL)

    @cached_property
    def changes(self) -> tuple[tuple[str, str], ...]:
        """What the last change of the text changed. A moderator's keeps the original from most: it may be an insult."""
        if not self.known.edited or self.known.gone:
            return ()
        edit = next((event for event in reversed(self.log) if event.action is Action.EDIT), None)
        if edit is None or not (edit.by == AUTHOR or self.originals):
            return ()
        return diff.words(edit.original, self.comment.text)

    @property
    def edited(self) -> str:
        return self.words.at(datetime.fromisoformat(self.known.edited)) if self.known.edited else ""

    @cached_property
    def originals(self) -> bool:
        """Whether who looks may read what moderators replaced."""
        return bool(getSecurityManager().checkPermission(ORIGINALS, self.item))

    @cached_property
    def parent(self) -> dict[str, str] | None:
        """The comment that it answers."""
        above = self.comment.in_reply_to and self.comment.__parent__.get(self.comment.in_reply_to)
        if not above:
            return None
        text = cut(" ".join((above.text or "").split()), LONGEST_PARENT, codepoints)
        return {"name": above.author_name or self.words.say(_("Anonymous")), "text": text}

    @property
    def answers(self) -> list[tuple[str, Any, str]]:
        """What our account says to it at its network: (text, where that stands, address)."""
        return speaking.answers(self.comment)

    @property
    def rules(self) -> list[str]:
        """Why it waits, in sentences."""
        return [self.words.say(told) for told in rules_told(self.known.rules)]

    @property
    def reports(self) -> list[dict[str, str]]:
        """Those that nobody has looked at."""
        return [
            {
                "reason": self.words.reason(report.get("reason", "")),
                "text": report.get("text", ""),
                "when": self.words.at(datetime.fromisoformat(report["at"])) if report.get("at") else "",
                "id": report.get("id", ""),
            }
            for report in self.known.reports
            if not report.get("settled")
        ]

    @property
    def appeal(self) -> str:
        """What its author says against the refusal."""
        said = (event for event in reversed(self.log) if event.action is Action.RECALL and event.by == AUTHOR)
        return next((event.note for event in said), "") if self.known.appeal else ""

    @cached_property
    def log(self) -> list[Event]:
        return Comments(self.desk.site).history(self.key)

    @cached_property
    def last(self) -> Event | None:
        return deciding.latest(self.comment)

    @cached_property
    def told(self) -> str:
        """What was last done to it, and by whom; "" where nothing was, or its text tells."""
        return self.words.line(self.last) if self.last and self.last.action is not Action.EDIT else ""

    @property
    def cited(self) -> str:
        """The article of the charter that its refusal cites."""
        return self.words.reason(self.known.reason) if self.where in REFUSED and self.known.reason else ""

    @cached_property
    def open(self) -> tuple[Action, ...]:
        return acting.actions_open(self.comment, self.words.now)

    def can(self, name: str) -> bool:
        return Action(name) in self.open

    @property
    def rare(self) -> list[dict[str, Any]]:
        """What is done with one more click, so that nobody does it by mistake."""
        days = str(settings().ban_days)
        return [
            {"name": str(action), "title": title, "button": button, "look": look, "note": action is Action.SETTLE}
            | {"help": self.words.say(help, days=days)}
            for action, (title, help, button, look) in RARE.items()
            if action in self.open
        ]

    @property
    def tellable(self) -> bool:
        """Whether its author left an address, and the site tells authors."""
        return telling.possible(self.comment)

    @property
    def typed(self) -> Typed:
        """Of this comment, what could not be done."""
        return self.desk.typed if self.desk.typed.key == self.key else Typed()

    def unfolded(self, *names: str) -> str | None:
        """An attribute: the form where something could not be done is open."""
        return "open" if self.typed.action in names else None

    @property
    def log_url(self) -> str:
        return str(self.desk.page_of(self.key))


def _web(url: str) -> str:
    """What a network told as an address is followed when it is one of the web."""
    return url if url.startswith(("https://", "http://")) else ""
