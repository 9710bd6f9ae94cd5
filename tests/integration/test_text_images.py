"""The images of an item's text, which the editor may let go along with its own."""

from collective.socialterritory.crosspost.content import facts
from follow import approved
from follow import page
from follow import said_yes
from io import BytesIO
from PIL import Image
from plone import api
from plone.app.textfield.value import RichTextValue
from plone.namedfile.file import NamedBlobImage
from working import work

import pytest
import transaction


def blob(colour):
    stream = BytesIO()
    Image.new("RGB", (800, 600), colour).save(stream, "JPEG")
    return NamedBlobImage(stream.getvalue(), "image/jpeg", f"{colour}.jpg")


def kept(town, colour, **fields):
    """An Image of the site, as visitors see it."""
    with api.env.adopt_roles(["Manager"]):
        made = api.content.create(town.site, "Image", title=colour, image=blob(colour), **fields)
    transaction.commit()
    return made


def tag(image, alt="", scale="/@@images/image/large"):
    return f'<p>Voir <img src="resolveuid/{image.UID()}{scale}" alt="{alt}"> ici</p>'


def rich(*tags):
    return RichTextValue("".join(tags), "text/html", "text/x-html-safe")


def alts(item):
    return [image.caption for image in facts(item).images]


@pytest.fixture
def images(town):
    return [kept(town, colour, description=f"Un ciel {colour}") for colour in ("red", "green", "blue")]


def test_they_follow_the_item_s_own_in_the_order_of_reading(town, images):
    red, green, blue = images
    text = rich(tag(green, "Un pré"), tag(red), tag(green, "Encore lui"), tag(blue, scale="?x=1"))
    item = town.news(image=blob("black"), image_caption="La nuit", text=text, social_images=True)
    assert alts(item) == ["La nuit", "Un pré", "Un ciel red", "Un ciel blue"]


def test_they_stay_on_the_site_unless_the_editor_ticks_so(town, images):
    assert alts(town.news(image=blob("black"), image_caption="La nuit", text=rich(tag(images[0])))) == ["La nuit"]


def test_a_text_with_thousands_of_images_is_not_gone_through(town, images):
    red, green, blue = images
    item = town.news(text=rich(*[tag(red)] * 99, tag(green), *[tag(blue)] * 2000), social_images=True)
    assert alts(item) == ["Un ciel red", "Un ciel green"]


def test_image_blocks_count_and_other_addresses_do_not(town, images):
    red, green, _blue = images
    blocks = {
        "a": {"@type": "image", "url": f"../resolveuid/{green.UID()}", "alt": "Un pré"},
        "b": {"@type": "image", "url": "https://elsewhere.example/x.jpg", "alt": "Ailleurs"},
        "c": {"@type": "slate", "url": f"../resolveuid/{red.UID()}"},
        "d": {"@type": "image", "url": 3, "alt": None},
    }
    item = town.news(text=rich('<img src="https://elsewhere.example/y.jpg">', "<img>"), social_images=True)
    item.blocks, item.blocks_layout = blocks, {"items": ["d", "c", "b", "a", "gone"]}
    assert alts(item) == ["Un pré"]


def test_what_visitors_may_not_see_is_never_posted(town, images):
    secret = images[0]
    with api.env.adopt_roles(["Manager"]):
        secret.manage_permission("View", ["Manager"], acquire=False)
    transaction.commit()
    item = town.news(text=rich(tag(secret, "Secret")), social_images=True)
    assert alts(item) == []
    (said,) = town.editor.get(f"{item.getId()}/@social-preview").json()["items"]
    assert (said["images"], said["image"]) == ([], None)


def test_validators_and_readers_see_all_of_them_each_with_its_words(town, images):
    text = rich(*(tag(image, f"Le ciel {number}") for number, image in enumerate(images)))
    words = ["La nuit", "Le ciel 0", "Le ciel 1", "Le ciel 2"]
    town.news(image=blob("black"), image_caption=words[0], text=text, social_images=True)
    (made,) = town.validator.listed()
    assert ([one["alt"] for one in made["images"]], made["alt"]) == (words, words[0])
    shown = page(town.validator, "@@social-desk").select(".social-images img")
    assert [one["alt"] for one in shown] == words
    pictures = [town.validator.session.get(one["src"]).content for one in shown]
    assert len(set(pictures)) == 4
    said_yes(town)
    posted = page(town.anonymous, "@@social-sandbox").select(".social-images img")
    assert [one["alt"] for one in posted] == words
    assert all(town.anonymous.session.get(one["src"]).headers["Content-Type"] == "image/jpeg" for one in posted)


def test_another_image_in_the_text_takes_the_approval_away(town, images):
    item = town.news(text=rich(tag(images[0])), social_images=True)
    approved(town)
    town.editor.patch(item.getId(), {"text": {"data": tag(images[1]), "content-type": "text/html"}})
    (made,) = town.validator.listed()
    assert (made["state"], made["alt"]) == ("pending", "Un ciel green")


def test_an_image_that_is_changed_elsewhere_takes_it_away_as_well(town, images):
    """Nobody changed the news itself."""
    town.news(text=rich(tag(images[0])), social_images=True)
    approved(town)
    with api.env.adopt_roles(["Manager"]):
        images[0].image = blob("orange")
    transaction.commit()
    work(town.functional)
    (made,) = town.validator.listed()
    assert made["state"] == "pending"
