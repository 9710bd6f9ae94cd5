"""An item's image, as pages that only read see it."""

from collective.socialterritory.crosspost.content import facts
from io import BytesIO
from PIL import Image
from plone.namedfile.file import NamedBlobImage
from urllib.parse import quote

import pytest
import transaction


def jpeg(width, height):
    stream = BytesIO()
    Image.new("RGB", (width, height), "orange").save(stream, "JPEG")
    return stream.getvalue()


@pytest.mark.parametrize("size_known", [True, False])
def test_reading_an_image_writes_nothing(town, size_known):
    item = town.news(image=NamedBlobImage(jpeg(800, 600), "image/jpeg", "a.jpg"))
    if not size_known:
        item.image._width = item.image._height = -1
    transaction.commit()
    assert (facts(item).images[0].width, facts(item).images[0].height) == (800, 600)
    assert not item.image._p_changed


def test_a_file_that_is_no_image_is_told_and_takes_no_page_away(town):
    item = town.news(image=NamedBlobImage(b"no picture at all " * 200, "image/jpeg", "a.jpg"))
    assert not item.image._p_changed
    (post,) = town.validator.get(f"@social-deliveries?content={quote(item.UID())}").json()["items"]
    assert "image_broken" in post["warnings"] or "cannot be read" in str(post["warnings"])
    assert town.validator.get("@@social-desk", headers={"Accept": "text/html"}).status_code == 200
    (stored,) = town.stored(item)
    assert (stored.rendition.images, bool(stored.rendition.card_title)) == ((), True)
