"""What listening finds, what it takes for the same, what it keeps, and when it writes."""

from collective.socialterritory.feeds.listening import rules
from collective.socialterritory.feeds.listening.model import Match
from collective.socialterritory.feeds.listening.model import Watch
from collective.socialterritory.feeds.model import Source
from collective.socialterritory.networks.entries import Entry
from collective.socialterritory.networks.entries import UNDATED
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from zoneinfo import ZoneInfo

import pytest


NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ENTRY = Entry("1", "https://m.example/@a/1", NOW, "Travaux rue de l’Église", "@a")


def finds(term, text, **more):
    said = rules.Said(replace(ENTRY, text=text, **more))
    return rules.found(Watch("w", "W", (term,)), said) == (term,)


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("eglise", "Travaux rue de l’Église"),
        ("ÉGLISE", "la rue de l'e\u0301glise est fermée"),
        ("rue de l'Église", "Travaux, Rue de l’église."),
        ("Saint-Denis", "à Saint Denis, ce soir"),
        ("sacre coeur", "Au Sacré-Cœur !"),
        ("canicule", "#Canicule : restez au frais"),
        ("#villedex", "Belle journée à #VilleDeX"),
        ("#Été", "vive l' #ete"),
        ("@mairie", "Merci @Mairie."),
        ("@mairie", "Merci @mairie@mastodon.social !"),
        ("@mairie@mastodon.social", "Merci @mairie@mastodon.social."),
        ("@ville.bsky.social", "(@ville.bsky.social)"),
    ],
)
def test_found(term, text):
    assert finds(term, text)


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("mai", "La mairie"),
        ("rue église", "rue de l'église"),
        ("#ville", "#VilleDeX"),
        ("#ville", "la ville"),
        ("@mairie", "contact@mairie, @mairies et mairie"),
        ("@mairie", "@mairie.bsky.social"),
        ("@mairie@a.example", "@mairie@b.example"),
        ("town", "https://town.example/town"),
    ],
)
def test_not_found(term, text):
    assert not finds(term, text)


def test_titles_and_tags_of_a_feed_are_looked_through():
    assert finds("voirie", "", title="Voirie") and finds("#Voirie", "", tags=("voirie",))


def test_a_watch_is_lines_that_say_something():
    assert rules.terms(" #town \n\n#town\nroads  ") == (("#town", "roads"), "")
    assert rules.terms(" \n ")[1] == "terms_missing"
    assert rules.terms("\n".join(map(str, range(51))))[1] == "terms_many"
    assert rules.terms("x" * 101)[1] == "term_long"
    assert rules.terms("town\n#!")[1] == "term_empty"


def test_what_the_body_says_itself_is_found_only_where_it_is_chosen():
    own, other = Source("1", "", "own", "a"), Source("2", "", "mastodon", "b")
    everything, chosen = Watch("w", "", ("x",)), Watch("w", "", ("x",), ("1",))
    assert [rules.follows(everything, source) for source in (own, other)] == [False, True]
    assert [rules.follows(chosen, source) for source in (own, other)] == [True, False]


def test_an_entry_is_known_again_by_its_id_or_by_what_it_says_and_where():
    def same(one, other, source="s"):
        return bool(set(rules.marks("s", one)) & set(rules.marks(source, other)))

    assert same(ENTRY, replace(ENTRY, text="Corrected"))
    assert same(ENTRY, replace(ENTRY, id="2"))
    assert same(ENTRY, replace(ENTRY, id="2"), "another server")
    assert not same(ENTRY, replace(ENTRY, id="2", author="@b")), "many may say the same"
    assert not same(ENTRY, replace(ENTRY, url="https://x.example", text="y"), "another feed with small numbers")
    mute = replace(ENTRY, url="", text="")
    assert not same(mute, replace(mute, id="2"))


def test_old_entries_are_not_found_and_undated_ones_are():
    ages = [NOW - timedelta(days=91), NOW - timedelta(days=89), UNDATED]
    assert [rules.too_old(replace(ENTRY, published=age), NOW) for age in ages] == [True, False, False]


def test_matches_go_with_age_and_number():
    assert rules.surplus([("new", NOW), ("old", NOW - timedelta(days=91))], NOW) == ["old"]
    many = [(str(number), NOW - timedelta(seconds=number)) for number in range(1002)]
    assert rules.surplus(many, NOW) == ["1000", "1001"]


def test_what_was_said_last_is_first_and_what_has_no_date_stands_where_it_was_found():
    def match(id, found, published):
        return Match(id, NOW - timedelta(hours=found), published, "", {})

    old, undated, new = match("o", 0, NOW - timedelta(days=1)), match("u", 2, UNDATED), match("n", 3, NOW)
    assert [found.id for found in rules.newest([old, undated, new])] == ["n", "u", "o"]


def test_the_digest_comes_once_a_day_at_the_sites_own_hour():
    paris = ZoneInfo("Europe/Paris")
    before, at = datetime(2026, 11, 23, 5, 59, tzinfo=UTC), datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
    yesterday = at - timedelta(days=1)
    assert not rules.digest_due(yesterday, before, paris)
    assert rules.digest_due(yesterday, at, paris)
    assert not rules.digest_due(at, at + timedelta(hours=20), paris)
    assert rules.digest_due(at - timedelta(days=3), before, paris), "the server was off at seven"


def test_links_lead_to_the_web_or_to_this_site():
    root = "https://town.example/"
    assert rules.address("https://x.example/1", root) == "https://x.example/1"
    assert rules.address("/@@social-sandbox/1", root) == "https://town.example/@@social-sandbox/1"
    assert rules.address("javascript:alert(1)", root) == ""
