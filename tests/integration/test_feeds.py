"""Sources from paste to page: the worker looks, visitors read what is kept, whatever the sources do."""

from collective.socialterritory import clock
from collective.socialterritory.feeds import content
from collective.socialterritory.feeds.store import Feeds
from collective.socialterritory.interfaces import settings
from collective.socialterritory.mail import waiting
from collective.socialterritory.networks.entries import Entry
from collective.socialterritory.networks.entries import Feed
from collective.socialterritory.networks.entries import Image
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from feeding import followed
from feeding import hurry
from feeding import picture
from feeding import rss
from plone import api
from plone.app.textfield.value import RichTextValue
from plone.uuid.interfaces import IUUID
from working import work

import pytest
import requests
import transaction


@pytest.fixture
def source(town, feeding):
    """A feed of two entries, one with a picture, that was looked at once."""
    image = feeding.put("/a.jpg", picture(), "image/jpeg")
    url = feeding.put(
        "/feed.xml", rss({"title": "One"}, {"title": "Two", "text": "Été", "image": image, "alt": "A fair"})
    )
    return followed(town, url)


def get(town, path):
    return town.anonymous.session.get(f"{town.url}/{path}", headers={"Accept": "text/html"})


def test_visitors_read_what_the_worker_kept(town, source):
    page = get(town, "social-feeds/news")
    assert page.status_code == 200 and "One" in page.text and "Été" in page.text
    assert 'alt="A fair"' in page.text and "127.0.0.1" not in page.text


def test_pictures_come_from_this_site_and_are_small(town, source):
    (name,) = Feeds(town.site).pictures(IUUID(source)).values()
    answer = get(town, f"social-feeds/news/@@social-media/{name}")
    assert answer.headers["Content-Type"] == "image/jpeg" and answer.content.startswith(b"\xff\xd8")
    assert answer.headers["X-Content-Type-Options"] == "nosniff" and "immutable" in answer.headers["Cache-Control"]
    assert f"@@social-media/{name}" in get(town, "social-feeds/news").text and name.endswith("-640x480")
    for other in ("x", "stamp", name[:-1]):
        assert get(town, f"social-feeds/news/@@social-media/{other}").status_code == 404


def test_a_page_writes_nothing_and_asks_nobody(town, source, feeding):
    get(town, "social-feeds")
    transaction.begin()
    before, last = feeding.calls.total(), town.site._p_jar.db().lastTransaction()
    get(town, "social-feeds/news"), get(town, "@social-feed/news")
    assert feeding.calls.total() == before and town.site._p_jar.db().lastTransaction() == last


def test_what_has_not_changed_is_not_written(town, source, feeding):
    copy = Feeds(town.site)._root[IUUID(source)]["copy"]
    copy._p_activate()
    before = copy._p_serial
    hurry(town)
    assert feeding.spared["/feed.xml"] == 1 and feeding.calls["/a.jpg"] == 1
    transaction.begin()
    copy._p_activate()
    assert copy._p_serial == before


def test_people_read_when_the_last_change_was_read(town, source, feeding, later):
    later()
    feeding.put("/feed.xml", rss({"title": "Three"}))
    hurry(town)
    transaction.begin()
    assert clock.now() - Feeds(town.site).health(IUUID(source)).succeeded < timedelta(minutes=5)


def test_pictures_go_with_their_entry(town, source, feeding):
    feeding.put("/feed.xml", rss({"title": "Three"}))
    hurry(town)
    transaction.begin()
    known = Feeds(town.site)
    assert known.pictures(IUUID(source)) == {} and known.size(IUUID(source)) == 0
    assert [entry.title for entry in known.feed(IUUID(source)).entries] == ["Three"]


@pytest.mark.parametrize("body", ["<html>moved</html>", "", "\x00\x01", '<?xml version="1.0"?><rss><channel>'])
def test_visitors_keep_the_last_good_copy(town, source, feeding, body):
    feeding.put("/feed.xml", body, "text/html")
    hurry(town)
    assert "Été" in get(town, "social-feeds/news").text
    (told,) = town.webmaster.get("@social-status").json()["sources"]
    assert told["error"]["code"] in ("not_a_feed", "feed_empty") and told["entries"] == 2 and told["last_success"]


def test_a_dead_source_is_told_once_and_looked_at_rarely(town, source, feeding, later):
    feeding.down()
    hurry(town)
    later(timedelta(hours=25))
    hurry(town)
    hurry(town)
    transaction.begin()
    mails = [mail for _id, mail in waiting(town.site) if "News" in mail["subject"]]
    assert [mail["to"] for mail in mails] == ["webmaster@town.example"]
    assert "Visitors see the last copy" in mails[0]["body"] and "/social-feeds/news" in mails[0]["body"]
    (told,) = town.webmaster.get("@social-status").json()["sources"]
    assert told["dead"] and told["error"]["code"] == "refused_connection"
    assert "News does not answer: as it was on" in get(town, "social-feeds/news").text
    feeding.up()
    hurry(town)
    assert "does not answer" not in get(town, "social-feeds/news").text
    (told,) = town.webmaster.get("@social-status").json()["sources"]
    assert not told["dead"] and told["error"] is None


