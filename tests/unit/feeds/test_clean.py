"""HTML of others in, HTML that can be shown on a town's page out."""

from collective.socialterritory.feeds.rules.clean import cleaned
from collective.socialterritory.feeds.rules.clean import LONGEST
from collective.socialterritory.networks.entries import Image
from feeds import Strict

import pytest


BASE = "https://town.example/a/"
A = '<a href="https://town.example/b" rel="nofollow noopener">'


@pytest.mark.parametrize(
    "source, html, text",
    [
        ("Bonjour", "", "Bonjour"),
        ("1 &lt; 2 &amp; 3", "", "1 < 2 & 3"),
        ("<p>un</p>\n<p>deux<br>trois</p>", "<p>un</p>\n<p>deux<br>trois</p>", "un\n\ndeux\ntrois"),
        ("<h2>Agenda</h2><div>un</div><div></div>", "<p><strong>Agenda</strong></p><p>un</p>", "Agenda\n\nun"),
        ("<ul><li>un<li>deux</ul>fin", "<ul><li>un</li><li>deux</li></ul>fin", "• un\n• deux\n\nfin"),
        ("<div><p>un</p></div>", "<p>un</p>", "un"),
        ('<p class="x" id="y" style="z" title="<b>">un</p>', "<p></p>", None),
        ('<a href="../b" onclick=x title=y>ici</a>', f"{A}ici</a>", "ici"),
        ('<a href="javascript:x">ici</a>', "", "ici"),
        ('<a name="x">ici</a> <b>là</b>', "ici <b>là</b>", "ici là"),
        ('<a href="/b"><img src="/i.png"></a>', "", ""),
        ("<iframe src=x>gone</iframe><style>gone</style><svg><g>gone</svg><video>gone</video>un", "", "un"),
        ("<svg/><b>un</b><br></br>deux", "<b>un</b><br>deux", "un\ndeux"),
        ("<!-- gone --><b>un</b><![CDATA[gone]]>", "<b>un</b>", "un"),
        ("un <b>deux", "un <b>deux</b>", "un deux"),
        ("un\u202e<b>deux&#8238;\u2066</b>\u200f", "un<b>deux</b>", "undeux"),
        ("<b>un\ud800</b>", "<b>un?</b>", "un?"),
        ('un <img src="/e.png" alt="🎉" height="16">', "", "un 🎉"),
        ('un <img src="/e.png" alt="&lt;b&gt;" width="1">', "", "un <b>"),
    ],
)
def test_cleaned(source, html, text):
    result = cleaned(source, BASE)
    if text is not None:
        assert (result.html, result.text) == (html, text)
    Strict().read(result.html)


def test_pictures_leave_the_html():
    source = (
        '<p>un <img src="i.png" alt="A &quot;b&quot; <i>" width="640px" height="auto"><img alt=x><img src=ftp://x></p>'
    )
    result = cleaned(source, BASE)
    assert result.html == "<p>un </p>"
    assert result.images == (Image("https://town.example/a/i.png", 'A "b" <i>', 640, 0),)


def test_links_that_are_no_hashtags_or_mentions():
    source = '<a href="/t">#<b>fête</b></a> <a href="/m">@ville</a> <a href="/b?x=1&amp;y=2">ici</a>'
    assert cleaned(source, BASE).links == ("https://town.example/b?x=1&y=2",)


def test_an_attribute_cannot_look_like_a_picture():
    source = '<a href="https://h.example/<img src=x>" title="<img src=y">ici</a>'
    result = cleaned(source, BASE)
    assert result.images == ()
    Strict().read(result.html)


@pytest.mark.parametrize(
    "piece", ["<div>", "<b><i>", "<b x={}><p>", "<blockquote>", "<ul><li>", "&", "<a ", "a ", "é", "<font color={}><p>"]
)
def test_what_is_endless_is_cut(piece):
    source = "".join(piece.format(n) for n in range(250_000 // len(piece)))
    result = cleaned(source, BASE)
    assert len(result.html) <= LONGEST and len(result.text) <= LONGEST
    Strict().read(result.html)
