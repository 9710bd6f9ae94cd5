"""Where plone.restapi needs help: "Not before" is local time in forms and a moment in JSON; texts must be texts."""

from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.crosspost.content import choice
from collective.socialterritory.crosspost.content import ISocialPosting
from collective.socialterritory.crosspost.services import shown
from collective.socialterritory.local import time_zone
from datetime import datetime
from plone import api
from plone.dexterity.interfaces import IDexterityContent
from plone.restapi.deserializer.dxfields import DefaultFieldDeserializer
from plone.restapi.interfaces import IFieldSerializer
from typing import Any
from zope.component import adapter
from zope.interface import alsoProvides
from zope.interface import implementer
from zope.interface import Interface
from zope.publisher.interfaces.browser import IBrowserRequest


class ILocalTime(Interface):
    """Marks a Datetime field whose value is naive and in the site's zone."""


class ITexts(Interface):
    """Marks a Dict field of texts."""


alsoProvides(ISocialPosting["social_at"], ILocalTime)
alsoProvides(ISocialPosting["social_texts"], ITexts)


@adapter(ILocalTime, IDexterityContent, IBrowserRequest)
class LocalTimeDeserializer(DefaultFieldDeserializer):
    """plone.restapi's own would store UTC, which a form then shows and saves as if it were local."""

    def __call__(self, value: Any) -> datetime | None:
        if not value:
            return None
        if not isinstance(value, str):
            raise ValueError("A date and time as text in ISO 8601 is needed")
        when = datetime.fromisoformat(value)
        if not 1970 < when.year < 2499:
            raise ValueError("This date is too far away")
        return when.astimezone(time_zone()).replace(tzinfo=None) if when.tzinfo else when


@implementer(IFieldSerializer)
@adapter(ILocalTime, IDexterityContent, Interface)
class LocalTimeSerializer:
    def __init__(self, field: Any, context: Any, request: Any) -> None:
        self.context = context

    def __call__(self) -> str | None:
        return shown.time(choice(self.context).at)


@adapter(ITexts, IDexterityContent, IBrowserRequest)
class TextsDeserializer(DefaultFieldDeserializer):
    """plone.restapi's own answers 500 to what is no object."""

    def __call__(self, value: Any) -> dict[str, str]:
        texts = value or {}
        if not isinstance(texts, dict) or not all(isinstance(text, str) for text in texts.values()):
            raise ValueError("An object of texts by account UID is needed")
        self.field.validate(texts)
        known = {account.uid for account in Accounts(api.portal.get()).all()}
        if lost := set(texts) - known - set(choice(self.context).texts):
            raise ValueError(f"No account has the UID {min(lost)}")
        return texts
