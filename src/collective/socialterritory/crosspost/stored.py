"""A delivery as it is stored: a mapping of JSON-ready primitives, and back."""

from collections.abc import Callable
from collections.abc import Mapping
from collective.socialterritory.crosspost.model import Approval
from collective.socialterritory.crosspost.model import Delivery
from collective.socialterritory.crosspost.model import Event
from collective.socialterritory.crosspost.model import Image
from collective.socialterritory.crosspost.model import Operation
from collective.socialterritory.crosspost.model import Rendition
from collective.socialterritory.crosspost.model import State
from dataclasses import fields
from dataclasses import is_dataclass
from datetime import datetime
from typing import Any


def dump(delivery: Delivery) -> dict[str, Any]:
    """The delivery as JSON-ready primitives; times are ISO 8601 in UTC."""
    return primitive(delivery)


def load(record: Mapping[str, Any]) -> Delivery:
    """What the record leaves out has its default; what another version of the add-on wrote beside is passed over."""
    known = {name: value for name, value in record.items() if name in _USUAL}
    return Delivery(**{name: _READ[name](value) if name in _READ else value for name, value in known.items()})


def _time(stored: str | None) -> datetime | None:
    return datetime.fromisoformat(stored) if stored else None


def _rendition(stored: Mapping[str, Any]) -> Rendition:
    known = {name: value for name, value in stored.items() if name in Rendition.__dataclass_fields__}
    images = tuple(Image(**image) for image in stored.get("images", ()))
    listed = {name: tuple(stored.get(name, ())) for name in ("warnings", "parts")}
    return Rendition(**{**known, "images": images, **listed})


_READ: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("created", "due", "since", "lease", "sent_at", "finished"), _time),
    "state": State,
    "operation": Operation,
    "authors": tuple,
    "approvals": lambda stored: tuple(Approval(**{**line, "at": _time(line["at"])}) for line in stored),
    "rendition": _rendition,
    "log": lambda stored: tuple(Event(**{**line, "at": _time(line["at"])}) for line in stored),
}


def primitive(value: Any) -> Any:
    if value is None or type(value) in (str, bool, int):
        return value
    if is_dataclass(value):
        return {field.name: primitive(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): primitive(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [primitive(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, str) else value


_USUAL = {field.name: field.default for field in fields(Delivery)}


def stored(delivery: Delivery) -> dict[str, Any]:
    """What differs from the defaults, and the state: an editor who publishes waits for every value that is written."""
    values = {field.name: getattr(delivery, field.name) for field in fields(Delivery)}
    return {name: primitive(value) for name, value in values.items() if name == "state" or value != _USUAL[name]}
