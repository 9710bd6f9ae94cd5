"""Scorecard rows S1 and S2 for feeds: no address leads inside; nothing but what is safe comes out of a feed."""

from chaos.world import FULL
from chaos.world import share
from collective.socialterritory.errors import ContentError
from collective.socialterritory.errors import SocialError
from collective.socialterritory.feeds.discovery import recognise
from collective.socialterritory.feeds.fetching import look
from collective.socialterritory.feeds.fetching import Task
from collective.socialterritory.feeds.model import FEED
from collective.socialterritory.feeds.rules.parse import parse
from collective.socialterritory.http import Http
from feeding import rss
from feeds import check
from feeds import feeds
from feeds import told
from hostile import connections
from hostile import hostile
from hostile import INSIDE
from hostile import reply
from hostile import to
from hypothesis import given
from hypothesis import HealthCheck
from hypothesis import settings

import pytest
import time


DEADLINE = 2.0


def no_picture(data, side):
    raise AssertionError("nothing was there to be drawn")


def pasted(http, where, inside, answers):
    with pytest.raises(SocialError):
        recognise(http, inside, {}, parse)


def announced(http, where, inside, answers):
    answers["/"] = reply(f'<!doctype html><link rel="alternate" type="application/rss+xml" href="{inside}">'.encode())
    with pytest.raises(SocialError):
        recognise(http, where, {}, parse)


def redirected(http, where, inside, answers):
    answers["/"] = to(inside)
    with pytest.raises(SocialError):
        look(http, Task(FEED, where), parse, no_picture)


def pictured(http, where, inside, answers):
    answers["/"] = reply(rss({"title": "News", "image": inside}).encode())
    (entry,) = look(http, Task(FEED, where), parse, no_picture).feed.entries
    assert entry.title == "News" and not entry.images


@pytest.mark.parametrize("way", [pasted, announced, redirected, pictured])
def test_addresses(way, monkeypatch):
    """More than 120 in full."""
    with hostile() as server:
        tried = connections(monkeypatch, server.port)
        for inside in INSIDE[:: share(1, 6)]:
            begun = time.monotonic()
            way(Http(frozenset({server.host}), deadline=DEADLINE), f"{server.url}/", inside, server.answers)
            assert time.monotonic() - begun < DEADLINE + 0.5, inside
        assert len(tried) == len(server.asked) and set(tried) <= {("127.0.0.1", server.port)}


@settings(max_examples=10_000 if FULL else 200, deadline=None, suppress_health_check=list(HealthCheck))
@given(feeds())
def test_fuzz(body):
    try:
        feed = told(body)
    except ContentError as error:
        assert error.code == "not_a_feed"
    else:
        check(feed)
