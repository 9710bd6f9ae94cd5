"""How an account's message template reads: literal text and placeholders in braces; braces are text when doubled."""

from collective.socialterritory.accounts.model import PLACEHOLDERS
from collective.socialterritory.errors import ContentError
from string import Formatter


Line = tuple[tuple[str, str], ...]
"""Pairs (literal text, name of the placeholder after it or "")"""


def parse(template: str) -> tuple[Line, ...]:
    """Line by line. Raises ContentError: unknown_placeholder (name, as typed), open_brace, no_template."""
    if not template.strip():
        raise ContentError("no_template")
    return tuple(_line(line) for line in template.strip().split("\n"))


def _line(text: str) -> Line:
    parts = []
    try:
        for literal, name, spec, conversion in Formatter().parse(text):
            if name is not None and (name not in PLACEHOLDERS or spec or conversion):
                typed = name + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "")
                raise ContentError("unknown_placeholder", name=f"{{{typed}}}")
            parts.append((literal, name or ""))
    except ValueError as error:
        raise ContentError("open_brace") from error
    return tuple(parts)
