"""What becomes of a delivery after a try: delivered, tried again, looked up, failed, or shown to a person."""

from collective.socialterritory.crosspost.model import Delivery
from collective.socialterritory.crosspost.model import Operation
from collective.socialterritory.crosspost.model import REPEATABLE
from collective.socialterritory.crosspost.rules.states import step
from collective.socialterritory.errors import Billing
from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.errors import RateLimited
from collective.socialterritory.errors import SocialError
from collective.socialterritory.errors import Transient
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.http import Http
from collective.socialterritory.networks.model import Credentials
from collective.socialterritory.networks.model import Finds
from collective.socialterritory.networks.model import Network
from collective.socialterritory.networks.model import Post
from collective.socialterritory.networks.model import Prepares
from collective.socialterritory.networks.model import Receipt
from collective.socialterritory.networks.model import Replays
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from typing import Any


SCHEDULE = tuple(timedelta(seconds=s) for s in (0, 30, 120, 600, 1800, 7200, 21600))
"""Waits between tries; the last one repeats until `give_up`. Each is stretched by the jitter, 0.8 to 1.2."""
SILENCE = timedelta(hours=8)
"""Longer than any wait between two tries that no network asked for"""
DAY = timedelta(days=1)
"""Longest wait that a network may ask for"""
PATIENCE = timedelta(days=2)
"""How much longer a network is obeyed that says itself when it will take the post"""
LOOK = timedelta(minutes=30)
"""Longest wait before a doubt is looked up: to look is harmless, and a person is asked only if nobody answers"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of one try, or of one look. `doubt`: something may have arrived that has no receipt.

    `prepared`: the network's id of what is ready to be published, and nothing has been yet.
    """

    receipt: Receipt | None = None
    error: SocialError | None = None
    doubt: bool = False
    prepared: str = ""


def attempt(network: Any, http: Http, credentials: Credentials, delivery: Delivery, post: Post) -> Outcome:
    """One try. Never raises a SocialError. A deletion in doubt stays so until the network has judged."""
    try:
        if isinstance(network, Prepares) and delivery.operation not in REPEATABLE and not delivery.key:
            return Outcome(prepared=network.prepare(http, credentials, post))
        return Outcome(_done(network, http, credentials, delivery, post))
    except OutcomeUnknown as error:
        return unknown(delivery, error)
    except (Transient, Unauthorized) as error:
        return Outcome(error=error, doubt=delivery.operation is Operation.DELETE and delivery.doubt)
    except SocialError as error:
        return Outcome(error=error)


def unknown(delivery: Delivery, error: OutcomeUnknown) -> Outcome:
    """Of a try whose answer is lost. What does no harm twice is just tried again.

    Of a post that may be gone nobody says any more that it is out: this is a doubt all the same.
    """
    if delivery.operation in REPEATABLE:
        return Outcome(error=Transient(error.code, **error.params), doubt=delivery.operation is Operation.DELETE)
    return Outcome(error=error, doubt=True)


def _done(network: Any, http: Http, credentials: Credentials, delivery: Delivery, post: Post) -> Receipt:
    receipt = Receipt(delivery.target_id, "")
    match delivery.operation:
        case Operation.POST:
            receipt = network.publish(http, credentials, post, delivery.key)
        case Operation.REPLY | Operation.ANSWER | Operation.CONTINUE:
            receipt = network.reply(http, credentials, delivery.target_id, post, delivery.key)
        case Operation.EDIT:
            receipt = network.edit(http, credentials, delivery.target_id, post)
        case Operation.DELETE:
            network.delete(http, credentials, delivery.target_id)
    return receipt


def look(network: Finds, http: Http, credentials: Credentials, post: Post, key: str) -> Outcome:
    """Did an earlier try arrive? Neither receipt nor error: the network says surely not. Never raises a SocialError."""
    try:
        return Outcome(network.find(http, credentials, post, key))
    except SocialError as error:
        return Outcome(error=error, doubt=True)


def replays(delivery: Delivery, network: Network, now: datetime) -> bool:
    """Whether sending the same bytes again under the same key is harmless now."""
    if delivery.operation in REPEATABLE:
        return True
    if not isinstance(network, Replays) or delivery.sent_at is None:
        return False
    return _same_bytes(delivery) and (now - delivery.sent_at).total_seconds() <= network.replays


