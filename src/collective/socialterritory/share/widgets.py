"""The last of the "Sharing" fields, with the cards that come of all of them."""

from collective.socialterritory.forms import InForm
from collective.socialterritory.interfaces import BUNDLE
from collective.socialterritory.share.card import Cards
from plone.app.z3cform.widgets.text import TextWidget
from plone.protect import createToken
from Products.CMFPlone.resources import add_bundle_on_request
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from typing import Any
from z3c.form.interfaces import IFieldWidget
from z3c.form.interfaces import INPUT_MODE
from z3c.form.widget import FieldWidget
from zope.interface import implementer


class CardsWidget(InForm, TextWidget):
    below = ViewPageTemplateFile("templates/live.pt")

    def update(self) -> None:
        add_bundle_on_request(self.request, BUNDLE)
        super().update()

    def render(self) -> str:
        return super().render() + (self.below() if self.mode == INPUT_MODE else "")

    def cards(self) -> str:
        """Of what is stored: what is typed follows by script."""
        return Cards(self.whole.context, self.request, {}, bool(self.new_type)).html()

    @property
    def here(self) -> str:
        return self.whole.context.absolute_url()

    def token(self) -> str:
        return createToken()


@implementer(IFieldWidget)
def CardsFieldWidget(field: Any, request: Any) -> Any:
    widget = FieldWidget(field, CardsWidget(request))
    widget.description = ""  # Plone would write it below the cards
    return widget
