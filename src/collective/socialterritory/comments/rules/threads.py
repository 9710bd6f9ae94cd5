"""In which order comments stand below a page, how far each is indented, and where one page of them ends."""

from bisect import bisect_right
from collections.abc import Callable
from collections.abc import Container
from collections.abc import Iterable
from collections.abc import Sequence
from typing import NamedTuple


class Row(NamedTuple):
    """A comment in its place. `parent`: id of what it answers, 0 for none; `level`: how far it is indented."""

    id: int
    parent: int
    level: int
    flat: bool
    """It stands level with what it answers: it is to be said in words what that is"""


Children = Callable[[int], Iterable[int]]
"""Ids of the answers to a comment; to 0, of what begins a conversation. In the order in which they were written."""


def ordered(children: Children, seen: Container[int], depth: int) -> list[Row]:
    """Conversations, oldest first, of what is `seen`: an answer below what is not stands nowhere.

    `depth`: levels of answers that are indented. What is deeper stands level with the last of them, as it was written.
    """
    rows: list[Row] = []
    waiting = _answers(children, seen, 0, 0)
    while waiting:
        row = waiting.pop()
        rows.append(row)
        if row.level < depth:
            waiting += _answers(children, seen, row.id, row.level + 1)
        else:
            rows += sorted(_flat(children, seen, row))
    return rows


def _answers(children: Children, seen: Container[int], parent: int, level: int) -> list[Row]:
    """The last first, to be taken from the end."""
    return [Row(id, parent, level, False) for id in children(parent) if id in seen][::-1]


def _flat(children: Children, seen: Container[int], row: Row) -> Iterable[Row]:
    waiting = [row]
    while waiting:
        above = waiting.pop()
        for answer in _answers(children, seen, above.id, row.level):
            found = answer._replace(flat=True)
            waiting.append(found)
            yield found


def starts(rows: Sequence[Row], size: int) -> list[int]:
    """Where each page begins. One has `size` comments or some more, so that a conversation stays whole.

    What would make it more than twice as many goes on on the next page.
    """
    begins = [0]
    for number, row in enumerate(rows):
        so_far = number - begins[-1]
        if so_far >= 2 * size or (so_far >= size and not row.level and not row.flat):
            begins.append(number)
    return begins


def page_of(rows: Sequence[Row], begins: Sequence[int], id: int) -> int:
    """The number, from 1 on, of the page that has this comment; 0 where there is none."""
    at = next((number for number, row in enumerate(rows) if row.id == id), None)
    return 0 if at is None else bisect_right(begins, at)


def page(rows: Sequence[Row], begins: Sequence[int], number: int) -> list[Row]:
    """The rows of a page. An answer whose comment stands on the page before says in words what it answers."""
    begin = begins[number - 1]
    end = begins[number] if number < len(begins) else len(rows)
    here: set[int] = {0}
    found = []
    for row in rows[begin:end]:
        found.append(row if row.parent in here else row._replace(flat=True))
        here.add(row.id)
    return found
