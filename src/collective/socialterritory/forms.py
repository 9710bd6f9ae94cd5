"""What our widgets know of the form they are in."""

from functools import cached_property
from typing import Any
from z3c.form.interfaces import IAddForm


class InForm:
    """A mixin."""

    form: Any

    @cached_property
    def whole(self) -> Any:
        """The whole form, where the widget sits in a group."""
        form = self.form
        while getattr(form, "parentForm", None) is not None:
            form = form.parentForm
        return form

    @property
    def new_type(self) -> str:
        """The portal type of what is being added; "" while an item is edited."""
        return self.whole.portal_type if IAddForm.providedBy(self.whole) else ""
