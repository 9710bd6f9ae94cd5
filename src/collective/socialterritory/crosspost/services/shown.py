"""How a delivery and what it says look as JSON; sentences are in the reader's language, codes are for programs."""

from collections.abc import Mapping
from collective.socialterritory import messages
from collective.socialterritory.accounts.model import Account
from collective.socialterritory.crosspost import actions
from collective.socialterritory.crosspost import sayings
from collective.socialterritory.crosspost.content import find
from collective.socialterritory.crosspost.model import Delivery
from collective.socialterritory.crosspost.model import Event
from collective.socialterritory.crosspost.model import Rendition
from collective.socialterritory.crosspost.rules import validation
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.local import full_name
from datetime import datetime
from typing import Any
from zope.i18n import translate


def problem(code: str, params: Mapping[str, Any], request: Any) -> dict[str, str]:
    return {"code": code, "message": translate(messages.sentence(code, params), context=request)}


def time(when: datetime | None) -> str | None:
    """ISO 8601 in UTC, to the second."""
    return when and when.replace(microsecond=0).isoformat()


def account(known: Account) -> dict[str, str]:
    return {"uid": known.uid, "title": known.title, "network": known.network}


def rendition(said: Rendition, request: Any) -> dict[str, Any]:
    """Everything that people at the network will see, which is what the fingerprint covers."""
    images = [{"digest": image.digest, "alt": image.alt} for image in said.images]
    card = {"url": said.link, "title": said.card_title, "description": said.card_description}
    return {
        "text": said.text,
        "parts": list(said.parts),
        "measure": {"used": said.used, "limit": said.limit},
        "link": said.link,
        "language": said.language,
        "image": {"digest": images[0]["digest"], "recipe": said.recipe} if images else None,
        "alt": images[0]["alt"] if images else "",
        "images": images,
        "card": card if said.card_title else None,
        "price": said.price or None,
        "warnings": [problem(code, said.params, request) for code in said.warnings],
        "fingerprint": said.fingerprint,
    }


def delivery(site: Any, shown: Delivery, request: Any) -> dict[str, Any]:
    url = f"{site.absolute_url()}/@social-deliveries/{shown.id}"
    return {
        **rendition(shown.rendition, request),
        "@id": url,
        "id": shown.id,
        "item": _item(shown),
        "account": {"uid": shown.account, "title": shown.account_title, "network": shown.network},
        "network": shown.network,
        "operation": shown.operation.value,
        "target": shown.target or None,
        "before": shown.before or None,
        "state": shown.state.value,
        "state_title": translate(messages.state_word(shown.state, shown.operation), context=request),
        "held": _held(shown, request),
        "urgent": shown.urgent,
        "created": time(shown.created),
        "due": time(shown.due),
        "approvals": {"needed": shown.needed, "by": [approval.by for approval in validation.standing(shown)]},
        "receipt_url": None if Outbox(site).gone(shown) else address(site, shown.receipt_url),
        "error": _error(shown, request) if shown.error else None,
        "log": [_event(event, shown, request) for event in shown.log],
        "actions": [
            {
                "@id": f"{url}/{name}",
                "name": name,
                "title": translate(messages.transition_word(name, shown.operation), context=request),
            }
            for name in actions.open_to_me(site, shown)
        ],
    }


def _error(shown: Delivery, request: Any) -> dict[str, str]:
    return {"code": shown.error, "message": translate(sayings.problem(shown), context=request)}


def _item(shown: Delivery) -> dict[str, str | None]:
    obj = find(shown.content)
    return {"@id": obj and obj.absolute_url(), "uid": shown.content, "title": shown.item_title}


def _held(shown: Delivery, request: Any) -> dict[str, str] | None:
    """A person's own words have no code."""
    if not shown.held:
        return None
    if shown.held in messages.SENTENCES:
        said = messages.sentence(sayings.kept_by(shown), sayings.named(shown))
        return {"code": shown.held, "message": translate(said, context=request)}
    return {"code": "", "message": shown.held}


def _event(event: Event, shown: Delivery, request: Any) -> dict[str, str | None]:
    note = event.note
    if note in messages.SENTENCES and not event.by:  # the machine notes codes
        note = messages.past(event.name, note)
        known = shown.error_params if note == shown.error else {}
        note = translate(messages.sentence(note, {**sayings.named(shown), **known}), context=request)
    return {
        "name": event.name,
        "title": translate(messages.EVENTS.get(event.name, event.name), context=request),
        "by": event.by,
        "by_name": full_name(event.by),
        "note": note,
        "at": time(event.at),
    }


def address(site: Any, url: str) -> str | None:
    """Networks that stay on this site give addresses relative to its root."""
    if not url or url.startswith(("https://", "http://")):
        return url or None
    return f"{site.absolute_url()}/{url}"
