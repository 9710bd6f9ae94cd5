"""What people are told by mail about a post: to decide, that it was decided, that something went wrong."""

from collections.abc import Iterable
from collections.abc import Sequence
from collective.socialterritory import _
from collective.socialterritory import mail
from collective.socialterritory.accounts.model import Account
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.accounts.store import validators
from collective.socialterritory.crosspost import pictures
from collective.socialterritory.crosspost import sayings
from collective.socialterritory.crosspost.content import find
from collective.socialterritory.crosspost.model import Delivery
from collective.socialterritory.errors import SocialError
from collective.socialterritory.local import full_name
from collective.socialterritory.local import written
from collective.socialterritory.messages import problem_sentence
from collective.socialterritory.messages import sentence
from collective.socialterritory.pause import Pause
from collective.socialterritory.public import staff_url
from datetime import datetime
from plone import api
from typing import Any
from zope.i18n import translate
from zope.i18nmessageid import Message


WAITS = _("This post waits for your decision. The link below opens on it.")
ASKED = {
    "edit": _("To approve, a correction: ${title} on ${account}"),
    "delete": _("To take away? ${title} on ${account}"),
    "reply": _("To approve, an answer: ${title} on ${account}"),
    "answer": _("To approve, an answer to a reader: ${title} on ${account}"),
}
"""Subjects for crosspost.model.Operation"""
CHANGED = _("The post changed after it was approved, so the approval no longer holds.")


def ask(site: Any, delivery: Delivery, now: datetime) -> None:
    """Validators get the text and a link that opens on the decision."""
    people = [user for user in validators(site, delivery.account) if not delivery.apart or user not in delivery.authors]
    asked = ASKED.get(delivery.operation, _("To approve: ${title} on ${account}"))
    subject = Message(asked, mapping=_names(delivery))
    _tell(site, people, delivery, subject, [WAITS], now, _images(delivery))


def remind(site: Any, delivery: Delivery, number: int, now: datetime) -> None:
    """The second reminder goes to the site's administrators as well."""
    people = [*validators(site, delivery.account), *(mail.administrators() if number > 1 else ())]
    subject = _("Still waiting for a decision: ${title} on ${account}", mapping=_names(delivery))
    _tell(site, people, delivery, subject, [WAITS], now, _images(delivery))


def decided(site: Any, delivery: Delivery, now: datetime) -> None:
    """Authors learn who decided what, and why."""
    event = delivery.log[-1]
    names = {**_names(delivery), "who": full_name(event.by)}
    subjects = {
        "approve": _("Approved: ${title} on ${account}", mapping=names),
        "endorse": _("First approval: ${title} on ${account}", mapping=names),
        "reject": _("Refused: ${title} on ${account}", mapping=names),
        "cancel": _("Cancelled: ${title} on ${account}", mapping=names),
    }
    if event.name in subjects:
        lines = [_("By ${who}.", mapping=names)]
        lines += [_("Reason: ${reason}", mapping={"reason": event.note})] if event.note else []
        people = [user for user in delivery.authors if user != event.by]
        _tell(site, people, delivery, subjects[event.name], lines, now)


def voided(site: Any, delivery: Delivery, now: datetime) -> None:
    """The approved bytes changed: authors are told, validators are asked again."""
    subject = _("Approval withdrawn, the post changed: ${title} on ${account}", mapping=_names(delivery))
    _tell(site, delivery.authors, delivery, subject, [CHANGED], now)
    ask(site, delivery, now)


def held(site: Any, delivery: Delivery, now: datetime) -> None:
    """Authors are told; those who release what is too old or too dear, and those who raise a ceiling, as well."""
    subject = _("On hold: ${title} on ${account}", mapping=_names(delivery))
    people = [*delivery.authors]
    if delivery.held in ("overdue", "ceiling"):
        people += validators(site, delivery.account)
    if delivery.held == "ceiling":
        people += mail.administrators()
    _tell(site, people, delivery, subject, [sentence(delivery.held, sayings.named(delivery))], now)


def problem(site: Any, delivery: Delivery, now: datetime) -> None:
    """It failed, or nobody knows: authors and validators read what happened and what to do next."""
    subject = _("Please look: ${title} on ${account}", mapping=_names(delivery))
    people = [*delivery.authors, *validators(site, delivery.account)]
    _tell(site, people, delivery, subject, [sayings.problem(delivery)], now)


def reconnect(site: Any, account: str, error: SocialError, now: datetime) -> None:
    """Whoever may connect the account is told, by name and with the cause, before more posts pile up."""
    known = Accounts(site).get(account)
    if known is None:
        return
    subject = _("Reconnect the account ${account}", mapping={"account": known.title})
    url = staff_url(Accounts(site).object(account))
    mail.tell(site, mail.administrators(), subject, [problem_sentence(error)], f"{url}/@@connect", now)


def ending(site: Any, account: str, now: datetime) -> None:
    """What a person agreed to at the network is over soon: whoever may connect the account is told, by name and day."""
    known = Accounts(site).get(account)
    if known is not None and known.lasts:
        names = {"account": known.title, "when": written(known.lasts)}
        subject = _("Reconnect the account ${account} before ${when}", mapping=names)
        url = staff_url(Accounts(site).object(account))
        mail.tell(site, mail.administrators(), subject, [sentence("ending", names)], f"{url}/@@connect", now)


def unpaid_words(delivery: Delivery, planned: Pause | None) -> tuple[str, str]:
    """(by, reason) of the pause of an account whose network wants money, in the site's language.

    `planned`: the pause that was to come, and that this one takes the place of.
    """
    language = api.portal.get_default_language()
    billing = sentence("billing", {**sayings.named(delivery), **delivery.error_params})
    reason = translate(billing, target_language=language)
    if planned:
        names = {"start": written(planned.start), "reason": planned.reason}
        again = _("A pause was planned from ${start} (${reason}): plan it again when you resume.", mapping=names)
        reason = f"{reason} {translate(again, target_language=language)}"
    return translate(_("the site itself"), target_language=language), reason


def unpaid(site: Any, account: Account, reason: str, now: datetime) -> None:
    """Administrators learn why the account is paused."""
    subject = _("Paused, the network asks for payment: ${account}", mapping={"account": account.title})
    mail.tell(site, mail.administrators(), subject, [reason], staff_url(Accounts(site).object(account.uid)), now)


def _images(delivery: Delivery) -> list[Any]:
    """What whoever decides must see as well: the images that go along, where they are stored as blobs."""
    item = find(delivery.content) if delivery.rendition.images else None
    fields = [pictures.field(item, image) for image in delivery.rendition.images] if item is not None else []
    return [field for field in fields if hasattr(field, "open")]


def _names(delivery: Delivery) -> dict[str, str]:
    return {"title": delivery.item_title, "account": delivery.account_title}


def _tell(
    site: Any,
    people: Iterable[str],
    delivery: Delivery,
    subject: Message,
    lines: list[Message],
    now: datetime,
    images: Sequence[Any] = (),
) -> None:
    said = delivery.rendition
    lines = [*lines, "", said.text]
    lines += ["", *(_("Image: ${alt}", mapping={"alt": image.alt}) for image in said.images)] if said.images else []
    mail.tell(site, people, subject, lines, f"{staff_url(site)}/@@social-desk?id={delivery.id}", now, images)
