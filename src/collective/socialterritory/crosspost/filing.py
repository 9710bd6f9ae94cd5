"""The register as files to take away, written to disk row by row: what is asked for may be everything."""

from collections.abc import Iterable
from collections.abc import Iterator
from collective.socialterritory import _
from collective.socialterritory import clock
from collective.socialterritory.crosspost.entries import Entries
from collective.socialterritory.crosspost.rules.register import Search
from collective.socialterritory.local import time_zone
from collective.socialterritory.plain import cell
from datetime import datetime
from io import TextIOWrapper
from tempfile import TemporaryFile
from typing import Any
from typing import IO
from zope.i18n import translate

import csv
import json


TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json; charset=utf-8"}
FEW = 500
"""Posts after which memory is given back"""
COLUMNS = (
    _("Date"),
    _("column_what", default="What"),
    _("Network"),
    _("Account"),
    _("Identity at the network"),
    _("column_text", default="Text"),
    _("Text before"),
    _("Image description"),
    _("Address of the post"),
    _("News item"),
    _("Link"),
    _("Written by"),
    _("Service"),
    _("Asked for by"),
    _("Approved by"),
    _("Approved as"),
    _("Reason"),
    _("Number of the post"),
)


def file(entries: Entries, search: Search, kind: str) -> IO[bytes]:
    """All that the search finds, as `kind` (csv, json), and the headers of the response to send it with.

    A file, because an answer may not read the database any more while it is being sent.
    """
    response = entries.request.response
    response.setHeader("Cache-Control", "private, no-store")
    response.setHeader("Content-Type", TYPES[kind])
    response.setHeader("X-Content-Type-Options", "nosniff")
    response.setHeader("Content-Disposition", f'attachment; filename="social-register-{clock.now():%Y-%m-%d}.{kind}"')
    stored = TemporaryFile()
    # A mark at the beginning tells Excel that it is UTF-8; JSON must not have one.
    text = TextIOWrapper(stored, "utf-8-sig" if kind == "csv" else "utf-8", errors="replace", newline="")
    (_write_csv if kind == "csv" else _write_json)(text, _told(entries, search), entries.request)
    text.detach()
    return stored


def _told(entries: Entries, search: Search) -> Iterator[dict[str, Any]]:
    for number, post in enumerate(entries.all(search), 1):
        yield entries.told(post)
        if number % FEW == 0:
            entries.site._p_jar.cacheGC()


def _write_json(text: TextIOWrapper, told: Iterator[dict[str, Any]], request: Any) -> None:
    text.write('{"items": [')
    for number, entry in enumerate(told):
        text.write((",\n" if number else "\n") + json.dumps(entry, ensure_ascii=False))
    text.write("\n]}\n")


def _write_csv(text: TextIOWrapper, told: Iterator[dict[str, Any]], request: Any) -> None:
    """Semicolons, because Excel in French takes a comma for the decimal sign and puts whole lines into one cell."""
    writer = csv.writer(text, delimiter=";")
    writer.writerow([translate(column, context=request) for column in COLUMNS])
    zone = time_zone()
    for entry in told:
        for line in (entry, *entry["history"]):
            local = datetime.fromisoformat(line["at"]).astimezone(zone)
            writer.writerow([f"{local:%Y-%m-%d %H:%M:%S}", *map(cell, _cells(entry, line))])


def _cells(entry: dict[str, Any], line: dict[str, Any]) -> list[str]:
    """What stands in the columns after the date. `line`: the entry itself, or what was done about it."""
    authors, approvals = line.get("authors", []), line.get("approvals", [])
    services = dict.fromkeys(service for person in authors for service in person["services"])
    reasons = [line.get("reason", ""), *(given["reason"] for given in approvals)]
    return [
        line["title"],
        entry["network"]["title"],
        entry["account"]["title"],
        entry["account"]["identity"],
        line.get("text", ""),
        line.get("before", ""),
        " | ".join(line.get("images", ())),
        line.get("url") or "",
        entry["item"]["title"],
        line.get("link", ""),
        _list(person["name"] for person in authors),
        _list(services),
        line["by"]["name"] if line.get("by") else "",
        _list(given["name"] for given in approvals),
        _list(given["role_title"] for given in approvals),
        _list(reasons),
        entry["id"],
    ]


def _list(words: Iterable[str]) -> str:
    return ", ".join(filter(None, words))
