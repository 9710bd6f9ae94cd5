"""The action "Post to social networks" of Plone's content rules: plans what the person who sets it off could plan."""

from Acquisition import aq_base
from Acquisition import aq_inner
from Acquisition import aq_parent
from collective.socialterritory import _
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.crosspost.planning import submit
from collective.socialterritory.crosspost.subscribers import concerns
from collective.socialterritory.crosspost.subscribers import pasted
from collective.socialterritory.public import is_public
from OFS.SimpleItem import SimpleItem
from plone import api
from plone.app.contentrules.actions import ActionAddForm
from plone.app.contentrules.actions import ActionEditForm
from plone.app.contentrules.browser.formhelper import ContentRuleFormWrapper
from plone.autoform import directives
from plone.contentrules.engine.interfaces import IRuleStorage
from plone.contentrules.rule.element import RuleAction
from plone.contentrules.rule.interfaces import IExecutable
from plone.contentrules.rule.interfaces import IRuleElementData
from plone.supermodel import model
from typing import Any
from z3c.form.browser.checkbox import CheckBoxFieldWidget
from zope import schema
from zope.component import adapter
from zope.component import queryUtility
from zope.globalrequest import getRequest
from zope.interface import implementer
from zope.interface import Interface
from zope.interface.interfaces import IObjectEvent


NAME = "collective.socialterritory.actions.Post"


class IPostAction(model.Schema):
    directives.widget(accounts=CheckBoxFieldWidget)
    accounts = schema.List(
        title=_("Accounts"),
        description=_("Nothing ticked: every account that speaks for this item."),
        value_type=schema.Choice(vocabulary="collective.socialterritory.accounts"),
        default=[],
        missing_value=[],
        required=False,
    )


@implementer(IPostAction, IRuleElementData)
class PostAction(SimpleItem):
    """Kept in rules by its class: `remove` takes it out of them when the add-on goes."""

    element = NAME
    accounts: Any = ()

    @property
    def summary(self) -> Any:
        if not self.accounts:
            return _("Posts on every account that speaks for the item")
        known = {account.uid: account.title for account in Accounts(api.portal.get()).all()}
        names = ", ".join(known.get(uid, "?") for uid in self.accounts)
        return _("Posts on: ${accounts}", mapping={"accounts": names})


@adapter(Interface, IPostAction, Interface)
@implementer(IExecutable)
class Post:
    """Asks in the name of who did what the rule waits for: it gives nobody a right, and decides nothing."""

    def __init__(self, context: Any, element: Any, event: Any) -> None:
        self.element = element
        self.obj = getattr(event, "object", None)

    def __call__(self) -> bool:
        if concerns(self.obj) and _there(self.obj) and not pasted(self.obj):
            self._plan()
        return True  # the rule's other actions do not depend on it

    def _plan(self) -> None:
        public = is_public(self.obj)
        chosen = frozenset(self.element.accounts) or None
        made = submit(self.obj, fresh=not public, accounts=chosen, on_request=True)
        if made:
            told = _("Planned on social networks: ${accounts}.")
            if not public:
                told = _("Planned on social networks, for when this is public: ${accounts}.")
            names = {"accounts": ", ".join(delivery.account_title for delivery in made)}
            api.portal.show_message(_(told, mapping=names, default=told.default), getRequest())


def _there(obj: Any) -> bool:
    """Rules also hear of what was removed, and of a copy before it has a place."""
    parent = aq_parent(aq_inner(obj))
    return parent is not None and aq_base(parent._getOb(obj.getId(), None)) is aq_base(obj)


class Action(RuleAction):
    """As Plone's pages list it. The ZCML directive would lose the domain of its translations."""

    title = _("Post to social networks")
    description = _("Plans a post of the item, with the validation that each account asks for")
    for_ = None
    event = IObjectEvent
    schema = IPostAction
    factory = PostAction
    addview = NAME
    editview = "edit"


class AddForm(ActionAddForm):
    schema = IPostAction
    label = Action.title
    description = _("What needs approval is approved as always; an item and an account have one post, whatever asks.")
    form_name = _("Accounts")
    Type = PostAction


class AddView(ContentRuleFormWrapper):
    form = AddForm


class EditForm(ActionEditForm):
    schema = IPostAction
    label = AddForm.label
    description = AddForm.description
    form_name = AddForm.form_name


class EditView(ContentRuleFormWrapper):
    form = EditForm


def remove() -> None:
    """From all rules of the site: without this package nothing could read them."""
    for rule in (queryUtility(IRuleStorage) or {}).values():
        rule.actions[:] = [action for action in rule.actions if getattr(action, "element", "") != NAME]
