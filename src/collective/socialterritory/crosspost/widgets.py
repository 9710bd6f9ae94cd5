"""The form fields of cross-posting: accounts with what stands in their way, one text per account with its preview."""

from collective.socialterritory.crosspost import live
from collective.socialterritory.crosspost.content import facts
from collective.socialterritory.crosspost.model import Item
from collective.socialterritory.crosspost.preview import new_item
from collective.socialterritory.crosspost.preview import notice
from collective.socialterritory.crosspost.preview import Outlook
from collective.socialterritory.crosspost.preview import outlooks
from collective.socialterritory.crosspost.preview import typed
from collective.socialterritory.forms import InForm
from collective.socialterritory.interfaces import BUNDLE
from functools import cached_property
from plone.protect import createToken
from Products.CMFPlone.resources import add_bundle_on_request
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from typing import Any
from z3c.form.browser.checkbox import CheckBoxWidget
from z3c.form.browser.widget import HTMLFormElement
from z3c.form.converter import BaseDataConverter
from z3c.form.interfaces import IFieldWidget
from z3c.form.interfaces import IWidget
from z3c.form.interfaces import NO_VALUE
from z3c.form.widget import FieldWidget
from z3c.form.widget import Widget
from zope.component import adapter
from zope.interface import implementer
from zope.interface import implementer_only
from zope.schema.interfaces import IDict


class Form(InForm):
    """What would be posted from the form as it is."""

    request: Any

    @cached_property
    def item(self) -> Item:
        context = self.whole.context
        known = new_item(context, self.new_type) if self.new_type else facts(context)
        return typed(known, {}, self.request)

    @cached_property
    def found(self) -> list[Outlook]:
        return outlooks(self.whole.context, self.item)


class AccountsWidget(Form, CheckBoxWidget):
    """Check boxes, each with who we are there and what to know before choosing it."""

    input_page = ViewPageTemplateFile("templates/accounts_input.pt")

    def render(self) -> str:
        return self.input_page() if self.mode == "input" else super().render()

    def rows(self) -> list[dict[str, Any]]:
        known = {outlook.account.uid: outlook for outlook in self.found}
        return [{**item, "outlook": known.get(item["value"])} for item in self.items]

    def notice(self) -> Any:
        return notice(self.found, self.item)


class ITextsWidget(IWidget):
    """Texts by account UID."""


@implementer_only(ITextsWidget)
class TextsWidget(Form, HTMLFormElement, Widget):
    """A text area per account, with what will be sent beside it."""

    input_page = ViewPageTemplateFile("templates/texts_input.pt")
    value: dict[str, str] = {}

    def update(self) -> None:
        add_bundle_on_request(self.request, BUNDLE)
        super().update()

    def render(self) -> str:
        return self.input_page() if self.mode == "input" else ""

    def extract(self, default: Any = NO_VALUE) -> Any:
        prefix = f"{self.name}."
        typed_in = {name[len(prefix) :]: text for name, text in self.request.form.items() if name.startswith(prefix)}
        return typed_in or ({} if f"{self.name}-empty-marker" in self.request.form else default)

    def rows(self) -> list[dict[str, Any]]:
        """What the form shows by account: the text, what stands in for an empty one, and the preview."""
        rows = []
        for outlook in self.found:
            row = live.shown(outlook, self.request, self.whole.context)
            row["value"] = (self.value or {}).get(outlook.account.uid, "")
            row["instead"] = live.instead(self.item, outlook.account)
            rows.append(row)
        return rows

    @property
    def preview_url(self) -> str:
        return f"{self.whole.context.absolute_url()}/@@social-preview"

    def token(self) -> str:
        return createToken()


@adapter(IDict, ITextsWidget)
class Texts(BaseDataConverter):
    """Keeps the texts of accounts that this person does not see."""

    def toWidgetValue(self, value: Any) -> dict[str, str]:
        return dict(value or {})

    def toFieldValue(self, value: Any) -> dict[str, str]:
        widget = self.widget
        before = {} if widget.new_type else getattr(widget.whole.context, self.field.__name__, None) or {}
        given = {uid: text.replace("\r\n", "\n").strip() for uid, text in value.items() if isinstance(text, str)}
        return {uid: text for uid, text in {**before, **given}.items() if text}


@implementer(IFieldWidget)
def AccountsFieldWidget(field: Any, request: Any) -> Any:
    return _unlabelled(FieldWidget(field, AccountsWidget(request)))


@implementer(IFieldWidget)
def TextsFieldWidget(field: Any, request: Any) -> Any:
    return _unlabelled(FieldWidget(field, TextsWidget(request)))


def _unlabelled(widget: Any) -> Any:
    """A label can name one control only, and these are groups that name and explain themselves."""
    widget.label = widget.description = ""
    return widget