def key(delivery: Delivery, network: Network) -> str:
    """Under which it goes out; "" where it must be prepared first, perhaps anew because it says something else."""
    if isinstance(network, Prepares):
        return delivery.key if _same_bytes(delivery) else ""
    # From when it was asked for: after a restore of the site the key is still the same.
    return network.key(delivery.id, delivery.created)


def _same_bytes(delivery: Delivery) -> bool:
    """As when it was last claimed."""
    claimed = [event.fingerprint for event in delivery.log if event.name in ("claim", "reclaim")]
    return claimed[-1:] == [delivery.fingerprint]


def after(
    delivery: Delivery,
    outcome: Outcome,
    network: Network,
    now: datetime,
    jitter: float,
    give_up: timedelta,
) -> Delivery:
    """The delivery (in `sending`) after a try or a look. What was held stays so if it is to be tried again.

    `jitter` 0.8..1.2; `give_up`: how long tries may follow one another.
    """
    if outcome.receipt:
        changes: dict[str, Any] = {
            "receipt_id": outcome.receipt.id,
            "receipt_url": outcome.receipt.url,
            "held": "",
            "token": "",
            "lease": None,
            "doubt": False,
            "error": "",
            "error_params": {},
        }
        return step(delivery, "deliver", now, **changes)
    if outcome.prepared:
        ready: dict[str, Any] = {"key": outcome.prepared, "attempts": delivery.attempts - 1, "error": ""}
        return step(delivery, "retry", now, note="prepared", due=now, token="", lease=None, **ready)
    error = outcome.error
    if error is None:
        return step(delivery, "retry", now, note="not_found", due=now, token="", lease=None, doubt=False, cost="")
    told: dict[str, Any] = {
        "error": error.code,
        "error_params": {k: str(v) for k, v in error.params.items()},
        "token": "",
        "lease": None,
        "doubt": outcome.doubt,
        "cost": delivery.cost if outcome.doubt else "",
    }
    if error.code == "prepared_over" or not isinstance(error, OutcomeUnknown | Transient | Unauthorized):
        told["key"] = ""  # what is over or was refused is prepared anew; anything else may be published already
    if isinstance(error, Unauthorized):
        return step(delivery, "retry", now, due=now, **told)
    if isinstance(error, Billing) and not outcome.doubt:  # the account is paused: this is no try that counts
        return step(delivery, "retry", now, note=error.code, due=now, attempts=0, **told)
    if not outcome.doubt and not isinstance(error, Transient):
        return step(delivery, "fail", now, note=error.code, held="", **told)
    due = now + _wait(delivery, error, network, outcome.doubt, jitter)
    began = _first(delivery, now)
    if outcome.doubt:  # it has all the time that tries have, counted from the one that it came from
        began = max(began, delivery.sent_at or began)
    over = due - began > give_up
    if outcome.doubt and (over or not (isinstance(network, Finds) or replays(delivery, network, due))):
        return step(delivery, "lose", now, note=error.code, held="", **told)
    patient = isinstance(error, RateLimited) and due - began <= give_up + PATIENCE
    if over and not patient:
        return step(delivery, "fail", now, note=error.code, held="", **told)
    return step(delivery, "retry", now, note=error.code, due=due, **told)


def _first(delivery: Delivery, now: datetime) -> datetime:
    """When the first of the tries of late began: those before a longer silence, such as closed hours, do not count."""
    first = now
    for event in reversed(delivery.log):
        asked = event.name == "retry" and event.note in ("rate_limited", "blocked")
        if event.name in ("approve", "resend", "release") or (first - event.at > SILENCE and not asked):
            break
        if asked or event.name in ("claim", "reclaim"):
            first = event.at
    return first


def _wait(delivery: Delivery, error: SocialError, network: Network, doubt: bool, jitter: float) -> timedelta:
    wait = min(SCHEDULE[min(delivery.attempts, len(SCHEDULE) - 1)], LOOK if doubt else SCHEDULE[-1]) * jitter
    if isinstance(error, RateLimited) and error.retry_after is not None:
        wait = min(timedelta(seconds=error.retry_after), DAY)
    return max(wait, timedelta(seconds=network.settle)) if doubt else wait
