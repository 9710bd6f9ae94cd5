"""How far posts got on Bluesky, as the index knows it."""

from collective.socialterritory.networks.bluesky import network
from collective.socialterritory.networks.entries import Counts
from contract.measuring import MeasureContract


class TestBlueskyMeasures(MeasureContract):
    network = network
    measure_step = "getPosts"
    senseless = [{}, [], None, {"posts": None}, {"posts": {}}]

    def react(self, server, id, likes, reposts):
        server.counts[id] = {"likeCount": likes, "repostCount": reposts}

    def answer(self, server, account, to):
        server.answer(account, to, "Merci")

    def revoke(self, server, account):
        server.revoke(account)


def test_a_quote_passes_it_on(server, http, credentials, publish):
    id = publish(key="3n2uoitxhrhun").id
    server.counts[id] = {"repostCount": 2, "quoteCount": 3}
    assert network.measure(http, credentials, [id])[id] == Counts(0, 5, 0)


def test_what_the_index_does_not_know_is_not_gone(server, http, credentials, publish):
    id = publish(key="3n2uoitxhrhun").id
    server.unindexed.add(id)
    assert network.measure(http, credentials, [id]) == {id: Counts()}
