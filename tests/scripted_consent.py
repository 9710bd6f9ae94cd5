"""What the scripted networks' consent has in common: a page that carries along what was asked, and the forms sent."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl
from urllib.parse import urljoin

import html
import re
import requests


BACK = "https://www.ville.example/@@social-linked"
"""Where this site takes people back"""


class Forms:
    """What of the methods is about forms."""

    headers: Any
    sent: bytes
    check: Any

    def form(self) -> dict[str, str]:
        kind = self.headers.get("content-type", "")
        self.check(kind.startswith("application/x-www-form-urlencoded"), "The form is not url-encoded")
        pairs = parse_qsl(self.sent.decode(), keep_blank_values=True, strict_parsing=True)
        self.check(len(dict(pairs)) == len(pairs), "A field stands twice")
        return dict(pairs)


def hidden(values: Mapping[str, str]) -> str:
    return "\n".join(
        f'<input type="hidden" name="{html.escape(name)}" value="{html.escape(value)}">'
        for name, value in values.items()
    )


def pressed(address: str, button: str) -> str:
    """What a person's browser does on the page, if it is shown one. Returns the address that one is sent to."""
    page = requests.get(address, timeout=10, allow_redirects=False)
    if page.status_code == 302:
        return page.headers["location"]
    assert page.status_code == 200, page.text
    fields = re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', page.text)
    sent = {html.unescape(name): html.unescape(value) for name, value in fields} | {"decision": button}
    answer = requests.post(urljoin(address, address.partition("?")[0]), sent, allow_redirects=False, timeout=10)
    assert answer.status_code == 302, answer.text
    return answer.headers["location"]
