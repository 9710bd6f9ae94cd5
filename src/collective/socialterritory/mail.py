"""Mails wait here until the worker sends them, so that no request waits for a mail server and none is lost with it."""

from BTrees.OOBTree import OOBTree
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from collective.socialterritory import clock
from collective.socialterritory import logger
from collective.socialterritory.errors import ContentError
from collective.socialterritory.images import fit
from collective.socialterritory.interfaces import IJob
from collective.socialterritory.interfaces import may_send
from collective.socialterritory.interfaces import settings
from collective.socialterritory.networks.model import Limits
from collective.socialterritory.plain import whole
from collective.socialterritory.wake import wake
from contextlib import suppress
from datetime import datetime
from datetime import timedelta
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.policy import SMTP
from email.utils import format_datetime
from email.utils import make_msgid
from functools import partial
from persistent.mapping import PersistentMapping
from plone import api
from typing import Any
from typing import BinaryIO
from uuid import uuid4
from ZODB.POSException import POSKeyError
from zope.annotation.interfaces import IAnnotations
from zope.i18n import translate
from zope.i18nmessageid import Message
from zope.interface import implementer

import re
import transaction


KEY = "collective.socialterritory.mails"
RETRY = timedelta(minutes=5)
PATIENCE = 30.0
"""Seconds that a mail server may be silent"""
KEPT = timedelta(days=7)
"""Unsent mails are dropped, and training mails removed, after this"""
PICTURE = Limits(text=0, measure=len, image_bytes=300_000, image_side=1000, image_types=("image/jpeg",))
URLS = frozenset({"list-unsubscribe"})
"""Headers of addresses"""
_NO_LINE = re.compile("[\x00-\x20\x7f-\x9f\u2028\u2029]+")
"""What a title may hold and the line of a subject may not: control characters, other ends of lines"""


def install(site: Any) -> None:
    annotations = IAnnotations(site)
    if KEY not in annotations:
        annotations[KEY] = OOBTree()


class _Policy(EmailPolicy):
    """Of SMTP, but for headers of addresses, which Python would encode as words where they are longer than a line."""

    def fold_binary(self, name: str, value: Any) -> bytes:
        if name.lower() in URLS:
            return f"{name}: {value}\r\n".encode("ascii")
        return super().fold_binary(name, value)


POLICY = _Policy(linesep=SMTP.linesep)
"""Lines end as mail servers demand"""


def queue(
    site: Any,
    to: str,
    subject: str,
    body: str,
    now: datetime,
    user: str = "",
    images: Sequence[Any] = (),
    headers: Mapping[str, str] | None = None,
) -> None:
    """Keep a plain-text mail for one address; the transaction that queues it decides whether it exists.

    `user`: id of whom it is for. `images`: stored NamedBlobImages that go along, scaled when it is sent. `headers`:
    others, each a line.
    """
    subject = _NO_LINE.sub(" ", whole(subject)).strip()
    at = now.isoformat()
    mail = PersistentMapping(to=to, user=user, subject=subject, body=whole(body), at=at, due=at)
    if images:
        mail["images"] = tuple(images)
    if headers:
        mail["headers"] = {name: _NO_LINE.sub(" ", value) for name, value in headers.items()}
    IAnnotations(site)[KEY][f"{at}.{uuid4().hex}"] = mail
    path = "/".join(site.getPhysicalPath())
    transaction.get().addAfterCommitHook(lambda stored: stored and wake(path))


def administrators() -> list[str]:
    users = api.user.get_users()
    return [u.getId() for u in users if {"Site Administrator", "Manager"} & set(u.getRoles())]


def tell(
    site: Any,
    people: Iterable[str],
    subject: Message,
    lines: list[Any],
    url: str,
    now: datetime,
    images: Sequence[Any] = (),
) -> None:
    """Queue a mail in the site's language for each user that has an address."""
    language = api.portal.get_default_language()
    body = "\n".join([*(translate(line, target_language=language) for line in lines), "", url])
    for user in sorted(set(people)):
        member = api.user.get(userid=user)
        address = member and member.getProperty("email")
        if address:
            queue(site, address, translate(subject, target_language=language), body, now, user, images)


