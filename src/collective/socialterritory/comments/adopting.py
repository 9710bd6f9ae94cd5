"""The page that asks before comments are changed on a site that had them, and the way back."""

from collective.socialterritory import _
from collective.socialterritory.accounts.views import Page
from collective.socialterritory.comments import installing
from collective.socialterritory.comments.checklist import PANEL
from collective.socialterritory.comments.settings import active
from collective.socialterritory.comments.store import again
from collective.socialterritory.interfaces import INamedPage
from functools import cached_property
from typing import Any
from zope.i18nmessageid import Message
from zope.interface import implementer


OPTIONS = {
    "moderation_enabled": _("Plone's setting “Enable comment moderation” is switched on."),
    "moderator_notification_enabled": _("Plone's own mail to one moderator is switched off: ours go to all of them."),
    "user_notification_enabled": _(
        "Plone's own mails about new comments are switched off: they tell texts that nobody approved. People can ask "
        "for mails about answers instead."
    ),
}


@implementer(INamedPage)
class Adopt(Page):
    """GET says what would change and changes nothing; POST does it."""

    @property
    def page_title(self) -> Message:
        return _("Give comments back to Plone") if self.active else _("Let this add-on look after comments")

    @cached_property
    def active(self) -> bool:
        return active()

    @cached_property
    def plan(self) -> installing.Plan:
        return installing.plan(self.context)

    @cached_property
    def hidden(self) -> int:
        """Comments that visitors do not see now, which giving them back may take out."""
        return sum(1 for comment in installing.comments() if not installing.visible(comment))

    @property
    def changes(self) -> list[Message]:
        plan = self.plan
        names = {"former": ", ".join(plan.workflows) or "–", "shown": plan.shown, "hidden": plan.hidden}
        workflow = _("Comments get the review workflow of Plone, in place of: ${former}.", mapping=names)
        found = [
            *([] if plan.reviewed else [workflow]),
            _("Comments that readers see today and go on seeing: ${shown}.", mapping=names),
            _("Comments that they do not see, which moderators find on their page: ${hidden}.", mapping=names),
            _("New comments of visitors wait until a moderator approves them."),
            _("The role Social Moderator may approve, change and delete comments; you give it in Sharing."),
        ]
        return found + [OPTIONS[name] for name in (*plan.switches, *plan.mails)]

    @property
    def kept(self) -> list[Message]:
        return [
            _("Which types and pages take comments, and whether visitors without an account may write."),
            _("Texts, names and dates of all comments."),
        ]

    @property
    def back(self) -> str:
        return f"{self.context.absolute_url()}/{PANEL}"

    def post(self) -> Any:
        if self.given("do") == "adopt" and not self.active:
            installing.adopt(self.context)
            return self.leave(_("Comments are moderated from now on."))
        if self.given("do") == "release" and self.active:
            installing.leave(self.context)
            again(self.context)
            return self.leave(_("Comments are Plone's again, as they were."))
        return self.leave(_("Nothing was changed: it was done already."), "warning")
