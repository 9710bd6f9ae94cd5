"""Remembers how accounts stand with their networks, in records the worker may write without touching content."""

from Acquisition import aq_base
from BTrees.OOBTree import OOBTree
from collections.abc import Iterator
from collections.abc import Mapping
from collective.socialterritory import clock
from collective.socialterritory.accounts import rules
from collective.socialterritory.accounts.content import CONTAINER
from collective.socialterritory.accounts.content import ISocialAccount
from collective.socialterritory.accounts.model import Account
from collective.socialterritory.accounts.model import Link
from collective.socialterritory.accounts.model import Validation
from collective.socialterritory.accounts.model import Withdrawal
from collective.socialterritory.errors import ContentError
from collective.socialterritory.pause import Pause
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from decimal import Decimal
from persistent.mapping import PersistentMapping
from plone import api
from plone.app.uuid.utils import uuidToPhysicalPath
from plone.indexer import indexer
from plone.uuid.interfaces import ATTRIBUTE_NAME
from plone.uuid.interfaces import IUUID
from types import MappingProxyType
from types import SimpleNamespace
from zope.annotation.interfaces import IAnnotations
from zope.interface import provider
from zope.schema import getFieldsInOrder
from zope.schema.interfaces import IVocabularyFactory
from zope.schema.vocabulary import SimpleTerm
from zope.schema.vocabulary import SimpleVocabulary


ANNOTATION = "collective.socialterritory.accounts"
DAY = timedelta(hours=24)
_DEFAULTS = {name: field.default for name, field in getFieldsInOrder(ISocialAccount)}
GONE = "/gone/"
"""Path of a section that was deleted: it matches nothing, where no section at all would match everything."""


class Accounts:
    """The accounts of one site, whoever asks: permissions are checked by the doors."""

    def __init__(self, site):
        self._site = site
        self._annotations = IAnnotations(site)

    def objects(self) -> Iterator:
        """In the order of the container."""
        container = self._site.get(CONTAINER)
        return filter(_is_account, () if container is None else container.objectValues())

    def object(self, uid: str):
        """The content object or None."""
        return next((obj for obj in self.objects() if getattr(aq_base(obj), ATTRIBUTE_NAME, None) == uid), None)

    def all(self) -> list[Account]:
        """In the order of the container."""
        return [self._account(obj) for obj in self.objects()]

    def get(self, uid: str) -> Account | None:
        obj = self.object(uid)
        return None if obj is None else self._account(obj)

    def create(self, uid: str) -> None:
        """Make the record, so that no later writer competes with another about making it."""
        if ANNOTATION not in self._annotations:
            self._annotations[ANNOTATION] = OOBTree()
        self._annotations[ANNOTATION].setdefault(uid, PersistentMapping())

    def remove(self, uid: str) -> None:
        if uid in self._records():
            del self._records()[uid]

    def runtime(self, uid: str) -> Mapping:
        """What mark() wrote: link, identity, identity_id, identity_url, facts, network, connected_at, pause_reason,
        pause_by, pause_start, pause_until, pause_over, sent, paid, lease, lease_token, session, renewed, ends, lasts,
        warned, answers, error, rests, wording, rewriters, rewritten. Times are ISO strings in UTC."""
        return MappingProxyType(self._records().get(uid, {}))

    def mark(self, uid: str, **primitives) -> None:
        """Write what differs; nothing when the account is gone."""
        record = self._records().get(uid)
        if record is None:
            return
        for name, value in primitives.items():
            if record.get(name) != value:
                record[name] = value

    def pause(self, uid: str, pause: Pause | None) -> None:
        """Keep the account's pause; None forgets it."""
        self.mark(
            uid,
            pause_reason=pause.reason if pause else "",
            pause_by=pause.by if pause else "",
            pause_start=iso(pause.start) if pause else "",
            pause_until=iso(pause.until) if pause and pause.until else "",
            pause_over=iso(pause.over) if pause and pause.over else "",
        )

    def sent(self, uid: str, now: datetime) -> None:
        """One more post at `now` (aware); those older than a day are forgotten."""
        recent = [when for when in self.runtime(uid).get("sent", ()) if datetime.fromisoformat(when) > now - DAY]
        self.mark(uid, sent=[*recent, iso(now)])

    def pay(self, uid: str, amount: Decimal, now: datetime) -> None:
        """US dollars spent, or given back when negative. Of former months nothing is kept."""
        month = f"{now.astimezone(UTC):%Y-%m}"
        before = Decimal(self.runtime(uid).get("paid", {}).get(month, 0))
        self.mark(uid, paid={month: str(max(before + amount, Decimal(0)))})

    def lease(self, uid: str, token: str, until: datetime, now: datetime | None = None) -> bool:
        """Take the account's session for `token`; False while another holds it. Only committing makes it so."""
        record = self.runtime(uid)
        held = _time(record.get("lease"))
        if held and held > (now or clock.now()) and record.get("lease_token") not in ("", token):
            return False
        self.mark(uid, lease=iso(until), lease_token=token)
        return True

    def release(self, uid: str, token: str) -> None:
        if self.runtime(uid).get("lease_token") == token:
            self.mark(uid, lease="", lease_token="")

    def records(self) -> dict[str, Mapping]:
        """UID -> runtime() of every account, without a look at the content."""
        return {uid: MappingProxyType(record) for uid, record in self._records().items()}

    def _absolute(self, url: str) -> str:
        """A network that stays on this site gives addresses relative to its root."""
        return f"{self._site.absolute_url()}/{url}" if url and ":" not in url else url

    def _records(self):
        return self._annotations.get(ANNOTATION, {})

    def _account(self, obj) -> Account:
        obj = _fields(obj)
        uid = getattr(obj, ATTRIBUTE_NAME)
        record = self.runtime(uid)
        return Account(
            uid=uid,
            title=obj.title or "",
            network=obj.network or "",
            link=Link(record.get("link", Link.NEW)),
            identity=record.get("identity", ""),
            identity_id=record.get("identity_id", ""),
            identity_url=self._absolute(record.get("identity_url", "")),
            facts=record.get("facts", {}),
            sections=tuple(uuidToPhysicalPath(section) or GONE + section for section in obj.sections or ()),
            types=tuple(obj.types or ()),
            subjects=tuple(obj.subjects or ()),
            languages=tuple(obj.languages or ()),
            by_itself=obj.by_itself is not False,
            replies=bool(obj.replies),
            template=obj.template,
            validation=Validation(obj.validation),
            trusted=tuple(obj.trusted or ()),
            withdrawal=Withdrawal(obj.withdrawal),
            hours=_hours(obj.hours),
            gap=obj.gap or 0,
            daily=obj.daily or 0,
            ceiling=obj.ceiling or 0,
            paid={month: Decimal(amount) for month, amount in record.get("paid", {}).items()},
            campaign=obj.campaign or "",
            pause=_pause(record),
            sent=tuple(datetime.fromisoformat(when) for when in record.get("sent", ())),
            rests=_time(record.get("rests")),
            connected_at=_time(record.get("connected_at")),
            lasts=_time(record.get("lasts")),
            rewriters=tuple(record.get("rewriters", ())),
            rewritten=_time(record.get("rewritten")),
        )


