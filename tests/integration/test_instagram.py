"""Instagram on a site: linked through Facebook, told in the preview what it takes, and given pictures to fetch."""

from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.crosspost.correcting import withdraw
from collective.socialterritory.crosspost.model import State
from follow import change
from follow import tab
from io import BytesIO
from PIL import Image
from plone import api
from working import work
from zope.globalrequest import setRequest

import base64
import pytest
import transaction


@pytest.fixture
def image():
    picture = BytesIO()
    Image.new("RGBA", (300, 900), "green").save(picture, "PNG")
    data = base64.b64encode(picture.getvalue()).decode()
    return {"data": data, "encoding": "base64", "filename": "marche.png", "content-type": "image/png"}


@pytest.fixture
def linked(person, server):
    """Pictures are fetched from this site, under the address that visitors know."""
    server.reach = lambda url: url.replace("https://www.town.example", person.town.url)
    assert person.come_back().status_code == 302
    assert person.confirm().status_code == 302
    return person


@pytest.mark.parametrize("network", ["instagram"], indirect=True)
def test_news_without_an_image_waits_for_one_leaves_once_and_is_withdrawn_by_hand(town, linked, server, image):
    assert Accounts(town.site).get(linked.uid).identity == "@mairie"
    item = town.news("Marché")
    told = town.editor.get(f"{item.getId()}/@social-preview").json()["items"]
    (row,) = [row for row in told if row["account"]["uid"] == linked.uid]
    assert {"picture_needed", "links_dead"} <= {said["code"] for said in row["warnings"]}
    work(town.functional)
    (post,) = [made for made in town.stored(item) if made.account == linked.uid]
    assert (post.state, server.posts()) == (State.QUEUED, [])
    assert "Nothing can be posted there without an image" in tab(town.editor, item).get_text()
    change(town, item, image=image, image_caption="Des étals verts")
    work(town.functional)
    (post,) = [made for made in town.stored(item) if made.account == linked.uid]
    assert (post.state, post.doubt, server.posts()) == (State.DELIVERED, False, [post.rendition.text])
    (media,) = server.grams[Accounts(town.site).get(linked.uid).identity_id].media
    (shown,) = media["pictures"]
    with Image.open(BytesIO(shown["data"])) as fetched:
        assert (fetched.format, fetched.size, shown["alt"]) == ("JPEG", (720, 900), "Des étals verts")
    assert post.receipt_url == media["permalink"]
    setRequest(town.functional["request"])
    with api.env.adopt_roles(["Manager"]):
        withdraw(town.site, post.id)
    transaction.commit()
    work(town.functional)
    (asked,) = [made for made in town.stored(item) if made.target == post.id]
    assert (asked.state, asked.error, len(server.posts())) == (State.UNCONFIRMED, "do_by_hand", 1)
