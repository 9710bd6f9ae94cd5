"""What changed between two texts, word by word."""

from difflib import SequenceMatcher

import re


MOST = 4000
"""Words and gaps compared at most; beyond, the comparison would take seconds and one whole replaces the other."""


def words(old: str, new: str) -> tuple[tuple[str, str], ...]:
    """Pairs (same | removed | added, text). Without the added ones they spell `old`, without the removed ones `new`."""
    before, after = _tokens(old), _tokens(new)
    if len(before) + len(after) > MOST:
        return _changed(old, new) if old != new else (("same", old),)
    pairs: list[tuple[str, str]] = []
    # Gaps are junk: else every space between two changed words would count as something that stayed.
    for op, a, b, c, d in SequenceMatcher(str.isspace, before, after, autojunk=False).get_opcodes():
        if op == "equal":
            pairs.append(("same", "".join(before[a:b])))
        else:
            pairs.extend(_changed("".join(before[a:b]), "".join(after[c:d])))
    return tuple(pairs)


def _changed(old: str, new: str) -> tuple[tuple[str, str], ...]:
    return tuple(pair for pair in (("removed", old), ("added", new)) if pair[1])


def _tokens(text: str) -> list[str]:
    return re.findall(r"\s+|\S+", text)
