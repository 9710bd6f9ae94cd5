"""What staff must know on every page: accounts to reconnect, a pause, and whatever keeps posts from leaving."""

from collective.socialterritory import _
from collective.socialterritory import clock
from collective.socialterritory.accounts import rules
from collective.socialterritory.accounts.model import Link
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.accounts.vault import Vault
from collective.socialterritory.browser.controlpanel import paused
from collective.socialterritory.crosspost.checklist import silence
from collective.socialterritory.crosspost.words import Words
from collective.socialterritory.interfaces import frozen
from collective.socialterritory.interfaces import may_send
from collective.socialterritory.local import written
from collective.socialterritory.messages import sentence
from itertools import chain
from plone import api
from plone.app.layout.viewlets.common import ViewletBase


OURS = ("Submit posts", "Validate posts", "Connect accounts", "Manage settings")


def may(use, obj):
    return api.user.has_permission(f"collective.socialterritory: {use}", obj=obj)


class Banner(ViewletBase):
    """A line is {kind, text, url, action}."""

    def update(self):
        self.lines = []
        # First, so that visitors pay nothing.
        if api.user.is_anonymous():
            return
        self.site = api.portal.get()
        self.known = Accounts(self.site)
        if self._concerned():
            records = self.known.records()
            links = {record.get("link") for record in records.values()}
            self.lines = [*self._accounts(records), *self._ending(records), *self._pause(), *self._server(links)]

    def _concerned(self):
        """Accounts are looked at only for those without a role on the whole site."""
        places = chain([self.site], self.known.objects())
        return any(may(use, place) for place in places for use in OURS)

    def _line(self, kind, text, url="", action=None):
        return {"kind": kind, "text": text, "url": url, "action": action}

    def _accounts(self, records):
        lost = {uid for uid, record in records.items() if record.get("link") == Link.RECONNECT}
        told = {uid for uid, record in records.items() if record.get("pause_start")} | lost
        for obj in self.known.objects() if told else ():
            if obj.UID() not in told:
                continue
            if obj.UID() in lost:
                text = _(
                    "${account} must be reconnected: its posts are kept until then.", mapping={"account": obj.title}
                )
                url = f"{obj.absolute_url()}/@@connect" if may("Connect accounts", obj) else ""
                yield self._line("danger", text, url, _("Reconnect"))
            yield from self._paused_account(obj)

    def _ending(self, records):
        now = clock.now()
        for uid, record in records.items():
            if rules.days_left(record, now) is not None and record.get("link") == Link.CONNECTED:
                obj = self.known.object(uid)
                if obj is None:
                    continue
                names = {"account": obj.title, "when": written(record["lasts"])}
                url = f"{obj.absolute_url()}/@@connect" if may("Connect accounts", obj) else ""
                yield self._line("warning", sentence("ending", names), url, _("Reconnect"))

    def _paused_account(self, obj):
        pause = self.known.get(obj.UID()).pause
        if pause and pause.frozen(clock.now()):
            names = {"account": obj.title, "by": pause.by, "reason": pause.reason.rstrip(".")}
            text = _("${account} is paused by ${by}: ${reason}. Its posts are kept.", mapping=names)
            url = f"{obj.absolute_url()}/@@social-pause" if may("Connect accounts", obj) else ""
            yield self._line("warning", text, url, _("Look at the pause"))

    def _pause(self):
        now = clock.now()
        if pause := frozen(now):
            yield self._line("warning", paused(pause, Words(self.request, now)), self._panel(), _("Look at the pause"))

    def _server(self, links):
        if not links:
            return
        if code := Vault(self.site).ready():
            yield self._line("danger", sentence(code), self._panel(), _("Look at the checklist"))
        if Link.CONNECTED not in links:
            return
        if not may_send():
            yield self._line("warning", sentence("deployment"), self._panel(), _("Look at the checklist"))
        elif silent := silence(self.site, clock.now()):
            yield self._line("warning", silent, self._panel(), _("Look at the checklist"))

    def _panel(self):
        """For those who may open it."""
        return (
            f"{self.site.absolute_url()}/@@social-territory-controlpanel" if may("Manage settings", self.site) else ""
        )
