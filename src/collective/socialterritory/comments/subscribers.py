"""Hears what happens to comments, whichever door it came through, and keeps memory and catalogue true."""

from collective.socialterritory import clock
from collective.socialterritory.comments import deciding
from collective.socialterritory.comments import facts
from collective.socialterritory.comments import report_letters
from collective.socialterritory.comments import subscriptions
from collective.socialterritory.comments import visible
from collective.socialterritory.comments.catalogue import may_moderate
from collective.socialterritory.comments.hearing.forgetting import forget
from collective.socialterritory.comments.model import Action
from collective.socialterritory.comments.model import OUTCOMES
from collective.socialterritory.comments.model import State
from collective.socialterritory.comments.settings import active
from collective.socialterritory.comments.store import Comments
from collective.socialterritory.local import me
from plone import api
from plone.uuid.interfaces import IUUID
from Products.CMFCore.WorkflowCore import WorkflowException
from typing import Any


ACTIONS = {str(state): action for action, state in OUTCOMES.items()}


def added(comment: Any, event: Any) -> None:
    """After the workflow gave it its first state. What another add-on lets in at once waits, too."""
    if not active() or not visible.open_to_all(comment):
        return
    if may_moderate(comment):
        visible.update(comment)
        return
    try:
        deciding.move(comment, State.WAITING, clock.now(), "")
    except WorkflowException:
        # Somebody chose a workflow in which nothing can wait.
        deciding.hide(comment, True, clock.now(), "")


def moved(comment: Any, event: Any) -> None:
    """To another state. `deciding.move` says who and why; other doors do not, and are on record all the same."""
    if not active() or event.transition is None:
        return
    said = event.kwargs
    before, after = event.old_state.getId(), event.new_state.getId()
    now, by = said.get("at") or clock.now(), said.get("by", me())
    reason, known = said.get("reason", ""), facts.facts(comment)
    former = {"reason": known.reason, "words": known.words, "quiet": known.quiet}
    facts.keep(comment, reason=reason, words="", former=former)
    action = said.get("called") or ACTIONS.get(after, Action.RECALL)
    deciding.told(comment, action, now, by, before, after, reason, said.get("note", said.get("comment", "")))
    visible.update(comment)


def removed(comment: Any, event: Any) -> None:
    uid = IUUID(facts.page(comment), None) if active() else None
    if not uid:
        return
    site = api.portal.get()
    store = Comments(site)
    if store.shown(uid) is not None:
        store.show(uid, set(), {int(comment.id)})
    subscriptions.forget_comments(site, uid, [int(comment.id)])
    forget(comment)
    report_letters.gone(site, comment, clock.now())


def page_removed(item: Any, event: Any) -> None:
    """With its comments: what was decided about them stays in the log."""
    if active() and (uid := IUUID(item, None)):
        Comments(api.portal.get()).forget(uid)
        subscriptions.forget_page(api.portal.get(), uid)
