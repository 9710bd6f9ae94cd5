"""What becomes of a draft: one order of checks for every door, from those that cost nothing to those that cost most."""

from collective.socialterritory.comments.model import Draft
from collective.socialterritory.comments.model import Posted
from collective.socialterritory.comments.model import Refusal
from collective.socialterritory.comments.model import Visitor
from collective.socialterritory.comments.rules.reports import good_address
from collective.socialterritory.comments.rules.signing import BadToken
from collective.socialterritory.comments.rules.words import fired
from collective.socialterritory.comments.rules.words import folded
from collective.socialterritory.comments.rules.words import Rules
from collective.socialterritory.plain import one_line
from collective.socialterritory.plain import plain
from collective.socialterritory.plain import whole
from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime
from typing import Protocol

import hashlib
import hmac
import re
import regex


NAME = 100
"""Characters of a name"""
EMAIL = 254
"""Characters of an e-mail address: https://www.rfc-editor.org/errata/eid1690"""
SHORT = 20
"""Characters of a text that several people may say in the same words"""

_EMAIL = re.compile(r"[^\s@<>\"(),:;\[\]\\]{1,64}@(?:[\w-]{1,63}\.)+[\w-]{2,63}")
# Fillers of Hangul count as letters, and the empty pattern of Braille as a symbol.
_READ = regex.compile(r"[[\p{L}\p{N}\p{S}\p{P}]--[\p{Default_Ignorable_Code_Point}\u2800]]", regex.VERSION1)
_MARKS = regex.compile(r"(\p{M}{3})\p{M}++")
_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True)
class Settings:
    longest: int
    """Characters of a text"""
    first_wait: int
    """Comments of somebody that wait, before the next ones pass by themselves"""
    anonymous_wait: bool
    queue: int
    """Comments that may wait at once"""
    rules: Rules


@dataclass(frozen=True, slots=True)
class Verdict:
    """It goes in. `draft`: its words made harmless; `rules`: ids of those that hold it; `form`: the one it came by."""

    draft: Draft
    waits: bool
    digest: str
    rules: tuple[str, ...] = ()
    form: str = ""


class House(Protocol):
    """What is known where the draft is to go. Each is asked once at most, and not before its turn."""

    def form(self) -> str:
        """Name of the form it came by, "" from a door that needs none. Raises BadToken."""

    def wait(self) -> float:
        """Seconds until this visitor, or the site, takes another one; 0.0 for now."""

    def check(self) -> None:
        """Raises Refusal where nobody can comment here, or not in answer to this."""

    def digest(self, text: str) -> str: ...

    def same(self, digest: str, form: str) -> Posted | None:
        """What became of the same draft, had it come before. Raises Refusal where somebody else said it here."""

    def banned(self) -> datetime | None:
        """Until when."""

    def repeated(self, digest: str) -> bool:
        """Whether the same is told on many pages."""

    def trusted(self) -> bool:
        """Whether what this visitor says needs nobody's look: a moderator's."""

    def approved(self) -> int:
        """Comments of this visitor that were approved; 0 for somebody who is not known for sure."""

    def waiting(self) -> int:
        """Comments of the site that wait."""


def judge(draft: Draft, visitor: Visitor, house: House, settings: Settings) -> Verdict | Posted:
    """Raises Refusal, and nothing is lost: whoever typed it is shown it again. Posted: it came before."""
    draft = cleaned(draft, visitor, settings.longest)
    form = _form(house)
    if draft.trap:
        raise Refusal("trapped", "trap")
    if wait := house.wait():
        raise Refusal("too_many", minutes=int(wait // 60) + 1)
    house.check()
    digest = house.digest(draft.text)
    if before := house.same(digest, form):
        return before
    if until := house.banned():
        raise Refusal("banned", until=until)
    rules = held(draft, settings.rules, house.repeated(digest))
    if rules and not draft.anyway and not house.trusted():
        raise Refusal("would_wait", "text", rules)
    waits = not house.trusted() and _waits(rules, visitor, house, settings)
    if waits and house.waiting() >= settings.queue:
        raise Refusal("queue_full")
    return Verdict(draft, waits, digest, rules if waits else (), form)


def cleaned(draft: Draft, visitor: Visitor, longest: int) -> Draft:
    """Without what nobody can see, and marks that cover other lines. Raises Refusal with the field to mend."""
    if len(draft.text) > 2 * longest + 1000:
        raise Refusal("text_long", "text", longest=longest)
    text = readable(draft.text)
    if not _READ.search(text):
        raise Refusal("text_empty", "text")
    if len(text) > longest:
        raise Refusal("text_long", "text", longest=longest)
    if visitor.user:
        return replace(draft, text=text, name="", email="")
    if len(draft.name) > NAME:
        raise Refusal("name_long", "name", longest=NAME)
    name, email = _MARKS.sub(r"\1", one_line(whole(draft.name))), draft.email[: EMAIL + 2].strip()
    if not _READ.search(name):
        raise Refusal("name_missing", "name")
    if email and (len(email) > EMAIL or not _EMAIL.fullmatch(email)):
        raise Refusal("email_invalid", "email")
    if draft.notify and not good_address(email):
        raise Refusal("email_unfit" if email else "email_missing", "email")
    return replace(draft, text=text, name=name, email=email)


def readable(text: str) -> str:
    """A text as it is kept."""
    return _LINES.sub("\n\n", _MARKS.sub(r"\1", plain(whole(text)))).strip()


def held(draft: Draft, rules: Rules, repeated: bool = False) -> tuple[str, ...]:
    """Ids of the rules that would hold it: its name is read, too."""
    found = [rule.id for rule in fired(f"{draft.name}\n{draft.text}", rules)]
    return (*found, "repeated") if repeated else tuple(found)


def digest(secret: bytes, text: str) -> str:
    """By which it is known again: of its words, or of what it has in place of words. Tells nothing of it."""
    said = folded(text)
    words = " ".join(re.findall(r"\w+", said)) or "".join(said.split())
    return hmac.new(secret, whole(words).encode(), hashlib.sha256).hexdigest()[:24]


def _form(house: House) -> str:
    try:
        return house.form()
    except BadToken as problem:
        raise Refusal(problem.code) from None


def _waits(rules: tuple[str, ...], visitor: Visitor, house: House, settings: Settings) -> bool:
    if rules or (settings.anonymous_wait and not visitor.user):
        return True
    if visitor.user and not settings.first_wait:
        return False
    return house.approved() < max(settings.first_wait, 1)
