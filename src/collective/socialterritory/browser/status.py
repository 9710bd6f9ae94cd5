"""How delivery and feeds are doing, for monitoring."""

from collections import Counter
from collective.socialterritory import clock
from collective.socialterritory.accounts import rules
from collective.socialterritory.accounts.model import Account
from collective.socialterritory.accounts.model import Link
from collective.socialterritory.accounts.model import Trouble
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.comments.hearing import telling
from collective.socialterritory.crosspost.model import FINISHED
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.services import shown
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.doors import Door
from collective.socialterritory.feeds import content
from collective.socialterritory.feeds.rules import schedule
from collective.socialterritory.feeds.store import Feeds
from collective.socialterritory.interfaces import frozen
from collective.socialterritory.interfaces import may_send
from collective.socialterritory.messages import feed_trouble
from collective.socialterritory.pause import Pause
from datetime import datetime
from plone.uuid.interfaces import IUUID
from typing import Any
from zope.i18n import translate


class StatusGet(Door):
    """GET <site>/@social-status: for monitoring."""

    def answer(self) -> Any:
        site = self.context
        now = clock.now()
        outbox = Outbox(site)
        waiting = [delivery for delivery in outbox.live() if delivery.state not in FINISHED]
        accounts, records = Accounts(site).all(), Accounts(site).records()
        depth = Counter(delivery.state.value for delivery in waiting)
        return {
            "@id": f"{site.absolute_url()}/@social-status",
            "heartbeat": outbox.worker.get("beat") and shown.time(datetime.fromisoformat(outbox.worker["beat"])),
            "silent_since": shown.time(outbox.silent_since(now)),
            "depth": {state.value: depth[state.value] for state in State if state not in FINISHED},
            "held": sum(bool(delivery.held) for delivery in waiting),
            "oldest_due": shown.time(
                min((d.due for d in waiting if d.state is State.QUEUED and not d.held), default=None)
            ),
            "broken_accounts": [shown.account(a) for a in accounts if a.link is Link.RECONNECT],
            "ending_accounts": [
                {**shown.account(account), "lasts": shown.time(account.lasts)}
                for account in accounts
                if rules.days_left(records.get(account.uid, {}), now) is not None
            ],
            "sources": [self.source(feed) for feed in content.feeds(site) if feed.portal_type == content.SOURCE],
            "replies": [self.replies(account, trouble) for account, trouble in telling.heard(site)],
            "paused": self.paused(frozen(now)),
            "deployment_ok": may_send(),
        }

    def source(self, feed: Any) -> dict[str, Any]:
        """How looking at a source of feeds goes; its error is in plain words."""
        known, uid = Feeds(self.context), IUUID(feed)
        health, copy = known.health(uid), known.feed(uid)
        trouble = feed_trouble(health.error, health.params, bool(health.succeeded)) if health.error else []
        said = " ".join(translate(line, context=self.request) for line in trouble)
        return {
            "@id": feed.absolute_url(),
            "title": feed.Title(),
            "entries": len(copy.entries) if copy else 0,
            "size": known.size(uid),
            "last_success": shown.time(health.succeeded),
            "dead": schedule.dead(health, known.added(uid), clock.now()),
            "error": {"code": health.error, "message": said} if said else None,
        }

    def replies(self, account: Account, trouble: Trouble | None) -> dict[str, Any]:
        """How reading what people answer to the account's posts goes."""
        why = trouble and translate(telling.why(trouble), context=self.request)
        error = trouble and {"code": trouble.code, "message": why, "since": trouble.since}
        return {"account": shown.account(account), "error": error}

    def paused(self, pause: Pause | None) -> dict[str, str | None] | None:
        if pause is None:
            return None
        return {
            "reason": pause.reason,
            "by": pause.by,
            "start": shown.time(pause.start),
            "until": shown.time(pause.until),
        }
