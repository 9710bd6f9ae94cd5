"""Did a post arrive at a server of the Mastodon kind? Looked up among what the account said."""

from collective.socialterritory.networks.mastodon import network
from collective.socialterritory.networks.model import Post
from contract.lookup import LookupContract
from contract.mastodon.dialects import DIALECTS
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from faults import Said

import json
import pytest


NOW = datetime.now(UTC)


@pytest.mark.parametrize("dialect", DIALECTS, indirect=True)
class TestMastodonLookup(LookupContract):
    network = network
    find_step = "statuses"
    page = 40
    texts = [
        "Voir https://www.ville.example/actualites/un-tres-long-titre-qui-est-raccourci?a=1&b=<2> & « cela »",
        "Merci @asso@mastodon.example. #Été2026 <b>1 < 2</b> &amp; 👨‍👩‍👧",
    ]
    senseless = [
        *({}, None, {"error": "x"}),
        *([1], [None], ["x"], [{}], [[]]),
        [{"id": "1", "content": "<p>x</p>"}],
        [{"id": "1", "created_at": "yesterday", "content": "<p>x</p>"}],
        [{"id": "1", "created_at": 5, "content": "<p>x</p>"}],
        [{"id": "1", "created_at": "2026-01-01T00:00:00Z", "content": None}],
        [{"created_at": "2026-01-01T00:00:00Z", "content": "<p>x</p>"}],
    ]


def test_a_post_is_found_by_its_link_however_it_is_written(server, account, find):
    link = "https://www.ville.example/f\u00eate"
    server.say(account, "x", content='<p>Reworded <a href="https://www.ville.example/f%C3%AAte">x</a></p>')
    assert find(Post("Bonjour", NOW, link=link))
    assert find(Post("Bonjour", NOW, link=f"{link}s")) is None
    assert find(Post("Bonjour", NOW)) is None


def test_a_boost_is_not_our_post(server, find):
    boost = {"id": "9", "content": "<p>Bonjour</p>", "created_at": NOW.isoformat(), "reblog": {"id": "1"}}
    old = {**boost, "id": "8", "created_at": "2026-01-01T00:00:00.000Z", "reblog": None}
    server.instead["statuses"] = Said(200, json.dumps([boost, old]).encode())
    assert find() is None


def test_pages_are_turned_no_further_than_needed(server, account, find):
    for number in range(90):
        server.say(account, f"Post {number}", NOW - timedelta(days=1))
    assert find() is None
    assert server.calls["statuses"] == 1
