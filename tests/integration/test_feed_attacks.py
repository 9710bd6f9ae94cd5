"""Scorecard rows S1 and S2 on a site: whatever an address leads to, visitors read the last good copy."""

from collective.socialterritory.feeds import content
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from email.utils import format_datetime
from feeding import Feeding
from feeding import hurry
from feeding import rss
from hostile import drip
from hostile import DRIPPING
from hostile import hostile
from hostile import INSIDE
from hostile import reply
from plone import api
from plone.uuid.interfaces import IUUID

import collective.socialterritory.feeds.fetching as fetching
import gzip
import pytest
import time
import transaction


GOOD = rss({"title": "Good"}).encode()
BELOW = ["http://user:passw@10.0.0.1/", "file:///etc", *INSIDE[::4]]
REFUSED = {"forbidden_address", "forbidden_port", "bad_address"}


def endless(link):
    link.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n\r\n" + GOOD[:-30])
    while True:
        link.sendall(b"<item><title>again</title></item>" * 1000)


def entities():
    levels = "".join(f'<!ENTITY a{n} "{(f"&a{n - 1};" if n else "ha") * 10}">' for n in range(12))
    return f"<!DOCTYPE r [{levels}]><rss><channel><item><title>&a11;</title></item></channel></rss>".encode()


BOMB = reply(gzip.compress(bytes(200_000_000)), 200, "Content-Encoding: gzip", "Content-Type: application/rss+xml")
BODIES = {
    "endless": endless,
    "drip": drip(DRIPPING["endless"]),
    "torn": reply(GOOD, 200, length=10**12),
    "bomb": BOMB,
    "entities": reply(entities()),
    "unfinished": reply(rss({"title": "<a " * 400_000}).encode()),
    "html": reply(b"<!doctype html><title>Maintenance</title>"),
    "picture": reply(b"\xff\xd8\xff\xe0" + bytes(1000), 200, "Content-Type: image/jpeg"),
}


@pytest.fixture
def sources(town, monkeypatch):
    """Makes sources with a good copy each, by name: paths of a server that is allowed."""
    monkeypatch.setattr(fetching, "DEADLINE", 2.0)
    with hostile() as server:
        monkeypatch.setenv("SOCIALTERRITORY_ALLOW", server.host)

        def made(names):
            with api.env.adopt_roles(["Manager"]):
                for name in names:
                    server.answers[f"/{name}"] = reply(GOOD, 200, "Content-Type: application/rss+xml")
                    fields = {"title": name, "kind": "feed", "where": f"{server.url}/{name}"}
                    api.content.create(town.site[content.CONTAINER], content.SOURCE, id=name, **fields)
            transaction.commit()
            hurry(town)
            return server

        yield made


def standing(town):
    """By source: the code of its error, and how many entries visitors have."""
    rows = town.webmaster.get("@social-status").json()["sources"]
    return {row["title"]: (row["error"] and row["error"]["code"], row["entries"]) for row in rows}


def test_no_redirect_leads_inside(town, sources):
    names = [f"n{number}" for number in range(len(BELOW))]
    server = sources(names)
    assert set(standing(town).values()) == {(None, 1)}
    for name, where in zip(names, BELOW, strict=True):
        server.answers[f"/{name}"] = reply(b"", 302, f"Location: {where}")
    hurry(town)
    found = standing(town)
    assert {entries for _code, entries in found.values()} == {1}
    assert {code for code, _entries in found.values()} <= REFUSED
    assert "Good" in town.anonymous.get("@social-feed/n0").text


def test_no_body_harms_the_worker_or_what_visitors_read(town, sources):
    server = sources([*BODIES, "well"])
    for name, answer in BODIES.items():
        server.answers[f"/{name}"] = answer
    server.answers["/well"] = reply(rss({"title": "Well"}, {"title": "And good"}).encode())
    begun = time.monotonic()
    hurry(town)
    took = time.monotonic() - begun
    found = standing(town)
    assert found.pop("well") == (None, 2), "the others are looked at all the same"
    assert {entries for _code, entries in found.values()} == {1}
    codes = {name: code for name, (code, _entries) in found.items()}
    assert codes["endless"] == codes["bomb"] == "too_large" and codes["torn"] == "reset"
    assert codes["html"] == codes["picture"] == "not_a_feed" and codes["drip"] == "read_timeout"
    assert took < 30


def test_no_source_is_inside(town):
    with api.env.adopt_roles(["Manager"]):
        for where in BELOW:
            api.content.create(town.site[content.CONTAINER], content.SOURCE, title=where, kind="feed", where=where)
    transaction.commit()
    hurry(town)
    found = standing(town)
    assert len(found) == len(BELOW) and {entries for _code, entries in found.values()} == {0}
    assert {code for code, _entries in found.values()} <= REFUSED


def test_what_says_that_it_is_of_tomorrow_is_shown_with_its_date(town, monkeypatch):
    """It may stand first; it is never told as "in some hours", and moves nothing else."""
    now = datetime.now(UTC)
    with Feeding() as server:
        monkeypatch.setenv("SOCIALTERRITORY_ALLOW", server.host)
        folder = town.site[content.CONTAINER]
        with api.env.adopt_roles(["Manager"]):
            for name, past in {"a": timedelta(days=-400), "b": timedelta(hours=1), "c": timedelta(hours=2)}.items():
                where = server.put(f"/{name}", rss({"title": name.upper(), "when": format_datetime(now - past)}))
                api.content.create(folder, content.SOURCE, id=name, title=name, kind="feed", where=where)
            sources = [IUUID(folder[name]) for name in "abc"]
            api.content.create(folder, content.MIX, id="mix", title="All", sources=sources)
        transaction.commit()
        hurry(town)
    items = town.anonymous.get("@social-feed/mix").json()["items"]
    assert [item["title"] for item in items] == ["A", "B", "C"]
    page = town.anonymous.session.get(f"{town.url}/social-feeds/mix", headers={"Accept": "text/html"}, timeout=30).text
    assert page.count("h ago") == 2
