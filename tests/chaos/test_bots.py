"""Row C1: bots that are as clever as can be, with tokens that are right and words that no rule knows.

None of what they say is visible, the queue has an end, and readers hardly notice.
"""

from chaos.world import FULL
from collective.socialterritory import clock
from collective.socialterritory.comments import posting
from collective.socialterritory.comments import visible
from collective.socialterritory.comments.catalogue import count
from collective.socialterritory.comments.model import State
from collective.socialterritory.comments.rules.limits import Limiter
from collective.socialterritory.comments.settings import settings
from commenting import news
from commenting import said
from datetime import timedelta
from pathlib import Path
from statistics import quantiles
from urllib.parse import urlsplit

import json
import pytest
import requests
import subprocess
import sys
import time
import transaction
import ZPublisher.HTTPRequest


COUNT, RATE, READS = (10_000, 50, 200) if FULL else (150, 50, 20)
QUEUE = 100
SHOWN = 20
SLOWER = 1.10


@pytest.fixture
def page(town, monkeypatch):
    monkeypatch.setattr(posting, "_limiter", Limiter())
    monkeypatch.setattr(ZPublisher.HTTPRequest, "trusted_proxies", ["127.0.0.1"])
    settings().queue_most = QUEUE
    page = news(town.site)
    for number in range(SHOWN):
        said(page, f"Avis {number}", state=State.APPROVED)
    transaction.commit()
    return page


def posts(page, addresses):
    made = clock.now() - timedelta(minutes=1)
    for number in range(COUNT):
        network = number % addresses
        body = {"author_name": "Robot", "text": f"Je suis le robot {number}, et voici une phrase que nul ne connaît."}
        yield f"93.{network // 250}.{network % 250}.7", {**body, "token": posting.form_token(page, made)}


def attack(town, page, addresses):
    place = urlsplit(town.url)
    order = {"host": place.hostname, "port": place.port, "path": f"{place.path}/bancs/@comments"}
    order |= {"rate": RATE, "threads": 8, "posts": list(posts(page, addresses))}
    script = Path(__file__).with_name("bots.py")
    process = subprocess.Popen([sys.executable, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    process.stdin.write(json.dumps(order))
    process.stdin.close()
    return process


def reading(town, until):
    """Milliseconds of each look at the page; it goes on until `until` says so."""
    took, session = [], requests.Session()
    while not until(len(took)):
        begin = time.perf_counter()
        answer = session.get(f"{town.url}/bancs", timeout=60)
        took.append((time.perf_counter() - begin) * 1000)
        assert answer.status_code == 200 and "robot" not in answer.text
        time.sleep(0.2)
    return took


def p95(times):
    return quantiles(times, n=20)[-1]


@pytest.mark.parametrize("addresses", [1, 500])
def test_bots_are_seen_by_nobody_fill_no_queue_and_slow_no_reader(town, page, addresses):
    before = reading(town, lambda number: number >= READS)
    process = attack(town, page, addresses)
    during = reading(town, lambda number: process.poll() is not None and number > 1)
    told = json.loads(process.stdout.read())
    assert process.returncode == 0
    transaction.begin()
    accepted = told["seen"].get("201", 0)
    print(f"{addresses}: {told}, p95 {p95(before):.0f} and {p95(during):.0f} ms")
    assert sum(told["seen"].values()) == COUNT
    assert set(told["seen"]) <= {"201", "409", "429", "500", "503"}
    # In a small database all of them write the same few words into the same index, and some meet each other each time.
    assert told["seen"].get("500", 0) <= accepted / 2 + 5
    assert len(visible.ids(page)) == SHOWN
    assert count(review_state=str(State.WAITING)) == accepted <= QUEUE
    assert accepted >= 5
    if addresses == 1:
        assert accepted <= 10
    if FULL:
        assert p95(during) <= SLOWER * p95(before)
