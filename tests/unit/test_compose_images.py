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
    rendition = said(item(images=(PICTURE,)), most=limits(card_pictures=10))
    assert (len(rendition.images), rendition.card_title) == (1, "Fête de la musique")


def test_where_nothing_is_posted_without_a_picture():
    needed = limits(picture=True, card=False)
    assert "picture_needed" in said(item(), most=needed).warnings
    assert "no_image" not in said(item(), most=needed).warnings
    assert {"image_unfit", "picture_needed"} <= set(said(picture(mime="image/svg+xml"), most=needed).warnings)
    assert "picture_needed" not in said(picture(caption="x"), most=needed).warnings


def test_a_picture_that_is_higher_or_wider_than_the_network_takes():
    narrow = limits(shape=(0.8, 1.91))
    assert "image_padded" in said(picture(caption="x", height=1200), most=narrow).warnings
    assert "image_padded" in said(picture(caption="x", width=2000), most=narrow).warnings
    assert "image_padded" not in said(picture(caption="x", height=1125), most=narrow).warnings
    assert "image_padded" not in said(picture(caption="x", height=9000)).warnings


def test_links_that_lead_nowhere_there():
    dead = limits(clickable=False, card=False)
    assert "links_dead" in said(picture(caption="x"), most=dead).warnings
    assert "links_dead" not in said(picture(caption="x"), "{title}", most=dead).warnings


def test_more_links_than_the_network_takes():
    own = "Voir " + " ".join(f"https://www.ville.fr/{n}" for n in range(5))
    few = limits(links=5, text=2000)
    twice = f"{own} https://www.ville.fr/0"
    assert "too_many_links" not in said(picture(caption="x"), "{title}", text=twice, most=few).warnings
    assert "too_many_links" in said(picture(caption="x"), text=own, most=few).warnings  # its own comes to them
    assert "too_many_links" in said(item(), "{title}", text=f"{own} https://a.fr", most=few).warnings
    assert "too_many_links" in said(item(), "{title}", text=own, most=few).warnings  # that of the card
    assert "too_many_links" not in said(item(), text=own, most=limits(text=2000)).warnings


def test_a_card_with_the_picture_of_the_news_where_the_network_takes_one():
    most = limits(images=2, card_pictures=1)
    alone = said(several("La place"), most=most)
    assert ([image.alt for image in alone.images], alone.card_title) == (["La place"], "Fête de la musique")
    assert alone.recipe == said(several("La place")).recipe
    assert alone.fingerprint != said(several("La place"), most=limits(images=2)).fingerprint
    assert (said(item(), most=most).images, said(item(), most=most).card_title) == ((), "Fête de la musique")
    both = said(several("La place", "La scène"), most=most)
    assert (len(both.images), both.card_title) == (2, "")
    nowhere = said(replace(several("La place"), url=""), most=most)
    assert (len(nowhere.images), nowhere.card_title) == (1, "")


def test_a_link_that_the_card_carries_leaves_its_picture_in_place():
    long = said(
        replace(several("La place", "La scène"), url=f"https://a.fr/{'a' * 300}"),
        most=limits(card_pictures=1, images=2),
    )
    assert ([image.alt for image in long.images], long.card_title) == (["La place"], "Fête de la musique")
    assert "images_left_out" in long.warnings and "link_in_card" not in long.warnings
