"""Whether a news item has an ambassador kit, and what ambassadors are given to say."""

from collective.socialterritory.networks.bluesky import network as bluesky
from collective.socialterritory.networks.facebook import network as facebook
from collective.socialterritory.networks.instagram import network as instagram
from collective.socialterritory.networks.mastodon import network as mastodon
from collective.socialterritory.networks.x import network as x
from collective.socialterritory.sentences.kit import KIT
from collective.socialterritory.share.model import Page
from collective.socialterritory.share.rules import kit
from collective.socialterritory.share.rules import links
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from urllib.parse import parse_qs
from urllib.parse import urlsplit

import pytest


NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
URL = "https://www.town.example/fete"
PAGE = Page(URL, "Fête de l’été", "http://localhost/site/fete")
KNOWN = {"instagram": links.target(instagram), **links.targets([x, mastodon, facebook, bluesky])}


def absence(public=True, since=None, until=None, validated=True, states=("delivered",)):
    return kit.absence(public, since, until, NOW, validated, states)


def test_news_that_readers_see_and_somebody_approved_has_a_kit():
    assert absence() == ""
    assert absence(since=NOW, until=NOW + HOUR) == ""


@pytest.mark.parametrize(("facts", "code"), [
    ({"public": False}, "kit_not_public"),
    ({"until": NOW}, "kit_expired"),
    ({"since": NOW + HOUR}, "kit_not_yet"),
    ({"validated": False, "states": ["rejected", "pending"]}, "kit_waits"),
    ({"validated": False, "states": ["rejected", "queued"]}, "kit_held"),
    ({"validated": False, "states": ["rejected", "delivered"]}, "kit_withdrawn"),
    ({"validated": False, "states": ["cancelled", "rejected"]}, "kit_refused"),
    ({"validated": False, "states": ["cancelled"]}, "kit_nothing"),
    ({"validated": False, "states": []}, "kit_nothing"),
])  # fmt: skip
def test_other_news_has_none_and_it_is_told_why(facts, code):
    assert absence(**facts) == code
    assert code in KIT


def ready(said=(), wanted=(), page=PAGE, shared=True):
    return kit.texts(page, dict(said), KNOWN, wanted, shared)


def asked(found):
    (link,) = found.links
    return {name: value for name, (value,) in parse_qs(urlsplit(link.url).query).items()}


def test_what_was_validated_comes_first_then_title_and_link_for_the_other_share_links():
    wanted = ["facebook", "x", "email", "mastodon", "gone", "qr", "copy", "print"]
    found = ready({"mastodon": f"La fête !\n\n{URL}"}, wanted)
    assert [([target.id for target in one.targets], one.text) for one in found] == [
        (["mastodon"], f"La fête !\n\n{URL}"),
        (["facebook", "x", "email"], f"{PAGE.title}\n{URL}"),
    ]
    (mastodon,) = found[0].links
    assert mastodon.server.startswith("https://{host}/share?text=La%20f%C3%AAte")
    assert mastodon.url == f"{PAGE.here}/@@social-share-mastodon"
    assert [link.id for link in found[1].links] == ["facebook", "x", "email"]


def test_a_title_too_long_for_one_network_is_cut_there_alone():
    long = replace(PAGE, title="mot " * 72)
    bluesky, facebook = ready(wanted=["bluesky", "facebook"], page=long)
    assert bluesky.text.endswith(f"…\n{URL}")
    assert facebook.text == f"{long.title.strip()}\n{URL}"


def test_the_network_opens_with_the_text_that_was_validated():
    (found,) = ready({"x": f"La fête !\nOn y va.\n{URL}"})
    assert asked(found) == {"text": "La fête ! On y va.", "url": URL}


def test_a_text_that_goes_on_after_its_link_is_pasted_by_hand():
    (found,) = ready({"x": f"La fête : {URL} #été"})
    assert found.text == f"La fête : {URL} #été"
    assert asked(found) == {"text": PAGE.title, "url": URL}


def test_a_text_without_the_link_gets_it_within_the_networks_limit():
    (found,) = ready({"bluesky": "mot " * 80})
    assert found.text.endswith(f"…\n{URL}")
    assert bluesky.limits.measure(found.text) <= 300


def test_a_link_is_not_doubled_for_its_campaign():
    (found,) = ready({"x": f"La fête : {URL}"}, page=replace(PAGE, url=f"{URL}?utm_medium=kit"))
    assert found.text == f"La fête : {URL}"


def test_a_network_without_share_links_has_its_text_alone():
    (found,) = ready({"instagram": "La fête"})
    assert (found.text, found.links) == (f"La fête\n{URL}", ())


def test_a_page_without_share_links_has_texts_alone():
    (found,) = ready(wanted=["x", "email"], shared=False)
    assert (found.text, found.links) == (f"{PAGE.title}\n{URL}", ())
