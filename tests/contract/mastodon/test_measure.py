"""How far statuses got at servers of the Mastodon kind."""

from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.networks.entries import Counts
from collective.socialterritory.networks.mastodon import network
from contract.base import caught
from contract.measuring import MeasureContract

import pytest


class TestMastodonMeasures(MeasureContract):
    network = network
    measure_step = "status"
    senseless = [{}, [], None, {"id": None}, {"id": "9"}, {"error": None}]

    @pytest.fixture(params=["mastodon", "gotosocial"])
    def dialect(self, request):
        return request.param

    def react(self, server, id, likes, reposts):
        server.counts[id] = {"favourites_count": likes, "reblogs_count": reposts}

    test_a_firewall_is_not_believed_that_posts_are_gone = None
    """A status is what is asked in doubt: fediverse.is_there() believes who knows our token as well."""

    def answer(self, server, account, to):
        server.say(account, "Merci", in_reply_to_id=to)


def test_a_quote_passes_it_on_and_old_servers_tell_of_none(server, http, credentials, publish):
    id = publish().id
    server.counts[id] = {"reblogs_count": 2, "quotes_count": 3}
    assert network.measure(http, credentials, [id])[id] == Counts(0, 5, 0)
    server.counts[id] = {"reblogs_count": 2, "quotes_count": None, "replies_count": None}
    assert network.measure(http, credentials, [id])[id] == Counts(0, 2, None)


def test_a_right_that_is_missing(server, http, account, publish):
    few = server.credentials(account, ("read:accounts", "write:statuses"))
    assert caught(lambda: network.measure(http, few, [publish().id]), Unauthorized).code == "scopes"
