"""What the worker forgets when its days are over: addresses, traces of networks, refused comments, the log."""

from collections.abc import Callable
from collections.abc import Iterator
from collective.socialterritory.comments import deciding
from collective.socialterritory.comments import salts
from collective.socialterritory.comments.catalogue import found
from collective.socialterritory.comments.facts import facts
from collective.socialterritory.comments.facts import keep
from collective.socialterritory.comments.facts import key
from collective.socialterritory.comments.facts import state
from collective.socialterritory.comments.model import REFUSED
from collective.socialterritory.comments.rules import keeping
from collective.socialterritory.comments.settings import settings
from collective.socialterritory.comments.store import Comments
from datetime import datetime
from datetime import timedelta
from itertools import islice
from plone.app.discussion.interfaces import IComment
from typing import Any


MOST = 100
"""That one turn changes: it must not hold up who writes meanwhile"""
PAUSE = timedelta(hours=1)
"""Between two looks, when nothing was left to do"""


def retain(site: Any, now: datetime) -> None:
    """A duty of the worker: forget what is past its days, some of it at a time."""
    memory, days = Comments(site).worker, kept()
    if (next := memory.get("retain")) and datetime.fromisoformat(next) > now:
        return
    done = sum([salts.expire(site, now, days.origin), *(step(site, now, days) for step in STEPS)])
    if done < MOST:
        memory["retain"] = (now + PAUSE).isoformat()


def kept() -> keeping.Days:
    known = settings()
    return keeping.Days(known.keep_email, known.keep_origin, known.keep_rejected, known.keep_log)


def addresses(site: Any, now: datetime, days: keeping.Days) -> int:
    return some(forget(comment, now, days) for comment in older(site, now, days.email, [keeping.ADDRESS]))


def traces(site: Any, now: datetime, days: keeping.Days) -> int:
    return some(forget(comment, now, days) for comment in older(site, now, days.origin, [keeping.TRACE]))


def refused(site: Any, now: datetime, days: keeping.Days) -> int:
    """Deleted, or emptied where there are answers. Their days begin with the decision."""
    states = list(map(str, REFUSED))
    past = older(site, now, days.rejected, without="gone", review_state=states)
    return some(discard(site, comment, now, days) for comment in past)


def originals(site: Any, now: datetime, days: keeping.Days) -> int:
    """Texts that edits replaced are kept as long as those that were refused."""
    store = Comments(site)
    seen = store.seal(now - timedelta(days=days.rejected), store.worker.get("sealed", ""), MOST)
    if seen:
        store.worker["sealed"] = seen[-1]
    return len(seen)


def log(site: Any, now: datetime, days: keeping.Days) -> int:
    return Comments(site).prune(now - timedelta(days=days.log), MOST)


STEPS: tuple[Callable[[Any, datetime, keeping.Days], int], ...] = (addresses, traces, refused, originals, log)
"""Each says how much it did"""


def older(site: Any, now: datetime, days: int, words: Any = (), **query: Any) -> Iterator[Any]:
    """Comments written longer ago than that, oldest first."""
    written = {"query": now - timedelta(days=days), "range": "max"}
    # Their paths first: who deletes one deletes those below it, and the catalogue forgets them while we go on.
    for path in [brain.getPath() for brain in found(words, created=written, sort_on="created", **query)]:
        comment = site.unrestrictedTraverse(path, None)
        if IComment.providedBy(comment):
            yield comment


def some(changes: Iterator[bool]) -> int:
    """How many changed, at most MOST of them."""
    return sum(1 for _change in islice(filter(None, changes), MOST))


def forget(comment: Any, now: datetime, days: keeping.Days) -> bool:
    """Whether anything was past its days."""
    said = comment.creation_date
    changes = keeping.forgotten(facts(comment), said, now, days)
    address = bool(comment.author_email) and keeping.over(said, now, days.email)
    if address:
        comment.author_email = comment.user_notification = None
    if changes:
        keep(comment, **changes)
    if address or changes:
        comment.reindexObject(idxs=["social_comment"])
    return bool(address or changes)


def discard(site: Any, comment: Any, now: datetime, days: keeping.Days) -> bool:
    last = Comments(site).latest(key(comment))
    decided = max(comment.creation_date, last.at) if last else comment.creation_date
    if not keeping.refuse(state(comment), facts(comment), decided, now, days):
        return False
    deciding.withdraw(comment, now, "", "erased")
    return True
