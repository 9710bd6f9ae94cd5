"""What the scripted LinkedIn makes of a text in its "little" format, read letter by letter:
https://learn.microsoft.com/linkedin/marketing/community-management/shares/little-text-format
"""

import re
import unicodedata


RESERVED = set("\\|{}@[]()<>#*_~")
ESCAPED_SIGN = "\\#"
Parts = list[tuple[str, str]]
"""(text, hashtag or mention, what is shown of it)"""


def parse(little: str) -> Parts:
    """What stands before the first mistake: LinkedIn drops the rest and says nothing."""
    parts: Parts = []
    text, place = "", 0
    while place < len(little):
        char = little[place]
        if char == "\\" and little[place + 1 : place + 2] in RESERVED:
            text, place = text + little[place + 1], place + 2
        elif char not in RESERVED:
            text, place = text + char, place + 1
        elif found := _element(little[place:]):
            kind, shown, length = found
            parts += [("text", text), (kind, shown)]
            text, place = "", place + length
        else:
            break
    return [*parts, ("text", text)]


def _element(rest: str) -> tuple[str, str, int] | None:
    """Kind, what is shown, and how long it is written."""
    if rest.startswith("#"):
        word = rest[1:]
        length = next((n for n, char in enumerate(word) if unicodedata.category(char)[0] not in "LMN"), len(word))
        return ("hashtag", f"#{word[:length]}", length + 1) if length else None
    if found := re.match(r"\{hashtag\|\\?([#＃])\|((?:[^\\{}|]|\\.)+)\}", rest):
        return "hashtag", found[1] + re.sub(r"\\(.)", r"\1", found[2]), found.end()
    if found := re.match(r"@\[((?:[^\\\[\]]|\\.)+)\]\(urn:li:(?:person|organization):\w+\)", rest):
        return "mention", re.sub(r"\\(.)", r"\1", found[1]), found.end()
    return None


def shown(parts: Parts) -> str:
    return "".join(text for _kind, text in parts)


def written(parts: Parts) -> str:
    """As LinkedIn tells it to who reads the post."""
    said = ""
    for kind, text in parts:
        plain = "".join(f"\\{char}" if char in RESERVED else char for char in text)
        tag = (
            f"{{hashtag|\\#|{plain.removeprefix(ESCAPED_SIGN)}}}" if text[:1] == "#" else f"{{hashtag|＃|{plain[1:]}}}"
        )
        mention = f"@[{plain}](urn:li:organization:1)"
        said += {"text": plain, "hashtag": tag, "mention": mention}[kind]
    return said
