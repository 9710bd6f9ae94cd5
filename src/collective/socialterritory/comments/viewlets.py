"""What stands on the page: how many comments there are, near its title, and the comments below it."""

from collective.socialterritory import _
from collective.socialterritory.comments.settings import active
from collective.socialterritory.comments.showing import Thread
from collective.socialterritory.icons import icon
from functools import cached_property
from plone.app.discussion.browser.comments import CommentsViewlet
from plone.app.layout.viewlets.common import ViewletBase
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from typing import Any
from zope.annotation.interfaces import IAnnotations


KEY = "collective.socialterritory.comments.thread"


def thread(item: Any, request: Any) -> Thread:
    """One for all that is drawn in a request."""
    known = IAnnotations(request)
    if KEY not in known:
        known[KEY] = Thread(item, request, number(request, "comments") or 1, number(request, "comment"))
    return known[KEY]


def number(request: Any, name: str) -> int:
    """Of the address; 0 for what is none."""
    said = str(request.form.get(name) or "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 20 else 0


class Count(ViewletBase):
    """`6 comments`, which leads to them; nothing where there are none and nobody can comment."""

    def render(self) -> str:
        if not active():
            return ""
        shown = thread(self.context, self.request)
        if not shown.total and not shown.opening.open:
            return ""
        drawn = icon(self.context, self.request, "chat-left-text")
        return f'<p class="social-comments-count"><a href="#social-comments">{drawn}{shown.counted}</a></p>'


class Below(CommentsViewlet):
    """In place of plone.app.discussion's own, which stays where comments are not ours to look after."""

    ours = ViewPageTemplateFile("templates/comments.pt")

    def update(self) -> None:
        ViewletBase.update(self) if active() else super().update()

    def render(self) -> Any:
        if not active():
            return super().render()
        shown = self.thread
        return self.ours() if shown.total or shown.opening.open or shown.mine or shown.waiting else ""

    @cached_property
    def thread(self) -> Thread:
        return thread(self.context, self.request)

    def icon(self, name: str) -> str:
        return icon(self.context, self.request, name)

    @property
    def pages(self) -> list[dict[str, Any]]:
        """The numbers to choose from: the first, the last, and those around this one; "" for those left out."""
        shown = self.thread
        near = {1, shown.pages, *range(shown.number - 1, shown.number + 2)}
        said, before = [], 0
        for page in sorted(one for one in near if 1 <= one <= shown.pages):
            if page > before + 1:
                said.append({"number": "", "url": "", "here": False})
            said.append({"number": page, "url": shown.page(page), "here": page == shown.number})
            before = page
        return said

    @property
    def around(self) -> list[dict[str, Any]]:
        """The page before and the one behind."""
        shown = self.thread
        known = [("prev", shown.number - 1, _("Earlier comments")), ("next", shown.number + 1, _("Later comments"))]
        return [
            {"rel": rel, "url": shown.page(page), "title": title}
            for rel, page, title in known
            if 1 <= page <= shown.pages
        ]
