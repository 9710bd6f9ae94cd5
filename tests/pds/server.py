"""A real Bluesky server (PDS) with its directory of identities (PLC), for tests and screenshots."""

from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from pds.install import installed
from typing import Any

import json
import os
import requests
import secrets
import select
import shutil
import subprocess
import tempfile


START_SECONDS = 60


@dataclass(frozen=True)
class PDSAccount:
    handle: str
    password: str = field(repr=False)
    """An app password"""
    did: str


class PDS:
    """`start()` it, `stop()` it; `account()` makes further accounts. Also a context manager.

    After start: `url`, `plc_url`, `handle`, `password` (an app password), `did` of a first account, and `environ`, what
    the add-on needs in its environment to reach it.
    """

    def __init__(self) -> None:
        self.url = self.plc_url = self.handle = self.password = self.did = ""
        self._process: subprocess.Popen[str] | None = None
        self._data: Path | None = None

    def start(self, name: str = "mairie") -> "PDS":
        node, folder = installed()
        self._data = Path(tempfile.mkdtemp(prefix="pds-"))
        script = Path(__file__).with_name("serve.js")
        with (self._data / "log").open("w") as log:
            self._process = subprocess.Popen(
                [node, str(script)],
                cwd=folder,
                env={**os.environ, "NODE_PATH": str(folder / "node_modules"), **_settings(self._data)},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        output = self._process.stdout
        ready = output and select.select([output], [], [], START_SECONDS)[0]
        line = output.readline() if output and ready else ""
        if not line:
            log_text = (self._data / "log").read_text()
            self.stop()
            raise RuntimeError(f"The Bluesky server did not start:\n{log_text[-4000:]}")
        told = json.loads(line)
        self.url, self.plc_url = told["url"], told["plc_url"]
        first = self.account(name)
        self.handle, self.password, self.did = first.handle, first.password, first.did
        return self

    def stop(self) -> None:
        if self._process:
            if self._process.stdin:
                self._process.stdin.close()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            if self._process.stdout:
                self._process.stdout.close()
            self._process = None
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
        return PDSAccount(handle, app["password"], made["did"])

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
