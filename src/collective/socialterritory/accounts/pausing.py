"""The page on which somebody pauses an account or the whole site, or ends the pause."""

from collective.socialterritory import _
from collective.socialterritory import clock
from collective.socialterritory.accounts.rules import pause_problems
from collective.socialterritory.accounts.views import AccountPage
from collective.socialterritory.accounts.views import Page
from collective.socialterritory.local import full_name
from collective.socialterritory.local import time_zone
from collective.socialterritory.messages import sentence
from collective.socialterritory.pause import Pause
from dataclasses import replace
from datetime import datetime
from plone import api
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile


FIELDS = (
    ("reason", "text", _("Reason")),
    ("start", "datetime-local", _("From (empty: now)")),
    ("until", "datetime-local", _("Until (empty: until somebody resumes)")),
)
OVER = _("The pause is over. Posts that it held wait for your decision.")
DROPPED = _("The pause is dropped: it had not begun.")
IN_FORCE = _("Nothing has changed: a pause is in force. End it before you set another one.")


class PausePage(Page):
    """Who inherits says which `pause` was last set, and how to `keep` one."""

    index = ViewPageTemplateFile("templates/pause.pt")
    title = explanation = ""

    def __init__(self, context, request):
        super().__init__(context, request)
        self.values = dict.fromkeys(("reason", "start", "until"), "")
        self.errors = {}

    def get(self):
        """A pause in force is shown, and ended, on the page that leads here: a second one must not hide it."""
        if self.pause and self.pause.frozen(clock.now()):
            self.request.response.redirect(self.back)
            return ""
        return self.index()

    def fields(self):
        for name, kind, label in FIELDS:
            yield {
                "name": name,
                "type": kind,
                "label": label,
                "value": self.values[name],
                "error": self.errors.get(name),
            }

    def post(self):
        now = clock.now()
        if self.request.form.get("resume"):
            return self.leave(self.resume(now))
        if self.pause and self.pause.frozen(now):
            return self.leave(IN_FORCE, "warning")
        self.values = {name: str(self.request.form.get(name, "")).strip() for name in self.values}
        start, until = typed_time(self.values["start"], now), typed_time(self.values["until"], None)
        problems = pause_problems(self.values["reason"], start, until, now)
        if self.values["until"] and until is None:
            problems["until"] = "bad_date"
        self.errors = {name: sentence(code) for name, code in problems.items()}
        if self.errors:
            return self.index()
        reason = " ".join(self.values["reason"].split())
        over = self.pause and self.pause.ended(now)
        self.keep(Pause(reason, full_name(api.user.get_current().getId()), start, until, over))
        return self.leave(_("Paused. Posts are kept, and each is decided again afterwards."))

    def resume(self, now):
        """End the pause and remember it: what it caught waits for a person. One to come is forgotten."""
        if self.pause and self.pause.start > now:
            over = self.pause.over
            self.keep(over and Pause("", "", over, over))
            return DROPPED
        if self.pause and self.pause.frozen(now):
            self.keep(replace(self.pause, until=now))
        return OVER


class AccountPause(AccountPage, PausePage):
    explanation = _(
        "During the pause nothing is posted. Posts are kept, and afterwards each of them waits for a person's decision."
    )

    @property
    def title(self):
        return _("Pause ${title}", mapping={"title": self.context.title})

    @property
    def pause(self):
        return self.account.pause

    def keep(self, pause):
        self.accounts.pause(self.uid, pause)


def typed_time(text, default):
    """An aware time from a datetime-local field in the site's time zone; None when it is not one."""
    if not text:
        return default
    try:
        return datetime.fromisoformat(text).replace(tzinfo=time_zone())
    except ValueError:
        return None
