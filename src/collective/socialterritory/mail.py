"""Mails wait here until the worker sends them, so that no request waits for a mail server and none is lost with it."""

from BTrees.OOBTree import OOBTree
from collections.abc import Iterator
from collections.abc import Mapping
from collective.socialterritory import clock
from collective.socialterritory import logger
from collective.socialterritory.interfaces import IJob
from collective.socialterritory.interfaces import may_send
from collective.socialterritory.interfaces import settings
from collective.socialterritory.wake import wake
from datetime import datetime
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from email.utils import make_msgid
from functools import partial
from persistent.mapping import PersistentMapping
from plone import api
from typing import Any
from uuid import uuid4
from zope.annotation.interfaces import IAnnotations
from zope.interface import implementer

import transaction


KEY = "collective.socialterritory.mails"
RETRY = timedelta(minutes=5)
KEPT = timedelta(days=7)
"""Unsent mails are dropped, and training mails removed, after this"""


def install(site: Any) -> None:
    annotations = IAnnotations(site)
    if KEY not in annotations:
        annotations[KEY] = OOBTree()


def queue(site: Any, to: str, subject: str, body: str, now: datetime, user: str = "") -> None:
    """Keep a plain-text mail for one address; the transaction that queues it decides whether it exists.

    `user`: id of whom it is for.
    """
    mail = PersistentMapping(to=to, user=user, subject=subject, body=body, at=now.isoformat(), due=now.isoformat())
    IAnnotations(site)[KEY][f"{now.isoformat()}.{uuid4().hex}"] = mail
    path = "/".join(site.getPhysicalPath())
    transaction.get().addAfterCommitHook(lambda stored: stored and wake(path))


def waiting(site: Any) -> Iterator[tuple[str, Mapping[str, str]]]:
    """(id, mail) oldest first; a mail has to, subject, body, at and due."""
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
            elif not silent and datetime.fromisoformat(mail["due"]) <= now and not pool.busy("mail"):
                # The mailer is made here, from the site's settings, and used where nothing of the database is.
                mailer = api.portal.get_tool("MailHost")._makeMailer()
                pool.submit("mail", partial(_sent, id), mailer.send, sender(), [mail["to"]], _message(mail).as_bytes())
        return 60.0


def _message(mail: Mapping[str, str]) -> EmailMessage:
    message = EmailMessage()
    message["To"] = mail["to"]
    message["From"] = sender()
    message["Subject"] = mail["subject"]
    message["Date"] = format_datetime(datetime.fromisoformat(mail["at"]))
    message["Message-ID"] = make_msgid(domain=sender().rpartition("@")[2] or None)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail["body"])
    return message


def _sent(id: str, site: Any, result: Any) -> None:
    mails = IAnnotations(site)[KEY]
    if id in mails and isinstance(result, Exception):
        logger.warning("Mail not sent, kept for later: %s", type(result).__name__)
        mails[id]["due"] = (clock.now() + RETRY).isoformat()
    elif id in mails:
        del mails[id]


def sender() -> str:
    return api.portal.get_registry_record("plone.email_from_address", default="") or ""


def mail_server() -> bool:
    """Whether the site says where mails go."""
    return bool(sender() and api.portal.get_registry_record("plone.smtp_host", default=""))
