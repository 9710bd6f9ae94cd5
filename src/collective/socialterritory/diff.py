"""What changed between two texts, word by word."""

from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import takewhile

import re


MOST = 4000
"""Words and gaps compared at most; beyond, the comparison would take seconds and one whole replaces the other."""
STEPS = 3_000_000
"""The same of texts that say few words again and again, "a a a": each one is compared with all others"""


def words(old: str, new: str) -> tuple[tuple[str, str], ...]:
    """Pairs (same | removed | added, text). Without the added ones they spell `old`, without the removed ones `new`."""
    before, after = _tokens(old), _tokens(new)
    start = _alike(before, after)
    end = _alike(before[start:][::-1], after[start:][::-1])
    left, right = before[start : len(before) - end], after[start : len(after) - end]
    if len(left) + len(right) > MOST or _steps(left, right) > STEPS:
        return tuple(_changed(old, new))
    behind = "".join(before[len(before) - end :])
    return _joined([("same", "".join(before[:start])), *_compared(left, right), ("same", behind)])


def _compared(before: Sequence[str], after: Sequence[str]) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    # Gaps are junk: else every space between two changed words would count as something that stayed.
    for op, a, b, c, d in SequenceMatcher(str.isspace, before, after, autojunk=False).get_opcodes():
        if op == "equal":
            pairs.append(("same", "".join(before[a:b])))
        else:
            pairs.extend(_changed("".join(before[a:b]), "".join(after[c:d])))
    return pairs


def _steps(before: Sequence[str], after: Sequence[str]) -> int:
    """At most: for each word that stayed, all pairs of equal words are looked at."""
    here, there = (Counter(token for token in tokens if not token.isspace()) for tokens in (before, after))
    return min(here.total(), there.total()) * sum(count * there[token] for token, count in here.items())


def _alike(before: Sequence[str], after: Sequence[str]) -> int:
    """How many tokens both begin with."""
    return sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False)))


def _joined(pairs: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Without empty ones, and what stayed in one piece where two meet."""
    found: list[tuple[str, str]] = []
    for op, text in pairs:
        if found and op == found[-1][0] == "same":
            found[-1] = (op, found[-1][1] + text)
        elif text:
            found.append((op, text))
    return tuple(found)


def _changed(old: str, new: str) -> list[tuple[str, str]]:
    return [pair for pair in (("removed", old), ("added", new)) if pair[1]]


def _tokens(text: str) -> list[str]:
    return re.findall(r"\s+|\S+", text)
