"""Where share links lead, what they say, and which server a visitor means."""

from collective.socialterritory.networks.bluesky import network as bluesky
from collective.socialterritory.networks.facebook import network as facebook
from collective.socialterritory.networks.instagram import network as instagram
from collective.socialterritory.networks.linkedin import network as linkedin
from collective.socialterritory.networks.mastodon import network as mastodon
from collective.socialterritory.networks.sandbox import network as sandbox
from collective.socialterritory.networks.threads import network as threads
from collective.socialterritory.networks.x import network as x
from collective.socialterritory.share.model import Page
from collective.socialterritory.share.model import Profile
from collective.socialterritory.share.model import Target
from collective.socialterritory.share.rules import links
from hypothesis import given
from hypothesis import strategies
from string import Formatter
from urllib.parse import parse_qs
from urllib.parse import urlsplit

import pytest


URL = "https://www.town.example/actualites/f%C3%AAte?a=1&b=2"
PAGE = Page(URL, "Fête de l’été & « marché » : 50 % / #1", "http://localhost/site/fete")
KNOWN = links.targets([sandbox, x, mastodon, linkedin, instagram, threads, facebook, bluesky])


def link(id, page=PAGE):
    (found,) = links.links(KNOWN, [id], page)
    return found


def query(url):
    return {name: value for name, (value,) in parse_qs(urlsplit(url).query, strict_parsing=True).items()}


def test_networks_with_a_share_link_come_first_by_title_then_the_rest():
    assert list(KNOWN) == [
        *("bluesky", "facebook", "linkedin", "mastodon", "threads", "x"),
        *("whatsapp", "telegram", "email", "qr", "copy", "print", "sheet"),
    ]


@pytest.mark.parametrize(("id", "address", "said"), [
    ("facebook", "https://www.facebook.com/sharer/sharer.php", {"u": URL}),
    ("x", "https://x.com/intent/post", {"text": PAGE.title, "url": URL}),
    ("linkedin", "https://www.linkedin.com/sharing/share-offsite/", {"url": URL}),
    ("bluesky", "https://bsky.app/intent/compose", {"text": f"{PAGE.title} {URL}"}),
    ("whatsapp", "https://wa.me/", {"text": f"{PAGE.title} {URL}"}),
    ("telegram", "https://t.me/share/url", {"url": URL, "text": PAGE.title}),
    ("threads", "https://www.threads.com/intent/post", {"text": PAGE.title, "url": URL}),
    ("email", "mailto:", {"subject": PAGE.title, "body": f"{PAGE.title}\r\n\r\n{URL}"}),
])  # fmt: skip
def test_what_a_link_says_arrives_as_it_was(id, address, said):
    found = link(id)
    assert found.url.startswith(f"{address}?")
    assert query(found.url) == said
    assert found.url.isascii() and not set(' "<>') & set(found.url)


def test_mastodon_leads_to_the_page_that_asks_for_the_server():
    found = link("mastodon")
    assert found.url == "http://localhost/site/fete/@@social-share-mastodon"
    assert found.server.startswith("https://{host}/share?text=F%C3%AAte%20de")
    onward = links.filled(KNOWN["mastodon"], PAGE, "piaille.fr")
    assert urlsplit(onward).netloc == "piaille.fr"
    assert query(onward) == {"text": f"{PAGE.title} {URL}"}


def test_braces_in_a_title_are_a_title():
    page = Page(URL, "{host} {url} {} %7Bhost%7D", PAGE.here)
    assert query(link("bluesky", page).url)["text"] == f"{page.title} {URL}"
    assert "{host}" not in links.filled(KNOWN["mastodon"], page, "piaille.fr")


def test_what_the_browser_does_has_no_address():
    assert [link(id).url for id in ("copy", "print", "sheet")] == ["", "", ""]
    assert link("qr").url == "http://localhost/site/fete/@@social-share-qr"


def test_the_order_is_the_settings_and_what_is_gone_is_left_out():
    found = links.links(KNOWN, ["email", "gone", "x", "email", "copy"], PAGE)
    assert [one.id for one in found] == ["email", "x", "copy"]


