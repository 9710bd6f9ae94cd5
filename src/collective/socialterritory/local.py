"""What is local to the site: its time zone, how a time is written there, and what people are called."""

from AccessControl import getSecurityManager
from datetime import datetime
from decimal import Decimal
from plone import api
from plone.base.i18nl10n import get_formatstring_from_registry
from plone.base.i18nl10n import ulocalized_time
from plone.registry.interfaces import IRegistry
from zoneinfo import ZoneInfo
from zope.component import getUtility


def time_zone() -> ZoneInfo:
    """The site's, in which editors type times and accounts have their hours."""
    return ZoneInfo(getUtility(IRegistry).get("plone.portal_timezone") or "UTC")


def written(when: datetime | str, language: str = "") -> str:
    """An aware time, or its ISO form, as people read it: in the site's time zone and their language, or this one."""
    moment = datetime.fromisoformat(when) if isinstance(when, str) else when
    # Without its zone: Plone would turn it into the server's. The language is named, for the worker has no browser.
    return ulocalized_time(
        moment.astimezone(time_zone()).replace(tzinfo=None),
        long_format=True,
        context=api.portal.get(),
        target_language=language or api.portal.get_current_language(),
    )


def way_of_writing() -> tuple[str, str, str]:
    """The language, and what else `written` depends on beside the time: for those who keep what it said."""
    override = get_formatstring_from_registry("date_format_long")
    return str(api.portal.get_current_language()), time_zone().key, override or ""


def dollars(amount: Decimal | str) -> str:
    """US dollars as people write them: $0.20, in French 0,20 $. What is less than a cent is told as well."""
    places = max(2, -int(Decimal(amount).normalize().as_tuple().exponent))
    number = decimal(f"{Decimal(amount):.{places}f}")
    return f"{number}\N{NO-BREAK SPACE}$" if _french() else f"${number}"


def decimal(number: str) -> str:
    """A number with the mark that people use: 0.5, in French 0,5."""
    return number.replace(".", ",") if _french() else number


def _french() -> bool:
    return str(api.portal.get_current_language()).startswith("fr")


def me() -> str:
    """The current user's id; "" for visitors and for the worker."""
    return getSecurityManager().getUser().getId() or ""


def full_name(user: str) -> str:
    """The id itself for somebody who has no name or is gone."""
    member = api.user.get(userid=user) if user else None
    return (member and member.getProperty("fullname")) or user
