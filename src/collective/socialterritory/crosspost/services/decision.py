"""One human transition, and why it is refused."""

from collective.socialterritory.crosspost import actions
from collective.socialterritory.crosspost.model import Delivery
from collective.socialterritory.crosspost.rules import states
from collective.socialterritory.crosspost.services import known
from collective.socialterritory.crosspost.services import shown
from collective.socialterritory.doors import BadInput
from collective.socialterritory.doors import Door
from collective.socialterritory.errors import IllegalTransition
from collective.socialterritory.errors import NotAllowed
from collective.socialterritory.errors import SocialError
from collective.socialterritory.errors import StaleFingerprint
from collective.socialterritory.local import full_name
from collective.socialterritory.messages import TRANSITIONS
from collective.socialterritory.plain import whole
from plone.restapi.deserializer import json_body
from plone.restapi.exceptions import DeserializationError
from typing import Any
from zExceptions import NotFound


STATUS = {"fingerprint_missing": 400, "reason_needed": 400, "permalink_form": 400, "already_endorsed": 409}
"""Where the class of the error does not tell"""


class DeliveriesPost(Door):
    """POST <site>/@social-deliveries/<id>/<transition>: the delivery after it.

    {"note", "fingerprint", "override", "permalink"}, all of them optional here.
    """

    segments = 2

    def answer(self) -> Any:
        self.protect()
        if len(self.path) < 2 or self.path[1] not in TRANSITIONS:
            raise NotFound("/".join(self.path))
        id, name = self.path
        site = self.context
        known(site, id)
        said = self.body()
        try:
            after = actions.decide(site, id, name, **said)
        except SocialError as error:
            return self.refused(error, known(site, id))
        return shown.delivery(site, after, self.request)

    def body(self) -> dict[str, str]:
        try:
            data = json_body(self.request)
        except DeserializationError:
            raise BadInput("The body must be a JSON object.") from None
        said = {name: data.get(name) or "" for name in ("note", "fingerprint", "override", "permalink")}
        for name, value in said.items():
            if not isinstance(value, str) or len(value) > actions.LONGEST or whole(value) != value:
                raise BadInput(f"{name} must be a text of {actions.LONGEST} whole characters at most.")
        return said

    def refused(self, error: SocialError, now: Delivery) -> dict[str, Any]:
        """Why not, and the delivery as it is now, so that a client need not ask again."""
        status = STATUS.get(error.code, 403 if isinstance(error, NotAllowed) else 409)
        params, more = dict(error.params), {}
        if isinstance(error, IllegalTransition):
            more = {"allowed": list(error.allowed)}
        elif isinstance(error, StaleFingerprint):
            more = {"fingerprint": now.fingerprint}
        elif error.code == "already_decided":
            more = {name: params[name] for name in ("by", "at", "decision")} | {"allowed": list(states.allowed(now))}
            params["by"] = full_name(params["by"])
        told = {**shown.problem(error.code, params, self.request), **more}
        return self.refuse(status, told, delivery=shown.delivery(self.context, now, self.request))
