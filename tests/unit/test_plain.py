"""What JSON and forms let in, and UTF-8 has no bytes for; what readers see of HTML."""

from collective.socialterritory.plain import as_json
from collective.socialterritory.plain import cell
from collective.socialterritory.plain import linked
from collective.socialterritory.plain import paragraphs
from collective.socialterritory.plain import plain
from collective.socialterritory.plain import shown
from collective.socialterritory.plain import whole
from hypothesis import given
from hypothesis import strategies as st

import json
import pytest
import time


def test_halves_of_surrogate_pairs_become_question_marks():
    assert whole("\ud800l’été \udcff🎉") == "?l’été ?🎉"


def test_json_is_readable_and_reads_back_as_it_was():
    record = {"été": ["🎉", "\ud800", "\\\ud800", "\udcff\n", None, 1]}
    assert json.loads(as_json(record)) == record
    assert "été".encode() in as_json(record)


@pytest.mark.parametrize(
    "html, text, links",
    [
        ("", "", []),
        ("<p>Été &amp; 1 < 2 &lt;b&gt; <3</p><p>é</p>", "Été & 1 < 2 <b> <3 é", []),
        ("a<br>b<br/>c\n d", "a b c d", []),
        (
            '<a href="https://a.fr/?x=1&amp;y"><span class="invisible">https://</span><span>a.fr/?x</span></a>',
            "https://a.fr/?x",
            ["https://a.fr/?x=1&y"],
        ),
        ("<a name='x'>a</a><a href>b</a><p href='c'>d", "ab d", []),
        ("<title>Error</title><style>p {}</style><script>1 < 2</script>x<!-- no -->", "Error x", []),
        ("<![CDATA[x]]><![odd>y", "<![CDATA[x]]><![odd>y", []),
    ],
)
def test_what_is_shown(html, text, links):
    assert shown(html) == (text, links)


@pytest.mark.parametrize(
    "html, text, links",
    [
        ("", "", []),
        ("<p>Menu\u202f: <b>a</b><br>b</p><p>Travaux</p>", "Menu\u202f: a\nb\n\nTravaux", []),
        ("<p> a \n b</p>\n<div></div>\n<p></p><p>c </p>", "a b\n\nc", []),
        ("Liste<ul><li>un<li>deux</ul>fin", "Liste\n\nun\ndeux\n\nfin", []),
        ("a&nbsp;&amp; 1 < 2 &lt;b&gt;<script>no</script><!-- no -->", "a\xa0& 1 < 2 <b>", []),
        (
            '<a href="https://a.fr/b"><span class="invisible">https://</span><span class="ellipsis">a.fr</span></a>, d',
            "https://a.fr/b, d",
            ["https://a.fr/b"],
        ),
        ('<a href=" https://a.fr/ ">ici</a> &amp; là', "ici (https://a.fr/) & là", ["https://a.fr/"]),
        ('<a href="https://a.fr/tags/x">#<span>x</span></a> <a href="https://a.fr/@y">@y</a>', "#x @y", []),
        ('<a href="javascript:alert(1)">a</a> <a href="/b">b</a> <a>c</a> <a href>d</a>', "a b c d", []),
        ('<a href="https://a.fr/"><p>un</p><a href="https://b.fr/">', "un\n\n(https://a.fr/)https://b.fr/", 2),
        ("&#xD800;é", "\ufffdé", []),
        ("\ud83d", "?", []),
    ],
)
def test_paragraphs_and_links_in_full(html, text, links):
    said, found = paragraphs(html)
    assert (said, len(found) if isinstance(links, int) else found) == (text, links)


@pytest.mark.parametrize(
    "words, url, full",
    [
        ("https://a.fr/b", "https://a.fr/b", "https://a.fr/b"),
        ("a.fr/b", "https://www.A.fr/b?c", "https://www.A.fr/b?c"),
        ("a.fr/fête…", "https://a.fr/f%C3%AAte/2026", "https://a.fr/f%C3%AAte/2026"),
        ("", "https://a.fr/", "https://a.fr/"),
        ("fr", "https://a.fr/", "fr (https://a.fr/)"),
        ("https://bank.fr/", "https://evil.fr/", "https://bank.fr/ (https://evil.fr/)"),
    ],
)
def test_a_link_says_where_it_leads(words, url, full):
    assert linked(words, url) == full


def test_what_lies_far_behind_is_not_read():
    assert len(shown("x" * 60_000)[0]) == 50_000


HOSTILE = [
    "<",
    "<a ",
    "<!--",
    "<!-->",
    "<![CDATA[",
    "<![x>",
    "&",
    "<a href='",
    "<a href='>",
    "<a x",
    "<!",
    "<?",
    "</",
    "<p>",
]


@pytest.mark.parametrize("piece", [*HOSTILE, "<a href=x ", "</a '>", "<script>", "</a>x", "<textarea>", "&#", "x= "])
@pytest.mark.parametrize("read", [shown, paragraphs])
def test_hostile_html_takes_no_time(read, piece):
    begun = time.thread_time()
    read(piece * 20_000)
    read(f"<a {piece * 20_000}>")
    assert time.thread_time() - begun < 3


@given(st.lists(st.one_of(st.sampled_from([*HOSTILE, ">", "'", '"', "=", "-->", "]]>", "/>"]), st.text(max_size=5))))
def test_nothing_breaks_the_reader(pieces):
    for read in (shown, paragraphs):
        text, links = read("".join(pieces))
        assert isinstance(text, str)
        assert all(isinstance(link, str) for link in links)


def test_thousands_of_accents_are_put_in_order_at_once():
    begun = time.thread_time()
    said = plain("a" + "\u0301\u0316\u200e" * 30_000 + "b é")
    assert said == "\u00e1" + "\u0316" * 15 + "\u0301" * 14 + "b é"
    assert time.thread_time() - begun < 1


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+33 1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\u00a0=1", "\x00=1", "\u200b=1", "\uff1d1+1"],
)
def test_what_a_spreadsheet_would_compute_becomes_text(text):
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Samedi = férié", "8 h", "école @mairie", "'=1", "#fête", "«\u202fOui\u202f»"])
def test_other_cells_stay_as_they_are(text):
    assert cell(text) == text
