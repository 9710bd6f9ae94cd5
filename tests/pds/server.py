"""A real Bluesky server (PDS) with its directory of identities (PLC), for tests and screenshots."""

from dataclasses import dataclass
from dataclasses import field
from node import Packages
from node import Program
from pathlib import Path
from typing import Any

import requests
import secrets
import shutil
import tempfile


PACKAGES = Packages(
    "pds",
    {"@atproto/pds": "0.4.217", "@did-plc/server": "0.0.1"},
    compiled="better-sqlite3",
    proof="new (require('better-sqlite3'))(':memory:')",
)
"""Installing takes 100 s"""


@dataclass(frozen=True)
class PDSAccount:
    handle: str
    password: str = field(repr=False)
    """An app password"""
    did: str
    owner: str = field(repr=False)
    """The password of the account itself"""


class PDS:
    """`start()` it, `stop()` it; `account()` makes further accounts. Also a context manager.

    After start: `url`, `plc_url`, `handle`, `password` (an app password), `did` of a first account, and `environ`, what
    the add-on needs in its environment to reach it.
    """

    def __init__(self) -> None:
        self.url = self.plc_url = self.handle = self.password = self.did = ""
        self._program: Program | None = None
        self._data: Path | None = None

    def start(self, name: str = "mairie") -> "PDS":
        self._data = Path(tempfile.mkdtemp(prefix="pds-"))
        try:
            self._program = Program(Path(__file__).with_name("serve.js"), PACKAGES, _settings(self._data))
            self.url, self.plc_url = self._program.told["url"], self._program.told["plc_url"]
            first = self.account(name)
        except BaseException:
            self.stop()
            raise
        self.handle, self.password, self.did = first.handle, first.password, first.did
        return self

    def stop(self) -> None:
        if self._program:
            self._program.stop()
            self._program = None
        if self._data:
            shutil.rmtree(self._data, ignore_errors=True)
            self._data = None

    __enter__ = start

    def __exit__(self, *exc_info: object) -> None:
        self.stop()

    @property
    def environ(self) -> dict[str, str]:
        hosts = [url.removeprefix("http://") for url in (self.url, self.plc_url)]
        return {
            "SOCIALTERRITORY_ALLOW": ",".join(hosts),
            "SOCIALTERRITORY_PLC": self.plc_url,
            "SOCIALTERRITORY_RESOLVER": self.url,
        }

    def account(self, name: str) -> PDSAccount:
        """A new account <name>.test; `name` has 3 to 18 of a-z, 0-9 and -."""
        handle = f"{name}.test"
        login = {"email": f"{name}@example.org", "handle": handle, "password": secrets.token_urlsafe(16)}
        made = self.xrpc("com.atproto.server.createAccount", login)
        app = self.xrpc("com.atproto.server.createAppPassword", {"name": "site"}, made["accessJwt"])
        return PDSAccount(handle, app["password"], made["did"], login["password"])

    def records(self, did: str = "") -> list[dict[str, Any]]:
        """The posts of an account (the first one's by default), newest first: {"uri", "cid", "value"}."""
        query = {"repo": did or self.did, "collection": "app.bsky.feed.post", "limit": "100"}
        answer = requests.get(f"{self.url}/xrpc/com.atproto.repo.listRecords", params=query, timeout=20)
        answer.raise_for_status()
        return list(answer.json()["records"])

    def blob(self, cid: str, did: str = "") -> bytes:
        query = {"did": did or self.did, "cid": cid}
        answer = requests.get(f"{self.url}/xrpc/com.atproto.sync.getBlob", params=query, timeout=20)
        answer.raise_for_status()
        return answer.content

    def xrpc(self, method: str, body: dict[str, Any], token: str = "") -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = requests.post(f"{self.url}/xrpc/{method}", json=body, headers=headers, timeout=20)
        if not answer.ok:
            raise RuntimeError(f"{method}: {answer.status_code} {answer.text[:500]}")
        return dict(answer.json()) if answer.content else {}


def _settings(data: Path) -> dict[str, str]:
    return {
        "LOG_ENABLED": "false",
        "NODE_ENV": "production",
        "PDS_HOSTNAME": "localhost",
        "PDS_DATA_DIRECTORY": str(data),
        "PDS_BLOBSTORE_DISK_LOCATION": str(data / "blobs"),
        "PDS_BLOBSTORE_DISK_TMP_LOCATION": str(data / "blobs-tmp"),
        "PDS_JWT_SECRET": secrets.token_hex(16),
        "PDS_DPOP_SECRET": secrets.token_hex(32),
        "PDS_ADMIN_PASSWORD": secrets.token_hex(16),
        "PDS_PLC_ROTATION_KEY_K256_PRIVATE_KEY_HEX": secrets.token_hex(32),
        "PDS_INVITE_REQUIRED": "false",
        "PDS_DISABLE_SSRF_PROTECTION": "true",
        "PDS_DEV_MODE": "true",
    }
