"""What becomes of a delivery after a try: delivered, tried again, looked up, failed, or shown to a person."""

from collective.socialterritory.crosspost.model import Delivery
from collective.socialterritory.crosspost.rules.states import step
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
from collective.socialterritory.networks.model import Receipt
from collective.socialterritory.networks.model import Replays
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta


SCHEDULE = tuple(timedelta(seconds=s) for s in (0, 30, 120, 600, 1800, 7200, 21600))
"""Waits between tries; the last one repeats until `give_up`. Each is stretched by the jitter, 0.8 to 1.2."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of one try. `doubt`: something may have arrived that has no receipt."""

    receipt: Receipt | None = None
    error: SocialError | None = None
    doubt: bool = False


def attempt(network: Network, http: Http, credentials: Credentials, post: Post, key: str, doubt: bool) -> Outcome:
    """One try; with `doubt` it looks first. Never raises a SocialError."""
    try:
        if doubt and isinstance(network, Finds):
            found = network.find(http, credentials, post, key)
            if found:
                return Outcome(found)
            doubt = False
        return Outcome(network.publish(http, credentials, post, key))
    except OutcomeUnknown as error:
        return Outcome(error=error, doubt=True)
    except SocialError as error:
        return Outcome(error=error, doubt=doubt)


def may_try(delivery: Delivery, network: Network, now: datetime) -> bool:
    """False when a try after a doubt could double the post: nothing can be looked up and replays are over."""
    return not delivery.doubt or isinstance(network, Finds) or _replays(delivery, network, now)


def after(
    delivery: Delivery,
    outcome: Outcome,
    network: Network,
    now: datetime,
    jitter: float,
    give_up: timedelta,
) -> Delivery:
    """The delivery (in `sending`) after a try. `jitter` 0.8..1.2; `give_up` counts from the first time it could leave."""
    if outcome.receipt:
        receipt = outcome.receipt
        return step(
            _settled(delivery), "deliver", now, receipt_id=receipt.id, receipt_url=receipt.url, error="", error_params={}
        )
    error = outcome.error
    told = {
        **{"error": error.code, "error_params": {k: str(v) for k, v in error.params.items()}},
        **{"token": "", "lease": None, "doubt": outcome.doubt, "refreshed": isinstance(error, Unauthorized)},
    }
    if isinstance(error, Unauthorized):
        return step(delivery, "retry", now, due=now, **told)
    if not outcome.doubt and not isinstance(error, Transient):
        return step(delivery, "fail", now, note=error.code, **told)
    due = now + _wait(delivery, error, network, outcome.doubt, jitter)
    over = due - (delivery.since or now) > give_up
    if outcome.doubt and (over or not (isinstance(network, Finds) or _replays(delivery, network, due))):
        return step(delivery, "lose", now, note=error.code, **told)
    if over:
        return step(delivery, "fail", now, note=error.code, **told)
    return step(delivery, "retry", now, note=error.code, due=due, **told)


def _wait(delivery: Delivery, error: SocialError, network: Network, doubt: bool, jitter: float) -> timedelta:
    wait = SCHEDULE[min(delivery.attempts, len(SCHEDULE) - 1)] * jitter
    if isinstance(error, RateLimited) and error.retry_after is not None:
        wait = timedelta(seconds=error.retry_after)
    return max(wait, timedelta(seconds=network.settle)) if doubt else wait


def _replays(delivery: Delivery, network: Network, now: datetime) -> bool:
    if not isinstance(network, Replays) or delivery.sent_at is None:
        return False
    return (now - delivery.sent_at).total_seconds() <= network.replays


def _settled(delivery: Delivery) -> Delivery:
    from dataclasses import replace

    return replace(delivery, token="", lease=None, doubt=False, refreshed=False)
