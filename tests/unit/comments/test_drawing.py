"""Comments as HTML."""

from bs4 import BeautifulSoup
from collective.socialterritory.comments.rules.drawing import drawn
from collective.socialterritory.comments.rules.drawing import Shown
from collective.socialterritory.comments.rules.drawing import thread
from collective.socialterritory.comments.rules.drawing import Words

import pytest


WORDS = Words(
    here="https://town.example/news",
    form="https://town.example/news/@@social-comment",
    report_page="https://town.example/@@social-report?comment=abc",
    anonymous="Anonyme",
    answer="Répondre",
    answer_to="à {name}",
    edited="modifié",
    in_answer_to="En réponse à {name}",
    official="Réponse officielle",
    report="Signaler",
    report_of="le commentaire de {name}",
    said_on="Dit sur {name}",
    waits="En attente",
)
SHOWN = Shown(7, "Jeanne", "Merci.\nBravo.\n\nhttps://x.example/a", "23 nov.", "2026-11-23T09:00:00+00:00", takes=True)


def soup(**changes):
    return BeautifulSoup(drawn(SHOWN._replace(**changes), WORDS), "html.parser")


def test_a_comment_says_who_when_and_what():
    page = soup()
    assert page.article["id"] == "comment-7"
    assert page.select_one(".social-comment-name").text == "Jeanne"
    assert page.time["datetime"] == "2026-11-23T09:00:00+00:00" and page.time.text == "23 nov."
    assert page.select_one(".social-comment-when a")["href"] == "https://town.example/news?comment=7#comment-7"
    assert [str(p) for p in page.select(".social-comment-text p")][0] == "<p>Merci.<br/>Bravo.</p>"
    link = page.select_one(".social-comment-text a")
    assert link["href"] == "https://x.example/a" and link["rel"] == ["nofollow", "ugc", "noopener"]
    answer, report = page.footer.select("a")
    assert answer["href"].endswith("/@@social-comment?answer=7") and answer.text == "Répondre à Jeanne"
    assert report["href"].endswith("?comment=abc.7") and report.text == "Signaler le commentaire de Jeanne"
    assert not page.select(".social-comment-badge")


def test_a_name_that_is_none():
    assert soup(name=" \n").select_one(".social-comment-name").text == "Anonyme"


def test_nobody_answers_where_nobody_may():
    assert "Répondre" not in soup(takes=False).footer.text
    assert soup(takes=False, waits=True).footer is soup(takes=False, official=True).footer is None


def test_what_is_not_there_any_more_leaves_a_place():
    page = soup(gone="Un commentaire retiré.", text="secret", name="Jeanne")
    assert "Un commentaire retiré." in page.text
    assert "secret" not in str(page) and "Jeanne" not in str(page)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"official": True}, "Réponse officielle"),
        ({"waits": True}, "En attente"),
        ({"source": "Mastodon"}, "Dit sur Mastodon"),
        ({"edited": "24 nov."}, "modifié"),
        ({"answers": (3, "Ali")}, "En réponse à Ali"),
    ],
)
def test_what_is_special_about_it_is_said_in_words(changes, said):
    assert said in soup(**changes).text
    assert said not in soup().text


def test_what_waits_has_no_address_that_others_could_open():
    assert soup(waits=True).select(".social-comment-when a") == []


def test_what_came_from_a_network_leads_there():
    page = soup(source="Mastodon", url="https://m.example/1", author_url="https://m.example/@a", avatar="/a.png")
    assert page.select_one(".social-comment-badge").parent["href"] == "https://m.example/1"
    assert page.select_one(".social-comment-name").parent["href"] == "https://m.example/@a"
    assert page.img["src"] == "/a.png" and page.img["alt"] == ""


def test_an_address_that_is_none_leads_nowhere():
    page = soup(source="Mastodon", url="javascript:alert(1)", author_url="data:text/html,x")
    assert "javascript:" not in str(page) and "data:" not in str(page)


@pytest.mark.parametrize("payload", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{name}{0}"])
def test_nothing_that_strangers_wrote_is_markup(payload):
    fields = ("name", "text", "source", "url", "author_url", "avatar", "gone", "when", "iso", "edited")
    for field in fields:
        page = soup(**{"source": "Mastodon", field: payload})
        assert page.script is None and not page.select("[onerror]"), field
    assert soup(answers=(3, payload)).script is None


def test_controls_of_direction_are_gone_and_names_are_isolated():
    page = soup(name="a\u202eb", text="c\u202ed")
    assert "\u202e" not in str(page)
    assert page.bdi.text == "ab" and page.select_one(".social-comment-text")["dir"] == "auto"


def shape(html):
    """Nested lists of the texts."""
    return [read(child) for child in BeautifulSoup(html, "html.parser").find_all("ol", recursive=False)]


def read(ol):
    items = []
    for li in ol.find_all("li", recursive=False):
        items.append(li.find(string=True, recursive=False))
        items += [read(below) for below in li.find_all("ol", recursive=False)]
    return items


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([], []),
        ([(0, "a"), (0, "b")], [["a", "b"]]),
        ([(0, "a"), (1, "b"), (2, "c"), (0, "d")], [["a", ["b", ["c"]], "d"]]),
        ([(0, "a"), (1, "b"), (1, "c"), (2, "d"), (1, "e")], [["a", ["b", "c", ["d"], "e"]]]),
        ([(2, "a"), (2, "b"), (1, "c"), (2, "d"), (0, "e")], [["a", "b", "c", ["d"], "e"]]),
    ],
)
def test_answers_lie_in_lists_below_what_they_answer(rows, found):
    html = thread(rows)
    assert shape(html) == found
    assert html.count("<ol") == html.count("</ol>") and html.count("<li>") == html.count("</li>")
