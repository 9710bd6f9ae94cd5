"""How credentials are encrypted: with keys of the environment, bound to what they are for."""

from collections.abc import Mapping
from collections.abc import Sequence
from collective.socialterritory.errors import ConfigurationError
from cryptography.fernet import Fernet
from cryptography.fernet import InvalidToken
from cryptography.fernet import MultiFernet

import json
import os
import re
import secrets


class Keys:
    """The first key encrypts, all decrypt. Its repr tells their names only."""

    def __init__(self, named: Mapping[str, str]) -> None:
        self.names = tuple(named)
        self._fernet = MultiFernet([Fernet(key) for key in named.values()])

    def __repr__(self) -> str:
        return f"Keys({', '.join(self.names)})"

    def seal(self, context: Sequence[str], values: Mapping[str, str]) -> bytes:
        """`context` says whose secrets these are and for what; unseal refuses another."""
        return self._fernet.encrypt(json.dumps([list(context), dict(values)]).encode())

    def unseal(self, context: Sequence[str], sealed: bytes) -> dict[str, str]:
        """Raises ConfigurationError("unreadable_credentials") for another key or another context."""
        try:
            sealed_for, values = json.loads(self._fernet.decrypt(sealed))
        except InvalidToken:
            raise ConfigurationError("unreadable_credentials") from None
        if sealed_for != list(context):
            raise ConfigurationError("unreadable_credentials")
        return {str(name): str(value) for name, value in values.items()}

    def rotate(self, sealed: bytes) -> bytes:
        """The same under the first key. Raises ConfigurationError("unreadable_credentials")."""
        try:
            return self._fernet.rotate(sealed)
        except InvalidToken:
            raise ConfigurationError("unreadable_credentials") from None


def parse(setting: str) -> Keys:
    """From "name2:key2,name1:key1". Raises ConfigurationError("no_key" or "bad_key"), without quoting it."""
    entries = [entry.partition(":") for entry in re.split(r"[\s,]+", setting) if entry]
    if not entries:
        raise ConfigurationError("no_key")
    try:
        return Keys({name: key for name, _, key in entries})
    except ValueError:
        raise ConfigurationError("bad_key") from None


def new_key() -> str:
    """One entry of the setting, with a name that says nothing."""
    return f"k{secrets.token_hex(3)}:{Fernet.generate_key().decode()}"


def write(path: str, setting: str) -> None:
    """A new file that only its owner can read. Raises FileExistsError rather than losing a key."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(f"{setting}\n")
