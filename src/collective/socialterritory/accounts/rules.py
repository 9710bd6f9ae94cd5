"""What an account's settings may be: posting hours, campaign; and how it stands."""

from collections.abc import Iterable
from collections.abc import Mapping
from collective.socialterritory import address
from collective.socialterritory.accounts.model import Account
from collective.socialterritory.accounts.model import BY_HAND
from collective.socialterritory.accounts.model import Hours
from collective.socialterritory.accounts.model import Link
from collective.socialterritory.errors import ContentError
from collective.socialterritory.networks.model import Connects
from collective.socialterritory.networks.model import Consents
from collective.socialterritory.networks.model import Credentials
from collective.socialterritory.networks.model import Deletes
from collective.socialterritory.networks.model import Edits
from collective.socialterritory.networks.model import Finds
from collective.socialterritory.networks.model import Identity
from collective.socialterritory.networks.model import Network
from collective.socialterritory.networks.model import Publishes
from collective.socialterritory.networks.model import Refreshes
from collective.socialterritory.networks.model import Replays
from collective.socialterritory.networks.model import Replies
from collective.socialterritory.networks.reading import Follows
from collective.socialterritory.networks.reading import Hears
from collective.socialterritory.networks.reading import Measures
from collective.socialterritory.networks.reading import Reads
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import re


_DAYS = (
    {"mon", "monday", "lun", "lundi"},
    {"tue", "tuesday", "mar", "mardi"},
    {"wed", "wednesday", "mer", "mercredi"},
    {"thu", "thursday", "jeu", "jeudi"},
    {"fri", "friday", "ven", "vendredi"},
    {"sat", "saturday", "sam", "samedi"},
    {"sun", "sunday", "dim", "dimanche"},
)
_LINE = re.compile(r"(?:(?P<days>[^\d]+?)\s+)?(?P<start>\d[\dh:]*)\s*[-–]\s*(?P<end>\d[\dh:]*)")
_TIME = re.compile(r"(\d{1,2})(?:[:h](\d{2})?)?")


def hours(lines: Iterable[str]) -> tuple[Hours, ...]:
    """Periods from lines such as "mon-fri 8:00-18:00", "lun,mer 8h30-12h" or "9:00-17:00" (every day).

    Raises ContentError("bad_hours" or "hours_order", line=...).
    """
    return tuple(_period(line.strip()) for line in lines if line.strip())


def _period(line: str) -> Hours:
    found = _LINE.fullmatch(line.lower())
    if not found:
        raise ContentError("bad_hours", line=line)
    start, end = _minutes(found["start"], line), _minutes(found["end"], line)
    if start >= end:
        raise ContentError("hours_order", line=line)
    return Hours(start, end, _days(found["days"], line))


def _minutes(text: str, line: str) -> int:
    found = _TIME.fullmatch(text)
    minutes = int(found[1]) * 60 + int(found[2] or 0) if found else -1
    if found is None or minutes > 24 * 60 or int(found[2] or 0) > 59:
        raise ContentError("bad_hours", line=line)
    return minutes


def _days(text: str | None, line: str) -> tuple[int, ...]:
    if not text:
        return tuple(range(7))
    days: set[int] = set()
    for part in re.split(r"[,\s]+", re.sub(r"\s*([-–,])\s*", r"\1", text.strip())):
        first, _, last = part.replace("–", "-").partition("-")
        start, end = _day(first, line), _day(last or first, line)
        days |= {day % 7 for day in range(start, (end if end >= start else end + 7) + 1)}
    return tuple(sorted(days))


def _day(name: str, line: str) -> int:
    for day, names in enumerate(_DAYS):
        if name.strip(".") in names:
            return day
    raise ContentError("bad_hours", line=line)


def at_its_page(profile: str, home: str) -> Identity:
    """Who we are at a network where a person posts by hand, from the address of our page there.

    `home`: Network.home. Raises ContentError (profile_invalid; profile_elsewhere with home).
    """
    if address.problem(profile):
        raise ContentError("profile_invalid")
    parts = urlsplit(profile)
    if home and not f".{parts.hostname}".endswith(f".{home}"):
        raise ContentError("profile_elsewhere", home=home)
    name = f"{(parts.hostname or '').removeprefix('www.')}{parts.path}".rstrip("/")
    return Identity(profile, name, profile, {BY_HAND: "1"})


def speaks_for(account: Account, path: str, portal_type: str, subjects: Iterable[str], language: str) -> bool:
    """Whether a webmaster made the account for such content. `path`: the physical one, /Plone/actualites/cantine"""
    return (
        (not account.types or portal_type in account.types)
        and (not account.sections or any(_within(path, section) for section in account.sections))
        and (not account.subjects or not set(account.subjects).isdisjoint(subjects))
        and (not account.languages or _speaks(language, account.languages))
    )


def _within(path: str, section: str) -> bool:
    return f"{path}/".startswith(f"{section.rstrip('/')}/")


def _speaks(language: str, languages: Iterable[str]) -> bool:
    """fr speaks for fr-be as well; an item without a language is for everybody."""
    return not language or bool({language, language.split("-")[0]}.intersection(languages))


def standing(account: Account, now: datetime) -> str:
    """`paused` while a pause is in force, else how the account is linked: new, connected, reconnect."""
    return "paused" if account.pause and account.pause.frozen(now) else account.link.value


def paid(account: Account, now: datetime) -> Decimal:
    """US dollars that its posts and readings have cost since the month began, in UTC."""
    return account.paid.get(f"{now:%Y-%m}", Decimal(0))