@provider(IVocabularyFactory)
def mine(context):
    """Vocabulary of accounts the user may submit to, and of those already chosen on `context`, which stay valid.

    A role where the item is gives all accounts, as in crosspost.actions.usable().
    """
    chosen = getattr(context, "social_accounts", None) or ()
    submit = "collective.socialterritory: Submit posts"
    everywhere = hasattr(context, "aq_base") and api.user.has_permission(submit, obj=context)
    return SimpleVocabulary(
        [
            SimpleTerm(IUUID(obj), IUUID(obj), obj.title)
            for obj in Accounts(api.portal.get()).objects()
            if everywhere or IUUID(obj) in chosen or api.user.has_permission(submit, obj=obj)
        ]
    )


@indexer(ISocialAccount)
def searched(account) -> str:
    """Accounts are settings: no search for words finds them."""
    return ""


def iso(when: datetime) -> str:
    """An aware time as it is stored."""
    return when.astimezone(UTC).isoformat()


def _time(stored) -> datetime | None:
    return datetime.fromisoformat(stored) if stored else None


def _fields(obj) -> SimpleNamespace:
    """Its fields, unset ones with their defaults, for which Dexterity would search all schemas every time."""
    base = aq_base(obj)
    base._p_activate()
    return SimpleNamespace(**{**_DEFAULTS, **vars(base)})


def _is_account(obj) -> bool:
    return getattr(obj, "portal_type", "") == "SocialAccount"


def _hours(lines):
    try:
        return rules.hours(lines or ())
    except ContentError:
        return ()


def _pause(record) -> Pause | None:
    start = _time(record.get("pause_start"))
    if start is None:
        return None
    until, over = _time(record.get("pause_until")), _time(record.get("pause_over"))
    return Pause(record.get("pause_reason", ""), record.get("pause_by", ""), start, until, over)


def validators(site, uid: str) -> list[str]:
    """Ids of the users who may approve for the account: Social Validators on it or above, else Site Administrators."""
    account = Accounts(site).object(uid)
    if account is None:
        return []
    places = [account, site[CONTAINER], site]
    return _holders(site, places, "Social Validator") or _holders(site, places, "Site Administrator")


def _holders(site, places, role: str) -> list[str]:
    principals = {principal for principal, _title in site.acl_users.portal_role_manager.listAssignedPrincipals(role)}
    for place in places:
        principals |= {principal for principal, roles in place.get_local_roles() if role in roles}
    return sorted(members(site, principals))


def members(site, principals, seen: set[str] | None = None) -> set[str]:
    """User ids, with groups replaced by their members. What is neither is left out."""
    seen = set() if seen is None else seen
    users: set[str] = set()
    for principal in set(principals) - seen:
        seen.add(principal)
        group = site.portal_groups.getGroupById(principal)
        if group is not None:
            users |= members(site, group.getGroupMemberIds(), seen)
        elif site.acl_users.getUserById(principal) is not None:
            users.add(principal)
    return users
