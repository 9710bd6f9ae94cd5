"""What must be in place before a post can leave, point by point, each with the place where it is put right."""

from collective.socialterritory import _
from collective.socialterritory import address
from collective.socialterritory import clock
from collective.socialterritory import mail
from collective.socialterritory.accounts.content import CONTAINER
from collective.socialterritory.accounts.model import Link
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.accounts.vault import Vault
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.crosspost.words import Words
from collective.socialterritory.environment import setting
from collective.socialterritory.interfaces import may_send
from collective.socialterritory.interfaces import settings
from collective.socialterritory.messages import sentence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any
from zope.i18nmessageid import Message


@dataclass(frozen=True, slots=True)
class Point:
    """`link`: address of the page that puts it right, "" when only the server's own settings do."""

    name: str
    """key, mail, address, deployment, worker, account, post"""
    ok: bool
    text: Message
    link: str = ""


def checklist(site: Any) -> list[Point]:
    return [check(site) for check in (_key, _mail, _address, _deployment, _worker, _account, _post)]


def guess(site: Any) -> str:
    """A public address to propose while none is set: the one in use, if visitors can follow it."""
    url = str(site.absolute_url())
    return "" if settings().public_url or address.problem(url) else url


def silence(site: Any, now: datetime) -> Message | None:
    """What to say when nothing can have left for a while; None while the worker is well."""
    outbox = Outbox(site)
    since = outbox.silent_since(now)
    if since is None:
        return None
    if not outbox.worker.get("beat"):
        return _("Nothing has ever been sent from here: the worker has not run yet. Posts are kept.")
    return _("Nothing has left since ${time}. Posts are kept.", mapping={"time": Words(site.REQUEST, now).at(since)})


def _key(site: Any) -> Point:
    code = Vault(site).ready()
    if not code and not all(readable for _uid, readable in Vault(site).check()):
        code = "unreadable_credentials"
    text = sentence(code) if code else _("A key is set: credentials are stored encrypted.")
    return Point("key", not code, text)


def _mail(site: Any) -> Point:
    if settings().mail_to_page:
        text = _("Training: mails are shown on a page and sent to nobody.")
        return Point("mail", True, text, f"{site.absolute_url()}/@@social-mails")
    code = "" if mail.mail_server() else "no_mail"
    code = code or ("mail_stuck" if mail.stuck(site) else "")
    text = sentence(code) if code else _("A mail server is set: validators are told.")
    return Point("mail", not code, text, f"{site.absolute_url()}/@@mail-controlpanel")


def _address(site: Any) -> Point:
    url = settings().public_url or ""
    code = address.problem(url)
    text = sentence(code, {"url": url}) if code else _("Links in posts begin with ${url}", mapping={"url": url})
    return Point("address", not code, text, f"{_panel(site)}#form-widgets-public_url")


def _deployment(site: Any) -> Point:
    if may_send():
        return Point("deployment", True, _("This is the server that sends."))
    if not setting("SOCIALTERRITORY_DEPLOYMENT"):
        return Point("deployment", False, _(
            "This server has no name of its own (SOCIALTERRITORY_DEPLOYMENT is not set), so nothing leaves from here: "
            "that keeps copies of the site silent. Posts are kept."
        ))  # fmt: skip
    return Point("deployment", False, sentence("deployment"), _panel(site))


def _worker(site: Any) -> Point:
    said = silence(site, clock.now())
    return Point("worker", said is None, said or _("The worker is at work: what may leave leaves by itself."))


def _account(site: Any) -> Point:
    accounts = Accounts(site)
    known = [(obj.title, accounts.runtime(obj.UID()).get("link")) for obj in accounts.objects()]
    broken = [title for title, link in known if link == Link.RECONNECT]
    linked = [title for title, link in known if link == Link.CONNECTED]
    if broken:
        text = _("To reconnect: ${accounts}", mapping={"accounts": ", ".join(broken)})
    elif linked:
        text = _("Connected: ${accounts}", mapping={"accounts": ", ".join(linked)})
    else:
        text = _("No account is connected yet. The training network is a good first one: nothing leaves this site.")
    return Point("account", bool(linked) and not broken, text, f"{site.absolute_url()}/{CONTAINER}")


def _post(site: Any) -> Point:
    outbox = Outbox(site)
    ok = any(delivery.state is State.DELIVERED for delivery in chain(outbox.history(size=1), outbox.live()))
    text = _("A post has arrived.") if ok else _("Nothing was posted yet. Publish a news item to see the whole way.")
    return Point("post", ok, text, f"{site.absolute_url()}/@@social-desk")


def _panel(site: Any) -> str:
    return f"{site.absolute_url()}/@@social-territory-controlpanel"