def test_what_is_wrong_names_the_source_also_before_its_first_success(town, source, feeding):
    followed(town, f"{feeding.url}/none.xml", title="Nowhere")
    page = town.webmaster.session.get(f"{town.url}/@@social-territory-controlpanel", headers={"Accept": "text/html"})
    assert "Nowhere: no success so far." in page.text


def test_programs_read_it_in_batches(town, source):
    first = town.anonymous.get("@social-feed/news", b_size=1).json()
    assert [item["title"] for item in first["items"]] == ["One"] and first["items_total"] == 2
    second = requests.get(first["batching"]["next"], headers={"Accept": "application/json"}, timeout=10).json()
    (item,) = second["items"]
    assert item["title"] == "Two" and item["image"]["alt"] == "A fair" and item["source"] == "news"
    assert "next" not in second["batching"]
    assert town.anonymous.get("@social-feed/nothing").status_code == 404


def test_visitors_do_not_learn_the_address_that_is_looked_at_which_may_hold_a_key(town, feeding):
    followed(town, feeding.put("/feed.xml?key=s3cret", rss({"title": "One"})))
    assert "s3cret" not in town.anonymous.get("social-feeds/news").text
    assert "s3cret" not in town.anonymous.get("@search?portal_type=SocialSource&fullobjects=1").text
    assert town.webmaster.get("social-feeds/news").json()["where"].endswith("key=s3cret")


def test_a_mix_shows_each_thing_once(town, source, feeding):
    link = "https://www.town.example/Two"
    url = feeding.put("/other.xml", rss({"title": "Again", "link": link}, {"title": "Own"}, title="Other"))
    other = followed(town, url, id="other")
    with api.env.adopt_roles(["Manager"]):
        folder = town.site[content.CONTAINER]
        sources = [IUUID(source), IUUID(other)]
        api.content.create(folder, content.MIX, id="mix", title="All", sources=sources)
    transaction.commit()
    titles = [item["title"] for item in town.anonymous.get("@social-feed/mix").json()["items"]]
    assert sorted(titles) == ["One", "Own", "Two"]


def test_what_accounts_posted_from_here_is_a_source(town):
    followed(town, town.account.UID(), kind="own", id="own")
    item = town.news()
    delivery = town.validator.delivery()
    town.validator.decide(delivery, "approve", fingerprint=delivery["fingerprint"])
    work(town.functional)
    hurry(town)
    (said,) = town.anonymous.get("@social-feed/own").json()["items"]
    assert "Menu de la cantine" in said["text"] and said["url"].startswith(f"{town.url}/@@social-sandbox/")
    with api.env.adopt_user(username="editor"):
        api.content.transition(item, to_state="private")
    transaction.commit()
    hurry(town)
    assert town.anonymous.get("@social-feed/own").json()["items"] == []


def test_nothing_that_a_network_says_is_markup_or_leads_elsewhere_than_to_the_web(town, source):
    bad = "javascript:alert(1)"
    entry = Entry("1", bad, datetime(2026, 11, 22, tzinfo=UTC), "<script>x</script> & y", "<b>", title="<img src=x>")
    feed = Feed("<i>", bad, (replace(entry, avatar=bad, images=(Image(bad, '"><script>'),)),), bad)
    Feeds(town.site).keep(IUUID(source), feed, {}, {}, datetime(2026, 11, 22, tzinfo=UTC))
    transaction.commit()
    page = get(town, "social-feeds/news").text
    assert "&lt;script&gt;x" in page and "<script>x" not in page and "<img src=x>" not in page and "<b>" not in page
    assert bad not in page and bad not in town.anonymous.get("@social-feed/news").text


def test_a_pause_of_the_site_leaves_a_notice(town, source):
    known = settings()
    known.pause_reason, known.pause_by, known.pause_start = "Crisis", "Mayor", datetime(2026, 1, 1)
    transaction.commit()
    page = get(town, "social-feeds/news").text
    assert "paused" in page and "Été" not in page and "Crisis" not in page
    assert town.anonymous.get("@social-feed/news").json()["items"] == []


def test_a_page_has_its_feed_above_or_below_the_text(town, source):
    with api.env.adopt_roles(["Manager"]):
        page = api.content.create(town.site, "Document", id="page", title="Page", social_feed=IUUID(source))
        page.text = RichTextValue("<p>BODY</p>", "text/html", "text/html")
        api.content.transition(page, to_state="published")
    transaction.commit()
    below = get(town, "page").text
    assert below.index("BODY") < below.index("Été")
    page.social_feed_place = "above"
    transaction.commit()
    above = get(town, "page").text
    assert above.index("Été") < above.index("BODY")


def test_only_those_who_manage_the_settings_add_sources(town, source):
    url = f"{town.url}/social-feeds/@@social-source"
    for client in (town.anonymous, town.editor, town.validator):
        assert client.session.get(url, allow_redirects=False).status_code in (302, 401)
    for client in (town.anonymous, town.editor):
        body = {"@type": content.SOURCE, "title": "x", "kind": "feed", "where": "https://x.example/"}
        assert client.post("social-feeds", body).status_code in (401, 403)
        assert client.patch("social-feeds/news", {"where": "https://x.example/"}).status_code in (401, 403)
        assert client.get("@social-status").status_code == 401