def waiting(site: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """(id, mail) oldest first; a mail has to, user, subject, body, at, due; images and headers where it has some."""
    yield from IAnnotations(site)[KEY].items()


@implementer(IJob)
class MailJob:
    """Sends what waits, one mail at a time. A mail goes at least once: the server takes it before we forget it."""

    def start(self, site: Any, now: datetime) -> None:
        """Nothing to prepare."""

    def step(self, site: Any, pool: Any, now: datetime) -> float:
        silent = settings().mail_to_page or not may_send()  # training, or a staging copy
        for id, mail in list(waiting(site)):
            if datetime.fromisoformat(mail["at"]) < now - KEPT:
                del IAnnotations(site)[KEY][id]
                transaction.commit()
            elif not silent and datetime.fromisoformat(mail["due"]) <= now and pool.room("mail", _server()):
                # The mailer is made here, from the site's settings, and used where nothing of the database is.
                mailer = api.portal.get_tool("MailHost")._makeMailer()
                mailer.smtp = partial(mailer.smtp, timeout=PATIENCE)  # else a silent server keeps the lane for ever
                said = {name: mail[name] for name in ("to", "subject", "body", "at", "headers") if name in mail}
                pool.submit("mail", partial(_sent, id), _send, mailer, sender(), said, _files(mail))
        return 60.0


def _files(mail: Mapping[str, Any]) -> list[BinaryIO]:
    """Where a file is missing from the blobs the mail goes without."""
    found = []
    for image in mail.get("images", ()):
        with suppress(POSKeyError):
            found.append(image.open())
    return found


def _message(mail: Mapping[str, Any], origin: str) -> EmailMessage:
    message = EmailMessage(POLICY)
    message["To"] = mail["to"]
    message["From"] = origin
    message["Subject"] = mail["subject"]
    message["Date"] = format_datetime(datetime.fromisoformat(mail["at"]))
    message["Message-ID"] = make_msgid(domain=origin.rpartition("@")[2] or None)
    message["Auto-Submitted"] = "auto-generated"
    for name, value in mail.get("headers", {}).items():
        message[name] = value
    message.set_content(mail["body"])
    return message


def _send(mailer: Any, origin: str, mail: Mapping[str, Any], files: Sequence[BinaryIO]) -> None:
    """In a sender's thread, where a mail that cannot be written keeps nobody else's back. Closes `files`."""
    message = _message(mail, origin)
    for file in files:
        with file, suppress(ContentError):  # the post tells what is wrong with the picture; the mail goes without
            data, mime, _width, _height = fit(file, PICTURE)
            message.add_attachment(data, *mime.split("/"), filename="image.jpg")
    mailer.send(message["From"], [message["To"]], message.as_bytes())


def _sent(id: str, site: Any, result: Any) -> None:
    mails = IAnnotations(site)[KEY]
    if id in mails and isinstance(result, Exception):
        logger.warning("Mail not sent, kept for later: %s", type(result).__name__)
        mails[id]["due"] = (clock.now() + RETRY).isoformat()
    elif id in mails:
        del mails[id]


def _server() -> tuple[str, ...]:
    return ("mail", api.portal.get_registry_record("plone.smtp_host", default=""))


def sender() -> str:
    return api.portal.get_registry_record("plone.email_from_address", default="") or ""


def stuck(site: Any) -> bool:
    """Whether a mail could not be sent at the first try and waits for another."""
    return any(mail["due"] > mail["at"] for _id, mail in waiting(site))


def mail_server() -> bool:
    """Whether the site says where mails go."""
    return bool(sender() and api.portal.get_registry_record("plone.smtp_host", default=""))
