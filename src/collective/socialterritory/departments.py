"""Whom staff may forward to: departments of the body, each a line with a name and an address for mail."""

from collections.abc import Iterable
from collective.socialterritory.plain import one_line

import re


LONGEST = 200
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+", re.ASCII | re.IGNORECASE)
_BETWEEN = str.maketrans(dict.fromkeys(":<>", " "))


def department(line: str) -> tuple[str, str] | None:
    """(name, address) of "Roads: roads@town.example" or "Roads <roads@town.example>"; None for what is neither."""
    *name, address = one_line(line).translate(_BETWEEN).split() or [""]
    good = name and len(line) <= LONGEST and _ADDRESS.fullmatch(address)
    return (" ".join(name), address) if good else None


def departments(lines: Iterable[str]) -> dict[str, str]:
    """Addresses by name, in the order of the lines."""
    return dict(filter(None, map(department, lines)))