@pytest.mark.parametrize(("id", "limit", "measure"), [
    ("bluesky", 300, bluesky.limits.measure), ("x", 280, x.limits.measure), ("whatsapp", 300, len),
])  # fmt: skip
def test_a_long_title_is_cut_so_that_it_fits_with_its_link(id, limit, measure):
    page = Page(URL, "La fête de l’école 👩‍👩‍👧‍👦 " * 60, PAGE.here)
    said = query(link(id, page).url)
    text = said["text"] if "url" not in said else f"{said['text']} {said['url']}"
    assert limit - 25 < measure(text) <= limit
    assert text.endswith(f"… {URL}")


@given(strategies.text(), strategies.sampled_from(sorted(KNOWN)))
def test_no_title_breaks_a_link(title, id):
    page = Page(URL, title, PAGE.here)
    for url in (link(id, page).url, link(id, page).server):
        assert url.isascii() and not set(' "<>\n') & set(url)
        if "{" not in url and "?" in url:
            assert set(query(url)) <= {"u", "url", "text", "subject", "body"}


def test_every_template_names_only_what_is_filled_in():
    names = {name for target in KNOWN.values() for _, name, _, _ in Formatter().parse(target.template) if name}
    assert names == {"url", "title", "text", "host", "here"}


def test_a_target_without_a_limit_is_not_cut():
    page = Page(URL, "x" * 5000, PAGE.here)
    assert len(links.filled(Target("a", template="https://a.example/?t={title}", limit=0), page)) > 5000


@pytest.mark.parametrize(("typed", "host"), [
    ("mastodon.social", "mastodon.social"),
    (" Mastodon.Social ", "mastodon.social"),
    ("https://mastodon.social/@me", "mastodon.social"),
    ("HTTP://mastodon.social?x", "mastodon.social"),
    ("@me@piaille.fr", "piaille.fr"),
    ("me@piaille.fr", "piaille.fr"),
    ("https://mairie.édu-ville.fr", "mairie.xn--du-ville-90a.fr"),
    ("dev.town.example", "dev.town.example"),
])  # fmt: skip
def test_a_server_as_people_write_it(typed, host):
    assert links.server(typed) == host


@pytest.mark.parametrize("typed", [
    "", "mastodon", "localhost", "127.0.0.1", "[::1]", "10.1.2.3", "2130706433", "0x7f.1", "srv.lan", "a.localhost",
    "mastodon.social:8080", "mastodon.social\\@evil.example", "evil example.com", "a.b\r\nX: y", "//evil.example",
    "javascript:alert(1)", "a..b", "-a.fr", "x" * 400 + ".fr", "a.\u2028fr", "a%2eb.fr/share", ".fr", "é" * 200 + ".fr",
])  # fmt: skip
def test_what_is_no_server_is_refused(typed):
    assert links.server(typed) == ""


@given(strategies.text())
def test_nothing_typed_gives_more_than_a_host(typed):
    assert set(links.server(typed)) <= set("abcdefghijklmnopqrstuvwxyz0123456789.-")


@pytest.mark.parametrize(("path", "sections", "inside"), [
    ("/site/a/b", [], True), ("/site/a/b", ["/site/a"], True), ("/site/a", ["/site/a"], True),
    ("/site/ab", ["/site/a"], False), ("/site/c", ["/site/a", "/site/c/"], True), ("/site/c", ["/gone/"], False),
])  # fmt: skip
def test_sections(path, sections, inside):
    assert links.within(path, sections) is inside


def test_several_accounts_of_a_network_are_told_apart():
    town, sports, page = (
        Profile("mastodon", "Mastodon", "@town@piaille.fr", "https://piaille.fr/@town", "mastodon"),
        Profile("mastodon", "Mastodon", "@sports@piaille.fr", "https://piaille.fr/@sports", "mastodon"),
        Profile("facebook", "Facebook", "Town", "https://www.facebook.com/town", "facebook"),
    )
    labels = [one.label for one in links.labelled([town, sports, page])]
    assert labels == ["Mastodon @town@piaille.fr", "Mastodon @sports@piaille.fr", "Facebook"]
