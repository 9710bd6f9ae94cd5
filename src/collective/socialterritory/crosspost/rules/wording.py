"""How a template is filled, and how a subject and a date are written."""

from collections.abc import Mapping
from collections.abc import Sequence
from collective.socialterritory.accounts.template import Line
from collective.socialterritory.plain import plain

import re
import regex


_GLUED_BEFORE = regex.compile(r"[\w\p{M}@#/&]$")
_GLUED_AFTER = regex.compile(r"""(?![.,;:!?)\]»”"'’…]+(?:\s|$))\S""")
_WORDS = regex.compile(r"[\p{L}\p{M}\p{N}]+")


def fill(template: Sequence[Line], values: Mapping[str, str]) -> str:
    """The text. A line whose placeholders are all empty goes, with its words, and leaves one blank line at most."""
    lines = []
    for line in template:
        names = [name for _, name in line if name]
        if not names or any(values[name] for name in names):
            lines.append(re.sub(r" {2,}", " ", _joined(line, values)).strip(" "))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _joined(line: Line, values: Mapping[str, str]) -> str:
    """Links and hashtags keep clear of what stands next to them, or they would not be any."""
    text, apart = "", False
    for literal, name in line:
        for piece, whole in ((literal, False), (values.get(name, ""), name in ("link", "subjects"))):
            if piece:
                text += " " if (whole and _GLUED_BEFORE.search(text)) or (apart and _GLUED_AFTER.match(piece)) else ""
                text += piece
                apart = whole
    return text


def hashtags(subjects: Sequence[str]) -> tuple[str, ...]:
    """Fête de la musique -> #FêteDeLaMusique; what has no letter is no hashtag, and none comes twice."""
    tags: dict[str, str] = {}
    for subject in subjects:
        tag = "".join(word[0].upper() + word[1:] if word.islower() else word for word in _WORDS.findall(plain(subject)))
        if regex.search(r"\p{L}", tag):
            tags.setdefault(tag.casefold(), f"#{tag}")
    return tuple(tags.values())
