"""Which addresses must never be posted."""

from collective.socialterritory.address import EDIT_LABELS
from collective.socialterritory.address import item_url
from collective.socialterritory.address import problem
from collective.socialterritory.address import told_apart

import pytest


@pytest.mark.parametrize("url", [
    "https://www.ville.example",
    "http://ville.fr/",
    "https://www.ville.fr:8443/site",
    "https://www.ville.fr.",
    "https://édition-locale.fr",
    "https://edition.fr",
    "https://test.fr",
    "https://testament.ville.fr",
    "https://dev-eco.ville.fr",
    "https://www.edit.ville.fr",
    "https://93.184.216.34",
    "https://[2606:4700::6810:84e5]/",
    "HTTPS://WWW.VILLE.FR",
])  # fmt: skip
def test_good(url):
    assert problem(url) == ""


@pytest.mark.parametrize(("code", "urls"), [
    ("no_address", [""]),
    ("malformed_address", [
        "https://www.ville.fr/?a=1", "https://www.ville.fr/#haut", "https://www.ville.fr?",
        "   ", "www.ville.fr", "//www.ville.fr", "ftp://www.ville.fr", "javascript:alert(1)", "mailto:a@ville.fr",
        "https://", "https:///chemin", "https://user@www.ville.fr", "https://u:p@www.ville.fr", "https://@www.ville.fr",
        "https://www.ville.fr:port", "https://www.ville.fr:99999", "http://[::1", "https://www.ville.fr/a b",
        "https://www.ville.fr/\n", "https://www.vi\u202elle.fr",
    ]),
    ("local_address", [
        "http://localhost:8080/Plone", "http://LOCALHOST", "http://localhost.", "http://plone.localhost:8080",
        "http://localhost.localdomain", "http://127.0.0.1:8080", "http://127.9.9.9", "http://[::1]:8080", "http://0.0.0.0",
        "http://[::]", "http://[::ffff:127.0.0.1]",
    ]),
    ("internal_address", [
        "http://plone", "http://10.0.0.3", "http://192.168.1.1", "http://172.16.0.1", "http://169.254.169.254",
        "http://100.64.0.1", "http://224.0.0.1", "http://255.255.255.255", "http://198.18.0.1", "http://203.0.113.9",
        "http://[fe80::1]", "http://[fc00::1]", "http://[ff02::1]", "http://[2001:db8::1]", "http://[::ffff:10.0.0.1]",
        "http://[64:ff9b::7f00:1]", "http://[2002:7f00:1::]", "http://[2001::1]", "http://127.1", "http://0x7f.1",
        "http://2130706433", "http://mairie.local", "http://www.mairie.lan", "http://cms.ville.internal",
        "http://www.ville.intranet", "http://www.ville.corp", "http://nas.home.arpa", "http://www.ville.test",
        "http://www.ville.invalid",
    ]),
    ("edit_address", [
        "https://edit.ville.fr", "https://edition.www.ville.fr", "https://preprod2.ville.fr", "https://Admin.ville.fr",
        "https://intranet.ville.fr",
    ]),
])  # fmt: skip
def test_bad(code, urls):
    assert {url: problem(url) for url in urls} == dict.fromkeys(urls, code)


@pytest.mark.parametrize("label", sorted(EDIT_LABELS))
def test_edit_hosts(label):
    assert problem(f"https://{label}.ville.fr") == "edit_address"


@pytest.mark.parametrize(("public", "site", "path", "url"), [
    ("https://www.ville.fr", "/Plone", "/Plone/actualites/cantine", "https://www.ville.fr/actualites/cantine"),
    ("https://www.ville.fr/", "/Plone", "/Plone/actualites/", "https://www.ville.fr/actualites"),
    ("https://www.ville.fr", "/Plone", "/Plone", "https://www.ville.fr"),
    ("https://agglo.fr/ville", "/zodb/ville/", "/zodb/ville/a", "https://agglo.fr/ville/a"),
    ("https://www.ville.fr", "/Plone", "/Plone/fête d'été?.pdf", "https://www.ville.fr/f%C3%AAte%20d'%C3%A9t%C3%A9%3F.pdf"),
    ("https://www.ville.fr", "/Plone", "/Plone2/a", ""),
    ("", "/Plone", "/Plone/a", ""),
])  # fmt: skip
def test_item_url(public, site, path, url):
    assert item_url(public, site, path) == url


def test_what_tells_a_post_from_others():
    form = r"https://(www\.)?x\.example/\w+/(?P<post>\d+)/?(\?\S*)?"
    said = {
        told_apart(form, f"https://{host}x.example/town/7{rest}") for host in ("", "www.") for rest in ("", "/?a=b")
    }
    assert said == {"7"}
    assert told_apart(r"https://\S+", "https://x.example/7/#top") == "https://x.example/7"
