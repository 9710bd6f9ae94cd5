"""No image goes without a description where the site asks for one; elsewhere its absence is a warning."""

from collective.socialterritory.crosspost.correcting import withdraw
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.interfaces import settings
from follow import change
from follow import said_yes
from follow import tab
from io import BytesIO
from PIL import Image
from plone import api
from plone.namedfile.file import NamedBlobImage
from working import work

import pytest
import transaction


@pytest.fixture
def image():
    picture = BytesIO()
    Image.new("RGB", (900, 700), "green").save(picture, "JPEG")
    return NamedBlobImage(picture.getvalue(), "image/jpeg", "marche.jpg")


def required(value):
    with api.env.adopt_roles(["Manager"]):
        settings().alt_required = value
    transaction.commit()


def test_it_waits_for_the_caption(town, image):
    required(True)
    item = town.news("Marché", image=image)
    said_yes(town)
    (made,) = town.stored(item)
    assert made.state is State.QUEUED
    assert "The image has no caption, which this site asks for" in tab(town.editor, item).get_text()
    change(town, item, image_caption="Des étals verts")
    said_yes(town)
    (made,) = town.stored(item)
    assert (made.state, made.rendition.images[0].alt) == (State.DELIVERED, "Des étals verts")


def test_the_preview_says_so_before_anybody_approves(town, image):
    item = town.news("Marché", image=image, review_state="private")
    for asked, code in [(True, "alt_required"), (False, "no_alt_caption")]:
        required(asked)
        rows = town.validator.get(f"{item.getId()}/@social-preview").json()["items"]
        assert [[said["code"] for said in row["warnings"] if "alt" in said["code"]] for row in rows] == [[code]]


@pytest.mark.parametrize(("asked", "picture"), [(True, False), (False, True)])
def test_nothing_else_waits(town, image, asked, picture):
    required(asked)
    item = town.news("Marché", image=image if picture else None)
    said_yes(town)
    assert [made.state for made in town.stored(item)] == [State.DELIVERED]


def test_a_withdrawal_does_not_wait(town, image):
    item = town.news("Marché", image=image)
    said_yes(town)
    required(True)
    with api.env.adopt_user("validator"):
        withdraw(town.site, town.stored(item)[0].id)
    transaction.commit()
    said_yes(town, by="second")
    work(town.functional)
    assert {made.state for made in town.stored(item)} == {State.DELIVERED}
