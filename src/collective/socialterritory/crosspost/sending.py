"""What a sender thread does with a claimed delivery: make the picture fit, then one try. It touches no database."""

from collective.socialterritory import images
from collective.socialterritory.crosspost.model import Delivery
from collective.socialterritory.crosspost.model import Operation
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
from typing import Any
from typing import BinaryIO


def send(
    network: Any, http: Http, credentials: Credentials, delivery: Delivery, limits: Limits, image: BinaryIO | None
) -> Outcome:
    """Do what was approved. Closes `image`, the source file."""
    try:
        picture = _picture(limits, image, delivery.rendition.alt)
    except ContentError as error:
        return Outcome(error=error)
    return attempt(network, http, credentials, delivery, _post(delivery, picture))


def probe(network: Finds, http: Http, credentials: Credentials, delivery: Delivery) -> Outcome:
    """Ask whether an earlier try of this delivery arrived."""
    return look(network, http, credentials, _post(delivery, None), delivery.key)


def _post(delivery: Delivery, picture: Picture | None) -> Post:
    said = delivery.rendition
    return Post(
        text=said.text,
        created=delivery.sent_at or delivery.created,
        link=said.link,
        language=said.language,
        picture=picture,
        card=Card(said.link, said.card_title, said.card_description) if said.card_title and not picture else None,
        answers=delivery.target_id if delivery.operation is Operation.REPLY else "",
    )


def _picture(limits: Limits, image: BinaryIO | None, alt: str) -> Picture | None:
    if image is None:
        return None
    with image:
        data, mime, width, height = images.fit(image, limits)
    return Picture(data, mime, width, height, alt)
