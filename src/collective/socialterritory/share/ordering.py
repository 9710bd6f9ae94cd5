"""The field in which a webmaster puts share links in order."""

from collective.socialterritory.assets import asset
from plone.app.z3cform.widgets.select import AjaxSelectWidget
from z3c.form.interfaces import IFieldWidget
from z3c.form.widget import FieldWidget
from zope.i18n import translate
from zope.interface import implementer


class Ordered(AjaxSelectWidget):
    """A text field of ids in order, which Plone's script makes a list to choose from and to drag.

    A select element would forget the order: a browser sends what is chosen in the order of its options.
    """

    def render(self):
        return f'{super().render()}<script defer="defer" src="{asset("ordering.js")}"></script>'

    def get_pattern_options(self):
        titles = {term.token: translate(term.title, context=self.request) for term in self.get_vocabulary()}
        chosen = self.value.split(self.separator) if self.value else []
        return {
            "data": [{"id": id, "text": title} for id, title in titles.items()],
            "initialValues": {id: titles.get(id, id) for id in chosen},
            "multiple": True,
            "orderable": True,
            "separator": self.separator,
        }


@implementer(IFieldWidget)
def OrderedFieldWidget(field, request):
    return FieldWidget(field, Ordered(request))
