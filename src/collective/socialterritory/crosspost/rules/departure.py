"""Whether a delivery may leave now, and what it waits for when it may not."""

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from collective.socialterritory.accounts import rules
from collective.socialterritory.accounts.model import Account
from collective.socialterritory.accounts.model import Hours
from collective.socialterritory.accounts.model import Link
from collective.socialterritory.crosspost.model import Delivery
from collective.socialterritory.crosspost.model import Event
from collective.socialterritory.crosspost.model import Item
from collective.socialterritory.crosspost.model import Operation
from collective.socialterritory.crosspost.model import REPEATABLE
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.pause import Pause
from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from datetime import tzinfo
from decimal import Decimal
from enum import StrEnum


SWEEP = timedelta(minutes=1)
"""How often everything is looked at, wake-up or not"""
UNTOLD = "no_alt_caption"
"""The warning of a rendition whose image nobody has described"""
REFUSED = ("picture_needed", "too_many_links")
"""Warnings of what its network would refuse: it waits until somebody changes it, where no person posts by hand"""
PACED = ("pace", "rests")
"""Why something waits that its account alone keeps, and that leaves by itself"""
OVERDUE = timedelta(hours=6)
"""Ready for longer than this when the worker starts: a restored backup or a long stop; a person looks first."""


class Act(StrEnum):
    GO = "go"
    WAIT = "wait"
    HOLD = "hold"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class Verdict:
    act: Act
    why: str = ""
    """Code for people; messages.py has the sentence"""
    until: datetime | None = None
    """For WAIT: when to look again; None when nobody knows"""


def ready(delivery: Delivery, item: Item | None) -> datetime:
    """Since when only the clock, the account's pace or a pause could keep the delivery here.

    A wait between two tries is no new readiness: a pause that falls into it is met.
    """
    queued = [event.at for event in delivery.log if event.name in ("approve", "plan", "resend", "release")]
    due = delivery.since or delivery.due
    return max([due, (item and item.effective) or due, *queued[-1:]])


def verdict(
    delivery: Delivery,
    item: Item | None,
    account: Account | None,
    pauses: Sequence[Pause],
    now: datetime,
    zone: tzinfo,
    max_age: timedelta,
    address_problem: str = "",
    partner: State | None = None,
    alt_required: bool = False,
) -> Verdict:
    """What to do with a queued delivery. `pauses`: the site's and the account's, current or past; all times aware.

    `max_age`: no news is ready for longer and goes by itself: its item was not public, or its account not reconnected.
    `address_problem`: code of what is wrong with the public address, "" for networks that stay on this site.
    `partner`: where that delivery stands. `alt_required`: no image goes without a caption.
    """
    if why := pointless(delivery, item, now):
        return Verdict(Act.CANCEL, why)
    if account is None:
        return Verdict(Act.CANCEL, "account_deleted")
    by_hand = delivery.by_hand or delivery.target  # what is done about the post of somebody else, a person does there
    if (other := strange(delivery, account)) and not delivery.held and not by_hand:
        return Verdict(Act.HOLD, other)
    given = delivery.state is State.UNCONFIRMED  # to a person: nothing leaves by itself any more
    # What its network asks for makes no old news younger.
    old = overdue(delivery, item, replace(account, rests=None), now, zone, max(max_age, OVERDUE))
    old = old and not given and delivery.operation is not Operation.DELETE
    if missing := _missing(delivery, item, account):
        return Verdict(Act.HOLD, "overdue") if old and missing == "reconnect" else Verdict(Act.WAIT, missing)
    if alt_required and UNTOLD in delivery.rendition.warnings and delivery.operation is not Operation.DELETE:
        return Verdict(Act.WAIT, "alt_required")
    if why := _refused(delivery, account):
        return Verdict(Act.WAIT, why)
    if partner and (said := _together(delivery, partner)):
        return said
    later = _due(delivery, item)
    if later > now:
        return Verdict(Act.WAIT, "later", later)
    if any(pause.frozen(now) if given else pause.caught(ready(delivery, item), now) for pause in pauses):
        return Verdict(Act.HOLD, "pause")
    if delivery.operation is not Operation.DELETE:
        if address_problem:
            return Verdict(Act.HOLD, address_problem)
        if old:
            return Verdict(Act.HOLD, "overdue")
        if rules.dear(account, Decimal(delivery.rendition.price or 0), now, set_aside=bool(delivery.cost)):
            return Verdict(Act.HOLD, "ceiling")
    later = pace(delivery, account, now, zone)
    if later > now:
        return Verdict(Act.WAIT, "rests" if later == account.rests else "pace", later)
    return Verdict(Act.GO)


def absence(item: Item | None, now: datetime) -> str:
    """The code of how an item is gone for its readers; "" while they may read it."""
    if item is None:
        return "item_deleted"
    if item.expires and item.expires <= now:
        return "item_expired"
    return "" if item.public else "not_public"


def pointless(delivery: Delivery, item: Item | None, now: datetime) -> str:
    """The code of why nobody wants it any more. Only what the site itself takes away stays when the item is back."""
    gone = absence(item, now)
    if delivery.operation is Operation.DELETE:
        return "item_public" if delivery.cause and not gone and not delivery.doubt else ""
    return gone if gone != "not_public" else ""


