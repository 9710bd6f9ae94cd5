"""When moderators are written to about what waits, and who: at once in small batches, or once a day."""

from collections import defaultdict
from collections.abc import Mapping
from collective.socialterritory.comments import letters
from collective.socialterritory.comments.catalogue import found
from collective.socialterritory.comments.model import Action
from collective.socialterritory.comments.model import State
from collective.socialterritory.comments.moderators import Moderators
from collective.socialterritory.comments.rules import letters as rules
from collective.socialterritory.comments.settings import settings
from collective.socialterritory.comments.store import Comments
from collective.socialterritory.local import time_zone
from datetime import datetime
from typing import Any


MEMORY = "letters"
"""In the worker's mapping of the store: ISO times `until`, `at`, `digest`; `people`: {id: {"mails", "untold"}}"""
WAITING = {"review_state": str(State.WAITING)}


def write(site: Any, now: datetime) -> None:
    """A duty of the worker. Mails and the memory of them are stored together."""
    how, memory = settings().mail_moderators, Comments(site).worker.get(MEMORY, {})
    last = {name: _time(memory.get(name)) for name in ("at", "digest")}
    if how == "each" and (last["at"] is None or now - last["at"] >= rules.EVERY):
        at_once(site, memory, now)
    elif how == "digest" and last["digest"] is None:
        _keep(site, memory, digest=now.isoformat())
    elif how == "digest" and rules.digest_due(last["digest"], now, settings().digest_hour, time_zone()):
        digest(site, now)
        _keep(site, memory, digest=now.isoformat())


def at_once(site: Any, memory: Mapping[str, Any], now: datetime) -> None:
    """What came since the last round, to those who moderate it; nothing is written while nothing comes."""
    since, until = rules.span(_time(memory.get("until")), now)
    everybody, news = Moderators(site), defaultdict(list)
    for brain in fresh(site, since, until):
        for who in everybody.of(brain):
            news[who.id].append(brain)
    before = {id: _known(said) for id, said in memory.get("people", {}).items()}
    after = {}
    for id in sorted({*news, *before}):
        kind, after[id] = rules.letter(before.get(id, rules.Written()), len(news[id]), now)
        who = everybody.known(id)
        if who and kind is not rules.Kind.NONE:
            letters.waiting(site, who, everybody.words(who), news[id] if kind is rules.Kind.SINGLE else [], now)
    people = {id: _stored(said) for id, said in after.items() if said != rules.Written()}
    if any(news.values()) or people != memory.get("people", {}):
        _keep(site, memory, until=until.isoformat(), at=now.isoformat(), people=people)


def fresh(site: Any, since: datetime, until: datetime) -> list[Any]:
    """Brains of what was reported, then of what waits, oldest first: what came between the two, or came back.

    Links of the mails about what came back work no more.
    """
    first, last = (int(moment.timestamp() * 1e6) for moment in (since, until))
    # The id of a comment is the moment it was stored at; a reply from a network may be dated much earlier.
    came = found(**WAITING, getId={"query": [str(first + 1), str(last)], "range": "min:max"})
    waits, reported = {brain.getPath(): brain for brain in came}, {}
    lines = [event for event in Comments(site).log(since) if since < event.at <= until]
    for item, id, action in sorted({(event.item, event.comment, event.action) for event in lines}):
        if action is Action.RECALL:
            waits |= {brain.getPath(): brain for brain in found([f"item:{item}"], getId=id, **WAITING)}
        elif action is Action.REPORT:
            reported |= {brain.getPath(): brain for brain in found([f"item:{item}", "reported"], getId=id)}
    return [*_sorted(reported), *_sorted({path: brain for path, brain in waits.items() if path not in reported})]


def _sorted(brains: Mapping[str, Any]) -> list[Any]:
    return sorted(brains.values(), key=lambda brain: int(brain.getId))


def digest(site: Any, now: datetime) -> None:
    """All there is to look at, to each who moderates any of it: what was reported, then what waits, newest first."""
    everybody, people = Moderators(site), {}
    for brain in (*found(**WAITING), *found(["reported"])):
        people.update({who.id: who for who in everybody.of(brain)})
    for _id, who in sorted(people.items()):
        words = everybody.words(who)
        order = {"allowedRolesAndUsers": words, "sort_on": "getId", "sort_order": "reverse"}
        reported = list(found(["reported"], **order)[: letters.IN_DIGEST])
        newest = list(found(**WAITING, **order)[: letters.IN_DIGEST - len(reported)])
        letters.waiting(site, who, words, [*reported, *newest], now, digest=True)


def _keep(site: Any, memory: Mapping[str, Any], **changes: Any) -> None:
    Comments(site).worker[MEMORY] = {**memory, **changes}


def _time(stored: str | None) -> datetime | None:
    return datetime.fromisoformat(stored) if stored else None


def _known(stored: Mapping[str, Any]) -> rules.Written:
    return rules.Written(tuple(map(datetime.fromisoformat, stored["mails"])), stored["untold"])


def _stored(said: rules.Written) -> dict[str, Any]:
    return {"mails": [at.isoformat() for at in said.mails], "untold": said.untold}
