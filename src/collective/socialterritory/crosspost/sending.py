"""What a sender thread does with a claimed delivery: make the pictures fit, then one try. It touches no database."""

from collections.abc import Sequence
from collective.socialterritory import images
from collective.socialterritory.crosspost.model import ANSWERS
from collective.socialterritory.crosspost.model import Delivery
from collective.socialterritory.crosspost.rules.outcome import attempt
from collective.socialterritory.crosspost.rules.outcome import look
from collective.socialterritory.crosspost.rules.outcome import Outcome
from collective.socialterritory.errors import ContentError
from collective.socialterritory.http import Http
from collective.socialterritory.networks.model import Card
from collective.socialterritory.networks.model import Credentials
from collective.socialterritory.networks.model import Finds
from collective.socialterritory.networks.model import Limits
from collective.socialterritory.networks.model import Picture
from collective.socialterritory.networks.model import Post
from contextlib import ExitStack
from typing import Any
from typing import BinaryIO


def send(
    network: Any,
    http: Http,
    credentials: Credentials,
    delivery: Delivery,
    limits: Limits,
    files: Sequence[BinaryIO],
    urls: Sequence[str] = (),
) -> Outcome:
    """Do what was approved. Closes `files`, one for each of the images of the delivery.

    `urls`: where the network fetches each of them, if it does.
    """
    with ExitStack() as closing:
        for file in files:
            closing.enter_context(file)
        try:
            fitted = [images.fit(file, limits) for file in files]
        except ContentError as error:
            return Outcome(error=error)
    places = urls or [""] * len(fitted)
    pictures = [Picture(*fit, image.alt, url) for fit, image, url in zip(fitted, delivery.images, places, strict=True)]
    return attempt(network, http, credentials, delivery, _post(delivery, pictures))


def probe(network: Finds, http: Http, credentials: Credentials, delivery: Delivery) -> Outcome:
    """Ask whether an earlier try of this delivery arrived."""
    return look(network, http, credentials, _post(delivery), delivery.key)


def _post(delivery: Delivery, pictures: Sequence[Picture] = ()) -> Post:
    said = delivery.rendition
    return Post(
        text=said.parts[0] if said.parts else said.text,
        created=delivery.sent_at or delivery.created,
        link=said.link,
        language=said.language,
        pictures=tuple(pictures),
        card=Card(said.link, said.card_title, said.card_description) if said.card_title else None,
        answers=delivery.target_id if delivery.operation in ANSWERS else "",
    )
