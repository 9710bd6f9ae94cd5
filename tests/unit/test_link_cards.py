from collective.socialterritory.accounts.model import Account
from collective.socialterritory.share.rules import cards
from collective.socialterritory.share.rules.credits import credits
from collective.socialterritory.share.rules.credits import handle
from collective.socialterritory.share.rules.described import Described
from collective.socialterritory.share.rules.described import Kind
from collective.socialterritory.share.rules.described import Picture
from dataclasses import replace

import pytest


PICTURE = Picture("/image", "image/jpeg", 1200, 630, "Plates")
PAGE = Described(Kind.NEWS, "/menu", "Menu", "Monday to Friday", "Town", "/", PICTURE)
LOOKS = {look.network: look for look in cards.LOOKS}


def sized(width, height):
    return replace(PAGE, picture=replace(PICTURE, width=width, height=height))


def codes(page):
    return [code for code, _params in cards.warnings(page)]


@pytest.mark.parametrize(
    ("width", "height", "large"),
    [
        (1200, 630, True),
        (600, 315, True),
        (599, 315, False),
        (600, 314, False),
        (1300, 1000, True),
        (1299, 1000, False),
        (3000, 1000, True),
        (3001, 1000, False),
        (1000, 1500, False),
        (0, 0, False),
    ],
)
def test_which_image_a_large_card_does_justice(width, height, large):
    assert cards.large(replace(PICTURE, width=width, height=height)) is large


@pytest.mark.parametrize(
    ("network", "size", "shown"),
    [
        ("facebook", (1200, 630), "large"),
        ("facebook", (599, 400), "small"),
        ("facebook", (199, 400), ""),
        ("facebook", (1200, 1200), "small"),
        ("linkedin", (1199, 700), "small"),
        ("x", (300, 157), "large"),
        ("x", (143, 143), ""),
        ("mastodon", (80, 40), "large"),
        ("mastodon", (40, 80), "small"),
        ("bluesky", (0, 0), ""),
    ],
)
def test_how_a_network_shows_the_image(network, size, shown):
    assert cards.card(sized(*size), LOOKS[network]).image == shown


def test_what_is_cut_ends_at_a_word():
    page = replace(PAGE, title="Une très longue actualité " * 5, description="Résumé " * 40)
    card = cards.card(page, LOOKS["x"])
    assert card.cut
    assert card.title.endswith("…") and len(card.title) <= 70
    assert card.description == "", "X shows none"
    assert len(cards.card(page, LOOKS["bluesky"]).description) <= 160


def test_nothing_to_say_of_a_good_card():
    assert cards.warnings(PAGE) == ()


@pytest.mark.parametrize(
    ("page", "code"),
    [
        (replace(PAGE, picture=replace(PICTURE, own=False)), "card_no_image"),
        (sized(500, 300), "card_image_small"),
        (sized(0, 0), "card_image_small"),
        (sized(1000, 1000), "card_image_shape"),
        (replace(PAGE, picture=replace(PICTURE, alt="")), "card_no_alt"),
        (replace(PAGE, description=""), "card_no_description"),
        (replace(PAGE, title="long " * 14 + "x"), "card_title_cut"),
    ],
)
def test_what_looks_poor_is_told(page, code):
    assert codes(page) == [code]


def test_the_networks_that_cut_are_named():
    assert cards.warnings(replace(PAGE, title="a" * 69)) == (("card_title_cut", {"networks": "WhatsApp"}),)
    assert cards.warnings(replace(PAGE, title="a" * 71)) == (("card_title_cut", {"networks": "X, WhatsApp"}),)


@pytest.mark.parametrize(
    ("identity", "name"),
    [
        ("@town", "@town"),
        ("@town@social.example", "@town@social.example"),
        ("x.com/VilleDe", "@VilleDe"),
        ("social.example/@town", "@town@social.example"),
        ("linkedin.com/company/town", ""),
        ("town.example", ""),
        ("", ""),
    ],
)
def test_a_name_to_credit(identity, name):
    assert handle(identity) == name


def speaks(identity, *sections):
    return Account(identity, identity, "x", identity=identity, sections=sections)


X, FEDIVERSE = "twitter:creator", "fediverse:creator"


@pytest.mark.parametrize(
    ("speaking", "site", "named"),
    [
        ([], "", {}),
        ([], "@town", {"twitter:site": "@town"}),
        ([(X, speaks("@town"))], "", {X: "@town", "twitter:site": "@town"}),
        ([(X, speaks("@town"))], "@other", {X: "@town", "twitter:site": "@other"}),
        ([(X, speaks("@town")), (X, speaks("@sports", "/a"))], "", {X: "@sports", "twitter:site": "@town"}),
        ([(X, speaks("@sports", "/a")), (X, speaks("@town"))], "", {X: "@sports", "twitter:site": "@town"}),
        ([(X, speaks("@first")), (X, speaks("@second"))], "", {X: "@first", "twitter:site": "@first"}),
        ([(X, speaks("@sports", "/a"))], "", {X: "@sports"}),
        ([(FEDIVERSE, speaks("@town@town.example"))], "", {FEDIVERSE: "@town@town.example"}),
        ([(X, speaks("town.example"))], "", {}),
    ],
)
def test_who_is_named(speaking, site, named):
    assert dict(credits(speaking, site)) == named
