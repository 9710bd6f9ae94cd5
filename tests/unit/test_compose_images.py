"""Which images go along, what is said of them, and what is told where they cannot."""

from collective.socialterritory.crosspost.model import Image
from collective.socialterritory.crosspost.model import ImageSource
from composing import item
from composing import limits
from composing import PICTURE
from composing import said
from dataclasses import replace


def test_picture_with_its_alternative():
    rendition = said(item(images=(PICTURE,)))
    assert rendition.images == (Image(PICTURE.digest, "La place en fête"),)
    assert rendition.recipe == "jpeg 2000px 1000000B"
    assert (rendition.card_title, rendition.card_description) == ("", "")
    assert rendition.warnings == ()


def picture(**changes):
    facts = {"digest": "d", "mime": "image/png", "width": 900, "height": 900, "size": 9, **changes}
    return item(images=(ImageSource(**facts),))


def several(*captions, **changes):
    sources = [replace(PICTURE, digest=f"d{n}", caption=caption) for n, caption in enumerate(captions)]
    return item(images=(*sources, *(replace(PICTURE, digest=name, **facts) for name, facts in changes.items())))


def test_as_many_images_as_the_network_takes_each_with_its_alternative():
    rendition = said(several("La place", "", "La scène"), most=limits(images=2))
    assert [(image.digest, image.alt) for image in rendition.images] == [
        ("d0", "La place"),
        ("d1", "Fête de la musique"),
    ]
    assert rendition.warnings == ("images_left_out", "no_alt_caption")
    assert said(several("La place", "La scène"), most=limits(images=2)).warnings == ()


def test_an_image_that_cannot_go_gives_its_place_to_the_next():
    rendition = said(several(drawing={"mime": "image/svg+xml"}, photo={}, other={}), most=limits(images=2))
    assert [image.digest for image in rendition.images] == ["photo", "other"]
    assert rendition.warnings == ("image_unfit",)
    assert rendition.card_title == ""


def test_warnings():
    assert said(picture(caption=" ")).warnings == ("no_alt_caption",)
    assert said(picture()).images[0].alt == "Fête de la musique"
    long = said(picture(caption="mot " * 40), most=limits(alt=50))
    alt = long.images[0].alt
    assert (long.warnings, len(alt) <= 50, alt[-4:]) == (("alt_cut",), True, "mot…")
    assert said(picture(caption="x", height=300)).warnings == ("small_image",)
    assert said(picture(mime="image/svg+xml")).warnings == ("image_unfit",)
    assert said(picture(width=9000, height=9000)).warnings == ("image_too_large",)
    assert said(item()).warnings == ("no_image",)
    assert said(item(description="")).warnings == ("no_image", "no_description")
    assert said(item(description="", images=(PICTURE,)), "{title} {link}").warnings == ()
    assert said(item(images=(PICTURE,)), "{title}").warnings == ("link_missing",)
    assert said(item(url=""), "{title} {link}").warnings == ("no_image", "no_address")


def test_link_card_when_no_picture():
    rendition = said(picture(mime="image/svg+xml"))
    assert (rendition.images, rendition.recipe) == ((), "")
    assert (rendition.card_title, rendition.card_description) == (
        "Fête de la musique",
        "Trente concerts gratuits dans toute la ville.",
    )
    assert said(item(url="")).card_title == ""


def test_link_card_beside_pictures():
    rendition = said(item(images=(PICTURE,)), most=limits(card_beside=True))
    assert (len(rendition.images), rendition.card_title) == (1, "Fête de la musique")
