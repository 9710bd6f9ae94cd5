"""What a sender does with a claimed delivery."""

from collective.socialterritory.crosspost.model import Delivery
from collective.socialterritory.crosspost.model import Image as Said
from collective.socialterritory.crosspost.model import Operation
from collective.socialterritory.crosspost.model import Rendition
from collective.socialterritory.crosspost.sending import probe
from collective.socialterritory.crosspost.sending import send
from collective.socialterritory.networks.model import Receipt
from collective.socialterritory.networks.sandbox import network as sandbox
from dataclasses import replace
from datetime import datetime
from datetime import UTC
from io import BytesIO
from PIL import Image

import pytest


NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
SAID = Rendition("Bonjour", link="https://ville.fr/a", card_title="Titre")
PICTURED = replace(SAID, card_title="", images=(Said("d", "La fanfare"), Said("e", "Le public")))


class Keeping(type(sandbox)):
    """Remembers the post."""

    def publish(self, http, credentials, post, key):
        self.post = post
        return Receipt(key, "https://example.org/1")


def delivery(said=SAID):
    return Delivery("i.1", "i", "a", "n", NOW, NOW, rendition=said, key="k", sent_at=NOW)


def picture(width):
    stream = BytesIO()
    Image.new("RGB", (width, 30)).save(stream, "JPEG")
    return BytesIO(stream.getvalue())


def test_pictures_go_with_their_descriptions_and_take_the_place_of_the_card():
    network, files = Keeping(), [picture(40), picture(20)]
    assert send(network, None, {}, delivery(PICTURED), network.limits, files).receipt.id == "k"
    sent = [(one.alt, one.width) for one in network.post.pictures]
    assert (sent, network.post.card) == ([("La fanfare", 40), ("Le public", 20)], None)
    assert all(file.closed for file in files)


def test_without_a_picture_the_card_goes_and_where_both_were_approved_both():
    network = Keeping()
    send(network, None, {}, delivery(), network.limits, [])
    assert (network.post.pictures, network.post.card.title) == ((), "Titre")
    both = replace(SAID, images=(Said("d", "La fanfare"),))
    send(network, None, {}, delivery(both), network.limits, [picture(40)])
    assert ([one.alt for one in network.post.pictures], network.post.card.title) == (["La fanfare"], "Titre")


def test_a_picture_that_cannot_be_read_fails_before_anything_is_sent():
    network = Keeping()
    files = [picture(40), BytesIO(b"no picture")]
    outcome = send(network, None, {}, delivery(PICTURED), network.limits, files)
    assert all(file.closed for file in files)
    assert (outcome.error.code, outcome.doubt, hasattr(network, "post")) == ("image_broken", False, False)


@pytest.mark.parametrize("operation, answers", [(Operation.REPLY, "out"), (Operation.POST, ""), (Operation.EDIT, "")])
def test_a_reply_is_sent_and_looked_up_as_the_answer_that_it_is(operation, answers):
    """Or what it answers, which may have the same link, would be taken for it."""
    network = Keeping()
    network.edit = lambda http, credentials, id, post: network.publish(http, credentials, post, id)
    answer = replace(delivery(), operation=operation, target_id="out")
    send(network, None, {}, answer, network.limits, [])
    assert network.post.answers == answers
    network.post = None
    probe(network, None, {}, answer)
    assert network.post.answers == answers
