"""Text that files, mails and networks can take."""

from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote

import json
import re
import regex
import unicodedata


_LONGEST = 50_000
# The standard parser takes hours over thousands of tags without an end, and gives up at sections that it does not know.
_ENDLESS = re.compile(r"<(?:(?![^<>]*>)|(?=!\[))")
_BREAKS = frozenset({"p", "br", "div", "li", "title", "h1"})
_PARAGRAPHS = frozenset({"p", "div", "blockquote", "ul", "ol", "pre", "table", "h1", "h2", "h3", "h4", "h5", "h6"})
_LINES = frozenset({"br", "hr", "li", "tr"})
_WEB = re.compile(r"https?://[^/\s]", re.IGNORECASE)
_BEGINNING = re.compile(r"^(?:https?://)?(?:www\.)?")
_UNREAD = frozenset({"script", "style"})
# Controls, lone surrogates, bidi controls and invisible marks that could hide or turn round what a validator reads;
# X refuses texts with U+FFFE or U+FFFF.
_UNSEEN = regex.compile(r"[\p{Cc}\p{Cs}\p{Bidi_Control}\uFEFF\uFFF9-\uFFFB\uFFFE\uFFFF--[\n]]", regex.VERSION1)
# To put thousands of accents of one letter in order takes seconds; more of them say nothing (UAX 15, stream-safe text).
_ACCENTS = regex.compile(r"(\p{M}{30})\p{M}++")
_COMPUTED = frozenset("=+-@\uff1d\uff0b\uff0d\uff20")
_LINE_ENDS = regex.compile(r"\r\n?|[\u0085\u2028\u2029]")


def whole(text: str) -> str:
    """`text` with "?" for halves of surrogate pairs, which JSON and forms let in and UTF-8 has no bytes for."""
    return text.encode("utf-8", "replace").decode("utf-8")


def plain(text: str) -> str:
    """NFC, line ends as \\n, tabs as spaces, nothing unseen: what is approved is what is read."""
    text = _LINE_ENDS.sub("\n", text).replace("\t", " ")
    return unicodedata.normalize("NFC", _ACCENTS.sub(r"\1", _UNSEEN.sub("", text)))


def one_line(text: str) -> str:
    """Plain and on one line; no-break spaces stay, French needs them."""
    return re.sub(r"[ \n]+", " ", plain(text)).strip()


def cell(text: str) -> str:
    """`text` for a spreadsheet, which computes what looks like a formula; an apostrophe before it makes it text."""
    control = unicodedata.category(text[:1] or "x").startswith("C")
    return f"'{text}" if control or text.lstrip()[:1] in _COMPUTED else text


def as_json(record: Any) -> bytes:
    """For people to read, in UTF-8. Halves of surrogate pairs are escaped, so that all reads back as it was."""
    return json.dumps(record, ensure_ascii=False, indent=1, default=str).encode("utf-8", "backslashreplace")


def shown(html: str) -> tuple[str, list[str]]:
    """The text of a piece of HTML, in one line, and where its links lead. What lies far behind is not read."""
    page = _Page()
    page.feed(_ENDLESS.sub("&lt;", html[:_LONGEST]))
    page.close()
    return " ".join("".join(page.text).split()), page.links


def paragraphs(html: str) -> tuple[str, list[str]]:
    """The text of a piece of HTML with its paragraphs, lines and links in full, and where its links lead.

    Names and hashtags that are links stay as they are read, and are not among the links. What lies far behind is not
    read.
    """
    page = _Paragraphs()
    page.feed(_ENDLESS.sub("&lt;", html[:_LONGEST]))
    page.close()
    page.end_link()
    text = re.sub(r" *\n *", "\n", re.sub(" +", " ", "".join(page.text)))
    return whole(re.sub(r"\n{3,}", "\n\n", text).strip("\n ")), page.links


def linked(words: str, url: str) -> str:
    """The words of a link, with where it leads in full: in place of a shortened form of it, else behind them."""
    there, said = (_BEGINNING.sub("", unquote(one.strip()).lower()) for one in (url, words))
    return url if there.startswith(said.rstrip(".…")) else f"{words} ({url})"


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.links: list[str] = []
        self._unseen = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BREAKS:
            self.text.append(" ")
        elif tag in _UNREAD:
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


class _Paragraphs(_Page):
    def __init__(self) -> None:
        super().__init__()
        self._url, self._begin = "", 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.end_link()
            url = (dict(attrs).get("href") or "").strip()
            self._url, self._begin = url if _WEB.match(url) else "", len(self.text)
        elif tag in _UNREAD:
            self._unseen = tag
        else:
            self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self.end_link()
        elif tag in _PARAGRAPHS:
            self._break(tag)
        self._unseen = ""

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.text.append(re.sub(r"[ \t\r\n\f]+", " ", data))

    def end_link(self) -> None:
        words = "".join(self.text[self._begin :]) if self._url else ""
        if self._url and not words.lstrip().startswith(("#", "@")):
            self.text[self._begin :] = [linked(words, self._url)]
            self.links.append(self._url)
        self._url = ""

    def _break(self, tag: str) -> None:
        self.text.append("\n\n" if tag in _PARAGRAPHS else "\n" if tag in _LINES else "")
