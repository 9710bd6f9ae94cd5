"""Every error, sorted by who must act.

::

    SocialError                 code + params; the sentence for people is in messages.py
    |-- NetworkError            what came of a call, the classes every network maps to
    |   |-- Transient           surely not published: DNS, refused, TLS, connect timeout -> we retry
    |   |   `-- RateLimited     429; `retry_after` in seconds when the network said so   -> we retry later
    |   |-- OutcomeUnknown      may be published: read timeout, reset, 5xx on a POST      -> we look, or a person does
    |   |-- Unauthorized        the credentials are not accepted                          -> refresh, or webmaster
    |   |-- Rejected            the network refuses this post for good                    -> an editor
    |   `-- Billing             the network wants money or a larger plan                  -> a webmaster
    |-- ContentError            ours, before anything is sent                             -> an editor
    |-- ConfigurationError      key, deployment, public address                           -> who runs the server
    `-- DecisionError           a person asked for something that is not possible now
        |-- IllegalTransition   `allowed` names what is
        |-- StaleFingerprint    what was seen is not what would be sent
        `-- NotAllowed          a rule forbids it to this person (own post, no reason given)
"""

from typing import Any


class SocialError(Exception):
    """`code` is stable and never shown; `params` fill the sentence that messages.py has for it.

    Neither may hold a secret: both are logged, stored with the post and shown to staff.
    """

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        return f"{self.code} {self.params}" if self.params else self.code


class NetworkError(SocialError):
    pass


class Transient(NetworkError):
    pass


class RateLimited(Transient):
    def __init__(self, code: str = "rate_limited", retry_after: float | None = None, **params: Any) -> None:
        super().__init__(code, **params)
        self.retry_after = retry_after


class OutcomeUnknown(NetworkError):
    pass


class Unauthorized(NetworkError):
    pass


class Rejected(NetworkError):
    pass


class Billing(NetworkError):
    pass


class ContentError(SocialError):
    pass


class ConfigurationError(SocialError):
    pass


class DecisionError(SocialError):
    pass


class IllegalTransition(DecisionError):
    def __init__(self, transition: str, state: str, allowed: tuple[str, ...], **params: Any) -> None:
        super().__init__("illegal_transition", transition=transition, state=state, **params)
        self.allowed = allowed


class StaleFingerprint(DecisionError):
    pass


class NotAllowed(DecisionError):
    pass
