"""What the form's script is told of what is typed and not saved."""

from collective.socialterritory.crosspost.live import behind
from collective.socialterritory.crosspost.live import pieces
from collective.socialterritory.crosspost.model import Rendition
from collective.socialterritory.interfaces import IBrowserLayer
from collective.socialterritory.text import shortened
from io import BytesIO
from PIL import Image
from plone import api
from plone.app.textfield.value import RichTextValue
from plone.namedfile.file import NamedBlobImage
from plone.protect import createToken
from zExceptions import BadRequest
from zExceptions import Forbidden
from zExceptions import Unauthorized
from zope.component import getUtility
from zope.interface import alsoProvides
from zope.schema.interfaces import IVocabularyFactory

import base64
import json
import pytest
import re
import transaction


pytest_plugins = ["editing"]


def preview(commune, context, data, method="POST", token=True, kind="application/json"):
    """What the live preview answers to `data`."""
    request = context.REQUEST.clone()
    alsoProvides(request, IBrowserLayer)
    request.method = request.environ["REQUEST_METHOD"] = method
    request.environ["CONTENT_TYPE"] = kind
    request.set("BODY", json.dumps(data).encode() if isinstance(data, dict) else data)
    if token:
        request.form["_authenticator"] = createToken()
    return json.loads(api.content.get_view("social-preview", context, request)())


def test_preview_composes_what_is_not_saved_and_writes_nothing(commune, feed, news):
    data = {"title": "Cantine fermée", "subjects": ["École"], "texts": {feed.UID(): "Fermé #École"}, "image": None}
    transaction.commit()
    answer = preview(commune, news, data)
    (said,) = answer["items"]
    assert said["text"] == "Fermé #École\nhttps://www.town.example/menu-de-la-cantine"
    assert [piece["kind"] for piece in said["pieces"]] == ["", "hashtag", "", "link"]
    assert said["remaining"] == f"{300 - said['used']} characters left"
    assert said["card"] == {
        "title": "Cantine fermée", "description": "Du lundi au vendredi", "host": "www.town.example"
    }  # fmt: skip
    assert said["instead"].startswith("Cantine fermée")
    assert answer["notice"] == "At publication: Town feed."
    assert len(said["fingerprint"]) == 64
    assert not commune._p_jar._registered_objects
    assert news.title == "Menu de la cantine"


def test_preview_knows_the_tokens_of_the_tags_field(commune, feed, news):
    feed.template = "{subjects}"
    news.setSubject(["École"])
    news.reindexObject()
    transaction.commit()
    token = base64.b64encode("École".encode()).decode()
    (said,) = preview(commune, news, {"subjects": [token, "nouveau", ""]})["items"]
    assert said["text"] == "#École #Nouveau"


def test_preview_of_an_image_that_is_only_in_the_form(commune, feed, news):
    image = {"mime": "image/jpeg", "width": 900, "height": 700, "size": 5000}
    (said,) = preview(commune, news, {"image": image, "caption": "Des carottes"})["items"]
    assert said["images"] == [{"url": "", "alt": "Des carottes"}]
    assert said["warnings"][0] == "Image: Des carottes"
    assert said["card"] is None


def test_preview_says_when_the_text_is_too_long(commune, feed, news):
    (said,) = preview(commune, news, {"texts": {feed.UID(): "mot " * 200}})["items"]
    assert said["too_long"]
    assert re.fullmatch(r"Too long by \d+: cut at a word", said["remaining"])


def test_preview_of_an_item_being_added_and_of_opting_out(commune, feed):
    answer = preview(commune, commune, {"type": "News Item", "title": "Neuve", "post": False})
    assert answer["items"][0]["text"].endswith("https://www.town.example/neuve")
    assert answer["notice"] == "At publication: nothing is posted on social networks."


def test_preview_is_for_those_who_may_write_here(commune, feed, news):
    api.user.create("v@town.example", "visitor")
    with api.env.adopt_user("visitor"):
        for context in (news, commune):
            with pytest.raises(Unauthorized):
                preview(commune, context, {"type": "News Item"})


def test_an_editor_of_one_folder_is_offered_what_may_be_posted_from_there(commune, feed):
    folder = api.content.create(commune, "Folder", title="F")
    api.user.create("c@town.example", "camille")
    folder.manage_setLocalRoles("camille", ["Contributor"])
    offered = getUtility(IVocabularyFactory, "collective.socialterritory.accounts")
    with api.env.adopt_user("camille"):
        assert [term.title for term in offered(folder)] == ["Town feed"]
        assert [term.title for term in offered(commune)] == []
        assert [said["title"] for said in preview(commune, folder, {"type": "News Item"})["items"]] == ["Town feed"]


def test_who_may_only_add_reads_nothing_of_the_folder(commune, feed):
    folder = api.content.create(commune, "Folder", title="F")
    folder.manage_permission("Modify portal content", ["Manager"], acquire=False)
    api.user.create("c@town.example", "camille", roles=("Contributor",))
    with api.env.adopt_user("camille"):
        assert preview(commune, folder, {"type": "News Item", "title": "T"})["items"]
        with pytest.raises(Unauthorized):
            preview(commune, folder, {})


def test_preview_wants_a_post_with_an_authenticator(commune, feed, news):
    with pytest.raises(Forbidden):
        preview(commune, news, {}, token=False)
    assert preview(commune, news, {}, method="GET") == {}


def test_preview_of_the_images_of_the_text_follows_what_is_ticked(commune, feed, news):
    stream = BytesIO()
    Image.new("RGB", (900, 700)).save(stream, "PNG")
    picture = NamedBlobImage(stream.getvalue(), "image/png", "p.png")
    shown = api.content.create(commune, "Image", title="Plan", image=picture)
    news.text = RichTextValue(f'<img src="resolveuid/{shown.UID()}" alt="Le plan">', "text/html", "text/x-html-safe")
    transaction.commit()
    seen = {ticked: preview(commune, news, {"images": ticked})["items"][0]["images"] for ticked in (True, False)}
    assert seen == {True: [{"url": f"{shown.absolute_url()}/@@images/image/preview", "alt": "Le plan"}], False: []}


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"[" * 100_000, b'{"title": "' + b"x" * 200_001 + b'"}'])
def test_preview_of_what_is_not_ours_to_read(commune, feed, news, body):
    with pytest.raises(BadRequest):
        preview(commune, news, body)


@pytest.mark.parametrize("junk", [1, None, [1], {"a": 1}, True])
def test_preview_bears_values_of_the_wrong_kind(commune, feed, news, junk):
    names = "title description language caption text texts subjects accounts post image images".split()
    assert preview(commune, news, dict.fromkeys(names, junk))["items"]


def test_a_link_that_bluesky_shows_shortened_is_drawn_as_a_link(portal):
    link = f"https://www.town.example/{'long' * 20}@here"
    short = shortened(link, 40)
    said = Rendition(f"Menu {short}\n\n#École", link=link)
    found = [(piece["kind"], piece["text"]) for piece in pieces(said.text, behind(said, "bluesky"))]
    assert found == [("", "Menu "), ("link", short), ("", "\n\n"), ("hashtag", "#École")]
    assert behind(said, "sandbox") == behind(said, "gone") == ""
