"""The last of the "Sharing" fields, with the cards that come of all of them."""

from collective.socialterritory.interfaces import BUNDLE
from collective.socialterritory.share.card import Cards
from plone.app.z3cform.widgets.text import TextWidget
from plone.protect import createToken
from Products.CMFPlone.resources import add_bundle_on_request
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from typing import Any
from z3c.form.interfaces import IAddForm
from z3c.form.interfaces import IFieldWidget
from z3c.form.interfaces import INPUT_MODE
from z3c.form.widget import FieldWidget
from zope.interface import implementer


class CardsWidget(TextWidget):
    below = ViewPageTemplateFile("templates/live.pt")

    def update(self) -> None:
        add_bundle_on_request(self.request, BUNDLE)
        super().update()

    def render(self) -> str:
        return super().render() + (self.below() if self.mode == INPUT_MODE else "")

    @property
    def _form(self) -> Any:
        """The whole form: the widget sits in a group."""
        form = self.form
        while getattr(form, "parentForm", None) is not None:
            form = form.parentForm
        return form

    @property
    def new_type(self) -> str:
        """The portal type of what is being added; "" while an item is edited."""
        return self._form.portal_type if IAddForm.providedBy(self._form) else ""

    def cards(self) -> str:
        """Of what is stored: what is typed follows by script."""
        return Cards(self._form.context, self.request, {}, bool(self.new_type)).html()

    @property
    def here(self) -> str:
        return self._form.context.absolute_url()

    def token(self) -> str:
        return createToken()


@implementer(IFieldWidget)
def CardsFieldWidget(field: Any, request: Any) -> Any:
    widget = FieldWidget(field, CardsWidget(request))
    widget.description = ""  # Plone would write it below the cards
    return widget
