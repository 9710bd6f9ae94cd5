"""What a tab, and the desk for news that is gone, offers below a post that is out: to correct it, to take it away."""

from collective.socialterritory import _
from collective.socialterritory import diff
from collective.socialterritory.crosspost.correcting import Outdated
from collective.socialterritory.crosspost.rules import correction
from collective.socialterritory.crosspost.rules.correction import Standing
from plone import api
from Products.Five.browser import BrowserView
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from typing import Any
from zope.i18n import translate


WAYS = {
    "edit": (_("Correct it in place"), _("Readers see the new text; the network may say that it was changed.")),
    "replace": (_("Delete it and post again"), _("Likes, shares and answers to the former post are lost.")),
    "reply": (_("Answer it with a correction"), _("The former post stays, with your correction below it.")),
    "by_hand": (
        _("Correct it by hand"),
        _("You change it at the network and confirm it here."),
    ),
}
"""Words on the button, and what it means."""
ASKED = {
    "edit": _("The correction is planned."),
    "replace": _("The new post is planned; the former one is taken away just before."),
    "reply": _("The answer is planned."),
    "by_hand": _("The correction is planned. Once it may be made, you are told what to do."),
    "withdraw": _("The withdrawal is planned."),
    "again": _("The post is planned."),
    "address": _("The address is noted."),
}
"""What is said afterwards."""
PARTS = {"picture": _("The image is another one."), "link": _("The link or its card is another one.")}


class Follow(BrowserView):
    """`page`: a deciding.Deciding page. `gone`: the post was taken away, and may be posted again."""

    html = ViewPageTemplateFile("templates/follow.pt")

    def __init__(self, page: Any, standing: Standing, outdated: Outdated | None, gone: bool = False) -> None:
        super().__init__(page.context, page.request)
        self.page = page
        self.gone = gone
        self.delivery = standing.delivery
        self.standing = standing
        self.outdated = outdated
        self.dom = f"follow-{self.delivery.id.replace('.', '-')}"
        mine = page.typed.get("id") == self.delivery.id and page.typed.get("name") in ASKED
        self.typed = page.typed if mine else {}

    @property
    def changes(self) -> tuple[tuple[str, str], ...]:
        return diff.words(self.standing.said.text, self.outdated.wanted.text) if self.outdated else ()

    @property
    def fingerprint(self) -> str:
        """Of what was seen: what the post would say."""
        return self.outdated.wanted.fingerprint if self.outdated else ""

    @property
    def others(self) -> list[Any]:
        """What changed beside the text."""
        changed = correction.parts(self.standing.said, self.outdated.wanted) if self.outdated else ()
        return [PARTS[part] for part in sorted(changed) if part in PARTS]

    @property
    def ways(self) -> list[dict[str, Any]]:
        names = self.outdated.ways if self.outdated else ()
        return [{"name": name, "word": WAYS[name][0], "means": WAYS[name][1]} for name in names]

    @property
    def answer(self) -> str:
        """What the form for an answer begins with, in the language of what people read."""
        item = self.page.item_facts
        language = item.language or api.portal.get_default_language()
        said = translate(_("Correction: ${title}", mapping={"title": item.title}), target_language=language)
        return self.typed.get("note", "").strip() or said
