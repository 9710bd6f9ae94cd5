"""How times, people and sentences read to the person who asks, in their language and the site's time zone."""

from collective.socialterritory import _
from collective.socialterritory.dates import date_words
from collective.socialterritory.dates import ENGLISH_DAYS
from collective.socialterritory.local import full_name
from collective.socialterritory.local import time_zone
from collective.socialterritory.messages import sentence
from collective.socialterritory.networks.entries import Counts
from datetime import datetime
from plone import api
from typing import Any
from zope.i18n import translate
from zope.i18nmessageid import Message


DAYS = {-1: _("yesterday at ${time}"), 0: _("today at ${time}"), 1: _("tomorrow at ${time}")}
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


COUNTED = (
    ("likes", "heart", _("${count} like"), _("${count} likes")),
    ("reposts", "repeat", _("${count} repost"), _("${count} reposts")),
    ("replies", "chat", _("${count} reply"), _("${count} replies")),
    ("views", "eye", _("${count} view"), _("${count} views")),
)
"""What is counted of a post: name, icon, one of it, several"""


class Words:
    """`now`: an aware time."""

    def __init__(self, request: Any, now: datetime) -> None:
        self.request = request
        self.now = now
        self.zone = time_zone()
        self._people: dict[str, str] = {}
        """Names by id: a list names the same few people again and again, and Plone takes long to find each"""

    def say(self, message: Message, **mapping: str) -> str:
        if mapping:
            message = Message(message, domain=message.domain, default=message.default, mapping=mapping)
        return translate(message, context=self.request)

    def at(self, when: datetime) -> str:
        """today at 8:00, on Friday at 8:00, on 12 March 2026 at 8:00."""
        local = when.astimezone(self.zone)
        away = (local.date() - self.now.astimezone(self.zone).date()).days
        time = self.time(when)
        if away in DAYS:
            return self.say(DAYS[away], time=time)
        if 1 < away < 7:
            day = self.weekday(local.weekday())
            return self.say(_("on ${day} at ${time}"), day=day.lower() if self.french else day, time=time)
        date = date_words(local.date(), self.language)
        return self.say(_("on ${date} at ${time}"), date=date, time=time)

    def time(self, when: datetime) -> str:
        """8:00"""
        local = when.astimezone(self.zone)
        return self.say(_("${hour}:${minute}"), hour=str(local.hour), minute=f"{local.minute:02}")

    def weekday(self, day: int, form: str = "") -> str:
        """As Plone calls it, 0 being Monday; its short name with the `form` "_abbr"."""
        name = f"weekday_{WEEKDAYS[day]}{form}"
        return str(translate(name, "plonelocales", context=self.request, default=ENGLISH_DAYS[day]))

    def number(self, number: int) -> str:
        """12,345, in French 12 345."""
        return f"{number:,}".replace(",", "\N{NARROW NO-BREAK SPACE}" if self.french else ",")

    @property
    def language(self) -> str:
        return str(self.request.get("LANGUAGE") or api.portal.get_default_language())

    @property
    def french(self) -> bool:
        return self.language.startswith("fr")

    def counted(self, counts: Counts) -> list[tuple[str, str]]:
        """(icon, "3 likes") of what there is."""
        told = ((getattr(counts, name), icon, words) for name, icon, *words in COUNTED)
        known = [(number, icon, words[number > 1]) for number, icon, words in told if number]
        return [(icon, self.say(words, count=self.number(number))) for number, icon, words in known]

    def sentence(self, code: str, **params: Any) -> str:
        return self.say(sentence(code, params))

    def person(self, user: str) -> str:
        if user not in self._people:
            self._people[user] = full_name(user) if user else self.say(_("The site"))
        return self._people[user]
