"""A comment, and what became of a request about it, as programs read it. No e-mail address is in it."""

from collective.socialterritory.comments import acting
from collective.socialterritory.comments import deciding
from collective.socialterritory.comments import facts
from collective.socialterritory.comments.catalogue import count
from collective.socialterritory.comments.model import Event
from collective.socialterritory.comments.model import SITE
from collective.socialterritory.comments.model import State
from collective.socialterritory.comments.rules.drawing import address
from collective.socialterritory.comments.words import Words
from collective.socialterritory.messages import rules_told
from collective.socialterritory.sentences.moderated import ACTIONS
from datetime import datetime
from datetime import UTC
from plone.uuid.interfaces import IUUID
from typing import Any


class Told:
    """For one answer: an author who wrote much is counted once."""

    def __init__(self, request: Any, now: datetime) -> None:
        self.words, self.now = Words(request, now), now
        self._histories: dict[str, dict[str, int]] = {}

    def comment(self, comment: Any) -> dict[str, Any]:
        known, item, where = facts.facts(comment), facts.page(comment), facts.state(comment)
        return {
            "id": facts.key(comment),
            "@id": address(item.absolute_url(), int(comment.id)),
            "item": {"@id": item.absolute_url(), "uid": IUUID(item), "title": item.Title()},
            "text": comment.text or "",
            "author": self.author(comment),
            "created": time(comment.creation_date),
            "edited": known.edited or None,
            "state": str(where),
            "state_title": self.words.state(where),
            "source": known.source,
            "source_title": self.words.source(known.source),
            "source_url": known.remote.get("url") or None,
            "rules": [{"id": rule, "title": self.rule(rule)} for rule in known.rules],
            "reports": [self.report(report) for report in known.reports if not report.get("settled")],
            "hidden": known.hidden,
            "official": known.official,
            "gone": known.gone or None,
            "reason": self.reason(known.reason),
            "parent": self.parent(comment),
            "last": self.line(deciding.latest(comment)),
            "revision": known.revision,
            "actions": [
                {"name": str(action), "title": self.words.say(ACTIONS[action])}
                for action in acting.actions_open(comment, self.now)
            ],
        }

    def rule(self, id: str) -> str:
        """Why it waits; its id where nobody knows more."""
        return next(map(self.words.say, rules_told([id])), id)

    def author(self, comment: Any) -> dict[str, Any]:
        """`id` is the same for all that one person wrote with one address or log-in."""
        known = facts.facts(comment)
        history = None if known.official or not known.author else self.history(known.author)
        said = {"id": known.author or None, "name": comment.author_name or "", "history": history}
        return said if known.source == SITE else {**said, "url": known.remote.get("author_url") or None}

    def history(self, author: str) -> dict[str, int]:
        """What became of what the author wrote here."""
        if author not in self._histories:
            numbers = {str(state): count([f"author:{author}"], review_state=str(state)) for state in State}
            self._histories[author] = numbers
        return self._histories[author]

    def parent(self, comment: Any) -> dict[str, str] | None:
        """The comment that it answers."""
        above = comment.in_reply_to and comment.__parent__.get(comment.in_reply_to)
        if not above:
            return None
        state = str(facts.state(above))
        return {"id": facts.key(above), "author": above.author_name or "", "text": above.text or "", "state": state}

    def report(self, report: Any) -> dict[str, Any]:
        said = {name: report.get(name, "") for name in ("id", "at", "text")}
        return {**said, "reason": self.reason(report.get("reason", ""))}

    def reason(self, id: str) -> dict[str, str] | None:
        return {"id": id, "title": self.words.reason(id)} if id else None

    def line(self, event: Event | None) -> dict[str, Any] | None:
        """A line of the log."""
        if event is None:
            return None
        return {
            "action": str(event.action),
            "title": self.words.line(event),
            "by": event.by,
            "by_name": self.words.person(event.by),
            "at": time(event.at),
            "reason": self.reason(event.reason),
            "note": event.note,
        }


def time(when: datetime) -> str:
    """ISO 8601 in UTC, to the second."""
    return when.astimezone(UTC).replace(microsecond=0).isoformat()
