"""A running Mastodon mock server, which is stopped in any case.

It is lax: junk media and unknown media ids pass, PKCE and scopes are not checked. What it adds to the scripted server
is that somebody else wrote it, after the reference.
"""

from dataclasses import dataclass
from dataclasses import field
from mastodon.install import installed
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl
from urllib.parse import urlsplit

import os
import requests
import secrets
import shutil
import socket
import subprocess
import tempfile
import time


START_SECONDS = 60


@dataclass
class MockPerson:
    url: str
    name: str
    token: str = field(repr=False)

    def say(self, text: str, to: str = "", visibility: str = "public") -> str:
        """Posts, in answer to `to`; the id."""
        said = {"status": text, "visibility": visibility} | ({"in_reply_to_id": to} if to else {})
        return str(self._call("POST", "/api/v1/statuses", said)["id"])

    def edit(self, id: str, text: str) -> None:
        self._call("PUT", f"/api/v1/statuses/{id}", {"status": text})

    def delete(self, id: str) -> None:
        self._call("DELETE", f"/api/v1/statuses/{id}")

    def _call(self, verb: str, path: str, said: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"}
        answer = requests.request(verb, f"{self.url}{path}", json=said, headers=headers, timeout=20)
        answer.raise_for_status()
        return answer.json()


class MastodonMock:
    """`start()` it, `stop()` it; also a context manager. Its account is @testuser."""

    username = "testuser"

    def __init__(self) -> None:
        self.url = self.host = ""
        self._process: subprocess.Popen[bytes] | None = None
        self._data: Path | None = None

    def start(self) -> "MastodonMock":
        command = installed()
        self._data = Path(tempfile.mkdtemp(prefix="mastodon-"))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = str(free.getsockname()[1])
        self.host, self.url = f"127.0.0.1:{port}", f"http://127.0.0.1:{port}"
        environ = {name: value for name, value in os.environ.items() if name not in ("HOST", "PORT")}
        serve = ["serve", "--in-memory", "--host", "127.0.0.1", "--port", port, "--domain", self.host]
        with (self._data / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [str(command), *serve],
                cwd=self._data,
                env={**environ, "TMPDIR": str(self._data)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise
        return self

    def _wait(self) -> None:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and self._process and self._process.poll() is None:
            try:
                if requests.get(f"{self.url}/api/v1/instance", timeout=2).ok:
                    return
            except requests.RequestException:
                time.sleep(0.1)
        log = (self._data / "log").read_text() if self._data else ""
        raise RuntimeError(f"The Mastodon mock server did not start:\n{log[-4000:]}")

    def stop(self) -> None:
        if self._process:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
        if self._data:
            shutil.rmtree(self._data, ignore_errors=True)
            self._data = None

    __enter__ = start

    def __exit__(self, *exc_info: object) -> None:
        self.stop()

    @property
    def environ(self) -> dict[str, str]:
        return {"SOCIALTERRITORY_ALLOW": self.host}

    def consent(self, address: str) -> str:
        """What a person's browser does on the page. Returns the address that one is sent to."""
        requests.get(address, timeout=20).raise_for_status()
        asked = dict(parse_qsl(urlsplit(address).query))
        form = {name: asked[name] for name in ("redirect_uri", "client_id", "scope", "state")}
        sent = {**form, "username": self.username}
        answer = requests.post(f"{self.url}/oauth/authorize", data=sent, allow_redirects=False, timeout=20)
        assert answer.status_code == 302, answer.text
        return str(answer.headers["location"])

    def person(self, name: str) -> "MockPerson":
        """Somebody else, with an account of their own."""
        form = {"username": name, "email": f"{name}@example.org", "password": secrets.token_hex(8), "agreement": "true"}
        answer = requests.post(f"{self.url}/api/v1/accounts", data=form, timeout=20)
        answer.raise_for_status()
        return MockPerson(self.url, name, answer.json()["access_token"])

    def fault(self, method: str, path: str, **effect: Any) -> None:
        """The next such request fails so, once."""
        rule = {"match": {"methods": [method], "path": path}, "effect": effect, "count": 1}
        answer = requests.post(f"{self.url}/api/v1/_mock/faults", json=rule, timeout=20)
        answer.raise_for_status()
        kept = answer.json()
        assert (kept["match"]["methods"], kept["match"]["path"]) == ([method], path), kept
        assert (kept["effect"]["type"], kept["remaining"]) == (effect["type"], 1), kept

    def calm(self) -> None:
        requests.delete(f"{self.url}/api/v1/_mock/faults", timeout=20).raise_for_status()

    def statuses(self, token: str, account: str) -> list[dict[str, Any]]:
        """Newest first."""
        headers = {"Authorization": f"Bearer {token}"}
        address = f"{self.url}/api/v1/accounts/{account}/statuses?limit=40"
        answer = requests.get(address, headers=headers, timeout=20)
        answer.raise_for_status()
        return list(answer.json())
