"""People who ask for their data by an address: what they typed waits here for a minute; the worker writes to them.

Did the page look whether the address is known, or queue a mail, its time would tell whether somebody comments here.
"""

from collective.socialterritory import _
from collective.socialterritory import mail
from collective.socialterritory.comments import persons
from collective.socialterritory.comments import unasked
from collective.socialterritory.comments.rules import signing
from collective.socialterritory.comments.store import Comments
from collective.socialterritory.interfaces import settings
from datetime import datetime
from datetime import timedelta
from plone import api
from secrets import token_hex
from typing import Any
from zope.i18n import translate


PAGE = "@@social-my-data"
PURPOSE = "my-data"
VALID = timedelta(days=1)
MOST = 200
"""That wait at once: a machine that asks for thousands of addresses must not fill the database"""
_KEY = "asked."


def ask(site: Any, address: str, language: str, now: datetime) -> None:
    """Keep it for the worker. The same is written whoever asks."""
    memory = Comments(site).worker
    if sum(name.startswith(_KEY) for name in memory) < MOST:
        memory[f"{_KEY}{now.isoformat()}.{token_hex(4)}"] = (address, language)


def answer(site: Any, now: datetime) -> None:
    """A duty of the worker: write to those whom something is known of, and to nobody else."""
    memory = Comments(site).worker
    for name in [name for name in list(memory) if name.startswith(_KEY)]:
        address, language = memory.pop(name)
        if datetime.fromisoformat(name.removeprefix(_KEY).rpartition(".")[0]) < now - VALID:
            continue  # nobody waits for it any more
        person = persons.by_address(site, address)
        if any(persons.count(site, person).values()) and unasked.may_write(site, address, now):
            write(site, address, person, language, now)


def write(site: Any, address: str, person: persons.Person, language: str, now: datetime) -> None:
    base = (settings().public_url or site.absolute_url()).rstrip("/")
    known = {"site": site.Title(), "url": f"{base}/{PAGE}?key={key(site, person, now)}"}
    lines = [
        _(
            "You asked what ${site} keeps about you. This link shows it, lets you take it along or erase it:",
            mapping=known,
        ),
        known["url"],
        _("It works for one day. Whoever has it can do the same, so keep it to yourself."),
        _("You did not ask? Then there is nothing to do."),
    ]
    subject = _("Your data on ${site}", mapping=known)
    said = [translate(line, target_language=language) for line in lines]
    mail.queue(site, address, translate(subject, target_language=language), "\n\n".join(said), now)


def key(site: Any, person: persons.Person, now: datetime) -> str:
    """It names nobody: an address is a keyed hash in it. A member's id may be read in it."""
    return signing.sign(Comments(site).secret, PURPOSE, (person.mail, person.user), now + VALID)


def read(site: Any, key: str, now: datetime) -> persons.Person:
    """Raises signing.BadToken."""
    return persons.Person(*signing.read(Comments(site).secret, PURPOSE, key, now))


def form_token(now: datetime) -> str:
    return signing.form_token(Comments(api.portal.get()).secret, PURPOSE, token_hex(8), now)
