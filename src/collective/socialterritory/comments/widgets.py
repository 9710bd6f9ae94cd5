"""The field with which contributors open and close comments, in words that say what comes of each choice."""

from collections.abc import Iterator
from collective.socialterritory import _
from collective.socialterritory import clock
from collective.socialterritory.comments.opening import inherited
from collective.socialterritory.comments.rules.opening import Opening
from collective.socialterritory.comments.settings import active
from collective.socialterritory.forms import InForm
from collective.socialterritory.interfaces import IBrowserLayer
from collective.socialterritory.local import written
from functools import cached_property
from plone.app.discussion.behavior import IAllowDiscussion
from plone.app.z3cform.widgets.select import SelectWidget
from Products.CMFCore.interfaces import IFolderish
from typing import Any
from z3c.form.browser.select import ChoiceWidgetDispatcher
from z3c.form.interfaces import IFieldWidget
from z3c.form.util import getSpecification
from z3c.form.widget import FieldWidget
from zope.component import adapter
from zope.i18n import translate
from zope.interface import implementer


class OpeningWidget(InForm, SelectWidget):
    """Of a page's own word: none, open or closed."""

    @cached_property
    def found(self) -> Opening:
        """What holds where the page says nothing itself."""
        return inherited(self.whole.context, self.new_type, clock.now())

    @property
    def items(self) -> Any:
        known = super().items
        words = self._words()
        return [{**item, "content": translate(next(words), context=self.request)} for item in known]

    def _words(self) -> Iterator[Any]:
        """In the order of the choices."""
        days = {"when": self.found.until and written(self.found.until)}
        if self.found.until and self.found.open:
            yield _("As the section says: open until ${when}", mapping=days)
        elif self.found.until:
            yield _("As the section says: closed since ${when}", mapping=days)
        else:
            yield _("As the section says: open") if self.found.open else _("As the section says: closed")
        yield _("Open, without an end")
        yield _("Closed: what was said stays")

    @property
    def description(self) -> Any:
        if not self.new_type and IFolderish.providedBy(self.whole.context):
            return _("For this page, and for what lies in it and says nothing itself.")
        return ""


@implementer(IFieldWidget)
@adapter(getSpecification(IAllowDiscussion["allow_discussion"]), IBrowserLayer)
def OpeningFieldWidget(field: Any, request: Any) -> Any:
    if not active():
        return ChoiceWidgetDispatcher(field, request)
    widget = FieldWidget(field, OpeningWidget(request))
    widget.label = _("Comments")
    return widget
