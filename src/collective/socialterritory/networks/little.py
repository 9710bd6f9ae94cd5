"""LinkedIn's little text format: how a text is written so that all of it is shown, and how it is read back.

https://learn.microsoft.com/linkedin/marketing/community-management/shares/little-text-format. LinkedIn refuses no text
for a reserved character without its backslash: it shows what stands before and drops the rest, and says that all is
well (https://github.com/n8n-io/n8n/issues/10179).
"""

from collective.socialterritory.text import spans

import re


_RESERVED = re.compile(r"[\\|{}@\[\]()<>#*_~]")
_WORDS = r"(?:\\.|[^\\|{}\[\]])*"
_ELEMENT = re.compile(
    rf"\{{hashtag\|\\?(?P<sign>[#＃])\|(?P<tag>{_WORDS})\}}"
    rf"|@\[(?P<name>{_WORDS})\] ?\(urn:[^()]*\)"
    r"|\\(?P<one>.)",
    re.DOTALL,
)


def escaped(text: str) -> str:
    """With a backslash before each reserved character. Hashtags stay hashtags."""
    said, position = "", 0
    for span in spans(text):
        if span.kind == "hashtag":
            said += _plain(text[position : span.start]) + _tag(text[span.start], span.value)
            position = span.end
    return said + _plain(text[position:])


def _tag(sign: str, word: str) -> str:
    """# and a word may stand there as they are; what has a reserved character, _ that is, or ＃ needs the template."""
    return f"#{word}" if sign == "#" and not _RESERVED.search(word) else f"{{hashtag|{_plain(sign)}|{_plain(word)}}}"


def _plain(text: str) -> str:
    return _RESERVED.sub(r"\\\g<0>", text)


def shown(little: str) -> str:
    """What people read: hashtags with #, mentions by name."""

    def read(match: re.Match[str]) -> str:
        if match["one"] is not None:
            return match["one"]
        if match["name"] is not None:
            return shown(match["name"])
        return match["sign"] + shown(match["tag"])

    return _ELEMENT.sub(read, little)


def characters(text: str) -> int:
    """Its length as it is sent, in UTF-16 code units. What LinkedIn counts is not documented: nothing counts more."""
    return len(escaped(text).encode("utf-16-le", "surrogatepass")) // 2
