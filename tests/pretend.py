"""A network that lives in memory, so that account tests need no server."""

from collective.socialterritory.errors import Transient
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.interfaces import INetwork
from collective.socialterritory.networks.model import Connection
from collective.socialterritory.networks.model import Field
from collective.socialterritory.networks.model import Identity
from collective.socialterritory.networks.model import Limits
from collective.socialterritory.networks.model import Network
from zope.interface import implementer


CANARY = "canary-5e1d0c7a"
"""Stands for every secret: no surface may show it."""


@implementer(INetwork)
class Pretend(Network):
    """Knows one password; its sessions are named s1, s2 and only the newest is good."""

    id = "pretend"
    title = "Pretend"
    limits = Limits(text=300, measure=len)
    fields = (Field("handle"), Field("app_password", secret=True))

    def __init__(self):
        self.session = 0
        self.down = False
        self.revoked = False
        self.handle = ""
        self.calls = []

    def connect(self, http, answers):
        self._call("connect")
        if answers["app_password"] != CANARY:
            raise Unauthorized("wrong_password")
        self.handle = answers["handle"]
        return Connection(self._identity(), {"password": CANARY, "session": self._new()})

    def whoami(self, http, credentials):
        self._call("whoami")
        if credentials["session"] != f"s{self.session}":
            raise Unauthorized("unauthorized")
        return self._identity()

    def refresh(self, http, credentials):
        self._call("refresh")
        if self.revoked:
            raise Unauthorized("unauthorized")
        return {**credentials, "session": self._new()}

    def _call(self, name):
        self.calls.append(name)
        if self.down:
            raise Transient("dns", host="pretend.example")

    def _new(self):
        self.session += 1
        return f"s{self.session}"

    def _identity(self):
        return Identity(f"id:{self.handle}", self.handle, f"https://pretend.example/{self.handle}")
