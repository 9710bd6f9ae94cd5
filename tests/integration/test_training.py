"""The training pages: sandbox posts and mails that went to nobody."""

from collective.socialterritory import clock
from collective.socialterritory import mail
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.interfaces import settings
from dataclasses import replace
from io import BytesIO
from PIL import Image
from plone import api
from plone.namedfile.file import NamedBlobImage
from plone.testing.zope import Browser
from zExceptions import NotFound
from zExceptions import Unauthorized

import pytest
import requests
import transaction


pytest_plugins = ["editing"]


@pytest.fixture
def visitor(functional, commune):
    browser = Browser(functional["app"])
    browser.handleErrors = False
    return browser


def picture():
    stream = BytesIO()
    Image.new("RGB", (800, 600), "orange").save(stream, "JPEG")
    return stream.getvalue()


@pytest.fixture
def post(commune, feed, news):
    """A delivered post with a picture, as the worker leaves it."""
    feed.validation = "none"
    news.title = "Fête <script>alert(1)</script> de la musique"
    news.image = NamedBlobImage(picture(), "image/jpeg", "f.jpg")
    news.image_caption = 'La "scène"'
    news.social_text = "Ce soir #musique <b>sur la place</b>"
    api.content.transition(news, to_state="published")
    outbox = Outbox(commune)
    (delivery,) = outbox.of_item(news.UID())
    outbox.save(replace(delivery, state=State.DELIVERED, finished=clock.now(), held=""))
    transaction.commit()
    return delivery


def test_posts_are_drawn_as_a_network_would(commune, visitor, post, news):
    visitor.open(f"{commune.absolute_url()}/@@social-sandbox")
    html = visitor.contents
    assert "Training: these posts exist on this page only" in html
    assert '<span class="social-hashtag">#musique</span>' in html
    assert "&lt;b&gt;sur la place&lt;/b&gt;" in html
    assert "<script>alert(1)" not in html
    assert f'src="{news.absolute_url()}/@@images/image/preview"' in html
    assert 'alt="La &quot;scène&quot;"' in html or 'alt="La &#34;scène&#34;"' in html
    assert f"{commune.absolute_url()}/@@social-sandbox/{post.id}" in html


def test_a_post_has_a_permalink_for_whoever_may_see_the_news(commune, visitor, post, news):
    url = f"{commune.absolute_url()}/@@social-sandbox/{post.id}"
    visitor.open(url)
    assert "#musique" in visitor.contents
    api.content.transition(news, transition="retract")
    transaction.commit()
    with pytest.raises(NotFound):
        visitor.open(url)
    visitor.open(f"{commune.absolute_url()}/@@social-sandbox")
    assert "#musique" not in visitor.contents


@pytest.mark.parametrize("key", ["nothing", "a/b", "%3Cscript%3E"])
def test_no_post_no_page(commune, post, key):
    answer = requests.get(f"{commune.absolute_url()}/@@social-sandbox/{key}", timeout=60)
    assert answer.status_code == 404
    assert "<script>" not in answer.text


def test_what_did_not_leave_is_not_there(commune, visitor, post):
    outbox = Outbox(commune)
    outbox.save(replace(outbox.get(post.id), state=State.QUEUED, finished=None))
    transaction.commit()
    with pytest.raises(NotFound):
        visitor.open(f"{commune.absolute_url()}/@@social-sandbox/{post.id}")


def test_posts_of_the_history_are_shown(commune, visitor, post):
    outbox = Outbox(commune)
    outbox.archive(clock.now().replace(year=2100))
    transaction.commit()
    visitor.open(f"{commune.absolute_url()}/@@social-sandbox")
    assert "#musique" in visitor.contents


@pytest.fixture
def mails(commune):
    settings().mail_to_page = True
    for who in ("camille", "ines"):
        api.user.create(f"{who}@town.example", who, "secret-enough-1")
        body = f"<b>Lisez</b>\nhttps://www.town.example/{who}\njavascript:alert(1)"
        mail.queue(commune, f"{who}@town.example", f"To approve for {who}", body, clock.now(), who)
    transaction.commit()
    return f"{commune.absolute_url()}/@@social-mails"


def test_administrators_see_all_mails(staff, mails):
    staff.open(mails)
    assert "To approve for camille" in staff.contents
    assert "To approve for ines" in staff.contents
    assert "&lt;b&gt;Lisez" in staff.contents
    assert '<a href="https://www.town.example/ines">' in staff.contents
    assert 'href="javascript' not in staff.contents


def test_others_see_their_own(visitor, mails):
    visitor.addHeader("Authorization", "Basic camille:secret-enough-1")
    visitor.open(mails)
    assert "To approve for camille" in visitor.contents
    assert "ines" not in visitor.contents


def test_who_writes_another_s_address_into_their_profile_sees_none(commune, visitor, mails):
    api.user.create("eve@town.example", "eve", "secret-enough-1")
    api.user.get("eve").setMemberProperties({"email": "camille@town.example"})
    transaction.commit()
    visitor.addHeader("Authorization", "Basic eve:secret-enough-1")
    visitor.open(mails)
    assert "To approve for" not in visitor.contents


def test_mails_are_not_for_visitors_nor_outside_training(visitor, staff, mails):
    with pytest.raises(Unauthorized):
        visitor.open(mails)
    settings().mail_to_page = False
    transaction.commit()
    with pytest.raises(NotFound):
        staff.open(mails)
