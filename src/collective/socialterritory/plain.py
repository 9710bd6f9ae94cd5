"""Text that files, mails and networks can take."""

from html.parser import HTMLParser
from typing import Any

import json
import re


_LONGEST = 50_000
# The standard parser takes hours over thousands of tags without an end, and gives up at sections that it does not know.
_ENDLESS = re.compile(r"<(?:(?![^<>]*>)|(?=!\[))")
_BREAKS = frozenset({"p", "br", "div", "li", "title", "h1"})
_UNSEEN = frozenset({"script", "style"})


def whole(text: str) -> str:
    """`text` with "?" for halves of surrogate pairs, which JSON and forms let in and UTF-8 has no bytes for."""
    return text.encode("utf-8", "replace").decode("utf-8")


def as_json(record: Any) -> bytes:
    """For people to read, in UTF-8. Halves of surrogate pairs are escaped, so that all reads back as it was."""
    return json.dumps(record, ensure_ascii=False, indent=1, default=str).encode("utf-8", "backslashreplace")


def shown(html: str) -> tuple[str, list[str]]:
    """The text of a piece of HTML, in one line, and where its links lead. What lies far behind is not read."""
    page = _Page()
    page.feed(_ENDLESS.sub("&lt;", html[:_LONGEST]))
    page.close()
    return " ".join("".join(page.text).split()), page.links


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.links: list[str] = []
        self._unseen = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BREAKS:
            self.text.append(" ")
        elif tag in _UNSEEN:
            self._unseen = tag
        elif tag == "a":
            self.links += [value for name, value in attrs if name == "href" and value]

    def handle_endtag(self, tag: str) -> None:
        if tag in _BREAKS:
            self.text.append(" ")
        self._unseen = ""

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.text.append(data)
