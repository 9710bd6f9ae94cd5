"""What JSON and forms let in, and UTF-8 has no bytes for; what readers see of HTML."""

from collective.socialterritory.plain import as_json
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


@pytest.mark.parametrize("piece", [*HOSTILE, "<a href=x ", "</a '>", "<script>", "<title>", "<textarea>", "&#", "x= "])
def test_hostile_html_takes_no_time(piece):
    begun = time.thread_time()
    shown(piece * 20_000)
    shown(f"<a {piece * 20_000}>")
    assert time.thread_time() - begun < 3


@given(st.lists(st.one_of(st.sampled_from([*HOSTILE, ">", "'", '"', "=", "-->", "]]>", "/>"]), st.text(max_size=5))))
def test_nothing_breaks_the_reader(pieces):
    text, links = shown("".join(pieces))
    assert isinstance(text, str)
    assert all(isinstance(link, str) for link in links)
