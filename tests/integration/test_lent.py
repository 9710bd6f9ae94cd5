"""Pictures lent to a network that fetches them: to whoever has the address, for hours, where their post is wanted."""

from collective.socialterritory import clock
from collective.socialterritory.accounts.vault import keys
from collective.socialterritory.crosspost import lent
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.store import Outbox
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from PIL import Image
from plone import api
from plone.namedfile.file import NamedBlobImage

import pytest
import requests
import transaction


def png(width=800, height=600):
    stream = BytesIO()
    Image.new("RGB", (width, height), "orange").save(stream, "PNG")
    return NamedBlobImage(stream.getvalue(), "image/png", "a.png")


@pytest.fixture
def way(town):
    """The item, and a function that fetches its picture: path of the address, status wanted."""
    item = town.news(image=png())
    (delivery,) = Outbox(town.site).of_item(item.UID())
    Outbox(town.site).save(replace(delivery, state=State.QUEUED))
    transaction.commit()
    (url,) = lent.addresses(town.site, delivery, clock.now())
    here = url.replace("https://www.town.example", town.url)
    return item, delivery, lambda address=here, **options: requests.get(address, timeout=20, **options)


def test_who_has_the_address_gets_the_picture_fitted_for_its_network(town, way):
    """After its post is out as well: who takes events puts the work that follows into a queue."""
    _item, delivery, fetch = way
    answer = fetch()
    Outbox(town.site).save(replace(delivery, state=State.DELIVERED, finished=clock.now()))
    transaction.commit()
    assert fetch().content == answer.content
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg")
    with Image.open(BytesIO(answer.content)) as image:
        assert (image.format, image.size) == ("JPEG", (800, 600))
    assert answer.headers["Cache-Control"] == "private, no-store"
    head = requests.head(answer.url, timeout=20)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Length"] == str(len(answer.content))


HOW = ("cancelled", "private", "expired", "other image", "forged", "further", "of another site")


@pytest.mark.parametrize("how", HOW)
def test_nobody_gets_it_otherwise(town, way, how):
    item, delivery, fetch = way
    if how == "cancelled":
        Outbox(town.site).save(replace(delivery, state=State.CANCELLED, finished=clock.now()))
    elif how == "private":
        with api.env.adopt_roles(["Manager"]):
            api.content.transition(item, "retract")
    elif how == "other image":
        item.image = png(60, 60)
    transaction.commit()
    (url,) = lent.addresses(town.site, delivery, clock.now() - (lent.LENT if how == "expired" else timedelta()))
    here = url.replace("https://www.town.example", town.url)
    told = {"delivery": delivery.id, "image": "0", "until": (clock.now() + lent.LENT).isoformat()}
    elsewhere = keys().seal(("/another", "picture"), told).decode()
    changed = {
        "forged": here.replace("/gAAAA", "/gAAAB"),
        "further": here.replace(".jpg", ".jpg/title"),
        "of another site": f"{town.url}/@@social-picture/{elsewhere}.jpg",
    }
    assert fetch(changed.get(how, here)).status_code == 404
