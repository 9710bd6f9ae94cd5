"""Plain text as HTML: paragraphs, line breaks, and links where there are addresses."""

from collective.socialterritory.text import spans
from html import escape

import re


def linked(text: str, rel: str = "nofollow") -> str:
    """Safe to show as it is, whatever `text` holds. `rel`: of its links."""
    return "".join(f"<p>{_lines(part, rel)}</p>" for part in re.split(r"\n\s*\n", text.strip()) if part)


def _lines(text: str, rel: str) -> str:
    out, end = [], 0
    for span in spans(text):
        said = text[span.start : span.end]
        if span.kind != "link" or not said.startswith(("http://", "https://")):
            continue
        out += [escape(text[end : span.start]), f'<a href="{escape(said)}" rel="{rel}">{escape(_short(said))}</a>']
        end = span.end
    return "".join([*out, escape(text[end:])]).replace("\n", "<br/>")


def _short(url: str) -> str:
    """As networks show it: without what all addresses begin with, and not over the whole line."""
    shown = re.sub(r"^https?://(www\.)?", "", url).rstrip("/")
    return shown if len(shown) <= 40 else f"{shown[:39]}…"
