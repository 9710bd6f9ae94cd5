"""What people are told of their data: the notice under the form, and the record of processing, made from settings."""

from collective.socialterritory import _
from collective.socialterritory.comments.settings import settings
from collective.socialterritory.departments import departments
from collective.socialterritory.plain import whole
from collective.socialterritory.sentences import privacy
from plone import api
from typing import Any
from zope.i18n import translate
from zope.i18nmessageid import Message


LANGUAGES = ("fr", "en")
"""That the record is written in"""
KINDS = {
    "email": "keep_email",
    "origin": "keep_origin",
    "rejected": "keep_rejected",
    "log": "keep_log",
    "ban": "ban_days",
}
"""Of data, with the setting that tells for how many days it is kept"""


def notice(language: str) -> str:
    """What stands under the form, a sentence a line: the body's own words, else ours. `language`: such as fr or en."""
    known = settings()
    own = known.privacy_fr if language.startswith("fr") else known.privacy_en
    if own and own.strip():
        return str(own.strip())
    left_out = "alone" if known.departments else "shared"
    return "\n".join(said(text, language) for name, text in privacy.NOTICE.items() if name != left_out)


def register(language: str) -> list[tuple[str, list[str]]]:
    """The record of processing (GDPR, article 30): (heading, lines) each."""
    parts: dict[str, list[Any]] = {
        "controller": [_site(), _contact() or privacy.TO_FILL],
        "officer": [privacy.TO_FILL],
        "purposes": [privacy.PURPOSES],
        "basis": [privacy.BASIS],
        "people": [privacy.PEOPLE],
        "categories": list(privacy.CATEGORIES.values()),
        "recipients": [privacy.RECIPIENTS, *([privacy.DEPARTMENTS] if settings().departments else ())],
        "transfers": [privacy.TRANSFERS],
        "security": list(privacy.SECURITY),
        "rights": [privacy.RIGHTS],
    }
    return [(said(privacy.HEADINGS[name], language), [said(line, language) for line in parts[name]]) for name in parts]


def as_text(language: str) -> str:
    """The record of processing, to copy."""
    title = said(privacy.TITLE, language)
    parts = (f"{heading}\n" + "\n".join(f"- {line}" for line in lines) for heading, lines in register(language))
    return "\n\n".join([title, *parts]) + "\n"


def said(message: Any, language: str) -> str:
    """In that language, with what the settings say filled in."""
    if not isinstance(message, Message):
        return str(message)
    spans = {name: days(getattr(settings(), setting), language) for name, setting in KINDS.items()}
    contact = _contact() or str(translate(privacy.TO_FILL, target_language=language))
    known = {**spans, "site": _site(), "url": my_data_url(), "contact": contact}
    known["departments"] = ", ".join(departments(settings().departments or ()))
    return str(translate(Message(message, mapping=known), target_language=language))


def days(count: int, language: str) -> str:
    message = _("1 day") if count == 1 else _("${count} days", mapping={"count": count})
    return str(translate(message, target_language=language))


def my_data_url() -> str:
    return f"{api.portal.get().absolute_url()}/@@social-my-data"


def _site() -> str:
    return whole(api.portal.get().Title())


def _contact() -> str:
    return api.portal.get_registry_record("plone.email_from_address", default="") or ""