def dear(account: Account, price: Decimal, now: datetime, set_aside: bool = False) -> bool:
    """Whether what costs `price`, in US dollars, takes the account over its ceiling of the month.

    What is free never does. `set_aside`: the price is paid already.
    """
    total = paid(account, now) + (0 if set_aside else price)
    return bool(account.ceiling and price) and total > account.ceiling


def may_read(account: Account, network: Reads, credentials: Credentials, limit: int, now: datetime) -> bool:
    """Whether the ceiling allows a reading; nobody is asked for it.

    Whoever reads sets `network.fee` aside with `Accounts.pay` and commits, so that no crash spends more than the
    ceiling; then reads; then gives back, in the same month, what the fee is more than `Reading.cost`. After an error
    all is given back: X bills a post that it shows again on the same day once.
    """
    return not dear(account, network.fee(credentials, limit), now)


SOON = timedelta(minutes=10)
"""A session that is over so soon is renewed before it is used"""
WARNINGS = (14, 7, 1)
"""Days before what a person agreed to is over, at which people are told"""


def session_over(record: Mapping[str, Any], now: datetime) -> bool:
    """Whether the session of a connected account must be renewed first."""
    ends = record.get("ends")
    over = record.get("session") == "stale" or (ends and datetime.fromisoformat(ends) <= now + SOON)
    return record.get("link") == Link.CONNECTED and bool(over)


def resting(record: Mapping[str, Any], now: datetime) -> bool:
    """Whether its network asked to wait, and that is not over."""
    rests = record.get("rests")
    return datetime.fromisoformat(rests) > now if rests else False


def renewed(ends: datetime | None, now: datetime) -> dict[str, Any]:
    """What the store marks of a new session. One that is as good as over is no reason to renew it for ever."""
    later = ends if ends and ends > now + SOON else None
    return {"session": "ok", "renewed": now.isoformat(), "ends": later.isoformat() if later else "", "error": ""}


def days_left(record: Mapping[str, Any], now: datetime) -> int | None:
    """Days begun until what a person agreed to is over, once people should know; None before, and where it lasts."""
    lasts = record.get("lasts")
    left = max(-((now - datetime.fromisoformat(lasts)) // timedelta(days=1)), 0) if lasts else None
    return left if left is not None and left <= max(WARNINGS) else None


def warning(record: Mapping[str, Any], now: datetime) -> int | None:
    """Which of WARNINGS people should get now: the last one that is due and was not given; None for none."""
    left = days_left(record, now)
    if left is None or record.get("link") != Link.CONNECTED:
        return None
    given = record.get("warned") or max(WARNINGS) + 1
    return min((days for days in WARNINGS if left <= days < given), default=None)


DISCONNECTED: Mapping[str, Any] = {
    "link": "new",
    "network": "",
    "identity": "",
    "identity_id": "",
    "identity_url": "",
    "facts": {},
    "connected_at": "",
    "session": "",
    "renewed": "",
    "ends": "",
    "lasts": "",
    "warned": 0,
    "error": "",
    "rests": "",
    "lease": "",
    "lease_token": "",
}
"""What the store marks when an account loses its link. Settings, pause and times of posts stay."""


def linked(
    record: Mapping[str, Any],
    network: str,
    identity: Identity,
    now: datetime,
    ends: datetime | None = None,
    lasts: datetime | None = None,
) -> dict[str, Any]:
    """What the store marks once a network has said who we are.

    Reconnecting the same identity keeps the day of the first time: items from before it never go by themselves.
    An empty lease makes a refresh that is under way lose its right to store what it got.
    """
    same = record.get("identity_id") == identity.id and record.get("connected_at")
    return {
        **DISCONNECTED,
        "link": "connected",
        "network": network,
        "identity": identity.name,
        "identity_id": identity.id,
        "identity_url": identity.url,
        "facts": dict(identity.facts),
        "connected_at": record["connected_at"] if same else now.astimezone(UTC).isoformat(),
        "session": "ok",
        "ends": ends.isoformat() if ends else "",
        "lasts": lasts.isoformat() if lasts else "",
    }


ABILITIES: Mapping[str, type] = {
    "publishes": Publishes,
    "replays": Replays,
    "finds": Finds,
    "edits": Edits,
    "deletes": Deletes,
    "replies": Replies,
    "reads": Reads,
    "follows": Follows,
    "hears": Hears,
    "measures": Measures,
    "connects": Connects,
    "consents": Consents,
    "refreshes": Refreshes,
}


def abilities(network: object) -> tuple[str, ...]:
    """What a network can do, from the Protocols it satisfies."""
    return tuple(name for name, protocol in ABILITIES.items() if isinstance(network, protocol))


def scopes(network: Network, account: Account) -> tuple[str, ...]:
    """The rights that a person is asked for: reading replies may need more, and no account is asked for it in vain."""
    asked = network.scopes if isinstance(network, Consents) else ()
    return (*asked, *(network.hearing_scopes if account.replies else ()))


def pause_problems(reason: str, start: datetime | None, until: datetime | None, now: datetime) -> dict[str, str]:
    """Codes by field of what is wrong with a pause that somebody asks for."""
    problems = {}
    if not reason.strip():
        problems["reason"] = "pause_reason_needed"
    if start is None:
        problems["start"] = "bad_date"
    if start and until and until <= start:
        problems["until"] = "pause_order"
    elif until and until <= now:
        problems["until"] = "pause_past"
    return problems
