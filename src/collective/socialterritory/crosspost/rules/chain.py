"""How a text that is too long for one post goes on in answers to it, numbered, one below the other."""

from bisect import bisect_left
from collections.abc import Callable
from collections.abc import Iterable
from collective.socialterritory.crosspost.model import Delivery
from collective.socialterritory.crosspost.model import Operation
from collective.socialterritory.crosspost.model import State
from functools import partial

import re


MOST = 20
"""Posts of one thread; a longer text is cut as if no thread were wanted"""
FULL = 0.6
"""A post ends with a paragraph or a sentence that fills it to so much in characters, else with a word"""

# No-break spaces part nothing, so that no link, hashtag or French quotation mark is torn.
_WORD = re.compile(r"[ \t\n]+")
_GOOD = (re.compile(r"\n[ \t]*\n"), re.compile(r"(?<=[.!?…»])[ \t\n]+"))


def split(text: str, fits: Callable[[str], bool]) -> tuple[str, ...]:
    """The posts, each with its number, "(2/3)"; () where a word is too long for one, or there would be too many."""
    for most in (9, MOST):  # numbers of one digit leave more room
        parts = _parts(text.strip(), partial(_fits, fits, f" ({most}/{most})"), most)
        if parts and len(parts) <= most:
            return tuple(f"{part} ({number}/{len(parts)})" for number, part in enumerate(parts, 1))
    return ()


def _fits(fits: Callable[[str], bool], number: str, part: str) -> bool:
    return fits(f"{part}{number}")


def _parts(text: str, fits: Callable[[str], bool], most: int) -> list[str]:
    """One more than `most` at most; [] where a word is too long."""
    parts: list[str] = []
    while text and len(parts) <= most:
        end = _end(text, fits)
        if not end:
            return []
        parts.append(text[:end].strip())
        text = text[end:].strip()
    return parts


def _end(text: str, fits: Callable[[str], bool]) -> int:
    """Where the longest good beginning that fits ends; 0: nowhere."""
    stops = [*(found.start() for found in _WORD.finditer(text)), len(text)]
    known = bisect_left(stops, True, key=lambda stop: not fits(text[:stop]))
    room = stops[known - 1] if known else 0
    if room == len(text):
        return room
    for end in _GOOD:
        good = max((found.start() for found in end.finditer(text, 0, room + 1)), default=0)
        if good >= room * FULL:
            return good
    return room


def telling(deliveries: Iterable[Delivery]) -> list[Delivery]:
    """Without the further posts of threads, and what took them away, where all went well: the first one tells of it."""
    known = list(deliveries)
    below = {delivery.id for delivery in known if delivery.operation is Operation.CONTINUE}
    return [one for one in known if one.state is not State.DELIVERED or below.isdisjoint((one.id, one.target))]


def edition(root: Delivery, number: int) -> int:
    """Of the delivery of post `number`, 2 the second, of the thread that `root` begins: the same whoever asks."""
    return root.edition * 100 + number


def next_number(delivery: Delivery, root: Delivery) -> int:
    """Of the post that follows `delivery`, which is `root` or one below it; 0 after the last."""
    number = 1 if delivery.operation is Operation.POST else delivery.edition % 100
    return number + 1 if number < len(root.rendition.parts) else 0