def _together(delivery: Delivery, partner: State) -> Verdict | None:
    """A post is taken away once the new one may leave; that leaves once the old one is gone."""
    first = delivery.operation is Operation.DELETE
    if partner is State.CANCELLED:
        return None if first and delivery.doubt else Verdict(Act.CANCEL, "partner_cancelled")
    waits = partner is not State.QUEUED if first else partner is not State.DELIVERED
    return Verdict(Act.WAIT, "partner_approval" if first else "partner_delete") if waits else None


def _due(delivery: Delivery, item: Item | None) -> datetime:
    if item is None or delivery.operation is not Operation.POST:
        return delivery.due
    return max(delivery.due, item.effective or delivery.due, item.choice.at or delivery.due)


def _missing(delivery: Delivery, item: Item | None, account: Account) -> str:
    """The code of what a person must do before the delivery may leave."""
    if delivery.held:
        return delivery.held
    if item and delivery.operation is not Operation.DELETE and (not item.public or item.working_copy):
        return "not_public"
    if item and delivery.operation is Operation.POST and not _chosen(item, account):
        return "not_chosen"
    if delivery.by_hand and delivery.target:
        return ""  # the post is there, and a person needs no link of ours to it
    return {Link.CONNECTED: "", Link.NEW: "not_connected", Link.RECONNECT: "reconnect"}[account.link]


def _refused(delivery: Delivery, account: Account) -> str:
    """The code of why its network would not take it."""
    if account.by_hand or delivery.by_hand or delivery.operation is Operation.DELETE:
        return ""
    return next((code for code in REFUSED if code in delivery.rendition.warnings), "")


def _chosen(item: Item, account: Account) -> bool:
    return item.choice.post and (item.choice.accounts is None or account.uid in item.choice.accounts)


REMINDERS = (timedelta(hours=24), timedelta(hours=48))


def unasked(delivery: Delivery) -> bool:
    """Whether validators have not yet been told of a post that waits for them."""
    return delivery.state is State.PENDING and all(event.name != "ask" for event in delivery.log)


def reminder(delivery: Delivery, now: datetime) -> int:
    """Which reminder validators should get now: 1 after 24 hours, 2 after 48, 0 for none."""
    if delivery.state is not State.PENDING:
        return 0
    asked = max((n for n, event in enumerate(delivery.log) if event.name != "remind"), default=0)
    sent = len(delivery.log) - 1 - asked
    return sent + 1 if sent < len(REMINDERS) and now - delivery.log[asked].at >= REMINDERS[sent] else 0


def held(delivery: Delivery, why: str, now: datetime, by: str = "") -> Delivery:
    """Kept for a person. `why`: a code, or the person's own words."""
    return replace(delivery, held=why, log=(*delivery.log, Event(now, "hold", by, why)))


def ripe(said: Verdict) -> bool:
    """Whether it could leave for all that its item says: only the account keeps it, or nothing."""
    return said.act is Act.GO or said.why in (*PACED, "reconnect", "not_connected")


def overdue(
    delivery: Delivery,
    item: Item | None,
    account: Account,
    now: datetime,
    zone: tzinfo,
    patience: timedelta = OVERDUE,
) -> bool:
    """Whether a delivery that may go now should have gone long ago."""
    return pace(delivery, account, max(ready(delivery, item), delivery.due), zone) < now - patience


def lapsed(delivery: Delivery, now: datetime) -> Delivery:
    """One in `sending`: held when its sender was lost long ago. Should it not have arrived, a person decides."""
    old = delivery.lease is None or delivery.lease < now - OVERDUE
    return held(delivery, "overdue", now) if old and not delivery.held else delivery


def strange(delivery: Delivery, account: Account) -> str:
    """The code of how the account is somebody else than when this was planned; "" when it is not."""
    if account.network != delivery.network:
        return "other_network"
    return "other_identity" if delivery.identity not in ("", account.identity_id) and account.identity_id else ""


def pace(delivery: Delivery, account: Account, now: datetime, zone: tzinfo) -> datetime:
    """The first moment from `now` on at which the network and the account's hours, gap and daily number let it leave.

    What is urgent, or goes on with a post that is out, waits for its network alone.
    """
    moment = max(now, account.rests or now)
    if delivery.urgent or delivery.operation in (Operation.CONTINUE, *REPEATABLE):
        return moment
    if account.gap and account.sent:
        moment = max(moment, account.sent[-1] + timedelta(minutes=account.gap))
    if account.daily and len(account.sent) >= account.daily:
        moment = max(moment, account.sent[-account.daily] + timedelta(days=1))
    return open_from(account.hours, moment, zone)


def spread(deliveries: Iterable[Delivery], account: Account, zone: tzinfo) -> Iterator[Delivery]:
    """Each due when the account's hours, gap and daily number let it follow those before it."""
    for delivery in deliveries:
        due = pace(delivery, account, delivery.due, zone)
        account = replace(account, sent=(*account.sent, max([due, *account.sent[-1:]])))
        yield replace(delivery, due=due)


def open_from(hours: Sequence[Hours], moment: datetime, zone: tzinfo) -> datetime:
    """The first moment from `moment` on that lies in one of the windows; `moment` itself without windows."""
    if not hours:
        return moment
    local = moment.astimezone(zone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    starts = []
    for ahead in range(8):
        day = midnight + timedelta(days=ahead)
        for window in hours:
            if day.weekday() in window.days:
                opens, closes = (day.replace(hour=m // 60, minute=m % 60) for m in (window.start, window.end - 1))
                if local <= closes.replace(second=59):
                    starts.append(max(local, opens))
    return min(starts, default=local + timedelta(days=8)).astimezone(moment.tzinfo)
